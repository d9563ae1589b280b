"""Cases on the command line: listed, shown, moved one by one or together, explained."""

import pytest

from parvis.states.facts import Given
from parvis.states.stages import Action

INES, PAUL, LEA = "ines@ville.example", "paul@ville.example", "lea@ville.example"


def test_a_list_shows_where_cases_stand(desk, terminal):
    desk.submitted_case(title="Café des parents")

    answer = terminal("case", "list")

    assert answer.code == 0
    for expected in (
        "ANNUEL-2026-00001",
        "déposé",
        "Café des parents",
        "Association Exemple",
        "Inès Roy",
        "8 000,00 €",
    ):
        assert expected in answer.said


def test_an_empty_list_says_so(terminal):
    assert terminal("case", "list").said == "Aucun dossier."


def test_a_list_can_be_narrowed_and_continued(desk, terminal):
    first, second = desk.submitted_case(title="Un"), desk.submitted_case(title="Deux")
    desk.move(second, Action.WITHDRAW)

    narrowed = terminal("case", "list", "--stage", "retiré", "--call", "annuel-2026", "--json").json
    part = terminal("case", "list", "--limit", "1", "--json").json
    rest = terminal("case", "list", "--after", part["cases"][0]["reference"], "--json").json

    assert [case["id"] for case in narrowed["cases"]] == [second]
    assert ([case["id"] for case in part["cases"]], part["more"]) == ([second], True)
    assert ([case["id"] for case in rest["cases"]], rest["more"]) == ([first], False)


def test_late_cases_are_those_past_a_delay(desk, terminal):
    desk.submitted_case(at="2026-06-01")

    terminal.at = "2026-06-22"
    assert terminal("case", "list", "--late", "--json").json["cases"] == []
    terminal.at = "2026-06-23"
    assert [case["late_since"] for case in terminal("case", "list", "--late", "--json").json["cases"]] == [
        "2026-06-22"
    ]


def test_json_keeps_amounts_in_cents_and_dates_in_iso(desk, terminal):
    desk.submitted_case(at="2026-06-01")

    (case,) = terminal("case", "list", "--json").json["cases"]

    assert case["requested_cents"] == 800_000
    assert case["deposited_on"] == "2026-06-01"
    assert case["entered_at"] == "2026-06-01T07:00:00Z"
    assert set(case) == {
        "id", "reference", "title", "stage", "version", "organisation", "call", "instructor", "requested_cents",
        "deposited_on", "entered_at", "due_on", "late_since",
    }  # fmt: skip


def test_a_case_is_shown_whole(desk, terminal):
    desk.submitted_case(title="Café des parents")

    said = terminal("case", "show", "annuel-2026-00001").said

    for expected in (
        "Café des parents", "déposé depuis le 1er juin 2026", "418 166 096 00051", "Étouvie",
        "Financeurs sollicités : 2", "5 000,00 €", "Statuts manque", "Le silence va valoir refus",
    ):  # fmt: skip
        assert expected in said


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_is_wider_than_the_terminal(desk, terminal, width):
    case = desk.submitted_case(title="Un titre " * 20)
    desk.move(case, Action.REQUEST_DOCUMENTS, given=Given(documents=("rib",)))

    for words in (
        ["list"],
        ["show", "ANNUEL-2026-00001"],
        ["why", "ANNUEL-2026-00001"],
        ["history", "ANNUEL-2026-00001"],
    ):
        answer = terminal("case", *words, width=width)
        assert max(len(line) for line in answer.out.splitlines()) <= width
        assert "\x1b" not in answer.out


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
    assert terminal("committee", "hold", "copil", "2026-09-15", "--quorate").code == 0

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


def test_a_number_several_cases_have_is_answered_with_their_references(desk, terminal):
    desk.submitted_case(external_id="12")
    desk.run("UPDATE cases SET reference = 'AUTRE-00001', call_id = call_id")
    desk.run(
        "INSERT INTO calls (contract_id, code, title, instrument, year, opens_on, document)"
        " SELECT contract_id, 'autre', title, instrument, year, opens_on, document FROM calls"
    )
    desk.run("UPDATE cases SET call_id = (SELECT id FROM calls WHERE code = 'autre')")
    desk.submitted_case(external_id="12")

    answer = terminal("case", "show", "12")

    assert answer.code == 4
    assert "AUTRE-00001" in answer.said


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


def test_why_tells_what_is_open_what_lacks_a_word_and_what_is_blocked(desk, terminal):
    desk.submitted_case()

    options = {
        each["action"]: each
        for each in terminal("case", "why", "ANNUEL-2026-00001", "--json").json["options"]
    }
    said = terminal("case", "why", "ANNUEL-2026-00001").said

    assert options["withdraw"]["allowed"]
    assert options["ask_opinions"]["allowed"]
    assert {reason["code"] for reason in options["instruct"]["reasons"]} >= {"documents_complete", "assessed"}
    assert "retirer → retiré possible" in said
    assert "demander des pièces → incomplet à préciser" in said
    assert "clore l’instruction → instruit bloqué" in said
    assert "constater le silence d’office" in said


def test_a_closed_case_has_nothing_left(desk, terminal):
    case = desk.submitted_case()
    desk.move(case, Action.WITHDRAW)

    assert "plus rien n’est à faire" in terminal("case", "why", "ANNUEL-2026-00001").said


def test_the_history_is_told_in_the_readers_language(desk, terminal, english):
    case = desk.submitted_case()
    desk.move(case, Action.REQUEST_DOCUMENTS, given=Given(documents=("rib",)))

    assert "Pièces demandées" in terminal("case", "history", "ANNUEL-2026-00001").said
    assert "Documents requested" in english("case", "history", "ANNUEL-2026-00001").said
    assert [
        entry["seq"] for entry in terminal("case", "history", "ANNUEL-2026-00001", "--json").json["history"]
    ] == [1, 2]
