"""The minutes of a closed session become a Word document, once for each version."""

import hashlib

import pytest
from pydantic import TypeAdapter

from parvis.services import files, minutes_documents
from parvis.services.files import Shelf
from parvis.states.minutes import Minutes
from tests.documents.test_minutes_docx import FULL
from tests.documents.test_word_templates import text
from tests.services.desk import Desk, moment

CONTENT = TypeAdapter(Minutes).dump_json(FULL).decode()


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path / "files")


def write(desk: Desk, version: int) -> None:
    desk.run(
        "INSERT INTO minutes (committee_id, version, content, sha256, written_at, written_by)"
        " VALUES (%(id)s, %(version)s, %(content)s, %(sha)s, '2026-12-10', 'person:3')",
        id=desk.committee("copil"), version=version, content=CONTENT, sha=hashlib.sha256(CONTENT.encode()).hexdigest(),
    )  # fmt: skip


def make(desk: Desk, shelf: Shelf) -> int:
    return minutes_documents.make_owed(desk.database, shelf, at=moment("2026-12-11"))


def test_each_version_of_the_minutes_is_made_once_and_kept_with_the_sitting(desk, shelf):
    write(desk, 1)
    first, again = make(desk, shelf), make(desk, shelf)
    write(desk, 2)
    corrected = make(desk, shelf)

    with desk.database.transaction() as session:
        kept = files.list_files(session, committee_id=desk.committee("copil"), kind="minutes")
    assert (first, again, corrected) == (1, 0, 1)
    assert [line.name for line in kept] == [
        "proces-verbal-pilotage-2026-12-10.docx", "proces-verbal-pilotage-2026-12-10.pdf",
        "proces-verbal-pilotage-2026-12-10 (2).docx", "proces-verbal-pilotage-2026-12-10 (2).pdf",
    ]  # fmt: skip
    assert "Procès-verbal de la séance du 10 décembre 2026" in text(files.read(shelf, kept[0]))
