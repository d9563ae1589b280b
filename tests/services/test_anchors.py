"""Anchoring the heads of the journal: what is written where, how often, and what puts it back."""

import hashlib
import json

import pytest

from parvis.services import anchor_files, journal
from parvis.services.advance import Request, advance_many
from parvis.services.anchor_files import AnchorFileError
from parvis.services.journal import AnchorsDisagreeError, Restored
from parvis.states.facts import By
from parvis.states.faults import FaultKind
from parvis.states.journal import Head, merkle_root
from parvis.states.stages import Action, Role
from tests.services.desk import moment
from tests.services.watch import RIB, Watch

K = FaultKind


@pytest.fixture
def case(watch: Watch) -> int:
    return watch.three_nights()


def test_an_anchor_holds_the_root_of_all_heads_and_the_heads_that_moved(desk, watch, case):
    heads = [Head(*row) for row in desk.rows("SELECT id, version, journal_head FROM cases ORDER BY id")]

    rows = desk.rows("SELECT id, cases, lines, root FROM anchors ORDER BY id")
    moved = desk.rows("SELECT anchor_id, case_id, seq FROM anchor_heads ORDER BY 1, 2")

    assert [row[:3] for row in rows] == [(1, 3, 6), (2, 3, 8), (3, 3, 9)]
    assert rows[-1][3] == merkle_root(heads)
    assert moved == [(1, case - 1, 1), (1, case, 4), (1, case + 1, 1), (2, case, 6), (3, case + 1, 2)]


def test_each_file_says_what_the_database_says_and_names_the_file_before(desk, watch, case):
    said = [json.loads(watch.written(number)) for number in (1, 2, 3)]

    assert [file["previous"] for file in said] == [
        "00" * 32,
        hashlib.sha256(watch.written(1)).hexdigest(),
        hashlib.sha256(watch.written(2)).hexdigest(),
    ]
    assert [file["root"] for file in said] == [
        row[0].hex() for row in desk.rows("SELECT root FROM anchors ORDER BY id")
    ]
    assert said[1]["heads"] == [[case, 6, watch.desk.value(
        "SELECT hash FROM journal WHERE case_id = %(id)s AND seq = 6", id=case).hex()]]  # fmt: skip
    assert said[1]["at"] == "2026-06-02T21:00:00+00:00"
    assert sorted(path.name for path in watch.folder.iterdir()) == [
        f"anchor-00000{n}.json" for n in (1, 2, 3)
    ]


def test_an_anchored_journal_that_nobody_touched_is_sound(desk, watch, case):
    verification = watch.verify()

    assert verification.sound
    assert (verification.lines, verification.cases, verification.anchors) == (9, 3, 3)
    last = watch.anchor("2026-06-03 23:30")
    assert (verification.root, verification.digest) == (last.root, last.digest)
    assert watch.verify(files=False).sound


def test_nothing_changed_is_recorded_once_a_day(desk, watch, case):
    again = watch.anchor("2026-06-03 23:59")
    tomorrow = watch.anchor("2026-06-04 00:00")

    assert (again.number, again.recorded) == (3, False)
    assert (tomorrow.number, tomorrow.recorded, tomorrow.moved) == (4, True, 0)
    assert tomorrow.root == again.root
    assert watch.verify().sound


def test_two_anchors_the_same_day_are_recorded_when_something_changed(desk, watch, case):
    desk.move(case + 1, Action.RECEIVE_DOCUMENTS, given=RIB)

    assert watch.anchor("2026-06-03 23:30").recorded
    assert watch.verify().anchors == 4


def test_an_anchor_of_no_case_at_all_is_an_anchor(watch):
    first = watch.anchor("2026-06-01 23:00")

    assert (first.cases, first.lines, first.recorded) == (0, 0, True)
    assert watch.verify().sound


def test_the_letter_owed_has_the_root_and_what_it_covers(watch, case):
    anchored = watch.anchor("2026-06-04 23:00")

    assert anchored.letter == {
        "anchor": 4, "anchored_at": "2026-06-04T21:00:00+00:00", "root": anchored.root.hex(),
        "file": "anchor-000004.json", "digest": hashlib.sha256(watch.written(4)).hexdigest(), "cases": 3, "lines": 9,
    }  # fmt: skip


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_missing_file_is_named_then_written_again_with_the_same_bytes(watch, case, number):
    before = watch.written(number)
    anchor_files.path_of(watch.folder, number).unlink()
    assert watch.found() == (K.FILE_MISSING, None, None, number)

    assert watch.restore() == Restored((), (number,))

    assert watch.written(number) == before
    assert watch.verify().sound


def test_a_folder_lost_altogether_is_said_and_keeps_anchors_from_being_made_as_if_nothing_were(watch, case):
    for number in (1, 2, 3):
        anchor_files.path_of(watch.folder, number).unlink()

    assert watch.found() == (K.FILE_MISSING, None, None, 1)
    with pytest.raises(AnchorsDisagreeError) as refused:
        watch.anchor("2026-06-04 23:00")
    assert (refused.value.in_database, refused.value.in_folder) == (3, 0)


def test_an_anchor_whose_transaction_was_lost_is_taken_up_from_its_file(watch, desk, case):
    desk.move(case + 1, Action.RECEIVE_DOCUMENTS, given=RIB)
    with pytest.raises(ZeroDivisionError), desk.database.transaction() as session:
        journal.anchor(session, at=moment("2026-06-04 23:00"), folder=watch.folder)
        raise ZeroDivisionError
    assert watch.found() == (K.ANCHOR_MISSING, None, None, 4)

    retried = watch.anchor("2026-06-04 23:01")

    assert (retried.number, retried.recorded, retried.at) == (4, True, moment("2026-06-04 23:00"))
    assert not watch.anchor("2026-06-04 23:02").recorded
    assert watch.verify().sound


def test_an_existing_file_is_never_written_over(watch, case):
    before = watch.written(2)
    file = anchor_files.read(watch.folder, 2)

    with pytest.raises(FileExistsError):
        anchor_files.write(watch.folder, file)

    assert watch.written(2) == before
    assert len(list(watch.folder.iterdir())) == 3


def test_a_folder_that_does_not_exist_holds_no_anchor(tmp_path):
    assert anchor_files.numbers(tmp_path / "nowhere") == []
    with pytest.raises(AnchorFileError):
        anchor_files.read(tmp_path, 1)


def test_cases_that_move_between_anchors_stay_sound(watch, desk):
    desk.receive(*[desk.deposit() for _ in range(40)])
    ids = [row[0] for row in desk.rows("SELECT id FROM cases ORDER BY id")]
    for day in range(1, 6):
        with desk.database.transaction() as session:
            advance_many(session, [Request(i) for i in ids if i % day == 0], Action.CHECK_ELIGIBILITY,
                         by=By("person:1", Role.INSTRUCTOR), at=moment(f"2026-06-{day:02}"))  # fmt: skip
        watch.anchor(f"2026-06-{day:02} 23:00")

    verification = watch.verify()

    assert verification.sound
    assert (verification.cases, verification.anchors) == (40, 5)
