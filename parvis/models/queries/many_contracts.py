"""Where many contracts share a database: how a statement about one begins with what is its own, and reads only that."""

from parvis.models.session import Session, select

_ITS_CALLS = "ARRAY(SELECT id FROM calls WHERE contract_id = %(contract)s::bigint)"
OF_ITS_CALLS = f"c.call_id = ANY({_ITS_CALLS})"
"""What makes a case `c` one of the contract."""
ITS_CASES = f"SELECT c.id FROM cases c WHERE {OF_ITS_CALLS}"  # noqa: S608
"""The numbers of the cases of the contract; where it is alone, those of all, which is no way to begin."""


def is_among(session: Session, contract_id: int | None) -> bool:
    """Whether what is of this contract is among what is of others, which a statement about it must not read."""
    if contract_id is None:
        return False
    return bool(
        select(session, "SELECT 1 < (SELECT count(*) FROM (SELECT FROM contracts LIMIT 2) c)", {})[0][0]
    )
