"""The page of the yearly evaluation: charts, matrix, lists behind the figures, for those who may read it."""

import re
from html import unescape

import pytest

MAX, INES, PAUL = "max@ville.example", "ines@ville.example", "paul@ville.example"


@pytest.fixture
def year(browser):
    desk = browser.desk
    desk.submitted_case(title="Premier", challenges=("D01",), qpvs=("QN08001M",))
    desk.submitted_case(title="Second", challenges=("D01",), qpvs=("QN08003M", "QN08001M"))
    undone = desk.submitted_case(title="Troisième", challenges=("D01",), qpvs=("QN08003M",))
    desk.run("UPDATE cases SET stage = 'funded', not_carried_out = true WHERE id = %(id)s", id=undone)
    return browser.as_person(MAX)


def test_each_chart_has_its_table_and_each_figure_leads_to_the_cases_it_counts(year):
    shown = unescape(year.get("/evaluation/2026").text)

    assert shown.count("<svg ") == shown.count('class="scroll chart"') == 8
    assert shown.count('<details class="data">') == 9
    links = set(
        re.findall(
            r'<a href="(/dossiers\?[^"]+)"[^>]*>(?:\d+ / |<strong>)?(\d+)(?:</a>|</strong> actions)', shown
        )
    )
    assert len(links) >= 10
    for link, figure in links:
        listed = year.get(link).text
        assert f"<strong>{figure} dossier" in listed.replace("\xa0", " "), link
    assert any("non_realise=oui" in link for link, _ in links)


def test_the_page_says_how_it_counts_and_what_nobody_answered(year):
    shown = unescape(year.get("/evaluation/2026").text)

    assert "compte en entier dans chacun" in shown
    assert re.search(r'class="spot funded" [^>]*><a [^>]*>1 / 2<', shown)
    assert re.search(r'class="spot unfunded" [^>]*><a [^>]*>0 / 2<', shown)


def test_it_is_taken_away_as_a_report_and_as_tables(year):
    report, tables = (year.get(f"/evaluation/2026/{name}") for name in ("rapport.pdf", "tableaux.xlsx"))

    assert report.content.startswith(b"%PDF")
    assert 'filename="evaluation-2026.pdf"' in report.headers["content-disposition"]
    assert tables.content.startswith(b"PK")
    assert [
        year.get(f"/evaluation/2031/{name}").status_code for name in ("rapport.pdf", "tableaux.xlsx")
    ] == [404, 404]


def test_it_is_found_from_the_dashboard_and_read_by_the_service_alone(browser):
    manager = browser.as_person(MAX)
    assert 'href="/evaluation"' in manager.get("/tableau-de-bord").text
    assert manager.get("/evaluation").headers["location"] == "/evaluation/2026"
    assert "Aucune action n’a été proposée en 2026." in manager.get("/evaluation/2026").text
    assert manager.get("/evaluation/2031").status_code == 404
    assert manager.get("/evaluation/an-2026").status_code == 422
    assert manager.get(f"/evaluation/{10**30}").status_code == 404
    assert browser.as_person(INES).get("/evaluation/2026").status_code == 200
    assert browser.as_person(PAUL).get("/evaluation/2026").status_code == 404
