"""Doing what was approved: one thing a transaction, its journal kept whole, then its files and letters on the disk."""

from dataclasses import dataclass, field
from datetime import datetime

from parvis.models.queries import data_journal, forgetting, retention
from parvis.models.queries import retention_batches as queries
from parvis.models.queries.redactions import UnsoundJournalError, take_words_out
from parvis.models.queries.retention_batches import Claimed
from parvis.models.session import Database, Session
from parvis.notifications.mailbox import LocalMailbox
from parvis.services import file_store
from parvis.services.agendas import CLOCK
from parvis.services.settings import Settings
from parvis.states.calendar import paris_day
from parvis.states.details import Plain
from parvis.states.journal import Subject
from parvis.states.retention import Kind
from parvis.states.words import Sentence

UNSOUND = Sentence(
    "Son journal n’est pas intact : c’est une preuve, rien n’en est effacé. Voir « parvis journal verify ».",
    "Its journal is not sound: it is evidence, nothing of it is erased. See “parvis journal verify”.",
)


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did: things anonymised, left (not at their end any more), failed; batches closed, copies erased."""

    done: int = 0
    left: int = 0
    failed: int = 0
    finished: tuple[int, ...] = ()
    files: int = 0
    letters: int = 0


@dataclass(slots=True)
class _Tally:
    outcomes: dict[str, int] = field(default_factory=lambda: {"done": 0, "left": 0, "failed": 0})
    copies: list[str] = field(default_factory=list)


def carry_out(database: Database, chosen: Settings, *, at: datetime) -> Done:
    """Do all that is approved and waits, each in a transaction of its own; what was done before a crash stays done.

    Contents of files that nothing else shares are erased from the disk once the rows say so, and so are the copies of
    letters in the local mailbox.
    """
    with database.transaction() as session:
        waiting = queries.approved_waiting(session)
    tally = _Tally()
    for item_id, *_ in waiting:
        with database.transaction() as session:
            _one(session, item_id, tally, at=at)
    with database.transaction() as session:
        finished = queries.finish(session, at=at)
        for batch, contract in finished:
            _note(session, contract, "finish", f"batch:{batch}", {}, at=at)
    letters = LocalMailbox(chosen.mailbox).forget(tally.copies)
    return Done(
        **tally.outcomes,
        finished=tuple(batch for batch, _ in finished),
        files=sweep(database, chosen),
        letters=letters,
    )


def sweep(database: Database, chosen: Settings) -> int:
    """Erase from the disk the contents that only erased files had; how many were still there."""
    with database.transaction() as session:
        contents = forgetting.erased_contents(session)
    return sum(file_store.erase(chosen.files, sha256) for sha256 in contents)


def _one(session: Session, item_id: int, tally: _Tally, *, at: datetime) -> None:
    item = queries.claim(session, item_id)
    if item is None:
        return
    kind = Kind(item.kind)
    still = retention.due(
        session, item.contract_id, kind, months=item.months, today=paris_day(at), among=[item.subject_id]
    )
    outcome, note = "left", ""
    if still:
        try:
            tally.copies += _forget(session, kind, item, at=at)
            outcome = "done"
        except UnsoundJournalError:
            outcome, note = "failed", UNSOUND.fr
    tally.outcomes[outcome] += 1
    queries.settle(session, item.id, outcome, at=at, note=note)


def _forget(session: Session, kind: Kind, item: Claimed, *, at: datetime) -> list[str]:
    """Anonymise one thing; the letters whose copies are to go with it."""
    said: dict[str, Plain] = {"batch": item.batch_id, **({"reference": item.visa} if item.visa else {})}
    number = item.subject_id
    copies: list[str] = []
    match kind:
        case Kind.AGREEMENTS:
            subject = f"agreement:{number}"
            take_words_out(session, Subject.AGREEMENT, number, said, by=CLOCK, at=at)
            copies = forgetting.message_ids(session, "agreement_id", number)
            forgetting.forget_agreement(session, number, at=at)
            forgetting.forget_organisations(session, case_id=None, agreement_id=number, at=at)
            forgetting.forget_lots(session, agreement_id=number)
        case Kind.PACKETS:
            subject = f"committee:{number}"
            forgetting.forget_packets(session, number, at=at)
        case Kind.PEOPLE:
            subject = f"person:{number}"
            copies = forgetting.message_ids_of_person(session, number)
            forgetting.forget_person(session, number, at=at)
        case _:
            subject = f"case:{number}"
            take_words_out(session, Subject.CASE, number, said, by=CLOCK, at=at)
            for committee in forgetting.sittings_of(session, number):
                take_words_out(
                    session, Subject.COMMITTEE, committee, said, by=CLOCK, at=at, about_case=number
                )
            copies = forgetting.message_ids(session, "case_id", number)
            forgetting.forget_case(session, number, at=at)
            forgetting.forget_organisations(session, case_id=number, agreement_id=None, at=at)
            forgetting.forget_lots(session, case_id=number)
    details: dict[str, str | int] = {"batch": item.batch_id, "kind": kind, "visa": item.visa}
    _note(session, item.contract_id, "anonymise", subject, details, at=at)
    return copies


def _note(
    session: Session, contract_id: int, action: str, subject: str, details: dict[str, str | int], *, at: datetime
) -> None:  # fmt: skip
    data_journal.note_event(
        session, contract_id, action, subject, details, actor=CLOCK.actor, role=CLOCK.role, at=at
    )
