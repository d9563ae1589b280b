"""Cases moved on the command line, one by one or together, and what is said when they are not."""

import json
from pathlib import Path

import pytest

from parvis.states.stages import Action
from tests.services.desk import CONTRACT

INES, PAUL, LEA = "ines@ville.example", "paul@ville.example", "lea@ville.example"


def test_someone_of_the_contract_moves_a_case(desk, terminal):
    case = desk.submitted_case()

    answer = terminal(
        "case", "advance", "ANNUEL-2026-00001", "request-documents", "--as", INES, "--documents", "rib,statuts",
        "--reply-by", "30/06/2026",
    )  # fmt: skip

    assert answer.code == 0
    assert answer.said == "ANNUEL-2026-00001 : déposé → incomplet (version 2)"
    assert desk.stage(case) == "incomplete"
    assert str(desk.value("SELECT reply_by FROM cases")) == "2026-06-30"
    assert desk.value("SELECT actor LIKE 'person:%%' FROM journal WHERE seq = 2")


def test_an_action_goes_by_its_french_name_too(desk, terminal):
    case = desk.submitted_case()

    assert terminal("case", "advance", "ANNUEL-2026-00001", "retirer", "--role", "porteur").code == 0
    assert desk.stage(case) == "withdrawn"


def test_a_whole_case_is_led_from_deposit_to_decision(desk, terminal):
    desk.submitted_case()
    steps = [
        ["receive-documents", "--as", INES, "--documents", "statuts,rib"],
        ["check-eligibility", "--as", INES],
        ["assess", "--as", INES, "--score", "72"],
        ["ask-opinions", "--as", INES, "--due", "2026-06-20"],
        ["give-opinion", "--as", PAUL, "--opinion", "favorable", "--proposed", "4 000"],
        [
            "give-opinion",
            "--role",
            "funder",
            "--funder",
            "ville",
            "--opinion",
            "réservé",
            "--reason",
            "Voir le local",
        ],
        ["instruct", "--as", INES],
        ["schedule", "--as", INES, "--committee", "copil/2026-09-15"],
    ]
    for step in steps:
        assert terminal("case", "advance", "ANNUEL-2026-00001", *step).code == 0, step
    terminal.at = "2026-09-15"
    desk.hold_session()

    funded = terminal(
        "case", "advance", "ANNUEL-2026-00001", "fund", "--as", LEA, "--amount", "etat=4 000", "--amount",
        "ville=1 234,56", "--conditions", "Un bilan à mi-parcours", "--json",
    )  # fmt: skip

    assert funded.json == {
        "reference": "ANNUEL-2026-00001", "before": "committee", "stage": "funded", "version": 10, "replayed": False,
    }  # fmt: skip
    assert desk.rows("SELECT granted_cents FROM fundings ORDER BY id") == [(400_000,), (123_456,)]


def test_a_refusal_says_why_and_what_would_unblock_it(desk, terminal):
    desk.submitted_case()

    answer = terminal("case", "advance", "ANNUEL-2026-00001", "instruct", "--as", INES)

    assert answer.code == 3
    assert answer.out == ""
    assert "Pièces manquantes : Statuts et RIB" in answer.said
    assert "La recevabilité n’a pas été vérifiée" in answer.said


def test_a_refusal_in_english_is_in_english(desk, english):
    desk.submitted_case()

    answer = english("case", "advance", "ANNUEL-2026-00001", "instruct", "--as", INES)

    assert answer.said.startswith("Refused. Missing documents: Statuts and RIB")


def test_a_refusal_for_a_program_is_a_line_of_json(desk, terminal):
    desk.submitted_case()

    answer = terminal("case", "advance", "ANNUEL-2026-00001", "fund", "--role", "secretary", "--json")

    assert answer.code == 3
    assert answer.out == ""
    error = answer.error
    assert error["code"] == "refused"
    assert error["exit_code"] == 3
    assert [detail["code"] for detail in error["details"]] == ["not_from_here"]


def test_the_hands_of_the_machine_are_not_to_be_borrowed(desk, terminal):
    desk.submitted_case()

    assert terminal("case", "advance", "ANNUEL-2026-00001", "lapse", "--role", "clock").code == 2


def test_someone_else_having_moved_the_case_is_a_conflict(desk, terminal):
    case = desk.submitted_case()
    desk.move(case, Action.CHECK_ELIGIBILITY)

    answer = terminal(
        "case", "advance", "ANNUEL-2026-00001", "withdraw", "--as", INES, "--expected-version", "1"
    )

    assert answer.code == 6
    assert desk.stage(case) == "submitted"


