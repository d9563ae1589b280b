"""Sending letters: claimed under a lease, each settled by its own commit as soon as the server has it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import assert_never

from parvis.models.queries import dispatch as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.dispatch import Claimed
from parvis.models.session import Database, Session
from parvis.notifications.backoff import backoff_seconds
from parvis.notifications.bounces import return_address
from parvis.notifications.delivery import Accepted, Carrier, Deferred, Delivery, Refused, Unreachable
from parvis.notifications.message import assemble
from parvis.notifications.outgoing import (
    Attachment,
    LetterContentError,
    LetterMismatchError,
    Outgoing,
    message_id,
)
from parvis.notifications.readback import parse_back
from parvis.notifications.trouble import NOT_TRIED
from parvis.services import file_store
from parvis.services.file_problems import LostFileError
from parvis.services.lanes import run_lanes
from parvis.services.letters import Wrote, claim_due, mail_domain
from parvis.services.sent_log import Mark, SentLog, mark
from parvis.services.traces import TRACES
from parvis.states.contract import Contract
from parvis.states.enclosures import Enclosure
from parvis.states.words import Sentence

LEASE = timedelta(minutes=10)
CLAIMED_AT_ONCE = 200
BROKEN_IN_A_ROW = 4
"""How many exchanges may break one after the other before the server is taken for absent."""

CALL_THEM = Sentence(
    "Appeler {name} : l’adresse {address} refuse la lettre « {subject} ».",
    "Call {name}: the address {address} refuses the letter “{subject}”.",
)
LEFT_BEFORE = "Déjà partie avant la restauration de la base."


@dataclass(slots=True)
class Sent:
    """What a dispatch did: `known` left before a restoration; `unreachable` says why it stopped early, if it did."""

    wrote: Wrote = field(default_factory=Wrote)
    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    recovered: int = 0
    known: int = 0
    unreachable: str = ""


@dataclass(slots=True)
class Dispatcher:
    """One run over the outbox.

    `clock` gives the present instant: leases and waits are counted from it. `lanes` letters are on their way
    at once; the carrier bounds how many of them may be accepted and not yet written down. A letter is ours for `lease`,
    which leaves room for two exchanges of `timeout`, or nothing would ever be tried. `files` is the folder
    stored files are in. `log` keeps what leaves; letters `already` sent before a restoration do not leave again.
    What comes back goes to `returns`, when it is said, each letter under its own number. Once it is `asked` to stop,
    what is on its way ends, and what is not is owed at once.
    """

    database: Database
    carrier: Carrier
    clock: Callable[[], datetime]
    by: str
    lanes: int = 4
    timeout: timedelta = timedelta(seconds=30)
    lease: timedelta = LEASE
    link: str = ""
    files: Path = Path(".parvis/files")
    log: SentLog | None = None
    already: frozenset[Mark] = frozenset()
    returns: str = ""
    asked: Callable[[], bool] = lambda: False
    sent: Sent = field(default_factory=Sent)
    contracts: dict[int, Contract] = field(default_factory=dict)
    _broken: int = field(default=0, init=False, repr=False)
    _disk: OSError | None = field(default=None, init=False, repr=False)
    _ousted: bool = field(
        default=False, init=False, repr=False
    )  # another took our lease for over: it sends the rest
    _quick: Session = field(init=False, repr=False)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    def __post_init__(self) -> None:
        if self.lease <= 2 * self.timeout:
            raise ValueError(f"a lease of {self.lease} has no room for two exchanges of {self.timeout}")

    async def run(self, *, limit: int | None = None, progress: Callable[[int], None] | None = None) -> Sent:
        """Write and send everything due, at most `limit` letters; stops when the server cannot be reached.

        An exchange that breaks puts off its letter and no other, unless several do in a row.

        Raises:
            OSError: our disk is full or cannot be written; what did not leave is owed.
        """
        with self.database.single_statements() as self._quick:
            return await self._run(limit, progress or (lambda _: None))

    async def _run(self, limit: int | None, progress: Callable[[int], None]) -> Sent:
        left = limit
        while claimed := self._claim(CLAIMED_AT_ONCE if left is None else min(left, CLAIMED_AT_ONCE)):
            await self._send_all(claimed)
            left = None if left is None else left - len(claimed)
            progress(len(claimed))
        return self.sent

    def _claim(self, limit: int) -> list[Claimed]:
        """Letters to send next, their text written and committed; none when nothing is due or nobody takes them."""
        while limit and not (self.sent.unreachable or self.asked()):
            at = self.clock()
            if self.log is not None:
                self.log.check_room()
            with self.database.transaction() as session:
                self.sent.recovered += queries.recover(session, at=at)
                wrote, claimed = claim_due(
                    session, by=self.by, at=at, lease=self.lease, limit=limit, link=self.link
                )
                for contract_id in {letter.contract_id for letter in claimed} - self.contracts.keys():
                    self.contracts[contract_id] = contract_by_id(session, contract_id)
            self.sent.wrote += wrote
            if claimed or not (wrote.digested or wrote.failed):
                return claimed
        return []

    async def _send_all(self, claimed: Sequence[Claimed]) -> None:
        until = self.clock() + self.lease
        waiting = list(reversed(claimed))
        self._ousted = False

        async def lane() -> None:
            while waiting:
                letter = waiting.pop()
                late = self.clock() + 2 * self.timeout > until
                away = self.sent.unreachable or self._disk is not None
                if late or away or self._ousted or self.asked():
                    self._put_off(letter, NOT_TRIED, seconds=0)
                    continue
                try:
                    with TRACES.span("letter", letter=letter.letter_id, case=letter.case_id):
                        await self._send(letter)
                except OSError as error:  # our own disk: the mailbox, a file, the log of what left
                    self._disk = error
                    self._put_off(letter, NOT_TRIED, seconds=0)

        await run_lanes(lane, self.lanes)
        if self._disk is not None:
            raise self._disk

    async def _send(self, letter: Claimed) -> None:
        if self.already and mark(letter) in self.already:
            self.sent.known += 1
            with self.database.transaction() as session:
                queries.settle_known(session, letter.letter_id, by=self.by, at=self.clock(), note=LEFT_BEFORE)
            return
        try:
            outgoing = self._outgoing(letter)
        except LostFileError as error:
            self._put_off(letter, str(error))
            return
        try:
            message = assemble(outgoing)
            parse_back(message, outgoing)
        except (LetterContentError, LetterMismatchError) as error:
            self._refuse(letter, str(error))
            return
        answer = await self.carrier.deliver(
            message,
            return_address(self.returns, letter.letter_id) or outgoing.sender,
            outgoing.recipient,
            confirm=lambda: self._accept(letter),
        )
        self._settle(letter, answer)

    def _settle(self, letter: Claimed, answer: Delivery) -> None:
        self._broken = self._broken + 1 if isinstance(answer, Unreachable) else 0
        match answer:
            case Accepted():
                self.sent.accepted += 1
            case Deferred(_, reason):
                self.sent.deferred += 1
                self._put_off(letter, reason)
            case Refused(_, reason):
                self._refuse(letter, reason)
            case Unreachable(reason, met=True) if self._broken < BROKEN_IN_A_ROW:
                self.sent.deferred += 1
                self._put_off(letter, reason)
            case Unreachable(reason):
                self.sent.unreachable = reason or "unreachable"
                self._put_off(letter, reason)
            case _:
                assert_never(answer)

    def _outgoing(self, letter: Claimed) -> Outgoing:
        contract = self.contracts[letter.contract_id]
        sender = contract.sender
        thread = f"{contract.code}/{letter.reference}" if letter.reference else ""
        return Outgoing(
            key=letter.message_id, message_id=letter.message_id, date=letter.owed_at, sender=sender.email,
            sender_name=sender.name, reply_to=sender.reply_to or "", recipient=letter.address,
            recipient_name=letter.name, subject=letter.subject, text=letter.body_text, html=letter.body_html,
            thread_id=message_id(thread, mail_domain(contract)) if thread else "", language=letter.language,
            attachments=tuple(self._attached(each) for each in letter.enclosures),
            calendar=next((each.text for each in letter.enclosures if each.is_invitation), ""),
        )  # fmt: skip

    def _attached(self, enclosure: Enclosure) -> Attachment:
        """What leaves with the letter; a stored file is read again at each try, and is the same each time."""
        if enclosure.is_invitation:
            # Not text/calendar again: a reader that sees it twice shows two invitations.
            return Attachment(enclosure.name, "application/ics", enclosure.text.encode())
        sha256 = bytes.fromhex(enclosure.sha256)
        content = file_store.read(self.files, sha256, name=enclosure.name)
        return Attachment(enclosure.name, enclosure.media_type, content)

    async def _accept(self, letter: Claimed) -> None:
        """Settle it at once, without waiting for the disk, while other lanes prepare what they send next.

        If PostgreSQL itself crashes within 0.6 s of it, the letter is sent again, the same to the byte. Whether the log
        could be written or not, the letter has left.
        """
        try:
            if self.log is not None:
                self.log.note(letter, self.clock())
        finally:
            async with self._one_at_a_time:
                held = await queries.accept(self._quick, letter.letter_id, by=self.by, at=self.clock())
            self._ousted = self._ousted or not held

    def _put_off(self, letter: Claimed, reason: str, *, seconds: int | None = None) -> None:
        wait = backoff_seconds(letter.attempts, letter.message_id) if seconds is None else seconds
        with self.database.transaction() as session:
            not_before = self.clock() + timedelta(seconds=wait)
            queries.retry(session, letter.letter_id, by=self.by, not_before=not_before, error=reason)

    def _refuse(self, letter: Claimed, reason: str) -> None:
        self.sent.refused += 1
        said = CALL_THEM.fill(name=letter.name, address=letter.address, subject=letter.subject)
        with self.database.transaction() as session:
            queries.refuse(session, letter.letter_id, error=reason)
            queries.open_task(
                session, key=f"letter/{letter.letter_id}", case_id=letter.case_id, kind="call",
                recipient="instructor", title_fr=said.fr, title_en=said.en, at=self.clock(),
                contract_id=letter.contract_id if letter.case_id is None else None,
            )  # fmt: skip
