"""Every page for everybody: no fault that axe finds, nothing wider than a small screen, light and dark."""

from datetime import date, datetime

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from parvis.services import agreement_documents, files
from parvis.services.files import Shelf, attach
from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction
from parvis.states.facts import By, Given
from parvis.states.stages import Action
from tests.services.agreement_desk import AgreementDesk
from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.services.session_desk import DAY, SessionDesk

INES, PAUL, LEA, ANN, MAX = (
    "ines@ville.example",
    "paul@ville.example",
    "lea@ville.example",
    "ann@ville.example",
    "max@ville.example",
)
ASSOCIATION = "contact@asso.example"
OF_MANAGERS = (
    "/lettres", "/tableau-de-bord", "/administration", "/administration/personnes", "/administration/appels",
    "/administration/modeles", "/administration/travaux", "/administration/journal", "/administration/conservation",
    "/administration/etat", "/administration/demarches",
    "/mon-compte", "/evaluation/2026",
    "/enveloppes", "/enveloppes/1", "/financements", "/donnees-ouvertes",
    "/paiements", "/paiements/tresorerie/2026", "/coordonnees-bancaires",
)  # fmt: skip
AGREEMENT = "/conventions/CONV-00001"
OF_ASSOCIATIONS = (
    (ASSOCIATION, "/mon-association"), (INES, "/organismes/41816609600051"), (ASSOCIATION, "/mes-dossiers/nouvelle"),
)  # fmt: skip
OF_AGREEMENTS = ((INES, "/conventions"), (MAX, AGREEMENT), (ASSOCIATION, AGREEMENT))
WIDE = """() => {
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most) return [];
    const wide = [...document.querySelectorAll("main *")].filter(
        element => !element.closest(".scroll *") && element.getBoundingClientRect().right > most + 1);
    return wide.slice(-3).map(element => element.outerHTML.slice(0, 120));
}"""
"""What makes a page wider than its window; a table that scrolls in its own frame does not."""
ROOM: dict[str, object] = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "color-contrast"]}
}
"""All that a small screen can break, beside the width of the page."""
COLOURS: dict[str, object] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""All that the dark look can break."""
MISSING = "/nulle-part"


def running_agreement(desk: Desk, kept: Shelf, at: datetime) -> int:
    """An agreement in renewal, amended, with its signed paper; the id of its file."""
    house = AgreementDesk(desk)
    organisation = desk.value("SELECT id FROM organisations WHERE email = %(email)s", email=ASSOCIATION)
    agreement = house.taken_over(
        "2025-09-01", organisation_id=organisation, approval_ends_on=date(2027, 12, 31)
    )
    house.move(agreement, AgreementAction.OPEN_RENEWAL, "2026-01-05")
    house.move(agreement, AgreementAction.AMEND, "2026-01-06", given=AgreementGiven(
        reason="Un lieu de plus", year=3, amounts=(("ville", 2_500_000),)))  # fmt: skip
    with desk.database.transaction() as session:
        filed = agreement_documents.add(
            session, kept, agreement, files.checked(kept, "convention.pdf", pdf(2)), by=By("lea", "secretary"), at=at,
            signed_on=date(2026, 1, 5),
        )  # fmt: skip
    return filed.file.id


@pytest.fixture
def pages(desk: Desk, clock, tmp_path) -> list[tuple[str, str]]:
    """A city in the middle of its year; who looks at which page."""
    etat = desk.value("SELECT id FROM funders WHERE code = 'etat'")
    fresh = desk.submitted_case(title="Un titre avec un-mot-très-long-" + "x" * 80)
    desk.move(fresh, Action.ASK_OPINIONS, given=Given(funder_ids=(etat,)))
    asked = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-01")
    sitting = SessionDesk(desk)
    cases = sitting.cases(2)
    sitting.recuse("ann", cases[0])
    desk.run(
        "UPDATE fundings SET opinion = 'favourable', proposed_cents = 100000 WHERE case_id = ANY(%(c)s)",
        c=cases,
    )
    sitting.open()
    later = sitting.sitting("copil", 1)
    clock.set(DAY)
    with desk.database.transaction() as session:
        kept = Shelf(tmp_path / "files")
        file, by = files.checked(kept, "statuts.pdf", pdf(2)), By("ines", "instructor")
        attached = attach(session, kept, fresh, file, by=by, at=clock.at)
    one, other = (
        desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case) for case in (fresh, asked)
    )
    paper = running_agreement(desk, kept, clock.at)
    in_committee = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=cases[1])
    return [
        (INES, "/"), (INES, "/dossiers"), (INES, "/dossiers?q=introuvable"), (INES, f"/dossiers/{one}"),
        (INES, "/dossiers?colonnes=titre,cout,note,depot"), (INES, f"/dossiers/{one}/fichiers/{attached.id}/apercu"),
        (INES, f"/dossiers/{other}"), (INES, f"/dossiers/{one}/montants"), (INES, MISSING),
        (PAUL, "/avis"), (PAUL, f"/dossiers/{one}"), (LEA, "/seances"), (LEA, f"/seances/{sitting.committee}"),
        (LEA, f"/seances/{later}"), (LEA, f"/seances/{sitting.committee}/seance"),
        (LEA, f"/seances/{sitting.committee}/cloture"), (LEA, f"/dossiers/{in_committee}"), (LEA, "/evaluation/2026"),
        (ANN, f"/seances/{sitting.committee}"), (ANN, f"/seances/{sitting.committee}/dossiers/{in_committee}"),
        (ANN, f"/seances/{later}/interets"), (ASSOCIATION, "/mes-dossiers"), (ASSOCIATION, f"/mes-dossiers/{other}"),
        (MAX, "/administration/jours-feries"), (MAX, "/administration/appels/fichier"),
        (MAX, "/administration/appels/annuel-2026/lettres?lettre=acknowledge"),
        *OF_ASSOCIATIONS, *OF_AGREEMENTS, (LEA, f"{AGREEMENT}/fichiers/{paper}/apercu"),
        *((MAX, path) for path in OF_MANAGERS),
    ]  # fmt: skip


FAINT = """() => {
    const ink = text => {
        const part = text.match(/[\\d.]+/g).map(Number);
        return part.length < 4 ? [...part, 1] : part;
    };
    const canvas = element => {
        for (let each = element; each; each = each.parentElement) {
            const colour = ink(getComputedStyle(each).backgroundColor);
            if (colour[3] > 0.99) return colour;
        }
        return [255, 255, 255, 1];
    };
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
    const contrast = (one, other) => {
        const over = one.slice(0, 3).map((v, n) => v * one[3] + other[n] * (1 - one[3]));
        const [high, low] = [light(over), light(other.slice(0, 3))].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
    };
    const said = (element, what, value) => `${what} ${value.toFixed(2)} ${element.outerHTML.slice(0, 90)}`;
    const faint = [];
    const seen = element => element.checkVisibility() && !element.disabled;
    for (const field of [...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(seen)) {
        if (["checkbox", "radio", "file"].includes(field.type)) continue;  // drawn by the browser
        const around = canvas(field.parentElement), style = getComputedStyle(field);
        const edge = style.borderBottomWidth === "0px" ? 1 : contrast(ink(style.borderBottomColor), around);
        const best = Math.max(edge, contrast(canvas(field), around));
        if (best < 3) faint.push(said(field, "border", best));
    }
    const focusable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    for (const element of [...document.querySelectorAll(focusable)].filter(seen)) {
        element.focus({focusVisible: true});
        if (document.activeElement !== element) continue;
        const style = getComputedStyle(element);
        const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
        const inside = parseFloat(style.outlineOffset) < 0;
        const around = canvas(inside ? element : element.parentElement);
        const ring = contrast(ink(style.outlineColor), around);
        if (width < 2) faint.push(said(element, "outline width", width));
        else if (ring < 3) faint.push(said(element, "outline", ring));
        const box = element.getBoundingClientRect();
        if (box.bottom < 0 || box.top > innerHeight) faint.push(said(element, "out of sight", box.top));
    }
    return [...new Set(faint)];
}"""
"""Borders of fields and marks of focus too faint (WCAG 2.2, 1.4.11, 2.4.13); what is focused out of sight (2.4.11)."""


def faults(page: Page, look: str, rules: dict[str, object] | None = None) -> list[tuple[str, ...]]:
    """What axe finds under these rules, all of them for None; what is too wide."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    asked = {"resultTypes": ["violations"], **(rules or {})}
    found = page.evaluate("asked => axe.run(document, asked).then(told => told.violations)", asked)
    said: list[tuple[str, ...]] = [(look, fault["id"], fault["nodes"][0]["html"][:160]) for fault in found]
    return said + [(look, "wide", wide) for wide in page.evaluate(WIDE)]


def faint(page: Page, look: str) -> list[tuple[str, ...]]:
    return [(look, said) for said in page.evaluate(FAINT)]


def test_every_page_is_whole_for_everybody_and_loads_only_what_its_policy_allows(enter, pages):
    windows: dict[str, Page] = {}
    refused: list[str] = []
    for email, path in pages:
        if email not in windows:
            windows[email] = enter(email)
            windows[email].on("console", lambda message: refused.append(message.text))
            windows[email].on("pageerror", lambda error: refused.append(str(error)))
        page = windows[email]
        page.goto(path)
        found: list[tuple[str, ...]] = [("policy", said) for said in refused if path != MISSING]
        page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")
        found += faults(page, "wide") + faint(page, "wide")
        page.set_viewport_size({"width": 320, "height": 900})
        found += faults(page, "narrow", ROOM)
        page.set_viewport_size({"width": 1366, "height": 900})
        page.emulate_media(color_scheme="dark")
        found += faults(page, "dark", COLOURS) + faint(page, "dark")
        page.emulate_media(color_scheme="light")
        refused.clear()

        assert (path, found) == (path, [])


def test_what_is_faint_is_found(enter):
    page = enter(PAUL)
    page.goto("/dossiers")
    page.evaluate("document.styleSheets[0].insertRule('input { border-color: transparent !important }', 0)")
    page.evaluate("document.styleSheets[0].insertRule('*:focus-visible { outline: none !important }', 0)")
    assert {said.split()[0] for said in page.evaluate(FAINT)} == {"border", "outline"}
