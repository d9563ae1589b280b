"""`parvis committee add`, `remove`, `move`, `reorder`, `close-agenda`, `reopen-agenda`: an agenda put right by hand."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.here import here_of
from parvis.cli.options import NUMBER, REFERENCE, TEXT, As, ByRole, Json, argument, option
from parvis.cli.output import dump, say
from parvis.cli.sitting_options import CaseOf, Over, SittingOf, Target, Why, sitting_of
from parvis.cli.values import WrongUseError, chosen, whole
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.queries.agendas import AgendaLine
    from parvis.models.session import Session

ADDED = Sentence(
    "{reference} est à l’ordre du jour du {held_on}.", "{reference} is on the agenda of {held_on}."
)
REMOVED = Sentence(
    "{reference} n’est plus à l’ordre du jour du {held_on} : le dossier est de nouveau instruit.",
    "{reference} is no longer on the agenda of {held_on}: the case is instructed again.",
)
CARRIED = Sentence(
    "{reference} passe de la séance du {held_on} à celle du {target}.",
    "{reference} goes from the session of {held_on} to that of {target}.",
)
ORDERED = Sentence(
    "Ordre du jour du {held_on} réordonné : {count} dossiers (version {version}).",
    "Agenda of {held_on} reordered: {count} cases (version {version}).",
)
CLOSED = Sentence("L’ordre du jour du {held_on} est clos.", "The agenda of {held_on} is closed.")
OPENED = Sentence("L’ordre du jour du {held_on} est ouvert.", "The agenda of {held_on} is open.")
CASES_OR_BY = Sentence(
    "Donner les dossiers dans leur nouvel ordre, ou --by.", "Give the cases in their new order, or --by."
)


SomeCases = Annotated[
    list[str] | None,
    argument(
        shown=REFERENCE,
        said=Sentence("Les dossiers qui passent en tête.", "The cases that come first."),
    ),
]
OrderBy = Annotated[
    str | None,
    option(
        "--by",
        shown=TEXT,
        said=Sentence(
            "Tout l’ordre du jour par : référence, porteur, quartier, montant.",
            "The whole agenda by: reference, organisation, neighbourhood, amount.",
        ),
    ),
]
Seen = Annotated[
    str | None,
    option(
        "--expected-version",
        shown=NUMBER,
        said=Sentence(
            "Refuse si la séance a changé depuis cette version.",
            "Refuses if the session changed since this version.",
        ),
    ),
]


class Order(StrEnum):
    """By what an agenda is ordered."""

    REFERENCE = "reference"
    ORGANISATION = "organisation"
    NEIGHBOURHOOD = "neighbourhood"
    AMOUNT = "amount"


ORDER_WORDS: dict[str, Sentence] = {
    Order.REFERENCE: Sentence("référence", "reference"),
    Order.ORGANISATION: Sentence("porteur", "organisation"),
    Order.NEIGHBOURHOOD: Sentence("quartier", "neighbourhood"),
    Order.AMOUNT: Sentence("montant", "amount"),
}
_KEYS: "dict[Order, Callable[[AgendaLine], tuple[object, ...]]]" = {
    Order.REFERENCE: lambda line: (line.reference,),
    Order.ORGANISATION: lambda line: (line.organisation.casefold(), line.reference),
    Order.NEIGHBOURHOOD: lambda line: (line.neighbourhoods, line.reference),
    Order.AMOUNT: lambda line: (-line.requested_cents, line.reference),
}


def add(
    context: typer.Context, *, sitting: SittingOf, ref: CaseOf, as_: As = None, role: ByRole = None,
    over_capacity: Over = False, json: Json = False,
) -> None:  # fmt: skip
    """Put a case on the agenda of a sitting."""
    del json
    from parvis.services import agendas
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, case, at = actor(session, as_, role), find_case(session, ref), here.now()
        found = sitting_of(session, sitting, at)
        moved = agendas.add(session, found.id, case.id, by=who.by, at=at, over_capacity=over_capacity)
    if here.json:
        dump(
            {
                "reference": case.reference,
                "sitting": f"{found.code}/{found.held_on}",
                "version": moved.version,
            }
        )
        return
    say(here, ADDED, style="green", reference=case.reference, held_on=found.held_on)


def remove(
    context: typer.Context, *, sitting: SittingOf, ref: CaseOf, as_: As = None, role: ByRole = None, reason: Why = "",
    json: Json = False,
) -> None:  # fmt: skip
    """Take a case off an agenda; it is instructed again, without a letter."""
    del json
    from parvis.services import agendas
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, case, at = actor(session, as_, role), find_case(session, ref), here.now()
        found = sitting_of(session, sitting, at)
        moved = agendas.remove(session, found.id, case.id, reason=reason, by=who.by, at=at)
    if here.json:
        dump({"reference": case.reference, "stage": moved.stage, "version": moved.version})
        return
    say(here, REMOVED, style="green", reference=case.reference, held_on=found.held_on)


def move(
    context: typer.Context, *, sitting: SittingOf, ref: CaseOf, target: Target, as_: As = None, role: ByRole = None,
    reason: Why = "", over_capacity: Over = False, json: Json = False,
) -> None:  # fmt: skip
    """Carry a case to the agenda of another sitting."""
    del json
    from parvis.services import agendas
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, case, at = actor(session, as_, role), find_case(session, ref), here.now()
        found, other = sitting_of(session, sitting, at), sitting_of(session, target, at)
        moved = agendas.carry(
            session, found.id, other.id, case.id, reason=reason, by=who.by, at=at, over_capacity=over_capacity
        )
    if here.json:
        dump(
            {
                "reference": case.reference,
                "sitting": f"{other.code}/{other.held_on}",
                "version": moved.version,
            }
        )
        return
    say(here, CARRIED, style="green", reference=case.reference, held_on=found.held_on, target=other.held_on)


def reorder(
    context: typer.Context, *, sitting: SittingOf, refs: SomeCases = None, by: OrderBy = None, as_: As = None,
    role: ByRole = None, expected_version: Seen = None, json: Json = False,
) -> None:  # fmt: skip
    """Put cases first in this order, or order the whole agenda."""
    del json
    from parvis.models.queries.agendas import agenda
    from parvis.services import agendas

    here = here_of(context)
    if bool(refs) == bool(by):
        raise WrongUseError("", CASES_OR_BY)
    expected = (
        whole("--expected-version", expected_version, least=0, most=999_999_999) if expected_version else None
    )
    with here.acting() as database, database.transaction() as session:
        who, at = actor(session, as_, role), here.now()
        found = sitting_of(session, sitting, at)
        order = _order(session, agenda(session, found.id), refs or [], by)
        version = agendas.reorder(session, found.id, order, by=who.by, at=at, expected_version=expected)
        lines = agenda(session, found.id)
    if here.json:
        dump({"version": version, "agenda": lines})
        return
    say(here, ORDERED, style="green", held_on=found.held_on, count=len(lines), version=version)


def _order(session: "Session", lines: "list[AgendaLine]", refs: list[str], by: str | None) -> list[int]:
    from parvis.services.cases import find_case

    if by is None:
        return [find_case(session, ref).id for ref in refs]
    key = _KEYS[Order(chosen("--by", by, Order, ORDER_WORDS))]
    return [line.case_id for line in sorted(lines, key=key)]


def close_agenda(
    context: typer.Context, *, sitting: SittingOf, as_: As = None, role: ByRole = None, json: Json = False
) -> None:
    """Close the agenda of a sitting."""
    del json
    from parvis.services import agendas

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, at = actor(session, as_, role), here.now()
        found = sitting_of(session, sitting, at)
        changed = agendas.close(session, found.id, by=who.by, at=at)
    if here.json:
        dump({"sitting": f"{found.code}/{found.held_on}", "agenda_open": False, "changed": changed})
        return
    say(here, CLOSED, style="green", held_on=found.held_on)


def reopen_agenda(
    context: typer.Context, *, sitting: SittingOf, as_: As = None, role: ByRole = None, reason: Why = "",
    json: Json = False,
) -> None:  # fmt: skip
    """Open a closed agenda again."""
    del json
    from parvis.services import agendas

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, at = actor(session, as_, role), here.now()
        found = sitting_of(session, sitting, at)
        changed = agendas.reopen(session, found.id, reason=reason, by=who.by, at=at)
    if here.json:
        dump({"sitting": f"{found.code}/{found.held_on}", "agenda_open": True, "changed": changed})
        return
    say(here, OPENED, style="green", held_on=found.held_on)


ENTRIES = (
    Entry("add", add, Sentence("Inscrit un dossier à l’ordre du jour.", "Puts a case on the agenda.")),
    Entry(
        "remove",
        remove,
        Sentence(
            "Retire un dossier de l’ordre du jour, sans lettre ; il est de nouveau instruit.",
            "Takes a case off the agenda, without a letter; it is instructed again.",
        ),
    ),
    Entry(
        "move",
        move,
        Sentence(
            "Reporte un dossier à l’ordre du jour d’une autre séance.",
            "Carries a case to the agenda of another session.",
        ),
    ),
    Entry("reorder", reorder, Sentence("Réordonne l’ordre du jour.", "Reorders the agenda.")),
    Entry(
        "close-agenda",
        close_agenda,
        Sentence("Clôt l’ordre du jour d’une séance.", "Closes the agenda of a session."),
    ),
    Entry(
        "reopen-agenda",
        reopen_agenda,
        Sentence("Rouvre l’ordre du jour d’une séance.", "Reopens the agenda of a session."),
    ),
)
