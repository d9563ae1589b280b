"""What a move writes beside the stage: the clock, dates, letters and their facts, the details of the journal."""

import json
from dataclasses import fields, replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.states.calendar import deadline_instant, local_instant
from parvis.states.case_table import CASES
from parvis.states.consequences import CallRules, Cancel, Consequences, consequences
from parvis.states.contract import TimeRules
from parvis.states.deadlines import silence_on
from parvis.states.facts import Facts, Given, Grant
from parvis.states.stages import Action, Role, Stage
from parvis.states.table import Clock, Move
from tests.states.changes import TODAY, YESTERDAY
from tests.states.examples import SUBJECTS, case_at
from tests.states.stories import Story

CASE = SUBJECTS[0]
RULES = CallRules(TimeRules(), 2026, documents={"rib": "RIB"})
DAY = timedelta(days=1)
EVERY_ROW = [
    pytest.param(move, source, id=f"{move.action} from {source}")
    for move in CASES.moves
    for source in move.sources
]


def row(action: Action, source: Stage) -> Move[Facts]:
    move, *_ = CASES.rows(source, action)
    return move


def written(action: Action, facts: Facts, **given: Any) -> Consequences:
    return consequences(row(action, facts.stage), replace(facts, given=Given(**given)), RULES)


def on(day: date, facts: Facts) -> Facts:
    return replace(facts, at=local_instant(day, time(12)))


def test_the_clock_starts_the_day_of_the_deposit_or_today_when_typed_here():
    imported = written(Action.SUBMIT, replace(case_at("draft"), deposited_on=date(2026, 6, 1))).changes
    typed = written(Action.SUBMIT, case_at("draft")).changes

    assert imported == {
        "deposited_on": date(2026, 6, 1), "clock_started_on": date(2026, 6, 1),
        "clock_paused_on": None, "clock_paused_days": 0,
    }  # fmt: skip
    assert typed["deposited_on"] == typed["clock_started_on"] == TODAY


def test_asking_for_documents_suspends_the_clock_and_names_a_reply_date():
    """CRPA L114-5."""
    asked = written(Action.REQUEST_DOCUMENTS, case_at("submitted"), documents=("rib",))
    by_then = written(
        Action.REQUEST_DOCUMENTS, case_at("submitted"), documents=("rib",), reply_by=date(2026, 7, 9)
    )

    assert asked.changes == {"clock_paused_on": TODAY, "reply_by": TODAY + 30 * DAY}
    assert by_then.changes["reply_by"] == date(2026, 7, 9)
    assert asked.cancel == Cancel(stage=True, clock=True)


def test_the_clock_resumes_with_the_days_it_stood_still():
    paused = replace(
        case_at("incomplete"), clock_started_on=date(2026, 6, 1), clock_paused_on=TODAY, clock_paused_days=4
    )

    same_day = written(Action.COMPLETE, paused).changes
    later = written(Action.COMPLETE, on(TODAY + 10 * DAY, paused)).changes

    assert same_day == {"reply_by": None, "clock_paused_on": None, "clock_paused_days": 4}
    assert later["clock_paused_days"] == 14


pauses = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60)), max_size=6)


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), pauses)
def test_any_number_of_pauses_gives_back_every_day_waited_and_none_before_two_months(start, lengths):
    story = Story()
    story.facts = replace(story.facts, deposited_on=start)
    day = start
    story.move(Action.SUBMIT, Role.APPLICANT, local_instant(day, time(12)))

    for running, waiting in lengths:
        day += running * DAY
        story.move(Action.REQUEST_DOCUMENTS, Role.INSTRUCTOR, local_instant(day, time(12)))
        assert silence_on(story.facts, story.times) is None
        day += waiting * DAY
        story.move(Action.RECEIVE_DOCUMENTS, Role.APPLICANT, local_instant(day, time(12)))
        story.move(Action.COMPLETE, Role.APPLICANT, local_instant(day, time(12)))

    unpaused = silence_on(replace(story.facts, clock_paused_days=0), story.times)
    end = silence_on(story.facts, story.times)
    waited = sum(waiting for _, waiting in lengths)
    assert story.facts.clock_paused_days == waited
    assert unpaused is not None
    assert end is not None
    assert end >= unpaused
    assert end >= start + (59 + waited) * DAY  # two months are never shorter


