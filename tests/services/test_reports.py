"""After the money: a report typed, corrected and accepted, its balance to the cent; late ones chased and blocked."""

import json
from datetime import date

import pytest

from parvis.models.queries.contracts import write_contract
from parvis.services import drafts, reports
from parvis.services.imports.deposit import BudgetLine, FunderAsk, Side
from parvis.services.reports import Figures, NoSuchReportError, ReportRefusedError
from parvis.states.contract import Contract
from parvis.states.facts import By, Given
from parvis.states.gaps import Line
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import CONTRACT, Desk, moment

ASSO = By("organisation:1", Role.APPLICANT)
BUDGET = (
    BudgetLine(side=Side.CHARGE, account="601", label="Achats", amount_cents=200_000),
    BudgetLine(side=Side.CHARGE, account="641", label="Salaires", amount_cents=800_000),
    BudgetLine(side=Side.CHARGE, account="864", label="Bénévolat", amount_cents=50_000),
    BudgetLine(side=Side.PRODUIT, account="74", label="État", amount_cents=500_000),
)
TOLD = {
    "recit": {"deroule": ["Quarante ateliers."], "effets": ["Douze emplois."]},
    "publics": {"personnes": ["80"], "part_qpv": ["75"]},
    "comptes": {"ligne_0": ["1 500"], "ligne_1": ["6 000"], "ligne_2": ["500"], "ligne_3": ["5000"],
                "ecarts": ["Un poste vacant au printemps."]},
}  # fmt: skip


def funded(desk: Desk) -> int:
    """A case of 10,000 € of costs, granted 4,000 and 2,000 €."""
    asked = (FunderAsk(name="État", code="etat", requested_cents=500_000),
             FunderAsk(name="Ville", code="ville", requested_cents=300_000))  # fmt: skip
    case = desk.submitted_case(budget=BUDGET, funders=asked, beneficiaries=100, qpv_share_percent=60)
    desk.run("UPDATE documents SET received_at = now() WHERE case_id = %(id)s", id=case)
    desk.move(case, Action.CHECK_ELIGIBILITY)
    desk.move(case, Action.ASSESS, given=Given(score=70))
    desk.move(case, Action.INSTRUCT)
    desk.run("UPDATE committees SET held_at = NULL, agenda_open = true")
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=desk.committee("copil")))
    desk.hold_session()
    given = Given(amounts=(("etat", 400_000), ("ville", 200_000)))
    desk.move(case, Action.FUND, at="2026-09-15 15:00", role=Role.SECRETARY, given=given)
    return case


def typed(desk: Desk, case: int, at: str = "2027-05-03") -> None:
    with desk.database.transaction() as session:
        for step, values in TOLD.items():
            owed = reports.open_report(session, case)
            reports.save(
                session, case, step, values, reports.stamp(owed.values(step)), by=ASSO, at=moment(at)
            )


def sent(desk: Desk, case: int, at: str = "2027-05-03 10:00") -> None:
    with desk.database.transaction() as session:
        reports.send(session, case, signed=True, by=ASSO, at=moment(at))


def payments(desk: Desk, case: int) -> list[tuple[object, ...]]:
    return desk.rows(
        "SELECT f.code, p.instalment, p.amount_cents, p.status FROM payments p JOIN funders f ON f.id = p.funder_id"
        " WHERE case_id = %(id)s ORDER BY p.position, f.id",
        id=case,
    )


def state(desk: Desk, case: int) -> list[tuple[object, ...]]:
    return desk.rows("SELECT way, state FROM reports WHERE case_id = %(id)s ORDER BY id", id=case)


