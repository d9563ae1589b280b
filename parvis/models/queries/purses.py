"""Which envelopes fit which cases: of the funder, the call and its year, of the case's challenges and places."""

from collections import defaultdict
from collections.abc import Sequence

from parvis.models.session import Session
from parvis.states.purses import Fits, Purse

PURSE = """e.id, e.parent_id, e.challenge_id IS NOT NULL AS of_challenge,
           e.neighbourhood_id IS NOT NULL AS of_neighbourhood, e.available_cents"""
FITTING = """
      JOIN envelopes e ON e.call_id = k.id AND e.year = k.year
       AND (e.challenge_id IS NULL
            OR EXISTS (SELECT FROM case_challenges x WHERE x.case_id = c.id AND x.challenge_id = e.challenge_id))
       AND (e.neighbourhood_id IS NULL
            OR EXISTS (SELECT FROM case_neighbourhoods x
                        WHERE x.case_id = c.id AND x.neighbourhood_id = e.neighbourhood_id))"""


def fitting(session: Session, case_ids: Sequence[int]) -> Fits:
    """The envelopes that fit these cases, as they stand; nothing is held."""
    found: dict[tuple[int, int], list[Purse]] = defaultdict(list)
    for case_id, funder_id, *purse in session.exec_driver_sql(
        f"SELECT c.id, e.funder_id, {PURSE} FROM cases c JOIN calls k ON k.id = c.call_id {FITTING}"  # noqa: S608
        " WHERE c.id = ANY(%(ids)s) ORDER BY c.id, e.id",
        {"ids": list(case_ids)},
    ):
        found[case_id, funder_id].append(Purse(*purse))
    return found
