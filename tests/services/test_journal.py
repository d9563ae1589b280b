"""Verifying the journal: whoever changes it behind the services' back, the first bad line is named."""

import threading
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import make_url

from parvis.models.embedded import EmbeddedServer
from parvis.services.advance import Request, advance_many
from parvis.services.journal import Verification, verify
from parvis.states.facts import By, Given
from parvis.states.faults import FaultKind
from parvis.states.journal import link
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment

K = FaultKind


@pytest.fixture
def case(desk: Desk) -> int:
    """A case of six lines, between one of six and one of two."""
    desk.case_in_committee()
    middle = desk.case_in_committee()
    desk.move(desk.submitted_case(), Action.CHECK_ELIGIBILITY)
    return middle


def verified(desk: Desk) -> Verification:
    with desk.database.transaction() as session:
        return verify(session)


def found(desk: Desk) -> tuple[str, int | None, int | None]:
    """What is wrong, in which case, at which line."""
    fault = verified(desk).fault
    assert fault is not None
    return fault.kind, fault.case_id, fault.seq


def test_an_empty_journal_is_sound(desk):
    verification = verified(desk)

    assert verification.sound
    assert (verification.lines, verification.cases) == (0, 0)


def test_a_journal_of_several_hundred_lines_is_sound_and_its_progress_is_told(desk):
    received = desk.receive(*[desk.deposit() for _ in range(150)])
    ids = [row[0] for row in desk.rows("SELECT id FROM cases ORDER BY id")]
    with desk.database.transaction() as session:
        for action, given in [
            (Action.RECEIVE_DOCUMENTS, Given(documents=("statuts", "rib"))),
            (Action.CHECK_ELIGIBILITY, Given()),
            (Action.ASSESS, Given(score=60)),
        ]:
            requests = [Request(case_id, given) for case_id in ids]
            advance_many(
                session, requests, action, by=By("person:1", Role.INSTRUCTOR), at=moment("2026-06-02")
            )
    desk.move(ids[75], Action.INSTRUCT, at="2026-06-03")
    told: list[int] = []

    with desk.database.transaction() as session:
        verification = verify(session, progress=told.append)

    assert verification.sound
    assert (verification.lines, verification.cases) == (601, len(received.created))
    assert sum(told) == 601


EDITS = {
    "at": "at + interval '1 microsecond'",
    "actor": "'person:2'",
    "role": "'manager'",
    "action": "'withdraw'",
    "source": "'draft'",
    "target": "'funded'",
    "details": "'{\"score\":71}'",
    "hash": "sha256(hash)",
}


@pytest.mark.parametrize("column", EDITS)
def test_an_edited_field_is_found_at_its_line(desk, tamperer, case, column):
    tamperer.run(f"UPDATE journal SET {column} = {EDITS[column]} WHERE case_id = %(id)s AND seq = 4", id=case)

    assert found(desk) == (K.EDITED, case, 4)


@pytest.mark.parametrize("instant", ["infinity", "-infinity", "12026-06-01", "0044-03-15 BC"])
def test_an_instant_python_cannot_hold_is_an_edit_like_another(desk, tamperer, case, instant):
    tamperer.run("UPDATE journal SET at = %(at)s WHERE case_id = %(id)s AND seq = 2", id=case, at=instant)

    assert found(desk) == (K.EDITED, case, 2)


def test_every_field_of_a_line_is_hashed(tamperer, desk, case):
    """A field added to the journal is hashed, or named here with the fields that tell nothing of what happened."""
    columns = {
        row[0]
        for row in desk.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'journal'"
        )
    }

    assert columns - EDITS.keys() == {"id", "case_id", "seq", "idempotency_key", "request_hash"}


def test_a_line_given_another_number_is_missed_where_it_was(desk, tamperer, case):
    tamperer.run("UPDATE journal SET seq = 9 WHERE case_id = %(id)s AND seq = 3", id=case)

    assert found(desk) == (K.DELETED, case, 3)


def test_a_line_given_to_another_case_is_missed_where_it_was(desk, tamperer, case):
    tamperer.run("UPDATE journal SET case_id = case_id + 1 WHERE case_id = %(id)s AND seq = 3", id=case)

    assert found(desk) == (K.DELETED, case, 3)


def test_a_line_taken_from_a_later_case_is_too_many_where_it_is_put(desk, tamperer, case):
    tamperer.run(
        "UPDATE journal SET case_id = case_id - 1, seq = 7 WHERE case_id = %(id)s AND seq = 6", id=case
    )

    assert found(desk) == (K.INSERTED, case - 1, 7)


def test_a_line_deleted_in_the_middle_is_named(desk, tamperer, case):
    tamperer.run("DELETE FROM journal WHERE case_id = %(id)s AND seq = 3", id=case)

    assert found(desk) == (K.DELETED, case, 3)


def test_a_deleted_line_is_named_even_when_the_next_ones_take_its_number(desk, tamperer, case):
    tamperer.run("DELETE FROM journal WHERE case_id = %(id)s AND seq = 3", id=case)
    tamperer.push_down(case, 4, by=-1)
    assert found(desk) == (K.DELETED, case, 3)

    tamperer.agree(case)
    assert found(desk) == (K.DELETED, case, 3)


@pytest.mark.parametrize("kept", [5, 4, 0])
def test_a_journal_cut_short_is_missed_from_the_first_line_cut(desk, tamperer, case, kept):
    tamperer.run("DELETE FROM journal WHERE case_id = %(id)s AND seq > %(kept)s", id=case, kept=kept)

    assert found(desk) == (K.TRUNCATED, case, kept + 1)


