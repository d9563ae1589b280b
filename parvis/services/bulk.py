"""Doing the same to many cases: what could be done, what would happen, doing it batch by batch, taking letters back.

A run is frozen when it is asked for: its cases, at the versions they have then. It goes on where it stopped, each batch
in one transaction with the results of its cases; a case that has changed meanwhile is refused. Its letters wait. Within
that time they can be withheld; the moves stand (docs/adr/0013: what was decided is undone by another move).
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from parvis.models.queries import bulk
from parvis.models.queries.bulk import Result, Run
from parvis.models.session import Database, Session
from parvis.services.advance import Advanced, IdempotencyMismatchError, Refused, Request, advance_many
from parvis.states.bulk import OF_ONE_CASE, Outcome, Withheld
from parvis.states.case_table import CASES
from parvis.states.facts import By, Given
from parvis.states.stages import Action
from parvis.states.words import Sentence

__all__ = [
    "BATCH",
    "MOST",
    "WAIT",
    "Result",
    "Run",
    "RunNotFoundError",
    "TakenBack",
    "TooManyError",
    "ask",
    "common_actions",
    "proceed",
    "read_results",
    "read_run",
    "take_back",
]  # fmt: skip

MOST = 10_000
BATCH = 200
WAIT = timedelta(minutes=10)
"""How long the letters of a run wait, unless told otherwise."""

TAKEN_BACK = Sentence("Envoi groupé n° {run} annulé avant le départ des lettres.",
                      "Bulk run no. {run} taken back before its letters left.")  # fmt: skip
STOPPED = Sentence(
    "L’action groupée a été arrêtée avant d’arriver à ce dossier.",
    "The bulk action was stopped before it came to this case.",
)
_GIVEN = TypeAdapter(Given)


class RunNotFoundError(Exception):
    """There is no such run."""


class TooManyError(Exception):
    """More cases than one run takes: `found`, of at most `MOST`."""

    def __init__(self, found: int) -> None:
        super().__init__(str(found))
        self.found = found


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What taking a run back did, by case: letters withheld, none owed, gone already, moved since; stopped in time."""

    withheld: int = 0
    none: int = 0
    left: int = 0
    moved: int = 0
    stopped: int = 0


def common_actions(session: Session, case_ids: Sequence[int], *, role: str) -> tuple[Action, ...]:
    """What this role may do to every one of these cases, as far as their stages say."""
    stages = bulk.stages_of(session, case_ids)
    if not stages:
        return ()
    return tuple(
        action
        for action in Action
        if action not in OF_ONE_CASE and all(CASES.row(stage, action, role) is not None for stage in stages)
    )


def ask(
    session: Session, case_ids: Sequence[int], action: Action, *, by: By, given: Given, key: str, at: datetime,
    query: str = "", wait: timedelta = WAIT,
) -> Run:  # fmt: skip
    """Freeze a run: these cases as they are now. Nothing happens to them before `proceed`.

    The same request with the same `key` is the same run.

    Raises:
        TooManyError: more than `MOST` cases.
        IdempotencyMismatchError: the key is that of another request.
    """
    ids = sorted(set(case_ids))
    if len(ids) > MOST:
        raise TooManyError(len(ids))
    brought: dict[str, Any] = _GIVEN.dump_python(given, mode="json", exclude_defaults=True)
    request = json.dumps([ids, action, by.actor, brought], ensure_ascii=False, sort_keys=True)
    asked = {
        "key": key, "request_hash": hashlib.sha256(request.encode()).hexdigest(), "actor": by.actor, "role": by.role,
        "action": action, "given": brought, "query": query, "wait_seconds": int(wait.total_seconds()), "asked_at": at,
    }  # fmt: skip
    bulk.write_run(session, asked, ids)
    run = bulk.run_of_key(session, key)
    if run is None or run.request_hash != asked["request_hash"]:
        raise IdempotencyMismatchError(key)
    return run


def proceed(
    database: Database, run_id: int, *, at: datetime, batch: int = BATCH,
    progress: Callable[[Run], None] = lambda _run: None,
) -> Run:  # fmt: skip
    """Do what is left of a run, batch by batch; interrupted, it is taken up by the next call.

    Raises:
        RunNotFoundError: there is no such run.
    """
    while True:
        with database.transaction() as session:
            run = read_run(session, run_id)
            taken = bulk.take(session, run_id, limit=batch) if run.withheld_at is None else []
            if taken:
                _do(session, run, taken, at=at)
            bulk.finish(session, run_id, at=at)
            run = read_run(session, run_id)
        progress(run)
        if not taken:
            return run


def take_back(session: Session, run_id: int, *, by: By, at: datetime) -> TakenBack:
    """Withhold the letters of a run that have not left, of cases that have not moved since, and stop what is left.

    The moves stand, in the journal as they were made. Repeated, it changes nothing more.

    Raises:
        RunNotFoundError: there is no such run.
    """
    run = read_run(session, run_id)
    said = TAKEN_BACK.fill(run=run.id)
    reason = {"code": "stopped", "fr": STOPPED.fr, "en": STOPPED.en}
    counts = bulk.withhold(session, run_id, by=by.actor, note=said.fr, stopped=[reason], at=at)
    bulk.finish(session, run_id, at=at)
    kinds = (Withheld.WITHHELD, Withheld.NONE, Withheld.LEFT, Withheld.MOVED, "stopped")
    return TakenBack(*(counts.get(each, 0) for each in kinds))


def read_run(session: Session, run_id: int) -> Run:
    """A run as it stands.

    Raises:
        RunNotFoundError: there is no such run.
    """
    run = bulk.run_by_id(session, run_id)
    if run is None:
        raise RunNotFoundError(run_id)
    return run


def read_results(session: Session, run_id: int, *, after: int = 0, limit: int = 200) -> list[Result]:
    """What became of the cases of a run, by their number, from the one after `after` on."""
    return bulk.results(session, run_id, after=after, limit=limit)


def _do(session: Session, run: Run, taken: Sequence[tuple[int, int]], *, at: datetime) -> None:
    given = _GIVEN.validate_python(run.given)
    requests = [Request(case_id, given, version) for case_id, version in taken]
    made = advance_many(session, requests, Action(run.action), by=By(run.actor, run.role), at=at)
    bulk.settle(session, run.id, [_settled(result) for result in made], at=at)
    moved = [result.case_id for result in made if isinstance(result, Advanced)]
    if run.wait_seconds and moved:
        until = at + timedelta(seconds=run.wait_seconds)
        bulk.put_off_letters(session, run.id, run.action, moved, until=until)


def _settled(result: Advanced | Refused) -> dict[str, Any]:
    if isinstance(result, Advanced):
        return {
            "case_id": result.case_id, "outcome": Outcome.DONE, "version_after": result.version,
            "stage_after": result.stage, "reasons": [],
        }  # fmt: skip
    reasons = [{"code": each.code, "fr": each.sentence.fr, "en": each.sentence.en} for each in result.reasons]
    return {"case_id": result.case_id, "outcome": Outcome.REFUSED, "reasons": reasons}
