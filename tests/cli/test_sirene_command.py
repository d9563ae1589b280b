"""`parvis sirene`: what the register says of a SIRET, and plainly that nobody is asked unless a setting says so."""

import json

from tests.services.receiver import receiving
from tests.services.test_sirene import SIRET, UNIT, answering


def test_nobody_is_asked_where_no_register_is_set_and_it_is_said(terminal):
    answer = terminal("sirene", SIRET)

    assert answer.code == 2
    assert "Aucun répertoire n’est réglé" in answer.said
    assert "rien ne sort de cette machine" in answer.said
    assert "PARVIS_SIRENE_URL" in answer.said


def test_what_the_register_says_is_shown_and_kept_for_when_it_is_away(terminal, english):
    with receiving() as register:
        register.answer = answering(UNIT)
        url = f"http://127.0.0.1:{register.port}"
        shown = terminal("sirene", " 418 166 096 00051", PARVIS_SIRENE_URL=url)
        for_programs = terminal("sirene", SIRET, "--json", PARVIS_SIRENE_URL=url).json
        asked = len(register.calls)
        register.answer = answering(status=500)
        away = english("sirene", SIRET, "--anew", PARVIS_SIRENE_URL=url)
        stranger = terminal("sirene", "35600000000048", PARVIS_SIRENE_URL=url)
    kept = terminal("sirene", SIRET)

    assert shown.code == 0
    assert "ASSOCIATION EXEMPLE" in shown.said
    assert "1 RUE DES LILAS 80000 AMIENS" in shown.said
    assert "association ou assimilé" in shown.said
    assert "établissement fermé" in shown.said
    assert (for_programs["asked"], for_programs["away"], for_programs["notice"]["ceased"]) == (
        True,
        False,
        True,
    )
    assert asked == 1
    assert (away.code, "does not answer: this is what it had said" in away.said) == (0, True)
    assert (stranger.code, "réessayer plus tard" in stranger.said) == (1, True)
    assert (kept.code, "voici ce qu’il avait dit" in kept.said) == (0, True)


def test_a_siret_nobody_has_is_told_by_the_number_a_command_ends_with(terminal):
    with receiving() as register:
        register.answer = answering()
        unknown = terminal("sirene", SIRET, "--json", PARVIS_SIRENE_URL=f"http://127.0.0.1:{register.port}")
    wrong = terminal("sirene", "41816609600052", "--json")

    assert (unknown.code, json.loads(unknown.out)["notice"]["there"]) == (4, False)
    assert (wrong.code, "SIRET" in wrong.err) == (2, True)
