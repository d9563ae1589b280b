"""Each role's day in a real browser, with and without JavaScript, by keyboard alone, on a small screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from parvis.states.facts import Given
from parvis.states.stages import Action
from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.services.session_desk import DAY, SessionDesk

INES, PAUL, LEA = "ines@ville.example", "paul@ville.example", "lea@ville.example"
ASSOCIATION = "contact@asso.example"

ways = pytest.mark.parametrize(
    ("script", "width"), [(True, 1366), (False, 320)], ids=["script", "plain-and-narrow"]
)


def reference(desk: Desk, case: int) -> str:
    return str(desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))


def do(page: Page, action: str) -> None:
    """Open the form of an action and send it as it is."""
    form = open_form(page, action)
    form.get_by_role("button", name=action).click()
    expect(page.get_by_role("status").filter(has_text="C’est fait")).to_be_visible()


def open_form(page: Page, action: str):
    form = page.locator("details.action").filter(has=page.locator("summary", has_text=action))
    form.locator("summary").click()
    return form


@ways
def test_an_instructor_takes_a_new_deposit_to_the_committee(enter, desk, script, width):
    case = desk.submitted_case()
    page = enter(INES, script=script, width=width)

    page.goto("/dossiers")
    page.get_by_role("link", name=reference(desk, case)).click()
    form = open_form(page, "Recevoir des pièces")
    for name in ("Statuts", "RIB"):
        form.get_by_label(name).check()
    form.get_by_role("button", name="Recevoir des pièces").click()
    do(page, "Vérifier la recevabilité")
    form = open_form(page, "Remplir la grille")
    for field in form.locator("input[type=number]").all():
        field.fill("4")
    form.get_by_role("button", name="Remplir la grille").click()
    do(page, "Clore l’instruction")
    form = open_form(page, "Inscrire à l’ordre du jour")
    form.get_by_label("Séance").select_option(index=0)
    form.get_by_role("button", name="Inscrire à l’ordre du jour").click()

    expect(page.get_by_role("status").filter(has_text="inscrire à l’ordre du jour")).to_be_visible()
    assert desk.stage(case) == "committee"


@ways
def test_a_funder_clears_ten_opinions(enter, desk, script, width):
    etat = desk.value("SELECT id FROM funders WHERE code = 'etat'")
    for _ in range(10):
        desk.move(desk.submitted_case(), Action.ASK_OPINIONS, given=Given(funder_ids=(etat,)))
    page = enter(PAUL, script=script, width=width)

    page.goto("/avis")
    for box in page.locator("input[name=dossier]").all():
        box.check()
    page.get_by_label("Avis", exact=True).first.select_option("favourable")
    page.get_by_label("proposer le montant demandé").check()
    page.get_by_role("button", name="Enregistrer les avis").first.click()

    expect(page.get_by_text("10 avis sont enregistrés")).to_be_visible()
    assert desk.value("SELECT count(*) FROM fundings WHERE proposed_cents = 500000") == 10


@ways
def test_a_secretary_closes_a_session(enter, desk, clock, script, width):
    sitting = SessionDesk(desk)
    cases = sitting.cases(2)
    desk.run("UPDATE fundings SET opinion = 'favourable', proposed_cents = 100000")
    clock.set(DAY)
    page = enter(LEA, script=script, width=width)

    page.goto(f"/seances/{sitting.committee}/seance")
    page.get_by_role("button", name="Ouvrir la séance").click()
    page.get_by_role("button", name="Tous les autres sont présents").click()
    expect(page.get_by_text("Présences enregistrées")).to_be_visible()
    page.get_by_role("button", name="Adopter comme proposé").click()
    expect(page.get_by_text("Dossiers adoptés tels que proposés")).to_be_visible()
    decided = page.locator(f"#dossier-{cases[1]}")
    if decided.get_attribute("open") is None:
        decided.locator("summary").click()
    decided.get_by_label("ajourné").check()
    for amount in decided.locator("input[name^=montant]").all():
        amount.fill("")
    decided.get_by_label("Motif").fill("Budget à préciser")
    decided.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("décision enregistrée, ajourné")).to_be_visible()
    page.get_by_role("link", name="Clore la séance").click()
    page.get_by_role("button", name="Clore la séance").click()

    expect(page.get_by_text("Procès-verbal").first).to_be_visible()
    assert [desk.stage(case) for case in cases] == ["funded", "instructed"]


@ways
def test_an_association_sends_the_document_it_was_asked_for(enter, desk, tmp_path, script, width):
    case = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-01")
    (tmp_path / "rib.pdf").write_bytes(pdf())
    page = enter(ASSOCIATION, script=script, width=width)

    page.goto("/mes-dossiers")
    page.get_by_role("link", name=reference(desk, case)).click()
    page.locator("#fichier-rib").set_input_files(tmp_path / "rib.pdf")
    page.locator("form", has=page.locator("#fichier-rib")).get_by_role("button", name="Envoyer").click()
    page.get_by_role("button", name="Reprendre l’examen").click()

    expect(page.get_by_role("status")).to_be_visible()
    assert desk.stage(case) == "submitted"


@ways
def test_an_instructor_does_the_same_to_two_ticked_cases(enter, desk, script, width):
    cases = [desk.submitted_case() for _ in range(2)]
    page = enter(INES, script=script, width=width)

    page.goto("/dossiers")
    for case in cases:
        page.get_by_label(f"Cocher {reference(desk, case)}").check()
    page.get_by_role("button", name="Agir sur les dossiers cochés").click()
    page.get_by_label("Que faire de tous ces dossiers ?").select_option("declare_ineligible")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Motif").fill("Hors du contrat")
    page.get_by_role("button", name="Voir ce qui se passera").click()
    expect(page.get_by_text("Demande non recevable")).to_be_visible()
    assert not script or Axe().run(page).violations_count == 0  # axe is a script
    page.get_by_role("button", name="Déclarer irrecevable (2)").click()

    expect(page.get_by_role("status")).to_contain_text("En tout : 2")
    assert {desk.stage(case) for case in cases} == {"ineligible"}


@ways
def test_a_manager_reopens_a_case(enter, desk, script, width):
    case = desk.submitted_case()
    desk.move(case, Action.DECLARE_INELIGIBLE, given=Given(reason="Hors du quartier"))
    page = enter("max@ville.example", script=script, width=width)

    page.goto("/dossiers?etape=ineligible")
    page.get_by_role("link", name=reference(desk, case)).click()
    form = open_form(page, "Rouvrir")
    form.get_by_label("Motif").fill("L’action touche le quartier, pièce à l’appui")
    form.get_by_role("button", name="Rouvrir").click()

    expect(page.get_by_role("status").filter(has_text="C’est fait")).to_be_visible()
    assert desk.stage(case) == "submitted"


def test_the_agenda_is_put_in_order_by_keyboard_and_the_focus_stays(enter, desk):
    sitting = SessionDesk(desk)
    first, second = sitting.cases(2)
    page = enter(LEA)
    page.goto(f"/seances/{sitting.committee}")

    button = page.locator(f"#monter-{second}")
    button.focus()
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Enter")

    expect(page.locator("#ordre tbody tr").first).to_have_id(f"dossier-{second}")
    rows = desk.rows("SELECT case_id FROM agenda_items ORDER BY position")
    assert [row[0] for row in rows] == [second, first]


def reach(page: Page, wanted: str) -> None:
    """Press Tab until what has the focus is what is wanted, as somebody without a mouse does."""
    for _ in range(400):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no key leads to {wanted}")


def act(page: Page, action: str, *typed: tuple[str, str]) -> None:
    """Open the form of an action, type in its fields and send it, by keyboard alone."""
    form = f"#action-{action}"
    reach(page, f"{form} summary")
    page.keyboard.press("Enter")
    for field, keys in typed:
        reach(page, f"{form} {field}")
        page.keyboard.press(keys) if keys == "Space" else page.keyboard.type(keys)
    reach(page, f"{form} button:not([type=button])")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**fait={action}*")


def test_a_whole_day_from_the_list_to_the_agenda_by_keyboard_alone(enter, desk):
    case, other = desk.submitted_case(), desk.submitted_case(title="Jardin")
    page = enter(INES)
    page.goto("/dossiers")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reach(page, "#f-q")
    page.keyboard.type("cuisine")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=cuisine**")
    reach(page, f"a[href^='/dossiers/{reference(desk, case)}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{reference(desk, case)}*")
    act(page, "receive_documents", *((f"input[value={code}]", "Space") for code in ("statuts", "rib")))
    act(page, "check_eligibility")
    marks = page.locator("#action-assess input[type=number]").all()
    act(page, "assess", *((f"#{mark.get_attribute('id')}", "4") for mark in marks))
    act(page, "instruct")
    act(page, "schedule")
    sitting = desk.value("SELECT committee_id FROM agenda_items WHERE case_id = %(id)s", id=case)
    put_on_agenda(desk, other, sitting)
    secretary = enter(LEA)
    secretary.goto(f"/seances/{sitting}")
    reach(secretary, f"#monter-{other}")
    secretary.keyboard.press("Enter")

    expect(secretary.locator("#ordre tbody tr").first).to_have_id(f"dossier-{other}")
    assert desk.stage(case) == "committee"


def put_on_agenda(desk: Desk, case: int, sitting: int) -> None:
    for action, given in (
        (Action.RECEIVE_DOCUMENTS, Given(documents=("statuts", "rib"))), (Action.CHECK_ELIGIBILITY, Given()),
        (Action.ASSESS, Given(score=70)), (Action.INSTRUCT, Given()), (Action.SCHEDULE, Given(committee_id=sitting)),
    ):  # fmt: skip
        desk.move(case, action, given=given)


def test_what_is_typed_wrong_is_said_and_kept(enter, desk):
    case = desk.submitted_case()
    page = enter(INES)
    page.goto(f"/dossiers/{reference(desk, case)}")

    form = open_form(page, "Demander des pièces")
    form.get_by_label("Réponse au plus tard le").fill("2026-05-01")
    form.get_by_role("button", name="Demander des pièces").click()

    expect(page.get_by_role("alert")).to_contain_text("doit être après aujourd’hui")
    expect(page.locator("#request_documents-reply_by")).to_have_value("2026-05-01")
