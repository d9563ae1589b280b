"""The content of minutes: what a session did, as values that documents are made from. Amounts in cents."""

from dataclasses import dataclass
from datetime import date, datetime, time

from parvis.states.outcomes import Outcome, Votes


@dataclass(frozen=True, slots=True)
class MinutesMember:
    """Who was expected. `stands_for` names the member a substitute replaced, `replaced_by` the substitute who came."""

    name: str
    role: str
    votes: bool
    attendance: str
    stands_for: str = ""
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class MinutesAmount:
    """What one funder gives, or would give, of what it was asked."""

    funder: str
    name: str
    requested_cents: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class MinutesDecision:
    """What was said of one case. `recused` left the room for it; `voters` were then in it (None: not counted)."""

    position: int
    reference: str
    title: str
    organisation: str
    call: str
    outcome: Outcome
    requested_cents: int
    amounts: tuple[MinutesAmount, ...]
    reason: str
    conditions: str
    votes: Votes | None
    recused: tuple[str, ...]
    voters: int | None
    next_session: date | None = None

    @property
    def total_cents(self) -> int:
        """What all funders together give."""
        return sum(amount.amount_cents for amount in self.amounts)


@dataclass(frozen=True, slots=True)
class MinutesEnvelope:
    """One envelope: its total, what was left before the session, and what is left after it."""

    funder: str
    name: str
    call: str
    year: int
    total_cents: int
    before_cents: int
    after_cents: int


@dataclass(frozen=True, slots=True)
class Minutes:
    """All that the minutes of a session say. `quorum_*` are votes; none when the committee lists no vote."""

    contract: str
    city: str
    committee: str
    code: str
    kind: str
    held_on: date
    starts_at: time
    opened_at: datetime
    closed_at: datetime
    room: str
    video_url: str
    secretary: str
    quorate: bool
    quorum_seats: int
    quorum_present: int
    quorum_needed: int
    members: tuple[MinutesMember, ...]
    decisions: tuple[MinutesDecision, ...]
    envelopes: tuple[MinutesEnvelope, ...]

    def of(self, outcome: Outcome) -> tuple[MinutesDecision, ...]:
        """The decisions with this outcome."""
        return tuple(one for one in self.decisions if one.outcome is outcome)
