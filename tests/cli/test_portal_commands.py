"""`parvis portal`: the platforms where cases are deposited too, on the command line."""

from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Terminal
from tests.services.demarches.conftest import FORM, TITLE
from tests.services.demarches.there import TOKEN, There, served
from tests.services.desk import CONTRACT
from tests.services.files.samples import pdf


@pytest.fixture
def there(empty_terminal: Terminal, tmp_path: Path):
    call = {**CONTRACT["calls"][0], "opens_on": "2024-01-01", "demarche": FORM}
    contract = tmp_path / "ville.yaml"
    contract.write_text(yaml.safe_dump({**CONTRACT, "calls": [call]}, allow_unicode=True), encoding="utf-8")
    with served() as platform:
        empty_terminal.environment |= {
            "PARVIS_CONTRACT": str(contract), "PARVIS_DEMARCHE_URL": f"{platform.address}/api/v2/graphql",
            "PARVIS_DEMARCHE_TOKEN": TOKEN,
        }  # fmt: skip
        yield platform


def test_a_form_is_proposed_tried_read_and_told_about(empty_terminal: Terminal, there: There, tmp_path: Path):
    there.add(7, "2026-05-20T08:00:00Z")
    there.keep("exemple.pdf", pdf())
    [renamed] = [champ for champ in there.add(8, "2026-05-21T08:00:00Z")["champs"] if champ["label"] == TITLE]
    renamed["label"] = "Titre"
    there.fields = [{"__typename": "TextChampDescriptor", "id": "T", "label": "Intitulé", "required": True}]

    proposed = empty_terminal("portal", "propose-mapping", "11223344")
    tried = empty_terminal("portal", "sync", "--dry-run")
    never = empty_terminal("portal", "status")
    read = empty_terminal("portal", "sync")
    again = empty_terminal("portal", "sync", "--json").json["calls"][0]
    status = empty_terminal("portal", "status")

    assert 'title: "T"  # Intitulé' in proposed.out
    assert (tried.code, read.code, never.code, status.code) == (3, 3, 0, 0)
    assert "créés 1" in tried.said
    assert "rien n’a été enregistré" in tried.said
    assert "n’a jamais été lue" in never.said
    assert "annuel-2026 : dossiers lus 2, créés 1" in read.said
    assert "dossier 8, « Intitulé du projet »" in read.said
    assert "Fichiers gardés 2" in read.said
    assert (again["created"], again["unchanged"], list(again["refused"])) == ([], 0, ["8"])
    assert "lue en entier le 01/06/2026" in status.said
    assert "dossier 8, « Intitulé du projet »" in status.said

    exported = empty_terminal("portal", "export", str(tmp_path / "portail.json"))
    assert (exported.code, (tmp_path / "portail.json").read_text(encoding="utf-8")) == (0, "[]\n")
    assert empty_terminal("portal", "export", str(tmp_path / "portail.json")).code == 2


def test_what_lacks_or_goes_wrong_is_said(empty_terminal: Terminal, there: There):
    refused = empty_terminal("portal", "propose-mapping", "11223344", PARVIS_DEMARCHE_TOKEN="autre")
    assert (refused.code, "refuse le jeton" in refused.said) == (1, True)
    no_token = empty_terminal("portal", "sync", PARVIS_DEMARCHE_TOKEN="")
    assert (no_token.code, "PARVIS_DEMARCHE_TOKEN" in no_token.said) == (2, True)
    plain = empty_terminal("portal", "sync", PARVIS_DEMARCHE_URL="http://demarche.example/graphql")
    assert "PARVIS_DEMARCHE_URL" in plain.said
