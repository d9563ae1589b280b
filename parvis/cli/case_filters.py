"""The options that say which cases a list holds and in which order, shared by `case list` and `case export`."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from parvis.cli.options import AMOUNT, CODE, TEXT, option
from parvis.cli.values import amount, chosen, code
from parvis.states.queue import SORT_WORDS, Filter, Order, Sort
from parvis.states.stages import STAGE_WORDS, Stage
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.session import Session


def _stages(typed: str) -> list[str]:
    return [code(stage) for stage in Stage if code(stage).startswith(typed)]


def _sorts(typed: str) -> list[str]:
    return [code(sort) for sort in Sort if code(sort).startswith(typed)]


Stages = Annotated[
    list[str] | None,
    option("--stage", shown=TEXT, completed=_stages,
           said=Sentence("À ce stade ; peut se répéter.", "At this stage; may be repeated.")),
]  # fmt: skip
Calls = Annotated[
    list[str] | None,
    option("--call", shown=CODE, said=Sentence("De cet appel ; peut se répéter.", "Of this call; may be repeated.")),
]  # fmt: skip
Waves = Annotated[
    list[str] | None,
    option("--wave", shown=CODE, said=Sentence("De cette vague ; peut se répéter.", "Of this wave; may be repeated.")),
]  # fmt: skip
Neighbourhoods = Annotated[
    list[str] | None,
    option("--neighbourhood", shown=CODE,
           said=Sentence("Pour ce quartier (code QPV) ; peut se répéter.",
                         "For this neighbourhood (QPV code); may be repeated.")),
]  # fmt: skip
Challenges = Annotated[
    list[str] | None,
    option("--challenge", shown=CODE,
           said=Sentence("Sur ce défi ; peut se répéter.", "On this challenge; may be repeated.")),
]  # fmt: skip
Funders = Annotated[
    list[str] | None,
    option("--funder", shown=CODE,
           said=Sentence("Où ce financeur est sollicité ; peut se répéter.",
                         "Where this funder is asked; may be repeated.")),
]  # fmt: skip
Awaiting = Annotated[
    bool,
    option("--awaiting", said=Sentence("Où un avis est attendu (de --funder, ou de quiconque).",
                                       "Where an opinion is awaited (of --funder, or of anybody).")),
]  # fmt: skip
Instructor = Annotated[
    str | None,
    option("--instructor", shown=TEXT,
           said=Sentence("Chez cet instructeur : adresse, ou début du nom.",
                         "With this instructor: address, or beginning of the name.")),
]  # fmt: skip
Unassigned = Annotated[
    bool, option("--unassigned", said=Sentence("Confiés à personne.", "Entrusted to nobody."))
]
Late = Annotated[
    bool,
    option("--late", said=Sentence("En retard sur un délai de leur stade.", "Late on a delay of their stage.")),
]  # fmt: skip
Least = Annotated[
    str | None,
    option("--least", shown=AMOUNT, said=Sentence("Demandant au moins autant.", "Asking for at least as much.")),
]  # fmt: skip
Most = Annotated[
    str | None,
    option("--most", shown=AMOUNT, said=Sentence("Demandant au plus autant.", "Asking for at most as much.")),
]  # fmt: skip
Search = Annotated[
    str,
    option("--search", shown=TEXT,
           said=Sentence("Contient tous ces mots : titre, porteur, SIRET, numéro.",
                         "Has all these words: title, applicant, SIRET, number.")),
]  # fmt: skip
SortBy = Annotated[
    str | None,
    option("--sort", shown=TEXT, completed=_sorts,
           said=Sentence("Trié par : deadline, amount, deposited, reference, score, stage, opinion.",
                         "Sorted by: deadline, amount, deposited, reference, score, stage, opinion.")),
]  # fmt: skip
Descending = Annotated[
    bool, option("--descending", said=Sentence("Du plus grand au plus petit.", "The greatest first."))
]


@dataclass(frozen=True, slots=True)
class Typed:
    """The filter as typed; lists are of repeated options."""

    stage: list[str] | None = None
    call: list[str] | None = None
    wave: list[str] | None = None
    neighbourhood: list[str] | None = None
    challenge: list[str] | None = None
    funder: list[str] | None = None
    awaiting: bool = False
    instructor: str | None = None
    unassigned: bool = False
    late: bool = False
    least: str | None = None
    most: str | None = None
    search: str = ""
    sort: str | None = None
    descending: bool = False
    newest: Order = field(default=Order(Sort.DEPOSITED, descending=True))

    def filter(self, session: "Session") -> Filter:
        """Which cases.

        Raises:
            WrongUseError: something cannot be read.
        """
        from parvis.services.queue import people_called

        return Filter(
            stages=tuple(chosen("--stage", each, Stage, STAGE_WORDS) for each in self.stage or ()),
            calls=tuple(self.call or ()), waves=tuple(self.wave or ()),
            neighbourhoods=tuple(self.neighbourhood or ()), challenges=tuple(self.challenge or ()),
            funders=tuple(self.funder or ()), opinion_awaited=self.awaiting,
            instructors=people_called(session, self.instructor) if self.instructor else (),
            unassigned=self.unassigned, late=self.late, text=self.search,
            least_cents=amount("--least", self.least, zero_allowed=True) if self.least else None,
            most_cents=amount("--most", self.most, zero_allowed=True) if self.most else None,
        )  # fmt: skip

    def order(self) -> Order:
        """In which order: the newest deposits first when nothing is said.

        Raises:
            WrongUseError: there is no such order.
        """
        if self.sort is None:
            return self.newest
        return Order(chosen("--sort", self.sort, Sort, SORT_WORDS), self.descending)
