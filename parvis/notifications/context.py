"""What a template is given: always all of these keys, and under `data` the facts of this letter."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict


class Recipient(TypedDict):
    """The person written to; `role` is a word of `parvis.states.stages.Role`."""

    name: str
    email: str
    role: str


class CaseView(TypedDict):
    """The case the letter is about."""

    reference: str
    title: str
    summary: str
    stage: str
    requested_cents: int
    starts_on: date | None
    ends_on: date | None
    deposited_on: date | None


class AgreementView(TypedDict):
    """The agreement of several years the letter is about, with the steps of its renewal."""

    reference: str
    title: str
    starts_on: date
    ends_on: date
    evaluation_on: date
    request_on: date
    decision_on: date


class OrganisationView(TypedDict):
    """Who asks; an empty name when the letter is about no case nor agreement."""

    name: str


class CallView(TypedDict):
    """The call the case answers."""

    code: str
    title: str


class ContractView(TypedDict):
    """The city contract, whose service writes."""

    name: str
    sender_name: str
    reply_to: str
    phone: str
    address: str


class OfficerView(TypedDict):
    """Who follows the case; empty strings when nobody does yet."""

    name: str
    email: str


class Document(TypedDict):
    """A document asked for."""

    code: str
    label: str


class GrantLine(TypedDict):
    """What one funder gives, or is asked for."""

    funder: str
    amount_cents: int


class PartGrant(TypedDict):
    """What one association of a coordinated proposal is granted."""

    name: str
    amount_cents: int


class YearLine(TypedDict):
    """A year of an agreement: `firm`, its amount is settled; else it depends on the funds voted."""

    number: int
    starts_on: date
    ends_on: date
    firm: bool
    total_cents: int


class CommitteeView(TypedDict):
    """The committee that decided, deferred or sits."""

    name: str
    held_on: date


class DigestLine(TypedDict):
    """One thing that waits; `on` is its date, when it has one."""

    reference: str
    title: str
    detail: str
    on: date | None
    link: str


class DigestSection(TypedDict):
    """Things of one kind that wait; `label` is in the recipient's language."""

    label: str
    lines: Sequence[DigestLine]


class LetterData(TypedDict, total=False):
    """The facts of a letter; which ones it needs is in `parvis.notifications.kinds.LETTERS`."""

    reason: str
    documents: Sequence[Document]
    reply_by: date
    deadline: date
    wave: str
    decides_on: date
    missed_wave: str
    missed_on: date
    contact_on: date
    partner: str
    signer: str
    declined: bool
    outcome: str
    granted_cents: int
    awaited: Sequence[str]
    late: bool
    days_late: int
    grants: Sequence[GrantLine]
    total_cents: int
    agreement: bool
    parts: Sequence[PartGrant]
    through_lead: bool
    conditions: str
    report_due: date
    interim_due: date | None
    next_due: date
    ends_on: date
    balance_cents: int
    repay_cents: int
    score: int
    committee: CommitteeView
    stage_label: str
    waiting_since: date | datetime
    when: str
    seat_label: str
    room: str
    video_url: str
    changed: bool
    titular: str
    substitute: str
    items: Sequence[DigestSection]
    path: str
    minutes: int
    joining: bool
    new: bool
    hour: str
    minute: str
    version: int
    pages: int
    changes: str
    enclosed: bool
    anchor: int
    anchored_at: datetime
    root: str
    file: str
    digest: str
    cases: int
    lines: int
    renews: bool
    years: Sequence[YearLine]
    year: int
    reports: str
    request: str
    next_call: str
    last_day: date
    never_began: bool
    new_end: date
    account: str
    step: str
    address: str
    browser: str
    by_service: bool
    order: str
    funder: str


class LetterContext(TypedDict):
    """Everything a template may name. `link` is the address of the case, or of what `data.path` names, or empty."""

    recipient: Recipient
    case: CaseView | None
    agreement: AgreementView | None
    organisation: OrganisationView
    call: CallView
    contract: ContractView
    officer: OfficerView
    link: str
    data: LetterData
