"""The dashboard: how far cases come and how fast, what is late, whose money, where, and who carries the load.

Each section has a sentence to retain, a chart and the table it was drawn from (services/figures draws and shows them).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.queries import dashboards as queries
from parvis.models.queries.dashboards import Load, Money, Scope, StageCount, StageDelay
from parvis.models.queries.late_payments import LateOnes, late_ones
from parvis.models.session import Session
from parvis.services import dashboard_words as words
from parvis.services.figures.shapes import Bars, Cell, Column, Section, Tiles
from parvis.services.figures.showing import amount, counted
from parvis.services.queue_address import write_query
from parvis.states.calendar import paris_day
from parvis.states.queue import Filter
from parvis.states.stages import STAGE_WORDS, Stage
from parvis.states.words import Cents, Sentence

__all__ = ["Dashboard", "Scope", "dashboard", "overview"]

SPINE = (Stage.SUBMITTED, Stage.INSTRUCTED, Stage.COMMITTEE, Stage.FUNDED, Stage.EVALUATED)
LATEST = 20


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The few figures to see first (value, words, address of what it counts), and the sections."""

    facts: tuple[tuple[Cell, Sentence, str], ...]
    sections: tuple[Section, ...]


def dashboard(session: Session, scope: Scope, *, at: datetime) -> tuple[Section, ...]:
    """The sections of the dashboard of a contract, or of some of its calls, in a fixed number of statements."""
    return overview(session, scope, at=at).sections


def overview(session: Session, scope: Scope, *, at: datetime) -> Dashboard:
    """The dashboard of a contract, or of some of its calls, in a fixed number of statements."""
    today = paris_day(at)
    late, late_count = queries.late(session, scope, today=today, limit=LATEST)
    counts, delays = queries.funnel(session, scope), queries.delays(session, scope)
    funders = queries.money_by_funder(session, scope)
    places = queries.money_by_neighbourhood(session, scope)
    challenges = queries.money_by_challenge(session, scope)
    unpaid = late_ones(session, scope.contract_id, today=today, calls=scope.calls)
    sections = (
        _funnel(counts, scope),
        _delays(delays),
        _late(late, late_count, scope),
        _money("financeurs", words.FUNDERS, words.FUNDER, funders, scope, filtered="funders"),
        _load(queries.load(session, scope, today=today), scope),
        _map(places, scope),
        _money("quartiers", words.PLACES, words.PLACE, places, scope, filtered="neighbourhoods"),
        _money("defis", words.CHALLENGES, words.CHALLENGE, challenges, scope, filtered="challenges"),
    )
    return Dashboard((*_facts(counts, delays, late_count, scope), *_unpaid(unpaid)), sections)


def _facts(
    counts: Sequence[StageCount], delays: Sequence[StageDelay], late: int, scope: Scope
) -> tuple[tuple[Cell, Sentence, str], ...]:
    submitted = sum(count.reached for count in counts if count.stage == Stage.SUBMITTED)
    requested = sum(count.requested_cents for count in counts if count.stage != Stage.DRAFT)
    median = next((round(delay.median) for delay in delays if delay.stage == Stage.SUBMITTED), None)
    return (
        (submitted, words.FACT_SUBMITTED, _queue(scope)),
        (Cents(requested), words.FACT_REQUESTED, _queue(scope)),
        (median, words.FACT_MEDIAN, ""),
        (late, words.FACT_LATE, _queue(scope, late=True)),
    )


def _unpaid(late: LateOnes) -> tuple[tuple[Cell, Sentence, str], ...]:
    """What is past its last day to be paid; nothing is said while nothing is."""
    return ((late.payments, words.FACT_UNPAID, ""),) if late.payments else ()


def _queue(scope: Scope, **wanted: Any) -> str:
    """The address of the queue that lists the cases a figure counts."""
    query = write_query(Filter(calls=scope.calls, **wanted))
    return f"/dossiers?{query}" if query else "/dossiers"


def _funnel(counts: Sequence[StageCount], scope: Scope) -> Section:
    known = {count.stage: count for count in counts}
    spine = tuple((STAGE_WORDS[stage], known[stage].reached if stage in known else 0, 0) for stage in SPINE)
    rows = tuple(
        (STAGE_WORDS[stage], known[stage].reached, known[stage].here, Cents(known[stage].requested_cents))
        for stage in Stage
        if stage in known
    )
    links = tuple(_queue(scope, stages=(stage,)) for stage in Stage if stage in known)
    says = words.FUNNEL_SAYS.fill(submitted=counted(spine[0][1]), funded=counted(spine[3][1]))
    return Section(
        "parcours", words.FUNNEL, says if counts else words.NOTHING, _columns(*words.FUNNEL_COLUMNS), rows,
        Bars(spine) if counts else None, links=links,
    )  # fmt: skip


