"""Lists of cases: a page of those wanted, in their order, counted to a limit, in two statements however many there are.

The first one gathers the cases wanted, up to the limit of the count. When that is all of them, the page is taken
from there. When there are more, they are many, and the page is found by walking the index of the order, stage by
stage: what is wanted is then met after few steps. So no filter, alone or with others, makes it read all cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.queries.queue_filters import OPEN, SCOPE, Asked, asked
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case of a list. `due_on` is its nearest deadline, `late_since` the one it has already missed.

    `opinions` are those received, of `opinions_asked`; `documents` those received, of `documents_required`.
    `news` is what happened since the viewer, who looks after it, last opened or moved it. Amounts in cents.
    """

    id: int
    reference: str
    title: str
    stage: str
    version: int
    organisation: str
    siret: str
    call: str
    wave: str | None
    nature: str
    instructor_id: int | None
    instructor: str | None
    requested_cents: int
    total_cost_cents: int
    granted_cents: int | None
    deposited_on: date | None
    entered_at: datetime
    due_on: date | None
    late_since: date | None
    score: int | None
    opinions_due_at: datetime | None
    opinions: int
    opinions_asked: int
    documents: int
    documents_required: int
    neighbourhoods: tuple[str, ...]
    challenges: tuple[str, ...]
    committee: str | None
    held_on: date | None
    news: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of a list: its cases, the places of the first and the last, how many there are in all, up to the limit."""

    rows: tuple[CaseRow, ...]
    places: tuple[Place, ...]
    total: int


_FEW_TO_STEP = 500
"""As many are sorted to find the next one: among more than that it is a few steps away on the index."""

_FOUND = """
WITH found AS MATERIALIZED (
    SELECT c.id, {rank} AS rank, {key} AS key FROM cases c WHERE {condition} LIMIT {counted} + 1
), few AS MATERIALIZED (
    SELECT count(*) AS total, count(*) <= {counted} AS yes FROM found
), {parts}"""
_PART = """{name} AS (
    (SELECT f.* FROM found f WHERE (SELECT yes FROM few){after_found} ORDER BY {by} LIMIT %(limit)s)
    UNION ALL
    (SELECT f.* FROM ({walk}) f WHERE NOT (SELECT yes FROM few) ORDER BY {by} LIMIT %(limit)s)
)"""
_WALK = """
     SELECT c.id, {rank} AS rank, {key} AS key FROM cases c WHERE {condition}{after}
      ORDER BY {by_key} {way}, c.id {way} LIMIT %(limit)s"""
_WALK_PARTS = """
     SELECT c.id, s.rank, c.key
       FROM ({parts}) s(part, rank) CROSS JOIN LATERAL (
            SELECT c.id, {key} AS key FROM cases c WHERE c.{column} = s.part AND {condition}{after}
             ORDER BY key {way}, c.id {way} LIMIT %(limit)s) c"""
_CALLS = """SELECT k.id, 0 FROM calls k
     WHERE (lower(k.code) = ANY(%(calls)s::text[]) OR %(calls)s::text[] = '{}')
       AND (%(waves)s::text[] = '{}' OR EXISTS (
            SELECT FROM waves w WHERE w.call_id = k.id AND lower(w.code) = ANY(%(waves)s::text[])))"""
_PLACE = "SELECT {rank}, ({key})::text FROM cases c WHERE c.id = %(id)s"
_PAGE = """
SELECT few.total, page.rank, page.key::text, page.id FROM few LEFT JOIN page ON true
 ORDER BY page.rank {way}, page.key {way}, page.id {way}"""
_AROUND = """
SELECT (SELECT c.reference FROM before JOIN cases c ON c.id = before.id),
       (SELECT c.reference FROM after JOIN cases c ON c.id = after.id)"""
_IDS = "SELECT c.id FROM cases c WHERE {condition} ORDER BY c.id LIMIT %(limit)s"
_DETAILS = f"""
SELECT c.id, c.reference, c.title, c.stage, c.version, o.name, o.siret, k.code, w.title, c.nature, c.instructor_id,
       p.name, c.requested_cents, c.total_cost_cents, g.granted, c.deposited_on, c.entered_at, c.due_on,
       CASE WHEN c.late_after < %(today)s::date THEN c.late_after END, c.score, c.opinions_due_at, g.given, g.asked,
       d.received, d.required,
       ARRAY(SELECT n.name FROM case_neighbourhoods x JOIN neighbourhoods n ON n.id = x.neighbourhood_id
              WHERE x.case_id = c.id ORDER BY n.code),
       ARRAY(SELECT n.label FROM case_challenges x JOIN challenges n ON n.id = x.challenge_id
              WHERE x.case_id = c.id ORDER BY n.code),
       m.name, m.held_on,
       CASE WHEN COALESCE(c.instructor_id, %(viewer)s::bigint) = %(viewer)s::bigint AND c.stage IN {OPEN} THEN ARRAY(
            SELECT DISTINCT CASE j.action WHEN 'submit' THEN 'deposit' WHEN 'give_opinion' THEN 'opinion'
                                          WHEN 'receive_report' THEN 'report' ELSE 'documents' END
              FROM journal j
             WHERE j.case_id = c.id AND j.seq > COALESCE(s.version, (
                   SELECT max(seq) FROM journal
                    WHERE case_id = c.id AND actor = 'person:' || %(viewer)s::bigint), 0)
               AND j.action IN ('submit', 'receive_documents', 'give_opinion', 'receive_report')
               AND j.actor <> 'person:' || %(viewer)s::bigint ORDER BY 1) ELSE ARRAY[]::text[] END
  FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS page(id, place)
  JOIN cases c ON c.id = page.id
  JOIN calls k ON k.id = c.call_id
  LEFT JOIN waves w ON w.id = c.wave_id
  JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN people p ON p.id = c.instructor_id
  LEFT JOIN committees m ON m.id = c.committee_id
  LEFT JOIN seen s ON s.person_id = %(viewer)s::bigint AND s.case_id = c.id
  LEFT JOIN LATERAL (
        SELECT sum(granted_cents)::bigint AS granted, count(*) FILTER (WHERE opinion_asked_at IS NOT NULL) AS asked,
               count(opinion) AS given
          FROM fundings WHERE case_id = c.id) g ON true
  LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE required) AS required,
               count(*) FILTER (WHERE required AND received_at IS NOT NULL) AS received
          FROM documents WHERE case_id = c.id) d ON true
 ORDER BY page.place
