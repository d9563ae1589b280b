"""Payments past their last day: a task for each case, one letter to the manager for all, and again while they wait."""

from parvis.services import dashboards, digests, late_payments
from parvis.services.dashboards import Scope
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment
from tests.services.test_reports import funded


def morning(desk: Desk, at: str) -> None:
    with desk.database.transaction() as session:
        digests.morning(session, at=moment(at))


def told(desk: Desk) -> list[tuple[str, int, bool]]:
    return desk.rows(
        "SELECT recipient, (data ->> 'cases')::int, (data ->> 'new')::bool FROM letters"
        " WHERE template = 'payments_late' ORDER BY id"
    )


def open_tasks(desk: Desk) -> list[str]:
    rows = desk.rows("SELECT title_fr FROM tasks WHERE kind = 'payment' AND done_at IS NULL ORDER BY id")
    return [title for (title,) in rows]


def test_late_payments_are_told_once_for_all_repeated_while_they_wait_and_end_when_paid(desk):
    first, second = (
        funded(desk),
        funded(desk),
    )  # decided on 15 September 2026: 60 days end on Saturday 14 November
    morning(desk, "2026-11-16")
    assert (told(desk), open_tasks(desk)) == ([], [])

    morning(desk, "2027-01-12")  # off for two months
    morning(desk, "2027-01-12 11:00")
    morning(desk, "2027-01-13")

    assert told(desk) == [("manager", 2, True)]
    assert len(open_tasks(desk)) == 2
    assert open_tasks(desk)[0].startswith(
        "Faire verser à Association Exemple ce qui lui est dû depuis le 16/11/2026"
    )
    with desk.database.transaction() as session:
        late = late_payments.late_ones(session, desk.contract_id, at=moment("2027-01-13"))
        facts = dashboards.overview(session, Scope(desk.contract_id), at=moment("2027-01-13")).facts
        elsewhere = dashboards.overview(
            session, Scope(desk.contract_id, ("autre",)), at=moment("2027-01-13")
        ).facts
    assert (late.payments, late.cases, late.total_cents) == (4, 2, 960_000)
    assert [value for value, words, _ in facts if words.en == "late payments"] == [4]
    assert len(elsewhere) == len(facts) - 1
    desk.run("UPDATE payments SET status = 'ordered' WHERE case_id = %(id)s AND status = 'due'", id=second)
    desk.move(first, Action.RECORD_PAYMENT, at="2027-01-14", role=Role.FINANCE, given=Given(reason="M-1"))
    assert len(open_tasks(desk)) == 1

    morning(desk, "2027-02-12")
    morning(desk, "2027-02-15")

    assert told(desk) == [("manager", 2, True), ("manager", 1, False)]
    desk.run("UPDATE payments SET status = 'cancelled' WHERE case_id = %(id)s", id=second)
    morning(desk, "2027-04-01")
    assert (len(told(desk)), open_tasks(desk)) == (2, [])
