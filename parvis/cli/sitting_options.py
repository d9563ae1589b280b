"""How a sitting, a member and a case of it are said on the command line."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from parvis.cli.options import EMAIL, REFERENCE, TEXT, argument, option
from parvis.cli.values import day
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.queries.committees import Sitting
    from parvis.models.session import Session

SITTING = Sentence("CODE[/DATE]", "CODE[/DATE]")

SittingOf = Annotated[
    str,
    argument(
        shown=SITTING,
        said=Sentence(
            "La séance : pilotage/2027-05-27 ; sans date, la prochaine de ce comité.",
            "The session: pilotage/2027-05-27; without a date, the next one of this committee.",
        ),
    ),
]
Target = Annotated[
    str,
    argument(shown=SITTING, said=Sentence("La séance où le dossier va.", "The session the case goes to.")),
]
Member = Annotated[
    str,
    argument(shown=EMAIL, said=Sentence("L’adresse du membre.", "The address of the member.")),
]
CaseOf = Annotated[str, argument(shown=REFERENCE, said=Sentence("Le dossier.", "The case."))]
Why = Annotated[
    str,
    option(
        "--reason",
        shown=TEXT,
        said=Sentence("Le motif, gardé au journal.", "The reason, kept in the journal."),
    ),
]
Over = Annotated[
    bool,
    option(
        "--over-capacity",
        said=Sentence("Même si la séance est complète.", "Even when the session is full."),
    ),
]


def sitting_of(session: "Session", typed: str, at: datetime) -> "Sitting":
    """The sitting of `CODE` or `CODE/DATE`.

    Raises:
        WrongUseError: the date cannot be read.
        UnknownNameError: there is no such committee, or no such sitting.
    """
    from parvis.services.committees import sitting_named

    code, slash, on = typed.partition("/")
    return sitting_named(session, code.strip(), day("DATE", on) if slash else None, at=at)
