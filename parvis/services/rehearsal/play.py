"""Playing a call: proposals drawn, time let pass, the journal verified at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from parvis.models.queries.contracts import write_contract
from parvis.models.queries.rehearsal import colleagues
from parvis.models.session import Database
from parvis.services import journal
from parvis.services.agreement_imports import take_over
from parvis.services.files import Shelf
from parvis.services.intake import UnknownCallError
from parvis.services.journal import Verification
from parvis.services.rehearsal import centres as social_centres
from parvis.services.rehearsal import names
from parvis.services.rehearsal.applicants import CASES_AN_ASSOCIATION, proposals
from parvis.services.rehearsal.engine import Engine, Progress
from parvis.services.rehearsal.habits import USUAL, Habits
from parvis.services.rehearsal.names import Association
from parvis.services.rehearsal.post import CapturingCarrier
from parvis.services.rehearsal.proposals import Proposal
from parvis.services.rehearsal.seasons import seasons
from parvis.services.rehearsal.world import Tally, World
from parvis.services.rehearsal.years import carried, for_agreements, named
from parvis.states.calendar import deadline_instant, local_instant
from parvis.states.contract import Call, Contract, Instrument

SHELF_BYTES = 256 * 1024**2


class NothingToRehearseError(Exception):
    """No deposit can be made to the call between the days given: it opens and closes on the days it carries."""

    def __init__(self, call: Call) -> None:
        super().__init__(call.code)
        self.call = call


@dataclass(frozen=True, slots=True)
class Scenario:
    """What to rehearse: `cases` deposits to these calls, from the day `first` to the end of the day `last`.

    With `packets`, those of their committees are built, and forgotten with the rest. `yearly`, the annual ones open
    again every year until `last`. So many `agreements` of several years are taken over first, and renewed in time.
    """

    calls: tuple[str, ...]
    first: date
    last: date
    cases: int
    seed: int
    habits: Habits = USUAL
    packets: bool = False
    yearly: bool = False
    agreements: int = 0


@dataclass(frozen=True, slots=True)
class Played:
    """A rehearsal that is over: what only it knows, and whether the journal holds. The rest is in the database."""

    scenario: Scenario
    calls: tuple[Call, ...]
    contract_id: int
    proposals: int
    tally: Tally
    verification: Verification


def rehearse(
    database: Database, contract: Contract, scenario: Scenario, *, progress: Progress | None = None
) -> Played:
    """Play a call in `database`, which is empty, migrated and made for this; nothing is sent to anybody.

    The same scenario on the same contract always gives the same cases, letters and instants.

    Raises:
        UnknownCallError: there is no such call, or it only takes history over.
        NothingToRehearseError: none takes a deposit between these days.
    """
    calls = tuple(_call(contract, code) for code in scenario.calls)
    if (
        scenario.yearly
        or scenario.agreements
        or not set(scenario.calls) <= {call.code for call in contract.calls}
    ):
        contract, calls = carried(contract, calls, scenario.last, yearly=scenario.yearly)
    seed = str(scenario.seed)
    drawn = _drawn(contract, calls, scenario)
    if scenario.agreements:
        renewals = for_agreements(contract, scenario.last)
        contract, calls = carried(contract, (*calls, *renewals), scenario.last, yearly=False)
    if not drawn:
        raise NothingToRehearseError(calls[0])
    until = deadline_instant(scenario.last)
    world = open_world(
        database, contract, drawn, seed=seed, habits=scenario.habits, at=local_instant(scenario.first)
    )
    if scenario.agreements:
        _bring_agreements(world, scenario)
    with TemporaryDirectory(prefix="parvis-rehearsal-") as folder:
        world.shelf = Shelf(Path(folder), SHELF_BYTES) if scenario.packets else None
        Engine(world, CapturingCarrier(seed, refused_addresses(drawn)), until, until).run(progress)
    with database.transaction() as session:
        verification = journal.verify(session)
    return Played(scenario, calls, world.contract_id, len(drawn), world.tally, verification)


def _bring_agreements(world: World, scenario: Scenario) -> None:
    """Take over the agreements of social centres, as the command does."""
    taken = {proposal.association.siret for proposal in world.proposals.values()}
    several = social_centres.centres(
        world.contract, scenario.agreements, taken, seed=world.seed, habits=world.habits, first=scenario.first,
        last=scenario.last,
    )  # fmt: skip
    world.centres = {one.association.siret: one for one in several}
    content = social_centres.sheet(world.contract, several)
    with world.database.transaction() as session:
        take_over(session, world.contract_id, world.contract, content, at=world.now)


def _drawn(contract: Contract, calls: Sequence[Call], scenario: Scenario) -> list[Proposal]:
    """The proposals of every call: an association deposits year after year, social centres to their own call."""
    seed, habits = str(scenario.seed), scenario.habits
    counts = shares(calls, habits, scenario.first, scenario.last, scenario.cases)
    drawn: list[Proposal] = []
    for centres in (False, True):
        those = [
            each for each in counts.items() if (calls[each[0]].instrument is Instrument.AGREEMENT) is centres
        ]
        most = max((count for _, count in those), default=0)
        pool = association_pool(contract, most, seed, habits, centres=centres)
        for number, count in those:
            drawn += proposals(
                contract, calls[number], count, pool, seed=seed, habits=habits.applicants,
                first=scenario.first, last=scenario.last,
            )  # fmt: skip
    return drawn


def shares(calls: Sequence[Call], habits: Habits, first: date, last: date, cases: int) -> dict[int, int]:
    """How many of `cases` go to each call, by its place: as many as its seasons weigh, `cases` in all."""
    weights = [
        sum(season.weight for season in seasons(call, habits.applicants, first, last)) for call in calls
    ]
    ends = [round(cases * reached / (sum(weights) or 1)) for reached in accumulate(weights)]
    return {number: end - begin for number, (begin, end) in enumerate(pairwise([0, *ends]))}


def open_world(
    database: Database,
    contract: Contract,
    drawn: Sequence[Proposal],
    *,
    seed: str,
    habits: Habits,
    at: datetime,
) -> World:
    """The world as it is before anything happens: the contract written, nobody has moved."""
    with database.transaction() as session:
        written = write_contract(session, contract, digest=f"rehearsal/{seed}", at=at)
        people = colleagues(session, written.contract_id)
    known = {proposal.external_id: proposal for proposal in drawn}
    return World(
        database, contract, written.contract_id, habits, seed, at, colleagues=people, proposals=known
    )


def association_pool(
    contract: Contract, cases: int, seed: str, habits: Habits, *, centres: bool
) -> list[Association]:
    """The associations that will deposit so many cases."""
    return names.associations(
        Random(f"{seed}/associations"),
        min(names.MOST, max(3, round(cases / CASES_AN_ASSOCIATION))),
        tuple(neighbourhood.code for neighbourhood in contract.neighbourhoods),
        centres=centres,
        without_address=habits.applicants.without_address,
    )


def refused_addresses(drawn: Sequence[Proposal]) -> frozenset[str]:
    """The addresses that do not exist any more."""
    refused = (one.association.email for one in drawn if one.conduct.address_refused)
    return frozenset(address for address in refused if address)


def _call(contract: Contract, code: str) -> Call:
    call = named(contract, code)
    if call is None:
        raise UnknownCallError(code, tuple(call.code for call in contract.calls if not call.silent))
    return call
