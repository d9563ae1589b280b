"""The life of agreements in the database: born of a funded case, renewed in time, amended, ended; and its proof."""

from datetime import date

import pytest

from parvis.models.session import ConstraintError
from parvis.services.advance import IdempotencyMismatchError
from parvis.services.agreement_sweeps import Renewing
from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction as A
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.services.agreement_desk import AgreementDesk, contract
from tests.services.desk import Desk
from tests.services.watch import Watch

NOTHING = Renewing()


@pytest.fixture
def house(desk: Desk) -> AgreementDesk:
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract())
    return AgreementDesk(desk)


def refused(house: AgreementDesk, agreement: int, action: A, at: str, **more: object) -> set[str]:
    with pytest.raises(MoveRefusedError) as refusal:
        house.move(agreement, action, at, **more)  # type: ignore[arg-type]
    return {reason.code for reason in refusal.value.reasons}


def test_a_first_agreement_is_born_of_a_funded_case_and_waits_for_its_signature_or_its_first_day(house):
    case = house.desk.submitted_case(
        "2026-11-02", call="conventions", title="Espace de vie sociale Salamandre"
    )
    house.fund(case, "2026-12-10", (("etat", 500_000), ("ville", 299_999)))
    agreement = house.desk.value("SELECT id FROM agreements WHERE case_id = %(id)s", id=case)

    assert house.desk.rows("SELECT stage, reference, purpose, starts_on, ends_on FROM agreements") == [
        ("draft", "CONV-00001", "espace-de-vie-sociale-salamandre", date(2027, 1, 1), date(2029, 12, 31))
    ]
    assert house.desk.rows("SELECT number, firm FROM agreement_years") == [(1, True), (2, False), (3, False)]
    assert house.desk.rows(
        "SELECT f.code, array_agg(i.amount_cents ORDER BY position) FROM agreement_instalments i"
        " JOIN funders f ON f.id = i.funder_id WHERE number = 2 GROUP BY 1 ORDER BY 1"
    ) == [("etat", [250_000, 150_000, 100_000]), ("ville", [150_000, 89_999, 60_000])]
    assert house.letters(agreement) == []
    assert refused(house, agreement, A.ACTIVATE, "2026-12-15") == {"in_force"}

    assert house.sweep("2026-12-31") == NOTHING
    assert house.sweep("2027-01-01 06:15").moved == 1
    assert house.stage(agreement) == "active"
    assert house.letters(agreement) == ["agreement_active"]
    assert house.sweep("2027-01-01 06:20") == NOTHING


def test_a_renewal_goes_from_its_first_step_to_the_agreement_that_follows_without_a_gap(house):
    agreement = house.taken_over("2025-09-01", approval_ends_on=date(2027, 12, 31))
    assert house.letters(agreement) == []

    assert house.sweep("2025-10-30").moved == 0
    assert house.sweep("2025-10-31 06:15").moved == 1
    assert house.stage(agreement) == "in_renewal"
    assert house.letters(agreement) == ["review_reminder", "renewal_opened"]

    house.sweep("2026-03-02")  # thirty days before the self-evaluation is due
    assert "evaluation_reminder" in house.letters(agreement)
    house.move(agreement, A.RECEIVE_EVALUATION, "2026-03-10", role=Role.INSTRUCTOR)
    house.sweep("2026-04-02")
    assert house.letters(agreement).count("evaluation_reminder") == 1

    assert refused(house, agreement, A.WRITE_REQUEST, "2026-08-31") == {"call_takes_renewal"}
    swept = house.sweep("2026-09-01 06:15")
    assert swept.requests == 1
    [(case, reference, nature, stage)] = house.desk.rows("SELECT id, reference, nature, stage FROM cases")
    assert (reference, nature, stage) == ("CONVENTIONS-00001", "renewal", "draft")
    answers = house.desk.value("SELECT answers FROM drafts WHERE case_id = %(id)s", id=case)
    assert answers["action"]["debut"] == ["2027-01-01"]
    assert answers["action"]["fin"] == ["2029-12-31"]
    assert answers["budget"]["financeur_etat"] == ["10000,01"]
    assert house.letters(agreement)[-1] == "renewal_ready"
    assert house.sweep("2026-09-01 06:20") == NOTHING

    house.complete(case, "2026-09-20", 2_000_000)
    house.fund(case, "2026-12-10", (("etat", 1_000_001), ("ville", 2_000_000)))

    assert house.desk.rows("SELECT stage, starts_on, ends_on, renews_id FROM agreements ORDER BY id") == [
        ("renewed", date(2024, 1, 1), date(2026, 12, 31), None),
        ("active", date(2027, 1, 1), date(2029, 12, 31), agreement),
    ]
    following = house.desk.value("SELECT id FROM agreements WHERE renews_id = %(id)s", id=agreement)
    assert house.letters(following) == ["agreement_active"]
    assert house.sweep("2027-01-04") == NOTHING


