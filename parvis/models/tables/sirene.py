"""What the register of companies and associations said of SIRETs, kept a while with the day it said it."""

from typing import Any

from sqlmodel import Field

from parvis.models.tables.base import Row, flag, instant, text


class SireneNotice(Row, table=True):
    """The last answer about one SIRET; `there` is false when the register knew none."""

    __tablename__ = "sirene_notices"

    siret: str = Field(primary_key=True)
    there: bool = flag()
    asked_at: Any = instant()
    name: str = text()
    form: str = text()
    ceased: bool = flag()
    address: str = text()
