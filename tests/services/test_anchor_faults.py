"""What the chain alone cannot show, the anchors do; and what was done to the anchors, their files do."""

import pytest

from parvis.services import anchor_files
from parvis.services.journal import AnchorsDisagreeError, Restored
from parvis.states.faults import FaultKind
from parvis.states.journal import Head, merkle_root
from parvis.states.stages import Action
from tests.services.tampering import Tamperer
from tests.services.watch import RIB, Watch

K = FaultKind


@pytest.fixture
def case(watch: Watch) -> int:
    return watch.three_nights()


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


def test_whoever_forges_the_files_as_well_cannot_keep_the_digest_that_was_mailed(watch, tamperer, case):
    mailed = watch.verify().digest
    tamperer.rewrite(case, actor={2: "person:9"})
    forge_anchors(tamperer, case)
    for number in (1, 2, 3):
        anchor_files.path_of(watch.folder, number).unlink()
    watch.restore()

    verification = watch.verify()

    assert verification.fault is None
    assert verification.digest != mailed
