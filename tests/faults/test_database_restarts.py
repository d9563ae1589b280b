"""PostgreSQL stopped and started again in the middle of a sweep: nothing lost, nothing doubled, the journal sound."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest

from parvis.models import databases, embedded, migrate, postmaster
from parvis.models.session import Database, UnreachableDatabaseError
from parvis.services import journal
from parvis.services.advance import Request, advance_many
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from parvis.states.words import Sentence
from tests.faults.careless import owe_then_settle, sweep_in_two
from tests.faults.figures import Tally, control, measured
from tests.services.desk import Desk, moment
from tests.services.processes import Other
from tests.services.works import sweep_through

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
RESTARTS = (FAST, IMMEDIATE) * 3
AT = moment("2026-06-04")
LAPSES = "SELECT count(*), count(DISTINCT case_id) FROM journal WHERE action = 'lapse'"
DUE = "SELECT count(*) FROM timers WHERE settled_at IS NULL AND due_at <= %(at)s"


def awaiting(desk: Desk, cases: int) -> int:
    """Cases whose time to reply has passed; how many timers are due."""
    desk.receive(*(desk.deposit() for _ in range(cases)))
    asked = Given(documents=("rib",), reply_by=date(2026, 6, 3))
    requests = [Request(case_id, asked) for case_id in range(1, cases + 1)]
    with desk.database.transaction() as session:
        advance_many(
            session, requests, Action.REQUEST_DOCUMENTS, by=By("person:1", Role.INSTRUCTOR), at=moment("2026-06-02")
        )  # fmt: skip
    return int(desk.value(DUE, at=AT))


@contextmanager
def durable(folder: Path) -> Iterator[tuple[str, Callable[[int], None]]]:
    """A PostgreSQL that keeps what it commits, its database migrated, and how to start it again after a signal."""
    with ExitStack() as stack:
        server = stack.enter_context(embedded.start(folder))
        databases.ensure_roles(server.url())
        databases.create(server.url(), "city", owner=databases.OWNER)
        url = server.url("city", databases.OWNER)
        migrate.upgrade(url)

        def restart(how: int) -> None:
            running = postmaster.find(folder / "data")
            assert running
            os.kill(running.pid, how)
            while postmaster.lives_in(folder / "data", running.pid):
                time.sleep(0.005)
            stack.enter_context(embedded.start(folder))

        yield url, restart


def restart_meanwhile(desk: Desk, cases: int, restart: Callable[[int], None]) -> None:
    """Restart the database each time another seventh of the cases has lapsed."""
    for turn, how in enumerate(RESTARTS, start=1):
        while int(once_back(desk, LAPSES)[0]) < cases * turn // (len(RESTARTS) + 1):
            time.sleep(0.005)
        restart(how)


def once_back(desk: Desk, statement: str) -> tuple[int, ...]:
    """The first row of a statement, once the database answers, which it does within a minute."""
    until = time.monotonic() + 60
    while True:
        try:
            return tuple(desk.rows(statement)[0])
        except UnreachableDatabaseError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def swept_through(desk: Desk, cases: int, tally: Tally) -> None:
    """Every case has lapsed once, with its letter, and its journal is sound."""
    made, distinct = once_back(desk, LAPSES)
    tally.lost, tally.doubled = cases - distinct, made - distinct
    letters = "SELECT count(*), count(DISTINCT case_id) FROM letters WHERE template = 'lapsed'"
    assert (made, distinct) == (cases, cases)
    assert desk.rows(letters) == [(cases, cases)]
    assert desk.value("SELECT count(*) FROM cases WHERE stage = 'lapsed'") == cases
    assert desk.value("SELECT count(*) FROM timers WHERE kind = 'move' AND outcome = 'fired'") == cases
    assert desk.value(DUE, at=AT) == 0
    with desk.database.transaction() as session:
        assert journal.verify(session).sound


@pytest.mark.slow
def test_a_sweep_goes_through_six_restarts_of_the_database(place: Path) -> None:
    cases = 4_000
    broken = Sentence(
        "PostgreSQL relancé pendant un balayage (3 arrêts rapides, 3 immédiats)",
        "PostgreSQL restarted during a sweep (3 fast, 3 immediate)",
    )

    with durable(place / "server") as (url, restart), Database(url) as database:
        desk = Desk.opened(database)
        due = awaiting(desk, cases)
        with measured("restarts", broken) as tally:
            tally.times, tally.of = len(RESTARTS), due
            sweeping = [Other(sweep_through, url, AT) for _ in range(2)]
            restart_meanwhile(desk, cases, restart)
            interrupted = sum(process.told() for process in sweeping)

            swept_through(desk, cases, tally)
            assert interrupted > 0


@pytest.mark.slow
def test_timers_settled_apart_from_their_moves_lose_moves_to_restarts(place: Path) -> None:
    cases = 1_000

    with durable(place / "server") as (url, restart), Database(url) as database:
        desk = Desk.opened(database)
        awaiting(desk, cases)
        sweeping = Other(sweep_in_two, url, AT)
        for turn, how in enumerate(RESTARTS, start=1):
            while int(once_back(desk, LAPSES)[0]) < cases * turn // 10:
                time.sleep(0.005)
            restart(how)
        sweeping.told()

        lost = cases - once_back(desk, LAPSES)[1]
    control(
        "restarts",
        Sentence("minuterie et passage en deux transactions", "timer and move in two transactions"),
        lost=lost,
    )
    assert lost > 0


@pytest.mark.slow
def test_letters_owed_apart_from_their_timers_and_without_a_key_are_owed_twice(place: Path) -> None:
    owed = "SELECT count(*) FROM letters WHERE template = 'lapsed'"

    with durable(place / "server") as (url, restart), Database(url) as database:
        desk = Desk.opened(database)
        due = awaiting(desk, 200)
        sweeping = Other(owe_then_settle, url, AT)
        for turn, how in enumerate((FAST, IMMEDIATE), start=1):
            while once_back(desk, owed)[0] < turn * due // 4:
                time.sleep(0.005)
            restart(how)
        sweeping.told()

        doubled = once_back(desk, owed)[0] - due
    control(
        "restarts",
        Sentence(
            "lettre et minuterie en deux transactions, sans clé",
            "letter and timer in two transactions, no key",
        ),
        doubled=doubled,
    )
    assert doubled > 0


def test_a_sweep_whose_connections_are_cut_makes_each_move_once(
    database: Database, database_url: str
) -> None:
    cases, desk = 400, Desk.opened(database)
    awaiting(desk, cases)

    sweeping = Other(sweep_through, database_url, AT)
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as cutting:
        for turn in range(1, 4):
            while int(once_back(desk, LAPSES)[0]) < cases * turn // 4 and sweeping.runs:
                time.sleep(0.002)
            cutting.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )

    sweeping.told()
    swept_through(desk, cases, Tally())
