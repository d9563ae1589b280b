"""What every table shares: naming of constraints, column kinds, closed sets."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, DateTime, Identity, LargeBinary, MetaData, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A table row; it does not validate: parse at the edges."""


def identity() -> Any:
    """A bigint primary key the database numbers."""
    return Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=[Identity(always=True)])


def reference(target: str, *, index: bool = False, cascade: bool = False, primary_key: bool = False) -> Any:
    """A bigint pointing at another table's `id`."""
    ends = {"ondelete": "CASCADE"} if cascade else {}
    return Field(  # type: ignore[call-overload]
        sa_type=BigInteger, foreign_key=f"{target}.id", index=index, primary_key=primary_key, **ends
    )


def optional_reference(
    target: str, *, index: bool = False, cascade: bool = False, forgets: bool = False
) -> Any:
    """A bigint pointing at another table's `id`, or nothing.

    Once that row is deleted, so is this one with `cascade`; with `forgets` it points at nothing.
    """
    ends = {"ondelete": "CASCADE"} if cascade else {"ondelete": "SET NULL"} if forgets else {}
    return Field(  # type: ignore[call-overload]
        default=None, sa_type=BigInteger, foreign_key=f"{target}.id", index=index, nullable=True, **ends
    )


def instant() -> Any:
    """A `timestamptz`."""
    return Field(sa_type=DateTime(timezone=True))


def optional_instant() -> Any:
    """A `timestamptz`, or nothing."""
    return Field(default=None, sa_type=DateTime(timezone=True), nullable=True)


def text(default: str | None = "") -> Any:
    """Unlimited text; empty by default, on the database's side as well."""
    if default is None:
        return Field(sa_type=Text)
    return Field(default=default, sa_type=Text, sa_column_kwargs={"server_default": default})


def cents() -> Any:
    """An amount of money in integer cents, zero by default."""
    return Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


def optional_cents() -> Any:
    """An amount of money in integer cents, or nothing."""
    return Field(default=None, sa_type=BigInteger, nullable=True)


def generated(expression: str) -> Any:
    """An amount the database computes from the others of its row."""
    return Field(default=None, sa_type=BigInteger, sa_column_args=[Computed(expression, persisted=True)])


def flag(*, default: bool = False) -> Any:
    """A yes or no, `default` on the database's side as well."""
    return Field(default=default, sa_column_kwargs={"server_default": "true" if default else "false"})


def number() -> Any:
    """A whole number, zero by default, on the database's side as well."""
    return Field(default=0, sa_column_kwargs={"server_default": "0"})


def document() -> Any:
    """A JSON document, `{}` by default."""
    return Field(default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"})


def chain_head() -> Any:
    """The hash of the last line of a journal; 32 zero bytes before the first."""
    return Field(
        sa_type=LargeBinary, sa_column_kwargs={"server_default": sql(r"'\x" + "00" * 32 + "'::bytea")}
    )


def one_of(column: str, values: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """The check that keeps a text column inside a closed set."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
