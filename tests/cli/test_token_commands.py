"""Tokens of programs on the command line."""

import pytest

from parvis.services import tokens
from tests.services.desk import moment

INES = "ines@ville.example"


def test_a_token_is_made_shown_once_listed_and_revoked(desk, terminal):
    made = terminal(
        "token", "create", INES, "--name", "Tableur", "--scope", "lire", "--scope", "import", "--json"
    ).json
    listed = terminal("token", "list", INES, "--json").json["tokens"]
    told = terminal("token", "list", INES)

    assert (made["name"], made["scopes"], made["expires_at"]) == (
        "Tableur",
        ["read", "import"],
        "2026-08-30T07:00:00Z",
    )
    assert [line["id"] for line in listed] == [made["id"]]
    assert made["token"] not in told.out
    assert "en cours" in told.said
    with desk.database.transaction() as session:
        owner = tokens.bearer(session, made["token"], at=_at(terminal))
    assert owner is not None
    assert owner.email == INES

    assert terminal("token", "revoke", INES, str(made["id"])).code == 0
    assert "révoqué" in terminal("token", "list", INES).said
    with desk.database.transaction() as session:
        assert tokens.bearer(session, made["token"], at=_at(terminal)) is None


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ((), "--name"),
        (("--name", "x" * 81), "--name"),
        (("--name", "x", "--scope", "calendar"), "--scope"),
        (("--name", "x", "--days", "366"), "--days"),
        (("--name", "x", "--days", "0"), "--days"),
    ],
)
def test_a_token_that_cannot_be_made_is_answered(desk, terminal, typed, option):
    answer = terminal("token", "create", INES, *typed)

    assert (answer.code, answer.said.startswith(option)) == (2, True), answer.said
    assert desk.value("SELECT count(*) FROM api_tokens") == 0


def test_nobody_s_token_is_revoked_by_another(desk, terminal):
    made = terminal("token", "create", INES, "--name", "x", "--json").json

    assert terminal("token", "revoke", "paul@ville.example", str(made["id"])).code == 4
    assert terminal("token", "list", "nul@ville.example").code == 4
    assert desk.value("SELECT revoked_at IS NULL FROM api_tokens")


def _at(terminal):
    return moment(terminal.at)
