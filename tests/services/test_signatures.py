"""A signature is of the very bytes that were signed, and stays in the journal of the case."""

import json
from datetime import date

import pytest

from parvis.services import file_store, files
from parvis.services.decision_documents import make_owed
from parvis.services.file_problems import FileRefusedError, LostFileError
from parvis.services.files import FileLine, Shelf
from parvis.services.signatures import sign
from parvis.states.facts import By, Given
from parvis.states.redaction import SALT
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import Desk, moment
from tests.services.files import samples

LETTER = "lettre-refus-ANNUEL-2026-00001.docx"


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path / "files")


@pytest.fixture
def case(desk: Desk, shelf: Shelf) -> int:
    """A case refused, its letter made."""
    refused = desk.case_in_committee()
    desk.hold_session()
    desk.move(refused, Action.REJECT, at="2026-09-15", role=Role.SECRETARY, given=Given(reason="Non."))
    make_owed(desk.database, shelf, at=moment("2026-09-16"))
    return refused


def signed(
    desk: Desk,
    shelf: Shelf,
    case: int,
    *,
    on: str = "2026-09-20",
    name: str = LETTER,
    role: str = Role.SECRETARY,
) -> FileLine:
    with desk.database.transaction() as session:
        return sign(
            session, shelf, case, name, signed_on=date.fromisoformat(on), by=By("person:3", role),
            at=moment("2026-09-20"),
        )  # fmt: skip


def lines(desk: Desk, case: int) -> list[dict[str, str]]:
    found = desk.rows(
        "SELECT details FROM journal WHERE case_id = %(id)s AND action = 'record_signature' ORDER BY seq",
        id=case,
    )
    return [{k: v for k, v in json.loads(details).items() if k != SALT} for (details,) in found]


def test_a_signature_is_journaled_with_the_fingerprint_of_what_was_signed(desk, shelf, case):
    line = signed(desk, shelf, case)

    assert line.signed_on == date(2026, 9, 20)
    assert lines(desk, case) == [
        {"signed_document": LETTER, "sha256": line.sha256.hex(), "signed_on": "2026-09-20"}
    ]


def test_the_same_day_again_writes_nothing_and_another_day_is_a_correction(desk, shelf, case):
    signed(desk, shelf, case)
    signed(desk, shelf, case)

    corrected = signed(desk, shelf, case, on="2026-09-19")

    assert corrected.signed_on == date(2026, 9, 19)
    assert [line["signed_on"] for line in lines(desk, case)] == ["2026-09-20", "2026-09-19"]


def test_a_day_to_come_is_refused(desk, shelf, case):
    with pytest.raises(MoveRefusedError) as refused:
        signed(desk, shelf, case, on="2026-09-21")

    assert [reason.code for reason in refused.value.reasons] == ["signed_by_now"]
    assert lines(desk, case) == []


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.FUNDER, Role.APPLICANT, Role.MEMBER])
def test_who_does_not_sign_records_no_signature(role, desk, shelf, case):
    with pytest.raises(MoveRefusedError):
        signed(desk, shelf, case, role=role)


def test_an_attachment_is_not_signed(desk, shelf, case):
    with desk.database.transaction() as session:
        files.attach(
            session,
            shelf,
            case,
            files.checked(shelf, "rib.pdf", samples.pdf()),
            by=By("person:1", Role.INSTRUCTOR),
            at=moment("2026-09-16"),
        )

    with pytest.raises(FileRefusedError) as refused:
        signed(desk, shelf, case, name="rib.pdf")

    assert refused.value.code == "not_signed"


def test_a_document_whose_bytes_changed_is_not_signed(desk, shelf, case):
    with desk.database.transaction() as session:
        (line,) = [one for one in files.list_files(session, case_ids=[case]) if one.name == LETTER]
    path = file_store.path_of(shelf.folder, line.sha256)
    path.chmod(0o640)
    path.write_bytes(b"other")

    with pytest.raises(LostFileError):
        signed(desk, shelf, case)

    assert lines(desk, case) == []
