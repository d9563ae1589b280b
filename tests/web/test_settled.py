"""What administration shows and does not change: the contract's file with its lines, holidays, a letter as a mail."""

import re
from html import unescape
from pathlib import Path

import pytest
import yaml

from parvis.services.opening import open_contract
from parvis.services.settings import Settings
from tests.services.desk import CONTRACT, moment

INES, MAX = "ines@ville.example", "max@ville.example"
FILE = "/administration/appels/fichier"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation whose contract is the desk's, in a file."""
    path = tmp_path / "ville.yaml"
    path.write_text(yaml.safe_dump(CONTRACT, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return Settings(data_folder=tmp_path, public_url="", contract=path)


def plain(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def line_of(settings, words):
    lines = settings.contract.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_a_call_shows_the_lines_of_the_file_it_comes_from_and_whether_that_is_in_force(browser, settings):
    manager = browser.as_person(MAX)
    before = plain(manager.get("/administration/appels").text)
    open_contract(browser.desk.database, settings, moment("2026-06-01"))
    after = plain(manager.get("/administration/appels").text)

    assert "a changé depuis que Parvis l’a lu" in before
    assert "a changé depuis" not in after
    line = line_of(settings, "annuel-2026")
    assert f"Appel à projets 2026 annuel-2026 ligne {line}" in after
    assert f"Pièces demandées ligne {line_of(settings, 'required_documents')}" in after
    settings.contract.write_text("code: ville\n", encoding="utf-8")
    assert "Le fichier a maintenant" in plain(manager.get("/administration/appels").text)
    assert "ne peut pas servir" in plain(manager.get(FILE).text)


def test_a_file_is_checked_line_by_line_and_changes_nothing(browser, settings):
    manager = browser.as_person(MAX)
    good = settings.contract.read_bytes()
    held = browser.desk.value("SELECT digest FROM contracts")
    bad = good.replace(b"closes_on: '2026-12-31'", b"closes_on: '2026-02-31'").replace(
        b"code: D01", b"code: [D01]"
    )

    said = plain(manager.post(FILE, files={"fichier": ("neuf.yaml", bad)}).text)
    fine = plain(manager.post(FILE, files={"fichier": ("neuf.yaml", good)}).text)
    lost = plain(manager.post(FILE, files={"fichier": ("neuf.yaml", b"\xff\xfe<script>")}).text)
    none = manager.post(FILE)

    assert "« neuf.yaml » ne peut pas servir : 2 erreurs" in said.replace("\u202f", " ").replace("\xa0", " ")
    closing = line_of(settings, "closes_on: '2026-12-31'")
    assert re.search(rf"\b{closing} calls\[0\]\.closes_on closes_on: '2026-02-31'", said)
    assert "peut servir : 1 appels" in fine.replace("\u202f", " ")
    assert "UTF-8" in lost
    assert none.status_code == 422
    assert browser.desk.value("SELECT digest FROM contracts") == held
    assert browser.as_person(INES).post(FILE).status_code == 404


def test_holidays_say_where_delays_and_reminders_go(browser):
    desk = browser.desk
    desk.case_awaiting_documents(reply_by="2026-07-14")
    manager = browser.as_person(MAX)

    page = plain(manager.get("/administration/jours-feries").text)

    assert "14 juillet 2026 Fête nationale 15 juillet 2026 13 juillet 2026 1" in page
    assert "15 août 2026 un jour de fin de semaine Assomption 17 août 2026 14 août 2026" in page
    assert "Lundi de Pâques" in page
    for year in ("1", "0000", "9999", "2027.5", "été"):
        assert manager.client.get("/administration/jours-feries", params={"annee": year}).status_code == 200


def test_a_letter_is_seen_as_a_mail_shut_in_and_without_its_secret_address(browser):
    browser.desk.submitted_case()
    manager = browser.as_person(MAX)
    place = "/administration/appels/annuel-2026/lettres"

    page = manager.get(f"{place}?lettre=acknowledge&langue=fr").text
    mail = manager.get(f"{place}/html?lettre=acknowledge&langue=fr")

    assert re.search(r'<iframe class="mail" sandbox src="[^"]+/html\?lettre=acknowledge&amp;langue=fr"', page)
    assert mail.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "Atelier cuisine" in mail.text
    assert "/lien/" not in mail.text
    assert manager.get(f"{place}/html?lettre=lapsed&langue=fr").status_code == 404
    assert manager.get(f"{place}/html?lettre=inconnue").headers["location"] == place
