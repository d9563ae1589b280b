"""The answers of a draft: which fields each step has, what they say, and what is to be corrected, field by field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from parvis.services.draft_partners import (
    ADDRESS,
    MOST_PARTNERS,
    NAME,
    OF_FUNDER,
    PARTNER,
    SHARE,
    read_partners,
)
from parvis.services.imports.deposit import BudgetLine, Contact, FunderAsk, PartnerShare, Side
from parvis.states import cerfa, fields
from parvis.states.fields import FieldError, Raw
from parvis.states.words import Cents, Sentence

Value = TypeVar("Value")
Answers = Mapping[str, Mapping[str, Sequence[str]]]
"""By step, by field, every value as it was typed."""

MOST_VALUES = 60
LONGEST_VALUE = 25_000
FUNDER = "financeur_"
STEPS: dict[str, Sentence] = {
    "action": Sentence("L’action", "The action"),
    "budget": Sentence("Le budget", "The budget"),
    "partenaires": Sentence("Les partenaires", "Partners"),
    "contact": Sentence("Le contact", "The contact"),
}
"""The steps in which something is typed, in their order."""

LABELS: dict[str, Sentence] = {
    "titre": Sentence("Titre de l’action", "Title of the action"),
    "resume": Sentence("Description", "Description"),
    "qpv": Sentence("Quartiers", "Neighbourhoods"),
    "defis": Sentence("Défis", "Challenges"),
    "debut": Sentence("Début", "Start"),
    "fin": Sentence("Fin", "End"),
    "beneficiaires": Sentence("Nombre de personnes", "Number of people"),
    "part_qpv": Sentence("Part des habitants des quartiers", "Share of people of the neighbourhoods"),
    "budget": Sentence("Budget", "Budget"),
    "financeurs": Sentence("Financeurs", "Funders"),
    "partenaires": Sentence("Partenaires", "Partners"),
    "nom": Sentence("Nom du contact", "Name of the contact"),
    "courriel": Sentence("Adresse électronique", "E-mail address"),
    "telephone": Sentence("Téléphone", "Telephone"),
    "rna": Sentence("Numéro RNA", "RNA number"),
    **{account.field: account.label for account in cerfa.ACCOUNTS},
}

NOT_OFFERED = Sentence("choix inconnu : choisir dans la liste", "unknown choice: choose from the list")
ONE_NEIGHBOURHOOD = Sentence("choisir au moins un quartier", "choose at least one neighbourhood")
DATE_ORDER = Sentence("la fin vient avant le début : corriger l’une des deux dates",
                      "the end comes before the start: correct one of the dates")  # fmt: skip
NO_COST = Sentence("écrire au moins une charge", "write at least one cost")
NO_FUNDER = Sentence(
    "écrire ce qui est demandé à au moins un financeur", "write what one funder at least is asked for"
)
IN_KIND_GAP = Sentence(
    "les contributions en nature doivent être égales : {charges} aux comptes 86, {produits} aux comptes 87",
    "contributions in kind must be equal: {charges} on accounts 86, {produits} on accounts 87",
)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a draft chooses among: codes with their names; whether it may have partners."""

    siret: str
    neighbourhoods: tuple[tuple[str, str], ...]
    challenges: tuple[tuple[str, str], ...]
    funders: tuple[tuple[str, str], ...]
    partners: bool
    neighbourhood_required: bool = True

    def fields_of(self, step: str) -> tuple[str, ...]:
        """The names of the fields of a step."""
        match step:
            case "action":
                return ("titre", "resume", "qpv", "defis", "debut", "fin", "beneficiaires", "part_qpv")
            case "budget":
                accounts = tuple(account.field for account in cerfa.ACCOUNTS)
                return (*accounts, *(FUNDER + code for code, _ in self.funders))
            case "partenaires" if self.partners:
                rows = range(1, MOST_PARTNERS + 1)
                by_funder = tuple(f"{OF_FUNDER}{code}_" for code, _ in self.funders)
                return tuple(
                    f"{name}{row}" for row in rows for name in (PARTNER, NAME, SHARE, ADDRESS, *by_funder)
                )
            case "contact":
                return ("nom", "courriel", "telephone", "rna")
            case _:
                return ()

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps this draft has."""
        return tuple(step for step in STEPS if step != "partenaires" or self.partners)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a field cannot be used; `missing` when nothing is typed in it yet."""

    step: str
    sentence: Sentence
    missing: bool = False


