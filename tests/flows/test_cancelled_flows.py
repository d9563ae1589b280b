"""Runs cancelled on Prefect's page while they work: they end soon, and the next ones take up what they left."""

import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from prefect.states import Cancelling

from parvis.models.session import Database
from parvis.states.words import Sentence
from tests.faults.figures import control, measured
from tests.flows.fleet import fleet, order
from tests.flows.prefect_server import PrefectServer, client, wait_for
from tests.flows.test_flow_faults import assert_each_once, awaiting
from tests.services.desk import Desk, moment
from tests.services.processes import Other
from tests.services.smtp_server import listening
from tests.services.works import dispatch_from

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

CANCELLED = Sentence(
    "Flux annulés depuis la page de Prefect, au milieu d’un balayage puis d’un envoi",
    "Flows cancelled from Prefect’s page, in the middle of a sweep, then of letters being sent",
)
SOON = 60.0
AT = "2026-07-01 09:00"


def journal_is_slow(database: Database) -> None:
    """Have every line of the journal take a hundredth of a second."""
    with database.transaction() as session:
        session.exec_driver_sql(
            """
            CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN PERFORM pg_sleep(0.01); RETURN NEW; END $$;
            CREATE TRIGGER slowly BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION slowly();
            """
        )


def sleeping(database: Database) -> bool:
    """Whether a session waits as it does in `slowly`."""
    with database.transaction() as session:
        found = session.exec_driver_sql(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        )
        return found.first() is not None


def state(run: UUID) -> str:
    """The state of a run once it has ended, or nothing."""
    with client() as prefect:
        found = prefect.read_flow_run(run).state
    return found.name or "" if found and found.is_final() else ""


def complete(name: str) -> None:
    """Have the next run do the rest."""
    run = order(name, AT)
    wait_for(lambda: state(run))
    assert state(run) == "Completed"


def cancel(name: str, seen: Callable[[], bool]) -> None:
    """Begin a run, and press “Cancel” once it has been `seen` at work: it soon is."""
    run = order(name, AT)
    wait_for(seen)
    with client() as prefect:
        prefect.set_flow_run_state(run, Cancelling())
    wait_for(lambda: state(run), SOON)
    assert state(run) == "Cancelled"


def test_runs_cancelled_by_prefect_lose_and_double_nothing_and_the_next_ones_do_the_rest(
    office: Desk, prefect_server: PrefectServer, owner_database: Database, tmp_path: Path
):
    cases, pace = 600, [0.02]
    awaiting(office, cases, days=5)
    journal_is_slow(owner_database)
    lapsed: Callable[[], int] = lambda: office.value("SELECT count(*) FROM journal WHERE action = 'lapse'")  # noqa: E731

    with (
        measured("cancelled", CANCELLED) as tally,
        listening(lambda _: time.sleep(pace[0])) as post,
        fleet(prefect_server, tmp_path, PARVIS_SMTP_URL=post.url) as machines,
    ):
        machines.deploy()
        machines.prefect("deployment", "schedule", "pause", "--all")
        with machines.worker("here"):
            cancel("advance-deadlines", lambda: sleeping(owner_database))
            swept = lapsed()
            complete("advance-deadlines")
            cancel("send-letters", lambda: len(post.messages) > 40)
            held = office.value("SELECT count(*) FROM letters WHERE stage = 'sending'")
            sent, pace[0] = len(post.messages), 0.0
            complete("send-letters")
        letters = office.value("SELECT count(*) FROM letters")
        tally.times, tally.of = 2, cases + letters
        tally.lost = cases - lapsed() + letters - len(set(post.message_ids))
        tally.doubled = len(post.message_ids) - len(set(post.message_ids))

        assert 0 < swept < cases
        assert 0 < sent < letters
        assert (held, tally.doubled) == (0, 0)
        assert_each_once(office, post, cases)


def test_a_dispatcher_that_ends_at_once_keeps_its_letters_waiting_and_sends_one_twice(
    database: Database, database_url: str
):
    desk = Desk.opened(database)
    desk.receive(*(desk.deposit() for _ in range(100)))
    at, later = moment("2026-07-01 09:00"), moment("2026-07-01 09:20")

    with listening(after=0.05) as post:
        process = Other(dispatch_from, database_url, post.url, at)
        while len(post.messages) < 20:
            time.sleep(0.001)
        process.end()
        stuck = desk.value("SELECT count(*) FROM letters WHERE stage = 'sending'")
        assert Other(dispatch_from, database_url, post.url, later).join() == 0

    doubled = len(post.message_ids) - len(set(post.message_ids))
    at_once = Sentence("l’envoi cesse au signal même", "sending ends at the very signal")
    control("cancelled", at_once, stuck=stuck, doubled=doubled)
    assert stuck > 0
    assert doubled > 0
