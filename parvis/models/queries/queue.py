"""Lists of cases: a page of those wanted, in their order, counted to a limit, in two statements however many there are.

The first one gathers the cases wanted, up to the limit of the count. When that is all of them, the page is taken
from there. When there are more, they are many, and the page is found by walking the index of the order, stage by
stage: what is wanted is then met after few steps. So no filter, alone or with others, makes it read all cases.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from parvis.models.queries.many_contracts import is_among
from parvis.models.queries.queue_filters import SCOPE, Asked, asked
from parvis.models.queries.queue_rows import CaseRow, read_rows
from parvis.models.session import Session, read, select
from parvis.states.queue import MOST_COUNTED, Filter, Order, Place, Sort, Viewer
from parvis.states.stages import Role, Stage

_DUE = ("COALESCE(c.due_on, 'infinity'::date)", "date", "'-infinity'", "'infinity'")
KEYS = {
    Sort.DEADLINE: _DUE,
    Sort.AMOUNT: ("c.requested_cents", "bigint", "-1", "9223372036854775807"),
    Sort.DEPOSITED: ("COALESCE(c.deposited_on, '-infinity'::date)", "date", "'-infinity'", "'infinity'"),
    Sort.REFERENCE: ("c.reference", "text", "''", "''"),
    Sort.SCORE: ("COALESCE(c.score, -1)", "int", "-2", "2147483647"),
    Sort.STAGE: _DUE,
    Sort.OPINION: (
        "COALESCE(c.opinions_due_at, 'infinity'::timestamptz)", "timestamptz", "'-infinity'", "'infinity'",
    ),
}  # fmt: skip
"""Of each order: what a case is sorted by, its type, and what comes before and after every case."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of a list: its cases and their places, how many there are in all, as far as they are `counted`."""

    rows: tuple[CaseRow, ...]
    places: tuple[Place, ...]
    total: int
    counted: int


_FEW_TO_STEP = 500
"""As many are sorted to find the next one: among more than that it is a few steps away on the index."""

_FEW = 2
_MOST_TOGETHER = 500
"""As many are counted where more than a few filters meet: each case is then looked up in the tables of all of them."""

_MOST_SEARCHED = 100
"""As many are counted where a word is sought: those that say a frequent one are read case by case."""

_FOUND = """
WITH found AS MATERIALIZED (
    SELECT c.id FROM cases c WHERE {condition} LIMIT {counted} + 1
), few AS MATERIALIZED (
    SELECT count(*) AS total, count(*) <= {counted} AS yes FROM found
), {parts}"""
_PART = """{name} AS (
    (SELECT f.* FROM (SELECT c.id, {rank} AS rank, {key} AS key FROM found JOIN cases c ON c.id = found.id) f
      WHERE (SELECT yes FROM few){after_found} ORDER BY {by} LIMIT {limit})
    UNION ALL
    (SELECT f.* FROM ({walk}) f WHERE NOT (SELECT yes FROM few) ORDER BY {by} LIMIT {limit})
)"""
_WALK = """
     SELECT c.id, {rank} AS rank, {key} AS key FROM cases c WHERE {condition}{after}
      ORDER BY {by_key} {way}, c.id {way} LIMIT {limit}"""
_WALK_PARTS = """
     SELECT c.id, s.rank, c.key
       FROM ({parts}) s(part, rank) CROSS JOIN LATERAL (
            SELECT c.id, {key} AS key FROM cases c WHERE {condition} AND {after}
             ORDER BY c.{column} {way}, key {way}, c.id {way} LIMIT {limit}) c"""
_CALLS = """SELECT k.id, 0 FROM calls k
     WHERE (lower(k.code) = ANY(%(calls)s::text[]) OR %(calls)s::text[] = '{}')
       AND (%(waves)s::text[] = '{}' OR EXISTS (
            SELECT FROM waves w WHERE w.call_id = k.id AND lower(w.code) = ANY(%(waves)s::text[])))"""
_OWN_CALLS = "SELECT id, 0 FROM calls WHERE contract_id = %(contract)s::bigint"
_OF_WAVES = " AND c.wave_id = ANY(ARRAY(SELECT id FROM waves WHERE lower(code) = ANY(%(waves)s::text[])))"
_PLACE = "SELECT {rank}, ({key})::text FROM cases c WHERE c.id = %(id)s"
_PAGE = """
SELECT few.total, page.rank, page.key::text, page.id FROM few LEFT JOIN page ON true
 ORDER BY page.rank {way}, page.key {way}, page.id {way}"""
