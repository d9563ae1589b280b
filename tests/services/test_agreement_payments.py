"""The years of agreements are paid: once firm, in their year, to the cent, once, and no more when they stop."""

from contextlib import suppress
from datetime import date

import pytest

from parvis.models.enclosed import Enclosed
from parvis.models.queries import cash, digests, home_counts
from parvis.services import agreement_sweeps, late_payments, payment_orders
from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction as A
from parvis.states.agreement_stages import Review
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from tests.journeys.whole_life import CrashError
from tests.services.agreement_desk import AgreementDesk, contract
from tests.services.agreement_years import born, confirm, payments, review
from tests.services.desk import Desk, moment


@pytest.fixture
def house(desk: Desk) -> AgreementDesk:
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract())
    return AgreementDesk(desk)


def test_a_year_confirmed_ahead_is_planned_and_falls_due_on_its_first_day_and_the_rest_after_its_review(
    house,
):
    agreement = born(house)
    assert house.desk.value("SELECT count(*) FROM payments WHERE agreement_id IS NOT NULL") == 0

    confirm(house, agreement, 2, "2027-11-15")

    planned = date(2028, 3, 1)
    assert payments(house, agreement) == [
        ("etat", "acompte", 250_000, "planned", planned), ("etat", "mi-parcours", 150_000, "planned", None),
        ("etat", "solde", 100_000, "planned", None), ("ville", "acompte", 150_000, "planned", planned),
        ("ville", "mi-parcours", 89_999, "planned", None), ("ville", "solde", 60_000, "planned", None),
    ]  # fmt: skip
    assert house.sweep("2027-12-31 06:15").payable == 0
    assert house.sweep("2028-01-01 06:15").payable == 2
    assert house.sweep("2028-01-01 06:20") == agreement_sweeps.Renewing()
    assert [row[3:] for row in payments(house, agreement)[::3]] == [("due", planned)] * 2

    review(house, agreement, 2, "2028-10-16")

    assert {row[3:] for row in payments(house, agreement)} == {("due", planned), ("due", date(2028, 12, 15))}
    assert house.desk.value("SELECT count(*) FROM payments WHERE agreement_id IS NULL") == 6


def test_a_year_confirmed_late_is_due_at_once_and_a_bad_review_keeps_the_rest_until_another(house):
    agreement = house.taken_over("2026-01-05")

    confirm(house, agreement, 3, "2026-02-02")
    assert [row[3] for row in payments(house, agreement, 3)] == ["due", "planned", "planned"] * 2

    review(house, agreement, 3, "2026-10-01", Review.NOT_ON_COURSE)
    assert [row[3] for row in payments(house, agreement, 3)] == ["due", "planned", "planned"] * 2
    review(house, agreement, 3, "2026-11-02", Review.TO_ADJUST)
    assert {row[3] for row in payments(house, agreement, 3)} == {"due"}


def test_finance_finds_the_year_wherever_it_looks_for_what_is_to_be_paid_and_records_it_once(house):
    desk, agreement = house.desk, born(house)
    confirm(house, agreement, 2, "2028-01-10")

    with desk.database.transaction() as session:
        contract_id = desk.contract_id
        due = [each for each in payment_orders.due(session, contract_id) if each.rank]
        assert [(each.reference, each.rank, each.year, each.amount_cents) for each in due] == [
            ("CONV-00001", 2, 2028, 250_000), ("CONV-00001", 2, 2028, 150_000)]  # fmt: skip
        plan = cash.cash(session, contract_id, 2028)
        waiting = digests.payments_waiting(session, contract_id, until=date(2028, 3, 20))
        assert "CONV-00001" in [each.reference for each in waiting]
        assert home_counts.money_waiting(session, contract_id).payments == 2 + 2
        assert 2029 in cash.years(session, contract_id)
    assert {line.planned_cents for line in plan if line.month == date(2028, 3, 1)} == {250_000, 150_000}

    house.move(agreement, A.RECORD_PAYMENT, "2028-02-01", role=Role.FINANCE,
               given=AgreementGiven(year=2, reason="BORD-12", on=date(2028, 1, 31)))  # fmt: skip

    assert [row[3] for row in payments(house, agreement)] == ["paid", "planned", "planned"] * 2
    with pytest.raises(MoveRefusedError) as refusal:
        house.move(agreement, A.RECORD_PAYMENT, "2028-02-02", role=Role.FINANCE, given=AgreementGiven(year=2))
    assert [reason.code for reason in refusal.value.reasons] == ["payment_due"]


