"""What a committee decided in session, saved as it goes, and the minutes its closing wrote."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field

from parvis.models.tables.base import Row, cents, document, instant, one_of, reference, text
from parvis.states.outcomes import Outcome


class SessionDecision(Row, table=True):
    """What a sitting says of a case; votes are null where none was held.

    `version` is the number of the line of the sitting's journal that tells it: no two decisions share one.
    """

    __tablename__ = "session_decisions"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint(
            "votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0"
            " AND (votes_for IS NULL) = (votes_against IS NULL) AND (votes_for IS NULL) = (abstentions IS NULL)",
            name="votes",
        ),
    )

    committee_id: int = reference("committees", primary_key=True)
    case_id: int = reference("cases", cascade=True, primary_key=True, index=True)
    outcome: str
    reason: str = text()
    conditions: str = text()
    parts: dict[str, Any] = document()  # cents by "SIRET/funder"
    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None
    version: int
    saved_by: str
    saved_at: Any = instant()


class SessionAmount(Row, table=True):
    """What one funder gives, or would give, to a case of a sitting."""

    __tablename__ = "session_amounts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["committee_id", "case_id"],
            ["session_decisions.committee_id", "session_decisions.case_id"],
            name="fk_session_amounts_decision",
            ondelete="CASCADE",
        ),
        CheckConstraint("amount_cents > 0", name="amount"),
    )

    committee_id: int = Field(sa_type=BigInteger, primary_key=True)
    case_id: int = Field(sa_type=BigInteger, primary_key=True)
    funder_id: int = reference("funders", primary_key=True)
    amount_cents: int = cents()


class MinutesRow(Row, table=True):
    """The content of a sitting's minutes, as JSON text, and its SHA-256. Append-only: a correction is a version."""

    __tablename__ = "minutes"

    committee_id: int = reference("committees", primary_key=True)
    version: int = Field(primary_key=True)
    content: str = text(None)
    sha256: str
    written_at: Any = instant()
    written_by: str