_AROUND = """
SELECT (SELECT c.reference FROM before JOIN cases c ON c.id = before.id),
       (SELECT c.reference FROM after JOIN cases c ON c.id = after.id)"""
_IDS = "SELECT c.id FROM cases c WHERE {condition} ORDER BY c.id LIMIT %(limit)s"


def list_cases(
    session: Session, wanted: Filter, order: Order, viewer: Viewer, *, today: date, limit: int,
    after: Place | None = None, before: Place | None = None,
) -> Listed:  # fmt: skip
    """`limit` of the cases wanted, in their order: the first ones, or those after or before a place.

    `total` counts those wanted in all, and stops at one above `counted`.
    """
    among = is_among(session, viewer.contract_id)
    question = asked(wanted, viewer, today=today, among=among)
    place = before if before is not None else after
    backwards = order.descending != (before is not None)
    walk = _walk(wanted, order, viewer, today, among=among)
    page = _part("page", walk, order, limit=limit, backwards=backwards, placed=place is not None)
    counted = _most_counted(wanted)
    statement = _found(question, counted, page) + _PAGE.format(way=_way(order.descending))
    lines = read(session, statement, {**question.parameters, **_of(place)})
    places = tuple(Place(case_id, rank, key) for _, rank, key, case_id in lines if case_id is not None)
    rows = read_rows(session, [place.case_id for place in places], viewer, today=today)
    return Listed(tuple(rows), places, lines[0][0], counted)


def _most_counted(wanted: Filter) -> int:
    if wanted.text:
        return min(MOST_COUNTED, _MOST_SEARCHED)
    said = sum(getattr(wanted, each.name) != each.default for each in fields(wanted))
    return min(MOST_COUNTED, _MOST_TOGETHER) if said > _FEW else MOST_COUNTED


def place_of(session: Session, case_id: int, order: Order) -> Place:
    """Where a case stands in an order."""
    statement = _PLACE.format(rank=_rank(order), key=KEYS[order.sort][0])
    [(rank, text)] = select(session, statement, {"id": case_id})
    return Place(case_id, rank, text)


def neighbours(
    session: Session, case_id: int, wanted: Filter, order: Order, viewer: Viewer, *, today: date
) -> tuple[str | None, str | None]:
    """The references of the cases before and after this one in a list."""
    among = is_among(session, viewer.contract_id)
    question = asked(wanted, viewer, today=today, among=among)
    walk = _walk(wanted, order, viewer, today, among=among)
    around = (
        _part(name, walk, order, limit=1, backwards=backwards, placed=True)
        for name, backwards in (("before", not order.descending), ("after", order.descending))
    )
    walked = not among and _is_walked(wanted, order, viewer)
    counted = 0 if walked else _FEW_TO_STEP if order.sort in _INDEXED else MOST_COUNTED
    statement = _found(question, counted, *around) + _AROUND
    parameters = {**question.parameters, **_of(place_of(session, case_id, order))}
    ask = (
        select if walked and len(wanted.stages) <= 1 else read
    )  # one statement for all cases: it stays prepared
    [(before, after)] = ask(session, statement, parameters)
    return before, after


def _is_walked(wanted: Filter, order: Order, viewer: Viewer) -> bool:
    """Whether an index of the order holds nearly only the cases wanted, so that the next one is the next there."""
    if replace(wanted, stages=()) != Filter() or Role(viewer.role) in SCOPE:
        return False
    return order.sort in (*_OF_THEIR_TIME, Sort.STAGE) or (order.sort in _INDEXED and not wanted.stages)


def wanted_ids(session: Session, wanted: Filter, viewer: Viewer, *, today: date, limit: int) -> list[int]:
    """The cases wanted, at most `limit`, in the order of their numbers."""
    question = asked(wanted, viewer, today=today, among=is_among(session, viewer.contract_id))
    statement = _IDS.format(condition=question.condition)
    rows = read(session, statement, {**question.parameters, "limit": limit})
    return [row[0] for row in rows]


