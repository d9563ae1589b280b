"""The dashboard: figures of the calls an address names, charts with their tables, late cases led to the queue."""

import re
from html import unescape

from tests.statements import counted

MAX, PAUL = "max@ville.example", "paul@ville.example"


def test_the_dashboard_shows_each_section_with_its_chart_and_its_table(browser):
    desk = browser.desk
    case = desk.submitted_case(title="Jardin d’été", qpvs=("QN08003M",))
    desk.run("UPDATE cases SET late_after = '2026-05-20' WHERE id = %(id)s", id=case)
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)

    shown = browser.as_person(MAX).get("/tableau-de-bord").text

    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", shown)
    assert titles == [
        "Parcours des dossiers", "Délais par étape", "Dossiers en retard", "Enveloppes par financeur",
        "Charge par instructeur", "Carte des quartiers", "Montants par quartier", "Montants par défi",
    ]  # fmt: skip
    assert shown.count("<svg ") == shown.count('<details class="data">') == 6
    assert f'href="/dossiers/{reference}?retard=oui"' in shown
    assert 'href="/dossiers?retard=oui"' in shown


def test_a_figure_leads_to_the_list_of_what_it_counts(browser):
    desk = browser.desk
    kept = desk.submitted_case(qpvs=("QN08003M",))
    other = desk.submitted_case(qpvs=("QN08001M",))
    manager = browser.as_person(MAX)
    shown = unescape(manager.get("/tableau-de-bord?appel=annuel-2026").text)

    link = re.search(r'<a href="(/dossiers\?[^"]*)">Amiens Nord</a>', shown)
    assert link is not None
    listed = manager.get(link.group(1)).text

    references = [
        desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=one) for one in (kept, other)
    ]
    assert [reference in listed for reference in references] == [True, False]
    assert "appel=annuel-2026" in link.group(1)


def test_the_address_chooses_a_call_or_a_year_and_says_what_it_does_not_know(browser):
    browser.desk.submitted_case()
    manager = browser.as_person(MAX)

    of_year = manager.get("/tableau-de-bord?annee=2026").text
    unknown = manager.get("/tableau-de-bord?appel=perdu&annee=1999")

    assert "<option selected>2026</option>" in of_year
    assert unknown.status_code == 200
    said = re.findall(r"«\s(\w+)\s» ne se comprend pas", unknown.text)
    assert said == ["perdu", "1999"]


def test_the_dashboard_costs_the_same_statements_however_many_cases_it_counts(browser):
    desk = browser.desk
    desk.submitted_case()
    manager = browser.as_person(MAX)
    with counted(desk.database) as few:
        manager.get("/tableau-de-bord")
    desk.receive(*[desk.deposit() for _ in range(30)])

    with counted(desk.database) as many:
        manager.get("/tableau-de-bord")

    assert few.count == many.count <= 11


def test_the_dashboard_is_the_services_a_funder_is_told_there_is_nothing(browser):
    funder = browser.as_person(PAUL)

    assert funder.get("/tableau-de-bord").status_code == 404
    assert "/tableau-de-bord" not in funder.get("/").text
