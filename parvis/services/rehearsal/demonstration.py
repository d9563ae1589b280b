"""The demonstration: about two hundred invented cases of the annual calls, played into an empty database."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from parvis.models.enclosed import Enclosed
from parvis.models.queries import rehearsal as queries
from parvis.models.queries.committees import sittings
from parvis.models.queries.contracts import contract_by_id, mark_invented, read_contract, write_contract
from parvis.models.session import Database, Session
from parvis.notifications.mailbox import LocalMailbox
from parvis.services import jobs, packets
from parvis.services.agendas import CLOCK
from parvis.services.bank_keys import NoBankKeyError, ring
from parvis.services.files import shelf
from parvis.services.opening import open_contract
from parvis.services.rehearsal import agreements
from parvis.services.rehearsal.accounts import give_accounts
from parvis.services.rehearsal.applicants import proposals
from parvis.services.rehearsal.engine import Engine
from parvis.services.rehearsal.frame import framed, played
from parvis.services.rehearsal.habits import (
    ApplicantHabits,
    Delay,
    FinanceHabits,
    Habits,
    OfficerHabits,
)
from parvis.services.rehearsal.inbox_files import leave_files
from parvis.services.rehearsal.play import association_pool, refused_addresses
from parvis.services.rehearsal.post import CapturingCarrier
from parvis.services.rehearsal.proposals import Proposal
from parvis.services.rehearsal.seasons import seasons
from parvis.services.rehearsal.transfers import move_money
from parvis.services.rehearsal.world import World
from parvis.services.settings import Settings
from parvis.states.calendar import local_instant, paris_day, previous_working_day
from parvis.states.contract import Call, Contract

CASES = 200
DAYS = 320
"""How long ago the demonstration begins: ten months and a half."""
LEAST_NOW = 0.13
"""The least part of the cases deposited to the call that opened last, so that some are at every early stage."""
PACKETS = 2
SEED = "demonstration"
AFTERNOON, LAST_POST = time(16, 30), time(10, 30)

HABITS = Habits(
    applicants=ApplicantHabits(
        incomplete=0.6, answers_late=0.09, answers_when_reminded=0.15, report_early=0.6, withdraws=0.05,
        after_closing=0.0,
    ),
    officers=OfficerHabits(examine_report=Delay(2, 6, 15), close=Delay(0, 2, 6)),
    finance=FinanceHabits(settle=Delay(2, 5, 12), pay=Delay(15, 35, 58)),
)  # fmt: skip

Progress = Callable[[int, int], None]
"""Told how many days are played, out of how many."""


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """What the demonstration put in: cases, letters delivered to the mailbox, files left in the inbox."""

    cases: int
    letters: int
    files: int


def ensure_demonstration(
    database: Database, settings: Settings, at: datetime, mailbox: LocalMailbox,
    progress: Progress | None = None, *, cases: int = CASES,
) -> Demonstrated | None:  # fmt: skip
    """Play ten months of the annual calls up to `at` when the database has no case; None when it has some.

    All of it lands at once or not at all, and two processes that start together play it once. Letters are in the
    mailbox, dated when they were owed; those of the last hours are left to send, and a few files to import.

    Raises:
        ContractFileError: there is no contract, and its file cannot be used.
    """
    open_contract(database, settings, at)
    today = paris_day(at)
    with database.transaction() as session:
        queries.demonstrate_alone(session)
        found = read_contract(session)
        if queries.any_case(session) or found is None:
            return None
        contract_id, written = found
        contract = _framed(session, contract_id, written, at)
        drawn = _drawn(contract, today, cases)
        carrier = CapturingCarrier(SEED, refused_addresses(drawn), keep=True)
        world = _world(session, contract_id, contract, drawn, today)
        begun = world.now
        agreements.take_over_all(session, contract_id, contract, settings.contract.parent, at=begun)
        jobs.renew_agreements(world.database, begun)
        agreements.evaluate(session, contract_id, first=_first(today), until=at)
        agreements.plan_requests(world)
        Engine(world, carrier, at, _last_post(at)).run(progress)
        move_money(session, contract_id, at=at)
        with suppress(NoBankKeyError):  # a database of one's own, and no key to seal accounts with
            give_accounts(session, ring(settings), contract_id, at=at)
        _build_next_packets(session, world, settings, at)
        letters = carrier.deliver_kept(mailbox)
        mark_invented(session, contract_id)
    files = leave_files(settings.inbox, contract, _call_open(contract, today), at)
    return Demonstrated(len(drawn), letters, files)


def _framed(session: Session, contract_id: int, written: Contract, at: datetime) -> Contract:
    """The contract as it is played; the database keeps it until its file changes."""
    today = paris_day(at)
    contract = framed(written, _first(today), today)
    if contract != written:
        digest = queries.digest_of(session, contract_id)
        write_contract(session, contract, digest=f"{digest}+{SEED}", at=at)
        queries.stand_for(session, contract_id, digest)
    return contract_by_id(session, contract_id)


def _first(today: date) -> date:
    return today - timedelta(days=DAYS)


def _drawn(contract: Contract, today: date, cases: int) -> list[Proposal]:
    """The proposals to each call played, as many as its seasons weigh."""
    habits, first = HABITS.applicants, _first(today)
    calls = played(contract.calls, first, today)
    weights = [sum(season.weight for season in seasons(call, habits, first, today)) for call in calls]
    pool = association_pool(contract, cases, SEED, HABITS, centres=False)
    drawn: list[Proposal] = []
    for call, count in zip(calls, _counts(weights, cases), strict=True):
        drawn += proposals(contract, call, count, pool, seed=SEED, habits=habits, first=first, last=today)
    return drawn


def _counts(weights: Sequence[float], cases: int) -> list[int]:
    """How many cases each call has; the last one, just opened, has a part of its own."""
    whole = sum(weights)
    if not whole:
        return [0 for _ in weights]
    shares = [weight / whole for weight in weights]
    if len(shares) > 1 and shares[-1] < LEAST_NOW:
        others = 1 - shares[-1]
        shares = [share / others * (1 - LEAST_NOW) for share in shares[:-1]] + [LEAST_NOW]
    return [round(cases * share) for share in shares]


def _world(
    session: Session, contract_id: int, contract: Contract, drawn: Sequence[Proposal], today: date
) -> World:
    return World(
        Enclosed(session), contract, contract_id, HABITS, SEED, local_instant(_first(today)),
        colleagues=queries.colleagues(session, contract_id),
        proposals={proposal.external_id: proposal for proposal in drawn},
    )  # fmt: skip


def _build_next_packets(session: Session, world: World, settings: Settings, at: datetime) -> None:
    """Build the packets of the sitting under way and of the next one, before their day: there is something to open."""
    ahead = sittings(session, contract_id=world.contract_id, since=paris_day(at) - timedelta(days=1))
    waiting = [one for one in ahead if one.cases]
    for sitting in waiting[:PACKETS]:
        packets.build(world.database, shelf(settings), sitting.id, by=CLOCK, at=at, quiet=True)


def _last_post(at: datetime) -> datetime:
    """The last time letters leave: in the morning of the last working day whose afternoon is over."""
    today = paris_day(at)
    day = today if local_instant(today, AFTERNOON) <= at else today - timedelta(days=1)
    return local_instant(previous_working_day(day), LAST_POST)


def _call_open(contract: Contract, today: date) -> Call | None:
    """The call that takes deposits today, the one that opened last."""
    calls = [call for call in played(contract.calls, today, today) if call.opens_on < today]
    return calls[-1] if calls else None
