"""Where a case goes after a sitting: the sittings to come that may take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Later:
    """A sitting to come; `left` is how many more cases it takes (None: any number)."""

    id: int
    code: str
    held_on: date
    left: int | None


_LATER = """
SELECT c.id, m.id, m.code, m.held_on,
       m.capacity - (SELECT count(*) FROM agenda_items a WHERE a.committee_id = m.id AND a.left_at IS NULL)
  FROM cases c
  JOIN calls k ON k.id = c.call_id
  JOIN committees m ON m.contract_id = k.contract_id
 WHERE c.id = ANY(%(ids)s::bigint[]) AND m.kind = %(kind)s AND m.held_on > %(after)s
   AND m.agenda_open AND m.cancelled_at IS NULL AND m.held_at IS NULL AND m.id IS DISTINCT FROM c.committee_id
   AND (m.covers_all
        OR (m.takes_several AND 1 < (SELECT count(*) FROM case_neighbourhoods n WHERE n.case_id = c.id))
        OR (EXISTS (SELECT FROM case_neighbourhoods n WHERE n.case_id = c.id)
            AND NOT EXISTS (
                SELECT FROM case_neighbourhoods n WHERE n.case_id = c.id AND NOT EXISTS (
                    SELECT FROM committee_neighbourhoods v
                     WHERE v.committee_id = m.id AND v.neighbourhood_id = n.neighbourhood_id))))
 ORDER BY c.id, m.held_on, m.id
"""


def later_sittings(
    session: Session, case_ids: Sequence[int], *, kind: str, after: date, code: str | None = None
) -> dict[int, Later]:
    """By case, the first sitting of `kind` after a day that covers it, its agenda open; cases without one are left out.

    A sitting of the committee `code` is preferred to another that day or later, one with room to one that is full;
    where all are full it is the first, and whoever fills agendas sees to what does not fit.
    """
    found: dict[int, list[Later]] = {}
    rows = session.exec_driver_sql(_LATER, {"ids": list(case_ids), "kind": kind, "after": after})
    for case_id, *sitting in rows:
        found.setdefault(case_id, []).append(Later(*sitting))
    taken: dict[int, int] = {}
    chosen: dict[int, Later] = {}
    for case_id in case_ids:
        candidates = [one for one in found.get(case_id, ()) if code is None or one.code == code]
        candidates = candidates or found.get(case_id, [])
        fitting = [one for one in candidates if one.left is None or one.left > taken.get(one.id, 0)]
        if candidates:
            chosen[case_id] = (fitting or candidates)[0]
            taken[chosen[case_id].id] = taken.get(chosen[case_id].id, 0) + 1
    return chosen
