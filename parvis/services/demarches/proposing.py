"""A mapping proposed from the fields of a form: what each is likely to be, for somebody to read before it is kept."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parvis.services.demarches.shapes import Descriptor, Form
from parvis.services.imports.context import plain
from parvis.states.contract import Contract
from parvis.states.contract.demarche import FormField as F
from parvis.states.contract.instruction import RequiredDocument
from parvis.states.likeness import Likeness

_AMOUNTS = ("DecimalNumber", "IntegerNumber", "Text")
_WORDS: tuple[tuple[F, str, tuple[str, ...]], ...] = (
    (F.TITLE, r"intitule|titre|nom_(du|de_l_?)_?(projet|action)", ("Text",)),
    (F.SUMMARY, r"(description|resume|presentation|objet)", ("Textarea", "Text", "Formatted")),
    (F.TOTAL_COST, r"cout_total|budget_total|montant_total", _AMOUNTS),
    (
        F.REQUESTED,
        r"montant.*(demande|sollicit|subvention)|(demande|sollicit).*montant|subvention_demandee",
        _AMOUNTS,
    ),
    (F.STARTS_ON, r"date.*(debut|commencement|demarrage)|(debut|commencement)", ("Date",)),
    (F.ENDS_ON, r"date.*(fin|achevement)|(fin|achevement)", ("Date",)),
    (F.NATURE, r"renouvellement|premiere_demande|nature_de_la_demande", ("DropDownList", "YesNo", "Text")),
    (F.RNA, r"\brna\b|numero_rna", ("Rna", "RNA", "Text")),
    (F.EMAIL, r"courriel|e_?mail|adresse_electronique", ("Email", "Text")),
    (F.PHONE, r"telephone", ("Phone", "Text")),
    (F.CONTACT, r"nom.*(contact|responsable|referent|personne)|personne.*(charge|contact)", ("Text",)),
    (F.QPV_SHARE, r"(part|pourcentage|taux).*(qpv|quartier)", _AMOUNTS),
    (F.BENEFICIARIES, r"beneficiaires|nombre_de_(personnes|participants|publics)", _AMOUNTS),
    (F.NEIGHBOURHOODS, r"\bqpv\b|quartier", ("MultipleDropDownList", "DropDownList", "Text", "Textarea")),
    (F.CHALLENGES, r"\bdefis?\b|thematique|axe", ("MultipleDropDownList", "DropDownList", "Text")),
)
_SILENT = ("HeaderSection", "Explication")
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Proposal:
    """The mapping as YAML to put under a call, and the labels of fields nothing was found for."""

    yaml: str
    unused: tuple[str, ...]


def propose(form: Form, contract: Contract, documents: Sequence[RequiredDocument]) -> Proposal:
    """What a form is likely to mean; every line says the label of its field, so that it can be checked."""
    fields = [each for each in form.fields if _kind(each) not in _SILENT]
    asked = dict(_by_funder(fields, contract))
    free = [each for each in fields if each.id not in {one.id for one in asked.values()}]
    named = dict(_named(free))
    files = dict(_documents(free, documents))
    used = {each.id for each in (*asked.values(), *named.values(), *files.values())}
    lines = [f"# {form.title}", "demarche:", f"  number: {form.number}", "  fields:"]
    lines += [_line(field.value, named[field]) for field in F if field in named] or ["    {}"]
    if F.TITLE not in named:
        lines.append("    # title: à compléter")
    if F.REQUESTED not in named and not asked:
        lines.append("    # requested: à compléter")
    for head, found in (("requested_from", asked), ("documents", files)):
        if found:
            lines += [f"  {head}:", *(_line(code, each) for code, each in found.items())]
    if F.NATURE in named and named[F.NATURE].options:
        lines.append("  natures:  # new ou renewal")
        lines += [f"    {_quoted(option)}: {_nature(option)}" for option in named[F.NATURE].options or ()]
    lines.append("  write_back: false")
    lines += [f"  # instructor: {_quoted(each.id)}  # {each.email}" for each in form.officers[:5]]
    unused = [each for each in fields if each.id not in used]
    lines += (
        ["  # champs sans emploi :", *(f"  #   {_quoted(e.id)}  # {_flat(e.label)}" for e in unused)]
        if unused
        else []
    )
    return Proposal("\n".join(lines) + "\n", tuple(each.label for each in unused))


def _named(fields: Sequence[Descriptor]) -> Iterator[tuple[F, Descriptor]]:
    taken: set[str] = set()
    for field, words, kinds in _WORDS:
        for each in fields:
            if each.id not in taken and _kind(each) in kinds and re.search(words, plain(each.label)):
                taken.add(each.id)
                yield field, each
                break


def _by_funder(fields: Sequence[Descriptor], contract: Contract) -> Iterator[tuple[str, Descriptor]]:
    """Fields that ask an amount and name a funder."""
    for funder in contract.funders:
        names = {plain(name) for name in (funder.code, funder.name, *funder.aliases)}
        for each in fields:
            label = plain(each.label)
            asks = re.search(r"montant|subvention|demande|sollicit", label)
            if (
                _kind(each) in _AMOUNTS[:2]
                and asks
                and any(re.search(rf"(^|_){n}(_|$)", label) for n in names)
            ):
                yield funder.code, each
                break


def _documents(
    fields: Sequence[Descriptor], documents: Sequence[RequiredDocument]
) -> Iterator[tuple[str, Descriptor]]:
    files = [each for each in fields if _kind(each) == "PieceJustificative"]
    for document in documents:
        wanted = Likeness(plain(document.label.fr))
        best = max(files, key=lambda each: wanted.to(plain(each.label)), default=None)
        words = plain(document.code)
        if best is not None and (
            wanted.to(plain(best.label)) >= _ALIKE or words in plain(best.label).split("_")
        ):
            files.remove(best)
            yield document.code, best


def _kind(field: Descriptor) -> str:
    return field.kind.removesuffix("ChampDescriptor")


def _line(name: str, field: Descriptor) -> str:
    return f"    {name}: {_quoted(field.id)}  # {_flat(field.label)}"


def _nature(option: str) -> str:
    return "renewal" if re.search("renouvel|reconduc", plain(option)) else "new"


def _quoted(text: str) -> str:
    escaped = _flat(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _flat(text: str) -> str:
    """A text on one line, so that it can stand in a comment."""
    return " ".join(text.split())[:200]
