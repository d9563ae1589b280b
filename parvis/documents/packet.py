"""What a packet says: the content of one file for the members of one sitting, before any shape.

Texts are as they were deposited: cleaning and French typography are the business of `packet_pages`. Amounts are
integer cents; days are those of Paris.
"""

from dataclasses import dataclass, field
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Ask:
    """One funder of a case: asked, opinion (`favourable`, `reserved`, `unfavourable` or none yet), proposed."""

    funder: str
    requested_cents: int
    opinion: str | None = None
    proposed_cents: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of a budget: account, wording, amount."""

    account: str
    label: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion of the assessment grid, its weight out of 100, and the points given if it was marked apart."""

    label: str
    weight: int
    maximum: int
    points: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """What became of the action a renewal goes on with. `outcome` is the stage it came to."""

    reference: str
    call: str
    outcome: str
    decided_on: date | None
    granted_cents: int
    report: str = "none"
    """`accepted`, `received`, `awaited` or `none`."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a case: what the check-list calls it, whether it was received, and the file there is of it."""

    label: str
    received: bool
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case as the members read it. `score` is out of 100; `position` is its place on the agenda."""

    position: int
    reference: str
    title: str
    organisation: str
    siret: str
    call: str
    wave: str = ""
    nature: str
    instructor: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    requested_cents: int
    total_cost_cents: int
    beneficiaries: int | None = None
    qpv_share_percent: int | None = None
    summary: str = ""
    neighbourhoods: tuple[str, ...] = ()
    challenges: tuple[tuple[str, str], ...] = ()
    partners: tuple[tuple[str, int], ...] = ()
    asks: tuple[Ask, ...] = ()
    charges: tuple[BudgetLine, ...] = ()
    produits: tuple[BudgetLine, ...] = ()
    score: int | None = None
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    past: Past | None = None
    papers: tuple[Paper, ...] = ()

    @property
    def proposed_cents(self) -> int | None:
        """What the funders propose together; None while none has."""
        said = [ask.proposed_cents for ask in self.asks if ask.proposed_cents is not None]
        return sum(said) if said else None


@dataclass(frozen=True, slots=True)
class EnvelopeState:
    """An envelope and what this agenda would take from it. `scope` is a neighbourhood, a challenge, or empty.

    One that is `part` of the general envelope of its funder counts in that one's amounts. `reserved_cents` is kept for
    cases of other sittings.
    """

    funder: str
    call: str
    scope: str
    total_cents: int
    committed_cents: int
    requested_cents: int
    proposed_cents: int
    part: bool = False
    reserved_cents: int = 0

    @property
    def held_cents(self) -> int:
        """What this sitting cannot share out any more: decided, or kept for cases of others."""
        return self.committed_cents + self.reserved_cents

    @property
    def left_cents(self) -> int:
        """What would be left if all that is proposed were granted; below zero, it does not hold."""
        return self.total_cents - self.held_cents - self.proposed_cents


@dataclass(frozen=True, slots=True)
class Change:
    """Something of a case that is not as it was: `what` is a word of `packet_changes`, before and after are shown."""

    reference: str
    title: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not as in the version before. `withdrawn` and `added` are references with titles."""

    since_version: int
    since_on: date
    added: tuple[tuple[str, str], ...] = ()
    withdrawn: tuple[tuple[str, str], ...] = ()
    changed: tuple[Change, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        """Whether the versions say the same."""
        return not (self.added or self.withdrawn or self.changed or self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketContent:
    """All that a packet of one version says, whatever that version is. `hidden` cases were left out of this copy.

    `copy_for` names the members of a copy that leaves cases out; the copy of all the others names nobody.
    """

    city: str
    contract: str
    committee: str
    kind: str
    held_on: date
    starts_at: time
    room: str = ""
    video_url: str = ""
    copy_for: tuple[str, ...] = ()
    hidden: int = 0
    quorum_percent: int = 50
    chair: str = ""
    envelopes: tuple[EnvelopeState, ...] = ()
    cases: tuple[CasePage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A packet: its content, its version, the day of that version, what changed since the one before."""

    content: PacketContent
    version: int
    prepared_on: date
    changes: Changes | None = field(default=None)
