"""`parvis publish`: tried, done, written to a folder; a funder without its SIRET named in French."""

import json

from tests.services.test_open_data import SIRETS, city, grant, rewrite


def test_grants_are_compared_published_and_written_to_a_folder(desk, terminal, tmp_path):
    nothing = terminal("publish").said
    desk.fill(100_000_000)
    grant(desk, 3_000_000)
    refused = terminal("publish", "--json")
    rewrite(desk, city(sirets=SIRETS))
    contract = tmp_path / "contrat.yaml"
    contract.write_text(json.dumps(city(sirets=SIRETS), ensure_ascii=False), encoding="utf-8")

    tried = terminal("publish", "--dry-run").said
    done = terminal("publish", "--to", str(tmp_path / "portail"), "--json").json
    again = terminal("publish").said

    assert "ville : aucune subvention à publier" in nothing
    assert (refused.code, refused.error["code"]) == (5, "no_siret")
    assert "il manque le SIRET de État" in refused.error["sentence"]
    assert "un essai, rien n’est publié. Lignes : 1 ; à ajouter : 1" in tried
    assert "ajoutée ANNUEL-2026-00001 22800001400016" in tried
    assert [(one["number"], one["made"], one["rows"]) for one in done["contracts"]] == [(1, True, 1)]
    assert len(done["files"]) == 5
    assert (tmp_path / "portail" / "ville" / "subventions.csv").read_text("utf-8").count("\n") == 2
    assert "rien n’a changé, la publication 1 reste" in again
