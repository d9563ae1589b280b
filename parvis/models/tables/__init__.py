"""Every table, declared once; statements live in `models/queries`, not here."""

from parvis.models.tables.access import (
    AccessLink,
    ApiToken,
    Attempts,
    Identity,
    OidcAttempt,
    Password,
    Visit,
    WebSession,
)
from parvis.models.tables.agreements import (
    Agreement,
    AgreementAmount,
    AgreementInstalment,
    AgreementLine,
    AgreementYear,
    Amendment,
    AnchorAgreementHead,
)
from parvis.models.tables.applicants import AddressChange, Draft, SignUp
from parvis.models.tables.bank import BankDetails, BankEvent
from parvis.models.tables.base import metadata
from parvis.models.tables.bulk import BulkResult, BulkRun
from parvis.models.tables.calls import Call, Challenge, Contract, Neighbourhood, Wave
from parvis.models.tables.cases import (
    BudgetLine,
    Case,
    CaseChallenge,
    CaseNeighbourhood,
    Document,
    Partner,
    PortalEvent,
)
from parvis.models.tables.committees import (
    AgendaItem,
    Committee,
    CommitteeMember,
    CommitteeNeighbourhood,
    Interest,
)
from parvis.models.tables.demarches import DemarcheFile, DemarcheOrder, DemarcheRefusal, DemarcheSync
from parvis.models.tables.docx_templates import DocxTemplate
from parvis.models.tables.files import FileRow
from parvis.models.tables.journal import Anchor, AnchorCommitteeHead, AnchorHead, CommitteeEvent, JournalLine
from parvis.models.tables.letters import LetterRow, LetterTemplate, Task
from parvis.models.tables.money import Envelope, Funding, LedgerLine, Movement
from parvis.models.tables.notes import Note, NoteText
from parvis.models.tables.packets import PacketRow
from parvis.models.tables.payment_orders import PaymentLot, PaymentOrder
from parvis.models.tables.people import Funder, Organisation, Person
from parvis.models.tables.portals import PortalCase
from parvis.models.tables.publications import Publication
from parvis.models.tables.queue import CaseWords, SavedView, SeenCase
from parvis.models.tables.reports import Payment, Report, ReportLine
from parvis.models.tables.restorations import Restoration
from parvis.models.tables.retention import DataEvent, RetentionBatch, RetentionItem
from parvis.models.tables.scenarios import Scenario, ScenarioAmount
from parvis.models.tables.sessions import MinutesRow, SessionAmount, SessionDecision
from parvis.models.tables.sirene import SireneNotice
from parvis.models.tables.suppressions import Suppression
from parvis.models.tables.timers import TimerRow
from parvis.models.tables.webhooks import WebhookDelivery, WebhookEndpoint, WebhookSecret

__all__ = [
    "AccessLink",
    "AddressChange",
    "AgendaItem",
    "Agreement",
    "AgreementAmount",
    "AgreementInstalment",
    "AgreementLine",
    "AgreementYear",
    "Amendment",
    "Anchor",
    "AnchorAgreementHead",
    "AnchorCommitteeHead",
    "AnchorHead",
    "ApiToken",
    "Attempts",
    "BankDetails",
    "BankEvent",
    "BudgetLine",
    "BulkResult",
    "BulkRun",
    "Call",
    "Case",
    "CaseChallenge",
    "CaseNeighbourhood",
    "CaseWords",
    "Challenge",
    "Committee",
    "CommitteeEvent",
    "CommitteeMember",
    "CommitteeNeighbourhood",
    "Contract",
    "DataEvent",
    "DemarcheFile",
    "DemarcheOrder",
    "DemarcheRefusal",
    "DemarcheSync",
    "Document",
    "DocxTemplate",
    "Draft",
    "Envelope",
    "FileRow",
    "Funder",
    "Funding",
    "Identity",
    "Interest",
    "JournalLine",
    "LedgerLine",
    "LetterRow",
    "LetterTemplate",
    "MinutesRow",
    "Movement",
    "Neighbourhood",
    "Note",
    "NoteText",
    "OidcAttempt", "Organisation", "PacketRow", "Partner", "Password", "Payment", "PaymentLot",
    "PaymentOrder", "Person", "PortalCase", "PortalEvent", "Publication", "Report",
    "ReportLine", "Restoration", "RetentionBatch", "RetentionItem", "SavedView", "Scenario",
    "ScenarioAmount", "SeenCase", "SessionAmount", "SessionDecision", "SignUp", "SireneNotice",
    "Suppression", "Task", "TimerRow",
    "Visit", "Wave", "WebSession", "WebhookDelivery", "WebhookEndpoint", "WebhookSecret", "metadata",
]  # fmt: skip
