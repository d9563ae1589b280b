"""The forms of actions agree with the rules: what a guard wants from a person has a field to be typed in."""

from dataclasses import fields

from parvis.states.answered import blocking
from parvis.states.asking import ASKS, Field
from parvis.states.case_table import CASES
from parvis.states.facts import Given
from parvis.states.stages import Action
from parvis.states.table import Reason
from parvis.states.words import Sentence
from tests.states.examples import CASE_EXAMPLES, case_at

OF_WHO_ACTS = {"opinion_asked", "previous_reports_in"}  # looked up: which funder speaks, what they owe
OF_THE_CALL = {
    "contact_expected",
    "wave_open",
    "officer_contacted",
    "coordinated",
    "partners_allowed",
    "parts_add_up",
    "sub_granting_clause",
    "not_of_agreement",
    "renewed_already",
    "reports_in",
    "call_takes_renewal",
}  # what the call asks, and who takes part, are looked up
OF_A_DOCUMENT = {
    "portal_differs",
    "document_to_sign",
    "signed_by_now",
    "file_named",
}  # said on the document itself, or where the difference is shown, which is no form of a case


def wants_something_said(code: str) -> bool:
    facts = case_at("submitted")
    example = CASE_EXAMPLES[code]
    holds_unsaid = all(change(facts).given == facts.given for change in example.hold)
    return not holds_unsaid and code not in OF_WHO_ACTS | OF_A_DOCUMENT | OF_THE_CALL


def test_every_action_says_what_it_asks():
    assert set(ASKS) == set(Action)


def test_a_field_is_one_of_what_a_person_can_bring():
    assert {str(field) for field in Field} <= {field.name for field in fields(Given)}


def test_every_guard_that_wants_something_said_is_answered_by_a_field_of_every_form_it_guards():
    unanswered = [
        (str(move.action), guard.code)
        for move in CASES.moves
        if move.action
        != Action.TAKE_OFF_FILE  # said beside the file: the page of a case, `parvis case detach`
        for guard in move.only_if
        if wants_something_said(guard.code)
        and guard.code not in {code for asked in ASKS[Action(move.action)] for code in asked.answers}
    ]

    assert unanswered == []


def test_a_form_answers_only_guards_of_its_action():
    guards = {
        action: {guard.code for move in CASES.moves if move.action == action for guard in move.only_if}
        for action in Action
    }

    strangers = [
        (str(action), code)
        for action, form in ASKS.items()
        for asked in form
        for code in asked.answers
        if code not in guards[action]
    ]

    assert strangers == []


def test_what_a_form_answers_does_not_block_and_the_rest_does():
    said = Sentence("Il manque le quorum.", "No quorum.")
    reasons = (Reason("quorate", said), Reason("reason_given", said))

    assert blocking(Action.REJECT, reasons) == (Reason("quorate", said),)
