"""What each association of a case is granted, and with which of them that takes an agreement. Pure."""

from collections.abc import Mapping, Sequence

from parvis.states.acting import Grant
from parvis.states.details import Plain
from parvis.states.facts import Facts, Given
from parvis.states.partners import LEAD, Coalition, shared_out
from parvis.states.year_counts import YearCount


def parts_given(given: Given) -> dict[str, dict[str, int]]:
    """By association (`LEAD`, or the SIRET of a partner) and funder (its code), what a decision gives it, in cents."""
    coalition = given.coalition or Coalition()
    sirets = {part.organisation_id: part.siret for part in coalition.taking_part}
    found: dict[str, dict[str, int]] = {LEAD: {}, **{siret: {} for siret in sirets.values()}}
    for grant in given.grants:
        for who, cents in _shared(grant, coalition, given):
            found[sirets[who] if who is not None else LEAD][grant.code] = cents
    return found


def _shared(grant: Grant, coalition: Coalition, given: Given) -> Sequence[tuple[int | None, int]]:
    parts = coalition.taking_part
    return shared_out(grant.code, grant.amount_cents, grant.requested_cents, parts, given.part_amounts)


def paid_directly(given: Given) -> bool:
    """Whether each association is paid its own part; else the lead is, for all (CGCT L1611-4)."""
    coalition = given.coalition or Coalition()
    return not (coalition.clause or coalition.through_lead)


def agreements_with(given: Given, counts: Sequence[YearCount]) -> tuple[str, ...]:
    """The associations an authority gives more than the threshold in the year with this decision, the lead first.

    `counts` are of the case, before it is decided (loi 2000-321 art. 10: by authority and association).
    """
    gives = parts_given(given)
    if not paid_directly(given):
        gives = {LEAD: {grant.code: grant.amount_cents for grant in given.grants}}
    return tuple(
        who for who, amounts in gives.items() if any(_exceeds(count, who, amounts) for count in counts)
    )


def _exceeds(count: YearCount, who: str, amounts: Mapping[str, int]) -> bool:
    cents = amounts.get(count.funder, 0)
    return (
        count.partner == ("" if who == LEAD else who)
        and cents > 0
        and cents + count.already_cents > count.threshold_cents
    )


def told(facts: Facts) -> dict[str, Plain]:
    """What the letter of a grant says of its associations: an agreement to sign, and what each gets."""
    given = facts.given
    said: dict[str, Plain] = {"agreement": True} if LEAD in given.agreement_with else {}
    coalition = given.coalition
    if coalition is None or not coalition.taking_part:
        return said
    names = {LEAD: coalition.lead_name, **{part.siret: part.name for part in coalition.taking_part}}
    parts = [
        {"name": names[who], "amount_cents": sum(amounts.values())}
        for who, amounts in parts_given(given).items()
    ]
    return {**said, "parts": parts, "through_lead": not paid_directly(given)}  # type: ignore[dict-item]
