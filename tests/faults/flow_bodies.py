"""Flows run in processes of their own, as a worker runs them: their bodies at the same second, or whole under Prefect.

`python -m tests.faults.flow_bodies AT`: the deadlines, then the letters, of AT, under the server of the environment.
"""

import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from parvis.models.session import Database
from parvis.services import jobs
from parvis.services.settings import Settings
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


def main(at: datetime) -> None:
    """Run both flows under Prefect."""
    from parvis.flows.advance_deadlines import advance_deadlines
    from parvis.flows.send_letters import send_letters

    advance_deadlines(at)
    send_letters(at)


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]))
