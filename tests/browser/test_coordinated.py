"""A proposal of three associations in a real browser: each signs, one leaves, each is granted and paid its own part."""

import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from parvis.services import money, reports
from parvis.services.bank_keys import ring
from parvis.services.settings import Settings
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from tests.browser.test_deposit import ASSOCIATION, begin, go_on, whole
from tests.browser.test_money_story import INES, LEA, ZOE, returned
from tests.services.desk import Desk, moment
from tests.services.payment_desk import PaymentDesk
from tests.services.renewal_story import RenewalStory
from tests.services.session_desk import DAY, SessionDesk, contract
from tests.web.draft_answers import BUDGET

CENTRE, REGIE = "35600000000048", "78467169500087"
OWN = "41816609600051"
IBANS = {OWN: "FR7630006000011234567890189", CENTRE: "FR1420041010050500013M02606"}
PARTS = """
SELECT COALESCE(o.siret, %(own)s), sum(p.amount_cents) FROM payments p LEFT JOIN organisations o ON o.id = p.partner_id
 WHERE p.status = 'paid' GROUP BY 1
"""


@pytest.fixture
def desk(database):
    """A small city whose call takes partners, with somebody of finance, and an association that is known."""
    whole_contract: dict[str, Any] = contract()
    opened = Desk.opened(database, {**whole_contract, "people": [*whole_contract["people"], ZOE]})
    opened.submitted_case()
    opened.run(
        "UPDATE calls SET digest = digest || '+', document = document || '{\"partners_allowed\": true}'"
    )
    return opened


def deposited(page: Page, desk: Desk) -> tuple[str, int]:
    """The lead deposits for 2,500 €, of which 500.10 € for a social centre and 400 € for a "régie"."""
    begin(page, lambda _: None)
    for name, cents in BUDGET.items():
        page.locator(f"#{name}").fill(str(cents))
    go_on(page)
    for row, siret, name, share in ((1, CENTRE, "Centre social", "500,10"), (2, REGIE, "Régie", "400")):
        page.locator(f"#partenaire_siret_{row}").fill(siret)
        page.locator(f"#partenaire_nom_{row}").fill(name)
        page.locator(f"#partenaire_montant_{row}").fill(share)
        page.locator(f"#partenaire_courriel_{row}").fill(f"{siret}@asso.example")
    go_on(page)
    assert page.locator(".fault").all_inner_texts() == []
    page.get_by_label("Nom du contact").fill("Zoé Petit")
    page.get_by_label("Adresse électronique").fill("zoe@asso.example")
    go_on(page)
    page.get_by_role("link", name="Continuer").click()
    page.get_by_label("contrat d’engagement républicain").check()
    page.get_by_role("button", name="Déposer la demande").click()
    expect(page.get_by_text("invité, confirmation attendue")).to_have_count(2)
    [(reference, case)] = desk.rows("SELECT reference, id FROM cases ORDER BY id DESC LIMIT 1")
    return str(reference), int(case)


def signs(page: Page, desk: Desk, siret: str, cost: str) -> None:
    """A partner comes by the link of its letter, fills its part in and signs it."""
    page.goto(str(desk.value(
        "SELECT data ->> 'path' FROM letters l JOIN organisations o ON l.recipient = 'partner:' || o.id"
        " WHERE template = 'partner_invited' AND o.siret = %(siret)s", siret=siret,
    )))  # fmt: skip
    page.get_by_role("button", name="Continuer").click()
    page.locator("#charge_641").fill(cost)
    page.get_by_role("button", name="Enregistrer le budget").click()
    page.get_by_label("Nom de qui signe").fill("Ali Roy")
    page.get_by_label("En qualité de").fill("président")
    page.get_by_label("Je donne mandat").check()
    page.get_by_label("contrat d’engagement républicain").check()
    page.get_by_role("button", name="Confirmer ma part").click()
    expect(page.get_by_text("Votre part est confirmée")).to_be_visible()


def both_sign_and_one_leaves(centre: Page, regie: Page, desk: Desk) -> None:
    """Both partners sign; the one on a small screen without script withdraws afterwards, and says why."""
    for page, siret, cost in ((centre, CENTRE, "500,10"), (regie, REGIE, "400")):
        page.context.clear_cookies()
        signs(page, desk, siret, cost)
    regie.get_by_text("Se retirer", exact=True).click()
    regie.get_by_label("Pourquoi").fill("Notre salariée est partie.")
    regie.get_by_role("button", name="Se retirer du dossier").click()


def to_committee(desk: Desk, case: int) -> SessionDesk:
    """The officer examines the case, and its committee sits."""
    table = SessionDesk(desk)
    codes = tuple(code for (code,) in desk.rows(
        "SELECT code FROM documents WHERE case_id = %(id)s AND required", id=case
    ))  # fmt: skip
    desk.move(case, Action.RECEIVE_DOCUMENTS, given=Given(documents=codes))
    desk.move(case, Action.CHECK_ELIGIBILITY)
    desk.move(case, Action.ASSESS, given=Given(score=70))
    desk.move(case, Action.INSTRUCT)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=table.committee))
    table.open()
    return table