def test_an_emptied_journal_is_missed_from_the_first_line_of_the_first_case(desk, tamperer, case):
    tamperer.run("TRUNCATE journal")

    assert found(desk) == (K.TRUNCATED, case - 1, 1)


@pytest.mark.parametrize(("first", "second"), [(2, 3), (1, 2), (2, 5), (5, 6)])
def test_two_lines_swapped_are_named_by_the_first(desk, tamperer, case, first, second):
    tamperer.run(
        "UPDATE journal SET seq = -1 WHERE case_id = %(id)s AND seq = %(first)s",
        "UPDATE journal SET seq = %(first)s WHERE case_id = %(id)s AND seq = %(second)s",
        "UPDATE journal SET seq = %(second)s WHERE case_id = %(id)s AND seq = -1",
        id=case, first=first, second=second,
    )  # fmt: skip

    assert found(desk) == (K.SWAPPED, case, first)


def test_two_lines_that_swap_all_but_their_hashes_are_named_by_the_first(desk, tamperer, case):
    tamperer.run(
        "UPDATE journal j SET action = o.action, details = o.details, source = o.source, target = o.target"
        " FROM journal o WHERE j.case_id = %(id)s AND o.case_id = %(id)s AND j.seq + o.seq = 7 AND j.seq IN (2, 5)",
        id=case,
    )

    assert found(desk) == (K.SWAPPED, case, 2)


def test_a_line_slipped_in_is_named_whatever_hash_it_is_given(desk, tamperer, case):
    lines = tamperer.lines(case)
    forged = replace(lines[2][0], actor="person:9")
    tamperer.push_down(case, 3)
    tamperer.insert(forged, bytes(32))
    assert found(desk) == (K.INSERTED, case, 3)

    tamperer.run("UPDATE journal SET hash = %(own)s WHERE case_id = %(id)s AND seq = 3", id=case,
                 own=link(lines[1][1], forged))  # fmt: skip
    assert found(desk) == (K.INSERTED, case, 3)

    tamperer.agree(case)
    assert found(desk) == (K.INSERTED, case, 3)


def test_a_line_added_at_the_end_is_named_even_when_it_follows(desk, tamperer, case):
    last, head = tamperer.lines(case)[-1]
    forged = replace(last, seq=7)

    tamperer.insert(forged, link(head, forged))

    assert found(desk) == (K.INSERTED, case, 7)


def test_a_line_that_follows_but_is_dated_long_before_is_named(desk, tamperer, case):
    at = tamperer.lines(case)[3][0].at

    tamperer.rewrite(case, at={5: at - timedelta(days=1)})
    assert verified(desk).sound

    tamperer.rewrite(case, at={5: at - timedelta(days=1, microseconds=1)})
    assert found(desk) == (K.BACKWARDS, case, 5)


def test_anchoring_accepts_the_dates_a_wrong_clock_gave(desk, tamperer, watch, case):
    tamperer.rewrite(case, at={5: moment("2020-01-01")})
    assert found(desk) == (K.BACKWARDS, case, 5)

    watch.anchor("2026-06-02")

    assert verified(desk).sound


def test_a_case_that_holds_another_head_number_or_stage_than_its_journal_is_named(desk, case):
    desk.run("UPDATE cases SET journal_head = sha256(journal_head) WHERE id = %(id)s", id=case + 1)
    assert found(desk) == (K.HEAD, case + 1, 2)

    desk.run("UPDATE cases SET version = 8 WHERE id = %(id)s", id=case)
    assert found(desk) == (K.VERSION, case, 6)

    desk.run("UPDATE cases SET stage = 'funded' WHERE id = %(id)s", id=case - 1)
    assert found(desk) == (K.STAGE, case - 1, 6)


def test_a_case_deleted_with_the_constraints_asleep_is_named(
    desk, case, postgres: EmbeddedServer, database_url
):
    address = postgres.dsn(make_url(database_url).database or "")
    with psycopg.connect(address, autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("DELETE FROM cases WHERE id = %s", [case])

    assert found(desk) == (K.CASE_MISSING, case, 1)


def test_the_fault_says_in_both_languages_what_where_and_what_to_do(desk, tamperer, case):
    tamperer.run("UPDATE journal SET actor = 'person:2' WHERE case_id = %(id)s AND seq = 4", id=case)

    fault = verified(desk).fault

    assert fault is not None
    assert fault.reference == "ANNUEL-2026-00002"
    assert "ANNUEL-2026-00002, ligne 4" in fault.sentence.fr
    assert "ANNUEL-2026-00002, line 4" in fault.sentence.en
    assert "sauvegarde" in fault.sentence.fr
    assert "backup" in fault.sentence.en


def test_a_journal_nothing_protects_any_more_is_not_sound(desk, owner_database, case):
    with owner_database.transaction() as session:
        session.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER append_only")
    try:
        verification = verified(desk)
    finally:
        with owner_database.transaction() as session:
            session.exec_driver_sql("ALTER TABLE journal ENABLE TRIGGER append_only")

    assert verification.fault is None
    assert verification.unprotected == ("journal: no trigger append_only",)
    assert not verification.sound


def test_moves_made_while_the_journal_is_verified_are_no_fault(desk):
    cases = [desk.submitted_case() for _ in range(8)]
    busy = threading.Thread(
        target=lambda: [desk.move(i, Action.CHECK_ELIGIBILITY) for _ in range(6) for i in cases]
    )
    verifications = []

    busy.start()
    while busy.is_alive():
        verifications.append(verified(desk))
    busy.join()

    assert [v.fault for v in verifications if not v.sound] == []
    assert verified(desk).lines == 56
