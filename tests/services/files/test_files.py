"""Files are kept whole, read back as they were, and an attached document is received."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from parvis.services import file_store, files
from parvis.services.files import FileRefusedError, LostFileError, NoSuchFileError, Shelf, Subject
from parvis.services.people import UnknownNameError
from parvis.states.facts import By
from parvis.states.files import FileKind
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import Desk, moment
from tests.services.files import samples

CLERK = By("person:1", Role.INSTRUCTOR)
AT = moment("2026-06-02")


def attach(
    desk: Desk, shelf: Shelf, case: int, name: str = "rib.pdf", *,
    content: bytes | None = None, document: str | None = None, by: By = CLERK,
) -> files.FileLine:  # fmt: skip
    with desk.database.transaction() as session:
        file = files.checked(shelf, name, samples.pdf() if content is None else content)
        return files.attach(session, shelf, case, file, by=by, at=AT, document=document)


def names(desk: Desk, case: int) -> list[str]:
    with desk.database.transaction() as session:
        return [line.name for line in files.list_files(session, case_ids=[case])]


def received(desk: Desk, case: int) -> set[str]:
    statement = "SELECT code FROM documents WHERE case_id = %(id)s AND received_at IS NOT NULL"
    return {row[0] for row in desk.rows(statement, id=case)}


def test_an_attached_document_is_received_and_read_back(desk, shelf):
    case = desk.submitted_case()

    line = attach(desk, shelf, case, "RIB.pdf", document="rib")

    assert received(desk, case) == {"rib"}
    assert files.read(shelf, line) == samples.pdf()
    assert desk.rows("SELECT action, actor FROM journal WHERE case_id = %(id)s ORDER BY seq", id=case)[-1] == (
        "receive_documents", "person:1",
    )  # fmt: skip


def test_a_file_that_is_no_document_of_the_list_moves_nothing(desk, shelf):
    case = desk.submitted_case()
    version = desk.version(case)

    attach(desk, shelf, case, "photo.png", content=samples.png())

    assert desk.version(case) == version
    assert names(desk, case) == ["photo.png"]


def test_a_second_version_of_a_document_is_kept_beside_the_first(desk, shelf):
    case = desk.submitted_case()
    attach(desk, shelf, case, document="rib")
    version = desk.version(case)

    attach(desk, shelf, case, content=samples.pdf(2), document="rib")

    assert names(desk, case) == ["rib.pdf", "rib (2).pdf"]
    assert desk.version(case) == version


def test_the_same_file_for_the_same_document_is_attached_once(desk, shelf):
    case = desk.submitted_case()

    first = attach(desk, shelf, case, document="rib")
    again = attach(desk, shelf, case, "autre nom.pdf", document="rib")

    assert again.id == first.id
    assert names(desk, case) == ["rib.pdf"]


def test_a_document_nobody_lists_is_refused_with_those_there_are(desk, shelf):
    case = desk.submitted_case()

    with pytest.raises(UnknownNameError) as refused:
        attach(desk, shelf, case, document="ribb")

    assert refused.value.known == ("statuts", "rib")


def test_a_case_that_receives_nothing_any_more_takes_no_awaited_document(desk, shelf):
    case = desk.submitted_case()
    desk.move(case, Action.WITHDRAW)

    with pytest.raises(MoveRefusedError):
        attach(desk, shelf, case, document="rib")

    assert names(desk, case) == []


@pytest.mark.parametrize("role", [Role.FUNDER, Role.MEMBER])
def test_a_funder_or_a_member_attaches_and_takes_off_nothing(role, desk, shelf):
    case = desk.submitted_case()
    line = attach(desk, shelf, case)

    with pytest.raises(MoveRefusedError):
        attach(desk, shelf, case, "avis.pdf", by=By("person:2", role))
    with desk.database.transaction() as session, pytest.raises(MoveRefusedError):
        files.remove(session, line, by=By("person:2", role), at=AT)


def test_a_file_taken_off_leaves_the_list_and_its_name_free(desk, shelf):
    case = desk.submitted_case()
    line = attach(desk, shelf, case)

    with desk.database.transaction() as session:
        assert files.remove(session, line, by=CLERK, at=AT)
        assert not files.remove(session, line, by=CLERK, at=AT)

    assert names(desk, case) == []
    assert attach(desk, shelf, case, content=samples.pdf(2)).name == "rib.pdf"


def test_a_made_document_is_kept_once_for_its_key_and_cannot_be_taken_off(desk, shelf):
    case = desk.submitted_case()

    def make() -> files.FileLine:
        with desk.database.transaction() as session:
            return files.keep_made(
                session, shelf, Subject(case_id=case), kind=FileKind.AGREEMENT, name="convention.pdf",
                content=samples.pdf(),
                by=By("clock", Role.CLOCK), at=AT, key="agreement/1",
            )  # fmt: skip

    first, again = make(), make()

    assert first.id == again.id
    with desk.database.transaction() as session, pytest.raises(FileRefusedError) as refused:
        files.remove(session, first, by=CLERK, at=AT)
    assert refused.value.code == "file_made"


def test_a_name_is_found_whatever_its_case_and_a_wrong_one_lists_those_there_are(desk, shelf):
    case = desk.submitted_case()
    line = attach(desk, shelf, case)

    with desk.database.transaction() as session:
        assert files.find_named(session, Subject(case_id=case), "RIB.PDF").id == line.id
        with pytest.raises(NoSuchFileError) as refused:
            files.find_named(session, Subject(case_id=case), "statuts.pdf")

    assert refused.value.known == ("rib.pdf",)


def test_bytes_changed_on_the_disk_are_not_given_out(desk, shelf):
    line = attach(desk, shelf, desk.submitted_case())
    (kept,) = [path for path in shelf.folder.rglob("*") if path.is_file()]
    kept.chmod(0o640)

    kept.write_bytes(b"%PDF-1.7 other")
    with pytest.raises(LostFileError):
        files.read(shelf, line)
    kept.unlink()
    with pytest.raises(LostFileError):
        files.read(shelf, line)


def test_the_same_content_of_two_cases_is_on_the_disk_once(desk, shelf):
    attach(desk, shelf, desk.submitted_case())
    attach(desk, shelf, desk.submitted_case())

    assert len([path for path in shelf.folder.rglob("*") if path.is_file()]) == 1


def _write_for_ever(folder: Path) -> None:
    for number in range(10_000):
        file_store.keep(folder, number.to_bytes(4, "big") * 500_000)


def test_a_process_killed_while_it_keeps_files_leaves_none_half_written(tmp_path):
    writer = multiprocessing.get_context("spawn").Process(target=_write_for_ever, args=(tmp_path,))
    writer.start()
    while sum(1 for _ in tmp_path.rglob("*")) < 20:
        time.sleep(0.01)
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join()

    kept = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert len(kept) >= 5
    for path in kept:
        assert file_store.read(tmp_path, bytes.fromhex(path.name), name=path.name)
