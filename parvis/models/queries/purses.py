"""Which envelopes fit which cases: of the funder, the call and its year, of the case's challenges and places."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from parvis.models.session import Session
from parvis.states.purses import Fits, Purse

OWN = """COALESCE((SELECT sum(l.amount_cents) FROM movements m JOIN ledger l ON l.movement_id = m.id
                   WHERE m.case_id = c.id AND l.envelope_id = e.id AND l.account = 'reserved'), 0)::bigint"""
"""What an envelope `e` keeps reserved for a case `c`, in cents."""
PURSE = f"""e.id, e.parent_id, e.challenge_id IS NOT NULL AS of_challenge,
           e.neighbourhood_id IS NOT NULL AS of_neighbourhood, e.available_cents, {OWN} AS own_cents"""
FITS = """e.year = k.year
       AND (e.challenge_id IS NULL
            OR EXISTS (SELECT FROM case_challenges x WHERE x.case_id = c.id AND x.challenge_id = e.challenge_id))
       AND (e.neighbourhood_id IS NULL
            OR EXISTS (SELECT FROM case_neighbourhoods x
                        WHERE x.case_id = c.id AND x.neighbourhood_id = e.neighbourhood_id))"""
FITTING = f" JOIN envelopes e ON e.call_id = k.id AND {FITS}"


def fitting(session: Session, case_ids: Sequence[int], *, elsewhere: Collection[int] = ()) -> Fits:
    """The envelopes that fit these cases, as they stand; nothing is held.

    What is reserved for cases that are decided `elsewhere` is not theirs to share out here.
    """
    found: dict[tuple[int, int], list[Purse]] = defaultdict(list)
    for (
        case_id,
        funder_id,
        purse_id,
        parent_id,
        of_challenge,
        of_neighbourhood,
        left,
        own,
    ) in session.exec_driver_sql(
        f"SELECT c.id, e.funder_id, {PURSE} FROM cases c JOIN calls k ON k.id = c.call_id {FITTING}"  # noqa: S608
        " WHERE c.id = ANY(%(ids)s) ORDER BY c.id, e.id",
        {"ids": list(case_ids)},
    ):
        kept = 0 if case_id in elsewhere else own
        found[case_id, funder_id].append(
            Purse(purse_id, parent_id, of_challenge, of_neighbourhood, left, kept)
        )
    return found
