"""The product with one protection taken away, for the controls: run in processes of their own, never in the tests'."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from parvis.models.queries import dispatch as queries
from parvis.models.queries import timers
from parvis.models.queries.dispatch import Claimed
from parvis.models.session import Database, UnreachableDatabaseError
from parvis.notifications.delivery import Accepted, Confirm, Delivery, Unreachable, unconcerned
from parvis.notifications.smtp import SmtpPool
from parvis.services.advance import Request, advance_many
from parvis.services.deadlines import CLOCK
from parvis.services.jobs import due_batches, running_clock
from parvis.services.outbox import Dispatcher
from parvis.services.sent_log import SentLog
from parvis.states.calendar import paris_day
from parvis.states.stages import Action
from tests.services.desk import Desk, moment
from tests.services.works import Hear, Tell


class WritesDownLater(Dispatcher):
    """Settles what left two hundred letters at a time, instead of each at once."""

    async def _send_all(self, claimed: Sequence[Claimed]) -> None:
        self.left: list[Claimed] = []
        await super()._send_all(claimed)
        for letter in self.left:
            await super()._accept(letter)

    async def _accept(self, letter: Claimed) -> None:
        self.left.append(letter)


class SettlesTogether(Dispatcher):
    """Settles the letters of a claim together, and none of them when one exchange broke."""

    async def _send_all(self, claimed: Sequence[Claimed]) -> None:
        self.left: list[Claimed] = []
        self.broke = False
        await super()._send_all(claimed)
        for letter in self.left:
            if self.broke:
                self._put_off(letter, "broken")
            else:
                await super()._accept(letter)

    async def _accept(self, letter: Claimed) -> None:
        self.left.append(letter)

    def _settle(self, letter: Claimed, answer: Delivery) -> None:
        self.broke = self.broke or isinstance(answer, Unreachable)
        super()._settle(letter, answer)


class NeverLooksBack(Dispatcher):
    """Does not see that another has taken its lease for over."""

    async def _accept(self, letter: Claimed) -> None:
        await super()._accept(letter)
        self._ousted = False


class WritesDownFirst(NeverLooksBack):
    """Settles a letter before it leaves, instead of after; it is then no longer its own when it leaves."""

    async def _send(self, letter: Claimed) -> None:
        await self._accept(letter)
        await super()._send(letter)


class HeedsNoLease(Dispatcher):
    """Takes what another holds, as if every lease had run out; ten at a time, so that they meet often."""

    def _claim(self, limit: int) -> list[Claimed]:
        with self.database.transaction() as session:
            queries.recover(session, at=self.clock() + timedelta(days=1))
        return super()._claim(min(limit, 10))


class Unchecked(SentLog):
    """A log that does not see whether there is room before letters leave."""

    def check_room(self) -> None:
        """Nothing is checked."""


class LogsOrForgets(Dispatcher):
    """Settles a letter only when the log took its line."""

    async def _accept(self, letter: Claimed) -> None:
        assert self.log
        self.log.note(letter, self.clock())
        await super()._accept(letter)


CARELESS = {"later": WritesDownLater, "first": WritesDownFirst, "no_lease": HeedsNoLease}


def dispatch_carelessly(database: Database, _: Tell, __: Hear, post: str, turn: int, how: str) -> None:
    """What `works.dispatch` does, without one of its protections."""
    start: datetime = moment("2026-06-05") + timedelta(seconds=10 * turn)

    async def run() -> None:
        async with SmtpPool(post, timeout_seconds=5) as pool:
            await CARELESS[how](
                database, pool, lambda: start, str(turn),
                timeout=timedelta(seconds=0.1), lease=timedelta(seconds=1),
            ).run()  # fmt: skip

    asyncio.run(run())


class TrustsSilence(SmtpPool):
    """Takes a final dot without an answer for a letter accepted."""

    async def deliver(
        self, message: bytes, sender: str, recipient: str, *, confirm: Confirm = unconcerned
    ) -> Delivery:
        answer = await super().deliver(message, sender, recipient, confirm=confirm)
        if isinstance(answer, Unreachable):
            await confirm()
            return Accepted()
        return answer


def dispatch_without_looking(database: Database, _: Tell, __: Hear, post: str, folder: Path) -> None:
    """Send what is owed three times over, whatever the disk of the log says."""

    async def run(turn: int) -> None:
        async with SmtpPool(post) as pool:
            clock, log = running_clock(moment("2026-06-05") + timedelta(hours=turn)), Unchecked(folder)
            await LogsOrForgets(database, pool, clock, "runner", log=log).run()

    for turn in range(3):
        with suppress(OSError):
            asyncio.run(run(turn))


def dispatch_trustingly(database: Database, _: Tell, __: Hear, post: str, at: datetime) -> None:
    """What `works.dispatch_from` does, an answer that does not come taken for a good one."""
    dispatch_by(Dispatcher, database, TrustsSilence(post, timeout_seconds=3), at)


def dispatch_patiently(database: Database, _: Tell, __: Hear, post: str, at: datetime) -> None:
    """What `works.dispatch_from` does, without a limit to how long an answer is waited for."""
    dispatch_by(Dispatcher, database, SmtpPool(post, timeout_seconds=86_400), at)


def dispatch_together(database: Database, _: Tell, __: Hear, post: str, at: datetime) -> None:
    """What `works.dispatch_from` does, an exchange that breaks undoing what is known of all the others."""
    dispatch_by(SettlesTogether, database, SmtpPool(post, timeout_seconds=3), at)


def dispatch_by(
    kind: type[Dispatcher], database: Database, pool: SmtpPool, at: datetime, by: str = "runner"
) -> None:
    """Send what is owed from `at` on, the clock running."""

    async def run() -> None:
        async with pool:
            await kind(database, pool, running_clock(at), by, timeout=timedelta(seconds=3)).run()

    asyncio.run(run())


def sweep_in_two(database: Database, tell: Tell, _: Hear, at: datetime) -> None:
    """What `works.sweep_through` does, timers settled in one transaction and moves made in the next."""
    while True:
        try:
            batches = due_batches(database, at, size=50)
            if not batches:
                break
            for batch in batches:
                with database.transaction() as session:
                    moves = timers.take_due_moves(session, batch, at=at)
                    timers.fire_reminders(session, batch, at=at, today=paris_day(at))
                time.sleep(0.2)
                with database.transaction() as session:
                    advance_many(
                        session, [Request(move.subject_id) for move in moves], Action.LAPSE, by=CLOCK, at=at
                    )
        except UnreachableDatabaseError:
            time.sleep(0.05)
    tell("done")


_DUE = "settled_at IS NULL AND due_at <= %(at)s AND case_id = ANY(%(ids)s)"
_SETTLE = f"UPDATE timers SET settled_at = %(at)s, outcome = 'fired' WHERE {_DUE}"
_OWE = f"""
INSERT INTO letters (case_id, rule, occurrence, recipient, template, data, owed_at, not_before)
SELECT case_id, rule, gen_random_uuid()::text, 'applicant', 'lapsed', '{{}}', %(at)s, %(at)s FROM timers WHERE {_DUE}
"""


def owe_then_settle(database: Database, tell: Tell, _: Hear, at: datetime) -> None:
    """Owe a letter for each thing due in one transaction, settle it in the next; letters have no key of their own."""
    while True:
        try:
            batches = due_batches(database, at, size=50)
            if not batches:
                break
            for ids in batches:
                with database.transaction() as session:
                    session.exec_driver_sql(_OWE, {"at": at, "ids": ids})
                time.sleep(0.2)
                with database.transaction() as session:
                    session.exec_driver_sql(_SETTLE, {"at": at, "ids": ids})
        except UnreachableDatabaseError:
            time.sleep(0.05)
    tell("done")


def receive_in_parts(database: Database, tell: Tell, _: Hear, deposits: int) -> None:
    """Take deposits in by twenties, each in a transaction of its own."""
    desk = Desk(database, contract_id=1)
    with suppress(UnreachableDatabaseError):
        for _part in range(0, deposits, 20):
            desk.receive(*(desk.deposit() for _ in range(20)))
    tell("done")
