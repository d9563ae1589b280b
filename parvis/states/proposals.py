"""What is proposed to a session for a case, so that nothing is typed twice. Pure."""

from dataclasses import replace

from parvis.states.outcomes import Ask, Draft, Outcome
from parvis.states.stages import Opinion


def propose(asks: tuple[Ask, ...], advice: Draft | None, *, decides: bool) -> Draft | None:
    """The decision proposed: what the technical committee advised, else what the funders propose; None for neither.

    A funder that said no, or nothing, gives nothing; one that proposes more than it is asked gives what it is asked.
    Where every funder that answered said no, the reason they gave has to become the committee's: nothing is proposed.
    """
    if advice is not None:
        return _of_advice(advice, asks, decides=decides)
    amounts = tuple(
        (ask.funder, min(ask.proposed_cents, ask.requested_cents))
        for ask in asks
        if ask.proposed_cents and ask.opinion != Opinion.UNFAVOURABLE
    )
    if not amounts:
        return None
    return Draft(Outcome.FUND if decides else Outcome.RECOMMEND, amounts)


def of_programming(
    amounts: tuple[tuple[str, int], ...], draft: Draft | None, *, decides: bool
) -> Draft | None:
    """The same with the amounts of a programming; a case it gives nothing to keeps an unfavourable proposal only."""
    if not amounts:
        return draft if draft is not None and not draft.amounts else None
    outcome = Outcome.FUND if decides else Outcome.RECOMMEND
    if draft is not None and draft.outcome is outcome:
        return replace(draft, amounts=amounts)
    return Draft(outcome, amounts)


def _of_advice(advice: Draft, asks: tuple[Ask, ...], *, decides: bool) -> Draft:
    favourable = advice.outcome is Outcome.RECOMMEND
    if not decides:
        return replace(advice, votes=None)
    asked = {ask.funder: ask.requested_cents for ask in asks}
    amounts = tuple((code, min(cents, asked[code])) for code, cents in advice.amounts if code in asked)
    return replace(
        advice, outcome=Outcome.FUND if favourable else Outcome.REJECT, amounts=amounts, votes=None
    )
