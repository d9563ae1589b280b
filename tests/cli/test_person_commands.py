"""How somebody comes in, on the command line: identities at a provider, a password."""

import pytest

from parvis.models.queries.identities import add_identity
from parvis.services import visitors
from parvis.services.links import Guest
from parvis.services.visitors import OpenedBy
from tests.services.desk import moment

INES, PASSWORD = "ines@ville.example", "un pont sur la Somme"


def test_identities_are_listed_and_unlinked_with_the_sessions_they_opened(desk, terminal):
    person = desk.value("SELECT id FROM people WHERE email = %(email)s", email=INES)
    assert "Aucune identité" in terminal("person", "identities", INES).said
    with desk.database.transaction() as session:
        identity, _ = add_identity(
            session, person, issuer="https://auth.example", subject="s-1", email=INES, at=moment("2026-06-01")
        )
        visitors.sign_in(
            session, Guest(person), browser="", at=moment("2026-06-01"), opened_by=OpenedBy(identity, "t")
        )

    assert "https://auth.example" in terminal("person", "identities", INES).said
    assert [
        line["subject"] for line in terminal("person", "identities", INES, "--json").json["identities"]
    ] == ["s-1"]
    assert terminal("person", "unlink", "paul@ville.example", str(identity)).code == 4
    assert terminal("person", "unlink", INES, str(identity)).code == 0
    assert terminal("person", "unlink", INES, str(identity)).code == 4
    assert desk.rows("SELECT ended_at IS NULL, id_token FROM web_sessions") == [(False, None)]


def test_a_password_is_read_from_the_input_and_taken_away(desk, terminal):
    def lets_in() -> bool:
        with desk.database.transaction() as session:
            return visitors.check_password(session, INES, PASSWORD) is not None

    given = terminal("person", "password", INES, typed=f"{PASSWORD}\n")

    assert (given.code, PASSWORD in given.out) == (0, False)
    assert lets_in()
    assert terminal("person", "password", INES, "--remove").code == 0
    assert not lets_in()


@pytest.mark.parametrize(
    ("typed", "told"), [("court\n", "trop court"), ("", "trop court"), (b"\xe9" * 20, "UTF-8")]
)
def test_a_password_nobody_should_have_is_refused(desk, terminal, typed, told):
    refused = terminal("person", "password", INES, typed=typed)

    assert (refused.code, told in refused.said) == (2, True)
    assert desk.value("SELECT count(*) FROM passwords") == 0
