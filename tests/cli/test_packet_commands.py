"""`parvis packet`: built, listed, written to a file, compared."""

from pathlib import Path

from tests.cli.conftest import Terminal
from tests.services.desk import Desk


def test_a_packet_is_built_once_then_said_unchanged(desk: Desk, terminal: Terminal):
    desk.case_in_committee()

    first = terminal("packet", "build", "copil", "2026-09-15")
    again = terminal("packet", "build", "copil", "--json")

    assert first.code == 0
    assert "commun 1, nouvelle 01/06/2026" in first.said
    (copy,) = again.json["copies"]
    assert (copy["built"], copy["version"], copy["letters"]) == (False, 1, 0)


def test_the_last_version_is_written_to_a_file(desk: Desk, terminal: Terminal, tmp_path: Path):
    desk.case_in_committee()
    terminal("packet", "build", "copil")

    answer = terminal("packet", "show", "copil", "--to", str(tmp_path), "--json")

    assert (tmp_path / "dossier-de-seance-2026-09-15-v1.pdf").read_bytes().startswith(b"%PDF-")
    assert [line["version"] for line in answer.json["versions"]] == [1]


def test_what_would_change_is_said_before_it_is_built(desk: Desk, terminal: Terminal):
    case = desk.case_in_committee()
    terminal("packet", "build", "copil")
    nothing = terminal("packet", "diff", "copil")
    desk.run(
        "UPDATE fundings SET proposed_cents = 123400 WHERE case_id = %(id)s AND requested_cents = 500000",
        id=case,
    )

    said = terminal("packet", "diff", "copil")
    told = terminal("packet", "diff", "copil", "--since", "1", "--json")

    assert "Rien n’a changé" in nothing.said
    assert "Proposé" in said.said
    assert "1 234 €" in said.said
    assert [change["what"] for change in told.json["changed"]] == ["Proposé : État"]


def test_what_does_not_exist_is_refused_with_what_to_do(desk: Desk, terminal: Terminal):
    desk.case_in_committee()

    early = terminal("packet", "diff", "copil")
    terminal("packet", "build", "copil")
    version = terminal("packet", "diff", "copil", "--since", "9")
    stranger = terminal("packet", "show", "copil", "--member", "max@ville.example")

    assert "parvis packet build copil 2026-09-15" in early.said
    assert "La version 9 n’existe pas" in version.said
    assert "ne siège pas à cette séance" in stranger.said
    assert early.code == version.code == stranger.code == 2
    assert "Aucun dossier de séance" in terminal("packet", "show", "etouvie", "2026-09-01").said