def test_nobody_is_stormed_by_an_agreement_taken_over_late_and_a_second_sweep_writes_nothing(house):
    agreement = house.taken_over("2026-11-25", approval_ends_on=date(2026, 6, 30))

    first = house.sweep("2026-11-25 10:00")

    assert (first.moved, first.requests) == (1, 1)
    templates = house.letters(agreement)
    assert sorted(templates) == ["approval_reminder", "renewal_opened", "renewal_ready", "review_reminder"]
    before = house.desk.rows("SELECT count(*), (SELECT count(*) FROM letters) FROM timers")
    assert house.sweep("2026-11-25 10:10") == NOTHING
    assert (
        house.desk.value("SELECT count(*) FROM letters WHERE contract_id IS NULL AND agreement_id > 0") == 0
    )
    assert house.desk.rows("SELECT count(*), (SELECT count(*) FROM letters) FROM timers") == before


def test_without_a_renewal_the_agreement_ends_on_its_last_day_and_says_so(house):
    agreement = house.taken_over("2026-11-25", starts_on="2023-09-01", ends_on="2026-08-31")
    agreement_of_three = house.taken_over("2026-01-05", purpose="evs")

    house.sweep("2026-12-31 23:00")
    assert house.stage(agreement) == "ended"
    assert house.stage(agreement_of_three) == "in_renewal"
    assert house.sweep("2027-01-01 06:15").moved == 1

    assert house.stage(agreement_of_three) == "ended"
    assert house.letters(agreement_of_three)[-1] == "agreement_ended"


def test_a_renewal_request_waits_for_the_reports_that_are_due(house):
    agreement = house.taken_over("2026-10-01")
    case = house.desk.submitted_case("2026-02-02")
    house.desk.run(
        "UPDATE cases SET stage = 'funded', report_due_on = '2026-06-30' WHERE id = %(id)s", id=case
    )

    assert house.sweep("2026-10-02").requests == 0
    assert refused(house, agreement, A.WRITE_REQUEST, "2026-10-02") == {"reports_in"}
    opened = house.desk.value("SELECT data ->> 'reports' FROM letters WHERE template = 'renewal_opened'")
    assert opened == "ANNUEL-2026-00001"

    house.desk.run("UPDATE cases SET report_received_on = '2026-10-05' WHERE id = %(id)s", id=case)
    assert house.sweep("2026-10-06").requests == 1


def test_one_organisation_has_one_agreement_at_a_time_for_a_purpose_and_the_next_day_is_free(house):
    house.taken_over()

    with pytest.raises(ConstraintError) as overlap:
        house.taken_over(starts_on="2026-12-31", ends_on="2029-12-30")
    assert overlap.value.name == "no_overlap"
    house.taken_over(starts_on="2027-01-01", ends_on="2029-12-31")
    house.taken_over(purpose="evs")
    case = house.desk.submitted_case("2026-11-02", call="conventions", title="Evs")
    house.desk.run("UPDATE agreements SET ends_on = '2027-06-30' WHERE purpose = 'evs'")
    with pytest.raises(MoveRefusedError) as refusal:
        house.fund(case, "2026-12-10", (("etat", 500_000),))
    assert {reason.code for reason in refusal.value.reasons} == {"no_overlap"}
    assert "CONV-00003" in refusal.value.reasons[0].sentence.fr


def test_an_amendment_moves_the_end_the_years_and_the_instalments_and_takes_the_next_number(house):
    agreement = house.taken_over()
    longer = AgreementGiven(reason="Six mois de plus", new_end=date(2027, 6, 30))
    richer = AgreementGiven(reason="Un second lieu", year=4, amounts=(("etat", 333_333),))

    house.move(agreement, A.AMEND, "2026-02-02", given=longer)
    house.move(agreement, A.AMEND, "2026-02-03", given=richer)
    confirmed = AgreementGiven(year=4)
    house.move(agreement, A.CONFIRM_YEAR, "2026-02-04", given=confirmed)

    assert house.desk.rows("SELECT number, old_end, new_end, year FROM agreement_amendments") == [
        (1, date(2026, 12, 31), date(2027, 6, 30), None), (2, date(2027, 6, 30), None, 4),
    ]  # fmt: skip
    assert house.desk.rows("SELECT ends_on, firm FROM agreement_years WHERE number = 4") == [
        (date(2027, 6, 30), True)
    ]
    assert house.desk.value("SELECT sum(amount_cents) FROM agreement_instalments WHERE number = 4") == 333_333
    assert house.letters(agreement) == ["agreement_amended", "agreement_amended", "agreement_year"]
    assert refused(house, agreement, A.CONFIRM_YEAR, "2026-02-05", given=confirmed) == {"year_indicative"}
    house.sweep("2026-12-31 23:00")
    assert house.sweep("2027-01-01 06:15").moved == 0