def test_late_payments_of_a_year_open_one_task_that_ends_with_them(house):
    agreement = house.taken_over("2026-01-05")
    confirm(house, agreement, 3, "2026-01-10")
    with house.desk.database.transaction() as session:
        done = late_payments.escalate(session, at=moment("2026-03-20 07:00"))
        again = late_payments.escalate(session, at=moment("2026-03-21 07:00"))
        late = late_payments.late_ones(session, house.desk.contract_id, at=moment("2026-03-21 07:00"))

    assert (done.opened, again.opened, late.payments, late.cases) == (1, 0, 2, 1)
    [(title, about)] = house.desk.rows("SELECT title_fr, contract_id FROM tasks WHERE done_at IS NULL")
    assert title.endswith("(CONV-00001).")
    assert about == house.desk.contract_id
    house.move(agreement, A.RECORD_PAYMENT, "2026-03-23", role=Role.FINANCE,
               given=AgreementGiven(year=3, reason="BORD-1"))  # fmt: skip
    assert house.desk.rows("SELECT FROM tasks WHERE done_at IS NULL") == []


def test_a_year_that_is_over_and_was_never_reviewed_leaves_a_task_until_it_is(house):
    agreement = house.taken_over("2026-01-05")
    confirm(house, agreement, 3, "2026-01-10")
    house.sweep("2026-12-31 06:15")
    assert house.desk.rows("SELECT FROM tasks WHERE kind = 'agreement_review'") == []

    house.sweep("2027-01-04 06:15")
    house.sweep("2027-01-05 06:15")

    assert house.stage(agreement) == "ended"
    [(title,)] = house.desk.rows("SELECT title_fr FROM tasks WHERE kind = 'agreement_review'")
    assert title.startswith("Faire la revue de l’année 3 de la convention CONV-00001")
    review(house, agreement, 3, "2027-01-06")
    house.sweep("2027-01-07 06:15")
    assert {row[3] for row in payments(house, agreement, 3)} == {"due"}
    assert house.desk.rows("SELECT FROM tasks WHERE kind = 'agreement_review' AND done_at IS NULL") == []


def test_an_amendment_changes_what_is_not_paid_and_takes_nothing_back(house):
    agreement = born(house)
    confirm(house, agreement, 2, "2028-01-10")
    house.move(agreement, A.RECORD_PAYMENT, "2028-02-01", role=Role.FINANCE, given=AgreementGiven(year=2))

    def amend(*amounts: tuple[str, int]) -> None:
        given = AgreementGiven(reason="Accord", year=2, amounts=amounts)
        house.move(agreement, A.AMEND, "2028-03-01", given=given)

    with pytest.raises(MoveRefusedError) as refusal:
        amend(("etat", 249_999), ("ville", 299_999))
    assert [reason.code for reason in refusal.value.reasons] == ["paid_kept"]
    amend(("etat", 250_000), ("ville", 400_000))
    assert [row[2:4] for row in payments(house, agreement)] == [
        (250_000, "paid"), (150_000, "cancelled"), (100_000, "cancelled"),
        (150_000, "paid"), (150_000, "planned"), (100_000, "planned"),
    ]  # fmt: skip
    amend(("etat", 350_000), ("ville", 299_999))
    assert [row[2:4] for row in payments(house, agreement)[:3]] == [
        (250_000, "paid"), (60_000, "planned"), (40_000, "planned")]  # fmt: skip


