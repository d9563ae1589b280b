"""The journal of a sitting is proved as that of a case: the first bad line is named, anchors show the rest."""

import json
import threading
from dataclasses import replace

import pytest

from parvis.models.queries.contracts import write_contract
from parvis.services import anchor_files
from parvis.services.committee_journal import record_event
from parvis.states.contract import Contract
from parvis.states.facts import By
from parvis.states.faults import FaultKind
from parvis.states.journal import Event, Head, Subject, link, merkle_root
from parvis.states.sitting_events import SittingEvent
from parvis.states.stages import Role
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.watch import Watch

K = FaultKind


def happens(
    desk: Desk, committee_id: int, event: SittingEvent, at: str = "2026-06-01", **details: int
) -> None:
    with desk.database.transaction() as session:
        record_event(session, committee_id, event, details, by=By("person:3", Role.SECRETARY), at=moment(at))


@pytest.fixture
def sitting(desk: Desk, watch: Watch) -> int:
    """A sitting of four lines anchored at its third, beside another one and a case."""
    desk.submitted_case()
    copil = desk.committee("copil")
    happens(desk, desk.committee("etouvie"), SittingEvent.SUMMONED)
    happens(desk, copil, SittingEvent.AGENDA_FILLED, cases=12)
    happens(desk, copil, SittingEvent.AGENDA_CLOSED)
    happens(desk, copil, SittingEvent.SUMMONED, members=9)
    watch.anchor("2026-06-01 23:00")
    happens(desk, copil, SittingEvent.OPENED, at="2026-06-02")
    return copil


def found(watch: Watch, *, files: bool = True) -> tuple[str, int | None, int | None, int | None]:
    fault = watch.verify(files=files).fault
    assert fault is not None
    assert fault.case_id is None
    return fault.kind, fault.committee_id, fault.seq, fault.anchor


def rewritten(tamperer, sitting: int) -> None:
    """Somebody changes the first line, computes every hash again and makes the sitting's row agree."""
    with tamperer.owner.transaction() as session:
        rows = list(session.exec_driver_sql(
            "SELECT committee_id, seq, at, actor, role, action, details FROM committee_journal"
            " WHERE committee_id = %(id)s ORDER BY seq", {"id": sitting}
        ))  # fmt: skip
    head = bytes(32)
    for row in rows:
        line = Event(*row)
        line = replace(line, actor="person:9") if line.seq == 1 else line
        head = link(head, line)
        tamperer.run(
            "UPDATE committee_journal SET actor = %(actor)s, hash = %(hash)s"
            " WHERE committee_id = %(id)s AND seq = %(seq)s",
            actor=line.actor, hash=head, id=sitting, seq=line.seq,
        )  # fmt: skip
    tamperer.run("UPDATE committees SET journal_head = %(head)s WHERE id = %(id)s", head=head, id=sitting)


def test_what_happens_to_sittings_is_a_sound_journal_that_verifying_counts(watch, sitting):
    verification = watch.verify()

    assert verification.sound
    assert (verification.lines, verification.cases, verification.sittings) == (6, 1, 2)


@pytest.mark.parametrize(
    "change",
    ["at = at + interval '1 microsecond'", "actor = 'person:9'", "role = 'manager'", "action = 'cancelled'",
     "details = '{\"cases\":13}'", "hash = sha256(hash)"],
)  # fmt: skip
def test_an_edited_field_is_found_at_its_line(watch, tamperer, sitting, change):
    tamperer.run(f"UPDATE committee_journal SET {change} WHERE committee_id = %(id)s AND seq = 1", id=sitting)

    assert found(watch)[:3] == (K.EDITED, sitting, 1)


def test_a_line_deleted_in_the_middle_and_one_slipped_in_are_named(watch, tamperer, sitting):
    tamperer.run("DELETE FROM committee_journal WHERE committee_id = %(id)s AND seq = 2", id=sitting)
    assert found(watch)[:3] == (K.DELETED, sitting, 2)

    tamperer.run(
        "INSERT INTO committee_journal SELECT committee_id, 2, at, actor, role, 'opened', details, hash"
        " FROM committee_journal WHERE committee_id = %(id)s AND seq = 3", id=sitting
    )  # fmt: skip
    assert found(watch)[:3] == (K.EDITED, sitting, 2)


def test_a_journal_cut_short_is_missed_even_when_the_sitting_agrees(watch, tamperer, desk, sitting):
    tamperer.run("DELETE FROM committee_journal WHERE committee_id = %(id)s AND seq > 2", id=sitting)
    assert found(watch)[:3] == (K.TRUNCATED, sitting, 3)

    tamperer.run(
        "UPDATE committees SET journal_seq = 2, journal_head = (SELECT hash FROM committee_journal"
        " WHERE committee_id = %(id)s AND seq = 2) WHERE id = %(id)s", id=sitting
    )  # fmt: skip
    assert found(watch, files=False) == (K.TRUNCATED, sitting, 3, 1)


