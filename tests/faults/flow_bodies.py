"""Flows run in processes of their own, as a worker runs them: their bodies at the same second, or whole under Prefect.

`python -m tests.faults.flow_bodies AT`: the deadlines, then the letters, of AT, under the server of the environment;
with one more word, the same without protections, for the controls.
"""

import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from parvis.models.session import Database
from parvis.notifications.smtp import SmtpPool
from parvis.services import jobs
from parvis.services.advance import advance
from parvis.services.deadlines import CLOCK
from parvis.services.settings import Settings
from parvis.states.stages import Action
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.faults.careless import HeedsNoLease, WritesDownLater, dispatch_by, sweep_in_two
from tests.services.works import Hear, Tell


def at_the_same_second(
    database: Database, tell: Tell, hear: Hear, told: tuple[int, datetime, int, str, Path]
) -> None:
    """At each word, a day after the one before, do at its second what two flows do; tell how much."""
    number, at, turns, smtp, folder = told
    settings = Settings(data_folder=folder / str(number), smtp_url=smtp)  # type: ignore[arg-type]
    for turn in range(turns):
        time.sleep(max(0.0, float(str(hear())) - time.time()))
        now, moved = at + timedelta(days=turn), 0
        for batch in jobs.due_batches(database, now):
            moved += jobs.fire_deadlines(database, batch, now).moved
        sent = jobs.send_letters(database, settings, jobs.running_clock(now), by=f"flow {number}").accepted
        tell((moved, sent))


def carelessly_at_the_same_second(
    database: Database, tell: Tell, hear: Hear, told: tuple[int, datetime, int, str]
) -> None:
    """The same, what is due moved case by case, and letters taken whoever has them."""
    number, at, turns, smtp = told
    for turn in range(turns):
        time.sleep(max(0.0, float(str(hear())) - time.time()))
        now = at + timedelta(days=turn)
        for case_id in [each for batch in jobs.due_batches(database, now) for each in batch]:
            with suppress(MoveRefusedError, StaleVersionError), database.transaction() as session:
                advance(session, case_id, Action.LAPSE, by=CLOCK, at=now)
        dispatch_by(HeedsNoLease, database, SmtpPool(smtp), now, f"flow {number}")
        tell("done")


def main(at: datetime) -> None:
    """Run both flows under Prefect."""
    from parvis.flows.advance_deadlines import advance_deadlines
    from parvis.flows.send_letters import send_letters

    advance_deadlines(at)
    send_letters(at)


def main_without_protections(at: datetime) -> None:
    """Run, under Prefect, a flow that settles timers apart from their moves, and letters in lots."""
    from prefect import flow

    from parvis.flows.around import desk

    @flow(name="careless")
    def careless() -> None:
        with desk() as work:
            sweep_in_two(work.database, lambda _: None, lambda: None, at)
            assert work.settings.smtp_url
            post = SmtpPool(work.settings.smtp_url.get_secret_value())
            dispatch_by(WritesDownLater, work.database, post, at)

    careless()


if __name__ == "__main__":
    (main if len(sys.argv) == 2 else main_without_protections)(datetime.fromisoformat(sys.argv[1]))
