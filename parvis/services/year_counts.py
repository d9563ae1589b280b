"""Whether grants would need an agreement, told before they are decided: counted over all cases of the year."""

from collections.abc import Mapping, Sequence

from parvis.models.queries.year_counts import year_counts
from parvis.models.session import Session
from parvis.services.decision_documents import AUTHORITIES
from parvis.states.words import Sentence
from parvis.states.year_counts import told

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
        said = [
            sentence
            for count in counts
            for sentence in told(count, None if amounts is None else amounts.get((case_id, count.funder), 0))
        ]
        if said:
            found[case_id] = said
    return found
