"""What an authority already gives each association of a case in the year, over all its cases but that one."""

from collections.abc import Collection, Sequence
from typing import Any

from parvis.models.session import Session, select_among
from parvis.states.year_counts import YearCount

# Who would receive what the funder `f` gives to the case `c`, and what is asked of it for each: its applicant, and its
# partners where each is paid directly; the applicant, for all of them, where the clause of the agreement says so.
_RECEIVERS = """
SELECT c.organisation_id AS id, '' AS name, '' AS siret,
       (g.requested_cents - COALESCE(sum((p.shares ->> f.code)::bigint), 0))::bigint AS cents,
       count(*) > 0 AS several
  FROM partners p
 WHERE p.case_id = c.id AND p.state IN ('named', 'invited', 'confirmed') AND NOT c.sub_granting
 UNION ALL
SELECT p.organisation_id, n.name, n.siret, (p.shares ->> f.code)::bigint, true
  FROM partners p
  JOIN organisations n ON n.id = p.organisation_id
 WHERE p.case_id = c.id AND p.state IN ('named', 'invited', 'confirmed') AND NOT c.sub_granting AND p.shares ? f.code
"""
# Beside each case `c` of the call `k` and its funder `f`: the other cases of the same receiver `w`, year and contract
# that are funded or were, without what goes to partners directly; and its own shares as a partner of others.
_OTHERS = """
SELECT d.reference, (h.granted_cents - COALESCE((
           SELECT sum((q.granted ->> f.code)::bigint) FROM partners q
            WHERE q.case_id = d.id AND q.state = 'confirmed' AND NOT d.sub_granting), 0))::bigint AS cents
  FROM fundings h
  JOIN cases d ON d.id = h.case_id AND d.stage IN ('funded', 'evaluated')
  JOIN calls l ON l.id = d.call_id AND l.year = k.year AND l.contract_id = k.contract_id
 WHERE h.funder_id = f.id AND d.organisation_id = w.id AND d.id <> c.id
 UNION ALL
SELECT d.reference, (q.granted ->> f.code)::bigint
  FROM partners q
  JOIN cases d ON d.id = q.case_id AND d.stage IN ('funded', 'evaluated') AND NOT d.sub_granting
  JOIN calls l ON l.id = d.call_id AND l.year = k.year AND l.contract_id = k.contract_id
 WHERE q.organisation_id = w.id AND q.state = 'confirmed' AND d.id <> c.id
"""
_COUNTS = f"""
SELECT c.id, f.code, f.name, COALESCE((k.document ->> 'agreement_threshold_cents')::bigint, 2300000), w.cents,
       COALESCE((SELECT json_agg(json_build_array(o.reference, o.cents) ORDER BY o.reference)
                   FROM ({_OTHERS}) o WHERE o.cents > 0), '[]'),
       CASE WHEN w.siret <> '' THEN w.name WHEN w.several THEN a.name ELSE '' END, w.siret
  FROM cases c
  JOIN organisations a ON a.id = c.organisation_id
  JOIN calls k ON k.id = c.call_id
  JOIN fundings g ON g.case_id = c.id AND g.requested_cents > 0
  JOIN funders f ON f.id = g.funder_id AND f.kind = ANY(%(kinds)s::text[])
  CROSS JOIN LATERAL ({_RECEIVERS}) w
 WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id, f.id, w.siret <> '', w.id
"""  # noqa: S608 - the text above


def year_counts(
    session: Session, case_ids: Sequence[int], authorities: Collection[str]
) -> dict[int, list[YearCount]]:
    """By case, what each authority it asks (by its kind) already gives elsewhere in the year to its applicant.

    In a coordinated proposal, to each of its associations: the applicant first, then its partners, funder by funder.
    """
    found: dict[int, list[YearCount]] = {case_id: [] for case_id in case_ids}
    rows: Any = select_among(session, _COUNTS, case_ids, {"kinds": sorted(authorities)})
    for case_id, code, name, threshold, requested, others, who, partner in rows:
        counted = tuple((reference, cents) for reference, cents in others)
        found[case_id].append(YearCount(code, name, threshold, requested, counted, who, partner))
    return found
