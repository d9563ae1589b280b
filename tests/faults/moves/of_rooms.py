"""Sittings before and during: conflicts of interest settled, programmings, what is proposed taken as decided."""

from collections.abc import Callable
from typing import Any

from parvis.models.queries import scenarios as queries
from parvis.models.queries.scenarios import ScenarioRow
from parvis.models.session import Database, Session
from parvis.services import interests, scenarios
from parvis.services.scenarios import ScenarioRefusedError, Source
from parvis.services.sessions import decisions, room
from parvis.services.sessions.decisions import BlockRefusedError
from parvis.services.sessions.room import AlreadyClosedError
from parvis.states.outcomes import Outcome
from parvis.states.quorum import Attendance
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.faults.moves.act import Act, in_one
from tests.faults.moves.of_sittings import DAY, decided, in_session, sitting_down
from tests.services import session_desk
from tests.services.agenda_desk import SECRETARY
from tests.services.desk import Desk, moment
from tests.services.session_desk import SessionDesk, fund, said

BEFORE = moment("2026-09-10")


def scored(desk: Desk) -> tuple[int, ...]:
    """Three scored cases on an agenda; the State has less than they ask for."""
    table = SessionDesk(desk)
    cases = table.cases(3, total_cost_cents=2_000_000)
    desk.fill(900_000, "etat")
    return (table.committee, *cases)


def programmed(desk: Desk) -> tuple[int, ...]:
    """A programming is begun, not sent."""
    told = scored(desk)
    begin(desk.database, *told)
    return told


def sent(desk: Desk) -> tuple[int, ...]:
    """A programming is what the committee is proposed."""
    told = programmed(desk)
    send(desk.database, *told)
    return told


def session_to_take_over(desk: Desk) -> tuple[int, ...]:
    """A session whose cases have a programming sent, everybody being there."""
    told = sent(desk)
    SessionDesk(desk).open()
    return told


def conflicting(desk: Desk) -> tuple[int, ...]:
    """A conflict of interest of a member with the first case, found in the data."""
    told = sitting_down(desk)
    SessionDesk(desk).recuse("ann", told[1])
    return (*told, SessionDesk(desk).person("ann"))


def connected(desk: Desk) -> tuple[int, ...]:
    """A member is in charge of the association that asks; nobody has looked yet."""
    told = sitting_down(desk)
    desk.run(
        "UPDATE people SET organisations = '[\"association exemple\"]' WHERE email = 'ann@ville.example'"
    )
    return told


def begin(database: Database, sitting: int, *_: int) -> None:
    in_one(database, lambda session: scenarios.begin(
        session, sitting, "Première", Source.SOLVER, by=SECRETARY, at=BEFORE))  # fmt: skip


def save(database: Database, sitting: int, case: int, *_: int) -> None:
    given = {(case, "etat"): 100_000}
    in_one(database, lambda session: scenarios.save(
        session, _row(session, sitting), given, version=1, by=SECRETARY, at=BEFORE))  # fmt: skip


def send(database: Database, sitting: int, *_: int) -> None:
    in_one(database, lambda session: scenarios.send(
        session, _row(session, sitting), version=1, by=SECRETARY, at=BEFORE))  # fmt: skip


def delete(database: Database, sitting: int, *_: int) -> None:
    in_one(database, lambda session: queries.delete(session, sitting, 1))


def _row(session: Session, sitting: int) -> ScenarioRow:
    row = queries.find(session, sitting, 1)
    assert row
    return row


def confirm(database: Database, sitting: int, case: int, *more: int) -> None:
    in_one(
        database,
        lambda session: interests.confirm(session, sitting, more[-1], case, by=SECRETARY, at=BEFORE),
    )


def dismiss(database: Database, sitting: int, case: int, *more: int) -> None:
    in_one(database, lambda session: interests.dismiss(
        session, sitting, more[-1], case, reason="Homonyme", by=SECRETARY, at=BEFORE))  # fmt: skip


def find(database: Database, *_: int) -> None:
    interests.propose_all(database, at=moment("2026-06-10"))


def attend_rest(database: Database, sitting: int, *_: int) -> None:
    in_one(
        database,
        lambda session: room.attend_rest(session, sitting, Attendance.PRESENT, by=SECRETARY, at=DAY),
    )


def opened(desk: Desk) -> tuple[int, ...]:
    """A session open, nobody's attendance said yet."""
    told = sitting_down(desk)
    in_one(desk.database, lambda session: room.open_session(session, told[0], by=SECRETARY, at=DAY))
    return told


def take_over(database: Database, sitting: int, *_: int) -> None:
    in_one(database, lambda session: decisions.save_as_proposed(session, sitting, by=SECRETARY, at=DAY))


def take_over_block(database: Database, sitting: int, first: int, second: int, *_: int) -> None:
    drafts = {first: fund(100_000, 50_000), second: said(Outcome.REJECT)}
    in_one(database, lambda session: decisions.save_block(session, sitting, drafts, by=SECRETARY, at=DAY))


def take_back(database: Database, sitting: int, case: int, *_: int) -> None:
    in_one(database, lambda session: decisions.take_back(session, sitting, case, by=SECRETARY, at=DAY))


SAID_AGAIN = dict.fromkeys(("send", "confirm", "dismiss"), frozenset({"committee_journal", "committees"}))
THERE = (MoveRefusedError, StaleVersionError, AlreadyClosedError, ScenarioRefusedError, BlockRefusedError)
_TOLD: tuple[tuple[str, Callable[[Desk], tuple[Any, ...]], Callable[..., None]], ...] = (
    ("begin", scored, begin), ("save", programmed, save), ("send", programmed, send), ("delete", programmed, delete),
    ("find", connected, find), ("confirm", conflicting, confirm), ("dismiss", conflicting, dismiss),
    ("attend-rest", opened, attend_rest), ("as-proposed", session_to_take_over, take_over),
    ("block", in_session, take_over_block), ("take-back", decided, take_back),
)  # fmt: skip
ACTS = [
    Act("room", name, given, does, session_desk.contract(), THERE, twice=SAID_AGAIN.get(name, frozenset()))
    for name, given, does in _TOLD
]