def test_a_report_is_typed_sent_corrected_accepted_paid_and_evaluated(desk):
    case = funded(desk)
    desk.move(case, Action.RECORD_PAYMENT, at="2026-10-01", role=Role.FINANCE, given=Given(reason="M-12"))
    with pytest.raises(ReportRefusedError), desk.database.transaction() as session:
        reports.send(session, case, signed=True, by=ASSO, at=moment("2027-05-02"))
    typed(desk, case)
    with pytest.raises(ReportRefusedError, match="signs"), desk.database.transaction() as session:
        reports.send(session, case, signed=False, by=ASSO, at=moment("2027-05-03"))
    sent(desk, case)
    because = Given(reason="Joindre les fiches de paie.")
    desk.move(case, Action.ASK_CORRECTIONS, at="2027-05-10", given=because)
    assert state(desk, case) == [("report", "corrections_asked")]
    with desk.database.transaction() as session:
        again = reports.open_report(session, case)
    assert (again.row.corrections, again.due_on) == ("Joindre les fiches de paie.", date(2027, 6, 9))
    assert again.read.faults == {}

    sent(desk, case, "2027-05-20")
    desk.move(case, Action.ACCEPT_REPORT, at="2027-06-01")

    assert_the_balance_follows_the_costs(desk, case)
    with pytest.raises(MoveRefusedError) as early:
        desk.move(case, Action.EVALUATE, at="2027-06-02", given=Given(score=80))
    assert {reason.code for reason in early.value.reasons} == {"balance_settled", "conclusion_given"}
    desk.move(case, Action.RECORD_PAYMENT, at="2027-06-20", role=Role.FINANCE, given=Given(reason="T-3"))
    said = Given(score=80, points=(("people", 4),), reason="Utile.")
    desk.move(case, Action.EVALUATE, at="2027-06-21", given=said)
    assert_it_is_closed(desk, case)


def assert_the_balance_follows_the_costs(desk: Desk, case: int) -> None:
    # 7,500 € of 10,000 in money: three quarters of 6,000 € are due, four fifths were paid
    assert payments(desk, case) == [
        ("etat", "advance", 320_000, "paid"), ("etat", "balance", 80_000, "cancelled"),
        ("ville", "advance", 160_000, "paid"), ("ville", "balance", 40_000, "cancelled"),
        ("etat", "repayment", -20_000, "due"), ("ville", "repayment", -10_000, "due"),
    ]  # fmt: skip
    accepted = json.loads(desk.value("SELECT details FROM journal WHERE action = 'accept_report'"))
    assert accepted == {"spent_cents": 750_000, "balance_cents": 0, "repay_cents": 30_000}


def assert_it_is_closed(desk: Desk, case: int) -> None:
    assert desk.stage(case) == "evaluated"
    assert desk.rows("SELECT evaluation, evaluation_score, conclusion FROM cases") == [
        ({"people": 4}, 80, "Utile.")
    ]
    assert desk.value("SELECT sum(amount_cents)::bigint FROM payments WHERE status = 'paid'") == 450_000
    for letter in ("report_received", "report_corrections", "report_accepted", "closed"):
        assert desk.letters(case, letter) >= 1, letter
    with desk.database.transaction() as session:
        (report,) = reports.reports_of(session, case)
    assert (report.state, report.people, report.spent_cents, len(report.lines)) == (
        "accepted",
        80,
        750_000,
        4,
    )


def test_a_report_that_cost_what_was_planned_releases_the_balance_and_one_on_paper_all_of_it(desk):
    case, on_paper = funded(desk), funded(desk)
    lines = (Line("charge", "641", "Salaires", 1_000_000, 1_200_000),)
    with desk.database.transaction() as session:
        reports.receive(session, case, Figures(lines, 50, 90), by=ASSO, at=moment("2027-05-03"))
        reports.receive(session, on_paper, None, by=ASSO, at=moment("2027-05-03"))

    for each in (case, on_paper):
        desk.move(each, Action.ACCEPT_REPORT, at="2027-06-01")

        due = [row[2:] for row in payments(desk, each)]
        assert due == [(320_000, "due"), (80_000, "due"), (160_000, "due"), (40_000, "due")]
    assert desk.value("SELECT max(due_on)::text FROM payments WHERE instalment = 'balance'") == "2027-08-02"


def test_an_action_that_did_not_take_place_owes_no_report_and_what_was_paid_comes_back(desk):
    case = funded(desk)
    pay = Given(instalment="advance")
    desk.move(case, Action.RECORD_PAYMENT, at="2026-10-01", role=Role.FINANCE, given=pay)

    with desk.database.transaction() as session:
        reports.attest(session, case, "Salle fermée.", by=ASSO, at=moment("2027-03-01"))

    assert state(desk, case) == [("not_carried_out", "accepted")]
    with pytest.raises(NoSuchReportError), desk.database.transaction() as session:
        reports.open_report(session, case)
    desk.move(case, Action.RECLAIM, at="2027-04-01", role=Role.FINANCE, given=Given(reason="Rien fait."))
    assert payments(desk, case)[-2:] == [
        ("etat", "repayment", -320_000, "due"), ("ville", "repayment", -160_000, "due"),
    ]  # fmt: skip


