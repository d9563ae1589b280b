"""The payments of a grant are written with its decision, by funder, and every page and letter reads them."""

from parvis.services.applicant_page import own_case
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.desk import moment


def test_a_grant_plans_its_payments_and_asks_for_its_report(desk):
    case = desk.case_in_committee()
    desk.hold_session()

    given = Given(amounts=(("etat", 333_333), ("ville", 0)))
    desk.move(case, Action.FUND, at="2026-09-15 15:00", role=Role.SECRETARY, given=given)

    paid = desk.rows(
        "SELECT f.code, p.instalment, p.condition, p.amount_cents, p.due_on::text, p.status FROM payments p"
        " JOIN funders f ON f.id = p.funder_id WHERE case_id = %(id)s ORDER BY position",
        id=case,
    )
    assert paid == [
        ("etat", "advance", "notification", 266_666, "2026-11-16", "due"),
        ("etat", "balance", "report", 66_667, None, "planned"),
    ]
    assert desk.rows("SELECT kind, way, state, version FROM reports WHERE case_id = %(id)s", id=case) == [
        ("final", None, "asked", 0)
    ]
    organisation = desk.value("SELECT organisation_id FROM cases WHERE id = %(id)s", id=case)
    with desk.database.transaction() as session:
        shown = own_case(session, case, organisation, at=moment("2026-09-16"))
    assert [(p.amount_cents, p.words.fr, str(p.due_on)) for p in shown.payments] == [
        (266_666, "à verser", "2026-11-16"), (66_667, "prévu", "None"),
    ]  # fmt: skip
