"""From the database of a rehearsal that is over to its figures."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise

from parvis.models.queries import rehearsal_counts as queries
from parvis.models.queries.rehearsal_agreements import reports
from parvis.models.queries.rehearsal_counts import CaseRow, LineRow
from parvis.models.session import Database, Session
from parvis.services.rehearsal.counting_agreements import count_agreements
from parvis.services.rehearsal.figures import (
    Delay,
    Figures,
    FunderCount,
    LetterKindCount,
    OfficerLoad,
    Proofs,
    SittingCount,
    StuckCase,
    WaveCount,
)
from parvis.services.rehearsal.play import Played
from parvis.states.calendar import deadline_instant, paris_day
from parvis.states.case_table import CASES, NOT_DECIDED
from parvis.states.contract import Contract
from parvis.states.stages import Action, Stage

SPINE = (Stage.SUBMITTED, Stage.INSTRUCTED, Stage.COMMITTEE, Stage.FUNDED, Stage.EVALUATED)
WHOLE = ("to_decision", "to_report", "to_closing")
DECISIONS = (Action.FUND, Action.REJECT)


def count(database: Database, contract: Contract, played: Played) -> Figures:
    """Everything the report says of this rehearsal; the same rehearsal always gives the same figures."""
    with database.transaction() as session:
        cases, lines = queries.cases(session), queries.lines(session)
        return _figures(session, contract, played, cases, lines)


def _figures(
    session: Session, contract: Contract, played: Played, cases: Sequence[CaseRow], lines: Sequence[LineRow]
) -> Figures:
    scenario, tally = played.scenario, played.tally
    calls = played.calls
    histories = {case_id: list(several) for case_id, several in groupby(lines, lambda line: line.case_id)}
    weeks = _weeks(scenario.first, scenario.last)
    return Figures(
        contract=contract.name, calls=tuple(call.code for call in calls), titles=tuple(call.title for call in calls),
        first=scenario.first, last=scenario.last, seed=scenario.seed,
        proposals=played.proposals, cases=len(cases),
        requested_cents=sum(case.requested_cents for case in cases),
        granted_cents=sum(case.granted_cents for case in cases),
        granted_cases=sum(case.granted_cents > 0 for case in cases),
        reached=_reached(histories), at_the_end=_at_the_end(cases),
        days=tuple(queries.letters_by_day(session)), kinds=_kinds(session),
        weeks=weeks, load=_load(cases, histories, weeks), delays=_delays(cases, histories),
        stuck=_stuck(cases, histories, scenario.last, scenario.habits.stuck_after_days),
        missed=_missed(session, cases, lines, scenario.last),
        sittings=_sittings(session), funders=_funders(session, [call.code for call in calls]),
        waves=_waves(cases),
        refused_moves=tuple(sorted((action, code, times) for (action, code), times in tally.refused.items())),
        refused_files=tuple(tally.files_refused),
        forgotten=tally.forgotten, reopened=tally.reopened, phoned=tally.phoned,
        stuck_after_days=scenario.habits.stuck_after_days, proofs=_proofs(session, played),
        reports=reports(session, on=scenario.last), agreements=count_agreements(session, scenario.last),
    )  # fmt: skip


def _reached(histories: dict[int, list[LineRow]]) -> tuple[tuple[str, int], ...]:
    """How many cases came to each stage of the spine, whatever became of them."""
    seen = Counter(stage for history in histories.values() for stage in {line.target for line in history})
    return tuple((str(stage), seen[stage]) for stage in SPINE)


def _at_the_end(cases: Sequence[CaseRow]) -> tuple[tuple[str, int], ...]:
    standing = Counter(case.stage for case in cases)
    return tuple((str(stage), standing[stage]) for stage in Stage if standing[stage])


def _kinds(session: Session) -> tuple[LetterKindCount, ...]:
    by_template: dict[str, Counter[str]] = defaultdict(Counter)
    for template, stage, times in queries.letters_by_kind(session):
        by_template[template][stage] += times
    counted = [
        LetterKindCount(template, c["sent"], c["gathered"], c["failed"], c["owed"] + c["sending"])
        for template, c in by_template.items()
    ]
    return tuple(sorted(counted, key=lambda kind: (-(kind.sent + kind.gathered), kind.template)))


def _weeks(first: date, last: date) -> tuple[date, ...]:
    monday = first - timedelta(days=first.weekday())
    return tuple(monday + timedelta(weeks=n) for n in range((last - monday).days // 7 + 1))


def _load(
    cases: Sequence[CaseRow], histories: dict[int, list[LineRow]], weeks: Sequence[date]
) -> tuple[OfficerLoad, ...]:
    """By instructor: the moves they made each week, and their cases not yet decided when it ends."""
    number = {week: index for index, week in enumerate(weeks)}
    names = sorted({case.officer for case in cases if case.officer})
    moves = {name: [0] * len(weeks) for name in names}
    standing = {name: [0] * len(weeks) for name in names}
    for case in cases:
        history = histories.get(case.id, [])
        for line in history:
            if line.role == "instructor" and line.person in moves:
                moves[line.person][_week_of(paris_day(line.at), number, weeks)] += 1
        for begins, ends in _open_spans(history) if case.officer else ():
            last = _week_of(ends, number, weeks) if ends else len(weeks)
            for index in range(_week_of(begins, number, weeks), last):
                standing[case.officer or ""][index] += 1
    return tuple(OfficerLoad(name, tuple(moves[name]), tuple(standing[name])) for name in names)


def _week_of(day: date, number: dict[date, int], weeks: Sequence[date]) -> int:
    return number.get(day - timedelta(days=day.weekday()), len(weeks) - 1 if day > weeks[-1] else 0)


def _open_spans(history: Sequence[LineRow]) -> Iterable[tuple[date, date | None]]:
    """The spans of days during which a case waited for its decision."""
    begins: date | None = None
    for line in history:
        waits = line.target in NOT_DECIDED
        if waits and begins is None:
            begins = paris_day(line.at)
        elif not waits and begins is not None:
            yield begins, paris_day(line.at)
            begins = None
    if begins is not None:
        yield begins, None


def _delays(cases: Sequence[CaseRow], histories: dict[int, list[LineRow]]) -> tuple[Delay, ...]:
    """Days spent at each stage, visit by visit, then from deposit to decision, to the report and to the end."""
    spent: dict[str, list[int]] = defaultdict(list)
    for history in histories.values():
        entries = [line for line in history if line.source != line.target]
        for entered, left in pairwise(entries):
            spent[entered.target].append((paris_day(left.at) - paris_day(entered.at)).days)
    for case in cases:
        for line in histories.get(case.id, []):
            days = (paris_day(line.at) - case.deposited_on).days
            if line.action in DECISIONS:
                spent["to_decision"].append(days)
            elif line.action == Action.RECEIVE_REPORT:
                spent["to_report"].append(days)
            elif line.action == Action.EVALUATE:
                spent["to_closing"].append(days)
    wanted = [*(stage for stage in Stage if stage in CASES.care), *WHOLE]
    return tuple(_delay(what, spent[what]) for what in wanted if spent[what])


def _delay(what: str, days: Sequence[int]) -> Delay:
    """The median and the ninth decile, by nearest rank."""
    in_order = sorted(days)
    ranks = [in_order[max(0, -(-len(in_order) * part // 10) - 1)] for part in (5, 9)]
    return Delay(str(what), len(in_order), *ranks)


def _stuck(
    cases: Sequence[CaseRow], histories: dict[int, list[LineRow]], last: date, after_days: int
) -> tuple[StuckCase, ...]:
    """Open cases with nothing left to recall them, and those not decided that nobody moved for long."""
    found = []
    for case in cases:
        done = [line.at for line in histories.get(case.id, ()) if line.action != Action.RECORD_SILENCE]
        moved_on = paris_day(done[-1]) if done else case.deposited_on
        asleep = case.stage in NOT_DECIDED and (last - moved_on).days > after_days
        if case.stage in CASES.care and (not case.timers or asleep):
            found.append(
                StuckCase(
                    case.reference,
                    case.organisation,
                    case.title,
                    case.stage,
                    case.officer,
                    moved_on,
                    case.timers,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.moved_on, one.reference)))


def _missed(
    session: Session, cases: Sequence[CaseRow], lines: Sequence[LineRow], last: date
) -> tuple[tuple[str, int], ...]:
    """Deadlines that passed, by rule: those the clock told somebody of, then those that closed something."""
    missed = Counter(dict(queries.late_rules(session)))
    missed["silence"] = sum(line.action == Action.RECORD_SILENCE for line in lines)
    missed["reply"] = sum(line.action == Action.LAPSE for line in lines)
    missed["report"] = sum(_report_late(case, last) for case in cases)
    missed["opinion"] = sum(funder.late + funder.never for funder in queries.funders(session, ""))
    return tuple(
        sorted(((rule, times) for rule, times in missed.items() if times), key=lambda one: (-one[1], one[0]))
    )


def _report_late(case: CaseRow, last: date) -> bool:
    if case.report_due_on is None:
        return False
    return (case.report_received_on or last + timedelta(days=1)) > case.report_due_on <= last


def _sittings(session: Session) -> tuple[SittingCount, ...]:
    return tuple(
        SittingCount(
            name=row.name, held_on=row.held_on, capacity=row.capacity, scheduled=row.scheduled,
            funded=row.funded, rejected=row.rejected, waiting=row.waiting,
            advised=row.advised,
            put_off=row.scheduled - row.funded - row.rejected - row.advised - row.waiting,
            turned_away=row.turned_away, quorate=row.quorate if row.held else None,
        )
        for row in queries.sittings(session)
    )  # fmt: skip


def _funders(session: Session, calls: Sequence[str]) -> tuple[FunderCount, ...]:
    return tuple(
        FunderCount(
            row.name, row.cases, row.requested_cents, row.granted_cents, row.granted_cases,
            row.envelope_cents, row.asked, row.in_time, row.late, row.never,
        )
        for row in queries.funders(session, calls)
    )  # fmt: skip


def _waves(cases: Sequence[CaseRow]) -> tuple[WaveCount, ...]:
    """Whether each wave's deposits were decided on the day its committee was meant to decide them."""
    waves: dict[tuple[str, date | None], list[CaseRow]] = {}
    for case in cases:
        waves.setdefault((case.wave or "", case.decides_on), []).append(case)
    return tuple(
        _wave(title, decides_on, inside)
        for (title, decides_on), inside in sorted(
            waves.items(), key=lambda one: (one[0][1] or date.max, one[0][0])
        )
    )


def _wave(title: str, decides_on: date | None, cases: Sequence[CaseRow]) -> WaveCount:
    decided = [case.decided_on for case in cases if case.decided_on]
    on_time = sum(decides_on is None or day <= decides_on for day in decided)
    undecided = sum(case.stage in NOT_DECIDED for case in cases)
    return WaveCount(
        title, decides_on, len(cases), on_time, len(decided) - on_time, undecided,
        len(cases) - len(decided) - undecided,
    )  # fmt: skip


def _proofs(session: Session, played: Played) -> Proofs:
    at = deadline_instant(played.scenario.last)
    astray = queries.balance(session, at=at)
    verified = played.verification
    return Proofs(
        verified.lines, verified.sound, astray.envelopes_astray, astray.timers_overdue, astray.letters_overdue
    )
