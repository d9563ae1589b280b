"""Recovery orders: what is to be paid back and has no document yet, and what the document says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class OwedRecovery:
    """What an organisation pays back to one funder, in cents, and the case it is about; `reason` when reclaimed."""

    payment_id: int
    case_id: int
    partner_id: int | None
    contract_id: int
    reference: str
    title: str
    funder: str
    organisation: str
    siret: str
    address: str
    decided_on: date | None
    reason: str
    planned_cents: int | None
    spent_cents: int | None
    granted_cents: int
    paid_cents: int
    repay_cents: int
    due_on: date | None

    @property
    def key(self) -> str:
        """What makes its document the only one: another amount is another order."""
        return f"recovery/{self.payment_id}/{self.repay_cents}"


def without_document(session: Session, *, limit: int) -> list[OwedRecovery]:
    """What is to be paid back and has no order yet, the oldest first; a call that is silent owes none."""
    rows = session.exec_driver_sql(
        """
        SELECT p.id, c.id, p.partner_id, k.contract_id, c.reference, c.title, f.name, o.name, o.siret, o.address,
               (SELECT (max(j.at) AT TIME ZONE 'Europe/Paris')::date FROM journal j
                 WHERE j.case_id = c.id AND j.action = 'fund'),
               COALESCE((SELECT j.details::jsonb ->> 'reason' FROM journal j
                          WHERE j.case_id = c.id AND j.action = 'reclaim' ORDER BY j.seq DESC LIMIT 1), ''),
               (SELECT sum(l.planned_cents) FILTER (WHERE l.account NOT LIKE '86%%')::bigint
                  FROM report_lines l WHERE l.report_id = r.id AND l.side = 'charge'),
               r.spent_cents,
               CASE WHEN p.partner_id IS NULL
                    THEN COALESCE(g.granted_cents, 0) - COALESCE((
                         SELECT sum((x.granted ->> f.code)::bigint) FROM partners x
                          WHERE x.case_id = c.id AND EXISTS (
                                SELECT FROM payments y WHERE y.case_id = c.id AND y.partner_id = x.organisation_id)), 0)
                    ELSE COALESCE((SELECT (x.granted ->> f.code)::bigint FROM partners x
                                    WHERE x.case_id = c.id AND x.organisation_id = p.partner_id), 0) END::bigint,
               COALESCE((SELECT sum(y.amount_cents) FROM payments y
                          WHERE y.case_id = c.id AND y.funder_id = p.funder_id AND y.status = 'paid'
                            AND y.partner_id IS NOT DISTINCT FROM p.partner_id AND y.amount_cents > 0), 0)::bigint,
               -p.amount_cents, p.due_on
          FROM payments p
          JOIN cases c ON c.id = p.case_id
          JOIN calls k ON k.id = c.call_id AND NOT k.silent
          JOIN funders f ON f.id = p.funder_id
          JOIN organisations o ON o.id = COALESCE(p.partner_id, c.organisation_id)
          LEFT JOIN fundings g ON g.case_id = c.id AND g.funder_id = p.funder_id
          LEFT JOIN LATERAL (SELECT * FROM reports WHERE case_id = c.id AND kind = 'final' AND state = 'accepted'
                              ORDER BY id DESC LIMIT 1) r ON true
         WHERE p.amount_cents < 0 AND p.status = 'due'
           AND NOT EXISTS (SELECT FROM files x WHERE x.key = 'recovery/' || p.id || '/' || -p.amount_cents)
         ORDER BY p.id LIMIT %(limit)s
        """,
        {"limit": limit},
    )
    return [OwedRecovery(*row) for row in rows]


def files_of(session: Session, payment_ids: Sequence[int]) -> dict[int, int]:
    """The document of each of these recoveries, by the number of its payment: the latest."""
    rows = session.exec_driver_sql(
        """
        SELECT split_part(key, '/', 2)::bigint, max(id) FROM files
         WHERE kind = 'recovery_order' AND removed_at IS NULL
           AND split_part(key, '/', 2) = ANY(%(ids)s::text[]) GROUP BY 1
        """,
        {"ids": [str(each) for each in payment_ids]},
    )
    return {int(row[0]): int(row[1]) for row in rows}
