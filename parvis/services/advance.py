"""Moving cases: the only writer of a stage."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.models.queries import journal
from parvis.models.queries.calls import call_rules
from parvis.models.queries.facts import Known, read_facts
from parvis.models.queries.moves import Written, write_moves
from parvis.models.session import Database, Session, begin
from parvis.services.bringing import complete, foreseen
from parvis.services.effects import apply_effects, has_effects
from parvis.services.made import Made
from parvis.services.traces import TRACES
from parvis.states.case_table import CASES
from parvis.states.consequences import CallRules, Consequences, consequences
from parvis.states.facts import NOTHING, By, Facts, Given
from parvis.states.partner_table import ABOUT_PARTNERS
from parvis.states.portal_table import ABOUT_PORTALS
from parvis.states.stages import Action, Stage
from parvis.states.table import Move, MoveRefusedError, Option, Reason, StaleVersionError, decide, options
from parvis.states.words import Sentence

_TRIES = 3
_TAKES_MONEY = frozenset({Action.FUND, Action.RECOMMEND, Action.RECOMMEND_AMOUNTS})
_NAMES_A_SITTING = frozenset({Action.SCHEDULE, Action.CARRY})
"""The moves that look at the sitting they name; every other looks at the one the case is at."""

MISSING = Reason("not_found", Sentence("Ce dossier n’existe pas.", "There is no such case."))
STALE = Reason(
    "stale",
    Sentence(
        "Ce dossier a changé entre-temps : le relire, puis recommencer.",
        "This case has changed meanwhile: read it again, then retry.",
    ),
)


class CaseNotFoundError(Exception):
    """There is no such case."""


class IdempotencyMismatchError(Exception):
    """This idempotency key was used for something else."""


@dataclass(frozen=True, slots=True)
class Advanced:
    """What became of a case: its stage and version now; `replayed` when the same request had already been served."""

    case_id: int
    stage: Stage
    version: int
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A case of a bulk move that stayed as it was, and why."""

    case_id: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One case of a bulk move."""

    case_id: int
    given: Given = NOTHING
    expected_version: int | None = None


def refusals(results: Iterable[Advanced | Refused]) -> list[Refused]:
    """The cases of a bulk move that stayed as they were."""
    return [result for result in results if isinstance(result, Refused)]


def advance(
    session: Session, case_id: int, action: Action, *, by: By, at: datetime,
    expected_version: int | None = None, given: Given = NOTHING, key: str | None = None,
) -> Advanced:  # fmt: skip
    """Move one case one step, or record one fact of it; the only writer of a case's stage.

    Stage, journal line, timers and letters land in the caller's transaction, or none do. Nothing is sent.
    With an idempotency `key`, the same request served again answers the same and writes nothing.

    Raises:
        CaseNotFoundError: there is no such case.
        MoveRefusedError: the table says no; `reasons` tell why. Nothing is written.
        StaleVersionError: someone moved it since `expected_version`.
        IdempotencyMismatchError: `key` was used for another request.
    """
    with TRACES.span("move", action=action, case=case_id):
        return _advance(session, Request(case_id, given, expected_version), action, by=by, at=at, key=key)


def _advance(
    session: Session, wanted: Request, action: Action, *, by: By, at: datetime, key: str | None
) -> Advanced:
    case_id, given, expected = wanted.case_id, wanted.given, wanted.expected_version
    request = _fingerprint(case_id, action, by, given) if key else None
    for _ in range(_TRIES):
        if key and (replay := _replayed(session, key, request)):
            return replay
        known = _prepare(session, action, [wanted], at=at, lock=False).get(case_id)
        if known is None:
            raise CaseNotFoundError(case_id)
        try:
            move = decide(CASES, known.facts, action, by.role, wanted.expected_version)
        except (MoveRefusedError, StaleVersionError):
            if key and (replay := _replayed(session, key, request)):
                return replay  # the same request, served while this one was reading
            raise
        written = _written(session, move, known, key, request)
        version = write_moves(session, action, [written], by=by, at=at).get(case_id)
        if version is not None:
            _apply_effects(session, action, known, version, by=by, at=at)
            return Advanced(case_id, Stage(written.target), version)
        expected = known.facts.version
    raise StaleVersionError(expected or 0, _version_now(session, case_id, at))


def advance_alone(
    database: Database, case_id: int, action: Action, *, by: By, at: datetime,
    expected_version: int | None = None, given: Given = NOTHING, key: str | None = None,
) -> Advanced:  # fmt: skip
    """`advance` as a transaction of its own, the shortest there is: what edges call to move one case.

    Raises:
        CaseNotFoundError, MoveRefusedError, StaleVersionError, IdempotencyMismatchError: as `advance`.
    """
    with database.one_write() as session:
        if has_effects(action):
            begin(session)
        return advance(
            session, case_id, action, by=by, at=at, expected_version=expected_version, given=given, key=key
        )


def served(
    session: Session, key: str, case_id: int, action: Action, *, by: By, given: Given
) -> Advanced | None:
    """What came of this very request when it was served before under this idempotency key; None when it was not.

    Raises:
        IdempotencyMismatchError: `key` was used for another request.
    """
    return _replayed(session, key, _fingerprint(case_id, action, by, given))


def advance_many(
    session: Session, requests: Sequence[Request], action: Action, *, by: By, at: datetime
) -> list[Advanced | Refused]:
    """Move many cases at once: a result per request, in their order; those refused stay as they were.

    A bulk `schedule` or `carry` is for one committee: the one of the first request. Those that take money
    are made one after the other, each seeing what the envelopes have left after the one before.
    """
    with TRACES.span("moves", action=action, cases=len(requests)):
        return _advance_many(session, requests, action, by=by, at=at)


def _advance_many(
    session: Session, requests: Sequence[Request], action: Action, *, by: By, at: datetime
) -> list[Advanced | Refused]:
    if action in _TAKES_MONEY:
        return [_one_of_many(session, request, action, by, at) for request in requests]
    known = _prepare(session, action, requests, at=at, lock=True)
    results: dict[int, Advanced | Refused] = {}
    groups: dict[object, list[Written]] = defaultdict(list)
    for request in requests:
        decided = _decide_one(session, known.get(request.case_id), request, action, by)
        if isinstance(decided, Refused):
            results[request.case_id] = decided
        else:
            groups[tuple(decided.outcome.changes), decided.outcome.cancel, decided.target].append(decided)
    for moves in groups.values():
        versions = write_moves(session, action, moves, by=by, at=at)
        for move in moves:
            case_id = move.facts.case_id
            _apply_effects(session, action, known[case_id], versions[case_id], by=by, at=at)
            results[case_id] = Advanced(case_id, Stage(move.target), versions[case_id])
    return [results[request.case_id] for request in requests]


def why(session: Session, case_id: int, *, at: datetime, given: Given = NOTHING) -> list[Option]:
    """Every move of a case from where it stands: who may make it, and what blocks it now.

    Raises:
        CaseNotFoundError: there is no such case.
    """
    known = read_facts(session, [case_id], given, at=at, lock=False).get(case_id)
    if known is None:
        raise CaseNotFoundError(case_id)
    brought = foreseen(session, known.facts, given, at=at)
    found = options(CASES, replace(known.facts, given=brought))
    return [option for option in found if _about(option.action, brought)]


def _about(action: str, brought: Given) -> bool:
    """Whether a move means anything for this case: those about partners, where there are some or may be."""
    if action in ABOUT_PORTALS or (action == Action.TAKE_OFF_FILE and not brought.signed_document):
        return False
    if action not in ABOUT_PARTNERS or brought.coalition is None:
        return action not in ABOUT_PARTNERS
    return brought.coalition.allowed if action == Action.ADD_PARTNER else bool(brought.coalition.parts)


def _prepare(
    session: Session, action: Action, requests: Sequence[Request], *, at: datetime, lock: bool
) -> dict[int, Known]:
    """The facts of the cases, completed by what this action alone needs to know."""
    shared = requests[0].given
    if shared.committee_id is not None and action not in _NAMES_A_SITTING:
        shared = replace(shared, committee_id=None)
    known = read_facts(session, [request.case_id for request in requests], shared, at=at, lock=lock)
    given = {request.case_id: request.given for request in requests if request.case_id in known}
    for case_id, completed in complete(session, action, given, at=at):
        known[case_id] = replace(known[case_id], facts=replace(known[case_id].facts, given=completed))
    return known


def _one_of_many(
    session: Session, request: Request, action: Action, by: By, at: datetime
) -> Advanced | Refused:
    try:
        return advance(session, request.case_id, action, by=by, at=at, given=request.given,
                       expected_version=request.expected_version)  # fmt: skip
    except CaseNotFoundError:
        return Refused(request.case_id, (MISSING,))
    except MoveRefusedError as refusal:
        return Refused(request.case_id, refusal.reasons)
    except StaleVersionError:
        return Refused(request.case_id, (STALE,))


def _decide_one(
    session: Session, known: Known | None, request: Request, action: Action, by: By
) -> Written | Refused:
    if known is None:
        return Refused(request.case_id, (MISSING,))
    try:
        move = decide(CASES, known.facts, action, by.role, request.expected_version)
    except MoveRefusedError as refusal:
        return Refused(request.case_id, refusal.reasons)
    except StaleVersionError:
        return Refused(request.case_id, (STALE,))
    return _written(session, move, known, None, None)


def _written(
    session: Session, move: Move[Facts], known: Known, key: str | None, request: str | None
) -> Written:
    outcome: Consequences = consequences(move, known.facts, _rules(session, known))
    return Written(known.facts, str(move.target or known.facts.stage), outcome, key, request, known.hooked)


def _rules(session: Session, known: Known) -> CallRules:
    return call_rules(session, known.call_id, known.digest)


def _apply_effects(
    session: Session, action: Action, known: Known, version: int, *, by: By, at: datetime
) -> None:
    if has_effects(action):
        facts = known.facts
        rules = _rules(session, known)
        apply_effects(session, action, Made(facts.case_id, version, facts.given, rules, at, by.actor))


def _replayed(session: Session, key: str, request: str | None) -> Advanced | None:
    line = journal.find_by_key(session, key)
    if line is None:
        return None
    if line.request_hash != request:
        raise IdempotencyMismatchError(key)
    return Advanced(line.case_id, Stage(line.target), line.seq, replayed=True)


def _fingerprint(case_id: int, action: Action, by: By, given: Given) -> str:
    said = json.dumps([case_id, action, by.actor, repr(given)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _version_now(session: Session, case_id: int, at: datetime) -> int:
    return read_facts(session, [case_id], NOTHING, at=at, lock=False)[case_id].facts.version
