"""What a move of an agreement writes beside the stage: columns, timers, letters, details of the journal line. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from parvis.states.agreement_deadlines import plan
from parvis.states.agreement_facts import AgreementFacts, YearAmount
from parvis.states.agreement_stages import AgreementAction, AgreementStage
from parvis.states.consequences import OwedLetter
from parvis.states.contract.agreements import AgreementRules
from parvis.states.deadlines import Timer
from parvis.states.details import Plain, Value, plain
from parvis.states.table import Move

A = AgreementAction


@dataclass(frozen=True, slots=True)
class AgreementConsequences:
    """All that one move writes. `changes` are columns of the agreement; `timers` are all it has open afterwards."""

    changes: Mapping[str, Value]
    timers: tuple[Timer, ...]
    letters: tuple[OwedLetter, ...]
    details: Mapping[str, Plain]


def consequences(
    move: Move[AgreementFacts], facts: AgreementFacts, rules: AgreementRules, names: Mapping[str, str]
) -> AgreementConsequences:
    """What `move` writes for an agreement whose facts before it are `facts`; `names` of funders by code."""
    changes = _CHANGES.get(str(move.action), _no_change)(facts)
    after = _after(move, facts, changes)
    data = letter_data(move, after, facts.stage, names)
    letters = (OwedLetter(str(move.action), letter.template, letter.to, data) for letter in move.letters)
    return AgreementConsequences(changes, tuple(plan(after, rules)), tuple(letters), _details(move, after))


def given_amounts(facts: AgreementFacts, names: Mapping[str, str]) -> tuple[YearAmount, ...]:
    """The amounts of the year spoken of once this is done: those given, else those it had."""
    if facts.given.amounts:
        return tuple(YearAmount(code, names.get(code, code), cents) for code, cents in facts.given.amounts)
    return facts.year.amounts if facts.year else ()


def letter_data(
    move: Move[AgreementFacts], after: AgreementFacts, before: str, names: Mapping[str, str]
) -> dict[str, Plain]:
    """The facts the letters of a move need, as JSON: dates in ISO form, amounts in cents."""
    given = after.given
    data: dict[str, Plain] = {"reason": given.reason} if given.reason else {}
    match move.action:
        case A.ACTIVATE:
            data |= {"renews": after.renews, "years": [
                {"number": year.number, "starts_on": year.starts_on.isoformat(), "firm": year.firm,
                 "ends_on": year.ends_on.isoformat(), "total_cents": year.total_cents} for year in after.years
            ]}  # fmt: skip
        case A.OPEN_RENEWAL:
            data["reports"] = ", ".join(after.awaited_reports)
        case A.WRITE_REQUEST:
            data |= {
                "request": after.request,
                "path": f"/dossiers/{after.request}",
                "deadline": _iso(after.call_closes_on),
            }
        case A.TERMINATE:
            data |= {"last_day": after.ends_on.isoformat(), "never_began": after.ends_on < after.starts_on}
        case A.AMEND:
            data |= {"version": after.amendments + 1, "new_end": _iso(given.new_end)}
            if given.amounts:
                data |= _grants(after, names)
        case A.CONFIRM_YEAR:
            data |= _grants(after, names)
        case _:
            pass
    return data


def _grants(facts: AgreementFacts, names: Mapping[str, str]) -> dict[str, Plain]:
    amounts = given_amounts(facts, names)
    return {
        "year": facts.given.year,
        "grants": [{"funder": each.name, "amount_cents": each.amount_cents} for each in amounts],
        "total_cents": sum(each.amount_cents for each in amounts),
    }


def _after(move: Move[AgreementFacts], facts: AgreementFacts, changes: Mapping[str, Value]) -> AgreementFacts:
    known: dict[str, object] = {name: value for name, value in changes.items() if name in _FACT_NAMES}
    known["version"] = facts.version + 1
    if move.action == A.REVIEW_YEAR:
        known["years"] = tuple(
            replace(year, reviewed_on=facts.given.on or facts.today) if year is facts.year else year
            for year in facts.years
        )
    if move.target is not None:
        known |= {
            "stage": AgreementStage(move.target),
            "entered_on": facts.today,
            "entered_version": known["version"],
        }
    return replace(facts, **known)  # type: ignore[arg-type]


_FACT_NAMES = frozenset(f.name for f in fields(AgreementFacts))


def _details(move: Move[AgreementFacts], facts: AgreementFacts) -> dict[str, Plain]:
    """What was given, as the journal keeps it; nothing for what was not."""
    given = facts.given
    said = {field.name: getattr(given, field.name) for field in fields(given)}
    kept = {name: plain(value) for name, value in said.items() if value not in ("", (), None)}
    return {**kept, "request": facts.request} if move.action == A.WRITE_REQUEST else kept


def _terminate(facts: AgreementFacts) -> dict[str, Value]:
    """One that never began is given the eve of its start as its last day: it ran no day."""
    eve = facts.starts_on - timedelta(days=1)
    if facts.stage == AgreementStage.DRAFT:
        return {"ends_on": eve}
    return {"ends_on": facts.given.on or max(min(facts.today, facts.ends_on), eve)}


def _no_change(facts: AgreementFacts) -> dict[str, Value]:
    return {}


_CHANGES: dict[str, Callable[[AgreementFacts], dict[str, Value]]] = {
    A.TERMINATE: _terminate,
    A.SIGN: lambda facts: {"signed_on": facts.given.on},
    A.RECORD_APPROVAL: lambda facts: {"approval_ends_on": facts.given.on},
    A.AMEND: lambda facts: {"ends_on": facts.given.new_end or facts.ends_on},
    A.RECEIVE_EVALUATION: lambda facts: {
        "evaluation_received_on": facts.evaluation_received_on or facts.today
    },
}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
