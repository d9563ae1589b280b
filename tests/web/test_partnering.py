"""A coordinated proposal by its pages: deposited with a partner, confirmed by link, paid to each; what is refused."""

import pytest

from parvis.models.queries.letters import unwritten
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.files.samples import pdf
from tests.web.browser import Browser
from tests.web.draft_answers import case_of, fill, stamped
from tests.web.test_applicant import OTHER, OWN, plain

PARTNERS = {
    "partenaire_siret_1": OTHER, "partenaire_montant_1": "500,10", "partenaire_courriel_1": "zoe@centre.example",
}  # fmt: skip
PART = {"charge_604": "500,10"}
SIGNED = {"signataire": "Zoé Petit", "qualite": "présidente", "mandat": "oui", "engagement": "oui"}


@pytest.fixture
def deposited(browser, asso, partners, draft) -> str:
    """A request deposited with a partner nobody knew; its address."""
    fill(asso, draft, partenaires=PARTNERS)
    assert asso.post(f"{draft}/depot", {"engagement": "oui"}).status_code == 303
    return str(draft)


def link_of(browser) -> str:
    """The address of the invitation, as its letter gives it."""
    return str(browser.desk.value("SELECT data ->> 'path' FROM letters WHERE template = 'partner_invited'"))


def entered(browser: Browser) -> Browser:
    """The partner, come in by its link."""
    partner, link = browser.fresh(), link_of(browser)
    assert partner.get(link).status_code == 200
    came = partner.post(link)
    partner.client.cookies.set("parvis", came.cookies["parvis"])
    assert str(came.headers["location"]).endswith("/partenaire")
    return partner


def state(browser) -> str:
    return str(browser.desk.value("SELECT state FROM partners"))


def test_a_partner_reads_fills_in_and_signs_its_part_and_both_are_paid(browser, asso, deposited):
    desk, case = browser.desk, case_of(browser, deposited)
    partner, page = entered(browser), f"{deposited}/partenaire"
    assert "500,10 €" in plain(partner.get(page).text)

    wrong = partner.post(page, {"charge_604": "400"})
    assert (wrong.status_code, "écart : 100,10 €" in plain(wrong.text)) == (422, True)
    early = partner.post(f"{page}/confirmation", SIGNED)
    assert (early.status_code, state(browser)) == (422, "invited")
    over = partner.post(page, {"charge_604": "2000,10", "produit_756": "1500"})
    assert "compte 604 : les budgets des partenaires font 2 000,10 €" in plain(over.text)
    assert partner.post(page, PART).status_code == 303
    document = f"piece_rib_{OTHER}"
    assert partner.post(f"{page}/pieces", files={document: ("rib.pdf", pdf())}).status_code == 303
    unsigned = partner.post(f"{page}/confirmation", {**SIGNED, "engagement": ""})
    assert "cocher l’engagement" in plain(unsigned.text)
    assert partner.post(f"{page}/confirmation", SIGNED).headers["location"].endswith("fait=confirmation")

    assert "confirmé" in plain(asso.get(deposited).text)
    assert "signée par Zoé Petit, présidente" in plain(browser.as_person("ines@ville.example").get(
        f"/dossiers/{deposited.rpartition('/')[2]}").text)  # fmt: skip
    codes = tuple(code for (code,) in desk.rows("SELECT code FROM documents WHERE case_id = %(id)s", id=case))
    desk.move(case, Action.RECEIVE_DOCUMENTS, given=Given(documents=codes))
    desk.move(case, Action.CHECK_ELIGIBILITY)
    desk.move(case, Action.ASSESS, given=Given(score=70))
    desk.move(case, Action.INSTRUCT)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=desk.committee("copil")))
    desk.hold_session()
    grants = Given(amounts=(("etat", 150_000), ("ville", 100_000)))
    desk.move(case, Action.FUND, role=Role.SECRETARY, given=grants)

    shown = plain(partner.get(page).text)
    assert "Vos versements" in shown
    paid = (
        "SELECT COALESCE(sum(amount_cents), 0) FROM payments WHERE case_id = %(id)s AND partner_id IS {}NULL"
    )
    sums = [desk.value(paid.format(which), id=case) for which in ("", "NOT ")]
    assert sums == [250_000 - 50_010, 50_010]


def test_a_link_replayed_signs_nothing_twice_and_a_signed_part_is_changed_no_more(browser, asso, deposited):
    partner, page = entered(browser), f"{deposited}/partenaire"
    partner.post(page, PART)
    partner.post(f"{page}/confirmation", SIGNED)

    again = entered(browser)

    locked = [
        again.post(page, {"charge_604": "1"}),
        again.post(f"{page}/confirmation", {**SIGNED, "signataire": "Un autre"}),
    ]
    assert [each.status_code for each in locked] == [409, 409]
    assert "elle ne se modifie plus" in plain(locked[0].text)
    assert browser.desk.rows("SELECT signed_by, answers ->> 'charge_604' FROM partners") == [
        ("Zoé Petit, présidente", '["500,10"]')
    ]
    browser.clock.set("2026-09-01 09:00")
    assert again.fresh().get(link_of(browser)).status_code == 410


