"""Cases on the command line: listed, shown, explained, told."""

import pytest

from parvis.states.facts import Given
from parvis.states.stages import Action


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
    assert (case["due_on"], case["late_since"], case["neighbourhoods"]) == ("2026-06-22", None, ["Étouvie"])


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