def test_reopening_starts_the_clock_anew_and_forgets_the_committee_and_the_reply_date():
    lapsed = replace(
        case_at("lapsed"), clock_started_on=date(2026, 1, 5), clock_paused_on=YESTERDAY, clock_paused_days=9
    )

    changes = written(Action.REOPEN, lapsed, reason="Pièces reçues").changes

    assert changes == {
        "reply_by": None, "committee_id": None, "decided_on": None,
        "clock_started_on": TODAY, "clock_paused_on": None, "clock_paused_days": 0,
    }  # fmt: skip


def test_a_decision_sets_its_day_and_the_day_of_the_report():
    """Loi 2000-321 art. 10: six months after the year in which the action ends; 30 June 2029 is a Saturday."""
    in_committee = replace(case_at("committee"), held_on=date(2026, 6, 25))

    assert written(Action.FUND, in_committee).changes == {
        "decided_on": date(2026, 6, 25), "report_due_on": date(2027, 6, 30), "interim_due_on": None,
    }  # fmt: skip
    assert written(Action.FUND, replace(in_committee, ends_on=date(2028, 2, 1))).changes[
        "report_due_on"
    ] == date(2029, 7, 2)
    assert written(Action.REJECT, case_at("committee"), reason="Motif").changes == {"decided_on": TODAY}


def test_opinions_are_due_until_the_end_of_their_day():
    asked = written(Action.ASK_OPINIONS, case_at("submitted"), funder_ids=(3,))
    by_then = written(Action.ASK_OPINIONS, case_at("submitted"), funder_ids=(3,), due_on=date(2026, 7, 9))

    assert asked.changes == {"opinions_due_at": deadline_instant(TODAY + 30 * DAY)}
    assert by_then.changes == {"opinions_due_at": deadline_instant(date(2026, 7, 9))}
    assert replace(case_at("submitted"), opinions_due_at=deadline_instant(TODAY)).opinions_due_on == TODAY


def test_an_opinion_given_ends_the_reminders_of_its_funder_alone():
    case = replace(case_at("submitted"), awaited_funders=(1, 12))

    given_by_1 = written(Action.GIVE_OPINION, case, funder_id=1, opinion="favourable")

    assert given_by_1.cancel.prefix == "opinion:1:"
    assert not "opinion:12:-7".startswith("opinion:1:")


def test_a_second_report_leaves_the_delay_to_evaluate_where_the_first_put_it():
    funded = replace(case_at("funded"), report_received_on=YESTERDAY)

    first, second = (written(Action.RECEIVE_REPORT, facts).changes for facts in (case_at("funded"), funded))
    assert (first["report_received_on"], second["report_received_on"]) == (TODAY, YESTERDAY)


def test_accepting_a_report_leaves_open_the_delay_to_close_the_case():
    accepted = written(Action.ACCEPT_REPORT, replace(case_at("funded"), report_received_on=YESTERDAY))

    assert accepted.cancel == Cancel()
    assert accepted.timers == ()


def test_a_notice_moved_to_another_day_ends_the_delay_of_the_first_and_the_same_day_changes_nothing():
    noticed = replace(case_at("funded"), notice_expires_on=TODAY + 30 * DAY)

    first = written(Action.GIVE_NOTICE, case_at("funded"), reason="Bilan manquant")
    again = written(Action.GIVE_NOTICE, noticed, reason="Bilan manquant")
    moved = written(Action.GIVE_NOTICE, noticed, reason="Bilan manquant", due_on=TODAY + 60 * DAY)

    assert first.changes == again.changes == {"notice_expires_on": TODAY + 30 * DAY}
    assert again.cancel == Cancel()
    assert moved.cancel == Cancel(prefix="notice")


@pytest.mark.parametrize(("move", "source"), EVERY_ROW)
def test_leaving_a_stage_ends_its_timers_and_those_of_a_clock_that_changes(move, source):
    cancel = consequences(move, CASE.ready(move, source), RULES).cancel

    if move.target is not None:
        assert cancel == Cancel(stage=True, clock=move.clock is not Clock.KEEP)
    else:
        assert not cancel.stage
        assert not cancel.clock


@pytest.mark.parametrize(("move", "source"), EVERY_ROW)
def test_every_row_owes_its_letters_to_the_readers_it_names(move, source):
    facts = replace(CASE.ready(move, source), partner_ids=(7, 8))

    owed = consequences(move, facts, RULES).letters

    several = {
        "funders": [f"funder:{i}" for i in facts.given.funder_ids],
        "partners": ["partner:7", "partner:8"],
    }
    readers = [reader for letter in move.letters for reader in several.get(letter.to, [letter.to])]
    assert [letter.recipient for letter in owed] == readers
    assert {letter.template for letter in owed} == {letter.template for letter in move.letters}
    assert {letter.rule for letter in owed} <= {move.action}


