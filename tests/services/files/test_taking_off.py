"""A file attached by mistake leaves its case: with a reason, a line of the journal, and the check-list that follows."""

import json

import pytest

from parvis.services import files
from parvis.services.file_problems import FileRefusedError, NoSuchFileError
from parvis.services.files import Subject
from parvis.services.taking_off import take_off
from parvis.states.facts import By
from parvis.states.files import FileKind
from parvis.states.redaction import SALT
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from tests.services.files import samples
from tests.services.files.test_files import AT, CLERK, attach, names


def test_a_file_taken_off_leaves_its_line_and_its_document_is_awaited_when_no_other_is_there(desk, shelf):
    case = desk.submitted_case()
    first = attach(desk, shelf, case, document="rib")
    second = attach(desk, shelf, case, "autre.pdf", content=samples.pdf(2), document="rib")

    def leave(file_id: int, reason: str = "D’une autre association.", by: By = CLERK) -> None:
        with desk.database.transaction() as session:
            take_off(session, case, file_id, reason, by=by, at=AT)

    for refused in (
        {"reason": " "},
        {"by": By("person:2", Role.FUNDER)},
        {"by": By("organisation:1", Role.APPLICANT)},
    ):
        with pytest.raises(MoveRefusedError):
            leave(first.id, **refused)
    leave(first.id)
    received = "SELECT received_at IS NOT NULL FROM documents WHERE code = 'rib'"
    assert (names(desk, case), desk.value(received)) == (["autre.pdf"], True)
    leave(second.id)

    assert (names(desk, case), desk.value(received)) == ([], False)
    lines = desk.rows("SELECT details FROM journal WHERE action = 'take_off_file' ORDER BY seq")
    assert [{k: v for k, v in json.loads(details).items() if k != SALT} for (details,) in lines] == [
        {"reason": "D’une autre association.", "signed_document": "rib.pdf", "sha256": first.sha256.hex()},
        {"reason": "D’une autre association.", "signed_document": "autre.pdf", "sha256": second.sha256.hex(),
         "documents": ["rib"]},
    ]  # fmt: skip
    with desk.database.transaction() as session:
        kept = files.find_file(session, second.id)
    assert kept is not None
    assert files.read(shelf, kept) == samples.pdf(2)
    with pytest.raises(NoSuchFileError):
        leave(second.id)


def test_what_parvis_made_stays(desk, shelf):
    case = desk.submitted_case()
    with desk.database.transaction() as session:
        made = files.keep_made(
            session, shelf, Subject(case_id=case), kind=FileKind.AGREEMENT, name="convention.pdf",
            content=samples.pdf(), by=CLERK, at=AT,
        )  # fmt: skip
        with pytest.raises(FileRefusedError, match="file_made"):
            take_off(session, case, made.id, "Erreur", by=CLERK, at=AT)