def decided(page: Page, table: SessionDesk, case: int, folder: Path) -> None:
    """1,800 € are granted, 600 € of them to the social centre, which asks less: the page says so; then 450.05 €."""
    page.goto(f"/seances/{table.committee}/seance")
    item = page.locator(f"#dossier-{case}")
    item.get_by_label("financé").check()
    item.locator("input[name=montant_etat]").fill("1 000")
    item.locator("input[name=montant_ville]").fill("800")
    item.get_by_text("Part de chaque organisme").click()
    part = item.locator(f"input[name=part_{CENTRE}_etat]")
    part.fill("600")
    item.get_by_role("button", name="Enregistrer").click()
    expect(item.locator(".fault")).to_contain_text(
        "Centre social, pour qui 300,06\u00a0€ sont demandés, aurait 600,00\u00a0€"
    )
    part.fill("250,05")
    page.screenshot(path=folder / "parts.png", full_page=True)
    item.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").filter(has_text="décision enregistrée")).to_be_visible()


def paid(page: Page, folder: Path, day: str) -> list[tuple[str, str]]:
    """All that is due is ordered in a lot, and comes back paid: to whom, and how much."""
    page.goto("/paiements")
    page.get_by_role("button", name="Préparer un lot").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le fichier").click()
    page.screenshot(path=folder / "lot.png", full_page=True)
    orders = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines(), delimiter=";"))[1:]
    returned(page, *(f"{each[0]};{day};M-{each[0]};{each[7]}" for each in orders))
    assert "versés" in page.get_by_role("status").inner_text()
    return sorted((each[4], each[7]) for each in orders)


def reported(desk: Desk, case: int) -> None:
    """The lead reports for all, by their mandate, and the report is accepted."""
    answers = {
        "recit": {"deroule": ["Vingt ateliers."], "effets": ["Des vélos."]},
        "publics": {"personnes": ["40"], "part_qpv": ["60"]},
        "comptes": {f"ligne_{n}": [said] for n, said in enumerate(("1000", "2000,50", "300", "1000", "800"))},
    }
    asso = By("organisation:1", Role.APPLICANT)
    with desk.database.transaction() as session:
        for step, values in answers.items():
            owed = reports.open_report(session, case)
            stamp = reports.stamp(owed.values(step))
            reports.save(session, case, step, values, stamp, by=asso, at=moment("2027-05-03"))
        reports.send(session, case, signed=True, by=asso, at=moment("2027-05-03"))
    desk.move(case, Action.ACCEPT_REPORT, at="2027-05-10")


@pytest.mark.slow
def test_three_associations_deposit_sign_lose_one_and_are_each_granted_paid_and_settled(
    enter, desk, clock, tmp_path
):
    reference, case = deposited(enter(ASSOCIATION), desk)
    centre = enter(ASSOCIATION)
    both_sign_and_one_leaves(centre, enter(ASSOCIATION, width=320, script=False), desk)
    officer = enter(INES)
    officer.goto(f"/dossiers/{reference}")
    expect(officer.locator("main")).to_contain_text("s’est retiré")
    whole(officer)
    officer.screenshot(path=tmp_path / "dossier.png", full_page=True)
    assert desk.value("SELECT requested_cents FROM cases WHERE id = %(id)s", id=case) == 210_000

    table = to_committee(desk, case)
    clock.set(DAY)
    decided(enter(LEA), table, case, tmp_path)
    table.close()
    centre = enter(f"{CENTRE}@asso.example", width=320)
    centre.goto(f"/mes-dossiers/{reference}/partenaire")
    expect(centre.locator("main")).to_contain_text("Vos versements")
    whole(centre)
    centre.screenshot(path=tmp_path / "part.png", full_page=True)

    clock.set("2026-09-20")
    keys = ring(Settings(data_folder=tmp_path))
    for siret, iban in IBANS.items():
        PaymentDesk(desk, keys).knows_account(siret, iban)
    first = paid(enter(ZOE["email"]), tmp_path, "20/09/2026")
    reported(desk, case)
    clock.set("2027-06-05")
    last = paid(enter(ZOE["email"]), tmp_path, "05/06/2027")

    assert len(first) == len(last) == 4, (first, last)
    told(desk)
    with desk.database.transaction() as session:
        assert money.verify(session).sound


def told(desk: Desk) -> None:
    """Sums to the cent, by association and in the envelopes; what each was written."""
    sums = dict(desk.rows(PARTS, own=OWN))
    assert sum(sums.values()) == 180_000
    granted = (
        "SELECT sum(v.value::bigint) FROM partners, jsonb_each_text(granted) v WHERE state = 'confirmed'"
    )
    assert sums[CENTRE] == desk.value(granted) > 25_005
    assert desk.value("SELECT sum(paid_cents) FROM envelopes") == 180_000
    letters = RenewalStory(desk)
    assert "Notre salariée est partie." in letters.letter("partner_left")
    assert "La part accordée à votre organisme" in letters.letter("partner_granted")
