"""The frame cases live in: contracts, calls, waves, neighbourhoods, challenges."""

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    document,
    flag,
    identity,
    number,
    one_of,
    reference,
    text,
)
from parvis.states.stages import CommitteeKind


class Contract(Row, table=True):
    """A city contract, as its YAML file says; `digest` is the file's SHA-256."""

    __tablename__ = "contracts"

    id: int = identity()
    code: str = Field(unique=True)
    name: str
    document: dict[str, Any] = document()
    digest: str
    last_agreement: int = number()
    invented: bool = flag()  # it holds the demonstration: whoever sits at the machine may enter as anybody


class Call(Row, table=True):
    """A call for projects. `digest` is the SHA-256 of its rules, so that rules once parsed can be kept."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("contract_id", "code"),
        one_of("instrument", ("agreement", "annual", "specific")),
        one_of("decides", CommitteeKind),
    )

    id: int = identity()
    contract_id: int = reference("contracts")
    code: str
    title: str
    instrument: str
    year: int
    decides: str = text(CommitteeKind.STEERING)
    opens_on: date
    closes_on: date | None = None
    silent: bool = flag()
    document: dict[str, Any] = document()
    digest: str = text()
    last_number: int = number()


class Wave(Row, table=True):
    """A cut-off inside a call that stays open."""

    __tablename__ = "waves"
    __table_args__ = (UniqueConstraint("call_id", "code"),)

    id: int = identity()
    call_id: int = reference("calls")
    code: str
    title: str
    closes_new_on: date
    closes_renewal_on: date
    decides_on: date | None = None


class Neighbourhood(Row, table=True):
    """A priority neighbourhood (QPV)."""

    __tablename__ = "neighbourhoods"
    __table_args__ = (UniqueConstraint("contract_id", "code"),)

    id: int = identity()
    contract_id: int = reference("contracts")
    code: str
    name: str
    commune: str = text()


class Challenge(Row, table=True):
    """One of the contract's challenges (défis)."""

    __tablename__ = "challenges"
    __table_args__ = (UniqueConstraint("contract_id", "code"),)

    id: int = identity()
    contract_id: int = reference("contracts")
    code: str
    label: str
