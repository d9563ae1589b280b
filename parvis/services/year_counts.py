"""Whether grants would need an agreement, told before they are decided: counted over all cases of the year."""

from collections.abc import Mapping, Sequence

from parvis.models.queries.year_counts import year_counts
from parvis.models.session import Session
from parvis.states.words import Sentence
from parvis.states.year_counts import AUTHORITIES, shares, told

Amounts = Mapping[tuple[int, str], int]
"""Cents by case id and funder code."""


def agreements_told(
    session: Session, case_ids: Sequence[int], amounts: Amounts | None = None
) -> dict[int, list[Sentence]]:
    """By case, what to know of agreements before it is decided; with these amounts, where they are said."""
    if not case_ids:
        return {}
    found = {}
    for case_id, counts in year_counts(session, case_ids, AUTHORITIES).items():
        cents: Sequence[int | None] = [None] * len(counts)
        if amounts is not None:
            cents = shares(
                counts, {count.funder: amounts.get((case_id, count.funder), 0) for count in counts}
            )
        said = [sentence for count, each in zip(counts, cents, strict=True) for sentence in told(count, each)]
        if said:
            found[case_id] = said
    return found