WRITTEN_LATER = {
    "reclaimed": {"total_cents"}, "formal_notice": {"total_cents"}, "new_dates_refused": {"report_due"},
}  # fmt: skip
"""What the room of letters reads from the case's own rows when it writes."""


@pytest.mark.parametrize(("move", "source"), EVERY_ROW)
def test_every_letter_of_a_row_brings_the_facts_its_template_requires(move, source):
    from parvis.notifications.kinds import LETTERS

    facts = replace(
        CASE.ready(move, source),
        clock_started_on=YESTERDAY,
        held_on=TODAY,
        committee_name="Comité",
        partner_ids=(7,),
    )

    for letter in consequences(move, facts, RULES).letters:
        kind = LETTERS[letter.template]
        missing = {key for key in kind.required if letter.data.get(key) is None}

        assert missing <= WRITTEN_LATER.get(letter.template, set())
        assert letter.data.keys() <= kind.allowed, "a fact no template of this letter may use"
        assert json.loads(json.dumps(letter.data)) == letter.data


def test_a_grant_is_written_to_the_cent_and_by_funder():
    grants = (Grant("État", 400_000, 500_000, None), Grant("Ville", 1, 1, 1))
    facts = replace(case_at("committee"), held_on=TODAY, committee_name="Comité de pilotage")

    (letter,) = written(Action.FUND, facts, grants=grants, conditions="Sous réserve").letters

    assert letter.data == {
        "grants": [{"funder": "État", "amount_cents": 400_000}, {"funder": "Ville", "amount_cents": 1}],
        "total_cents": 400_001, "conditions": "Sous réserve", "report_due": "2027-06-30",
        "committee": {"name": "Comité de pilotage", "held_on": "2026-06-30"},
    }  # fmt: skip


@pytest.mark.parametrize(("move", "source"), EVERY_ROW)
def test_a_silent_call_changes_cases_and_writes_to_nobody_but_about_a_request_of_another_call(move, source):
    facts = CASE.ready(move, source)

    silent = consequences(move, facts, replace(RULES, silent=True))

    assert silent.changes == consequences(move, facts, RULES).changes
    assert silent.timers == ()
    if move.action != Action.RENEW:
        assert silent.letters == ()


def test_the_journal_keeps_what_was_said_and_nothing_that_was_not():
    said = written(
        Action.GIVE_OPINION, replace(case_at("submitted"), awaited_funders=(3,)),
        funder_id=3, opinion="reserved", proposed_cents=0, reason="À préciser",
    )  # fmt: skip

    assert said.details == {
        "funder_id": 3,
        "opinion": "reserved",
        "proposed_cents": 0,
        "reason": "À préciser",
    }
    assert written(Action.WITHDRAW, case_at("draft")).details == {}


LOOKED_UP = {
    "committee_covers", "grants", "arrival", "overlaps", "late_reports", "settlement", "paying", "nothing_left",
    "coalition", "partner_id", "joining", "partner_name", "renewal", "agreement_with",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted({f.name for f in fields(Given)} - LOOKED_UP))
def test_everything_a_person_brings_reaches_the_journal(name):
    samples: dict[str, Any] = {
        "reason": "Motif", "documents": ("rib",), "reply_by": TODAY, "committee_id": 4, "amounts": (("etat", 5),),
        "conditions": "Aucune", "opinion": "favourable", "funder_id": 3, "funder_ids": (3, 4), "proposed_cents": 7,
        "score": 0, "points": (("public", 3),), "instructor_id": 2, "due_on": TODAY, "next_committee_id": 5,
        "next_held_on": TODAY, "signed_document": "arrete.docx", "sha256": "00", "signed_on": TODAY,
        "undertaken": "republican", "contact_on": TODAY, "starts_on": TODAY, "ends_on": TODAY, "instalment": "advance",
        "paid_on": TODAY, "payment_ids": (7, 8), "spent_cents": 0, "balance_cents": 1, "repay_cents": 2,
        "partner_email": "a@asso.example", "signer": "Zoé", "signer_quality": "présidente",
        "partner_siret": "21800019600123",
        "part_amounts": (("lead", "etat", 5),), "told": (("title", "Avant", "Après"),),
    }  # fmt: skip

    details = written(Action.WITHDRAW, case_at("draft"), **{name: samples[name]}).details

    assert json.loads(json.dumps(details)) == details
    assert list(details) == [name]