def test_a_key_lets_the_same_request_be_served_once(desk, terminal):
    desk.submitted_case()
    words = ["case", "advance", "ANNUEL-2026-00001", "check-eligibility", "--as", INES, "--key", "k1"]
    terminal(*words)

    again = terminal(*words)
    other = terminal("case", "advance", "ANNUEL-2026-00001", "withdraw", "--as", INES, "--key", "k1")

    assert (again.code, "rien n’a été refait" in again.said) == (0, True)
    assert other.code == 6
    assert desk.value("SELECT count(*) FROM journal") == 2


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["ANNUEL-2026-00009", "withdraw", "--as", INES], 4, "Aucun dossier « ANNUEL-2026-00009 »"),
        (["ANNUEL-2026-00001", "withdraw", "--as", "moi@ville.example"], 4, "Personne n’a l’adresse"),
        (["ANNUEL-2026-00001", "withdraw"], 2, "Dire qui agit"),
        (["ANNUEL-2026-00001", "withdraw", "--as", INES, "--role", "manager"], 2, "pas les deux"),
        (["ANNUEL-2026-00001", "retirez", "--as", INES], 2, "Vouliez-vous dire « withdraw »"),
        (["ANNUEL-2026-00001", "zzz", "--as", INES], 2, "Choix possibles"),
        (["ANNUEL-2026-00001", "assess", "--as", INES, "--score", "101"], 2, "de 0 à 100"),
        (["ANNUEL-2026-00001", "fund", "--as", LEA, "--amount", "etat"], 2, "le code du financeur"),
        (
            ["ANNUEL-2026-00001", "fund", "--as", LEA, "--amount", "etat=1,234"],
            2,
            "peut se lire de deux façons",
        ),
        (
            ["ANNUEL-2026-00001", "schedule", "--as", INES, "--committee", "cotech"],
            4,
            "Aucune séance « cotech »",
        ),
        (
            ["ANNUEL-2026-00001", "ask-opinions", "--as", INES, "--funder", "region"],
            4,
            "Aucun financeur « region »",
        ),
        (
            ["ANNUEL-2026-00001", "give-opinion", "--role", "funder", "--opinion", "favorable"],
            2,
            "De quel financeur",
        ),
        (
            ["ANNUEL-2026-00001", "request-documents", "--as", INES, "--documents", "ribb"],
            4,
            "Aucune pièce « ribb »",
        ),
        (
            ["ANNUEL-2026-00001", "request-documents", "--as", INES, "--reply-by", "31/02/2026"],
            2,
            "n’existe pas",
        ),
    ],
)
def test_what_cannot_be_understood_or_found_is_said_with_what_there_is(desk, terminal, words, code, expected):
    desk.submitted_case()

    answer = terminal("case", "advance", *words)

    assert answer.code == code
    assert expected.lower() in answer.said.lower()


def test_a_document_out_of_the_list_can_be_asked_for_in_words(desk, terminal):
    desk.submitted_case()

    answer = terminal(
        "case",
        "advance",
        "ANNUEL-2026-00001",
        "request-documents",
        "--as",
        INES,
        "--documents",
        "Devis du matériel",
    )

    assert answer.code == 0
    assert desk.value("SELECT label FROM documents WHERE requested_at IS NOT NULL") == "Devis du matériel"


def test_many_cases_move_together_and_those_refused_stay(desk, terminal):
    ready, not_ready = desk.ready_case(), desk.submitted_case()

    answer = terminal("case", "bulk", "instruct", "ANNUEL-2026-00001", "ANNUEL-2026-00002", "--as", INES)

    assert answer.code == 3
    assert "Faits : 1. Refusés : 1." in answer.said
    assert (desk.stage(ready), desk.stage(not_ready)) == ("instructed", "submitted")


def test_the_cases_of_a_bulk_move_can_come_on_the_input(desk, terminal):
    desk.submitted_case()
    desk.submitted_case()

    answer = terminal(
        "case",
        "bulk",
        "check-eligibility",
        "-",
        "--as",
        INES,
        "--json",
        typed="ANNUEL-2026-00001\n\nannuel-2026-00002\n",
    )

    assert answer.code == 0
    assert (answer.json["moved"], answer.json["refused"]) == (2, 0)
    assert [result["reference"] for result in answer.json["results"]] == [
        "ANNUEL-2026-00001",
        "ANNUEL-2026-00002",
    ]


def test_one_wrong_name_in_a_bulk_move_moves_nothing(desk, terminal):
    case = desk.submitted_case()

    answer = terminal("case", "bulk", "withdraw", "ANNUEL-2026-00001", "ANNUEL-2026-00009", "--as", INES)

    assert answer.code == 4
    assert desk.stage(case) == "submitted"


def test_a_command_that_acts_goes_by_the_contract_file_as_it_stands(desk, terminal):
    desk.case_awaiting_documents(reply_by="2026-06-30")
    file = Path(terminal.environment["PARVIS_CONTRACT"])
    call, *others = CONTRACT["calls"]
    shorter = {**call, "times": {**call.get("times", {}), "documents_reminders": [-3]}}
    file.write_text(
        json.dumps({**CONTRACT, "calls": [shorter, *others]}, ensure_ascii=False), encoding="utf-8"
    )
    reminders = (
        "SELECT rule FROM timers WHERE settled_at IS NULL AND kind = 'reminder' AND rule LIKE 'reply%%'"
    )

    assert terminal("case", "show", "ANNUEL-2026-00001").code == 0
    before = desk.rows(reminders)
    done = terminal(
        "case", "advance", "ANNUEL-2026-00001", "receive-documents", "--documents", "rib", "--as", INES
    )

    assert done.code == 0
    assert before != desk.rows(reminders) == [("reply-3",)]


def test_a_contract_file_with_a_fault_stops_what_acts_and_not_what_reads(desk, terminal):
    desk.submitted_case()
    Path(terminal.environment["PARVIS_CONTRACT"]).write_text("code: [", encoding="utf-8")

    read = terminal("case", "show", "ANNUEL-2026-00001")
    acted = terminal("case", "advance", "ANNUEL-2026-00001", "check-eligibility", "--as", INES)

    assert (read.code, acted.code) == (0, 5)
    assert "ligne" in acted.said
    assert desk.value("SELECT eligibility_checked FROM cases") is False


def test_acting_never_adds_the_contract_of_another_city(desk, terminal):
    desk.submitted_case()
    other = {**CONTRACT, "code": "ailleurs"}
    Path(terminal.environment["PARVIS_CONTRACT"]).write_text(
        json.dumps(other, ensure_ascii=False), encoding="utf-8"
    )

    assert terminal("case", "advance", "ANNUEL-2026-00001", "check-eligibility", "--as", INES).code == 0
    assert desk.value("SELECT count(*) FROM contracts") == 1
