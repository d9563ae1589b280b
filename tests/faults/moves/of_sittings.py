"""Every action of the table of sittings, and what else changes an agenda, a session or its minutes."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from parvis.models.session import Database, Session
from parvis.services import agenda_moves, agendas, filling, interests, sitting_changes, summons
from parvis.services.sessions import closing, decisions, room
from parvis.services.sessions.room import AlreadyClosedError
from parvis.states.facts import Given
from parvis.states.outcomes import Draft, Outcome
from parvis.states.quorum import Attendance
from parvis.states.stages import Action
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.faults.moves.act import Act
from tests.services import session_desk
from tests.services.agenda_desk import SECRETARY, committee
from tests.services.agenda_desk import opened as with_committees
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.session_desk import SEATS, SessionDesk, fund, said

SEATED = [
    {"person": "max@ville.example", "role": "chair"},
    {"person": "paul@ville.example", "role": "funder"},
    {"person": "ines@ville.example", "role": "substitute", "substitute_for": "paul@ville.example"},
]
SETTINGS = {"members": SEATED, "summons_days": 10, "lead_days": 5, "room": "Salle A", "starts_at": "14:30"}
Doing = Callable[..., object]


def planned(desk: Desk) -> tuple[int, ...]:
    """Two sittings to come, of a committee with members; two cases on the first and one instructed."""
    with_committees(desk, committee("copil", "steering", "2026-09-15", "2026-10-15", **SETTINGS))
    first, second = (desk.ready_case() for _ in range(2))
    sitting, after = (
        int(number) for (number,) in desk.rows("SELECT id FROM committees WHERE code = 'copil'"
                                               " AND cancelled_at IS NULL AND held_on > '2026-09-10' ORDER BY held_on")
    )  # fmt: skip
    for case in (first, second):
        desk.move(case, Action.INSTRUCT)
        desk.move(case, Action.SCHEDULE, given=Given(committee_id=sitting))
    waiting = desk.ready_case()
    desk.move(waiting, Action.INSTRUCT)
    return sitting, after, first, waiting


def summoned(desk: Desk) -> tuple[int, ...]:
    """Their members are summoned."""
    told = planned(desk)
    summons.summon_all(desk.database, at=moment("2026-09-04 08:00"))
    return told


def closed_agenda(desk: Desk) -> tuple[int, ...]:
    """The agenda is closed."""
    told = summoned(desk)
    agendas.close_due(desk.database, at=moment("2026-09-10"))
    return told


def sitting_down(desk: Desk) -> tuple[int, ...]:
    """A session about to be opened, of a committee of six votes; three cases on its table."""
    table = SessionDesk(desk)
    cases = table.cases(3)
    return (table.committee, *cases)


def in_session(desk: Desk) -> tuple[int, ...]:
    """The session is open and everybody's attendance is recorded."""
    told = sitting_down(desk)
    SessionDesk(desk).open()
    return told


def decided(desk: Desk) -> tuple[int, ...]:
    """A decision of each kind is drafted."""
    told = in_session(desk)
    table = SessionDesk(desk)
    for case, draft in zip(
        told[1:], (fund(200_000, 100_000), said(Outcome.REJECT), said(Outcome.DEFER)), strict=True
    ):
        table.save(case, draft)
    return told


def in_one(database: Database, what: Callable[[Session], object]) -> None:
    """In one transaction."""
    with database.transaction() as session:
        what(session)


AT = moment("2026-09-10 10:00")
DAY = moment(session_desk.DAY)


def close_agenda(database: Database, sitting: int, *_: int) -> None:
    in_one(database, lambda session: agendas.close(session, sitting, by=SECRETARY, at=AT))


def close_due(database: Database, *_: int) -> None:
    agendas.close_due(database, at=AT)


def reopen(database: Database, sitting: int, *_: int) -> None:
    in_one(database, lambda session: agendas.reopen(session, sitting, reason="Urgence", by=SECRETARY, at=AT))


def cancel(database: Database, sitting: int, *_: int) -> None:
    in_one(
        database,
        lambda session: sitting_changes.cancel(session, sitting, reason="Grève", by=SECRETARY, at=AT),
    )


def move(database: Database, sitting: int, *_: int) -> None:
    to = {"held_on": date(2026, 9, 22), "room": "Salle B"}
    in_one(database, lambda session: sitting_changes.move(session, sitting, by=SECRETARY, at=AT, **to))  # type: ignore[arg-type]


