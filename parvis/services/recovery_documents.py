"""Recovery orders: a document and a letter for whatever is to be paid back, once, whoever asked it back."""

from datetime import datetime

from parvis.documents.recovery_pages import RecoveryContent, recovery_pdfs
from parvis.models.queries import recoveries as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.notices import owe_about_case
from parvis.models.queries.recoveries import OwedRecovery
from parvis.models.session import Database, Session
from parvis.services import file_store, files
from parvis.services.decision_documents import CLERK
from parvis.services.files import Shelf, Subject
from parvis.states.calendar import paris_day
from parvis.states.contract import Contract
from parvis.states.enclosures import Enclosure
from parvis.states.files import FileKind, MediaType
from parvis.states.orders import recovery_name

BATCH = 50


def make_owed(database: Database, kept: Shelf, *, at: datetime) -> int:
    """Make the order of whatever is to be paid back and has none, and owe its letter; how many. Safe to repeat.

    Raises:
        OSError: the disk is full or cannot be written; the next run takes up what is left.
    """
    made = 0
    while True:
        with database.transaction() as session:
            owed = queries.without_document(session, limit=BATCH)
            known = {each.contract_id: contract_by_id(session, each.contract_id) for each in owed}
        pdfs = recovery_pdfs([content(each, known[each.contract_id], at) for each in owed], stamped_at=at)
        for each, pdf in zip(owed, pdfs, strict=True):
            file_store.keep(kept.folder, pdf)  # outside the transaction: no lock waits for the disk
            with database.transaction() as session:
                _keep(session, kept, each, pdf, at)
        made += len(owed)
        if len(owed) < BATCH:
            return made


def content(each: OwedRecovery, contract: Contract, at: datetime) -> RecoveryContent:
    """What the order says."""
    return RecoveryContent(
        name=recovery_name(each.payment_id), made_on=paris_day(at), city=contract.city, contract=contract.name,
        authority=each.funder, organisation=each.organisation, siret=each.siret, address=each.address,
        reference=each.reference, title=each.title, decided_on=each.decided_on, reason=each.reason,
        planned_cents=each.planned_cents, spent_cents=each.spent_cents, granted_cents=each.granted_cents,
        paid_cents=each.paid_cents, repay_cents=each.repay_cents, due_on=each.due_on,
    )  # fmt: skip


def _keep(session: Session, kept: Shelf, each: OwedRecovery, pdf: bytes, at: datetime) -> None:
    number = recovery_name(each.payment_id)
    line = files.keep_made(
        session, kept, Subject(case_id=each.case_id), kind=FileKind.RECOVERY_ORDER,
        name=f"ordre-de-reversement-{number}.pdf", content=pdf, by=CLERK, at=at, key=each.key,
    )  # fmt: skip
    recipient = f"partner:{each.partner_id}" if each.partner_id else "applicant"
    data = {"order": number, "funder": each.funder, "total_cents": each.repay_cents,
            "deadline": each.due_on.isoformat() if each.due_on else None}  # fmt: skip
    owe_about_case(
        session, each.case_id, recipient, template="recovery_order", occurrence=each.key, data=data, at=at,
        enclosures=[Enclosure(line.name, MediaType.PDF, sha256=line.sha256.hex())],
    )  # fmt: skip