def test_another_organisation_has_no_part_here_and_the_lead_does_not_sign_for_its_partner(
    browser, asso, deposited
):
    browser.desk.submitted_case(siret="21800019600123", organisation="Une autre")
    stranger, page = browser.as_applicant("21800019600123"), f"{deposited}/partenaire"

    for someone in (stranger, asso):
        answers = [someone.get(page), someone.post(page, PART), someone.post(f"{page}/confirmation", SIGNED),
                   someone.post(f"{page}/refus", {"motif": "Non"})]  # fmt: skip
        assert [each.status_code for each in answers] == [404] * 4
    partner = entered(browser)
    invites = f"{deposited}/partenaires/1/invitation"
    assert [partner.post(invites).status_code, stranger.post(invites).status_code] == [404, 404]
    assert state(browser) == "invited"


def test_naming_a_partner_that_is_known_writes_to_its_own_address_and_not_to_a_strangers(
    browser, asso, partners, draft
):
    browser.desk.submitted_case(siret=OTHER, organisation="Centre social", email="accueil@centre.example")
    fill(asso, draft, partenaires={**PARTNERS, "partenaire_courriel_1": "pirate@ailleurs.example"})
    asso.post(f"{draft}/depot", {"engagement": "oui"})
    partner = browser.desk.value("SELECT organisation_id FROM partners")

    asso.post(f"{draft}/partenaires/{partner}/invitation", {"courriel": "pirate@ailleurs.example"})

    with browser.desk.database.transaction() as session:
        ids = [i for (i,) in browser.desk.rows("SELECT id FROM letters WHERE template = 'partner_invited'")]
        assert {letter.address for letter in unwritten(session, ids)} == {"accueil@centre.example"}


def test_a_lead_adds_a_partner_after_the_deposit_and_reads_what_is_wrong_beside_its_field(
    browser, asso, deposited
):
    page = asso.get(deposited).text
    assert "Ajouter un partenaire" in page
    added = f"{deposited}/partenaires"
    fields = {"partner_siret": "78467169500087", "partner_name": "Ludothèque", "amount_ville": "100"}

    wrong = asso.post(added, {**fields, "partner_siret": "123"})
    too_much = asso.post(added, {**fields, "amount_ville": "99999"})

    assert (wrong.status_code, too_much.status_code) == (422, 409)
    assert 'value="Ludothèque"' in wrong.text
    assert "les parts des partenaires font" in plain(too_much.text)
    assert asso.post(added, fields).headers["location"].endswith("fait=partenaire")
    assert "Ludothèque" in plain(asso.get(deposited).text)
    assert entered(browser).post(added, fields).status_code == 404


def test_a_partner_that_declines_says_why_and_the_lead_reads_it(browser, asso, deposited):
    partner, page = entered(browser), f"{deposited}/partenaire"

    silent = partner.post(f"{page}/refus")
    assert silent.status_code == 409
    partner.post(f"{page}/refus", {"motif": "Notre salariée est partie."})

    case = case_of(browser, deposited)
    assert (state(browser), browser.desk.letters(case, "partner_left")) == ("declined", 2)
    asked = "SELECT requested_cents FROM cases WHERE id = %(id)s"
    assert browser.desk.value(asked, id=case) == 250_000 - 50_010
    assert "a décliné" in plain(asso.get(deposited).text)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"partenaire_siret_2": OTHER, "partenaire_montant_2": "10"}, "ce partenaire est déjà dans la liste"),
        ({"partenaire_siret_2": OWN, "partenaire_montant_2": "10"}, "c’est votre propre SIRET"),
        ({"partenaire_financeur_etat_1": "400"}, "les montants par financeur font 400,00 €, la part dit 500,10 €"),
        ({"partenaire_montant_1": "1200", "partenaire_financeur_ville_1": "1200"},
         "Ville : les parts des partenaires font 1 200,00 €, pour 1 000,00 € demandés"),
        ({"partenaire_montant_1": "2500,01"}, "dépassent le montant demandé"),
    ],
)  # fmt: skip
def test_shares_that_do_not_add_up_are_pointed_out_where_they_are_typed(asso, partners, draft, fields, said):
    fill(asso, draft)
    address = f"{draft}/demande/partenaires"
    stamp = stamped(asso.get(address).text)

    answer = asso.post(address, {**PARTNERS, **fields, "tampon": stamp})

    assert (answer.status_code, said in plain(answer.text)) == (422, True), plain(answer.text)[-3000:]
