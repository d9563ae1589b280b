"""The page of a case that its platform says otherwise: both are shown, one is chosen, without JavaScript."""

from parvis.services.imports.deposit import Source
from parvis.states.stages import Action
from tests.web.test_cases import INES, LEA, PAUL, plain


def test_the_officer_reads_both_and_chooses_and_others_only_read(browser):
    desk = browser.desk
    said = {"source": Source.PORTAL, "external_id": "D-1", "portal_status": "TRANSMITTED"}
    case = desk.submitted_case(**said)
    desk.move(case, Action.CHECK_ELIGIBILITY)
    desk.receive(desk.deposit(**said, title="Atelier <b>du soir</b>"))
    ines, lea, paul = (browser.as_person(one) for one in (INES, LEA, PAUL))
    page = "/dossiers/ANNUEL-2026-00001"
    form = {"version": desk.version(case), "point": "title", "choix": "reprendre"}

    shown = ines.get(page).text
    assert "la plateforme dit « Atelier <b>du soir</b> »" in plain(shown).replace("&lt;", "<").replace(
        "&gt;", ">"
    )
    assert "Parvis a « Atelier cuisine »" in plain(shown)
    assert 'value="reprendre"' in shown
    assert "la plateforme dit" in plain(lea.get(page).text)
    assert 'value="reprendre"' not in lea.get(page).text
    assert "la plateforme dit" not in plain(paul.get(page).text)

    assert lea.post(f"{page}/plateforme", form).status_code == 404
    assert ines.post(f"{page}/plateforme", {**form, "version": 1}).status_code == 409
    assert ines.post(f"{page}/plateforme", {**form, "point": "summary"}).status_code == 409
    done = ines.post(f"{page}/plateforme", form)

    assert done.headers["location"] == f"{page}?fait=take_from_portal#plateforme"
    assert desk.value("SELECT title FROM cases") == "Atelier <b>du soir</b>"
    after = plain(ines.get(page).text)
    assert "Elle et Parvis disent la même chose" in after
    assert "Repris de la plateforme du dépôt" in after
    assert ines.post(f"{page}/plateforme", {**form, "version": desk.version(case)}).status_code == 409
