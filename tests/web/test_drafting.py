"""A request typed by an association: begun, saved whatever it is worth, corrected, submitted, and received."""

import json

from parvis.services.drafts import MOST_DRAFTS
from parvis.services.imports.deposit import PartnerShare
from tests.services.files.samples import pdf
from tests.web.draft_answers import ACTION, CALL, CONTACT, case_of, fill, save, stamp, stamped
from tests.web.test_applicant import OTHER, OWN, plain


def test_a_request_is_begun_typed_read_again_submitted_and_acknowledged(browser, asso, draft):
    desk, case = browser.desk, case_of(browser, draft)
    fill(asso, draft)
    asso.post(f"{draft}/demande/pieces/fichiers", files={"piece_rib": ("rib.pdf", pdf())})

    read = plain(asso.get(f"{draft}/demande/recapitulatif").text)
    assert "2 500,00 €" in read
    assert "un coût de 3 000,50 €" in read
    assert "À corriger" not in read
    done = asso.post(f"{draft}/depot", {"engagement": "oui"})

    assert (done.status_code, done.headers["location"]) == (303, f"{draft}?fait=depot")
    assert "Votre demande est déposée" in plain(asso.get(f"{draft}?fait=depot").text)
    assert desk.stage(case) == "submitted"
    assert desk.letters(case, "acknowledge") == 1
    [(source, cost, asked, deposited, officer, name)] = desk.rows(
        "SELECT source, total_cost_cents, requested_cents, deposited_on::text, instructor_id, contact ->> 'name'"
        " FROM cases WHERE id = %(id)s", id=case,
    )  # fmt: skip
    assert (source, cost, asked, deposited, name) == ("form", 300_050, 250_000, "2026-06-01", "Zoé Petit")
    assert officer == desk.value("SELECT id FROM people WHERE role = 'instructor'")
    sums = desk.rows(
        "SELECT side, sum(amount_cents) FROM budget_lines WHERE case_id = %(id)s GROUP BY 1", id=case
    )
    assert dict(sums) == {"charge": 330_050, "produit": 330_050}
    details = desk.value(
        "SELECT details::text FROM journal WHERE case_id = %(id)s AND action = 'submit'", id=case
    )
    assert json.loads(details) == {"undertaken": "republican"}
    assert "Atelier vélo" in browser.as_person("ines@ville.example").get("/dossiers").text


def test_submitting_twice_is_submitting_once(browser, asso, draft):
    fill(asso, draft)
    asso.post(f"{draft}/depot", {"engagement": "oui"})

    again = asso.post(f"{draft}/depot", {"engagement": "oui"})

    assert again.headers["location"] == draft
    assert browser.desk.letters(case_of(browser, draft), "acknowledge") == 1
    late = asso.post(f"{draft}/demande/action", {**ACTION, "tampon": ""})
    assert late.headers["location"] == draft
    assert asso.get(f"{draft}/demande/action").headers["location"] == draft


def test_what_blocks_is_said_before_and_submitting_changes_nothing(browser, asso, draft):
    page = plain(asso.get(f"{draft}/demande/recapitulatif").text)
    assert "À corriger avant de déposer" in page
    assert "choisir au moins un quartier" in page

    refused = asso.post(f"{draft}/depot", {"engagement": "oui"})

    assert refused.status_code == 422
    assert browser.desk.stage(case_of(browser, draft)) == "draft"
    assert browser.desk.value("SELECT count(*) FROM journal WHERE action = 'submit'") == 1


def test_the_republican_commitment_is_needed(browser, asso, draft):
    fill(asso, draft)

    refused = asso.post(f"{draft}/depot", {})

    assert refused.status_code == 422
    assert 'id="engagement-faute"' in refused.text
    assert browser.desk.stage(case_of(browser, draft)) == "draft"


def test_after_the_closing_day_the_call_takes_it_no_more(browser, asso, draft):
    fill(asso, draft)
    browser.clock.set("2027-01-01")
    late = browser.as_applicant(OWN)

    refused = late.post(f"{draft}/depot", {"engagement": "oui"})

    assert refused.status_code == 409
    assert "dépôts du 1er novembre 2025 au 31 décembre 2026" in plain(refused.text)
    assert (
        browser.desk.value("SELECT requested_cents FROM cases WHERE id = %(i)s", i=case_of(browser, draft))
        == 0
    )
    assert "Aucun appel" in late.get("/mes-dossiers/nouvelle").text


def test_a_draft_is_reminded_of_the_closing_day_and_no_more_once_submitted(browser, asso, draft):
    open_timers = (
        "SELECT count(*) FROM timers"
        " WHERE case_id = %(i)s AND settled_at IS NULL AND template = 'draft_closing'"
    )
    case = case_of(browser, draft)
    assert browser.desk.value(open_timers, i=case) > 0
    fill(asso, draft)

    asso.post(f"{draft}/depot", {"engagement": "oui"})

    assert browser.desk.value(open_timers, i=case) == 0


