"""Files and papers: brought, taken off, signed, made after decisions and sessions; templates; volumes of annexes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from parvis.documents.letter_fields import TemplateKind
from parvis.models.session import Database
from parvis.services import (
    agreement_documents,
    decision_documents,
    drafts,
    files,
    minutes_documents,
    recovery_documents,
    sitting_papers,
    taking_off,
    word_templates,
)
from parvis.services.file_problems import FileRefusedError, NoSuchFileError
from parvis.services.files import Checked, Shelf
from parvis.services.signatures import sign
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.documents.test_word_templates import word
from tests.faults.moves import of_agreements, of_requests, of_sittings
from tests.faults.moves.act import Act, folder, in_one
from tests.services import agreement_desk, session_desk, test_recoveries
from tests.services.agenda_desk import SECRETARY
from tests.services.desk import Desk, moment
from tests.services.files.samples import pdf
from tests.services.retention_story import MANAGER
from tests.services.session_desk import SessionDesk

AT, INES = moment("2026-06-05"), By("person:1", Role.INSTRUCTOR)
REFUSAL = word("Un {{ association.nom }}")
TEXT = b"Statuts de l'association"


def awaiting(desk: Desk) -> tuple[Path, int]:
    """A case whose bank details are awaited."""
    return folder(), desk.case_awaiting_documents(reply_by="2026-06-30")


def attached(desk: Desk) -> tuple[Path, int]:
    """They have come."""
    told = awaiting(desk)
    attach(desk.database, *told)
    return told


def checked(name: str, content: bytes) -> Checked:
    """A file as it is let in."""
    return files.checked(Shelf(Path()), name, content)


def drafted(desk: Desk) -> tuple[Path, int]:
    """A draft with a file."""
    (case,) = of_requests.filled(desk)
    place = folder()
    in_one(desk.database, lambda session: files.attach(
        session, Shelf(place), case, checked("rib.txt", TEXT), document="rib", by=of_requests.APPLICANT,
        at=of_requests.NOON,
    ))  # fmt: skip
    return place, case


def refused(desk: Desk) -> tuple[Path, int]:
    """A case is refused, its letter not made."""
    case = desk.case_in_committee()
    desk.hold_session()
    desk.move(case, Action.REJECT, at="2026-09-15", role=Role.SECRETARY, given=Given(reason="Non."))
    return folder(), case


def with_letter(desk: Desk) -> tuple[Path, int]:
    """Its letter is made."""
    told = refused(desk)
    write_decisions(desk.database, *told)
    return told


def closed(desk: Desk) -> tuple[Path, int]:
    """A session is closed, its minutes not made."""
    sitting, *_ = of_sittings.decided(desk)
    SessionDesk(desk).close()
    return folder(), sitting


def with_annexes(desk: Desk) -> tuple[Path, int]:
    """A case on an agenda, with a file."""
    case, place = desk.case_in_committee(), folder()
    in_one(desk.database, lambda session: files.attach(
        session, Shelf(place), case, checked("statuts.pdf", pdf(1)), by=MANAGER, at=AT))  # fmt: skip
    return place, desk.committee("copil")


def in_force(desk: Desk) -> tuple[Path, int]:
    """An agreement in force."""
    return folder(), of_agreements.taken_over(desk)


def in_renewal(desk: Desk) -> tuple[Path, int]:
    """An agreement whose renewal has begun."""
    return folder(), of_agreements.in_renewal(desk)


def attach(database: Database, place: Path, case: int) -> None:
    in_one(database, lambda session: files.attach(
        session, Shelf(place), case, checked("rib.txt", TEXT), by=INES, at=AT, document="rib"))  # fmt: skip


def take_off(database: Database, _: Path, case: int) -> None:
    in_one(
        database,
        lambda session: taking_off.take_off(session, case, 1, "Autre association", by=MANAGER, at=AT),
    )


def take_off_draft(database: Database, _: Path, case: int) -> None:
    by, at = of_requests.APPLICANT, of_requests.NOON
    in_one(database, lambda session: drafts.take_off(session, case, 1, by=by, at=at))


def write_decisions(database: Database, place: Path, _: int) -> None:
    decision_documents.make_owed(database, Shelf(place), at=moment("2026-09-16"))


def under_budget(desk: Desk) -> tuple[Path, int]:
    """A case that pays back, its orders not made."""
    case, _ = test_recoveries.under_budget(desk)
    return folder(), case


def write_recoveries(database: Database, place: Path, _: int) -> None:
    recovery_documents.make_owed(database, Shelf(place), at=test_recoveries.AT)


def write_minutes(database: Database, place: Path, _: int) -> None:
    minutes_documents.make_owed(database, Shelf(place), at=moment("2026-09-16"))


def sign_letter(database: Database, place: Path, case: int) -> None:
    day, by = date(2026, 9, 20), By("person:3", Role.SECRETARY)
    name = "lettre-refus-ANNUEL-2026-00001.docx"
    in_one(database, lambda session: sign(
        session, Shelf(place), case, name, signed_on=day, by=by, at=moment("2026-09-20")))  # fmt: skip


def keep_template(database: Database, *_: object) -> None:
    in_one(database, lambda session: word_templates.keep(
        session, 1, TemplateKind.REFUSAL_LETTER, "refus.docx", REFUSAL, by=SECRETARY, at=AT))  # fmt: skip


def annex_volume(database: Database, place: Path, sitting: int) -> None:
    sitting_papers.annex_volume(database, Shelf(place), sitting, 4, by=SECRETARY, at=AT)


def file_paper(database: Database, place: Path, agreement: int) -> None:
    by, at = By("person:3", Role.SECRETARY), moment("2026-01-15")
    in_one(database, lambda session: agreement_documents.add(
        session, Shelf(place), agreement, checked("convention.pdf", pdf(1)), by=by, at=at, signed_on=date(2026, 1, 10)
    ))  # fmt: skip


def evaluate(database: Database, place: Path, agreement: int) -> None:
    by, at = INES, moment("2026-03-10")
    in_one(database, lambda session: agreement_documents.receive_evaluation(
        session, Shelf(place), agreement, "Tout va bien.", checked("bilan.pdf", pdf(1)), by=by, at=at))  # fmt: skip


THERE = (MoveRefusedError, StaleVersionError, NoSuchFileError, FileRefusedError)
STEPS = {"decisions", "minutes", "recoveries"}
SAID_AGAIN = {"evaluation": frozenset({"agreement_journal", "agreements", "files"})}
_SEATED, _AGREED = session_desk.contract(), agreement_desk.contract()
_TOLD: list[tuple[str, Callable[[Desk], tuple[Any, ...]], Callable[..., None], dict[str, Any] | None]] = [
    ("attach", awaiting, attach, None), ("take-off", attached, take_off, None),
    ("take-off-draft", drafted, take_off_draft, None), ("decisions", refused, write_decisions, None),
    ("minutes", closed, write_minutes, _SEATED), ("recoveries", under_budget, write_recoveries, None),
    ("sign", with_letter, sign_letter, None), ("template", lambda _: (), keep_template, None),
    ("annexes", with_annexes, annex_volume, None), ("agreement", in_force, file_paper, _AGREED),
    ("evaluation", in_renewal, evaluate, _AGREED),
]  # fmt: skip
ACTS = [
    Act("paper", name, given, does, contract, THERE, name in STEPS, SAID_AGAIN.get(name, frozenset()))
    for name, given, does, contract in _TOLD
]