def unusable(faults: Mapping[str, Fault], step: str) -> dict[str, Sentence]:
    """What was typed in a step and cannot be used, by field; what is not typed yet is no fault."""
    return {
        name: fault.sentence for name, fault in faults.items() if fault.step == step and not fault.missing
    }


@dataclass(slots=True)
class Read:
    """What the answers say; `faults` by field. What cannot be used is None."""

    faults: dict[str, Fault] = field(default_factory=dict)
    title: str | None = None
    summary: str | None = None
    qpvs: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    beneficiaries: int | None = None
    qpv_share_percent: int | None = None
    budget: tuple[BudgetLine, ...] = ()
    funders: tuple[FunderAsk, ...] = ()
    partners: tuple[PartnerShare, ...] = ()
    partner_names: dict[str, str] = field(default_factory=dict)
    contact: Contact | None = None
    rna: str | None = None

    @property
    def requested_cents(self) -> int:
        """What the funders are asked for in all."""
        return sum(ask.requested_cents for ask in self.funders)

    @property
    def cost_cents(self) -> int:
        """What the action costs in money."""
        return sum(
            line.amount_cents
            for line in self.budget
            if line.side == Side.CHARGE and not line.account.startswith(cerfa.IN_KIND)
        )

    def total(self, side: str) -> int:
        """The sum of one side of the budget, in cents."""
        return sum(line.amount_cents for line in self.budget if line.side == side)


def kept(values: Mapping[str, Sequence[str]], offered: Offered, step: str) -> dict[str, list[str]]:
    """What of a form is kept: the fields of the step, word for word."""
    return kept_fields(values, offered.fields_of(step))


def kept_fields(values: Mapping[str, Sequence[str]], names: Iterable[str]) -> dict[str, list[str]]:
    """Those of these fields in which something is typed, word for word, within what one field may hold."""
    return {
        name: [value.replace("\r\n", "\n")[:LONGEST_VALUE] for value in values[name][:MOST_VALUES]]
        for name in names
        if any(values.get(name, ()))
    }


def read_answers(answers: Answers, offered: Offered) -> Read:
    """What the answers say, and everything there is to correct."""
    read = Read()
    _action(Step(answers, "action", read.faults), offered, read)
    _budget(Step(answers, "budget", read.faults), offered, read)
    if offered.partners:
        read_partners(Step(answers, "partenaires", read.faults), offered, read)
    _contact(Step(answers, "contact", read.faults), read)
    return read


