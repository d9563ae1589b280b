"""What each scheduled job does, whoever runs it: a flow, a command, or the virtual clock of a rehearsal."""

import asyncio
import time as elapsed
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from parvis.models.queries.notices import owe_to_role
from parvis.models.queries.open_data import public_contracts
from parvis.models.session import Database
from parvis.notifications import bounce_box
from parvis.notifications.delivery import Carrier
from parvis.notifications.mailbox import LocalMailbox, MailboxCarrier
from parvis.notifications.smtp import SmtpPool
from parvis.services import (
    agendas,
    agreement_sweeps,
    applicants,
    bounces,
    deadlines,
    decision_documents,
    digests,
    filling,
    inbox,
    interests,
    journal,
    minutes_documents,
    packets,
    recovery_documents,
    summons,
)
from parvis.services.agreement_sweeps import Renewing
from parvis.services.deadlines import Fired
from parvis.services.digests import Digested
from parvis.services.files import shelf
from parvis.services.filling import Filled
from parvis.services.inbox import Arrival
from parvis.services.journal import Anchored, Verification
from parvis.services.open_data.publishing import Published, publish
from parvis.services.outbox import Dispatcher, Sent
from parvis.services.sent_log import SentLog, sent_before
from parvis.services.settings import Settings
from parvis.services.stopping import let_end
from parvis.services.summons import Summoned
from parvis.states.calendar import local_instant, paris_day
from parvis.states.stages import Role
from parvis.states.words import Language

MORNING, EVENING = digests.MORNING, time(18)
"""Between these hours, Paris time, the digest of the day may still leave: a machine started late catches up."""


def due_batches(database: Database, at: datetime, *, size: int | None = None) -> list[list[int]]:
    """The ids of the cases with something due at `at`, the longest due first, in batches that several runs share.

    Two runs that read the same batches meet in none: each leaves to the other what it holds and goes on to the next.
    """
    with database.transaction() as session:
        case_ids = deadlines.due(session, at=at)
    size = size or deadlines.shared_size(len(case_ids))
    return [case_ids[start : start + size] for start in range(0, len(case_ids), size)]


def fire_deadlines(database: Database, case_ids: list[int], at: datetime) -> Fired:
    """Fire what is due of one batch of cases, in one transaction; what is fired already is left alone."""
    with database.transaction() as session:
        return deadlines.fire(session, case_ids, at=at)


def advance_deadlines(database: Database, at: datetime) -> Fired:
    """Fire everything due at `at`, a transaction per batch."""
    return deadlines.sweep(database, at=at)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a run over the packets did: sittings looked at, copies built, copies that had not changed, letters owed."""

    sittings: int = 0
    built: int = 0
    unchanged: int = 0
    letters: int = 0

    def __add__(self, other: "Prepared") -> "Prepared":
        return Prepared(
            self.sittings + other.sittings, self.built + other.built,
            self.unchanged + other.unchanged, self.letters + other.letters,
        )  # fmt: skip


def packets_due(database: Database, at: datetime) -> list[int]:
    """The sittings whose members must have their packet by the Paris day of `at`; their agendas close first."""
    agendas.close_due(database, at=at)
    with database.transaction() as session:
        return packets.sittings_in_lead_time(session, paris_day(at))


def prepare_packet(database: Database, chosen: Settings, committee_id: int, at: datetime) -> Prepared:
    """Build what changed of the packet of one sitting, and owe its letters."""
    made = packets.build(database, shelf(chosen), committee_id, by=agendas.CLOCK, at=at)
    built = sum(copy.built for copy in made)
    return Prepared(1, built, len(made) - built, sum(copy.letters for copy in made))


def renew_agreements(database: Database, at: datetime) -> Renewing:
    """Do all that is due for agreements of several years: steps, renewal requests, reminders."""
    return agreement_sweeps.renew(database, at=at)


def fill_agendas(database: Database, at: datetime) -> Filled:
    """Close the agendas whose time has come and put every instructed case on the next one with room."""
    return filling.fill(database, at=at)


def find_conflicts(database: Database, at: datetime) -> int:
    """Compare members and cases of the sittings to come; how many conflicts of interest are new."""
    return interests.propose_all(database, at=at)


def summon_members(database: Database, at: datetime) -> Summoned:
    """Owe the letters whose time has come to the members of the sittings to come."""
    return summons.summon_all(database, at=at)


def send_letters(
    database: Database, chosen: Settings, clock: Callable[[], datetime], *,
    by: str, progress: Callable[[int], None] | None = None,
) -> Sent:  # fmt: skip
    """Write and send every letter whose time has come by `clock`, to the server of the settings or the mailbox.

    `by` names this process among those that send. What the server does not take now is owed again, later.
    """
    log = SentLog(chosen.sent_log)
    already = sent_before(database, log)

    async def dispatch(asked: Callable[[], bool]) -> Sent:
        async with _carrier(chosen) as carrier:
            dispatcher = Dispatcher(
                database, carrier, clock, by, lanes=chosen.smtp_connections,
                timeout=timedelta(seconds=chosen.smtp_timeout_seconds), link=chosen.public_url,
                files=chosen.files, log=log, already=already, returns=chosen.bounce_address, asked=asked,
            )  # fmt: skip
            return await dispatcher.run(progress=progress)

    return let_end(lambda asked: asyncio.run(dispatch(asked)))


def running_clock(at: datetime) -> Callable[[], datetime]:
    """A clock that shows `at` now and goes on from there."""
    begun = elapsed.monotonic()
    return lambda: at + timedelta(seconds=elapsed.monotonic() - begun)


@asynccontextmanager
async def _carrier(chosen: Settings) -> AsyncIterator[Carrier]:
    if chosen.smtp_url is None:
        yield MailboxCarrier(LocalMailbox(chosen.mailbox, durable=True))
        return
    async with SmtpPool(
        chosen.smtp_url.get_secret_value(),
        connections=chosen.smtp_connections,
        unconfirmed=chosen.smtp_unconfirmed,
        timeout_seconds=chosen.smtp_timeout_seconds,
    ) as pool:
        yield pool


def morning_digest(database: Database, at: datetime) -> Digested:
    """Owe the digest of the Paris day of `at`, once, between `MORNING` and `EVENING` of a working day."""
    day = paris_day(at)
    if not local_instant(day, MORNING) <= at < local_instant(day, EVENING):
        return Digested()
    with database.transaction() as session:
        return digests.morning(session, at=at)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in by the watched folder: each file, and how many cases were created or held already."""

    arrivals: tuple[Arrival, ...] = ()

    @property
    def created(self) -> int:
        """Cases created."""
        return sum(len(one.received.created) for one in self.arrivals if one.received)

    @property
    def known(self) -> int:
        """Cases that were there already."""
        return sum(one.received.known for one in self.arrivals if one.received)

    @property
    def refused(self) -> int:
        """Files refused."""
        return sum(not one.accepted for one in self.arrivals)


