"""A worker of one host: it sends what is owed, or fires what is due, until nothing is left; then says how much.

`python -m tests.faults.worker send|sweep DATABASE_URL SMTP_URL SECONDS`: a sweep is SECONDS after `START`; letters are
sent by a clock that showed `START` at SECONDS of the epoch. For the controls, `send-heedless` heeds nobody's lease,
`send-endless` holds its own for a day, and the server waits for `sweep-endless` however long it says nothing.
"""

import asyncio
import os
import sys
import time
from datetime import datetime, timedelta

from parvis.models.session import Database
from parvis.notifications.smtp import SmtpPool
from parvis.services.deadlines import fire
from parvis.services.jobs import due_batches
from parvis.services.outbox import Dispatcher
from tests.faults.careless import HeedsNoLease
from tests.services.desk import moment

START = moment("2026-06-05")
LEASE = timedelta(seconds=12)
SENDERS = {
    "send": (Dispatcher, LEASE),
    "send-heedless": (HeedsNoLease, LEASE),
    "send-endless": (Dispatcher, timedelta(hours=23)),
}
_FOR_EVER = "SET tcp_user_timeout = 0; SET tcp_keepalives_idle = 30000"  # Linux takes 32,767 at most


async def send(database: Database, smtp: str, begun: float, what: str) -> int:
    """Send everything owed; the lease is short, so that another takes over soon. All hosts have the same time."""

    def clock() -> datetime:
        return START + timedelta(seconds=time.time() - begun)

    async with SmtpPool(smtp, timeout_seconds=4) as pool:
        kind, lease = SENDERS[what]
        name = f"worker {os.getpid()}"
        sender = kind(database, pool, clock, name, timeout=timedelta(seconds=4), lease=lease)
        return (await sender.run(progress=say)).accepted


def say(*words: object) -> None:
    """Tell who started this how far it is."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def sweep(database: Database, at: datetime, *, endless: bool) -> int:
    """Fire everything due, ten cases at a time, each time long enough for a cable to be taken out."""
    fired = 0
    for case_ids in due_batches(database, at, size=10):
        with database.transaction() as session:
            if endless:
                session.exec_driver_sql(_FOR_EVER)
            fired += fire(session, case_ids, at=at).total
            say("holds", len(case_ids))
            time.sleep(600 if endless else 0.2)
    return fired


def main(what: str, url: str, smtp: str, seconds: str) -> None:
    """Work."""
    with Database(url, role="parvis_app") as database:
        if what in SENDERS:
            done = asyncio.run(send(database, smtp, float(seconds), what))
        else:
            at = START + timedelta(seconds=float(seconds))
            done = sweep(database, at, endless=what == "sweep-endless")
    say("done", done)


if __name__ == "__main__":
    main(*sys.argv[1:])
