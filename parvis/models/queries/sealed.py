"""What is kept sealed under a key, whatever table it is in: read to be sealed anew, and written back."""

from collections.abc import Sequence
from enum import StrEnum

from parvis.models.session import Session

Sealed = tuple[int, bytes]
"""A row, by its number, and what it keeps."""


class Kept(StrEnum):
    """The tables that keep something sealed."""

    ACCOUNTS = "bank_details"
    ORDERS = "payment_lots"
    WEBHOOKS = "webhook_secrets"


def all_sealed(session: Session, kept: Kept) -> list[Sealed]:
    """All that a table keeps sealed, held until the commit; what was erased is not."""
    rows = session.exec_driver_sql(f"SELECT id, sealed FROM {kept} WHERE sealed <> '' ORDER BY id FOR UPDATE")  # noqa: S608
    return [(row[0], bytes(row[1])) for row in rows]


def seal_again(session: Session, kept: Kept, sealed: Sequence[Sealed]) -> None:
    """Write what was sealed anew."""
    session.exec_driver_sql(
        f"""
        UPDATE {kept} k SET sealed = s.sealed
          FROM unnest(%(ids)s::bigint[], %(sealed)s::bytea[]) AS s(id, sealed) WHERE k.id = s.id
        """,  # noqa: S608
        {"ids": [each for each, _ in sealed], "sealed": [content for _, content in sealed]},
    )
