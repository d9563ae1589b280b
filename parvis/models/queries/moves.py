"""Writing moves: stage, journal, timers and letters of one or many cases in one statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from parvis.models.session import Session
from parvis.states.consequences import Cancel, Consequences, Plain, Value
from parvis.states.facts import By, Facts
from parvis.states.journal import micros


@dataclass(frozen=True, slots=True)
class Written:
    """One move to write: from the facts it was decided on to `target`."""

    facts: Facts
    target: str
    outcome: Consequences
    idempotency_key: str | None = None
    request_hash: str | None = None


_KINDS = {
    "deposited_on": "date", "clock_started_on": "date", "clock_paused_on": "date", "clock_paused_days": "int",
    "reply_by": "date", "committee_id": "bigint", "decided_on": "date", "report_due_on": "date",
    "report_received_on": "date", "report_accepted": "boolean", "balance_settled": "boolean",
    "notice_expires_on": "date", "not_carried_out": "boolean", "instructor_id": "bigint",
    "eligibility_checked": "boolean", "score": "int", "opinions_due_at": "timestamptz",
}  # fmt: skip

_WRITE = """
WITH asked AS (
    SELECT * FROM json_to_recordset(%(moves)s::json) AS a(
        case_id bigint, version int, source text, target text, details text, key text, request text{declared})
), moved AS (
    UPDATE cases c
       SET stage = a.target, version = c.version + 1, {entered}
           journal_head = sha256(c.journal_head || convert_to(concat_ws(chr(31),
               c.id, c.version + 1, %(micros)s::bigint, %(actor)s::text, %(role)s::text, %(action)s::text,
               a.source, a.target, a.details), 'UTF8')){assigned}
      FROM asked a
     WHERE c.id = a.case_id AND c.version = a.version AND c.id {chosen}
 RETURNING c.id, c.version, c.journal_head, a.source, a.target, a.details, a.key, a.request
), line AS (
    INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, details,
                         idempotency_key, request_hash, hash)
    SELECT id, version, %(at)s::timestamptz, %(actor)s::text, %(role)s::text, %(action)s::text, source, target,
           details, key, request, journal_head
      FROM moved
){cancelled}{planned}{owed}
SELECT id, version FROM moved
"""
_CANCELLED = """, cancelled AS (
    UPDATE timers t SET settled_at = %(at)s::timestamptz, outcome = 'cancelled'
      FROM moved
     WHERE t.case_id = moved.id AND t.settled_at IS NULL AND {which}
)"""
_PLANNED = """, planned AS (
    INSERT INTO timers (case_id, rule, occurrence, kind, period, action, template, recipient,
                        deadline, due_at, expires_at)
    SELECT t.case_id, rule, occurrence, kind, period, action, template, recipient, deadline, due_at, expires_at
      FROM json_to_recordset(%(timers)s::json) AS t(
           case_id bigint, rule text, occurrence text, kind text, period text, action text, template text,
           recipient text, deadline date, due_at timestamptz, expires_at timestamptz)
      JOIN moved ON moved.id = t.case_id
    ON CONFLICT (case_id, rule, occurrence) DO UPDATE
       SET settled_at = NULL, outcome = NULL, due_at = excluded.due_at
     WHERE timers.outcome = 'cancelled'
)"""
_OWED = """, owed AS (
    INSERT INTO letters (case_id, rule, occurrence, recipient, template, data, owed_at, not_before)
    SELECT moved.id, rule, moved.version::text, recipient, template, data,
           %(at)s::timestamptz, %(at)s::timestamptz
      FROM json_to_recordset(%(letters)s::json) AS l(
           case_id bigint, rule text, recipient text, template text, data jsonb)
      JOIN moved ON moved.id = l.case_id
    ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING
)"""


def write_moves(
    session: Session, action: str, moves: Sequence[Written], *, by: By, at: datetime
) -> dict[int, int]:
    """Write moves that share an action, the columns they change and what they cancel; versions reached, by case.

    A case that is no longer at the version its facts were read at is left out, and nothing is written for it.
    """
    first = moves[0]
    statement = _statement(
        tuple(first.outcome.changes), first.outcome.cancel, len(moves) == 1, first.facts.stage != first.target,
        any(move.outcome.timers for move in moves), any(move.outcome.letters for move in moves),
    )  # fmt: skip
    case_ids = [move.facts.case_id for move in moves]
    parameters = {
        "moves": json.dumps([_asked(move) for move in moves], default=_text),
        "ids": case_ids[0] if len(case_ids) == 1 else case_ids,
        "timers": json.dumps([_timer(move, t) for move in moves for t in move.outcome.timers], default=_text),
        "letters": json.dumps([_letter(move, letter) for move in moves for letter in move.outcome.letters]),
        "micros": micros(at),
        "at": at,
        "actor": by.actor,
        "role": by.role,
        "action": action,
        "prefix": first.outcome.cancel.prefix,
    }
    return {row[0]: row[1] for row in session.exec_driver_sql(statement, parameters)}


@cache
def _statement(
    columns: tuple[str, ...], cancel: Cancel, single: bool, enters: bool, plans: bool, owes: bool
) -> str:
    return _WRITE.format(
        declared="".join(f", {name} {_KINDS[name]}" for name in columns),
        assigned="".join(f", {name} = a.{name}" for name in columns),
        entered="entered_at = %(at)s::timestamptz, entered_version = c.version + 1," if enters else "",
        chosen="= %(ids)s::bigint" if single else "= ANY(%(ids)s::bigint[])",
        cancelled=_cancelled(cancel),
        planned=_PLANNED if plans else "",
        owed=_OWED if owes else "",
    )


def _cancelled(cancel: Cancel) -> str:
    if cancel.prefix is not None:
        return _CANCELLED.format(which="starts_with(t.rule, %(prefix)s::text)")
    if cancel.stage and cancel.clock:
        return _CANCELLED.format(which="true")
    if cancel.stage:
        return _CANCELLED.format(which="t.period = 'stage'")
    return ""


def _asked(move: Written) -> dict[str, Value]:
    facts = move.facts
    return {
        "case_id": facts.case_id, "version": facts.version, "source": facts.stage, "target": move.target,
        "details": details_text(move.outcome.details), "key": move.idempotency_key, "request": move.request_hash,
        **move.outcome.changes,
    }  # fmt: skip


def details_text(details: Mapping[str, Plain]) -> str:
    """The details of a journal line as the JSON text that is stored and hashed."""
    return json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if details else "{}"


def _timer(move: Written, timer: Any) -> dict[str, Any]:
    return {
        "case_id": move.facts.case_id, "rule": timer.rule, "occurrence": timer.occurrence, "kind": timer.kind,
        "period": timer.period, "action": timer.action, "template": timer.template, "recipient": timer.recipient,
        "deadline": timer.deadline, "due_at": timer.due_at, "expires_at": timer.expires_at,
    }  # fmt: skip


def _letter(move: Written, letter: Any) -> dict[str, Any]:
    return {"case_id": move.facts.case_id, **asdict(letter)}


def _text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
