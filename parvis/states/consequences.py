"""What a move writes beside the stage: columns, timers, letters, details of the journal line. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta

from parvis.states.calendar import deadline_instant, report_due
from parvis.states.case_table import TO_FUNDERS, TO_PARTNERS
from parvis.states.contract import TimeRules
from parvis.states.contract.instruction import Criterion, Instalment, Underspend
from parvis.states.deadlines import (
    Timer,
    plan,
    plan_clock,
    plan_contact,
    plan_opinions,
    plan_partners,
    silence_on,
)
from parvis.states.details import Plain, Value, details
from parvis.states.facts import Facts
from parvis.states.interim import first_interim
from parvis.states.partner_table import cancelled
from parvis.states.report_consequences import (
    AFTER_REPORT,
    REPORT_CHANGES,
    cancelled_rules,
    report_letter_data,
)
from parvis.states.stages import Action, Stage
from parvis.states.table import Clock, Letter, Move
from parvis.states.told import first_changes, first_told


@dataclass(frozen=True, slots=True)
class CallRules:
    """What the rules need of a call: its times, the year it pays for, its documents, its grid, its payments."""

    times: TimeRules
    year: int
    silent: bool = False
    documents: Mapping[str, str] = field(default_factory=dict)
    grid: tuple[Criterion, ...] = ()
    schedule: tuple[Instalment, ...] = ()
    underspend: Underspend = Underspend.PRO_RATA
    evaluation: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class OwedLetter:
    """A letter to write down: `recipient` is a logical address (`applicant`, `instructor`, `funder:12`)."""

    rule: str
    template: str
    recipient: str
    data: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Which open timers end with a move: those of the stage, of the clock, or of one rule by its prefix."""

    stage: bool = False
    clock: bool = False
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Consequences:
    """All that one move writes. `changes` are columns of the case."""

    changes: Mapping[str, Value]
    cancel: Cancel
    timers: tuple[Timer, ...]
    letters: tuple[OwedLetter, ...]
    details: Mapping[str, Plain]


def consequences(move: Move[Facts], facts: Facts, rules: CallRules) -> Consequences:
    """What `move` writes for a case whose facts before it are `facts`."""
    changes = {
        **_CHANGES.get(str(move.action), _no_change)(facts, rules),
        **first_changes(Action(move.action), facts, rules.times),
        **_clock_changes(move.clock, facts),
    }
    after = _after(move, facts, changes)
    data = letter_data(move, after, rules)
    return Consequences(
        changes,
        _cancel(move, facts, after),
        () if rules.silent else tuple(_timers(move, after, rules)),
        () if rules.silent and move.action != Action.RENEW else tuple(_letters(move, after, data)),
        details(facts.given),
    )


def letter_data(move: Move[Facts], after: Facts, rules: CallRules) -> dict[str, Plain]:
    """The facts the letters of a move need, as JSON: dates in ISO form, amounts in cents."""
    given = after.given
    data = first_told(Action(move.action), after)
    if given.reason:
        data["reason"] = given.reason
    if given.documents:
        data["documents"] = [
            {"code": code, "label": rules.documents.get(code, code)} for code in given.documents
        ]
    if given.grants:
        data["grants"] = [{"funder": g.funder, "amount_cents": g.amount_cents} for g in given.grants]
        data["total_cents"] = sum(g.amount_cents for g in given.grants)
        data["conditions"] = given.conditions
        data["report_due"] = _iso(after.report_due_on)
        data |= {"interim_due": _iso(after.interim_due_on)} if after.interim_due_on else {}
    if move.action in (Action.DEFER, Action.FUND, Action.REJECT) and after.held_on:
        data["committee"] = {"name": after.committee_name, "held_on": _iso(after.held_on)}
    if move.action == Action.LAPSE:
        data["reply_by"] = _iso(after.reply_by)
    if move.action in (Action.REQUEST_DOCUMENTS, Action.EXTEND_REPLY):
        data["reply_by"] = _iso(after.reply_by)
    if move.action in (Action.SUBMIT, Action.RECORD_SILENCE):
        data["deadline"] = _iso(silence_on(after, rules.times))
    if move.action == Action.GIVE_NOTICE:
        data["deadline"] = _iso(after.notice_expires_on)
    data |= report_letter_data(Action(move.action), after, rules.times)
    if move.action == Action.ASK_OPINIONS:
        data["deadline"] = _iso(_opinions_due(after, rules))
    return data


