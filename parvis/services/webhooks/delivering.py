"""Delivering what is owed to endpoints: claimed under a lease, signed, sent, settled one by one, retried for days."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from parvis.models.queries import webhooks as queries
from parvis.models.queries.dispatch import open_task
from parvis.models.queries.webhooks import Claimed
from parvis.models.session import Database, Session
from parvis.services.bank_keys import Ring, ring
from parvis.services.lanes import run_lanes
from parvis.services.settings import Settings
from parvis.services.webhooks.calling import Answer, Caller, networks
from parvis.services.webhooks.endpoints import task_of
from parvis.services.webhooks.signing import body, headers
from parvis.states.calendar import paris_day
from parvis.states.webhooks import DISABLED_AFTER, KEPT_FOR, LEASE, DeliveryState, EndpointState, wait_seconds
from parvis.states.words import Sentence

CLAIMED_AT_ONCE = 100
LANES = 8
LONGEST_RUN = timedelta(minutes=5)
NOT_TRIED = -1

STOPPED = Sentence(
    "Webhook « {name} » : {url} ne prend plus rien depuis le {since} ({why}). Plus rien ne lui est dit ; voir "
    "avec qui tient cet outil, puis le remettre en service (Administration, Webhooks) : il recevra ce qu’il a manqué.",
    "Webhook “{name}”: {url} has taken nothing since {since} ({why}). It is told nothing more; see with whoever "
    "runs this tool, then resume it (Administration, Webhooks): it will be sent what it missed.",
)


@dataclass(slots=True)
class Delivered:
    """What a run did: events taken, put off, given up, not tried since their endpoint was away; endpoints stopped."""

    delivered: int = 0
    deferred: int = 0
    failed: int = 0
    not_tried: int = 0
    stopped: int = 0
    forgotten: int = 0


@dataclass(slots=True)
class Courier:
    """One run over what is owed. `clock` gives the present instant; `ring` opens secrets, when there is one to open."""

    database: Database
    caller: Caller
    ring: Callable[[], Ring]
    clock: Callable[[], datetime]
    by: str
    done: Delivered = field(default_factory=Delivered)
    _away: set[int] = field(default_factory=set)

    async def run(self) -> Delivered:
        """Send all that is due, and forget what is old."""
        ends = self.clock() + LONGEST_RUN
        while self.clock() < ends and (claimed := self._claim()):
            await self._send_all(claimed)
        with self.database.transaction() as session:
            self.done.forgotten = queries.forget(session, before=self.clock() - KEPT_FOR)
        return self.done

    def _claim(self) -> list[Claimed]:
        with self.database.transaction() as session:
            return queries.claim(session, by=self.by, at=self.clock(), lease=LEASE, limit=CLAIMED_AT_ONCE)

    async def _send_all(self, claimed: Sequence[Claimed]) -> None:
        until = self.clock() + LEASE - 2 * timedelta(seconds=self.caller.seconds)
        with self.database.transaction() as session:
            sealed = queries.secrets(session, [each.endpoint_id for each in claimed], at=self.clock())
        ring = self.ring()
        opened = {key: [ring.open_bytes(each).decode() for each in kept] for key, kept in sealed.items()}
        waiting = list(reversed(claimed))

        async def lane() -> None:
            while waiting:
                one = waiting.pop()
                if one.endpoint_id in self._away or self.clock() > until:
                    self._put_off(one)
                else:
                    await self._send(one, opened.get(one.endpoint_id, []))

        await run_lanes(lane, LANES)

    async def _send(self, one: Claimed, secrets: Sequence[str]) -> None:
        said = body(one.type, one.happened_at, one.data)
        answer = await self.caller.post(one.url, said, headers(said, one.event_id, secrets, at=self.clock()))
        at = self.clock()
        if answer.good:
            self.done.delivered += 1
            with self.database.transaction() as session:
                self._settle(session, one, DeliveryState.DELIVERED, answer, at=at)
                queries.note_success(session, one.endpoint_id)
            return
        if answer.away:
            self._away.add(one.endpoint_id)
        with self.database.transaction() as session:
            self._fail(session, one, answer, at)

    def _fail(self, session: Session, one: Claimed, answer: Answer, at: datetime) -> None:
        """Put a delivery off, or give it up; stop its endpoint when it said so itself, or failed for too long."""
        wait = None if answer.gone else wait_seconds(one.attempts, one.event_id)
        later = None if wait is None else at + timedelta(seconds=max(wait, answer.retry_after))
        if later is None:
            self.done.failed += 1
        else:
            self.done.deferred += 1
        state = DeliveryState.FAILED if later is None else DeliveryState.OWED
        self._settle(session, one, state, answer, at=at, later=later)
        since = queries.note_failure(session, one.endpoint_id, at=at)
        if not answer.gone and at - since < DISABLED_AFTER:
            return
        self._away.add(one.endpoint_id)
        self.done.stopped += queries.set_state(session, one.endpoint_id, EndpointState.DISABLED, at=at)
        said = STOPPED.fill(
            name=one.name, url=one.url, since=paris_day(since), why=answer.status or answer.words
        )
        open_task(
            session, key=task_of(one.endpoint_id), case_id=None, contract_id=one.contract_id, kind="webhook",
            recipient="manager", title_fr=said.fr, title_en=said.en, at=at,
        )  # fmt: skip

    def _put_off(self, one: Claimed) -> None:
        """Leave a delivery for a later run without a try: its endpoint was just seen to be away, or time is short."""
        self.done.not_tried += 1
        at = self.clock()
        wait = wait_seconds(1, one.event_id) or 0
        with self.database.transaction() as session:
            queries.settle(
                session, one, DeliveryState.OWED, by=self.by, at=at, status=NOT_TRIED, answer="",
                not_before=at + timedelta(seconds=wait),
            )  # fmt: skip

    def _settle(
        self, session: Session, one: Claimed, state: DeliveryState, answer: Answer, *,
        at: datetime, later: datetime | None = None,
    ) -> None:  # fmt: skip
        queries.settle(
            session,
            one,
            state,
            by=self.by,
            at=at,
            status=answer.status,
            answer=answer.words,
            not_before=later,
        )


def deliver_webhooks(
    database: Database, chosen: Settings, clock: Callable[[], datetime], *, by: str
) -> Delivered:  # fmt: skip
    """Send what is owed to the endpoints of webhooks; what they do not take now is owed again, later.

    Raises:
        NoBankKeyError, WrongBankKeyError: the secrets do not open; everything is still owed.
    """
    caller = Caller(chosen.webhook_timeout_seconds, networks(chosen.webhook_networks))
    return asyncio.run(Courier(database, caller, lambda: ring(chosen), clock, by).run())
