"""What is told back to the State's portal: the cases it brought, where each stands here, what each funder decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class ToldBack:
    """A case the portal brought: amounts by funder in cents, None until said; `asks` as the table of fundings."""

    reference: str
    external_id: str
    stage: str
    year: int
    entered_at: datetime
    decided_on: date | None
    asks: tuple[Mapping[str, Any], ...]


def told_back(session: Session, contract_id: int, call: str | None) -> list[ToldBack]:
    """The cases of a contract that came from the State's portal, of one call or of all, in their order."""
    rows = session.exec_driver_sql(
        """
        SELECT c.reference, c.external_id, c.stage, k.year, c.entered_at, c.decided_on,
               COALESCE((SELECT jsonb_agg(jsonb_build_object(
                            'code', f.code, 'name', f.name, 'requested', g.requested_cents, 'opinion', g.opinion,
                            'opinion_at', g.opinion_at, 'proposed', g.proposed_cents, 'granted', g.granted_cents)
                            ORDER BY f.id)
                          FROM fundings g JOIN funders f ON f.id = g.funder_id WHERE g.case_id = c.id), '[]')
          FROM cases c JOIN calls k ON k.id = c.call_id
         WHERE k.contract_id = %(contract)s AND c.source = 'portal' AND c.stage <> 'draft'
           AND (%(call)s::text IS NULL OR k.code = %(call)s)
         ORDER BY c.id
        """,
        {"contract": contract_id, "call": call},
    )
    return [ToldBack(*row[:6], tuple(row[6])) for row in rows]  # type: ignore[call-arg]
