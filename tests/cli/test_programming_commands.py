"""A programming drawn up and sent from a terminal."""

import json

import pytest

from tests.services.desk import Desk
from tests.services.session_desk import SessionDesk, contract

LEA = "lea@ville.example"
COPIL = "copil/2026-09-15"


@pytest.fixture
def table(desk, terminal) -> SessionDesk:
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract())
    terminal.at = "2026-09-10 15:00"
    terminal.environment["PARVIS_CONTRACT"] = "no-file.yaml"  # the database keeps the one it was just given
    return SessionDesk(desk)


def test_a_programming_is_begun_shown_and_sent(table, terminal):
    table.cases(2, total_cost_cents=2_000_000)

    begun = terminal("programming", "begin", COPIL, "Calcul", "--as", LEA)
    assert begun.code == 0
    assert "« Calcul » : 16 000,00 €." in begun.said
    shown = json.loads(terminal("programming", "show", COPIL, "calcul", "--json").out)
    assert shown["cases"][0]["given"] == {"etat": 500_000, "ville": 300_000}
    assert shown["broken"] == []
    assert "Tout ce qui est demandé" in shown["cases"][0]["why"]["fr"]
    assert terminal("programming", "send", COPIL, "Calcul", "--as", LEA).code == 0
    assert "envoyée au comité" in terminal("programming", "list", COPIL).said


def test_what_is_not_there_is_named_with_what_is(table, terminal):
    table.cases(1, total_cost_cents=2_000_000)
    terminal("programming", "begin", COPIL, "Calcul", "--as", LEA)

    answer = terminal("programming", "show", COPIL, "Autre")

    assert answer.code == 4
    assert "n’a pas de programmation « Autre ». Il y a : Calcul" in answer.said
    twice = terminal("programming", "begin", COPIL, "Calcul", "--from", "nothing", "--as", LEA)
    assert twice.code == 3
    assert "a déjà une programmation « Calcul »" in twice.said
