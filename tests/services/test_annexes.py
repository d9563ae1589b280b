"""A sitting's annex volume follows its agenda, leaves out what a member must not see, and is made once."""

import pikepdf
import pytest

from parvis.models.queries.committees import Sitting
from parvis.services import annexes, file_store, files
from parvis.services.committees import find_sitting
from parvis.services.files import FileLine, Shelf
from parvis.states.facts import By
from parvis.states.stages import Role
from tests.services.desk import Desk, moment
from tests.services.files import samples

AT = moment("2026-06-10")


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path / "files")


def attach(
    desk: Desk, shelf: Shelf, case: int, name: str, content: bytes, *, document: str | None = None
) -> FileLine:
    with desk.database.transaction() as session:
        by = By("person:1", Role.INSTRUCTOR)
        return files.attach(
            session, shelf, case, files.checked(shelf, name, content), by=by, at=AT, document=document
        )


def sitting(desk: Desk) -> Sitting:
    with desk.database.transaction() as session:
        return find_sitting(session, "copil", None, at=AT)


def volume(desk: Desk, shelf: Shelf, without: frozenset[int] = annexes.EVERYBODY) -> FileLine:
    return annexes.volume_of(
        desk.database, shelf, sitting(desk), by=By("clock", Role.CLOCK), at=AT, without=without
    )


def bookmarks(shelf: Shelf, line: FileLine) -> list[str]:
    with (
        pikepdf.open(file_store.path_of(shelf.folder, line.sha256)) as pdf,
        pdf.open_outline() as outline,
    ):
        return [str(item.title) for item in outline.root]


def test_a_volume_is_made_once_and_again_when_something_was_attached(desk, shelf):
    case = desk.case_in_committee()
    attach(desk, shelf, case, "rib.pdf", samples.pdf(2), document="rib")

    first, again = volume(desk, shelf), volume(desk, shelf)
    attach(desk, shelf, case, "devis.pdf", samples.pdf(1))
    changed = volume(desk, shelf)

    assert first.id == again.id != changed.id
    assert changed.name == "annexes-copil-2026-09-15 (2).pdf"
    assert desk.value("SELECT count(*) FROM files WHERE kind = 'annex'") == 2


def test_a_recused_member_has_a_volume_without_the_case_and_sees_none_of_its_files(desk, shelf):
    hidden, shown = desk.case_in_committee(), desk.case_in_committee()
    attach(desk, shelf, hidden, "rib.pdf", samples.pdf(2), document="rib")
    person = int(desk.value("SELECT id FROM people WHERE email = 'paul@ville.example'"))
    desk.run(
        "INSERT INTO committee_members (committee_id, person_id, role) VALUES (%(c)s, %(p)s, 'funder')",
        c=desk.committee("copil"), p=person,
    )  # fmt: skip
    desk.run(
        "INSERT INTO agenda_items (committee_id, case_id, added_at)"
        " SELECT committee_id, id, '2026-06-02' FROM cases ON CONFLICT DO NOTHING"
    )
    desk.run(
        "INSERT INTO interests (person_id, case_id, ground, status, at, by)"
        " VALUES (%(p)s, %(c)s, 'declared', 'proposed', '2026-06-05', 'person:2')",
        p=person, c=hidden,
    )  # fmt: skip

    with desk.database.transaction() as session:
        without = annexes.hidden_from(session, sitting(desk), person)
        seen = files.list_seen_by(session, person, hidden)
    line = volume(desk, shelf, without)

    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=shown)
    assert bookmarks(shelf, line) == [f"{reference} · Atelier cuisine"]
    assert seen == []
    assert b"rib.pdf" not in files.read(shelf, line)


def test_a_volume_whose_bytes_were_lost_is_made_again_the_same(desk, shelf):
    attach(desk, shelf, desk.case_in_committee(), "rib.pdf", samples.pdf(), document="rib")
    first = volume(desk, shelf)
    path = file_store.path_of(shelf.folder, first.sha256)
    path.unlink()

    again = volume(desk, shelf)

    assert again.id == first.id
    assert files.read(shelf, again)[:5] == b"%PDF-"


def test_an_attachment_whose_bytes_were_lost_stops_nothing(desk, shelf):
    case = desk.case_in_committee()
    lost = attach(desk, shelf, case, "rib.pdf", samples.pdf(), document="rib")
    file_store.path_of(shelf.folder, lost.sha256).unlink()

    line = volume(desk, shelf)

    with pikepdf.open(file_store.path_of(shelf.folder, line.sha256)) as pdf:
        assert len(pdf.pages) == 3


def test_the_workshop_is_empty_afterwards(desk, shelf):
    attach(desk, shelf, desk.case_in_committee(), "rib.pdf", samples.pdf(), document="rib")

    volume(desk, shelf)

    assert list((shelf.folder / ".making").iterdir()) == []
