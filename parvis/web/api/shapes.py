"""What the API answers: names and units that stay. Amounts are whole cents; days and instants, ISO 8601."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Cents = Annotated[int, Field(description="Whole cents of a euro.")]


class Shape(BaseModel):
    """What every answer has in common: it is read from the values of the services, by their names."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Reason(Shape):
    """Why something is refused: a code for programs, a sentence for people."""

    code: str
    sentence: str


class FieldFault(Shape):
    """What is wrong with one field of what was sent."""

    field: str
    sentence: str


class Problem(Shape):
    """What went wrong, as RFC 9457 writes it. `reasons` when the rules refuse, `errors` field by field."""

    type: str = Field(examples=["urn:parvis:problem:refused"])
    title: str
    status: int
    detail: str
    reasons: list[Reason]
    errors: list[FieldFault]


class Named(Shape):
    """A code and what people call it."""

    code: str
    name: str


class CaseLine(Shape):
    """A case in a list. `due_on` is its nearest deadline, `late_since` the one it has missed."""

    reference: str
    title: str
    stage: str
    version: int
    organisation: str
    siret: str
    call: str
    wave: str | None
    nature: str
    instructor: str | None
    requested_cents: Cents
    total_cost_cents: Cents
    granted_cents: Cents | None
    deposited_on: date | None
    entered_at: datetime
    due_on: date | None
    late_since: date | None
    score: int | None
    opinions_due_at: datetime | None
    opinions: int
    opinions_asked: int
    documents: int
    documents_required: int
    neighbourhoods: list[str]
    challenges: list[str]
    committee: str | None
    held_on: date | None


class CaseList(Shape):
    """A page of a list. `total` stops at 1 000 or sooner: `capped`; `next` and `previous` are addresses, or null."""

    items: list[CaseLine]
    total: int
    capped: bool
    next: str | None
    previous: str | None


class Applicant(Shape):
    """Who asks."""

    siret: str
    rna: str | None
    name: str
    email: str
    phone: str
    address: str


class Contact(Shape):
    """Who answers for the case; empty texts when nobody was named."""

    name: str
    email: str
    phone: str


class CheckLine(Shape):
    """A document of the check-list: asked for again, received."""

    code: str
    label: str
    requested_at: datetime | None
    received_at: datetime | None


class BudgetLine(Shape):
    """A line of the budget; `side` is `charge` or `produit`."""

    side: str
    account: str
    label: str
    amount_cents: Cents


class Funding(Shape):
    """What one funder is asked, says, proposes and gives; null until said."""

    code: str
    funder: str
    requested_cents: Cents
    opinion_asked_at: datetime | None
    opinion: str | None
    opinion_at: datetime | None
    comment: str
    proposed_cents: Cents | None
    granted_cents: Cents | None


class Partner(Shape):
    """A partner of a coordinated proposal, and its share."""

    siret: str
    name: str
    requested_cents: Cents


class Case(Shape):
    """A case whole. The `ETag` of the answer is its `version`."""

    reference: str
    external_id: str
    title: str
    summary: str
    nature: str
    stage: str
    version: int
    entered_at: datetime
    call: str
    call_title: str
    wave: str | None
    instructor: str | None
    starts_on: date | None
    ends_on: date | None
    requested_cents: Cents
    total_cost_cents: Cents
    beneficiaries: int | None
    deposited_on: date | None
    eligibility_checked: bool
    score: int | None
    opinions_due_at: datetime | None
    reply_by: date | None
    committee: str | None
    committee_on: date | None
    decided_on: date | None
    report_due_on: date | None
    report_received_on: date | None
    report_accepted: bool
    balance_settled: bool
    interim_due_on: date | None
    interim_received_on: date | None
    applicant: Applicant
    contact: Contact
    neighbourhoods: list[Named]
    challenges: list[Named]
    documents: list[CheckLine]
    budget: list[BudgetLine]
    fundings: list[Funding]
    partners: list[Partner]


class Entry(Shape):
    """One thing that happened, in the reader's language. `seq` and `stage` belong to lines of the journal."""

    at: datetime
    who: str
    what: str
    details: list[str]
    origin: str = Field(description="`portal`, `journal` or `letter`.")
    seq: int | None
    stage: str | None


class History(Shape):
    """All that happened to a case, oldest first."""

    items: list[Entry]


class Moved(Shape):
    """What became of a case; `replayed` when this very request had been served before."""

    reference: str
    stage: str
    version: int
    replayed: bool
