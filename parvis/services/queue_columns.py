"""The columns a list of cases can show, on a page and in an export: their names, and what a case says in each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from parvis.services.queue import CaseRow
from parvis.services.spreadsheets.cells import Value
from parvis.states.calendar import paris_day
from parvis.states.stages import NATURE_WORDS, NO_SITTING, STAGE_WORDS, Stage
from parvis.states.words import Cents, Sentence


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code in an address, its name, what a case says there, whether a list shows it unless told."""

    code: str
    name: Sentence
    value: Callable[[CaseRow], Value]
    usual: bool = False


def committee(row: CaseRow) -> Value:
    """The committee of a case; what it waits for when it was recommended and nothing is planned to decide it."""
    return NO_SITTING if row.committee is None and row.stage == Stage.COMMITTEE else row.committee


COLUMNS = (
    Column("reference", Sentence("Référence", "Reference"), lambda row: row.reference, usual=True),
    Column("titre", Sentence("Action", "Action"), lambda row: row.title, usual=True),
    Column("porteur", Sentence("Porteur", "Applicant"), lambda row: row.organisation, usual=True),
    Column("siret", Sentence("SIRET", "SIRET"), lambda row: row.siret),
    Column("etape", Sentence("Étape", "Stage"), lambda row: STAGE_WORDS[row.stage], usual=True),
    Column("appel", Sentence("Appel", "Call"), lambda row: row.call),
    Column("vague", Sentence("Vague", "Wave"), lambda row: row.wave),
    Column("nature", Sentence("Nature", "Nature"), lambda row: NATURE_WORDS[row.nature]),
    Column("quartiers", Sentence("Quartiers", "Neighbourhoods"), lambda row: " · ".join(row.neighbourhoods),
           usual=True),
    Column("defis", Sentence("Défis", "Challenges"), lambda row: " · ".join(row.challenges)),
    Column("depot", Sentence("Déposé le", "Deposited on"), lambda row: row.deposited_on),
    Column("depuis", Sentence("À cette étape depuis le", "At this stage since"), lambda row: paris_day(row.entered_at)),
    Column("echeance", Sentence("Échéance", "Deadline"), lambda row: row.due_on, usual=True),
    Column("retard", Sentence("En retard depuis le", "Late since"), lambda row: row.late_since),
    Column("demande", Sentence("Demandé", "Requested"), lambda row: Cents(row.requested_cents), usual=True),
    Column("cout", Sentence("Coût total", "Total cost"), lambda row: Cents(row.total_cost_cents)),
    Column("accorde", Sentence("Accordé", "Granted"),
           lambda row: None if row.granted_cents is None else Cents(row.granted_cents)),
    Column("note", Sentence("Note", "Score"), lambda row: row.score),
    Column("avis", Sentence("Avis reçus", "Opinions received"), lambda row: row.opinions),
    Column("avis_demandes", Sentence("Avis demandés", "Opinions asked"), lambda row: row.opinions_asked),
    Column("pieces", Sentence("Pièces reçues", "Documents received"), lambda row: row.documents),
    Column("pieces_requises", Sentence("Pièces requises", "Documents required"), lambda row: row.documents_required),
    Column("comite", Sentence("Comité", "Committee"), committee),
    Column("seance", Sentence("Séance du", "Session on"), lambda row: row.held_on),
    Column("instructeur", Sentence("Instructeur", "Instructor"), lambda row: row.instructor, usual=True),
)  # fmt: skip
ON_PAGE = (
    "reference",
    "porteur",
    "quartiers",
    "etape",
    "demande",
    "echeance",
    "pieces",
    "avis",
    "instructeur",
)
"""What the page of a list shows unless told: its cells hold two columns where these are read together."""
USUAL = tuple(column for column in COLUMNS if column.usual)
_BY_CODE = {column.code: column for column in COLUMNS}


def chosen_columns(codes: Iterable[str], *, otherwise: tuple[Column, ...] = USUAL) -> tuple[Column, ...]:
    """The columns of these codes, in their order, each once; `otherwise` when none of them is known."""
    return tuple(_BY_CODE[code] for code in dict.fromkeys(codes) if code in _BY_CODE) or otherwise


def columns_on_page(codes: Iterable[str]) -> tuple[Column, ...]:
    """The columns of a page: the reference first, since it leads to the case, then those chosen or the usual ones."""
    usual = tuple(_BY_CODE[code] for code in ON_PAGE)
    chosen = chosen_columns(codes, otherwise=usual)
    return (COLUMNS[0], *(column for column in chosen if column is not COLUMNS[0]))


def placed(ticked: Iterable[str], places: Mapping[str, int], before: Sequence[str]) -> tuple[str, ...]:
    """The codes ticked, in the order of the places typed; `before` is the order they were offered in.

    One that is given the place of another goes before it when it comes from further on, after it otherwise.
    """

    def rank(code: str) -> tuple[int, int]:
        was = before.index(code) + 1
        place = places.get(code, was)
        return place, (place > was) - (place < was)

    return tuple(sorted((code for code in dict.fromkeys(ticked) if code in before), key=rank))


def offered_columns(shown: Sequence[Column]) -> tuple[Column, ...]:
    """All columns, those shown first, in their order."""
    return (*shown, *(column for column in COLUMNS if column not in shown))
