"""The clock, committees, the journal, contracts and the database on the command line."""

import json
from pathlib import Path

import pytest

from parvis.services.contracts import read_contract
from parvis.states.facts import Given
from parvis.states.stages import Action, Role

AMIENS = str(Path(__file__).parents[2] / "contracts" / "amiens.yaml")


def test_a_sweep_says_what_it_did_and_a_second_one_does_nothing(desk, terminal):
    case = desk.case_awaiting_documents(reply_by="2026-06-30")

    tried = terminal("sweep", "--at", "2026-07-01", "--dry-run", "--json").json
    assert (tried["moved"], desk.stage(case)) == (1, "incomplete")

    swept = terminal("sweep", "--at", "2026-07-01", "--json").json
    again = terminal("sweep", "--at", "2026-07-01")
    assert (swept["moved"], swept["at"], desk.stage(case)) == (1, "2026-06-30T22:00:00Z", "lapsed")
    assert again.said.replace("\u202f", " ") == "Rien n’est échu au 1er juillet 2026 à 00:00."


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("01/07/2026", "2026-06-30T22:00:00Z"),
        ("2026-07-01T08:30", "2026-07-01T06:30:00Z"),
        ("2026-07-01T08:30:00+00:00", "2026-07-01T08:30:00Z"),
        ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),
    ],
)
def test_an_instant_is_of_paris_unless_it_says_otherwise(terminal, typed, instant):
    assert terminal("sweep", "--at", typed, "--dry-run", "--json").json["at"] == instant


@pytest.mark.parametrize("typed", ["hier", "31/02/2026", "2026-07-01T25:00"])
def test_an_instant_that_is_none_is_answered(terminal, typed):
    answer = terminal("sweep", "--at", typed)

    assert answer.code == 2
    assert answer.said.startswith("--at")


def test_a_digest_is_owed_once_a_day(desk, terminal):
    desk.submitted_case(at="2026-06-01")

    first = terminal("digest", "--at", "2026-06-02T07:30", "--json").json
    second = terminal("digest", "--at", "2026-06-02T07:30", "--json").json

    assert (first["people"], second["people"]) == (1, 0)


def test_sessions_to_come_are_listed_with_their_cases(desk, terminal):
    desk.case_in_committee()

    listed = terminal("committee", "list", "--json").json["committees"]

    assert [(one["code"], one["held_on"], one["cases"]) for one in listed] == [
        ("etouvie", "2026-09-01", 0), ("copil", "2026-09-15", 1),
    ]  # fmt: skip


def test_a_sound_journal_is_said_to_be_and_can_be_anchored(desk, terminal):
    desk.submitted_case()

    anchored = terminal("journal", "anchor", "--json").json
    verified = terminal("journal", "verify", "--json").json

    assert verified["sound"]
    assert (verified["lines"], verified["anchors"]) == (1, 1)
    assert verified["root"] == anchored["root"]
    assert Path(anchored["file"]).exists()
    assert "Rien de nouveau" in terminal("journal", "anchor").said
    assert terminal("journal", "restore").code == 0


def test_a_journal_changed_behind_our_back_is_a_broken_proof(desk, owner_database, terminal):
    desk.submitted_case()
    with owner_database.transaction() as session:
        session.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER USER")
        session.exec_driver_sql("UPDATE journal SET actor = 'person:9'")
        session.exec_driver_sql("ALTER TABLE journal ENABLE TRIGGER USER")

    answer = terminal("journal", "verify")

    assert answer.code == 7
    assert "Dossier ANNUEL-2026-00001, ligne 1" in answer.said
    assert terminal("journal", "verify", "--json").json["fault"]["kind"] == "edited"


def test_the_rules_are_printed_in_the_readers_language(terminal, english):
    assert terminal("lifecycle").out.startswith("# Cycle de vie")
    assert english("lifecycle").out.startswith("# Life cycle")
    assert "stateDiagram-v2" in terminal("lifecycle").out


def test_a_contract_is_checked_and_shown(terminal, tmp_path):
    bad = tmp_path / "mauvais.yaml"
    bad.write_text(Path(AMIENS).read_text(encoding="utf-8").replace("annual", "anual"), encoding="utf-8")

    good = terminal("contract", "check", AMIENS)
    wrong = terminal("contract", "check", str(bad))
    shown = terminal("contract", "show", AMIENS)

    assert (good.code, wrong.code) == (0, 5)
    assert "annual" in wrong.said
    assert "Appel à projets annuel 2027" in shown.said
    assert terminal("contract", "show", AMIENS, "--json").json["code"] == "amiens"
    assert terminal("contract", "check", str(tmp_path / "parti.yaml")).code == 5


