"""Files of deposits on the command line: whole or not at all, every error listed, twice changes nothing."""

from pathlib import Path

import pytest

from parvis.services.imports.spreadsheet import COLUMNS
from tests.cli.conftest import Terminal

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "tests" / "data" / "portal" / "dossier.json"
HEADER = "external_id;siret;titre;montant_demande;date_depot\n"
GOOD = HEADER + "A-1;41816609600051;Café des parents;4 500,00 €;20/05/2026\n"
BAD = HEADER + "A-1;41816609600052;Café des parents;1,234;20/05/2026\nA-2;41816609600051;;-5;31/02/2026\n"


@pytest.fixture
def amiens(empty_terminal: Terminal) -> Terminal:
    """A terminal on an empty database, with the contract of Amiens as its file."""
    empty_terminal.environment["PARVIS_CONTRACT"] = str(ROOT / "contracts" / "amiens.yaml")
    empty_terminal.at = "2026-11-23"
    return empty_terminal


def file(folder: Path, content: str, name: str = "depots.csv") -> str:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_a_dossier_of_the_portal_gives_one_complete_case_on_a_fresh_database(amiens):
    imported = amiens("import", str(PORTAL))

    case = amiens("case", "show", "REPRISE-00001", "--json").json
    shown = amiens("case", "show", "REPRISE-00001").said
    assert imported.code == 0
    assert "Dossiers créés : 1 (REPRISE-00001)" in imported.said
    assert case["applicant"]["siret"] == "41816609600051"
    assert case["budget"]["balanced"]
    assert case["budget"]["charges_cents"] == case["budget"]["products_cents"] == 25_711_200
    assert [funder["requested_cents"] for funder in case["fundings"]] == [
        4_853_500, 2_300_000, 1_140_000, 910_000, 900_000, 850_000, 700_000, 189_000,
    ]  # fmt: skip
    assert (case["starts_on"], case["ends_on"]) == ("2022-09-01", "2023-08-31")
    assert case["portal"][0]["at"] == "2022-06-24T08:25:21.782000Z"
    for expected in ("Financeurs sollicités : 8", "Équilibré au centime.", "du 1er septembre 2022 au 31 août 2023",
                     "24/06/2022 10:25", "demande transmise"):  # fmt: skip
        assert expected in shown


def test_a_second_import_says_that_nothing_changed(amiens):
    amiens("import", str(PORTAL))

    again = amiens("import", str(PORTAL))

    assert again.code == 0
    assert again.said.endswith("Rien n’a changé. Dossiers déjà là : 1 (REPRISE-00001)")


def test_a_bad_file_is_refused_with_every_error_and_leaves_nothing(terminal, tmp_path, desk):
    answer = terminal("import", file(tmp_path, BAD))

    assert answer.code == 5
    for expected in (
        "ligne 2, « siret »",
        "ligne 2, « montant_demande »",
        "ligne 3, « titre »",
        "ligne 3, « date_depot »",
    ):
        assert expected in answer.said
    assert desk.rows("SELECT 1 FROM cases") == []


def test_a_program_gets_the_errors_as_json(terminal, tmp_path):
    answer = terminal("import", file(tmp_path, BAD), "--json")

    (one,) = answer.json["files"]
    assert answer.code == 5
    assert not one["accepted"]
    assert {problem["code"] for problem in one["problems"]} >= {"siret_luhn", "required", "date_invalid"}


def test_a_bad_file_does_not_stop_the_next_one(terminal, tmp_path):
    answer = terminal("import", file(tmp_path, BAD, "a.csv"), file(tmp_path, GOOD, "b.csv"))

    assert answer.code == 5
    assert "Fichiers refusés : 1 sur 2." in answer.said
    assert terminal("case", "list", "--json").json["cases"][0]["reference"] == "ANNUEL-2026-00001"


def test_a_dry_run_leaves_nothing(terminal, tmp_path, desk):
    answer = terminal("import", file(tmp_path, GOOD), "--dry-run")

    assert answer.code == 0
    assert "rien n’a été enregistré" in answer.said
    assert desk.rows("SELECT 1 FROM cases") == []


def test_a_file_can_come_on_the_input(terminal):
    answer = terminal("import", "-", typed=GOOD)

    assert answer.code == 0
    assert "ANNUEL-2026-00001" in answer.said


def test_the_call_and_the_moment_can_be_said(amiens, tmp_path):
    content = file(tmp_path, GOOD.replace("20/05/2026", "15/01/2027"))

    early = amiens("import", content, "--call", "specifique-2027")
    then = amiens("import", content, "--call", "specifique-2027", "--at", "2027-01-16")
    unknown = amiens("import", content, "--call", "specifique-1999")

    assert early.code == 5
    assert "SPECIFIQUE-2027-00001" in then.said
    assert unknown.code == 4
    assert "conventions-2027-2029" in unknown.said


def test_a_file_that_is_not_there_is_not_found(terminal, tmp_path):
    answer = terminal("import", str(tmp_path / "parti.csv"))

    assert answer.code == 4
    assert "n’existe pas" in answer.said


def test_a_folder_is_no_file(terminal, tmp_path):
    answer = terminal("import", str(tmp_path))

    assert answer.code == 5
    assert "c’est un dossier" in answer.said


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_template_of_the_contract_can_be_imported_as_it_is(amiens, tmp_path, suffix):
    path = tmp_path / f"modele.{suffix}"

    written = amiens("import-template", str(path))
    imported = amiens("import", str(path))

    assert (written.code, imported.code) == (0, 0)
    if suffix == "csv":
        assert path.read_text(encoding="utf-8-sig").splitlines()[0].split(";") == list(COLUMNS)


def test_a_template_never_replaces_a_file(amiens, tmp_path):
    path = tmp_path / "modele.csv"
    path.write_text("précieux", encoding="utf-8")

    answer = amiens("import-template", str(path))

    assert answer.code == 2
    assert path.read_text(encoding="utf-8") == "précieux"


def test_a_contract_that_cannot_be_used_is_answered_line_by_line(empty_terminal, tmp_path):
    Path(empty_terminal.environment["PARVIS_CONTRACT"]).write_text(
        "code: ville\nnom: Ville\n", encoding="utf-8"
    )

    answer = empty_terminal("import", file(tmp_path, GOOD))

    assert answer.code == 5
    assert "ligne 2, nom" in answer.said
