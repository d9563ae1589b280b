"""What organisations type here: the answers of a draft as typed, a space or an address asked for, not proved yet."""

from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from parvis.models.tables.base import Row, document, identity, instant, optional_instant, reference, text
from parvis.states.words import Language


class Draft(Row, table=True):
    """The answers of a case typed here, word for word by step and field; submitting makes its rows."""

    __tablename__ = "drafts"

    case_id: int = reference("cases", cascade=True, primary_key=True)
    answers: dict[str, Any] = document()
    saved_at: Any = instant()
    saved_by: str


class SignUp(Row, table=True):
    """An organisation nobody knows yet, until its address proves to be read: only the hash of the secret is kept."""

    __tablename__ = "sign_ups"
    __table_args__ = (Index("ix_sign_ups_expires_at", "expires_at"),)

    id: int = identity()
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    siret: str
    name: str
    email: str
    language: str = text(Language.FR)
    made_at: Any = instant()
    expires_at: Any = instant()
    used_at: Any = optional_instant()


class AddressChange(Row, table=True):
    """Another address an organisation asks for, the last one only: it counts once a letter to it was read."""

    __tablename__ = "address_changes"
    __table_args__ = (Index("ix_address_changes_expires_at", "expires_at"),)

    organisation_id: int = reference("organisations", cascade=True, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    email: str
    made_at: Any = instant()
    expires_at: Any = instant()
    used_at: Any = optional_instant()