def test_a_call_rolled_forward_is_a_call_of_the_contract(terminal, tmp_path):
    rolled = terminal("contract", "roll", "annuel-2027", AMIENS, "--year", "2028")
    whole = tmp_path / "suite.yaml"
    whole.write_text(Path(AMIENS).read_text(encoding="utf-8") + rolled.out, encoding="utf-8")

    contract = read_contract(whole)

    assert rolled.code == 0
    assert contract.call("annuel-2028").opens_on.isoformat() == "2027-11-02"
    assert contract.call("annuel-2028").envelopes == contract.call("annuel-2027").envelopes
    assert terminal("contract", "roll", "annuel-1999", AMIENS, "--year", "2028").code == 4


def test_the_schema_is_json(terminal):
    assert json.loads(terminal("contract", "schema").out)["title"] == "Contrat de ville"


def test_the_database_says_what_it_is_and_holds(desk, terminal):
    case = desk.submitted_case()
    desk.move(case, Action.DECLARE_INELIGIBLE, given=Given(reason="Hors contrat"))

    info = terminal("db", "info", "--json").json

    assert info["revision"] == info["head"]
    assert not info["embedded"]
    assert (info["rows"]["cases"], info["rows"]["journal"]) == (1, 2)
    assert "à jour" in terminal("db", "info").said


def test_the_address_of_the_database_is_shown_without_its_password(terminal, database_url):
    secret = database_url.replace("parvis_owner@", "parvis_owner:secret@")

    shown = terminal("db", "info", PARVIS_DATABASE_URL=secret)
    printed = terminal("db", "url", PARVIS_DATABASE_URL=secret)

    assert "secret" not in shown.said
    assert "secret" in printed.said


def test_a_database_is_migrated_and_taken_back_only_on_purpose(terminal, new_database):
    url = new_database(migrated=False)

    assert terminal("db", "migrate", PARVIS_DATABASE_URL=url).code == 0
    assert terminal("db", "downgrade", "base", PARVIS_DATABASE_URL=url).code == 2
    assert terminal("db", "info", "--json", PARVIS_DATABASE_URL=url).json["rows"]["cases"] == 0
    assert terminal("db", "downgrade", "base", "--yes", PARVIS_DATABASE_URL=url).code == 0
    assert terminal("db", "info", "--json", PARVIS_DATABASE_URL=url).json["revision"] is None


def test_a_server_of_somebody_else_is_not_stopped_from_here(terminal):
    assert terminal("db", "stop").code == 2


def test_the_version_is_said(terminal):
    assert terminal("version").said.startswith("Parvis ")
    assert set(terminal("version", "--json").json) == {"parvis"}


def test_a_batch_is_previewed_handed_over_approved_and_done_from_the_terminal(desk, terminal, tmp_path):
    case = desk.submitted_case()
    desk.move(case, Action.WITHDRAW, role=Role.APPLICANT)
    terminal.at = "2032-06-01"
    seen = terminal("retention", "preview", "--json").json
    shown = terminal("retention", "preview", width=200).said
    proposed = terminal("retention", "run").said
    archived = terminal("retention", "archive", "1", "--to", str(tmp_path / "zip"), "--json").json
    refused = terminal("retention", "approve", "1", "--role", "manager", "--json")
    unknown = terminal("retention", "show", "9", "--json")
    approved = terminal("retention", "approve", "1", "--visa", "AD80-12", "--role", "manager").said
    ran = terminal("retention", "run", "--json").json
    listed = terminal("retention", "list", width=200).said
    verified = terminal("journal", "verify").said

    [due] = [one for one in seen["kinds"] if one["counts"]["due"]]
    assert (due["kind"], due["due"][0]["name"], due["phases"]["final"]) == (
        "refused",
        "ANNUEL-2026-00001",
        "destroyed",
    )
    assert "ANNUEL-2026-00001 Association Exemple 2026-06-01 2031-06-01" in shown
    assert "Lot 1 proposé : Dossiers sans suite, 1." in proposed
    assert [Path(file).name for file in archived["files"]] == ["ANNUEL-2026-00001.zip"]
    assert (refused.code, unknown.code) == (3, 4)
    assert "Lot 1 approuvé : 1 à faire" in approved
    assert (ran["done"]["done"], ran["done"]["finished"]) == (1, [1])
    assert "1 Dossiers sans suite" in listed
    assert "Le journal est intact" in verified
