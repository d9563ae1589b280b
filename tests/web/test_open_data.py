"""The page of open data: anybody reads it and its files, and nothing else by it."""

import json

from parvis.services.open_data.publishing import publish
from tests.services.desk import Desk, moment
from tests.services.test_open_data import city, grant


def test_anybody_reads_what_is_published_and_follows_the_feeds(browser):
    desk: Desk = browser.desk
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, city())
    empty = browser.get("/donnees-ouvertes").text
    desk.fill(100_000_000)
    grant(desk, 3_000_000)
    with desk.database.transaction() as session:
        publish(session, desk.contract_id, at=moment("2026-10-01"))

    shown = browser.get("/donnees-ouvertes").text
    answers = {
        name: browser.get(f"/donnees-ouvertes/ville/{name}")
        for name in ("subventions.csv", "manifeste.json", "changements.json", "appels.rss", "decisions.rss")
    }

    assert "Aucune subvention n’est encore publiée" in empty
    assert "Contrat de la ville" in shown
    assert all(f'href="/donnees-ouvertes/ville/{name}"' in shown for name in answers)
    assert [answer.status_code for answer in answers.values()] == [200] * 5
    assert answers["subventions.csv"].text.splitlines()[1].startswith("État,22800001400016,2026-09-15,")
    assert 'filename="ville-subventions.csv"' in answers["subventions.csv"].headers["content-disposition"]
    assert json.loads(answers["manifeste.json"].text)["publication"] == 1
    assert answers["appels.rss"].headers["content-type"].startswith("application/rss+xml")
    assert answers["appels.rss"].headers["access-control-allow-origin"] == "*"
    unknown = ("ville/autre.csv", "ailleurs/subventions.csv", "ville/..%2Fsante")
    assert [browser.get(f"/donnees-ouvertes/{path}").status_code for path in unknown] == [404] * 3