def excuse(database: Database, sitting: int, *_: int) -> None:
    in_one(database, lambda session: sitting_changes.excuse(session, sitting, 2, by=SECRETARY, at=AT))


def summon(database: Database, *_: int) -> None:
    summons.summon_all(database, at=moment("2026-09-04 08:00"))


def fill(database: Database, *_: int) -> None:
    filling.fill(database, at=moment("2026-06-02"))


def on_agenda(database: Database, case: int, action: Action, given: Given) -> None:
    """What an edge does with one case and an agenda."""
    agenda_moves.move(database, case, action, given, by=SECRETARY, at=AT, expected_version=None, key="point")


def add(database: Database, sitting: int, _: int, __: int, waiting: int) -> None:
    on_agenda(database, waiting, Action.SCHEDULE, Given(committee_id=sitting))


def remove(database: Database, _: int, __: int, case: int, ___: int) -> None:
    on_agenda(database, case, Action.UNSCHEDULE, Given(reason="Budget"))


def carry(database: Database, _: int, after: int, case: int, __: int) -> None:
    on_agenda(database, case, Action.CARRY, Given(committee_id=after, reason="Budget"))


def reorder(database: Database, sitting: int, _: int, case: int, *__: int) -> None:
    version = _version(database, sitting)
    in_one(database, lambda session: agendas.reorder(
        session, sitting, [case + 1, case], by=SECRETARY, at=AT, expected_version=version))  # fmt: skip


def declare(database: Database, sitting: int, _: int, case: int, *__: int) -> None:
    in_one(
        database,
        lambda session: interests.declare(session, sitting, 4, {case: "Trésorier"}, by=SECRETARY, at=AT),
    )


def open_session(database: Database, sitting: int, *_: int) -> None:
    in_one(database, lambda session: room.open_session(session, sitting, by=SECRETARY, at=DAY))


def attend(database: Database, sitting: int, *_: int) -> None:
    came = dict.fromkeys(range(5, 5 + len(SEATS)), Attendance.EXCUSED)
    in_one(database, lambda session: room.attend(session, sitting, came, by=SECRETARY, at=DAY))


def decide(database: Database, sitting: int, case: int, *_: int) -> None:
    draft: Draft = fund(200_000, 100_000)
    in_one(database, lambda session: decisions.save(session, sitting, case, draft, by=SECRETARY, at=DAY,
                                                    expected_version=0))  # fmt: skip


def close_session(database: Database, sitting: int, *_: int) -> None:
    at = DAY + timedelta(hours=1)
    in_one(database, lambda session: closing.close(session, sitting, by=SECRETARY, at=at))


def _version(database: Database, sitting: int) -> int:
    with database.transaction() as session:
        found = session.exec_driver_sql("SELECT version FROM committees WHERE id = %(id)s", {"id": sitting})
        return int(found.scalar_one())


THERE = (MoveRefusedError, StaleVersionError, AlreadyClosedError)
OF_AGENDAS: Sequence[tuple[str, Callable[[Desk], tuple[Any, ...]], Doing]] = (
    ("close_agenda", summoned, close_agenda), ("close-due", summoned, close_due),
    ("reopen_agenda", closed_agenda, reopen), ("cancel_session", summoned, cancel), ("move", summoned, move),
    ("excuse", summoned, excuse), ("summon", planned, summon), ("fill", planned, fill), ("add", planned, add),
    ("remove", planned, remove), ("carry", planned, carry), ("order", planned, reorder), ("settle", planned, declare),
)  # fmt: skip
SAID_AGAIN = dict.fromkeys(("settle", "excuse"), frozenset({"committee_journal", "committees"}))
OF_SESSIONS: Sequence[tuple[str, Callable[[Desk], tuple[Any, ...]], Doing]] = (
    ("open_session", sitting_down, open_session), ("attend", in_session, attend), ("decide", in_session, decide),
    ("close_session", decided, close_session),
)  # fmt: skip
ACTS = [
    *(Act("sitting", name, given, does, CONTRACT, THERE, name in {"summon", "fill"}, SAID_AGAIN.get(name, frozenset()))
      for name, given, does in OF_AGENDAS),
    *(Act("session", name, given, partial(does), session_desk.contract(), THERE) for name, given, does in OF_SESSIONS),
]  # fmt: skip