def test_two_windows_do_not_overwrite_each_other_and_nothing_typed_is_lost(asso, draft):
    read = stamp(asso, draft, "action")
    assert asso.post(f"{draft}/demande/action", {**ACTION, "tampon": read}).status_code == 303

    other = asso.post(f"{draft}/demande/action", {**ACTION, "titre": "Autre titre", "tampon": read})

    assert other.status_code == 409
    assert "Modifié entre-temps" in plain(other.text)
    assert 'value="Autre titre"' in other.text
    assert "<dd>Atelier vélo</dd>" in other.text
    assert "Autre titre" not in asso.get(f"{draft}/demande/action").text
    now = stamped(other.text)
    assert (
        asso.post(f"{draft}/demande/action", {**ACTION, "titre": "Autre titre", "tampon": now}).status_code
        == 303
    )
    assert "Autre titre" in asso.get(f"{draft}/demande/action").text


def test_saving_by_itself_answers_the_next_stamp_and_two_windows_are_told(asso, draft):
    read = stamp(asso, draft, "contact")
    quiet = {"accept": "application/json"}

    first = asso.post(f"{draft}/demande/contact", {"nom": "Zoé", "tampon": read}, headers=quiet)
    second = asso.post(
        f"{draft}/demande/contact", {"nom": "Zoé P", "tampon": first.json()["stamp"]}, headers=quiet
    )
    stale = asso.post(f"{draft}/demande/contact", {"nom": "Autre", "tampon": read}, headers=quiet)

    assert (first.status_code, second.status_code, stale.status_code) == (200, 200, 409)
    assert first.json()["told"].startswith("Enregistré")
    assert 'value="Zoé P"' in asso.get(f"{draft}/demande/contact").text


def test_steps_are_saved_apart(asso, draft):
    before = stamp(asso, draft, "contact")
    save(asso, draft, "action", ACTION)

    assert asso.post(f"{draft}/demande/contact", {**CONTACT, "tampon": before}).status_code == 303


def test_partners_share_what_is_asked_and_see_the_proposal_once_it_is_submitted(
    browser, asso, partners, draft
):
    browser.desk.submitted_case(siret=OTHER, organisation="Une autre")
    fill(asso, draft, partenaires={"partenaire_siret_1": OTHER, "partenaire_montant_1": "500"})
    other = browser.as_applicant(OTHER)
    assert other.get(draft).status_code == 404

    asso.post(f"{draft}/depot", {"engagement": "oui"})

    assert "Atelier vélo" in other.get(draft).text
    assert other.get(f"{draft}/demande/action").status_code == 404
    assert browser.desk.rows(
        "SELECT o.name, p.requested_cents FROM partners p JOIN organisations o ON o.id = p.organisation_id"
    ) == [("Une autre", 50_000)]


def test_an_organisation_has_so_many_drafts_and_no_more(browser, asso):
    for _ in range(MOST_DRAFTS):
        assert asso.post("/mes-dossiers/nouvelle", {"appel": CALL, "titre": "Un"}).status_code == 303

    refused = asso.post("/mes-dossiers/nouvelle", {"appel": CALL, "titre": "Un de trop"})

    assert refused.status_code == 422
    assert "Déjà 20 brouillons" in plain(refused.text)


def test_a_draft_of_another_organisation_is_not_there(browser, asso, draft):
    browser.desk.submitted_case(siret=OTHER, organisation="Une autre")
    stranger = browser.as_applicant(OTHER)

    for path in ("", "/demande/action", "/demande/recapitulatif"):
        assert stranger.get(draft + path).status_code == 404
    for path in ("/demande/action", "/demande/pieces/fichiers", "/depot"):
        assert stranger.post(draft + path, {"engagement": "oui"}).status_code == 404


def test_a_draft_is_withdrawn(browser, asso, draft):
    case = case_of(browser, draft)

    assert asso.post(f"{draft}/retrait", {"version": browser.desk.version(case)}).status_code == 303
    assert browser.desk.stage(case) == "withdrawn"


def test_a_partner_named_by_the_draft_keeps_its_address(browser, asso, partners, draft):
    browser.desk.submitted_case(siret=OTHER, organisation="Une autre", email="autre@asso.example",
                                partners=(PartnerShare(siret=OWN, requested_cents=100),))  # fmt: skip
    fill(asso, draft, partenaires={"partenaire_siret_1": OTHER, "partenaire_montant_1": "500"})
    asso.post(f"{draft}/depot", {"engagement": "oui"})

    assert browser.desk.rows("SELECT name, email FROM organisations ORDER BY id") == [
        ("Association Exemple", "contact@asso.example"), ("Une autre", "autre@asso.example"),
    ]  # fmt: skip
