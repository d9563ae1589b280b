"""Finding cases by the names people give them."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.models.session import Session


def is_anonymised(session: Session, case_id: int) -> bool:
    """Whether what people wrote in a case is gone, the time it is kept for being over."""
    said = "SELECT EXISTS (SELECT FROM cases WHERE id = %(id)s AND anonymised_at IS NOT NULL)"
    return bool(session.exec_driver_sql(said, {"id": case_id}).scalar_one())


@dataclass(frozen=True, slots=True)
class Found:
    """A case a person named."""

    id: int
    contract_id: int
    reference: str
    stage: str
    version: int


def find_cases(session: Session, names: Sequence[str]) -> dict[str, list[Found]]:
    """The cases each name may mean, by name: a reference, whatever its case, else the applicant's own number."""
    rows = session.exec_driver_sql(
        """
        SELECT asked.name, c.id, k.contract_id, c.reference, c.stage, c.version
          FROM unnest(%(names)s::text[]) AS asked(name)
          JOIN LATERAL (
                SELECT * FROM cases WHERE reference = upper(asked.name)
                UNION ALL
                SELECT * FROM cases WHERE external_id = asked.name
                   AND NOT EXISTS (SELECT FROM cases WHERE reference = upper(asked.name))
               ) c ON true
          JOIN calls k ON k.id = c.call_id
         ORDER BY c.id
        """,
        {"names": list(dict.fromkeys(names))},
    )
    found: dict[str, list[Found]] = {}
    for name, *case in rows:
        found.setdefault(name, []).append(Found(*case))
    return found
