"""One person of the contract: the identities linked to them, seen by those who steer, unlinked by an administrator."""

import pytest

from tests.services.desk import CONTRACT, Desk
from tests.web.agents import Agent, settings_for

INES, MAX, ADA = "ines@ville.example", "max@ville.example", "ada@ville.example"


@pytest.fixture
def desk(database) -> Desk:
    """A small city with an administrator."""
    ada = {"email": ADA, "name": "Ada Faure", "role": "administrator"}
    return Desk.opened(database, {**CONTRACT, "people": [*CONTRACT["people"], ada]})


@pytest.fixture
def settings(tmp_path, provider):
    """An installation with a provider."""
    return settings_for(provider, tmp_path)


def test_an_administrator_sees_who_somebody_is_at_the_provider_and_unlinks_it(agent):
    desk = agent.browser.desk
    ines = desk.value("SELECT id FROM people WHERE email = %(email)s", email=INES)
    path = f"/administration/personnes/{ines}"
    assert "Jamais venue" in agent.browser.as_person(MAX).get(path).text
    assert agent.signs_in().status_code == 303
    identity = desk.value("SELECT id FROM identities")
    ada, manager = agent.browser.as_person(ADA), agent.browser.as_person(MAX)

    assert f'href="{path}"' in ada.get("/administration/personnes").text
    assert agent.provider.issuer in ada.get(path).text
    assert "Délier" in ada.get(path).text
    assert ("chez " in manager.get(path).text, "/fin" in manager.get(path).text) == (True, False)
    assert manager.post(f"{path}/identites/{identity}/fin").status_code == 404
    assert ada.post(f"{path}/identites/{identity + 1}/fin").status_code == 404
    assert ada.post(f"/administration/personnes/{ines + 1}/identites/{identity}/fin").status_code == 404
    assert ada.post(f"{path}/identites/{2**63}/fin").status_code == 404
    assert ada.get(f"/administration/personnes/{2**63}").status_code == 404

    unlinked = ada.post(f"{path}/identites/{identity}/fin")

    assert "est déliée" in ada.get(unlinked.headers["location"]).text
    assert agent.browser.get("/").headers["location"] == "/connexion"
    assert desk.rows("SELECT id FROM identities") == []
    assert Agent(agent.browser.fresh(), agent.provider).signs_in().status_code == 303


def test_a_person_of_another_contract_is_like_one_that_does_not_exist(agent):
    agent.signs_in()
    desk = agent.browser.desk
    ines = desk.value("SELECT id FROM people WHERE email = %(email)s", email=INES)
    identity = desk.value("SELECT id FROM identities")
    desk.run("INSERT INTO contracts (code, name, document, digest) VALUES ('autre', 'Autre', '{}', 'x')")
    desk.run(
        "UPDATE people SET contract_id = (SELECT id FROM contracts WHERE code = 'autre') WHERE id = %(id)s",
        id=ines,
    )
    ada = agent.browser.as_person(ADA)

    there, nowhere = (ada.get(f"/administration/personnes/{each}") for each in (ines, 999_999))

    assert (there.status_code, there.text) == (404, nowhere.text)
    assert ada.post(f"/administration/personnes/{ines}/identites/{identity}/fin").status_code == 404
    assert desk.value("SELECT count(*) FROM identities") == 1


def test_somebody_sees_and_unlinks_their_own_identity_and_nobody_else_s(agent):
    agent.signs_in()
    identity = agent.browser.desk.value("SELECT id FROM identities")
    other = agent.browser.as_person(MAX)
    assert "Aucune. La première fois" in other.get("/mon-compte").text
    assert agent.provider.issuer in agent.browser.get("/mon-compte").text

    assert other.post(f"/mon-compte/identites/{identity}/fin").status_code == 404
    assert agent.browser.post(f"/mon-compte/identites/{identity}/fin").status_code == 303

    assert agent.browser.get("/mon-compte").headers["location"].startswith("/connexion")
    assert agent.browser.desk.value("SELECT count(*) FROM identities") == 0