class Step:
    """Takes the values of one step; what is refused is noted by field."""

    def __init__(self, answers: Answers, name: str, faults: dict[str, Fault]) -> None:
        self.values = answers.get(name, {})
        self.name = name
        self.faults = faults

    def one(self, name: str) -> str:
        """What is typed in a field."""
        return (self.values.get(name) or ("",))[-1].strip()

    def take(self, name: str, parse: Callable[[Raw], Value]) -> Value | None:
        """The value of an optional field."""
        return self.require(name, parse) if self.one(name) else None

    def require(self, name: str, parse: Callable[[Raw], Value]) -> Value | None:
        """The value of a field that has to be filled in."""
        try:
            return parse(self.one(name))
        except FieldError as error:
            self.note(name, error.sentence, missing=not self.one(name))
            return None

    def among(self, name: str, offered: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """The codes ticked of a list."""
        known = {code for code, _ in offered}
        ticked = tuple(dict.fromkeys(filter(None, self.values.get(name, ()))))
        if not set(ticked) <= known:
            self.note(name, NOT_OFFERED)
        return tuple(code for code in ticked if code in known)

    def note(self, name: str, sentence: Sentence, *, missing: bool = False) -> None:
        """Say what is wrong with a field; the first thing said stays."""
        self.faults.setdefault(name, Fault(self.name, sentence, missing))


def _action(step: Step, offered: Offered, read: Read) -> None:
    read.title = step.require("titre", short)
    read.summary = step.require("resume", lambda value: fields.text(value, max_length=20_000, lines=True))
    read.qpvs = step.among("qpv", offered.neighbourhoods)
    if offered.neighbourhood_required and not read.qpvs:
        step.note("qpv", ONE_NEIGHBOURHOOD, missing=True)
    read.challenges = step.among("defis", offered.challenges)
    read.starts_on = step.require("debut", fields.calendar_day)
    read.ends_on = step.require("fin", fields.calendar_day)
    if read.starts_on and read.ends_on and read.ends_on < read.starts_on:
        step.note("fin", DATE_ORDER)
    read.beneficiaries = step.require("beneficiaires", lambda value: fields.integer(value, minimum=1))
    read.qpv_share_percent = step.require("part_qpv", _share)


def _budget(step: Step, offered: Offered, read: Read) -> None:
    lines = []
    for account in cerfa.ACCOUNTS:
        cents = step.take(account.field, amount_or_nothing)
        if cents:
            side = Side(account.side)
            lines.append(
                BudgetLine(side=side, account=account.code, label=account.label.fr, amount_cents=cents)
            )
    asks = []
    for code, name in offered.funders:
        cents = step.take(FUNDER + code, amount_or_nothing)
        if cents:
            asks.append(FunderAsk(name=name, code=code, requested_cents=cents))
            lines.append(BudgetLine(side=Side.PRODUIT, account=cerfa.SUBSIDY, label=name, amount_cents=cents))
    read.budget, read.funders = tuple(lines), tuple(asks)
    if step.faults.keys() & set(offered.fields_of("budget")):
        return  # sums of what cannot be read would only confuse
    if not asks:
        step.note("financeurs", NO_FUNDER, missing=True)
    if not read.total(cerfa.CHARGE):
        step.note("budget", NO_COST, missing=True)
        return
    _sums(step, read)


def _sums(step: Step, read: Read) -> None:
    kind = [line for line in read.budget if line.account.startswith(cerfa.IN_KIND)]
    given = sum(line.amount_cents for line in kind if line.side == Side.CHARGE)
    used = sum(line.amount_cents for line in kind if line.side == Side.PRODUIT)
    try:
        fields.check_balanced([read.total(cerfa.CHARGE)], [read.total(cerfa.PRODUIT)])
        if read.funders:
            fields.check_within_total(requested_cents=read.requested_cents, total_cents=read.cost_cents)
    except FieldError as error:
        step.note("budget", error.sentence)
    if given != used:
        step.note("budget", IN_KIND_GAP.fill(charges=Cents(given), produits=Cents(used)))


def _contact(step: Step, read: Read) -> None:
    name, email = step.require("nom", short), step.require("courriel", fields.email)
    phone = step.take("telephone", lambda value: fields.text(value, max_length=40))
    read.rna = step.take("rna", fields.rna)
    if name and email:
        read.contact = Contact(name=name, email=email, phone=phone)


def short(value: Raw) -> str:
    """One line of text, as titles and names are."""
    return fields.text(value, max_length=300)


def amount_or_nothing(value: Raw) -> int:
    """Cents, none included."""
    return fields.amount(value, zero_allowed=True)


def _share(value: Raw) -> int:
    """A share as a form asks for it: `60` or `60 %`."""
    typed = str(value).strip()
    return fields.percentage(f"{typed} %" if typed.isdigit() else value)