def test_a_journal_rewritten_with_new_hashes_is_found_by_the_anchor(watch, tamperer, sitting):
    rewritten(tamperer, sitting)

    assert found(watch, files=False) == (K.REWRITTEN, sitting, 3, 1)


def test_a_rewritten_journal_without_any_anchor_left_in_the_database_is_found_by_the_files(
    watch, tamperer, sitting
):
    rewritten(tamperer, sitting)
    tamperer.run("TRUNCATE anchors CASCADE")

    assert watch.verify(files=False).fault is None
    assert found(watch) == (K.REWRITTEN, sitting, 3, 1)


def test_a_sitting_deleted_everywhere_in_the_database_is_found_by_the_files(watch, tamperer, sitting):
    tamperer.run(
        "TRUNCATE anchors CASCADE",
        "DELETE FROM committee_journal WHERE committee_id = %(id)s",
        "DELETE FROM committee_neighbourhoods WHERE committee_id = %(id)s",
        "DELETE FROM committees WHERE id = %(id)s",
        id=sitting,
    )

    assert found(watch)[:3] == (K.COMMITTEE_MISSING, sitting, 1)


def test_the_row_of_a_sitting_that_says_something_else_is_named(watch, desk, sitting):
    desk.run("UPDATE committees SET journal_seq = 7 WHERE id = %(id)s", id=sitting)
    assert found(watch)[:3] == (K.VERSION, sitting, 4)

    desk.run(
        "UPDATE committees SET journal_seq = 4, journal_head = sha256('x') WHERE id = %(id)s", id=sitting
    )
    assert found(watch)[:3] == (K.HEAD, sitting, 4)


def test_the_fault_says_in_both_languages_which_session_and_line(watch, tamperer, sitting):
    tamperer.run(
        "UPDATE committee_journal SET actor = 'x' WHERE committee_id = %(id)s AND seq = 2", id=sitting
    )

    fault = watch.verify().fault

    assert fault is not None
    assert fault.sentence.fr.startswith("Séance copil/2026-09-15, ligne 2")
    assert fault.sentence.en.startswith("Session copil/2026-09-15, line 2")


def test_the_anchor_holds_the_heads_of_sittings_in_its_root_its_file_and_the_database(watch, desk, sitting):
    watch.anchor("2026-06-02 23:00")

    heads = [Head(*row) for row in desk.rows("SELECT id, version, journal_head FROM cases")]
    heads += [
        replace(Head(*row), subject=Subject.COMMITTEE)
        for row in desk.rows("SELECT id, journal_seq, journal_head FROM committees WHERE journal_seq > 0")
    ]
    assert desk.rows("SELECT cases, sittings, lines, root FROM anchors WHERE id = 2") == [
        (1, 2, 6, merkle_root(heads))
    ]
    said = json.loads(watch.written(2))
    assert (said["heads"], [head[:2] for head in said["sitting_heads"]]) == ([], [[sitting, 4]])


def test_anchors_of_sittings_are_restored_from_either_side_with_the_same_bytes(watch, tamperer, sitting):
    watch.anchor("2026-06-02 23:00")
    before = watch.written(1)
    tamperer.run("TRUNCATE anchors CASCADE")
    assert watch.restore().in_database == (1, 2)
    assert watch.verify().sound

    anchor_files.path_of(watch.folder, 1).unlink()
    assert watch.restore().in_folder == (1,)
    assert watch.written(1) == before
    assert watch.verify().sound


def test_a_changed_head_of_a_sitting_in_a_file_accuses_the_file_and_no_line(watch, sitting):
    head = json.loads(watch.written(1))["sitting_heads"][0][2]
    watch.change_file(1, head, "00" * 32)

    assert found(watch) == (K.FILE_ALTERED, None, None, 1)


def test_a_sitting_that_has_a_journal_outlives_the_contract_that_planned_it(desk, watch, sitting):
    without: dict[str, object] = {**CONTRACT, "committees": []}
    with desk.database.transaction() as session:
        write_contract(session, Contract.model_validate(without), digest="other", at=moment("2026-01-01"))

    assert desk.value("SELECT count(*) FROM committees") == 2
    assert watch.verify().sound


def test_eight_at_once_make_one_chain(desk, watch, sitting):
    def decide() -> None:
        for _ in range(5):
            happens(desk, sitting, SittingEvent.DECISION)

    busy = [threading.Thread(target=decide) for _ in range(8)]

    for thread in busy:
        thread.start()
    for thread in busy:
        thread.join()

    assert watch.verify().sound
    assert desk.value("SELECT max(seq) FROM committee_journal WHERE committee_id = %(id)s", id=sitting) == 44
