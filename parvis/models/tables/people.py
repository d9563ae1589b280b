"""Those who act or are written to: organisations, people of the contract, funders."""

from datetime import date
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    flag,
    identity,
    one_of,
    optional_instant,
    optional_reference,
    reference,
    text,
)
from parvis.states.access import AddressSource
from parvis.states.stages import Role
from parvis.states.words import Language


class Organisation(Row, table=True):
    """An association, school, landlord or service that asks."""

    __tablename__ = "organisations"
    __table_args__ = (Index("ix_organisations_email", sql("lower(email)")),)

    id: int = identity()
    siret: str = Field(unique=True)
    rna: str | None = None
    name: str = text()
    email: str = text()
    phone: str = text()
    address: str = text()
    language: str = text(Language.FR)
    school: bool = flag()  # told by the registers the portal passes on, and remembered
    # a deposit gives the address, unless it was proved here or corrected by the service
    email_source: str = text(AddressSource.DEPOSIT)
    email_at: Any = optional_instant()


class Funder(Row, table=True):
    """Someone who gives an opinion and money. `asked` funders belong to the contract, the others were only named."""

    __tablename__ = "funders"
    __table_args__ = (UniqueConstraint("contract_id", "code"),)

    id: int = identity()
    contract_id: int = reference("contracts")
    code: str
    name: str
    kind: str = text("other")
    email: str = text()
    asks_opinion: bool = flag()


class Person(Row, table=True):
    """Someone with a role in the contract."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("contract_id", "email"),
        one_of("role", Role),
        one_of("delivery", ("immediate", "digest")),
    )

    id: int = identity()
    contract_id: int = reference("contracts")
    email: str
    name: str
    role: str
    funder_id: int | None = optional_reference("funders", index=True)
    language: str = text(Language.FR)
    delivery: str = text("immediate")
    active: bool = flag(default=True)
    organisations: list[str] = Field(
        default_factory=list, sa_type=JSONB, sa_column_kwargs={"server_default": "[]"}
    )
    address: str = text()
    left_on: date | None = None
    anonymised_at: Any = optional_instant()
