"""Taking a file of deposits in: read against the contract, then received whole or not at all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from parvis.models.queries.contracts import contract_by_id, read_contract
from parvis.models.queries.deposits import known_schools as read_schools
from parvis.models.session import ConflictError, ConstraintError, Database, Session
from parvis.services.deposits import DepositRefusedError, Received, receive
from parvis.services.imports.context import ImportContext, KnownCall, KnownFunder, plain
from parvis.services.imports.deposit import Deposit
from parvis.services.imports.problems import DepositFileError, Problem
from parvis.services.imports.reading import read_deposits
from parvis.states.calendar import paris_day
from parvis.states.contract import Call, Contract, Instrument
from parvis.states.words import Sentence

CHUNK = 500
_TRIES = 3

Progress = Callable[[int, int], None]
"""Told how many deposits are received, out of how many."""

REFUSED = Sentence(
    "Le dossier « {external_id} » n’est pas accepté : {reasons}",
    "Case “{external_id}” is not accepted: {reasons}",
)


class NoContractError(Exception):
    """The database holds no contract of this code (None: none at all), so nothing can be checked."""

    def __init__(self, code: str | None) -> None:
        super().__init__(code or "none")
        self.code = code


class UnknownCallError(Exception):
    """The contract has no call of this code; `known` lists those it has."""

    def __init__(self, code: str, known: tuple[str, ...]) -> None:
        super().__init__(code)
        self.code = code
        self.known = known


@dataclass(frozen=True, slots=True)
class _Opened:
    """The contract a file is read against."""

    contract_id: int
    context: ImportContext


def import_file(
    database: Database, contract_code: str | None, name: str, content: bytes, at: datetime, *,
    call: str | None = None, dry_run: bool = False, progress: Progress | None = None,
) -> Received:  # fmt: skip
    """Receive every deposit of a file, or none; the same file again changes nothing.

    `call` is for the deposits that name none: without it, the annual call open on their day, and the silent
    take-over call for those older than any. A dry run checks and writes all, then undoes it.

    Raises:
        DepositFileError: with everything there is to correct.
        NoContractError: there is no such contract.
        UnknownCallError: the contract has no call `call`.
    """
    opened = _opened(database, contract_code, at, call)
    return _import(database, opened, name, content, at, dry_run=dry_run, progress=progress)


def import_for(
    database: Database, contract_id: int, name: str, content: bytes, at: datetime, *,
    call: str | None = None, dry_run: bool = False,
) -> Received:  # fmt: skip
    """Receive every deposit of what was sent to a contract, or none; otherwise as `import_file`.

    Raises:
        DepositFileError, UnknownCallError: as `import_file`.
    """
    with database.transaction() as session:
        contract = contract_by_id(session, contract_id)
        schools = read_schools(session)
    opened = _open(contract_id, contract, at, call, schools)
    return _import(database, opened, name, content, at, dry_run=dry_run)


def _import(
    database: Database, opened: _Opened, name: str, content: bytes, at: datetime, *,
    dry_run: bool, progress: Progress | None = None,
) -> Received:  # fmt: skip
    deposits = read_deposits(name, content, opened.context)
    for _ in range(_TRIES - 1):
        try:
            return _received(database, opened.contract_id, deposits, at, dry_run=dry_run, progress=progress)
        except (ConstraintError, ConflictError):
            continue  # another import brought the same cases at the same moment: they are there now
    return _received(database, opened.contract_id, deposits, at, dry_run=dry_run, progress=progress)


def import_context(
    contract: Contract, at: datetime, call: str | None = None, known_schools: frozenset[str] = frozenset()
) -> ImportContext:
    """What a file that arrives at `at` is checked against; `known_schools` are those the portal told of before."""
    return ImportContext(
        today=paris_day(at),
        calls=tuple(_known_call(each) for each in contract.calls),
        qpvs=frozenset(neighbourhood.code for neighbourhood in contract.neighbourhoods),
        challenges=frozenset(challenge.code for challenge in contract.challenges),
        funders=tuple(
            KnownFunder(code=funder.code, name=funder.name, aliases=funder.aliases)
            for funder in contract.funders
        ),
        chosen_call=call,
        schools=frozenset(contract.schools) | known_schools,
    )


def context_of(database: Database, contract_code: str | None, at: datetime) -> ImportContext:
    """What files are checked against now; the example row of the import sheet is made of it.

    Raises:
        NoContractError: there is no such contract.
    """
    return _opened(database, contract_code, at, None).context


def _opened(database: Database, contract_code: str | None, at: datetime, call: str | None) -> _Opened:
    with database.transaction() as session:
        found = read_contract(session, contract_code)
        schools = read_schools(session)
    if found is None:
        raise NoContractError(contract_code)
    return _open(*found, at, call, schools)


def _open(
    contract_id: int, contract: Contract, at: datetime, call: str | None, schools: frozenset[str]
) -> _Opened:
    known = tuple(each.code for each in contract.calls)
    if call is not None and plain(call) not in {plain(code) for code in known}:
        raise UnknownCallError(call, known)
    return _Opened(contract_id, import_context(contract, at, call, schools))


def _known_call(call: Call) -> KnownCall:
    renewals = [wave.closes.renewal or wave.closes.new for wave in call.waves]
    schools = [wave.closes.school for wave in call.waves if wave.closes.school]
    return KnownCall(
        code=call.code,
        opens_on=call.opens_on,
        closes_on=call.closes_on,
        renewal_closes_on=max(renewals) if renewals and call.closes_on else None,
        school_closes_on=max(schools) if schools and call.closes_on else None,
        annual=call.instrument is Instrument.ANNUAL,
        takes_over=call.silent,
        natures=call.accepts,
        partners_allowed=call.partners_allowed or call.silent,
        pays_through_lead=call.pays_through_lead,
    )


def _received(
    database: Database, contract_id: int, deposits: Sequence[Deposit], at: datetime, *,
    dry_run: bool, progress: Progress | None,
) -> Received:  # fmt: skip
    with database.transaction() as session:
        received = _receive_all(session, contract_id, deposits, at, progress)
        if dry_run:
            session.rollback()
    return received


def _receive_all(
    session: Session, contract_id: int, deposits: Sequence[Deposit], at: datetime, progress: Progress | None
) -> Received:
    """Receive by chunks, in the caller's transaction; a refusal in one still lets the others say theirs."""
    total = Received()
    refused: dict[str, tuple[Sentence, ...]] = {}
    done = 0
    for chunk in _chunks(deposits):
        try:
            part = receive(session, contract_id, chunk, at=at)
        except DepositRefusedError as error:
            refused |= error.refused
        else:
            total = _sum(total, part)
        done += len(chunk)
        if progress:
            progress(done, len(deposits))
    if refused:
        _refuse(refused, deposits)
    return total


def _chunks(deposits: Sequence[Deposit]) -> Iterator[Sequence[Deposit]]:
    for start in range(0, len(deposits), CHUNK):
        yield deposits[start : start + CHUNK]


def _sum(one: Received, other: Received) -> Received:
    return Received(
        one.created + other.created, one.unchanged + other.unchanged,
        one.diverging + other.diverging, one.updated + other.updated, one.warnings + other.warnings,
    )  # fmt: skip


def _refuse(refused: dict[str, tuple[Sentence, ...]], deposits: Sequence[Deposit]) -> NoReturn:
    """Say what the table refused as the other problems of a file are said, in the order of the file."""
    order = {deposit.external_id: number for number, deposit in enumerate(deposits)}
    raise DepositFileError(
        Problem(
            None, "external_id", external_id, "deposit_refused",
            REFUSED.fill(external_id=external_id, reasons=_joined(refused[external_id])),
        )
        for external_id in sorted(refused, key=lambda each: order[each])
    ) from None  # fmt: skip


def _joined(sentences: Sequence[Sentence]) -> Sentence:
    return Sentence(" ".join(each.fr for each in sentences), " ".join(each.en for each in sentences))
