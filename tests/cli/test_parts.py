"""The journal and the letters cut in parts and made whole again on the command line."""

import pytest

from parvis.models import splitting
from parvis.models.session import Database
from tests.cli.conftest import Terminal


@pytest.fixture
def own(new_database, tmp_path):
    """A terminal on a database that may be cut, and its address."""
    url = new_database()
    splitting.reshape(url, 0, progress=lambda _, __: None)
    return Terminal({"PARVIS_DATABASE_URL": url, "PARVIS_DATA_FOLDER": str(tmp_path)}), url


def test_tables_are_cut_once_disk_and_stops_are_told_and_joined_again(own):
    terminal, _ = own

    slip = terminal("db", "split")
    few = terminal("db", "split", "--parts", "1", "--yes")
    cut = terminal("db", "split", "--parts", "3", "--yes")
    again = terminal("db", "split", "--parts", "3", "--json")
    info = terminal("db", "info", "--json")
    otherwise = terminal("db", "split", "--yes")
    back = terminal("db", "downgrade", "base", "--yes")
    whole = terminal("db", "join", "--yes", "--json")
    twice = terminal("db", "join")

    assert (slip.code, "Mo libres" in slip.said, "arrêté" in slip.said) == (2, True, True)
    assert few.code == 2
    assert (cut.code, cut.said) == (0, "Le journal et les lettres sont en 3 parties.")
    assert info.json["parts"] == 3
    assert again.json == {"parts": 3, "changed": False}
    assert ("« parvis db join »" in otherwise.said, otherwise.code == back.code) == (True, True)
    assert "que cette révision ne connaît pas" in back.said
    assert whole.json == {"parts": 0, "changed": True}
    assert (twice.code, "déjà d’un seul tenant" in twice.said) == (0, True)


def test_nothing_is_cut_while_parvis_is_connected(own):
    terminal, url = own

    with Database(url) as database, database.transaction() as session:
        session.exec_driver_sql("SELECT 1")
        refused = terminal("db", "split", "--yes", "--json")

    assert refused.error["code"] == "refused"
    assert "connexions ouvertes : 1" in " ".join(refused.error["sentence"].split())
    assert splitting.layout(url).parts == 0
