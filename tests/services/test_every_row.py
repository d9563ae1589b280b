"""Every row of the table of cases, made on real rows: what it writes fits the columns and the rules of the database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from parvis.models.queries import due_dates
from parvis.models.queries.facts import read_facts
from parvis.models.session import ConstraintError, Database
from parvis.services import deadlines
from parvis.services.advance import advance_alone
from parvis.services.effects import has_effects
from parvis.states.case_table import CASES, TO_PARTNERS
from parvis.states.facts import NOTHING, By, Facts, Given
from parvis.states.interim import INTERIM_CHANGES
from parvis.states.journal import Line, link
from parvis.states.partner_table import ABOUT_PARTNERS
from parvis.states.stages import Action, Stage
from parvis.states.table import Move
from tests.services.desk import Desk, moment

NOW = "2026-08-03 10:00"
TODAY = date(2026, 8, 3)
EVERY_ROW = [
    pytest.param(move, source, role, id=f"{move.action} from {source} by {role}")
    for move in CASES.moves
    for source in move.sources
    for role in move.by
]

OFFICER_FIRST = """
UPDATE calls SET digest = digest || '+', document = jsonb_set(document, '{eligibility,contact_officer_first}', 'true')
"""
PARTNER = """
WITH other AS (INSERT INTO organisations (siret, name) VALUES ('35600000000048', 'Centre social') RETURNING id)
INSERT INTO partners (case_id, organisation_id, requested_cents, shares)
SELECT %(id)s, id, 100, '{"etat": 100}' FROM other
"""
TAKES_PARTNERS = """
UPDATE calls SET digest = digest || '+', document = jsonb_set(document, '{partners_allowed}', 'true')
"""
EASY = """
UPDATE cases SET stage = %(stage)s, eligibility_checked = true, score = 70, clock_started_on = '2026-06-01',
       clock_paused_on = %(paused)s, reply_by = %(reply_by)s, report_due_on = '2027-06-30',
       report_received_on = CASE WHEN NOT %(interim)s THEN '2026-08-01'::date END, report_accepted = %(accepted)s,
       balance_settled = true, not_carried_out = %(not_done)s, new_ends_on = '2027-01-31', committee_id = %(committee)s,
       interim_due_on = CASE WHEN %(half_way)s THEN '2026-09-01'::date END,
       interim_received_on = CASE WHEN %(half_way)s THEN '2026-08-01'::date END
 WHERE id = %(id)s
