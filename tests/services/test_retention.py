"""The end of what is kept: nobody is found any more, what was counted still is, the journal still proves itself."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parvis.models.queries import dashboards, yearly
from parvis.models.queries import retention_batches as queries
from parvis.models.queries.dashboards import Scope
from parvis.models.queries.retention_batches import Batch
from parvis.models.session import ConstraintError
from parvis.services import agreement_pages, case_archive, files, jobs, journal
from parvis.services.notes import NoteRefusedError, Written, save_note
from parvis.services.retention import applying, batches, phases
from parvis.services.retention.anonymising import Done, carry_out
from parvis.services.settings import Settings
from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction
from parvis.states.facts import By, Given
from parvis.states.redaction import seal
from parvis.states.retention import Kind, Trace
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.agreement_desk import AgreementDesk
from tests.services.desk import Desk, moment
from tests.services.retention_story import AFTER, BEFORE, MANAGER, WHO, found, refused_case
from tests.services.tampering import Tamperer


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path / "data")


@pytest.fixture
def refused(desk: Desk, chosen: Settings) -> int:
    """A case refused in 2026 that says everywhere whom it is about."""
    return refused_case(desk, chosen)


def statistics(desk: Desk) -> Any:
    """What dashboards and yearly reports count."""
    scope = Scope(desk.contract_id)
    with desk.database.transaction() as session:
        counted = [yearly.by_instrument, yearly.by_challenge, yearly.by_neighbourhood, yearly.by_funder]
        seen = [
            dashboards.funnel,
            dashboards.delays,
            dashboards.money_by_funder,
            dashboards.money_by_neighbourhood,
        ]
        return (
            [each(session, desk.contract_id, [2026]) for each in counted],
            [each(session, scope) for each in seen],
            desk.rows("SELECT count(*), sum(people) FROM reports"),
            desk.rows(
                "SELECT stage, count(*), sum(requested_cents), sum(score) FROM cases GROUP BY 1 ORDER BY 1"
            ),
            desk.rows("SELECT count(*), count(sent_at) FROM letters WHERE case_id IS NOT NULL"),
        )


def proposed(desk: Desk, *, at: Any = AFTER) -> dict[str, Batch]:
    batches.propose_all(desk.database, at=at)
    with desk.database.transaction() as session:
        return {each.kind: each for each in queries.batches(session, desk.contract_id)}


def approved(desk: Desk, batch: Batch, visa: str = "AD80-2031-12") -> None:
    with desk.database.transaction() as session:
        batches.approve(session, desk.contract_id, batch.id, visa=visa, by=MANAGER, at=AFTER)


def test_after_its_time_nobody_is_found_anywhere_and_all_that_was_counted_still_is(
    desk: Desk, chosen: Settings, refused: int, tmp_path: Path
):
    folder, anchors = chosen.data_folder, chosen.anchors
    jobs.anchor_journal(desk.database, anchors, moment("2026-09-17"))
    there = {each.partition(":")[0] for each in found(desk, folder)}
    assert len(there) > 20, there
    before = statistics(desk)
    with desk.database.transaction() as session:
        kept = case_archive.archive(session, files.shelf(chosen), refused, tmp_path / "avant.zip", at=BEFORE)
    assert kept.files == 2
    approved(desk, proposed(desk)["refused"])

    made = applying.apply_retention(desk.database, chosen, AFTER)
    again = applying.apply_retention(desk.database, chosen, AFTER)

    assert (made.done.done, made.done.failed, made.done.files) == (1, 0, 2)
    assert again.done == Done()
    assert again.proposed == ()
    desk.receive(desk.deposit(external_id="P-1", title=f"Atelier de {WHO}", address=WHO), at="2031-09-18")
    assert found(desk, folder) == [], "not even when its platform says it all again"
    assert found(desk, folder, ("autre@asso.example",)) != [], "who is not at the end of their time stays"
    assert statistics(desk) == before
    checked = verified(desk, anchors)
    assert checked.sound
    assert checked.redacted >= 3
    jobs.anchor_journal(desk.database, anchors, AFTER)
    assert verified(desk, anchors).sound
    with desk.database.transaction() as session:
        after = case_archive.archive(session, files.shelf(chosen), refused, tmp_path / "après.zip", at=AFTER)
    assert case_archive.check(tmp_path / "après.zip") == after
    assert case_archive.check(tmp_path / "avant.zip") == kept
    nothing_is_added(desk, chosen, refused)


def nothing_is_added(desk: Desk, chosen: Settings, refused: int) -> None:
    shelf = files.shelf(chosen)
    with desk.database.transaction() as session:
        with pytest.raises(NoteRefusedError):
            save_note(session, refused, Written("k", "w", 0, WHO), by=1, at=AFTER)
        with pytest.raises(files.FileRefusedError):
            files.attach(session, shelf, refused, files.checked(shelf, "a.txt", b"a"), by=MANAGER, at=AFTER)
    with pytest.raises(MoveRefusedError) as reopened:
        desk.move(refused, Action.REOPEN, at="2031-10-01", role=Role.MANAGER, given=Given(reason="Encore"))
    assert [reason.code for reason in reopened.value.reasons] == ["not_anonymised"]


def verified(desk: Desk, anchors: Path | None = None) -> journal.Verification:
    with desk.database.transaction() as session:
        return journal.verify(session, anchors_folder=anchors)


def test_a_journal_that_lost_words_still_shows_every_change_of_what_stays(
    desk: Desk, chosen: Settings, refused: int, tamperer: Tamperer
):
    approved(desk, proposed(desk)["refused"])
    carry_out(desk.database, chosen, at=AFTER)
    assert verified(desk).sound
    lost = next(line for line, _ in tamperer.lines(refused) if line.action == "reject")

    for change in ("details = '{\"score\":1}'", "actor = 'person:2'", "at = at + interval '1 second'"):
        column = change.partition(" ")[0]
        old = getattr(lost, column)
        tamperer.run(
            f"UPDATE journal SET {change} WHERE case_id = %(id)s AND seq = %(seq)s", id=refused, seq=lost.seq
        )
        fault = verified(desk).fault
        assert fault is not None
        assert fault.seq == lost.seq, change
        tamperer.run(
            f"UPDATE journal SET {column} = %(old)s WHERE case_id = %(id)s AND seq = %(seq)s",
            old=old, id=refused, seq=lost.seq,
        )  # fmt: skip
    assert verified(desk).sound
    assert seal(lost, b"a") != seal(lost, b"b")


def test_a_line_loses_details_and_nothing_else_and_not_unseen(desk: Desk, refused: int):
    journal_line = "UPDATE journal SET {} WHERE case_id = %(id)s AND action = 'reject'"
    for change in ('details = \'{"reason":"autre"}\'', "details = '{\"more\":1}'", "request_hash = 'x'"):
        with pytest.raises(ConstraintError) as kept:
            desk.run(journal_line.format(change), id=refused)
        assert kept.value.name == "append_only", change
    assert verified(desk).sound

    desk.run(journal_line.format("details = '{}'"), id=refused)

    fault = verified(desk).fault
    assert fault is not None
    assert "ANNUEL-2026-00001" in fault.sentence.fr


def test_nothing_goes_before_its_time_without_a_manager_and_the_archives_nor_while_held_back(
    desk: Desk, chosen: Settings, refused: int
):
    assert proposed(desk, at=BEFORE) == {}
    batch = proposed(desk)["refused"]
    assert applying.apply_retention(desk.database, chosen, AFTER).done.done == 0
    with desk.database.transaction() as session:
        [item] = queries.items(session, batch.id)
        for visa, by, field in (("", MANAGER, "visa"), ("AD80", By("person:1", Role.INSTRUCTOR), "")):
            with pytest.raises(batches.BatchRefusedError) as no:
                batches.approve(session, desk.contract_id, batch.id, visa=visa, by=by, at=AFTER)
            assert no.value.field == field
        batches.hold(session, desk.contract_id, batch.id, item.id, reason="Recours", by=MANAGER, at=AFTER)
    approved(desk, batch)

    held = carry_out(desk.database, chosen, at=AFTER)

    assert (held.done, held.finished) == (0, (batch.id,))
    assert proposed(desk).keys() == {"refused"}, "what is held back is not proposed again"
    with desk.database.transaction() as session:
        seen = phases.preview(session, desk.contract_id, at=AFTER, kinds=(Kind.REFUSED,)).kinds[0].counts
    assert (seen.due, seen.held) == (0, 1)
    assert desk.value("SELECT title FROM cases WHERE id = %(id)s", id=refused) == f"Atelier de {WHO}"


def test_a_case_that_came_back_is_left_and_one_whose_journal_was_changed_is_evidence(
    desk: Desk, chosen: Settings, refused: int, tamperer: Tamperer
):
    approved(desk, proposed(desk)["refused"])
    desk.move(refused, Action.REOPEN, at="2031-09-17", role=Role.MANAGER, given=Given(reason="Recours gagné"))
    assert carry_out(desk.database, chosen, at=AFTER).left == 1
    desk.move(refused, Action.WITHDRAW, at="2031-09-18")
    later = moment("2036-09-20")
    with desk.database.transaction() as session:
        [again] = batches.propose_all(desk.database, at=later)
        batches.approve(session, desk.contract_id, again.id, visa="AD80", by=MANAGER, at=later)
    tamperer.run("UPDATE journal SET actor = 'person:2' WHERE case_id = %(id)s AND seq = 2", id=refused)

    done = carry_out(desk.database, chosen, at=later)

    assert (done.done, done.failed, done.finished) == (0, 1, ())
    assert WHO in desk.value("SELECT contact ->> 'name' FROM cases WHERE id = %(id)s", id=refused)


def test_traces_go_by_themselves_at_the_end_of_their_time_and_not_before(
    desk: Desk, chosen: Settings, refused: int
):
    desk.run(
        """
        WITH w AS (INSERT INTO web_sessions (token_hash, person_id, browser, made_at, seen_at, expires_at)
                   VALUES ('a', 1, 'Firefox', '2026-01-01', '2026-01-01', '2026-01-02') RETURNING id)
        INSERT INTO visits (at, session_id, method, path, status) SELECT '2026-01-01T12:00Z', id, 'GET', '/', 200 FROM w
        """
    )
    desk.run(
        "INSERT INTO sign_ups (token_hash, siret, name, email, made_at, expires_at)"
        " VALUES ('b', '1', 'Zoé', 'z@z.example', '2026-01-01', '2026-01-02')"
    )
    counts = [
        {
            each.trace: each.count
            for each in applying.apply_retention(desk.database, chosen, moment(day)).purged
        }
        for day in ("2026-01-15", "2026-12-31", "2027-01-03")
    ]

    assert [each[Trace.VISITS] for each in counts] == [0, 0, 1]
    assert [each[Trace.SESSIONS] for each in counts] == [0, 0, 1]
    assert [each[Trace.LINKS] for each in counts] == [0, 1, 0]
    assert counts[0][Trace.NOTICES] == 0


def test_one_who_left_is_a_number_after_two_years_and_what_they_did_stays(desk: Desk, chosen: Settings):
    case = desk.submitted_case()
    desk.move(case, Action.CHECK_ELIGIBILITY)
    desk.run("UPDATE people SET active = false, left_on = '2026-06-30' WHERE id = 1")
    assert "people" not in proposed(desk, at=moment("2028-06-29"))
    approved(desk, proposed(desk, at=moment("2028-06-30"))["people"], visa="")

    carry_out(desk.database, chosen, at=moment("2028-06-30"))

    assert desk.rows("SELECT name, email FROM people WHERE id = 1") == [
        ("Personne 1", "personne-1@anonyme.invalid")
    ]
    assert desk.value("SELECT count(*) FROM journal WHERE actor = 'person:1'") == 1
    assert found(desk, chosen.data_folder, ("Inès Roy",)) == ["contracts: Inès Roy"], (
        "the contract’s file still names her in this test"
    )
    assert verified(desk).sound


def test_an_agreement_keeps_its_years_and_amounts_and_its_journal_without_the_words(
    desk: Desk, chosen: Settings
):
    house = AgreementDesk(desk)
    agreement = house.taken_over()
    house.move(agreement, AgreementAction.TERMINATE, "2026-06-15",
               given=AgreementGiven(reason=f"Départ de {WHO}", on=date(2026, 6, 30)))  # fmt: skip
    desk.run("UPDATE agreement_years SET review_note = %(who)s WHERE number = 1", who=WHO)
    before = desk.rows("SELECT * FROM agreement_amounts ORDER BY 1, 2, 3")
    assert "agreements" not in proposed(desk, at=moment("2036-06-29"))
    approved(desk, proposed(desk, at=moment("2036-06-30"))["agreements"])

    done = carry_out(desk.database, chosen, at=moment("2036-06-30"))

    with desk.database.transaction() as session:
        told = agreement_pages.history(session, agreement, "fr")
    assert (done.done, done.failed) == (1, 0)
    assert found(desk, chosen.data_folder, (WHO, "contact@centre.example")) == []
    assert desk.rows("SELECT * FROM agreement_amounts ORDER BY 1, 2, 3") == before
    assert "Anonymisé, au terme de sa durée de conservation" in [line.what for line in told]
    assert verified(desk).redacted == 1
    assert verified(desk).sound
