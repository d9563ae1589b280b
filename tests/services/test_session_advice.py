"""A technical committee advises, the steering one decides on the programming list; or the call says otherwise."""

from parvis.models.queries import agendas as queries
from parvis.services import filling
from parvis.services.advance import why
from parvis.services.sessions import decisions
from parvis.services.sessions.minutes import read_minutes
from parvis.states.outcomes import Draft, Outcome, Votes
from parvis.states.stages import Action
from tests.services.desk import moment
from tests.services.session_desk import SECRETARY, SessionDesk, fund, said

COMMITTED = """
SELECT case_id, amount_cents FROM ledger JOIN movements m ON m.id = movement_id
 WHERE account = 'committed' ORDER BY m.id
"""


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
    assert desk.value("SELECT count(*) FROM movements WHERE kind = 'reserve'") == 3
    table.open()
    with desk.database.transaction() as session:
        saved = decisions.save_as_proposed(
            session, table.committee, by=SECRETARY, at=moment(table.at), apart={better}, votes=Votes(6, 0, 0)
        )
    assert {one.case_id: one.draft.outcome for one in saved} == {good: Outcome.FUND, poor: Outcome.REJECT}
    table.save(better, fund(250_000))

    table.close()

    assert [desk.stage(case) for case in (good, better, poor)] == ["funded", "funded", "rejected"]
    assert desk.rows(COMMITTED) == [
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


def wait_recommended(desk, table: SessionDesk) -> int:
    """A case recommended while no steering session is planned."""
    desk.run("UPDATE committees SET cancelled_at = now(), agenda_open = false WHERE kind = 'steering'")
    technical = table.other("etouvie")
    (case,) = technical.cases(1)
    technical.open()
    technical.save(case, Draft(Outcome.RECOMMEND, (("etat", 120_000),)))
    technical.close()
    return case


def plan_again(desk, table: SessionDesk) -> None:
    desk.run(
        "UPDATE committees SET cancelled_at = NULL, agenda_open = true, held_on = '2026-11-15' WHERE id = %(id)s",
        id=table.committee,
    )


def test_a_recommended_case_goes_by_itself_to_the_deciding_session_planned_since_and_says_why(desk, table):
    case = wait_recommended(desk, table)
    assert filling.fill(desk.database, at=moment(table.at)) == filling.Filled()
    plan_again(desk, table)

    done = filling.fill(desk.database, at=moment(table.at))

    assert done == filling.Filled(added=1)
    assert filling.fill(desk.database, at=moment(table.at)) == filling.Filled()
    assert desk.rows("SELECT committee_id, origin FROM agenda_items WHERE left_at IS NULL") == [
        (table.committee, "recommended")
    ]
    (details,) = desk.rows(
        "SELECT details::json->>'reason', actor FROM journal WHERE case_id = %(id)s AND action = 'carry'",
        id=case,
    )
    assert details[0].startswith("Le comité technique a donné son avis")
    assert details[1] == "clock"
    assert desk.value("SELECT count(*) FROM timers WHERE rule LIKE 'decide%%' AND settled_at IS NULL") == 2
    assert desk.out_of_step() == []


def test_a_recommended_case_says_that_it_waits_for_a_deciding_session(desk, table):
    case = wait_recommended(desk, table)

    with desk.database.transaction() as session:
        options = {option.action: option for option in why(session, case, at=moment(table.at))}

    first = options[Action.FUND].reasons[0]
    assert first.code == "on_agenda"
    assert "attend une séance du comité de pilotage" in first.sentence.fr
    assert "committee_decides" not in {reason.code for reason in options[Action.FUND].reasons}


def test_a_recommended_case_whose_deciding_session_is_cancelled_is_not_prepared_a_second_time(desk, table):
    case = wait_recommended(desk, table)
    plan_again(desk, table)
    filling.fill(desk.database, at=moment(table.at))

    with desk.database.transaction() as session:
        (waiting,) = queries.cases(session, [case])

    assert waiting.advised