def _after(move: Move[Facts], facts: Facts, changes: Mapping[str, Value]) -> Facts:
    known: dict[str, object] = {name: value for name, value in changes.items() if name in _FACT_NAMES}
    known["version"] = facts.version + 1
    if move.action == Action.RECOMMEND:
        known["held_on"] = facts.given.next_held_on
    if move.target is not None:
        known |= {
            "stage": Stage(move.target),
            "entered_on": facts.today,
            "entered_version": known["version"],
        }
    return replace(facts, **known)  # type: ignore[arg-type]


_FACT_NAMES = frozenset(f.name for f in fields(Facts))


def _timers(move: Move[Facts], after: Facts, rules: CallRules) -> list[Timer]:
    timers = plan(after, rules.times) if move.target is not None else []
    if move.clock in (Clock.START, Clock.RESUME):
        timers += plan_clock(after, rules.times)
    if move.action == Action.ASK_OPINIONS:
        timers += plan_opinions(after, rules.times, _opinions_due(after, rules), after.given.funder_ids)
    if move.action == Action.ASK_CONTACT:
        timers += plan_contact(after, rules.times)
    if move.action in (Action.INVITE_PARTNER, Action.ADD_PARTNER):
        timers += plan_partners(after, rules.times)
    if move.action in _CHANGES_A_DEADLINE:
        timers += plan(after, rules.times)
    return timers


_CHANGES_A_DEADLINE = frozenset(
    {Action.EXTEND_REPLY, Action.CARRY, Action.RECOMMEND, Action.GIVE_NOTICE, *AFTER_REPORT}
)


def _letters(move: Move[Facts], after: Facts, data: Mapping[str, Plain]) -> list[OwedLetter]:
    return [
        OwedLetter(str(move.action), letter.template, recipient, _told_to(letter, move, data))
        for letter in move.letters
        for recipient in _recipients(letter, after)
    ]


