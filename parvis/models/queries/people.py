"""Those who act, by the names people use for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Someone with a role in a contract."""

    id: int
    contract_id: int
    email: str
    name: str
    role: str
    funder_id: int | None


def active_people(session: Session) -> list[PersonLine]:
    """Everybody who may act, by name."""
    rows = session.exec_driver_sql(
        "SELECT id, contract_id, email, name, role, funder_id FROM people WHERE active ORDER BY name, id"
    )
    return [PersonLine(*row) for row in rows]


def funder_ids(session: Session, contract_id: int) -> dict[str, int]:
    """The funders of a contract, by code."""
    rows = session.exec_driver_sql(
        "SELECT code, id FROM funders WHERE contract_id = %(contract)s ORDER BY code",
        {"contract": contract_id},
    )
    return {row[0]: row[1] for row in rows}


def names(session: Session, actors: Sequence[str]) -> dict[str, str]:
    """The names of those who acted (`person:12`), by actor; the machine's own hands have none."""
    rows = session.exec_driver_sql(
        "SELECT 'person:' || id, name FROM people WHERE 'person:' || id = ANY(%(actors)s::text[])",
        {"actors": list(actors)},
    )
    return {row[0]: row[1] for row in rows}
