"""Writing moves: stage, journal, timers and letters of one or many cases in one statement."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import chain, count
from secrets import token_hex
from typing import NamedTuple, TypeAlias

from parvis.models.queries.due_dates import OPINION, STANDS, is_measured
from parvis.models.queries.hooked import OF_CASES
from parvis.models.queries.moved_agendas import JOINED, LEFT
from parvis.models.session import Session, fetch
from parvis.states.consequences import Cancel, Consequences, OwedLetter
from parvis.states.deadlines import Kind, Timer
from parvis.states.details import Plain
from parvis.states.facts import By, Facts
from parvis.states.journal import micros
from parvis.states.redaction import salted
from parvis.states.stages import Action, Stage

Row: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """One move to write: from the facts it was decided on to `target`; `hooked` when other software is told of some."""

    facts: Facts
    target: str
    outcome: Consequences
    idempotency_key: str | None = None
    request_hash: str | None = None
    hooked: bool = False


_MOVE = {
    "case_id": "bigint", "version": "int", "source": "text", "target": "text", "details": "text",
    "key": "text", "request": "text",
}  # fmt: skip
_CHANGE = {
    "deposited_on": "date", "clock_started_on": "date", "clock_paused_on": "date", "clock_paused_days": "int",
    "reply_by": "date", "committee_id": "bigint", "decided_on": "date", "report_due_on": "date",
    "report_received_on": "date", "report_accepted": "boolean", "balance_settled": "boolean",
    "notice_expires_on": "date", "not_carried_out": "boolean", "instructor_id": "bigint", "contact_asked_on": "date",
    "contacted_on": "date", "partners_due_on": "date", "sub_granting": "boolean", "eligibility_checked": "boolean",
    "score": "int", "assessment": "text", "opinions_due_at": "timestamptz", "corrections_due_on": "date",
    "new_dates_asked_on": "date", "new_starts_on": "date", "new_ends_on": "date", "starts_on": "date",
    "ends_on": "date", "evaluation": "text", "evaluation_score": "int", "conclusion": "text", "interim_due_on": "date",
    "interim_received_on": "date",
}  # fmt: skip
_CAST = {"assessment": "::jsonb", "evaluation": "::jsonb"}  # a document said as text, in `VALUES` as in JSON
_TIMER = {
    "case_id": "bigint", "rule": "text", "occurrence": "text", "kind": "text", "period": "text",
    "action": "text", "template": "text", "recipient": "text", "deadline": "date", "due_at": "timestamptz",
    "expires_at": "timestamptz", "repeat_days": "int",
}  # fmt: skip
_DATES = {"due_on": "date", "late_after": "date"}
_LETTER = {"case_id": "bigint", "rule": "text", "recipient": "text", "template": "text", "data": "text"}

_WRITE = """
WITH moved AS (
    UPDATE cases c
       SET stage = a.target, version = c.version + 1, {entered}
           journal_head = sha256(c.journal_head || convert_to(concat_ws(chr(31),
               c.id, c.version + 1, $2::bigint, $3::text, $4::text, $5::text,
               a.source, a.target, a.details), 'UTF8')){assigned}{dated}
      FROM {moves}
     WHERE c.id = a.case_id AND c.version = a.version
 RETURNING c.id, c.version, c.journal_head, c.committee_id, a.source, a.target, a.details, a.key, a.request
), line AS (
    INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, details,
                         idempotency_key, request_hash, hash)
    SELECT id, version, $1::timestamptz, $3::text, $4::text, $5::text, source, target,
           details, key, request, journal_head
      FROM moved
){left}{joined}{cancelled}{planned}{owed}{hooked}
SELECT id, version FROM moved
"""
_DATED = ", due_on = LEAST(a.due_on, {due}), late_after = LEAST(a.late_after, {late})"
_MIN = "(SELECT min(t.deadline) FROM timers t WHERE t.case_id = c.id AND {which})"
_CANCELLED = """, cancelled AS (
    UPDATE timers t SET settled_at = $1::timestamptz, outcome = 'cancelled'
      FROM moved
     WHERE t.case_id = moved.id AND t.settled_at IS NULL AND {which}
)"""
_PLANNED = """, planned AS (
    INSERT INTO timers (case_id, rule, occurrence, kind, period, action, template, recipient,
                        deadline, due_at, expires_at, repeat_days)
    SELECT t.* FROM {timers} JOIN moved ON moved.id = t.case_id
    ON CONFLICT (case_id, rule, occurrence) DO UPDATE
       SET settled_at = NULL, outcome = NULL, due_at = excluded.due_at
     WHERE timers.outcome = 'cancelled'
)"""
_OWED = """, owed AS (
    INSERT INTO letters (case_id, rule, occurrence, recipient, template, data, owed_at, not_before)
    SELECT moved.id, rule, moved.version::text, recipient, template, data::jsonb, $1::timestamptz, $1::timestamptz
      FROM {letters} JOIN moved ON moved.id = l.case_id
    ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING
)"""


_FEW = 12  # rows said in `VALUES`; every number of them is a statement of its own


class _Shape(NamedTuple):
    """All that the text of a statement depends on. How many rows of each kind counts only for a move alone."""

    columns: tuple[str, ...]
    enters: bool
    cancels: str
    alone: bool
    timers: int
    letters: int
    agenda: str
    dates: str
    hooked: bool


def write_moves(
    session: Session, action: str, moves: Sequence[Written], *, by: By, at: datetime
) -> dict[int, int]:
    """Write moves that share an action, the columns they change and what they cancel; versions reached, by case.

    A case that is no longer at the version its facts were read at is left out, and nothing is written for it.
    """
    first = moves[0]
    timers = [_timer(move.facts.case_id, timer) for move in moves for timer in move.outcome.timers]
    letters = [_letter(move.facts.case_id, letter) for move in moves for letter in move.outcome.letters]
    alone = len(moves) == 1 and len(timers) + len(letters) <= _FEW
    shape = _Shape(
        tuple(first.outcome.changes), first.facts.stage != first.target, _which(first.outcome.cancel), alone,
        len(timers) if alone else bool(timers), len(letters) if alone else bool(letters), _agenda(moves),
        _dates(action, first), any(move.hooked for move in moves),
    )  # fmt: skip
    parameters: list[object] = [at, micros(at), by.actor, str(by.role), str(action)]
    if first.outcome.cancel.prefix is not None:
        parameters.append(first.outcome.cancel.prefix)
    if alone:
        parameters += chain(_move(first, shape), *timers, *letters)
    else:
        tables = (
            (_kinds(shape), [_move(move, shape) for move in moves]),
            (_TIMER, timers),
            (_LETTER, letters),
        )
        parameters += [_as_json(kinds, rows) for kinds, rows in tables if rows]
    return dict(fetch(session, _statement(shape), parameters))


def _agenda(moves: Sequence[Written]) -> str:
    """What moves that set `committee_id` do to agendas: `joins` one, `leaves` one, `changes` from one to another."""
    if "committee_id" not in moves[0].outcome.changes:
        return ""
    if all(move.outcome.changes["committee_id"] is None for move in moves):
        return "leaves"
    return "changes" if any(move.facts.stage == Stage.COMMITTEE for move in moves) else "joins"


def _which(cancel: Cancel) -> str:
    """The condition on the timers a move cancels; empty when it cancels none."""
    if cancel.prefix is not None:
        return "starts_with(t.rule, $6::text)"
    if cancel.stage:
        return "true" if cancel.clock else "t.period = 'stage'"
    return ""


@cache
def _statement(shape: _Shape) -> str:
    """The statement of this shape: `$1` to `$5` say when, who and what, `$6` is the prefix, the rows follow.

    A move alone, the usual one, says its rows in `VALUES`: reading them from JSON costs the server a third more.
    Many are said in JSON, so that their number does not make the statement another one.
    """
    numbers = count(7 if "$6" in shape.cancels else 6)
    source = _values if shape.alone else _from_json
    moves = source("a", _kinds(shape), numbers, 1)
    timers = source("t", _TIMER, numbers, shape.timers) if shape.timers else ""
    letters = source("l", _LETTER, numbers, shape.letters) if shape.letters else ""
    return _WRITE.format(
        entered="entered_at = $1::timestamptz, entered_version = c.version + 1," if shape.enters else "",
        assigned="".join(f", {name} = a.{name}{_CAST.get(name, '')}" for name in shape.columns),
        dated=_dated(shape),
        moves=moves,
        left=LEFT if shape.agenda in ("leaves", "changes") else "",
        joined=JOINED.get(shape.agenda, ""),
        cancelled=_CANCELLED.format(which=shape.cancels) if shape.cancels else "",
        planned=_PLANNED.format(timers=timers) if timers else "",
        owed=_OWED.format(letters=letters) if letters else "",
        hooked=OF_CASES if shape.hooked else "",
    )


def _kinds(shape: _Shape) -> dict[str, str]:
    """What a move says of its case, and the type of each."""
    return {**_MOVE, **{name: _CHANGE[name] for name in shape.columns}, **(_DATES if shape.dates else {})}


def _dates(action: str, first: Written) -> str:
    """Which timers of before a move still count for its case's dates: `none` of them, those of the `clock`, `some`.

    Empty for a move that changes neither what the case waits for nor until when.
    """
    cancel = first.outcome.cancel
    if first.facts.stage != first.target:
        return "none" if cancel.clock else "clock"
    measured = any(map(is_measured, first.outcome.timers)) or (
        cancel.prefix is not None and not cancel.prefix.startswith(OPINION)
    )
    return "some" if measured or cancel.stage or cancel.clock or action == Action.RECORD_SILENCE else ""


def _dated(shape: _Shape) -> str:
    if shape.dates in ("", "none"):
        return ", due_on = a.due_on, late_after = a.late_after" if shape.dates else ""
    if shape.dates == "clock":
        clock = _MIN.format(which="t.settled_at IS NULL AND t.period = 'clock'")
        return _DATED.format(due=clock, late="NULL")
    stays = f"{STANDS} AND NOT {shape.cancels}" if shape.cancels else STANDS
    late = f"{stays} AND t.kind = 'escalation'"
    return _DATED.format(due=_MIN.format(which=stays), late=_MIN.format(which=late))


def _values(alias: str, kinds: Mapping[str, str], numbers: Iterator[int], rows: int) -> str:
    said = (f"({', '.join(f'${next(numbers)}::{kind}' for kind in kinds.values())})" for _ in range(rows))
    return f"(VALUES {', '.join(said)}) AS {alias}({', '.join(kinds)})"


def _from_json(alias: str, kinds: Mapping[str, str], numbers: Iterator[int], _rows: int) -> str:
    columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    return f"json_to_recordset(${next(numbers)}::json) AS {alias}({columns})"


def _as_json(kinds: Mapping[str, str], rows: Iterable[Row]) -> str:
    return json.dumps([dict(zip(kinds, row, strict=True)) for row in rows], default=_text)


def _move(move: Written, shape: _Shape) -> Row:
    facts = move.facts
    dates = _due(move.outcome.timers) if shape.dates else ()
    return (
        facts.case_id, facts.version, str(facts.stage), str(move.target), details_text(move.outcome.details),
        move.idempotency_key, move.request_hash, *move.outcome.changes.values(), *dates,
    )  # fmt: skip


def _due(timers: Sequence[Timer]) -> tuple[date | None, date | None]:
    """The nearest deadline of timers to write, and the nearest one whose passing makes the case late."""
    counted = [timer for timer in timers if is_measured(timer)]
    return (
        min((timer.deadline for timer in counted), default=None),
        min((timer.deadline for timer in counted if timer.kind == Kind.ESCALATION), default=None),
    )


def details_text(details: Mapping[str, Plain]) -> str:
    """The details of a journal line as the JSON text that is stored and hashed."""
    if not details:
        return "{}"
    said = salted(details, token_hex(16))
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _timer(case_id: int, timer: Timer) -> Row:
    return (
        case_id, timer.rule, timer.occurrence, str(timer.kind), timer.period, timer.action and str(timer.action),
        timer.template, timer.recipient, timer.deadline, timer.due_at, timer.expires_at, timer.repeat_days,
    )  # fmt: skip


def _letter(case_id: int, letter: OwedLetter) -> Row:
    return case_id, letter.rule, letter.recipient, letter.template, json.dumps(letter.data)


def _text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