"""


ACCEPTED = {Action.EVALUATE, Action.SETTLE_BALANCE}
OWED = """
INSERT INTO payments (case_id, funder_id, position, instalment, condition, amount_cents, due_on, status)
SELECT %(id)s, min(id), 1, 'advance', 'notification', 100, '2026-09-01', 'due' FROM funders
"""


def several(desk: Desk, move: Move[Facts], case_id: int) -> None:
    """A partner beside the lead, for the moves that are about one or tell one."""
    told = any(letter.to == TO_PARTNERS for letter in move.letters)
    if told or move.action in ABOUT_PARTNERS | {Action.SUBMIT}:
        desk.run(PARTNER, id=case_id)
    if told:
        desk.run("UPDATE partners SET state = 'invited'")
    if move.action == Action.ADD_PARTNER:
        desk.run(TAKES_PARTNERS)


def case_at(desk: Desk, move: Move[Facts], source: Stage) -> int:
    """A case for which every guard of `move` holds, as far as its own row says."""
    case_id = desk.submitted_case()
    desk.run(
        "UPDATE documents SET received_at = now(), requested_at = now() WHERE case_id = %(id)s", id=case_id
    )
    if move.action == Action.LAPSE:
        desk.run("UPDATE documents SET received_at = NULL WHERE case_id = %(id)s", id=case_id)
    if move.action == Action.ASK_CONTACT:
        desk.run(OFFICER_FIRST)
        desk.run(
            "INSERT INTO drafts (case_id, saved_at, saved_by) VALUES (%(id)s, now(), 'person:1')", id=case_id
        )
    several(desk, move, case_id)
    if move.action == Action.GIVE_OPINION:
        desk.run("UPDATE fundings SET opinion_asked_at = now() WHERE case_id = %(id)s", id=case_id)
    held_at = None if move.action in {Action.UNSCHEDULE, Action.RECOMMEND_AMOUNTS} else moment(NOW)
    desk.run(
        "UPDATE committees SET held_at = %(at)s, quorate = true, recusals_recorded = true, agenda_open = true",
        at=held_at,
    )
    desk.run(
        EASY, id=case_id, stage=source,
        committee=desk.committee("etouvie" if move.action == Action.RECOMMEND else "copil"),
        paused=date(2026, 7, 1) if source == Stage.INCOMPLETE else None,
        reply_by=TODAY - timedelta(days=1) if move.action == Action.LAPSE else TODAY,
        accepted=move.action in ACCEPTED, not_done=move.action == Action.RECLAIM,
        interim=move.action in INTERIM_CHANGES,
        half_way=move.action in INTERIM_CHANGES and move.action != Action.ASK_INTERIM,
    )  # fmt: skip
    desk.run(OWED, id=case_id)
    desk.run(
        "INSERT INTO agenda_items (committee_id, case_id, added_at) SELECT committee_id, id, now() FROM cases"
    )
    with desk.database.transaction() as session:
        deadlines.replan(session, [case_id], at=moment(NOW))
    return case_id


def brought(desk: Desk, action: Action) -> Given:
    """What a person brings who forgets nothing."""
    ahead = {Action.REQUEST_DOCUMENTS, Action.EXTEND_REPLY}
    given = Given(
        reason="Motif", documents=("rib",), reply_by=TODAY + timedelta(days=9) if action in ahead else None,
        committee_id=desk.committee("etouvie" if action == Action.CARRY else "copil"),
        amounts=(("etat", 400_000),), conditions="Aucune", opinion="favourable",
        funder_id=1 if action == Action.GIVE_OPINION else None, proposed_cents=1, score=80, instructor_id=1,
        signed_document="arrete.docx", sha256="00", signed_on=TODAY, contact_on=TODAY, ends_on=date(2027, 6, 30),
        partner_siret="21800019600123" if action == Action.ADD_PARTNER else "", partner_name="Régie",
        partner_id=2 if action in ABOUT_PARTNERS - {Action.ADD_PARTNER} else None,
        signer="Zoé Petit", signer_quality="élue", told=(("title", "Avant", "Après"),),
    )  # fmt: skip
    return replace(given, committee_id=None) if action == Action.RECOMMEND else given


@pytest.mark.parametrize(("move", "source", "role"), EVERY_ROW)
def test_every_row_is_written_with_its_journal_line_its_letters_and_its_timers(
    desk: Desk, move: Move[Facts], source: Stage, role: str
) -> None:
    case_id = case_at(desk, move, source)
    version, letters = desk.version(case_id), desk.letters(case_id)
    action = Action(move.action)
    if action == Action.RENEW:
        desk.opens_next_year()

    advanced = advance_alone(
        desk.database, case_id, action, by=By("person:1", role), at=moment(NOW), given=brought(desk, action)
    )

    assert (advanced.stage, advanced.version) == (move.target or source, version + 1)
    assert desk.stage(case_id) == advanced.stage
    assert desk.letters(case_id) - letters == (2 if action == Action.ASK_OPINIONS else len(move.letters))
    assert_the_journal_holds(desk, case_id, action, role, source)
    assert_its_dates_are_those_of_its_timers(desk, case_id)
    if move.target in CASES.finals:
        assert desk.value("SELECT count(*) FROM timers WHERE settled_at IS NULL") == 0
    elif move.target is not None:
        assert_planning_anew_changes_nothing(desk, case_id)


REFUSING = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation', CONSTRAINT = 'refused'; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON documents FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON fundings FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON partners FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON tasks FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON reports FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse()
"""


@pytest.mark.parametrize("move", [move for move in CASES.moves if has_effects(Action(move.action))])
def test_a_move_whose_effects_fail_is_not_made_at_all(
    desk: Desk, owner_database: Database, move: Move[Facts]
) -> None:
    case_id = case_at(desk, move, move.sources[0])  # type: ignore[arg-type]
    version, action = desk.version(case_id), Action(move.action)
    if action == Action.RENEW:
        desk.opens_next_year()
    with owner_database.transaction() as session:
        for statement in REFUSING.split(";\nCREATE"):
            session.exec_driver_sql(
                statement if statement.strip().startswith("CREATE") else f"CREATE{statement}"
            )

    try:
        with pytest.raises(ConstraintError, match="refused"):
            advance_alone(
                desk.database, case_id, action, by=By("person:1", move.by[0]), at=moment(NOW),
                given=brought(desk, action),
            )  # fmt: skip
    finally:
        with owner_database.transaction() as session:
            session.exec_driver_sql("DROP FUNCTION refuse CASCADE")

    assert (desk.stage(case_id), desk.version(case_id)) == (move.sources[0], version)


HEAD = "SELECT journal_head FROM cases WHERE id = %(id)s"


def assert_the_journal_holds(desk: Desk, case_id: int, action: Action, role: str, source: Stage) -> None:
    lines: list[Any] = desk.rows(
        "SELECT case_id, seq, at, actor, role, action, source, target, details, hash FROM journal ORDER BY seq"
    )
    before, last = lines[-2:]
    assert last[4:7] == (role, action, source)
    assert last[9] == link(before[9], Line(*last[:9])) == desk.value(HEAD, id=case_id)


def assert_its_dates_are_those_of_its_timers(desk: Desk, case_id: int) -> None:
    with desk.database.transaction() as session:
        assert due_dates.refresh(session, [case_id]) == 0


def assert_planning_anew_changes_nothing(desk: Desk, case_id: int) -> None:
    with desk.database.transaction() as session:
        facts = read_facts(session, [case_id], NOTHING, at=moment(NOW), lock=False)[case_id].facts
        changed = deadlines.replan(session, [case_id], at=moment(NOW))

    assert facts.entered_version == facts.version
    assert changed == deadlines.Replanned(0, 0)
