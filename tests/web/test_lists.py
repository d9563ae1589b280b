"""The queue: filters in the address, pages that follow each other, few statements, what is new."""

import re

from tests.services.desk import Desk
from tests.statements import counted

INES = "ines@ville.example"


def reference(desk: Desk, case: int) -> str:
    return str(desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))


def plain(text: str) -> str:
    bare = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u202f", " ").replace("\xa0", " ")
    return re.sub(r"\s+", " ", bare)


def test_the_queue_lists_cases_with_filters_in_the_address(browser):
    desk = browser.desk
    kept = desk.submitted_case(title="Jardin d’été", qpvs=("QN08003M",))
    other = desk.submitted_case(title="Boxe", qpvs=("QN08001M",))
    ines = browser.as_person(INES)

    listed = ines.get("/dossiers?q=ete&quartier=QN08003M")

    assert listed.status_code == 200
    assert reference(desk, kept) in listed.text
    assert reference(desk, other) not in listed.text
    assert "1 dossier" in plain(listed.text)


def test_a_filter_that_cannot_be_read_is_said_and_left_out(browser):
    browser.desk.submitted_case()

    listed = browser.as_person(INES).get("/dossiers?etape=perdue&min=beaucoup")

    assert listed.status_code == 200
    assert "« perdue » ne se comprend pas" in plain(listed.text)


def test_pages_of_the_queue_follow_each_other_both_ways(browser):
    desk = browser.desk
    desk.receive(*[desk.deposit(title=f"Action {number}") for number in range(60)])
    ines = browser.as_person(INES)

    first = ines.get("/dossiers?tri=reference")
    onward = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert onward is not None
    second = ines.get(onward.group(1).replace("&amp;", "&"))
    back = re.search(r'rel="prev" href="([^"]+)"', second.text)

    rows = [re.findall(r"ANNUEL-2026-\d+", page.text) for page in (first, second)]
    assert len(set(rows[0])) == 50
    assert len(set(rows[1])) == 10
    assert not set(rows[0]) & set(rows[1])
    assert back is not None


def test_the_queue_costs_the_same_few_statements_however_many_cases_it_lists(browser):
    desk = browser.desk
    desk.submitted_case()
    ines = browser.as_person(INES)
    with counted(desk.database) as few:
        ines.get("/dossiers")
    desk.receive(*[desk.deposit() for _ in range(60)])

    with counted(desk.database) as many:
        ines.get("/dossiers")

    assert few.count == many.count <= 7


def test_opening_a_case_takes_what_was_new_in_it_off_the_queue(browser):
    desk = browser.desk
    case = desk.submitted_case()
    ines = browser.as_person(INES)

    assert "nouveau dépôt" in plain(ines.get("/dossiers").text)
    ines.get(f"/dossiers/{reference(desk, case)}")

    assert "nouveau dépôt" not in plain(ines.get("/dossiers").text)


def test_a_case_marked_as_unread_is_news_again_and_leads_back_to_its_list(browser):
    desk = browser.desk
    case = desk.submitted_case()
    ines = browser.as_person(INES)
    page = ines.get(f"/dossiers/{reference(desk, case)}?tri=reference&colonnes=titre")
    button = re.search(r'action="([^"]+/non-lu[^"]*)"', page.text)
    assert button is not None

    back = ines.post(button.group(1).replace("&amp;", "&"))

    assert back.headers["location"] == "/dossiers?tri=reference&colonnes=titre"
    assert "nouveau dépôt" in plain(ines.get("/dossiers").text)


def test_columns_are_chosen_put_in_order_kept_in_a_view_and_given_back(browser):
    browser.desk.submitted_case()
    ines = browser.as_person(INES)

    chosen = ines.post(
        "/dossiers/colonnes",
        {
            "requete": "etape=submitted",
            "colonne": ["porteur", "etape", "siret", "inconnue"],
            "rang_siret": "2",
        },
    ).headers["location"]
    listed = ines.get(chosen)
    ines.post("/dossiers/vues", {"nom": "Courte", "requete": chosen.partition("?")[2]})

    assert chosen == "/dossiers?etape=submitted&colonnes=siret%2Cporteur%2Cetape"
    names = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', listed.text)
    assert [name.strip() for name in names] == ["Référence", "SIRET", "Porteur", "Étape"]
    assert f'href="{chosen}"' in ines.get("/dossiers").text.replace("&amp;", "&")
    usual = ines.post("/dossiers/colonnes", {"requete": chosen.partition("?")[2], "habituelles": "oui"})
    assert usual.headers["location"] == "/dossiers?etape=submitted"


def test_the_neighbours_of_a_case_are_there_without_a_filter_as_well(browser):
    desk = browser.desk
    first, second = desk.submitted_case(), desk.submitted_case()

    page = browser.as_person(INES).get(f"/dossiers/{reference(desk, first)}")

    assert f'rel="next" href="/dossiers/{reference(desk, second)}"' in page.text