def _found(question: Asked, counted: int, *parts: str) -> str:
    """The cases wanted, as far as they are counted, and parts of their list."""
    return _FOUND.format(
        condition=question.condition, counted=counted, parts=", ".join(parts),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Walk:
    """How to walk an order: whole, or part by part of a column where those wanted stand far from its beginning.

    `condition` is what is left to ask of a case of these parts: asked twice, it would be taken for twice as rare.
    """

    condition: str
    column: str = ""
    parts: str = ""


def _part(name: str, walk: _Walk, order: Order, *, limit: int, backwards: bool, placed: bool) -> str:
    """The first of a list, or of what follows a place in it: of those found, or by walking the index of the order."""
    key, kind, *_ = KEYS[order.sort]
    way, sign = _way(backwards), "<" if backwards else ">"
    here = f"%(key)s::{kind}, %(place)s::bigint"
    after = f" AND ({key}, c.id) {sign} ({here})" if placed else ""
    if walk.parts:
        after = (
            _after_in_part(walk.column, order, backwards=backwards) if placed else f"c.{walk.column} = s.part"
        )
    unindexed = order.sort == Sort.REFERENCE and walk.column and not walk.parts
    return _PART.format(
        name=name, limit=limit, rank=_rank(order), key=key, by=f"f.rank {way}, f.key {way}, f.id {way}",
        after_found=f" AND (f.rank, f.key, f.id) {sign} (%(rank)s::int, {here})" if placed else "",
        walk=(_WALK_PARTS if walk.parts else _WALK).format(
            limit=limit, rank=_rank(order), key=key, condition=walk.condition, way=way, after=after,
            column=walk.column, parts=walk.parts, by_key=f"{key} || ''" if unindexed else "key",
        ),
    )  # fmt: skip


def _after_in_part(column: str, order: Order, *, backwards: bool) -> str:
    """What follows a place in a part: compared with its column, so that the walk begins there on the index of both.

    Asked to be of the part, it would begin where the part does.
    """
    key, kind, first, last = KEYS[order.sort]
    sign, within = ("<", ">=") if backwards else (">", "<=")
    start = f"%(key)s::{kind}"
    if order.sort == Sort.STAGE:  # a walk begins anew in each stage past that of the place
        start = (
            f"CASE WHEN s.rank = %(rank)s::int THEN {start} ELSE {last if backwards else first}::{kind} END"
        )
    return f"""s.rank {sign}= %(rank)s::int AND c.{column} {within} s.part
             AND (c.{column}, {key}, c.id) {sign} (s.part, {start}, %(place)s::bigint)"""


_INDEXED = frozenset(Sort) - {Sort.OPINION}
_OF_THEIR_TIME = (Sort.DEADLINE, Sort.DEPOSITED, Sort.REFERENCE)
"""Orders in which the cases of a stage, or of a call, stand far apart from the others."""

_WITHIN_A_CALL = (Sort.DEADLINE, Sort.DEPOSITED, Sort.AMOUNT)
"""Orders an index holds within each call."""


def _walk(wanted: Filter, order: Order, viewer: Viewer, today: date, *, among: bool) -> _Walk:
    stages = wanted.stages or _implied(wanted)
    of_call = wanted.calls or wanted.waves
    column = parts = ""
    left, of_waves = wanted, ""
    if order.sort == Sort.STAGE:
        ranks = (f"('{stage}', {rank})" for rank, stage in enumerate(Stage) if not stages or stage in stages)
        left, column, parts = replace(wanted, stages=()), "stage", f"VALUES {', '.join(ranks)}"
    elif of_call and order.sort == Sort.REFERENCE:
        column = "call_id"  # no index for references within a call: they are sorted
    elif of_call and order.sort in _WITHIN_A_CALL:
        left, column, parts = replace(wanted, calls=(), waves=()), "call_id", _CALLS
        of_waves = _OF_WAVES if wanted.waves else ""
    elif among and order.sort in _WITHIN_A_CALL:
        column, parts = "call_id", _OWN_CALLS
    elif among and order.sort == Sort.REFERENCE:
        column = "call_id"
    elif stages and order.sort in _OF_THEIR_TIME:
        unranked = ", ".join(f"('{stage}', 0)" for stage in stages)
        left, column, parts = replace(wanted, stages=()), "stage", f"VALUES {unranked}"
    return _Walk(asked(left, viewer, today=today, among=among).condition + of_waves, column, parts)


def _implied(wanted: Filter) -> tuple[str, ...]:
    """The stages a filter leaves without naming them."""
    if wanted.opinion_awaited:
        return (Stage.SUBMITTED, Stage.INCOMPLETE)
    open_ = (Stage.DRAFT, Stage.SUBMITTED, Stage.INCOMPLETE, Stage.INSTRUCTED, Stage.COMMITTEE, Stage.FUNDED)
    return open_ if wanted.late or wanted.needs_me else ()


def _rank(order: Order) -> str:
    if order.sort != Sort.STAGE:
        return "0"
    stages = ", ".join(f"'{stage}'" for stage in Stage)
    return f"array_position(ARRAY[{stages}], c.stage) - 1"


def _way(descending: object) -> str:
    return "DESC" if descending else "ASC"


def _of(place: Place | None) -> dict[str, Any]:
    return {"place": place.case_id, "rank": place.rank, "key": place.key} if place else {}
