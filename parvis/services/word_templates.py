"""The Word templates of a contract: checked when they come in, kept version after version, tried on a real case."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from parvis.documents.docx_sandbox import Problem
from parvis.documents.letter_fields import TemplateKind
from parvis.documents.word_letters import LARGEST_TEMPLATE, check_template, default_template
from parvis.models.queries import docx_templates as queries
from parvis.models.queries.calls import call_ids
from parvis.models.queries.contracts import read_contract
from parvis.models.queries.docx_templates import KeptTemplate, NewTemplate, last_templates
from parvis.models.session import Session
from parvis.services import file_problems
from parvis.services.file_contents import sniff
from parvis.services.file_names import clean_name, promised_type
from parvis.services.file_problems import FileRefusedError
from parvis.services.intake import NoContractError, UnknownCallError
from parvis.states.facts import By
from parvis.states.fields import shortened
from parvis.states.files import MediaType
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence

__all__ = [
    "KeptTemplate",
    "WordProblem",
    "WordTemplateProblemsError",
    "check",
    "keep",
    "last_templates",
    "template",
]

KEEP = "keep_template"
_MAY_KEEP = (Role.ADMINISTRATOR, Role.MANAGER, Role.SECRETARY)

ROLE = Sentence(
    "Seuls le secrétaire, le responsable et l’administrateur changent les modèles : le leur envoyer.",
    "Only the secretary, the manager and the administrator change templates: send it to them.",
)
SAID = {
    "unknown_field": Sentence(
        "« {what} » n’est pas un champ connu : « parvis template fields » en donne la liste.",
        "“{what}” is no known field: “parvis template fields” lists them.",
    ),
    "near": Sentence(
        "« {what} » n’est pas un champ connu. Vouliez-vous dire « {near} » ?",
        "“{what}” is no known field. Did you mean “{near}”?",
    ),
    "syntax": Sentence(
        "Une balise est mal écrite ({what}) : vérifier ses accolades, et que chaque « if » et chaque « for » a sa fin.",
        "A tag is not written well ({what}): check its braces, and that each “if” and each “for” has its end.",
    ),
    "not_allowed": Sentence(
        "« {what} » n’est pas permis dans un modèle : n’y écrire que des champs, « if » et « for ».",
        "“{what}” is not allowed in a template: write fields, “if” and “for” only.",
    ),
    "loop": Sentence(
        "La boucle sur « {what} » est trop profonde ou mal écrite : écrire « for f in {what} », deux l’une dans "
        "l’autre au plus.",
        "The loop over “{what}” is too deep or not written well: write “for f in {what}”, two within one another at "
        "most.",
    ),
    "no_field": Sentence(
        "Ce document n’a aucun champ : y écrire au moins association.nom entre deux paires d’accolades, par exemple.",
        "This document has no field: write at least one, for example association.nom between two pairs of braces.",
    ),
    "unreadable": Sentence(
        "Ce document ne se lit pas comme un modèle : l’enregistrer de nouveau dans Word, au format .docx.",
        "This document cannot be read as a template: save it again in Word, as .docx.",
    ),
}
NOT_WORD = Sentence(
    "« {name} » n’est pas un document Word : l’enregistrer au format .docx.",
    "“{name}” is not a Word document: save it as .docx.",
)
HEAVY = Sentence(
    "« {name} » pèse plus de 2 Mo : réduire ses images.", "“{name}” is over 2 MB: make its pictures smaller."
)


@dataclass(frozen=True, slots=True)
class WordProblem:
    """One thing to mend in a template; `paragraph` is how the paragraph it stands in begins."""

    code: str
    paragraph: str
    sentence: Sentence


class WordTemplateProblemsError(Exception):
    """A template cannot be used: every problem, with its paragraph."""

    def __init__(self, name: str, problems: list[WordProblem]) -> None:
        super().__init__(f"{name}: {len(problems)}")
        self.name = name
        self.problems = problems


def check(name: str, content: bytes) -> list[WordProblem]:
    """What keeps a Word file from being a template; none when it can be used.

    Raises:
        FileRefusedError: it is no Word file, is too heavy, has macros or fetches a template elsewhere.
    """
    named = clean_name(name)
    shown = shortened(named, 80)
    if not content:
        raise FileRefusedError("file_empty", file_problems.EMPTY.fill(name=shown))
    if len(content) > LARGEST_TEMPLATE:
        raise FileRefusedError("file_too_large", HEAVY.fill(name=shown))
    if promised_type(named) != MediaType.DOCX or sniff(shown, content) != MediaType.DOCX:
        raise FileRefusedError("file_type", NOT_WORD.fill(name=shown))
    return [_said(problem) for problem in check_template(content)]


def keep(
    session: Session, contract_id: int, kind: TemplateKind, name: str, content: bytes, *,
    by: By, at: datetime, call_id: int | None = None,
) -> int:  # fmt: skip
    """Keep a template as the next version of its kind, for one call or for all; its number.

    Raises:
        FileRefusedError: as `check`.
        WordTemplateProblemsError: it has fields nobody knows, or is not written well.
        MoveRefusedError: this role changes no template.
    """
    if by.role not in _MAY_KEEP:
        raise MoveRefusedError(KEEP, (Reason("role", ROLE),))
    problems = check(name, content)
    if problems:
        raise WordTemplateProblemsError(name, problems)
    digest = hashlib.sha256(content).digest()
    new = NewTemplate(contract_id, call_id, kind, clean_name(name), digest, content)
    return queries.keep_template(session, new, by=by.actor, at=at)


def template(session: Session, contract_id: int, call_id: int | None, kind: TemplateKind) -> bytes:
    """The template a case of this call uses: the call's own, else the contract's, else the one of Parvis."""
    found = queries.template_for(session, contract_id, call_id, kind)
    return found[1] if found else default_template(kind)


def _said(problem: Problem) -> WordProblem:
    code = problem["code"]
    sentence = SAID["near" if code == "unknown_field" and problem["near"] else code]
    what, near = shortened(problem["what"], 80), problem["near"]
    return WordProblem(code, problem["paragraph"], sentence.fill(what=what, near=near))


def place(session: Session, call: str | None) -> tuple[int, int | None]:
    """The contract, and the call of this code when one is said.

    Raises:
        NoContractError: the database holds no contract.
        UnknownCallError: the contract has no such call.
    """
    contract = read_contract(session)
    if contract is None:
        raise NoContractError(None)
    ids = call_ids(session, contract[0])
    if call is None:
        return contract[0], None
    if call.lower() not in ids:
        raise UnknownCallError(call, tuple(ids))
    return contract[0], ids[call.lower()]
