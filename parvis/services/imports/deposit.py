"""A deposit as every door delivers it, whatever it came in: portal, spreadsheet or form."""

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum

from parvis.states.stages import Nature
from parvis.states.words import Sentence


class Source(StrEnum):
    """The door a deposit came through."""

    PORTAL = "portal"
    DEMARCHE = "demarche"
    SPREADSHEET = "spreadsheet"
    FORM = "form"


class Side(StrEnum):
    """The two sides of a budget."""

    CHARGE = "charge"
    PRODUIT = "produit"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderAsk:
    """What one funder is asked for, and what the portal already knows of its answer."""

    name: str
    """As the source prints it."""
    requested_cents: int
    code: str | None = None
    """The funder's code in the city contract; None when the contract does not know it."""
    status: str | None = None
    opinion: str | None = None
    opinion_on: date | None = None
    comment: str | None = None
    proposed_cents: int | None = None
    granted_cents: int | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerShare:
    """An association of a coordinated proposal, and what is asked for it."""

    siret: str
    requested_cents: int
    email: str = ""
    by_funder: tuple[tuple[str, int], ...] = ()
    """Cents by funder code, when the lead says; else it is shared out in proportion of what each funder is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """One line of the provisional budget (Cerfa 12156 accounts)."""

    side: Side
    account: str
    label: str
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person to write to or call about the deposit."""

    name: str
    email: str | None = None
    phone: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalEvent:
    """One step of the case in the portal it came from."""

    at: datetime
    kind: str
    status: str
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """One valid deposit: every value parsed, every code known, every check passed."""

    source: Source
    external_id: str
    """Unique within its call."""
    call: str
    siret: str
    title: str
    requested_cents: int
    deposited_at: datetime
    """Aware UTC; midnight in Paris when only the day is known."""
    deposited_on: date
    """The day in Paris."""
    nature: Nature | None = None
    rna: str | None = None
    organisation: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    contacts: tuple[Contact, ...] = ()
    summary: str | None = None
    qpvs: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    """The last day of the action."""
    fiscal_year: int | None = None
    total_cost_cents: int | None = None
    beneficiaries: int | None = None
    qpv_share_percent: int | None = None
    funders: tuple[FunderAsk, ...] = ()
    partners: tuple[PartnerShare, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    history: tuple[PortalEvent, ...] = ()
    portal_status: str | None = None
    school: bool = False
    """A public school, which has its own closing days; told by the registers the door passes on."""
    warnings: tuple[Sentence, ...] = field(default=(), compare=False)
    """What a person should know and no rule forbids; no part of the content."""

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything the file says: equal content imported again changes nothing."""
        content = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _NOT_CONTENT}
        return hashlib.sha256(
            json.dumps(content, default=_canonical, ensure_ascii=True, sort_keys=True).encode()
        ).hexdigest()

    @property
    def asked_by_funder(self) -> dict[str, int]:
        """Cents asked from each funder, by its code, or by its name when it has none."""
        asked: dict[str, int] = {}
        for ask in self.funders:
            key = ask.code or ask.name
            asked[key] = asked.get(key, 0) + ask.requested_cents
        return asked


_NOT_CONTENT = frozenset({"school", "warnings"})  # what Parvis makes of the file


def _canonical(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (FunderAsk, PartnerShare, BudgetLine, Contact, PortalEvent)):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    message = f"no canonical form for {type(value).__name__}"
    raise TypeError(message)
