"""A session held from a terminal: opened, attended, decided, closed, and what is said when it cannot be."""

import pytest

from tests.services.desk import Desk
from tests.services.session_desk import SessionDesk, contract

LEA, ROSE = "lea@ville.example", "rose@ville.example"
COPIL = ("copil", "2026-09-15")
EVERYBODY = ",".join(f"{name}@ville.example" for name in ("chair", "ann", "bob", "cleo", "dan", "eve"))


@pytest.fixture
def table(desk, terminal) -> SessionDesk:
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract())
    terminal.at = "2026-09-15 15:00"
    terminal.environment["PARVIS_CONTRACT"] = (
        "no-file.yaml"  # the database keeps the contract it was just given
    )
    return SessionDesk(desk)


def session(terminal, verb: str, *words: str, who: str | None = LEA):
    return terminal("session", verb, *COPIL, *words, *(("--as", who) if who else ()))


def test_a_session_is_held_from_opening_to_minutes(table, terminal):
    first, second = table.cases(2)
    assert session(terminal, "open").code == 0
    came = session(terminal, "attend", "--present", EVERYBODY, "--rest", "excusé")
    assert "Voix : 6 ; présentes : 6 ; il en faut 3. Quorum atteint." in came.said
    funded = session(
        terminal, "decide", "ANNUEL-2026-00001", "fund", "--amount", "etat=2 000", "--amount", "ville=500,50",
        "--conditions", "Ouvrir le samedi.", "--votes", "5/1/0",
    )  # fmt: skip
    assert "ANNUEL-2026-00001 : financé, 2 500,50 €" in funded.said
    assert (
        session(terminal, "decide", "ANNUEL-2026-00002", "ajourné", "--reason", "Budget à revoir.").code == 0
    )

    shown = session(terminal, "status", who=None)
    assert "séance du 15 septembre 2026 : ouverte." in shown.said
    assert "Rien n’empêche de clore la séance." in shown.said
    assert "48 000,00 €" in shown.said
    closed = session(terminal, "close")

    assert closed.code == 0
    assert "financé : 1 et ajourné : 1" in closed.said
    assert (table.desk.stage(first), table.desk.stage(second)) == ("funded", "instructed")
    minutes = session(terminal, "minutes", "--json", who=None).json
    assert [one["outcome"] for one in minutes["decisions"]] == ["fund", "defer"]
    assert minutes["decisions"][0]["votes"] == {"in_favour": 5, "against": 1, "abstentions": 0}
    said = session(terminal, "minutes", who=None)
    assert "Ouvrir le samedi." in said.said


def test_closing_names_every_case_that_blocks_and_why(table, terminal):
    table.cases(2)
    session(terminal, "open")
    session(terminal, "attend", "--rest", "présent")

    blocked = session(terminal, "close")

    assert blocked.code == 3
    assert "La séance ne peut pas être close, rien n’a été fait ; dossiers à revoir : 2." in blocked.said
    assert blocked.said.count("Le comité n’en a rien dit") == 2
    again = session(terminal, "close", "--json").error
    assert [one["code"] for one in again["details"]] == ["not_decided", "not_decided"]


def test_closing_twice_says_by_whom_it_was_closed(table, terminal):
    table.cases(1)
    session(terminal, "open")
    session(terminal, "attend", "--rest", "présent")
    session(terminal, "decide", "ANNUEL-2026-00001", "fund", "--amount", "etat=10")
    session(terminal, "close")

    again = session(terminal, "close", who=ROSE)

    assert again.code == 6
    assert "déjà close, le 15 septembre 2026 à 15:00, par Léa Blanc" in again.said


def test_two_secretaries_the_second_is_told_who_came_first(table, terminal):
    table.cases(1)
    session(terminal, "open")
    session(terminal, "attend", "--rest", "présent")
    session(
        terminal, "decide", "ANNUEL-2026-00001", "fund", "--amount", "etat=10", "--if-version", "0", who=ROSE
    )

    late = session(terminal, "decide", "ANNUEL-2026-00001", "reject", "--reason", "Non", "--if-version", "0")

    assert late.code == 6
    assert "Rose Vert a enregistré entre-temps une autre décision" in late.said
    assert session(terminal, "decide", "ANNUEL-2026-00001", "--undo").code == 0
    assert session(terminal, "status", "--json", who=None).json["undecided"] == ["ANNUEL-2026-00001"]


def test_a_table_of_decisions_is_kept_whole_or_not_at_all_and_says_which_lines(table, terminal, tmp_path):
    table.cases(2)
    session(terminal, "open")
    session(terminal, "attend", "--rest", "présent")
    file = tmp_path / "decisions.csv"
    file.write_text(
        "Dossier;Décision;Etat;Ville;Motif;Voix\n"
        "ANNUEL-2026-00001;financé;2 000,00;500;;6/0/0\n"
        "ANNUEL-2026-00009;ajourné;;;Absent;\n"
        "ANNUEL-2026-00002;peut-être;;;;sept\n",
        encoding="utf-8",
    )
    wrong = session(terminal, "decide", "--file", str(file))
    assert wrong.code == 5
    assert "ANNUEL-2026-00009 » n’est pas à l’ordre du jour" in wrong.said
    assert "« peut-être » n’est pas une décision" in wrong.said
    assert "« sept » ne se lit pas" in wrong.said
    assert table.desk.value("SELECT count(*) FROM session_decisions") == 0

    file.write_text(
        "Dossier;Décision;Etat;Ville;Motif;Voix\n"
        "ANNUEL-2026-00001;financé;2 000,00;500;;6/0/0\n"
        "ANNUEL-2026-00002;rejeté;;;Hors sujet;4/2\n",
        encoding="utf-8",
    )
    kept = session(terminal, "decide", "--file", str(file))

    assert kept.code == 0
    assert "Décisions gardées : 2." in kept.said
    assert table.desk.rows("SELECT outcome, votes_for, votes_against FROM session_decisions ORDER BY case_id") == [
        ("fund", 6, 0), ("reject", 4, 2),
    ]  # fmt: skip
    assert table.desk.rows("SELECT amount_cents FROM session_amounts ORDER BY funder_id") == [
        (200_000,),
        (50_000,),
    ]


def test_what_is_proposed_is_adopted_in_a_block_with_exceptions(table, terminal):
    table.cases(3)
    table.desk.run("UPDATE fundings SET opinion = 'favourable', proposed_cents = 10000")
    session(terminal, "open")
    session(terminal, "attend", "--rest", "présent")

    kept = session(terminal, "adopt", "--except", "ANNUEL-2026-00002", "--votes", "6/0/0")

    assert "Décisions gardées : 2." in kept.said
    assert session(terminal, "status", "--json", who=None).json["undecided"] == ["ANNUEL-2026-00002"]


def test_what_is_badly_typed_is_said(table, terminal):
    table.cases(1)
    session(terminal, "open")

    assert session(terminal, "decide", "ANNUEL-2026-00001").code == 2
    assert session(terminal, "decide", "ANNUEL-2026-00001", "fund", "--votes", "beaucoup").code == 2
    assert session(terminal, "open", who=None).code == 2
    assert session(terminal, "minutes", who=None).code == 4
    refused = session(terminal, "decide", "ANNUEL-2026-00001", "fund")
    assert refused.code == 3
    assert "Indiquer le montant par financeur." in refused.said