def test_what_an_amendment_adds_to_a_year_all_paid_or_to_the_first_one_is_a_payment_more(house):
    agreement = born(house)
    more = AgreementGiven(reason="Accord", year=1, amounts=(("etat", 600_000), ("ville", 299_999)))

    house.move(agreement, A.AMEND, "2027-06-01", given=more)
    house.move(agreement, A.AMEND, "2027-06-02", given=more)

    assert payments(house, agreement, 1) == [("etat", "avenant-1", 100_000, "due", date(2027, 8, 2))]
    less = AgreementGiven(reason="Accord", year=1, amounts=(("etat", 499_999), ("ville", 299_999)))
    with pytest.raises(MoveRefusedError):
        house.move(agreement, A.AMEND, "2027-06-03", given=less)


def test_an_agreement_that_stops_pays_the_years_it_ran_and_no_more(house):
    agreement = house.taken_over("2025-01-06", starts_on="2024-01-01", ends_on="2026-12-31")
    confirm(house, agreement, 2, "2025-01-10")
    confirm(house, agreement, 3, "2025-12-10")
    review(house, agreement, 2, "2025-11-03")

    house.move(
        agreement, A.TERMINATE, "2026-03-02", given=AgreementGiven(reason="Fermeture", on=date(2026, 2, 28))
    )

    assert {row[3] for row in payments(house, agreement, 2)} == {"due"}
    assert {row[3] for row in payments(house, agreement, 3)} == {"cancelled"}
    house.sweep("2026-03-03 06:15")
    assert {row[3] for row in payments(house, agreement, 3)} == {"cancelled"}


def test_a_year_that_an_amendment_removes_is_paid_no_more_and_comes_back_to_be_confirmed(house):
    agreement = born(house)
    confirm(house, agreement, 3, "2027-12-01")
    house.move(
        agreement, A.AMEND, "2028-01-10", given=AgreementGiven(reason="Accord", new_end=date(2028, 12, 31))
    )
    assert {row[3] for row in payments(house, agreement, 3)} == {"cancelled"}

    longer = AgreementGiven(reason="Accord", new_end=date(2029, 12, 31), year=3, amounts=(("ville", 100),))
    house.move(agreement, A.AMEND, "2028-02-10", given=longer)
    confirm(house, agreement, 3, "2028-12-01")

    assert sum(row[2] for row in payments(house, agreement, 3) if row[3] != "cancelled") == 100


def test_what_was_confirmed_before_there_were_payments_is_written_by_the_next_sweep_and_a_crash_writes_nothing(
    house,
):
    agreement = house.taken_over("2026-01-05")
    confirm(house, agreement, 3, "2026-02-02")
    before = payments(house, agreement, 3)
    house.desk.run("DELETE FROM payments")

    with suppress(CrashError), house.desk.database.transaction() as session:
        agreement_sweeps.renew(Enclosed(session), at=moment("2026-02-03 06:15"))
        raise CrashError
    assert payments(house, agreement, 3) == []
    house.sweep("2026-02-03 06:15")
    house.sweep("2026-02-03 06:30")

    assert [row[:4] for row in payments(house, agreement, 3)] == [row[:4] for row in before]


def test_partners_are_paid_their_part_of_each_year_and_one_who_left_no_more(house):
    desk, agreement = house.desk, born(house)
    desk.run(
        "WITH one AS (INSERT INTO organisations (siret, name) VALUES ('35600000000048', 'La Fabrique') RETURNING id)"
        " INSERT INTO partners (case_id, organisation_id, requested_cents, state, signed_by, granted)"
        " SELECT a.case_id, one.id, 0, 'confirmed', 'Une personne', '{\"etat\": 166667}' FROM agreements a, one"
    )

    confirm(house, agreement, 2, "2028-01-10", (("etat", 100_000), ("ville", 100)))

    assert desk.rows(
        "SELECT partner_id IS NULL, sum(amount_cents) FROM payments p JOIN funders f ON f.id = p.funder_id"
        " WHERE year = 2 AND f.code = 'etat' GROUP BY 1 ORDER BY 1"
    ) == [(False, 33_333), (True, 66_667)]
    desk.run("UPDATE partners SET state = 'withdrawn'")
    confirm(house, agreement, 3, "2028-12-10", (("etat", 100_000),))
    assert desk.rows("SELECT DISTINCT partner_id FROM payments WHERE year = 3") == [(None,)]
