"""What a secretary types of a case while the committee sits, turned into a decision; each fault beside its field."""

from collections.abc import Iterable, Sequence

from parvis.models.queries.session_cases import OnTable
from parvis.states import fields, partners
from parvis.states.outcomes import (
    OF_WHO_DECIDES,
    OF_WHO_RECOMMENDS,
    OUTCOME_WORDS,
    WITH_AMOUNTS,
    Draft,
    Outcome,
    Votes,
)
from parvis.states.partners import Coalition, Payee
from parvis.states.table import Reason
from parvis.states.words import Cents, Sentence
from parvis.web import forms
from parvis.web.errors import FieldError, WrongInputError
from parvis.web.forms import Typed
from parvis.web.parts import PART, read_parts

AMOUNT = "montant_"
VOTES = ("pour", "contre", "abstentions")
LONGEST = 4_000

NOT_VOTES = Sentence("un nombre entier de 0 à 9 999", "a whole number from 0 to 9,999")
VOTES_APART = Sentence(
    "indiquer les voix pour et les voix contre", "give the votes for and the votes against"
)

SUMMED_UP = Sentence("{outcome}, {total}", "{outcome}, {total}")

_FIELD_OF = {
    "committee_decides": "decision", "committee_recommends": "decision", "reason_given": "motif",
    "no_amount_here": "montants", "amount_granted": "montants", "funder_not_asked": "montants",
    "within_request": "montants", "votes_negative": "pour", "votes_too_many": "pour", "not_carried": "pour",
    "parts_add_up": "parts", "no_parts_here": "parts",
}  # fmt: skip


def offered(case: OnTable, kind: str) -> tuple[Outcome, ...]:
    """What a committee of this kind may say of a case."""
    final = OF_WHO_DECIDES if kind == case.decides else OF_WHO_RECOMMENDS
    return tuple(outcome for outcome in Outcome if outcome in final | {Outcome.DEFER, Outcome.CARRY})


def read_decision(typed: Typed, case: OnTable, kind: str) -> Draft:
    """The decision a form says.

    Raises:
        WrongInputError: fields are missing or cannot be read; all of them are named.
    """
    faults: list[FieldError] = []
    said = typed.one("decision")
    outcome = Outcome(said) if said in set(offered(case, kind)) else None
    if outcome is None:
        faults.append(FieldError("decision", forms.NOT_OFFERED if said else forms.REQUIRED))
    amounts = _amounts(typed, case, faults) if outcome is None or outcome in WITH_AMOUNTS else ()
    parts = _parts(typed, case, faults) if outcome is Outcome.FUND else ()
    reason, conditions = (_words(typed, name, faults) for name in ("motif", "conditions"))
    votes = _votes(typed, faults)
    if faults or outcome is None:
        raise WrongInputError(*faults)
    return Draft(outcome, amounts, reason, conditions, votes, parts)


def _amounts(typed: Typed, case: OnTable, faults: list[FieldError]) -> tuple[tuple[str, int], ...]:
    found = []
    for ask in case.asks:
        name = AMOUNT + ask.funder
        if said := typed.one(name):
            try:
                found.append((ask.funder, fields.amount(said, zero_allowed=True)))
            except fields.FieldError as error:
                faults.append(FieldError(name, error.sentence))
    return tuple((code, cents) for code, cents in found if cents)


def payees(case: OnTable) -> tuple[Payee, ...]:
    """Who a grant is shared between, with what is asked for each: the lead, then each partner; nobody without one."""
    asks = {ask.funder: ask.requested_cents for ask in case.asks}
    return partners.payees(Coalition(case.partners, lead_name=case.organisation), asks)


def _parts(typed: Typed, case: OnTable, faults: list[FieldError]) -> tuple[tuple[str, str, int], ...]:
    whose = [payee.who for payee in payees(case)]
    try:
        return read_parts(typed.one, whose, [ask.funder for ask in case.asks])
    except WrongInputError as wrong:
        faults += wrong.fields
        return ()


def _words(typed: Typed, name: str, faults: list[FieldError]) -> str:
    said = typed.one(name)
    if not said:
        return ""
    try:
        return fields.text(said, max_length=LONGEST, lines=True)
    except fields.FieldError as error:
        faults.append(FieldError(name, error.sentence))
        return ""


def read_votes(typed: Typed) -> Votes | None:
    """The votes of a form; None where none was held.

    Raises:
        WrongInputError: a number of votes cannot be read, or one of the two is missing.
    """
    faults: list[FieldError] = []
    votes = _votes(typed, faults)
    if faults:
        raise WrongInputError(*faults)
    return votes


def _votes(typed: Typed, faults: list[FieldError]) -> Votes | None:
    said = [typed.one(name) for name in VOTES]
    if not any(said):
        return None
    wrong = [
        FieldError(name, NOT_VOTES)
        for name, each in zip(VOTES, said, strict=True)
        if each and not (each.isascii() and each.isdigit() and len(each) <= 4)
    ]
    if not wrong and not (said[0] and said[1]):
        wrong = [FieldError("pour" if not said[0] else "contre", VOTES_APART)]
    faults += wrong
    return None if wrong else Votes(*(int(each or 0) for each in said))


def beside(reasons: Iterable[Reason]) -> tuple[dict[str, Sentence], Sequence[Reason]]:
    """Reasons a decision was not kept, each beside its field; those of no field apart."""
    placed: dict[str, Sentence] = {}
    apart = []
    for reason in reasons:
        name = _FIELD_OF.get(reason.code)
        if name is None or name in placed:
            apart.append(reason)
        else:
            placed[name] = reason.sentence
    return placed, apart


def summed_up(draft: Draft) -> Sentence:
    """A decision in a few words: `financé, 3 000 €`."""
    if not draft.amounts:
        return OUTCOME_WORDS[draft.outcome]
    return SUMMED_UP.fill(outcome=OUTCOME_WORDS[draft.outcome], total=Cents(draft.total_cents))


def as_typed(draft: Draft | None) -> Typed:
    """A decision as its form shows it."""
    if draft is None:
        return Typed()
    votes = draft.votes
    numbers = (votes.in_favour, votes.against, votes.abstentions) if votes else ("", "", "")
    return Typed({
        "decision": (str(draft.outcome),), "motif": (draft.reason,), "conditions": (draft.conditions,),
        **{name: (str(number),) for name, number in zip(VOTES, numbers, strict=True)},
        **{f"{PART}{who}_{code}": (fields.grouped_amount(cents),) for who, code, cents in draft.parts},
        **{AMOUNT + code: (fields.grouped_amount(cents),) for code, cents in draft.amounts},
    })  # fmt: skip
