"""The pages of agreements: their list, one whole, what is done there and what is refused; an action renewed."""

import re

import pytest
from httpx2 import Response

from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction
from tests.services.agreement_desk import AgreementDesk, contract
from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.web.browser import Browser

INES, MAX, SIRET = "ines@ville.example", "max@ville.example", "41816609600051"


@pytest.fixture
def house(browser: Browser) -> AgreementDesk:
    browser.desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(browser.desk.database, contract())
    return AgreementDesk(browser.desk)


def test_an_agreement_is_found_read_and_moved_and_a_refusal_says_why(
    browser: Browser, house: AgreementDesk
) -> None:
    house.taken_over("2026-01-05")
    house.taken_over(
        "2026-01-05", purpose="evs", starts_on="2025-01-01", ends_on="2028-12-31", amounts={"etat": 12_345}
    )
    ines, max_ = browser.as_person(INES), browser.as_person(MAX)

    listed = ines.get("/conventions?stade=active&fin=2026-12-31&mots=étouvie")
    page = ines.get("/conventions/CONV-00001")

    assert "CONV-00001" in listed.text
    assert "CONV-00002" not in listed.text
    assert "30 000,01" in page.text.replace("\u202f", " ").replace("\xa0", " ")
    assert page.text.count("<svg") == 1
    assert "Ouvrir le renouvellement" in page.text
    assert 'action="/conventions/CONV-00001/actions/terminate"' not in page.text

    opened = ines.post("/conventions/CONV-00001/actions/open_renewal", {"version": "1"})
    stale = ines.post("/conventions/CONV-00001/actions/open_renewal", {"version": "1"})
    empty = max_.post("/conventions/CONV-00001/actions/amend", {"version": "2", "reason": ""})
    odd = max_.post(
        "/conventions/CONV-00001/actions/amend", {"version": "2", "reason": "Plus", "new_end": "demain"}
    )
    nothing = max_.post("/conventions/CONV-00001/actions/amend", {"version": "2", "reason": "Plus"})
    amended = max_.post("/conventions/CONV-00001/actions/amend", {
        "version": "2", "reason": "Un lieu de plus", "year": "3", "amount_ville": "25 000"})  # fmt: skip

    assert (opened.status_code, stale.status_code, empty.status_code, odd.status_code) == (303, 409, 422, 422)
    assert nothing.status_code == 409
    assert "Un avenant change quelque chose" in nothing.text
    assert amended.status_code == 303
    told = ines.get("/conventions/CONV-00001").text
    assert "Avenant n" in told
    assert "Un lieu de plus" in told
    assert ines.get("/conventions/CONV-99").status_code == 404


def test_a_self_evaluation_says_something_and_waits_for_the_renewal_to_open(
    browser: Browser, house: AgreementDesk
) -> None:
    house.taken_over("2026-01-05")
    browser.desk.submitted_case()
    asso, address = browser.as_applicant(SIRET), "/conventions/CONV-00001/auto-evaluation"

    early = asso.post(address, {"reason": "Trois ans d’accueil"})
    house.move(1, AgreementAction.OPEN_RENEWAL, "2026-01-06")
    nothing, odd = (
        asso.post(address),
        asso.post(address, files={"evaluation": ("x.exe", b"MZ", "text/plain")}),
    )
    given = asso.post(address, {"reason": "Trois ans d’accueil"})

    assert (early.status_code, nothing.status_code, odd.status_code, given.status_code) == (
        409,
        422,
        422,
        303,
    )
    assert "Écrire quelques lignes, ou joindre un fichier." in nothing.text
    assert "Trois ans d’accueil" in asso.get("/conventions/CONV-00001").text


def test_an_organisation_reads_its_own_agreement_and_no_other(browser: Browser, house: AgreementDesk) -> None:
    house.taken_over("2026-01-05")
    other = browser.desk.value(
        "INSERT INTO organisations (siret, name) VALUES ('83014132100018', 'Autre') RETURNING id"
    )
    house.taken_over("2026-01-05", organisation_id=other)
    browser.desk.submitted_case()
    asso = browser.as_applicant(SIRET)

    listed = asso.get("/conventions")
    own = asso.get("/conventions/CONV-00001")

    assert "CONV-00001" in listed.text
    assert "CONV-00002" not in listed.text
    assert own.status_code == 200
    assert "Ce que d’autres peuvent faire" not in own.text
    assert asso.get("/conventions/CONV-00002").status_code == 404
    assert (
        asso.post("/conventions/CONV-00001/actions/terminate", {"version": "1", "reason": "x"}).status_code
        == 409
    )


