"""The report of a rehearsal: what it says, in order, whether it is shown on a terminal or on a page."""

from collections.abc import Callable, Sequence
from datetime import date

from parvis.services.figures.shapes import Bars, Cell, Column, Days, Lines, Report, Section
from parvis.services.figures.showing import amount, counted, thousands
from parvis.services.rehearsal import report_names as names
from parvis.services.rehearsal import report_words as words
from parvis.services.rehearsal.figures import Figures
from parvis.services.rehearsal.report_agreements import agreements_section, reports_section
from parvis.states.words import Cents, Language, Sentence


def report(figures: Figures) -> Report:
    """The report of these figures."""
    sections = tuple(section for make in SECTIONS if (section := make(figures)) is not None)
    return Report(
        title=_title(figures.titles),
        subtitle=words.SUBTITLE.fill(
            contract=figures.contract, first=figures.first, last=figures.last, cases=figures.proposals,
            seed=figures.seed,
        ),
        facts=_facts(figures),
        sections=sections,
        note=words.NOTE,
        alarms=tuple(section.says for section in sections if section.alarm),
    )  # fmt: skip


def _title(titles: Sequence[str]) -> Sentence:
    """One call by its name, several by their number: their names are in the table of waves."""
    if len(titles) == 1:
        return words.TITLE.fill(call=titles[0])
    return words.TITLE_OF_SEVERAL.fill(count=len(titles))


def _facts(figures: Figures) -> tuple[tuple[Cell, Sentence], ...]:
    return (
        (figures.cases, words.DEPOSITED),
        (figures.granted_cases, words.FUNDED),
        (_thousands(figures.granted_cents), words.GRANTED),
        (figures.letters, words.LETTERS_LEFT),
        (len(figures.stuck), words.STUCK_CASES),
        (sum(sitting.too_small for sitting in figures.sittings), words.OVER_CAPACITY),
    )


def _number(name: Sentence, *, minor: bool = False) -> Column:
    return Column(name, minor=minor)


def _text(name: Sentence, *, minor: bool = False) -> Column:
    return Column(name, number=False, minor=minor)


def _stuck(figures: Figures) -> Section:
    rows = tuple(
        (one.reference, one.organisation, names.stage(one.stage), one.officer or words.NOBODY,
         names.owner(one.stage), one.moved_on, words.TIMERS_LEFT if one.timers else words.NO_TIMER)
        for one in figures.stuck
    )  # fmt: skip
    says = words.SOME_STUCK if rows else words.NONE_STUCK
    return Section(
        "stuck", words.STUCK, says.fill(count=len(rows), days=figures.stuck_after_days),
        (_text(words.CASE), _text(words.ORGANISATION), _text(words.STAGE), _text(words.OFFICER),
         _text(words.OWNER, minor=True), _text(words.MOVED_ON), _text(words.RECALLED)),
        rows, alarm=bool(rows),
    )  # fmt: skip


def _funnel(figures: Figures) -> Section:
    reached = dict(figures.reached)
    ended = dict(figures.at_the_end)
    rows = tuple(
        (names.reached(stage), times, _share(times, figures.cases)) for stage, times in reached.items()
    )
    exits = tuple(
        (names.ended(stage), ended[stage], _share(ended[stage], figures.cases))
        for stage in names.EXITS
        if ended.get(stage)
    )
    chart = Bars(tuple((names.reached(stage), times, times) for stage, times in reached.items()))
    return Section(
        "funnel", words.FUNNEL,
        words.FUNNEL_SAYS.fill(
            deposited=figures.cases, funded=reached.get("funded", 0), closed=reached.get("evaluated", 0),
            open=sum(times for stage, times in ended.items() if stage in names.OPEN),
        ),
        (_text(words.WHERE), _number(words.CASES), _number(words.SHARE)), rows + exits, chart,
    )  # fmt: skip


def _share(part: int, whole: int) -> Sentence:
    percent = round(100 * part / whole) if whole else 0
    return words.PERCENT.fill(percent=percent)


def _waves(figures: Figures) -> Section | None:
    rows = tuple(
        (wave.title or words.NO_WAVE, wave.decides_on, wave.deposits, wave.on_time, wave.later,
         wave.closed, wave.undecided)
        for wave in figures.waves
    )  # fmt: skip
    later = sum(wave.later + wave.undecided for wave in figures.waves)
    return Section(
        "waves", words.WAVES, (words.WAVES_LATE if later else words.WAVES_FINE).fill(count=later),
        (_text(words.WAVE), _text(words.DECIDES_ON), _number(words.DEPOSITS), _number(words.ON_TIME),
         _number(words.LATER), _number(words.CLOSED_BEFORE), _number(words.UNDECIDED)),
        rows,
    ) if rows else None  # fmt: skip