def test_an_amendment_gives_amounts_to_a_year_it_adds_and_to_none_that_it_takes_away(house):
    agreement = house.taken_over("2026-01-05")
    shorter = AgreementGiven(new_end=date(2026, 6, 30), year=4, amounts=(("etat", 7),), reason="Accord")
    assert refused(house, agreement, A.AMEND, "2026-02-02", given=shorter) == {"year_kept"}

    longer = AgreementGiven(new_end=date(2027, 12, 31), year=4, amounts=(("etat", 7),), reason="Accord")
    house.move(agreement, A.AMEND, "2026-02-02", given=longer)

    assert house.desk.rows("SELECT number, amount_cents FROM agreement_amounts WHERE number > 3") == [(4, 7)]


def test_an_early_end_frees_the_days_that_follow_and_a_draft_given_up_never_ran(house):
    agreement = house.taken_over()

    house.move(agreement, A.TERMINATE, "2026-06-15",
               given=AgreementGiven(reason="Fermeture", on=date(2026, 6, 30)))  # fmt: skip
    house.taken_over(starts_on="2026-07-01", ends_on="2028-12-31")

    assert house.stage(agreement) == "terminated"
    assert house.desk.value("SELECT data ->> 'last_day' FROM letters") == "2026-06-30"
    assert house.desk.value("SELECT max(ends_on) FROM agreement_years WHERE agreement_id = %(id)s",
                            id=agreement) == date(2026, 6, 30)  # fmt: skip
    case = house.desk.submitted_case("2026-11-02", call="conventions", title="Atelier de quartier")
    house.fund(case, "2026-12-10", (("etat", 500_000),))
    given_up = house.desk.value("SELECT id FROM agreements WHERE case_id = %(id)s", id=case)
    house.move(given_up, A.TERMINATE, "2026-12-15", given=AgreementGiven(reason="Renonce"))
    assert house.desk.rows("SELECT stage, ends_on FROM agreements WHERE id = %(id)s", id=given_up) == [
        ("terminated", date(2026, 12, 31))
    ]
    assert house.sweep("2027-01-02").moved == 0


def test_the_same_request_served_twice_answers_the_same_and_a_version_that_passed_is_refused(house):
    agreement = house.taken_over()
    review = AgreementGiven(
        year=2, result="to_adjust", reason="Moins de public que prévu", on=date(2026, 1, 12)
    )

    once = house.move(agreement, A.REVIEW_YEAR, "2026-01-15", given=review, key="k", expected_version=1)
    again = house.move(agreement, A.REVIEW_YEAR, "2026-01-15", given=review, key="k", expected_version=1)

    assert (again.version, again.replayed) == (once.version, True)
    assert house.desk.rows("SELECT reviewed_on, review FROM agreement_years WHERE number = 2") == [
        (date(2026, 1, 12), "to_adjust")
    ]
    with pytest.raises(IdempotencyMismatchError):
        house.move(agreement, A.OPEN_RENEWAL, "2026-01-15", key="k")
    with pytest.raises(StaleVersionError):
        house.move(agreement, A.OPEN_RENEWAL, "2026-01-15", expected_version=1)


def test_the_journal_of_agreements_is_verified_anchored_and_tells_which_line_was_changed(
    house, desk, tamperer, tmp_path
):
    watch = Watch(desk, tmp_path / "anchors")
    agreement = house.taken_over()
    house.move(agreement, A.OPEN_RENEWAL, "2026-01-10")
    house.move(agreement, A.RECEIVE_EVALUATION, "2026-01-12", role=Role.INSTRUCTOR)
    anchored = watch.anchor("2026-01-12 23:00")

    sound = watch.verify()
    assert sound.sound
    assert (sound.lines, sound.agreements, anchored.agreements) == (3, 1, 1)

    tamperer.run("UPDATE agreement_journal SET actor = 'x' WHERE seq = 2")
    fault = watch.verify().fault
    assert fault is not None
    assert (fault.kind, fault.agreement_id, fault.seq, fault.case_id) == ("edited", agreement, 2, None)
    assert fault.sentence.fr.startswith("Convention CONV-00001, ligne 2")

    tamperer.run("UPDATE agreement_journal SET actor = 'person:1' WHERE seq = 2",
                 "UPDATE agreements SET stage = 'ended'")  # fmt: skip
    told = watch.verify().fault
    assert told is not None
    assert (told.kind, "terminée" in told.sentence.fr) == ("stage", True)
    tamperer.run("DELETE FROM agreement_journal WHERE seq = 3",
                 "UPDATE agreements SET stage = 'in_renewal', version = 2, journal_head ="
                 " (SELECT hash FROM agreement_journal WHERE seq = 2)")  # fmt: skip
    cut = watch.verify().fault
    assert cut is not None
    assert (cut.kind, cut.anchor) == ("truncated", 1)