def test_a_signed_amendment_is_filed_version_after_version_and_its_organisation_sees_the_one_that_holds(
    browser: Browser, house: AgreementDesk
) -> None:
    house.taken_over("2026-01-05")
    browser.desk.submitted_case()
    max_, ines, asso = browser.as_person(MAX), browser.as_person(INES), browser.as_applicant(SIRET)
    max_.post("/conventions/CONV-00001/actions/amend", {
        "version": "1", "reason": "Un lieu de plus", "year": "3", "amount_ville": "25 000"})  # fmt: skip

    def file(content: bytes, name: str = "avenant.pdf", number: str = "1", signed: str = "") -> Response:
        sent = {"fichier": (name, content, "application/pdf")}
        return ines.post("/conventions/CONV-00001/fichiers", {"avenant": number, "signe": signed}, files=sent)

    to_sign, signed = file(pdf()), file(pdf(pages=2), signed="2026-05-20")
    again = file(pdf(pages=2), signed="2026-05-20")
    refused = [file(b"", "avenant.pdf"), file(b"MZ", "avenant.exe"), file(pdf(), signed="demain")]
    unknown, ahead = file(pdf(), number="2"), file(pdf(), signed="2099-01-01")

    assert (to_sign.status_code, signed.status_code, again.status_code) == (303, 303, 303)
    assert [each.status_code for each in refused] == [422, 422, 422]
    assert (unknown.status_code, ahead.status_code) == (409, 409)
    assert "Cet avenant n’existe pas (avenants passés" in unknown.text
    assert browser.desk.rows(
        "SELECT name, document_code, signed_on IS NOT NULL FROM files WHERE agreement_id IS NOT NULL ORDER BY id"
    ) == [("avenant.pdf", "1", False), ("avenant (2).pdf", "1", True)]
    told = ines.get("/conventions/CONV-00001").text
    assert "Fichier « avenant (2).pdf »" in told.replace("\u202f", " ")
    assert [one.split("<")[0] for one in told.split('apercu">')[1:]] == ["avenant (2).pdf", "avenant.pdf"]
    seen = asso.get("/conventions/CONV-00001").text
    [address] = re.findall(r'href="(/conventions/CONV-00001/fichiers/(?:\d+))/apercu"', seen)
    first = address.rsplit("/", 1)[0] + "/" + str(int(address.rsplit("/", 1)[1]) - 1)
    assert asso.get(address).content == pdf(pages=2)
    assert "page 1 sur 2" in asso.get(address + "/apercu").text
    assert [asso.get(first).status_code, asso.get(first + "/apercu").status_code] == [404, 404]
    assert ines.get(first).status_code == 200
    assert 'id="verser"' not in seen


def test_the_payments_of_a_year_are_on_its_page_and_on_that_of_payments_and_recorded_by_finance(
    browser: Browser, house: AgreementDesk
) -> None:
    house.taken_over("2026-01-05")
    house.move(1, AgreementAction.CONFIRM_YEAR, "2026-01-10", given=AgreementGiven(year=3))
    house.desk.run(
        "INSERT INTO people (contract_id, email, name, role) SELECT id, 'zoe@ville.example', 'Zoé', 'finance'"
        " FROM contracts"
    )
    finance, ines = browser.as_person("zoe@ville.example"), browser.as_person(INES)

    due = finance.get("/paiements").text
    page = finance.get("/conventions/CONV-00001").text
    early = finance.post("/conventions/CONV-00001/actions/record_payment", {"version": "2", "year": "3"})
    paid = finance.post("/conventions/CONV-00001/actions/record_payment", {
        "version": "2", "year": "3", "on": "2026-01-20", "reason": "BORD-7"})  # fmt: skip
    told = ines.get("/conventions/CONV-00001").text

    assert '<a href="/conventions/CONV-00001">' in due
    assert "acompte, année 3" in due
    assert "Référence comptable" in page
    assert "à verser" in page
    assert (early.status_code, paid.status_code) == (422, 303)
    assert "le 20 janv. 2026" in told.replace("\xa0", " ").replace("\u202f", " ")
    assert "Référence comptable : BORD-7" in told.replace("\xa0", " ").replace("\u202f", " ")
    assert "après la revue de l’année" in told