def _letters(figures: Figures) -> Section | None:
    if figures.busiest is None:
        return None
    busiest, most = figures.busiest
    by_month: dict[date, list[int]] = {}
    for day, times in figures.days:
        by_month.setdefault(day.replace(day=1), []).append(times)
    rows = tuple(
        (names.month(month), sum(counts), len(counts), max(counts)) for month, counts in by_month.items()
    )
    return Section(
        "letters", words.LETTERS,
        words.LETTERS_SAYS.fill(
            count=counted(figures.letters), busiest=busiest, most=most,
            mean=round(figures.letters / max(1, len(figures.days))),
        ),
        (_text(words.MONTH), _number(words.SENT), _number(words.DAYS_WITH), _number(words.MOST_A_DAY)),
        rows, Days(figures.first, figures.last, figures.days), long=True,
    )  # fmt: skip


def _kinds(figures: Figures) -> Section:
    failed = sum(kind.failed for kind in figures.kinds)
    return Section(
        "kinds", words.KINDS, words.KINDS_SAYS.fill(failed=failed, phoned=figures.phoned),
        (_text(words.LETTER), _number(words.SENT), _number(words.GATHERED), _number(words.FAILED), _number(words.OWED)),
        tuple((names.letter(k.template), k.sent, k.gathered, k.failed, k.owed) for k in figures.kinds),
    )  # fmt: skip


def _load(figures: Figures) -> Section | None:
    if not figures.load:
        return None
    rows = []
    for officer in figures.load:
        fullest = max(range(len(figures.weeks)), key=lambda n: (officer.open_cases[n], -n))
        busiest = max(range(len(figures.weeks)), key=lambda n: (officer.moves[n], -n))
        rows.append((
            officer.name, sum(officer.moves), officer.moves[busiest], figures.weeks[busiest],
            officer.open_cases[fullest], figures.weeks[fullest],
        ))  # fmt: skip
    heaviest = max(rows, key=lambda row: (row[4], row[0]))
    return Section(
        "load", words.LOAD, words.LOAD_SAYS.fill(name=heaviest[0], count=heaviest[4], week=heaviest[5]),
        (_text(words.OFFICER), _number(words.MOVES), _number(words.MOST_MOVES), _text(words.IN_WEEK),
         _number(words.MOST_OPEN), _text(words.IN_WEEK)),
        tuple(rows), Lines(figures.weeks, tuple((one.name, one.open_cases) for one in figures.load)),
    )  # fmt: skip


def _delays(figures: Figures) -> Section | None:
    rows = tuple((names.delay(d.what), d.count, d.median, d.ninth) for d in figures.delays)
    decision = next((delay for delay in figures.delays if delay.what == "to_decision"), None)
    says = (
        words.DELAYS_SAY.fill(median=decision.median, ninth=decision.ninth) if decision else words.NO_DECISION
    )
    chart = Bars(
        tuple((names.delay(d.what), d.ninth, d.median) for d in figures.delays),
        part=words.MEDIAN, whole=words.NINTH,
    )  # fmt: skip
    columns = (_text(words.DELAY), _number(words.TIMES), _number(words.MEDIAN), _number(words.NINTH))
    return Section("delays", words.DELAYS, says, columns, rows, chart) if rows else None


def _missed(figures: Figures) -> Section:
    rows = tuple((names.rule(rule), names.rule_meaning(rule), times) for rule, times in figures.missed)
    silence = dict(figures.missed).get("silence", 0)
    says = (words.MISSED_SAY if rows else words.NONE_MISSED).fill(
        count=sum(times for _, times in figures.missed), silence=silence, forgotten=figures.forgotten
    )
    chart = Bars(tuple((names.rule(rule), times, times) for rule, times in figures.missed)) if rows else None
    columns = (_text(words.DEADLINE), _text(words.MEANING, minor=True), _number(words.TIMES))
    return Section("missed", words.MISSED, says, columns, rows, chart)


