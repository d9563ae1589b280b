"""What the processes of tests do: the same moves, letters or packets as others at the same time."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from parvis.models.session import Database, UnreachableDatabaseError
from parvis.notifications.smtp import SmtpPool
from parvis.services import packets
from parvis.services.advance import advance
from parvis.services.files import Shelf
from parvis.services.jobs import due_batches, fire_deadlines, running_clock
from parvis.services.outbox import Dispatcher
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.services.desk import moment

Tell = Callable[[object], None]
Hear = Callable[[], object]


def withdraw(database: Database, tell: Tell, _: Hear, cases: int) -> None:
    """Withdraw every case up to `cases`; tell how many times it was this process that did, and how many not."""
    won = lost = 0
    for case_id in range(1, cases + 1):
        try:
            with database.transaction() as session:
                advance(session, case_id, Action.WITHDRAW, by=By("person:1", Role.INSTRUCTOR),
                        at=moment("2026-06-05"), expected_version=1)  # fmt: skip
            won += 1
        except (MoveRefusedError, StaleVersionError):
            lost += 1
    tell((won, lost))


def dispatch(database: Database, _: Tell, __: Hear, post: str, turn: int) -> None:
    """Send every letter owed to the server `post`, ten seconds after the turn before; what is leased stays so 1 s."""
    start = moment("2026-06-05") + timedelta(seconds=10 * turn)

    async def run() -> None:
        async with SmtpPool(post, timeout_seconds=5) as pool:
            await Dispatcher(
                database, pool, lambda: start, str(turn),
                timeout=timedelta(seconds=0.1), lease=timedelta(seconds=1),
            ).run()  # fmt: skip

    asyncio.run(run())


def award(database: Database, tell: Tell, hear: Hear, cases: list[int]) -> None:
    """Once told to go, award 10 € of the State to each case; tell how many had it, had not, and were tried."""
    said: Counter[str] = Counter()
    hear()
    for case_id in cases:
        try:
            with database.transaction() as session:
                advance(session, case_id, Action.FUND, by=By("person:3", Role.SECRETARY), key=f"award-{case_id}",
                        at=moment("2026-09-15"), given=Given(amounts=(("etat", 1000),)))  # fmt: skip
            said["won"] += 1
        except MoveRefusedError as refusal:
            said["+".join(reason.code for reason in refusal.reasons)] += 1
    tell((said["won"], said["within_envelope"], sum(said.values())))


def build(database: Database, tell: Tell, _: Hear, folder: Path, sitting: int) -> None:
    """Build the packet of a sitting."""
    tell("begun")
    packets.build(database, Shelf(folder), sitting, by=By("clock", Role.CLOCK), at=moment("2026-09-10 06:00"))
    tell("done")


def dispatch_from(database: Database, _: Tell, __: Hear, post: str, at: datetime) -> None:
    """Send every letter due from `at` on, the clock running, to a server given three seconds for each answer."""

    async def run() -> None:
        async with SmtpPool(post, timeout_seconds=3) as pool:
            await Dispatcher(
                database, pool, running_clock(at), "runner", timeout=timedelta(seconds=3)
            ).run()  # fmt: skip

    asyncio.run(run())


def sweep_through(database: Database, tell: Tell, _: Hear, at: datetime) -> None:
    """Fire what is due, fifty cases at a time, until nothing is; tell how often the database went away meanwhile."""
    interrupted = 0
    while True:
        try:
            batches = due_batches(database, at, size=50)
            if not batches:
                break
            for batch in batches:
                fire_deadlines(database, batch, at)
        except UnreachableDatabaseError:
            interrupted += 1
            time.sleep(0.05)
    tell(interrupted)