def test_other_dates_are_granted_or_refused_and_the_report_follows(desk):
    case = funded(desk)

    def ask(ends_on: date, at: str) -> None:
        with desk.database.transaction() as session:
            reports.ask_dates(
                session, case, starts_on=None, ends_on=ends_on, reason="Travaux.", by=ASSO, at=moment(at)
            )

    with pytest.raises(MoveRefusedError, match="later_end_given"):
        ask(date(2026, 12, 31), "2027-01-10")
    ask(date(2027, 3, 31), "2027-01-10")
    desk.sweep("2027-08-01")
    assert desk.letters(case, "report_reminder") == 0
    desk.move(case, Action.REFUSE_NEW_DATES, at="2027-08-02", given=Given(reason="Crédits annuels."))
    ask(date(2027, 6, 30), "2027-08-03")
    desk.move(case, Action.GRANT_NEW_DATES, at="2027-08-04")

    assert state(desk, case) == [
        ("change_of_dates", "refused"), ("change_of_dates", "accepted"), (None, "asked"),
    ]  # fmt: skip
    assert desk.rows("SELECT ends_on::text, report_due_on::text, due_on::text FROM cases") == [
        ("2027-06-30", "2028-06-30", "2028-06-30")
    ]
    granted = desk.rows("SELECT data FROM letters WHERE template = 'new_dates_granted'")
    assert granted == [({"ends_on": "2027-06-30", "report_due": "2028-06-30"},)]


def late_and_asking_again(desk: Desk) -> tuple[int, int]:
    """A funded case, and a draft of the same organisation in the call of the year after."""
    parsed = Contract.model_validate({**CONTRACT, "calls": [
        *CONTRACT["calls"],
        {"code": "annuel-2027", "title": "Appel 2027", "instrument": "annual", "year": 2027, "opens_on": "2027-01-01"},
    ]})  # fmt: skip
    with desk.database.transaction() as session:
        write_contract(session, parsed, digest="next", at=moment("2026-01-01"))
    case = funded(desk)
    organisation = desk.value("SELECT organisation_id FROM cases WHERE id = %(id)s", id=case)
    with desk.database.transaction() as session:
        reference = drafts.start(
            session, organisation, "annuel-2027/new", "Encore", by=ASSO, at=moment("2027-06-01")
        )
    draft = int(desk.value("SELECT id FROM cases WHERE reference = %(r)s", r=reference))
    return case, draft


def test_a_late_report_is_chased_step_by_step_and_blocks_new_requests_until_it_is_in(desk):
    case, draft = late_and_asking_again(desk)

    def told(at: str) -> list[tuple[str, str]]:
        desk.sweep(at)
        found = desk.rows(
            "SELECT template, recipient FROM letters WHERE case_id = %(id)s AND template LIKE 'report_%%' ORDER BY id",
            id=case,
        )
        desk.run("DELETE FROM letters WHERE case_id = %(id)s AND template LIKE 'report_%%'", id=case)
        return [(template, recipient) for template, recipient in found]

    assert told("2027-06-01") == [("report_reminder", "applicant")]  # a month before
    desk.move(draft, Action.ASSIGN, at="2027-06-30", given=Given(instructor_id=1))
    assert told("2027-07-01") == [("report_reminder", "applicant")]
    assert ("report_late", "instructor") in told("2027-08-30")
    assert ("report_late", "manager") in told("2027-10-29")
    with pytest.raises(MoveRefusedError) as refused:
        desk.move(draft, Action.SUBMIT, at="2027-10-30", role=Role.APPLICANT)
    late = next(reason for reason in refused.value.reasons if reason.code == "previous_reports_in")
    assert "ANNUEL-2026-00001, attendu le 30 juin 2027" in late.sentence.fr
    because = Given(reason="Bilan non reçu.")
    desk.move(case, Action.GIVE_NOTICE, at="2027-10-30", role=Role.FINANCE, given=because)

    typed(desk, case, "2027-11-02")
    sent(desk, case, "2027-11-02 11:00")
    desk.move(draft, Action.SUBMIT, at="2027-11-02 12:00", role=Role.APPLICANT)

    assert desk.stage(draft) == "submitted"
    assert told("2028-03-01")[-1:] != [("report_reminder", "applicant")]