def _sittings(figures: Figures) -> Section | None:
    rows = tuple(
        (one.name, one.held_on, one.scheduled, one.capacity if one.capacity is not None else words.NO_LIMIT,
         one.over, one.turned_away, one.advised, one.funded, one.rejected, one.put_off,
         names.quorum(quorate=one.quorate))
        for one in figures.sittings
    )  # fmt: skip
    small = sum(one.too_small for one in figures.sittings)
    away = sum(one.turned_away for one in figures.sittings)
    says = words.SITTINGS_OVER if small else words.SITTINGS_FINE
    return Section(
        "sittings", words.SITTINGS, says.fill(count=len(rows), over=small, away=away),
        (_text(words.COMMITTEE), _text(words.HELD_ON), _number(words.SCHEDULED), _number(words.CAPACITY),
         _number(words.OVER), _number(words.TURNED_AWAY, minor=True), _number(words.ADVISED_THERE),
         _number(words.FUNDED_THERE),
         _number(words.REJECTED_THERE), _number(words.PUT_OFF, minor=True), _text(words.QUORUM)),
        rows, alarm=small > 0,
    ) if rows else None  # fmt: skip


def _funders(figures: Figures) -> Section | None:
    rows = tuple(
        (one.name, one.cases, Cents(one.requested_cents), Cents(one.granted_cents), one.granted_cases,
         Cents(one.envelope_cents) if one.envelope_cents is not None else words.NO_ENVELOPE,
         Cents(one.envelope_cents - one.granted_cents) if one.envelope_cents is not None else None)
        for one in figures.funders
    )  # fmt: skip
    mean = figures.granted_cents // max(1, figures.granted_cases)
    named = tuple((Sentence(f.name, f.name), f.requested_cents, f.granted_cents) for f in figures.funders)
    return Section(
        "funders", words.MONEY,
        words.MONEY_SAYS.fill(
            requested=amount(figures.requested_cents), granted=amount(figures.granted_cents), mean=amount(mean)
        ),
        (_text(words.FUNDER), _number(words.CASES), _number(words.REQUESTED), _number(words.GIVEN),
         _number(words.GRANTS, minor=True), _number(words.ENVELOPE), _number(words.LEFT)),
        rows, Bars(named, money=True, part=words.GIVEN, whole=words.REQUESTED),
    ) if rows else None  # fmt: skip


def _opinions(figures: Figures) -> Section | None:
    asked = [one for one in figures.funders if one.asked]
    rows = tuple((one.name, one.asked, one.in_time, one.late, one.never) for one in asked)
    never, whole = sum(one.never for one in asked), sum(one.asked for one in asked)
    return Section(
        "opinions", words.OPINIONS, words.OPINIONS_SAY.fill(asked=whole, never=never),
        (_text(words.FUNDER), _number(words.ASKED), _number(words.IN_TIME), _number(words.LATE), _number(words.NEVER)),
        rows,
    ) if rows else None  # fmt: skip


def _refused(figures: Figures) -> Section | None:
    files = tuple((words.AT_THE_DOOR, problem.sentence, 1, name) for name, problem in figures.refused_files)
    moves = tuple(
        (names.action(action), names.refusal(code), times, "")
        for action, code, times in figures.refused_moves
    )
    return Section(
        "refused", words.REFUSED,
        words.REFUSED_SAY.fill(files=len(files), moves=sum(times for *_, times in figures.refused_moves)),
        (_text(words.WHAT), _text(words.WHY), _number(words.TIMES), _text(words.FILE)),
        files + moves, long=True,
    ) if files or moves else None  # fmt: skip


def _proofs(figures: Figures) -> Section:
    proofs = figures.proofs
    says = words.PROOFS_HOLD if proofs.hold else words.PROOFS_FAIL
    return Section(
        "proofs", words.PROOFS, says.fill(lines=counted(proofs.lines)),
        (_text(words.CHECKED), _number(words.FAULTS)),
        ((words.JOURNAL, 0 if proofs.journal_sound else 1), (words.ENVELOPES, proofs.envelopes_astray),
         (words.TIMERS, proofs.timers_overdue), (words.OUTBOX, proofs.letters_overdue)),
        alarm=not proofs.hold,
    )  # fmt: skip


SECTIONS: tuple[Callable[[Figures], Section | None], ...] = (
    _stuck, agreements_section, reports_section, _sittings, _funnel, _waves, _letters, _load, _delays, _missed,
    _funders, _opinions, _kinds, _refused, _proofs,
)  # fmt: skip


def _thousands(cents: int) -> Sentence:
    return Sentence(thousands(cents, Language.FR), thousands(cents, Language.EN))