def import_deposits(
    database: Database, folder: Path, at: datetime, *, language: str = Language.FR
) -> Imported:
    """Import what is in the watched folder; each file ends in `done/` or `refused/`, a report beside it."""
    return Imported(tuple(inbox.import_folder(database, folder, at, language=language)))


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watch over the journal found; no anchor is made of a journal that is empty or not sound."""

    verification: Verification
    anchored: Anchored | None


def watch_journal(database: Database, anchors: Path, at: datetime) -> Watched:
    """Verify every line of the journal, then anchor its heads in the database, in a file and in a letter."""
    verification = verify_journal(database, anchors)
    if not (verification.sound and verification.lines):
        return Watched(verification, None)
    return Watched(verification, anchor_journal(database, anchors, at))


def verify_journal(database: Database, anchors: Path) -> Verification:
    """Verify every line of the journal against its chain and its anchors."""
    with database.transaction() as session:
        return journal.verify(session, anchors_folder=anchors)


def forget_expired(database: Database, at: datetime) -> int:
    """Forget what nobody can use any more: spaces asked for and never opened (RGPD art. 5.1.e); how many."""
    with database.transaction() as session:
        return applicants.forget_expired(session, at=at)


def anchor_journal(database: Database, anchors: Path, at: datetime) -> Anchored:
    """Anchor the heads of the journal as they are at `at`, and owe the root to the administrators by letter.

    The same heads again that day change nothing.
    """
    with database.transaction() as session:
        anchored = journal.anchor(session, at=at, folder=anchors)
        if anchored.recorded:
            owe_to_role(
                session, Role.ADMINISTRATOR, template="journal_anchor", occurrence=str(anchored.number),
                data=anchored.letter, at=at,
            )  # fmt: skip
    return anchored


@dataclass(frozen=True, slots=True)
class Papers:
    """The documents a run made: for how many decisions, how many in all, and the minutes among them."""

    decisions: int = 0
    documents: int = 0
    minutes: int = 0


def write_papers(database: Database, chosen: Settings, at: datetime) -> Papers:
    """Make the documents that decisions and closed sessions call for and that are not there yet.

    Raises:
        OSError: the disk is full or cannot be written; the next run takes up what is left.
    """
    kept = shelf(chosen)
    made = decision_documents.make_owed(database, kept, at=at)
    minutes = minutes_documents.make_owed(database, kept, at=at)
    recoveries = recovery_documents.make_owed(database, kept, at=at)
    return Papers(made.decisions, made.documents + minutes + recoveries, minutes)


def read_bounces(database: Database, chosen: Settings, at: datetime) -> bounces.Returned:
    """Take the letters that came back to the mailbox of the settings; nothing without one.

    Raises:
        BounceBoxError: it cannot be read; what was taken is.
    """
    if chosen.bounces is None:
        return bounces.Returned()
    with bounce_box.opened(chosen.bounces.get_secret_value()) as box:
        return bounces.take_all(database, box, at)


def publish_open_data(database: Database, at: datetime, *, dry_run: bool = False) -> tuple[Published, ...]:
    """Publish the essential data of the grants of every contract as of `at`, each in a transaction of its own.

    Raises:
        NoSiretError: a funder whose grants are to be published says no SIRET; the contracts before are published.
        InvalidDataError: a file does not follow the official schema; so are they.
    """
    with database.transaction() as session:
        contracts = public_contracts(session)
    made = []
    for contract in contracts:
        with database.transaction() as session:
            made.append(publish(session, contract.id, at=at, dry_run=dry_run))
    return tuple(made)
