"""What a list of cases can be asked: which cases, in which order, seen by whom; pure values."""

from dataclasses import dataclass
from enum import StrEnum

from parvis.states.stages import Role
from parvis.states.words import Sentence

PAGE = 50
MOST_COUNTED = 1_000


class Sort(StrEnum):
    """What a list is sorted by."""

    DEADLINE = "deadline"
    AMOUNT = "amount"
    DEPOSITED = "deposited"
    REFERENCE = "reference"
    SCORE = "score"
    STAGE = "stage"
    OPINION = "opinion"


SORT_WORDS: dict[str, Sentence] = {
    Sort.DEADLINE: Sentence("échéance", "deadline"),
    Sort.AMOUNT: Sentence("montant", "amount"),
    Sort.DEPOSITED: Sentence("dépôt", "deposit"),
    Sort.REFERENCE: Sentence("référence", "reference"),
    Sort.SCORE: Sentence("note", "score"),
    Sort.STAGE: Sentence("étape", "stage"),
    Sort.OPINION: Sentence("date d’avis", "opinion date"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which cases a list holds; nothing said means all. Codes as in the contract, people by id, amounts in cents.

    Several values of one kind mean any of them; several kinds mean all of them. `text` finds every word of it,
    whatever its case and accents, in the reference, the applicant's number, the title, the organisation and its SIRET.
    """

    stages: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    opinion_awaited: bool = False
    """From one of `funders`, or from anybody."""
    instructors: tuple[int, ...] = ()
    mine: bool = False
    """Entrusted to whoever looks."""
    unassigned: bool = False
    late: bool = False
    not_carried_out: bool = False
    least_cents: int | None = None
    most_cents: int | None = None
    text: str = ""
    needs_me: bool = False
    """What waits for whoever looks, by their role."""


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list. A case without the date or the score it is sorted by comes last, or first if descending."""

    sort: Sort = Sort.DEADLINE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: their role says which cases there are for them, their person which are hidden from them.

    Staff see all. A funder's person sees what its funder is asked for, a member what is on the agendas of the
    sittings they belong to; nobody sees a case they are recused from.
    """

    role: str = Role.ADMINISTRATOR
    person_id: int | None = None
    funder_id: int | None = None
    contract_id: int | None = None


class News(StrEnum):
    """What is new in a case since a person last opened it."""

    DEPOSIT = "deposit"
    DOCUMENTS = "documents"
    OPINION = "opinion"
    REPORT = "report"


NEWS_WORDS: dict[str, Sentence] = {
    News.DEPOSIT: Sentence("nouveau dépôt", "new deposit"),
    News.DOCUMENTS: Sentence("pièces reçues", "documents received"),
    News.OPINION: Sentence("avis reçu", "opinion received"),
    News.REPORT: Sentence("bilan reçu", "report received"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: the case there and what it was sorted by, so that the list goes on after it."""

    case_id: int
    rank: int
    key: str

    def __str__(self) -> str:
        return f"{self.case_id}.{self.rank}.{self.key}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place an address says; None when it says none."""
        case_id, _, rest = text.partition(".")
        rank, dot, key = rest.partition(".")
        if not (dot and _is_small(case_id) and _is_small(rank)) or "\0" in key:
            return None
        return cls(int(case_id), int(rank), key)


def _is_small(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= 18
