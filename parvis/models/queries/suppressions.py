"""Addresses that letters no longer go to: which letter came back, which are held, who lifted one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that left, as a report about it is compared with it."""

    id: int
    case_id: int | None
    contract_id: int | None
    address: str
    name: str
    subject: str


def sent_letter(session: Session, message_id: str, letter_id: int | None) -> SentLetter | None:
    """The letter that left under this Message-ID, or else under this number."""
    row = session.exec_driver_sql(
        """
        SELECT l.id, l.case_id, COALESCE(l.contract_id, k.contract_id), l.address, l.name, l.subject
          FROM letters l LEFT JOIN cases c ON c.id = l.case_id LEFT JOIN calls k ON k.id = c.call_id
         WHERE l.stage = 'sent' AND (l.message_id = %(message)s OR (%(message)s = '' AND l.id = %(letter)s::bigint))
        """,
        {"message": message_id, "letter": letter_id},
    ).one_or_none()
    return SentLetter(*row) if row else None


def note_return(session: Session, letter_id: int, note: str) -> None:
    """Write on a letter that it came back."""
    session.exec_driver_sql(
        "UPDATE letters SET note = %(note)s WHERE id = %(id)s", {"id": letter_id, "note": note}
    )


def suppress(session: Session, letter: SentLetter, *, status: str, said: str, at: datetime) -> bool:
    """Send no more letters to the address of a letter; False when that was so already."""
    made = session.exec_driver_sql(
        """
        INSERT INTO suppressions (address, letter_id, contract_id, status, said, since)
        VALUES (lower(%(address)s), %(letter)s, %(contract)s, %(status)s, %(said)s, %(at)s)
        ON CONFLICT (address) WHERE lifted_at IS NULL DO NOTHING
        """,
        {"address": letter.address, "letter": letter.id, "contract": letter.contract_id, "status": status,
         "said": said, "at": at},
    )  # fmt: skip
    return made.rowcount > 0


def held_among(session: Session, addresses: Collection[str]) -> frozenset[str]:
    """Those of these addresses that letters no longer go to, in lower case."""
    rows = session.exec_driver_sql(
        "SELECT address FROM suppressions WHERE lifted_at IS NULL AND address = ANY(%(addresses)s)",
        {"addresses": sorted({address.lower() for address in addresses})},
    )
    return frozenset(rows.scalars())


def held_letters(session: Session, letter_ids: Collection[int]) -> frozenset[int]:
    """Those of these letters, written already, whose address letters no longer go to."""
    rows = session.exec_driver_sql(
        """
        SELECT l.id FROM letters l JOIN suppressions s ON s.address = lower(l.address) AND s.lifted_at IS NULL
         WHERE l.id = ANY(%(ids)s::bigint[])
        """,
        {"ids": sorted(letter_ids)},
    )
    return frozenset(rows.scalars())


@dataclass(frozen=True, slots=True)
class Held:
    """An address letters no longer go to; `failed` is how many letters to it failed since."""

    id: int
    address: str
    name: str
    status: str
    said: str
    since: datetime
    failed: int


def held(session: Session, contract_id: int | None = None) -> list[Held]:
    """The addresses of a contract or of all that letters no longer go to, the latest first."""
    rows = session.exec_driver_sql(
        """
        SELECT s.id, s.address, COALESCE(l.name, ''), s.status, s.said, s.since,
               (SELECT count(*) FROM letters f WHERE f.stage = 'failed' AND f.last_error = 'came back'
                   AND lower(f.address) = s.address)
          FROM suppressions s LEFT JOIN letters l ON l.id = s.letter_id
         WHERE s.lifted_at IS NULL
           AND (%(contract)s::bigint IS NULL OR s.contract_id = %(contract)s::bigint)
         ORDER BY s.since DESC, s.id DESC
        """,
        {"contract": contract_id},
    )
    return [Held(*row) for row in rows]


def lift(session: Session, address: str, *, by: str, at: datetime, contract_id: int | None = None) -> bool:
    """Let letters go to an address again; False when nothing held them back."""
    done = session.exec_driver_sql(
        """
        UPDATE suppressions SET lifted_at = %(at)s, lifted_by = %(by)s
         WHERE address = lower(%(address)s) AND lifted_at IS NULL
           AND (%(contract)s::bigint IS NULL OR contract_id = %(contract)s::bigint)
        """,
        {"address": address, "by": by, "at": at, "contract": contract_id},
    )
    return done.rowcount > 0