"""  # noqa: S608 - the stages of `queue_filters`


def list_cases(
    session: Session, wanted: Filter, order: Order, viewer: Viewer, *, today: date, limit: int,
    after: Place | None = None, before: Place | None = None,
) -> Listed:  # fmt: skip
    """`limit` of the cases wanted, in their order: the first ones, or those after or before a place.

    `total` counts those wanted in all, and stops at one above `MOST_COUNTED`.
    """
    question = asked(wanted, viewer, today=today)
    place = before if before is not None else after
    backwards = order.descending != (before is not None)
    page = _part("page", question, order, wanted, backwards=backwards, placed=place is not None)
    statement = _found(question, order, MOST_COUNTED, page) + _PAGE.format(way=_way(order.descending))
    lines = read(session, statement, {**question.parameters, "limit": limit, **_of(place)})
    places = tuple(Place(case_id, rank, key) for _, rank, key, case_id in lines if case_id is not None)
    told = {"ids": [place.case_id for place in places], "viewer": viewer.person_id, "today": today}
    rows = select(session, _DETAILS, told) if places else []
    return Listed(tuple(map(_row, rows)), places, lines[0][0])


def place_of(session: Session, case_id: int, order: Order) -> Place:
    """Where a case stands in an order."""
    statement = _PLACE.format(rank=_rank(order), key=KEYS[order.sort][0])
    [(rank, text)] = select(session, statement, {"id": case_id})
    return Place(case_id, rank, text)


def neighbours(
    session: Session, case_id: int, wanted: Filter, order: Order, viewer: Viewer, *, today: date
) -> tuple[str | None, str | None]:
    """The references of the cases before and after this one in a list."""
    question = asked(wanted, viewer, today=today)
    around = (
        _part(name, question, order, wanted, backwards=backwards, placed=True)
        for name, backwards in (("before", not order.descending), ("after", order.descending))
    )
    whole = wanted == Filter() and Role(viewer.role) not in SCOPE and order.sort in _INDEXED
    counted = 0 if whole else _FEW_TO_STEP if order.sort in _INDEXED else MOST_COUNTED
    statement = _found(question, order, counted, *around) + _AROUND
    parameters = {**question.parameters, "limit": 1, **_of(place_of(session, case_id, order))}
    [(before, after)] = (select if whole else read)(session, statement, parameters)
    return before, after


def wanted_ids(session: Session, wanted: Filter, viewer: Viewer, *, today: date, limit: int) -> list[int]:
    """The cases wanted, at most `limit`, in the order of their numbers."""
    question = asked(wanted, viewer, today=today)
    statement = _IDS.format(condition=question.condition)
    rows = read(session, statement, {**question.parameters, "limit": limit})
    return [row[0] for row in rows]


def _found(question: Asked, order: Order, counted: int, *parts: str) -> str:
    """The cases wanted, as far as they are counted, and parts of their list."""
    return _FOUND.format(
        rank=_rank(order), key=KEYS[order.sort][0], condition=question.condition, counted=counted,
        parts=", ".join(parts),
    )  # fmt: skip


def _part(name: str, question: Asked, order: Order, wanted: Filter, *, backwards: bool, placed: bool) -> str:
    """The first of a list, or of what follows a place in it: of those found, or by walking the index of the order."""
    key, kind, first, last = KEYS[order.sort]
    way, sign = _way(backwards), "<" if backwards else ">"
    here = f"%(key)s::{kind}, %(place)s::bigint"
    walk, column, parts = _walk(order, wanted)
    after = f" AND ({key}, c.id) {sign} ({here})"
    if parts:  # with its column, so that no other index is thought to lead there
        start = f"%(key)s::{kind}"
        if order.sort == Sort.STAGE:  # a walk begins anew in each stage past that of the place
            start = f"CASE WHEN s.rank = %(rank)s::int THEN {start} ELSE {last if backwards else first}::{kind} END"
        after = f""" AND s.rank {sign}= %(rank)s::int
             AND (c.{column}, {key}, c.id) {sign} (s.part, {start}, %(place)s::bigint)"""
    return _PART.format(
        name=name, by=f"f.rank {way}, f.key {way}, f.id {way}",
        after_found=f" AND (f.rank, f.key, f.id) {sign} (%(rank)s::int, {here})" if placed else "",
        walk=walk.format(
            rank=_rank(order), key=key, condition=question.condition, way=way,
            after=after if placed else "", column=column, parts=parts,
            by_key=f"{key} || ''" if order.sort == Sort.REFERENCE and column else "key",
        ),
    )  # fmt: skip


_INDEXED = frozenset(Sort) - {Sort.OPINION}
_OF_THEIR_TIME = (Sort.DEADLINE, Sort.DEPOSITED, Sort.REFERENCE)
"""Orders in which the cases of a stage, or of a call, stand far apart from the others."""


def _walk(order: Order, wanted: Filter) -> tuple[str, str, str]:
    """How to walk an order: whole, or part by part (column, parts) where those wanted stand far from its beginning."""
    stages = wanted.stages or _implied(wanted)
    if order.sort == Sort.STAGE:
        ranks = (f"('{stage}', {rank})" for rank, stage in enumerate(Stage) if not stages or stage in stages)
        return _WALK_PARTS, "stage", f"VALUES {', '.join(ranks)}"
    if order.sort not in _OF_THEIR_TIME:
        return _WALK, "", ""
    if wanted.calls or wanted.waves:  # no index for references within a call: they are sorted
        return (_WALK, "call_id", "") if order.sort == Sort.REFERENCE else (_WALK_PARTS, "call_id", _CALLS)
    if stages:
        unranked = ", ".join(f"('{stage}', 0)" for stage in stages)
        return _WALK_PARTS, "stage", f"VALUES {unranked}"
    return _WALK, "", ""


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


_NAMES = tuple(CaseRow.__dataclass_fields__)
_LISTS = frozenset({"neighbourhoods", "challenges", "news"})


def _row(values: Sequence[Any]) -> CaseRow:
    said: dict[str, Any] = dict(zip(_NAMES, values, strict=True))
    return CaseRow(**{**said, **{name: tuple(said[name]) for name in _LISTS}})
