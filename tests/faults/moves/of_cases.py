"""Every row of the table of cases, made alone as edges make it, and with others as a bulk move."""

from functools import partial
from typing import Any

from parvis.models.session import Database
from parvis.services.advance import Request, advance_alone, advance_many
from parvis.states.bulk import OF_ONE_CASE
from parvis.states.case_table import CASES
from parvis.states.facts import By, Facts, Given
from parvis.states.stages import Action, Stage
from parvis.states.table import Move
from tests.faults.moves.act import Act
from tests.services.desk import Desk, moment
from tests.services.test_every_row import NOW, brought, case_at


def stands(desk: Desk, move: Move[Facts]) -> tuple[Any, ...]:
    """A case for which the move may be made, and what a person brings."""
    case_id = case_at(desk, move, Stage(move.sources[0]))
    if move.action == Action.RENEW:
        desk.opens_next_year()
    return case_id, move.action, move.by[0], brought(desk, Action(move.action))


def alone(database: Database, case_id: int, action: str, role: str, given: Given) -> None:
    """One case, in the shortest transaction there is."""
    advance_alone(
        database, case_id, Action(action), by=By("person:1", role), at=moment(NOW), given=given, key="point"
    )


def together(database: Database, case_id: int, action: str, role: str, given: Given) -> None:
    """The same as a bulk move, which says of each case what became of it."""
    with database.transaction() as session:
        advance_many(
            session, [Request(case_id, given, 1)], Action(action), by=By("person:1", role), at=moment(NOW)
        )


def named(move: Move[Facts]) -> str:
    """The name of a row: its action, and who makes it from where when there are several."""
    twice = sum(other.action == move.action for other in CASES.moves) > 1
    return f"{move.action}-by-{move.by[0]}-from-{move.sources[0]}" if twice else str(move.action)


ALONE = [Act("advance-case", named(move), partial(stands, move=move), alone) for move in CASES.moves]
TOGETHER = [
    Act("bulk-move", named(move), partial(stands, move=move), together)
    for move in CASES.moves
    if Action(move.action) not in OF_ONE_CASE
]
ACTS = [*ALONE, *TOGETHER]
