"""Moves made by programs: versions, keys, refusals, fields that are named."""

from typing import Any

import pytest

from parvis.states.stages import Action

INES, PAUL, LEA, MAX = "ines@ville.example", "paul@ville.example", "lea@ville.example", "max@ville.example"
POINTS = dict.fromkeys(("capacity", "presence", "feasibility", "public", "priorities"), 4)
INSTRUCTION: tuple[tuple[str, dict[str, Any]], ...] = (
    ("request_documents", {"documents": ["rib", "Devis du traiteur"], "reply_by": "2026-06-20"}),
    ("receive_documents", {"documents": ["statuts", "rib", "Devis du traiteur"]}),
    ("complete", {}),
    ("check_eligibility", {}),
    ("ask_opinions", {"funders": ["etat"], "due_on": "2026-06-15"}),
    ("assess", {"points": POINTS}),
)


def test_an_instructor_and_a_funder_bring_a_case_to_its_committee(program):
    desk = program.desk
    case = desk.submitted_case()
    ines, paul = program.of(INES), program.of(PAUL)

    for action, brought in INSTRUCTION:
        done = ines.move(case, action, **brought)
        assert done.status_code == 200, done.text
        assert done.headers["etag"] == f'"{done.json()["version"]}"'
    waiting = paul.get("/me/tasks").json()["items"]
    given = paul.post(
        f"/cases/{program.reference(case)}/opinions",
        {"opinion": "favourable", "proposed_cents": 400_050, "comment": "Utile"},
        headers={"if-match": f'"{desk.version(case)}"'},
    )
    ines.move(case, "instruct")
    scheduled = ines.move(case, "schedule", sitting_id=desk.committee("copil"))

    assert [(task["kind"], task["reference"], task["due_on"]) for task in waiting] == [
        ("opinion", program.reference(case), "2026-06-15")
    ]
    assert given.status_code == 200, given.text
    assert scheduled.json() == {
        "reference": program.reference(case), "stage": "committee", "version": desk.version(case), "replayed": False,
    }  # fmt: skip
    funding = next(line for line in ines.get(f"/cases/{program.reference(case)}").json()["fundings"])
    assert (funding["opinion"], funding["proposed_cents"], funding["comment"]) == (
        "favourable",
        400_050,
        "Utile",
    )
    assert desk.rows("SELECT action FROM committee_journal") == [("agenda_filled",)]


def test_a_write_without_a_version_is_asked_for_one(program):
    case = program.desk.submitted_case()

    answer = program.of(INES).post(f"/cases/{program.reference(case)}/moves", {"action": "check_eligibility"})

    assert answer.status_code == 428
    assert program.desk.version(case) == 1


@pytest.mark.parametrize("tag", ['"0"', '"1"', 'W/"2"', "2", "rien", '"999999999999"'])
def test_a_write_about_another_version_changes_nothing_and_says_the_present_one(program, tag):
    desk = program.desk
    case = desk.submitted_case()
    desk.move(case, Action.CHECK_ELIGIBILITY)

    answer = program.of(INES).post(
        f"/cases/{program.reference(case)}/moves", {"action": "declare_ineligible", "reason": "Hors sujet"},
        headers={"if-match": tag},
    )  # fmt: skip

    assert answer.status_code == 412
    assert answer.headers["etag"] == '"2"'
    assert desk.stage(case) == "submitted"


def test_any_version_will_do_when_the_program_says_so(program):
    case = program.desk.submitted_case()

    answer = program.of(INES).post(
        f"/cases/{program.reference(case)}/moves", {"action": "check_eligibility"}, headers={"if-match": "*"}
    )

    assert answer.status_code == 200


def test_a_request_sent_again_with_its_key_is_served_once(program):
    desk = program.desk
    case = desk.submitted_case()
    ines = program.of(INES)

    first = ines.move(case, "check_eligibility", version=1, key="k-1")
    again = ines.move(case, "check_eligibility", version=1, key="k-1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.json()["replayed"], again.json()["replayed"]) == (False, True)
    assert first.json()["version"] == again.json()["version"] == desk.version(case) == 2


def test_putting_on_an_agenda_again_with_its_key_is_served_once(program):
    desk = program.desk
    case = desk.ready_case()
    desk.move(case, Action.INSTRUCT)
    ines, version = program.of(INES), desk.version(case)

    for replayed in (False, True):
        done = ines.move(case, "schedule", version=version, key="k-2", sitting_id=desk.committee("copil"))
        assert (done.status_code, done.json().get("replayed")) == (200, replayed), done.text

    assert desk.rows("SELECT action FROM committee_journal") == [("agenda_filled",)]


def test_a_key_used_for_something_else_is_refused(program):
    case = program.desk.submitted_case()
    ines = program.of(INES)
    ines.move(case, "check_eligibility", key="k-1")

    answer = ines.move(case, "declare_ineligible", key="k-1", reason="Hors sujet")

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:parvis:problem:key_reused"
    assert program.desk.stage(case) == "submitted"


def test_the_key_of_one_person_never_meets_that_of_another(program):
    case = program.desk.submitted_case()
    program.of(INES).move(case, "check_eligibility", key="k-1")

    answer = program.of(MAX).move(case, "check_eligibility", key="k-1")

    assert answer.json().get("replayed") is not True


def test_a_refusal_says_why_by_code_and_in_words(program):
    case = program.desk.submitted_case()

    answer = program.of(INES).move(case, "instruct")

    assert answer.status_code == 409
    body = answer.json()
    assert body["type"] == "urn:parvis:problem:refused"
    assert {each["code"] for each in body["reasons"]} >= {"documents_complete"} or body["reasons"]
    assert all(each["sentence"] for each in body["reasons"])


@pytest.mark.parametrize(
    ("action", "brought", "fields"),
    [
        ("declare_ineligible", {}, ["reason"]),
        ("declare_ineligible", {"reason": "Hors sujet", "conditions": "x"}, ["conditions"]),
        ("request_documents", {"documents": ["rib"], "reply_by": "2026-02-31"}, ["reply_by"]),
        ("ask_opinions", {"funders": ["inconnu"]}, ["funders"]),
        ("assess", {"points": {"capacity": 99, "presence": 1, "feasibility": 1, "public": 1, "priorities": 1}},
         ["points.capacity"]),
        ("fly", {}, ["action"]),
        ("check_eligibility", {"colour": "blue"}, ["colour"]),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(program, action, brought, fields):
    case = program.desk.submitted_case()

    answer = program.of(INES).move(case, action, **brought)

    assert answer.status_code == 422, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == fields
    assert program.desk.version(case) == 1


def test_possible_moves_say_what_they_ask_for_and_why_not(program):
    case = program.desk.submitted_case()

    told = program.of(INES).get(f"/cases/{program.reference(case)}/moves").json()

    moves = {each["action"]: each for each in told["moves"]}
    assert moves["request_documents"]["allowed"]
    assert [each["name"] for each in moves["request_documents"]["fields"]] == ["documents", "reply_by"]
    assert not moves["instruct"]["allowed"]
    assert moves["instruct"]["reasons"]
    assert "reopen" not in moves
    assert told["choices"]["documents"] == ["statuts", "rib"]
