"""A technical committee advises, the steering one decides on the programming list; or the call says otherwise."""

from parvis.services.sessions import decisions
from parvis.services.sessions.minutes import read_minutes
from parvis.states.outcomes import Draft, Outcome, Votes
from tests.services.desk import moment
from tests.services.session_desk import SECRETARY, SessionDesk, fund, said


def stages(table: SessionDesk, cases: list[int]) -> set[str]:
    return {table.desk.stage(case) for case in cases}


def test_a_technical_session_advises_and_the_steering_one_decides_as_advised_in_a_block(desk, table):
    technical = table.other("etouvie")
    good, better, poor = technical.cases(3)
    technical.open()
    technical.save(
        good, Draft(Outcome.RECOMMEND, (("etat", 120_000), ("ville", 60_000)), conditions="Évaluer.")
    )
    technical.save(better, Draft(Outcome.RECOMMEND, (("etat", 300_000),)))
    technical.save(poor, said(Outcome.NOT_RECOMMENDED, "Trop peu d’habitants."))

    technical.close()

    assert stages(table, [good, better, poor]) == {"committee"}
    assert desk.rows("SELECT case_id, origin FROM agenda_items WHERE committee_id = %(c)s AND left_at IS NULL"
                     " ORDER BY position", c=table.committee) == [
        (good, "recommended"), (better, "recommended"), (poor, "recommended"),
    ]  # fmt: skip
    assert desk.value("SELECT count(*) FROM ledger") == 0
    table.open()
    with desk.database.transaction() as session:
        saved = decisions.save_as_proposed(
            session, table.committee, by=SECRETARY, at=moment(table.at), apart={better}, votes=Votes(6, 0, 0)
        )
    assert {one.case_id: one.draft.outcome for one in saved} == {good: Outcome.FUND, poor: Outcome.REJECT}
    table.save(better, fund(250_000))

    table.close()

    assert [desk.stage(case) for case in (good, better, poor)] == ["funded", "funded", "rejected"]
    assert desk.rows("SELECT case_id, amount_cents FROM ledger ORDER BY id") == [
        (good, 120_000), (good, 60_000), (better, 250_000),
    ]  # fmt: skip
    with desk.database.transaction() as session:
        minutes = read_minutes(session, table.committee)
    assert minutes is not None
    assert [(one.conditions, one.reason) for one in minutes.decisions] == [
        ("Évaluer.", ""), ("", ""), ("", "Trop peu d’habitants."),
    ]  # fmt: skip
    assert minutes.decisions[0].votes == Votes(6, 0, 0)


def test_a_recommended_case_that_no_steering_session_can_take_waits_for_one(desk, table):
    desk.run("UPDATE committees SET cancelled_at = now(), agenda_open = false WHERE kind = 'steering'")
    technical = table.other("etouvie")
    (case,) = technical.cases(1)
    technical.open()
    technical.save(case, Draft(Outcome.RECOMMEND, (("etat", 120_000),)))

    technical.close()

    assert desk.stage(case) == "committee"
    assert desk.rows("SELECT committee_id FROM cases") == [(None,)]
    assert desk.value("SELECT count(*) FROM timers WHERE rule LIKE 'decide%%' AND settled_at IS NULL") == 2


def test_where_the_call_leaves_the_decision_to_the_technical_committee_it_funds(desk, table):
    desk.run("UPDATE calls SET decides = 'technical'")
    technical = table.other("etouvie")
    (case,) = technical.cases(1)
    technical.open()

    technical.save(case, fund(120_000))
    technical.close()

    assert desk.stage(case) == "funded"
    table.assert_ledger_is_columns()
