"""The register of associations: asked where a setting says, kept a while, believed of one SIRET, never in the way."""

import json
from datetime import timedelta

import pytest

from parvis.services.settings import Settings
from parvis.services.sirene import Looked, NoRegister, SearchApi, look, register_of
from parvis.states.sirene import CEASED, NOT_THERE, Notice, differences, same_name
from tests.services.desk import moment
from tests.services.receiver import receiving

SIRET, AT = "41816609600051", moment("2026-06-01")
UNIT = {
    "siren": "418166096", "nom_complet": "ASSOCIATION EXEMPLE (AE)", "nom_raison_sociale": "ASSOCIATION EXEMPLE",
    "nature_juridique": "9220", "etat_administratif": "A",
    "siege": {"siret": "41816609600069", "adresse": "AILLEURS", "etat_administratif": "A"},
    "matching_etablissements": [
        {"siret": SIRET, "adresse": "1 RUE DES\nLILAS 80000 AMIENS", "etat_administratif": "F"}
    ],
}  # fmt: skip


def answering(*units, status=200):
    return lambda _: (status, {"content-type": "application/json"}, json.dumps({"results": units}).encode())


def test_the_register_is_asked_once_a_month_and_believed_of_the_establishment_that_was_asked(database):
    with receiving() as register:
        register.answer = answering({"siege": {"siret": "9"}}, UNIT)
        api = SearchApi(f"http://127.0.0.1:{register.port}")
        first = look(database, api, SIRET, at=AT)
        again = look(database, api, SIRET, at=AT + timedelta(days=29))
        register.answer = answering(status=429)
        busy = look(database, api, SIRET, at=AT + timedelta(days=30))
        stranger = look(database, api, "35600000000048", at=AT)
        register.answer = answering()
        gone = look(database, api, SIRET, at=AT + timedelta(days=31), anew=True)

    assert first == again
    assert first.notice == Notice(
        SIRET, there=True, asked_at=AT, name="ASSOCIATION EXEMPLE", form="9220", ceased=True,
        address="1 RUE DES LILAS 80000 AMIENS",
    )  # fmt: skip
    assert register.calls[0].path == f"/search?q={SIRET}&per_page=5"
    assert len(register.calls) == 4
    assert busy == Looked(first.notice, away=True)
    assert stranger == Looked(None, away=True)
    assert gone.notice is not None
    assert not gone.notice.there


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b'{"results": 3}', b"{" * 100_000, b"x" * 600_000])
def test_nonsense_from_the_register_is_no_answer(database, said):
    with receiving() as register:
        register.answer = lambda _: (200, {}, said)
        assert look(database, SearchApi(f"http://127.0.0.1:{register.port}"), SIRET, at=AT).away


def test_nothing_is_asked_of_anybody_where_no_register_is_set(database, tmp_path):
    assert isinstance(register_of(Settings(data_folder=tmp_path, sirene_url="")), NoRegister)
    assert look(database, NoRegister(), SIRET, at=AT) == Looked(None)
    assert look(database, SearchApi("http://127.0.0.1:1"), SIRET, at=AT) == Looked(None, away=True)
    for url in ("http://ville.example", "ftp://x", "https://", "https://x/?q=1"):
        with pytest.raises(ValueError, match="address of the register"):
            Settings(sirene_url=url)


def test_what_differs_is_told_and_what_is_only_written_otherwise_is_not():
    known = Notice(SIRET, there=True, asked_at=AT, name="ASSOC. FEMMES D'ETOUVIE", form="9220")

    assert same_name("Association des femmes d’Étouvie", known.name)
    assert same_name("Étouvie", "CENTRE SOCIAL D ETOUVIE")
    assert differences("Association des femmes d’Étouvie", known) == []
    [told] = differences("Le Cardan", known)
    assert "FEMMES" in told.fr
    assert differences("x", Notice(SIRET, there=False, asked_at=AT)) == [NOT_THERE]
    assert differences(
        "Assoc. Exemple", Notice(SIRET, there=True, asked_at=AT, name="ASSOC EXEMPLE", ceased=True)
    ) == [CEASED]
    assert known.form_words is not None
    assert known.form_words.fr == "association ou assimilé"