def _told_to(letter: Letter, move: Move[Facts], data: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """What a letter says; the one to partners has its words by what became of the case."""
    return {**data, "outcome": str(move.action)} if letter.to == TO_PARTNERS else data


def _recipients(letter: Letter, after: Facts) -> list[str]:
    if letter.to == TO_FUNDERS:
        return [f"funder:{funder_id}" for funder_id in after.given.funder_ids]
    if letter.to == TO_PARTNERS:
        return [f"partner:{partner_id}" for partner_id in after.partner_ids]
    return [letter.to]


def _cancel(move: Move[Facts], facts: Facts, after: Facts) -> Cancel:
    match move.action:
        case Action.CHECK_ELIGIBILITY:
            return Cancel(prefix="check")
        case _ if prefix := cancelled(move.action, facts, after):
            return Cancel(prefix=prefix)
        case Action.ASK_CONTACT | Action.RECORD_CONTACT:
            return Cancel(prefix="contact")
        case Action.GIVE_OPINION:
            return Cancel(prefix=f"opinion:{facts.given.funder_id}:")
        case Action() if prefix := cancelled_rules(move.action):
            return Cancel(prefix=prefix)
        case Action.GIVE_NOTICE if after.notice_expires_on != facts.notice_expires_on:
            return Cancel(prefix="notice")
        case Action.EXTEND_REPLY:
            return Cancel(prefix="reply")
        case Action.CARRY | Action.RECOMMEND:
            return Cancel(prefix="decide")
        case _:
            return Cancel(move.target is not None, move.clock is not Clock.KEEP)


def _clock_changes(clock: Clock, facts: Facts) -> dict[str, Value]:
    match clock:
        case Clock.START:
            return {"clock_started_on": _clock_start(facts), "clock_paused_on": None, "clock_paused_days": 0}
        case Clock.PAUSE:
            return {"clock_paused_on": facts.today}
        case Clock.RESUME:
            paused = (facts.today - facts.clock_paused_on).days if facts.clock_paused_on else 0
            return {"clock_paused_on": None, "clock_paused_days": facts.clock_paused_days + paused}
        case _:
            return {}


def _clock_start(facts: Facts) -> date:
    first = facts.stage == Stage.DRAFT and facts.deposited_on is not None
    return facts.deposited_on if first and facts.deposited_on else facts.today


def _opinions_due(facts: Facts, rules: CallRules) -> date:
    return facts.given.due_on or facts.today + timedelta(days=rules.times.opinion_days)


def _submit(facts: Facts, rules: CallRules) -> dict[str, Value]:
    return {"deposited_on": facts.deposited_on or facts.today}


def _request_documents(facts: Facts, rules: CallRules) -> dict[str, Value]:
    return {
        "reply_by": facts.given.reply_by or facts.today + timedelta(days=rules.times.documents_reply_days)
    }


def _reopen(facts: Facts, rules: CallRules) -> dict[str, Value]:
    return {"reply_by": None, "committee_id": None, "decided_on": None}


def _ask_opinions(facts: Facts, rules: CallRules) -> dict[str, Value]:
    return {"opinions_due_at": deadline_instant(_opinions_due(facts, rules))}


def _fund(facts: Facts, rules: CallRules) -> dict[str, Value]:
    year = facts.ends_on.year if facts.ends_on else rules.year
    return {
        "decided_on": facts.held_on or facts.today,
        "report_due_on": report_due(date(year, 12, 31), months=rules.times.report_months),
        "interim_due_on": None
        if rules.silent
        else first_interim(facts, rules.year, rules.schedule, rules.times),
    }


def _assess(facts: Facts, rules: CallRules) -> dict[str, Value]:
    return {"score": facts.given.score, "assessment": json.dumps(dict(facts.given.points))}


def _of_report(
    changes: Callable[[Facts, TimeRules], dict[str, Value]],
) -> Callable[[Facts, CallRules], dict[str, Value]]:
    return lambda facts, rules: changes(facts, rules.times)


def _no_change(facts: Facts, rules: CallRules) -> dict[str, Value]:
    return {}


_CHANGES: dict[str, Callable[[Facts, CallRules], dict[str, Value]]] = {
    Action.SUBMIT: _submit,
    Action.REQUEST_DOCUMENTS: _request_documents,
    Action.EXTEND_REPLY: lambda facts, rules: {"reply_by": facts.given.reply_by},
    Action.COMPLETE: lambda facts, rules: {"reply_by": None},
    Action.SCHEDULE: lambda facts, rules: {"committee_id": facts.given.committee_id},
    Action.UNSCHEDULE: lambda facts, rules: {"committee_id": None},
    Action.CARRY: lambda facts, rules: {"committee_id": facts.given.committee_id},
    Action.RECOMMEND: lambda facts, rules: {"committee_id": facts.given.next_committee_id},
    Action.DEFER: lambda facts, rules: {"committee_id": None},
    Action.FUND: _fund,
    Action.REJECT: lambda facts, rules: {"decided_on": facts.held_on or facts.today},
    Action.WITHDRAW: lambda facts, rules: {"committee_id": None},
    Action.REOPEN: _reopen,
    Action.ASSIGN: lambda facts, rules: {"instructor_id": facts.given.instructor_id},
    Action.CHECK_ELIGIBILITY: lambda facts, rules: {"eligibility_checked": True},
    Action.ASSESS: _assess,
    Action.ASK_OPINIONS: _ask_opinions,
    **{action: _of_report(changes) for action, changes in REPORT_CHANGES.items()},
}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
