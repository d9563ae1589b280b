"""`python -m tests.soak.worker letters|sweeps|leaks`: one process that does the body of flows, round after round.

Each round opens the database and lets go of it, as a run of a flow does. `leaks` does nothing but keep hold of more
and more: it is there to be found.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from parvis.models.session import Database
from parvis.services import jobs, wiring
from parvis.services.health import examine
from parvis.services.parent import end_with_parent
from parvis.services.settings import Settings
from parvis.services.webhooks.delivering import deliver_webhooks

SHORT, LONG = 1.0, 15.0
Round = Callable[[Database, Settings, datetime], object]


def letters(database: Database, chosen: Settings, at: datetime) -> object:
    """Write and send what is owed."""
    return jobs.send_letters(database, chosen, jobs.running_clock(at), by=wiring.whoami())


def deadlines(database: Database, _: Settings, at: datetime) -> object:
    """Fire what is due."""
    return [jobs.fire_deadlines(database, batch, at) for batch in jobs.due_batches(database, at)]


def everything_else(database: Database, chosen: Settings, at: datetime) -> object:
    """What other flows do, less often."""
    deliver_webhooks(database, chosen, jobs.running_clock(at), by=wiring.whoami())
    jobs.fill_agendas(database, at)
    jobs.find_conflicts(database, at)
    jobs.summon_members(database, at)
    jobs.renew_agreements(database, at)
    jobs.write_papers(database, chosen, at)
    jobs.forget_expired(database, at)
    jobs.import_deposits(database, chosen.inbox, at)
    jobs.morning_digest(database, at)
    return examine(database, chosen.data_folder, "http://127.0.0.1:1", at=at)


def nightly(database: Database, chosen: Settings, _: datetime) -> object:
    """What is done once a night, for it reads everything."""
    return jobs.verify_journal(database, chosen.anchors)


WORKS: dict[str, tuple[tuple[Round, float], ...]] = {
    "letters": ((letters, SHORT),),
    "sweeps": ((deadlines, SHORT), (everything_else, LONG), (nightly, 4 * LONG)),
}


def main(work: str) -> None:
    """Work until asked to stop."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    end_with_parent()
    if work == "leaks":
        _leak(ended)
        return
    due = {round_: 0.0 for round_, _ in WORKS[work]}
    while not ended.wait(0.2):
        for round_, every in WORKS[work]:
            if time.monotonic() >= due[round_]:
                chosen = wiring.settings()
                with wiring.opened(chosen, migrated=False) as opened:
                    round_(opened.database, chosen, wiring.now())
                due[round_] = time.monotonic() + every


def _leak(ended: threading.Event) -> None:
    """Keep a megabyte, a file and a thread more every second, and a transaction open from the beginning."""
    held: list[object] = []
    with wiring.opened(wiring.settings(), migrated=False) as opened, opened.database.transaction() as session:
        session.exec_driver_sql("SELECT count(*) FROM cases")
        while not ended.wait(1.0):
            thread = threading.Thread(target=ended.wait, daemon=True)
            thread.start()
            held.append((bytearray(b"x" * 1_000_000), Path(__file__).open("rb"), thread))  # noqa: SIM115


if __name__ == "__main__":
    main(sys.argv[1])
