"""Playing a call: proposals drawn, time let pass, the journal verified at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from parvis.models.queries.contracts import write_contract
from parvis.models.queries.rehearsal import colleagues
from parvis.models.session import Database
from parvis.services import journal
from parvis.services.files import Shelf
from parvis.services.intake import UnknownCallError
from parvis.services.journal import Verification
from parvis.services.rehearsal import names
from parvis.services.rehearsal.applicants import CASES_AN_ASSOCIATION, proposals
from parvis.services.rehearsal.engine import Engine, Progress
from parvis.services.rehearsal.habits import USUAL, Habits
from parvis.services.rehearsal.names import Association
from parvis.services.rehearsal.post import CapturingCarrier
from parvis.services.rehearsal.proposals import Proposal
from parvis.services.rehearsal.world import Tally, World
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
    """What to rehearse: `cases` deposits to one call, from the day `first` to the end of the day `last`.

    With `packets`, those of its committees are built, and forgotten with the rest.
    """

    call: str
    first: date
    last: date
    cases: int
    seed: int
    habits: Habits = USUAL
    packets: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """A rehearsal that is over: what only it knows, and whether the journal holds. The rest is in the database."""

    scenario: Scenario
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
        NothingToRehearseError: it takes no deposit between these days.
    """
    call = _call(contract, scenario.call)
    seed = str(scenario.seed)
    pool = association_pool(
        contract, scenario.cases, seed, scenario.habits, centres=call.instrument is Instrument.AGREEMENT
    )
    drawn = proposals(
        contract, call, scenario.cases, pool, seed=seed, habits=scenario.habits.applicants,
        first=scenario.first, last=scenario.last,
    )  # fmt: skip
    if not drawn:
        raise NothingToRehearseError(call)
    until = deadline_instant(scenario.last)
    world = open_world(
        database, contract, drawn, seed=seed, habits=scenario.habits, at=local_instant(scenario.first)
    )
    with TemporaryDirectory(prefix="parvis-rehearsal-") as folder:
        world.shelf = Shelf(Path(folder), SHELF_BYTES) if scenario.packets else None
        Engine(world, CapturingCarrier(seed, refused_addresses(drawn)), until, until).run(progress)
    with database.transaction() as session:
        verification = journal.verify(session)
    return Played(scenario, world.contract_id, len(drawn), world.tally, verification)


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
        written = write_contract(session, contract, digest=f"rehearsal/{seed}")
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
    for call in contract.calls:
        if call.code == code and not call.silent:
            return call
    raise UnknownCallError(code, tuple(call.code for call in contract.calls if not call.silent))
