"""Anchoring the heads of the journal: what the chain alone cannot show, and what is written where."""

import hashlib
import json
from pathlib import Path

import pytest

from parvis.services import anchor_files, journal
from parvis.services.advance import Request, advance_many
from parvis.services.anchor_files import AnchorFileError
from parvis.services.journal import Anchored, AnchorsDisagreeError, Restored, Verification
from parvis.states.facts import By, Given
from parvis.states.faults import FaultKind
from parvis.states.journal import Head, merkle_root
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment
from tests.services.tampering import Tamperer

K = FaultKind
RIB = Given(documents=("rib",))


class Watch:
    """Whoever anchors every night and verifies."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder

    def anchor(self, at: str) -> Anchored:
        with self.desk.database.transaction() as session:
            return journal.anchor(session, at=moment(at), folder=self.folder)

    def verify(self, *, files: bool = True) -> Verification:
        with self.desk.database.transaction() as session:
            return journal.verify(session, anchors_folder=self.folder if files else None)

    def found(self, *, files: bool = True) -> tuple[str, int | None, int | None, int | None]:
        """What is wrong: kind, case, line, anchor."""
        fault = self.verify(files=files).fault
        assert fault is not None
        return fault.kind, fault.case_id, fault.seq, fault.anchor

    def restore(self) -> Restored:
        with self.desk.database.transaction() as session:
            return journal.restore(session, folder=self.folder)

    def written(self, number: int) -> bytes:
        return anchor_files.path_of(self.folder, number).read_bytes()

    def change_file(self, number: int, old: str, new: str) -> None:
        """Replace a text in a file that nobody is meant to write."""
        path = anchor_files.path_of(self.folder, number)
        text = path.read_text()
        assert old in text
        path.chmod(0o600)
        path.write_text(text.replace(old, new))


@pytest.fixture
def watch(desk: Desk, tmp_path: Path) -> Watch:
    return Watch(desk, tmp_path / "anchors")


@pytest.fixture
def tamperer(owner_database) -> Tamperer:
    return Tamperer(owner_database)


@pytest.fixture
def case(desk: Desk, watch: Watch) -> int:
    """A case anchored at its fourth line, then at its sixth, between two others; three anchors in all."""
    desk.submitted_case()
    middle = desk.ready_case()
    desk.submitted_case()
    watch.anchor("2026-06-01 23:00")
    desk.move(middle, Action.INSTRUCT)
    desk.move(middle, Action.ASSIGN, given=Given(instructor_id=1))
    watch.anchor("2026-06-02 23:00")
    desk.move(middle + 1, Action.CHECK_ELIGIBILITY)
    watch.anchor("2026-06-03 23:00")
    return middle


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
    assert verification.root == watch.anchor("2026-06-03 23:30").root
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
        "anchor": 4, "anchored_at": "2026-06-04T21:00:00+00:00", "root": anchored.root.hex(), "cases": 3, "lines": 9,
    }  # fmt: skip


def test_a_case_rewritten_with_new_hashes_is_found_by_the_anchor(watch, tamperer, case):
    tamperer.rewrite(case, actor={2: "person:9"})

    assert watch.found(files=False) == (K.REWRITTEN, case, 4, 1)
    assert watch.found() == (K.REWRITTEN, case, 4, 1)


def test_a_rewriting_after_an_anchor_is_found_by_the_next_one(watch, tamperer, case):
    tamperer.rewrite(case, actor={5: "person:9"})

    fault = watch.verify().fault

    assert (fault.kind, fault.seq, fault.anchor) == (K.REWRITTEN, 6, 2)
    assert "à partir de la ligne 5 au plus tôt" in fault.sentence.fr


def test_a_rewriting_of_what_was_never_anchored_cannot_be_seen(watch, tamperer, desk, case):
    """Why anchors are made every night, and why the root is mailed."""
    desk.move(case + 1, Action.RECEIVE_DOCUMENTS, given=RIB)

    tamperer.rewrite(case + 1, actor={3: "person:9"})

    assert watch.verify().sound


@pytest.mark.parametrize("kept", [5, 3, 0])
def test_a_journal_cut_short_with_its_case_made_to_agree_is_found_by_the_anchor(watch, tamperer, case, kept):
    tamperer.run("DELETE FROM journal WHERE case_id = %(id)s AND seq > %(kept)s", id=case, kept=kept)
    tamperer.agree(case)

    assert watch.found(files=False)[:3] == (K.TRUNCATED, case, kept + 1)
    assert watch.found()[:3] == (K.TRUNCATED, case, kept + 1)


def test_an_emptied_journal_with_every_case_made_to_agree_is_found_by_the_anchor(watch, tamperer, case):
    tamperer.run("TRUNCATE journal")
    for case_id in (case - 1, case, case + 1):
        tamperer.agree(case_id)

    assert watch.found() == (K.TRUNCATED, case - 1, 1, 1)


def forge_anchors(tamperer: Tamperer, case: int) -> None:
    """Make every anchor of the database vouch for the journal as it is now, roots included."""
    heads: dict[int, Head] = {}
    tamperer.run(
        "UPDATE anchor_heads a SET hash = j.hash FROM journal j WHERE j.case_id = a.case_id AND j.seq = a.seq"
    )
    with tamperer.owner.transaction() as session:
        rows = list(
            session.exec_driver_sql("SELECT anchor_id, case_id, seq, hash FROM anchor_heads ORDER BY 1, 2")
        )
    for number in sorted({row[0] for row in rows}):
        heads.update((row[1], Head(*row[1:])) for row in rows if row[0] == number)
        tamperer.run(
            "UPDATE anchors SET root = %(root)s WHERE id = %(n)s", root=merkle_root(heads.values()), n=number
        )


def test_a_rewritten_case_with_forged_anchors_is_found_by_the_files_alone(watch, tamperer, case):
    tamperer.rewrite(case, actor={2: "person:9"})
    forge_anchors(tamperer, case)

    assert watch.verify(files=False).fault is None
    assert watch.found() == (K.REWRITTEN, case, 4, 1)


def test_a_rewritten_case_without_any_anchor_left_in_the_database_is_found_by_the_files(
    watch, tamperer, case
):
    tamperer.rewrite(case, actor={6: "person:9"})
    tamperer.run("TRUNCATE anchors CASCADE")

    assert watch.verify(files=False).fault is None
    assert watch.found() == (K.REWRITTEN, case, 6, 2)


def test_a_case_deleted_everywhere_in_the_database_is_found_by_the_files(watch, tamperer, case):
    tamperer.run(
        "TRUNCATE anchors CASCADE",
        "DELETE FROM journal WHERE case_id = %(id)s",
        "DELETE FROM timers WHERE case_id = %(id)s",
        "DELETE FROM letters WHERE case_id = %(id)s",
        "DELETE FROM cases WHERE id = %(id)s",
        id=case,
    )

    assert watch.found() == (K.CASE_MISSING, case, 1, None)


def test_anchors_emptied_in_the_database_are_missed_then_restored_from_the_files(watch, tamperer, case):
    tamperer.run("TRUNCATE anchors CASCADE")
    assert watch.verify(files=False).fault is None
    assert watch.found() == (K.ANCHOR_MISSING, None, None, 1)
    with pytest.raises(AnchorsDisagreeError):
        watch.anchor("2026-06-04 23:00")

    assert watch.restore() == Restored((1, 2, 3), ())

    assert watch.verify().sound
    assert watch.anchor("2026-06-04 23:00").number == 4


def test_one_anchor_deleted_in_the_database_is_missed_even_without_files(watch, tamperer, case):
    tamperer.run("DELETE FROM anchor_heads WHERE anchor_id = 2", "DELETE FROM anchors WHERE id = 2")

    assert watch.found(files=False) == (K.ANCHOR_MISSING, None, None, 2)
    assert watch.found() == (K.ANCHOR_MISSING, None, None, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE anchors SET root = sha256(root) WHERE id = 3",
        "UPDATE anchors SET lines = lines + 1 WHERE id = 3",
        "UPDATE anchor_heads SET hash = sha256(hash) WHERE anchor_id = 3",
        "DELETE FROM anchor_heads WHERE anchor_id = 3",
    ],
)
def test_an_anchor_changed_in_the_database_is_named_and_no_line_is_accused(watch, tamperer, case, statement):
    tamperer.run(statement)

    assert watch.found() == (K.ANCHOR_ALTERED, None, None, 3)


def test_the_database_alone_shows_that_its_last_root_does_not_hold(watch, tamperer, case):
    tamperer.run("UPDATE anchors SET root = sha256(root) WHERE id = 3")

    assert watch.found(files=False) == (K.ANCHOR_ALTERED, None, None, 3)


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


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize(
    "change", [('"cases": 3', '"cases": 4'), ('"root"', '"roof"'), ("{", ""), ("\n}", "\n} ")]
)
def test_a_changed_file_is_named_and_no_line_is_accused(watch, case, number, change):
    watch.change_file(number, *change)

    assert watch.found() == (K.FILE_ALTERED, None, None, number)


def test_a_file_whose_head_was_changed_accuses_itself_and_no_line(watch, desk, case):
    head = desk.value("SELECT hash FROM anchor_heads WHERE anchor_id = 3").hex()
    watch.change_file(3, head, "00" * 32)

    assert watch.found() == (K.FILE_ALTERED, None, None, 3)


def test_a_file_written_again_from_a_forged_database_is_convicted_by_the_next_file(watch, tamperer, case):
    tamperer.rewrite(case, actor={2: "person:9"})
    forge_anchors(tamperer, case)
    anchor_files.path_of(watch.folder, 1).unlink()

    watch.restore()

    assert watch.found() == (K.REWRITTEN, case, 6, 2)


def test_an_anchor_whose_transaction_was_lost_is_taken_up_from_its_file(watch, desk, case):
    desk.move(case + 1, Action.RECEIVE_DOCUMENTS, given=RIB)
    with pytest.raises(ZeroDivisionError), desk.database.transaction() as session:
        journal.anchor(session, at=moment("2026-06-04 23:00"), folder=watch.folder)
        raise ZeroDivisionError
    assert watch.found() == (K.ANCHOR_MISSING, None, None, 4)

    retried = watch.anchor("2026-06-04 23:01")

    assert (retried.number, retried.recorded, retried.at) == (4, False, moment("2026-06-04 23:00"))
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