def _delays(delays: Sequence[StageDelay]) -> Section:
    known = {delay.stage: delay for delay in delays}
    kept = [known[stage] for stage in Stage if stage in known]
    bars = tuple((STAGE_WORDS[d.stage], round(d.nine_in_ten), round(d.median)) for d in kept)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (STAGE_WORDS[d.stage], d.visits, round(d.median), round(d.nine_in_ten)) for d in kept
    )
    slowest = max(kept, key=lambda delay: delay.median, default=None)
    says = words.NOTHING_LEFT
    if slowest is not None:
        says = words.DELAYS_SAY.fill(stage=STAGE_WORDS[slowest.stage], days=counted(round(slowest.median)))
    chart = Bars(bars, part=words.MEDIAN, whole=words.NINE_IN_TEN) if kept else None
    return Section("delais", words.DELAYS, says, _columns(*words.DELAY_COLUMNS), rows, chart)


def _late(cases: Sequence[queries.LateCase], count: int, scope: Scope) -> Section:
    rows = tuple((c.reference, c.title, STAGE_WORDS[c.stage], c.instructor, c.since) for c in cases)
    says = words.LATE_SAYS.fill(count=counted(count), shown=counted(len(cases))) if count else words.NONE_LATE
    columns = tuple(Column(name, number=False) for name in words.LATE_COLUMNS)
    whole = _queue(scope, late=True)
    links = tuple(f"/dossiers/{case.reference}?{whole.partition('?')[2]}" for case in cases)
    return Section(
        "retards", words.LATE, says, columns, rows, alarm=count > 0, links=links, more=whole if count else ""
    )


def _money(
    code: str, title: Sentence, column: Sentence, lines: Sequence[Money], scope: Scope, *, filtered: str
) -> Section:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            line.name, line.cases, Cents(line.total_cents), Cents(line.reserved_cents), Cents(line.committed_cents),
            Cents(line.total_cents - line.reserved_cents - line.committed_cents), Cents(line.requested_cents),
            Cents(line.proposed_cents), Cents(line.granted_cents),
        )
        for line in lines
    )  # fmt: skip
    total, reserved, committed = (
        sum(getattr(line, f"{name}_cents") for line in lines) for name in ("total", "reserved", "committed")
    )
    says = words.MONEY_SAYS.fill(
        total=amount(total), committed=amount(committed), left=amount(total - reserved - committed)
    )
    enveloped = total > 0 and (filtered == "funders" or all(line.total_cents for line in lines))
    if not enveloped:
        says = words.ASKED_SAY.fill(requested=amount(sum(line.requested_cents for line in lines)))
    if filtered != "funders":
        says = Sentence(f"{says.fr} {words.TWICE.fr}", f"{says.en} {words.TWICE.en}")
    bars = tuple((_same(line.name), *_bar(line, enveloped=enveloped)) for line in lines)
    drawn = (words.COMMITTED, words.ENVELOPE) if enveloped else (words.GRANTED, words.REQUESTED)
    chart = Bars(bars, money=True, part=drawn[0], whole=drawn[1]) if lines else None
    links = tuple(_queue(scope, **{filtered: (line.code,)}) for line in lines)
    return Section(code, title, says, _columns(column, *words.MONEY_COLUMNS), rows, chart, links=links)


def _bar(line: Money, *, enveloped: bool) -> tuple[int, int]:
    if enveloped:
        return line.total_cents, line.committed_cents
    return line.requested_cents, min(line.granted_cents, line.requested_cents)


def _map(places: Sequence[Money], scope: Scope) -> Section:
    tiles = tuple(
        (line.name, line.requested_cents, words.CASES.fill(count=counted(line.cases))) for line in places
    )
    rows = tuple(
        (line.name, line.cases, Cents(line.requested_cents), Cents(line.granted_cents)) for line in places
    )
    most = max(places, key=lambda line: line.requested_cents, default=None)
    says = words.MAP_SAYS.fill(place=most.name) if most and most.requested_cents else words.NOTHING
    return Section(
        "carte", words.MAP, says, _columns(words.PLACE, *words.MAP_COLUMNS), rows,
        Tiles(tiles, money=True) if tiles else None,
        links=tuple(_queue(scope, neighbourhoods=(line.code,)) for line in places),
    )  # fmt: skip


def _load(loads: Sequence[Load], scope: Scope) -> Section:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.instructor or words.NOBODY, one.submitted, one.incomplete, one.instructed, one.committee, one.funded,
         one.late) for one in loads
    )  # fmt: skip
    bars = tuple(
        (
            _same(one.instructor) if one.instructor else words.NOBODY,
            one.submitted + one.incomplete + one.instructed + one.committee + one.funded,
            one.late,
        )
        for one in loads
    )
    says = words.LOAD_SAYS.fill(open=counted(sum(whole for _, whole, _ in bars))) if loads else words.NOTHING
    chart = Bars(bars, part=words.LATE_ONES, whole=words.OPEN_ONES) if loads else None
    links = tuple(
        _queue(scope, unassigned=True)
        if one.person_id is None
        else _queue(scope, instructors=(one.person_id,))
        for one in loads
    )
    return Section(
        "charge", words.LOAD, says, _columns(words.INSTRUCTOR, *words.LOAD_COLUMNS), rows, chart, links=links
    )


def _columns(first: Sentence, *numbers: Sentence) -> tuple[Column, ...]:
    return (Column(first, number=False), *(Column(name) for name in numbers))


def _same(name: str) -> Sentence:
    return Sentence(name, name)
