"""Envelopes as pages: their tree, one with its cases, transfers seen first; funders × cases, a workbook."""

import io
import re
from html import unescape
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from parvis.models.queries.movements import Taken, write_grants
from parvis.services import money
from parvis.states.ledger import Kind
from tests.services.desk import Desk
from tests.services.envelope_desk import (
    AT,
    GENERAL,
    OF_CHALLENGE,
    OF_PLACE,
    amounts,
    answering,
    contract,
    fund,
    sound,
)
from tests.web.browser import Browser

PAUL, MAX, LEA = (f"{name}@ville.example" for name in ("paul", "max", "lea"))


@pytest.fixture
def desk(database) -> Desk:
    """A city whose State has an envelope in parts."""
    return Desk.opened(database, contract())


def words(text: str) -> str:
    said = " ".join(unescape(re.sub(r"<(script|svg).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)).split())
    return said.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture
def granted(desk: Desk) -> int:
    """A case granted 1,500 € of the challenge's envelope and 1,200 € of the City's; another with 500 € reserved."""
    case_id, waiting = answering(desk), desk.case_in_committee()
    desk.hold_session()
    fund(desk, case_id, etat=150_000, ville=120_000)
    with desk.database.transaction() as session:
        write_grants(
            session, waiting, 0, [Taken("etat", 50_000, OF_PLACE)], kind=Kind.RESERVE, actor="person:3", at=AT
        )
    return case_id


def test_the_tree_says_what_is_left_and_a_funder_sees_its_own_purse_alone(
    browser: Browser, granted: int
) -> None:
    shown = browser.as_person(MAX).get("/enveloppes")
    text = words(shown.text)

    assert shown.status_code == 200
    assert "Appel à projets 2026 10 000 € — 500 € 1 500 € — 8 000 €" in text
    assert "dont Emploi 4 000 € — — 1 500 € — 2 500 €" in text
    assert "dont Étouvie 3 000 € — 500 € — — 2 500 €" in text
    assert "Appel à projets 2026 Emploi 2 000 € — — 1 200 € — 800 €" in text
    assert (
        "Ville"
        not in words(browser.as_person(MAX).get("/enveloppes?financeur=1").text).split("Part prise")[1]
    )

    paul = browser.as_person(PAUL)
    assert "2 000 €" not in words(paul.get("/enveloppes").text)
    assert paul.get(f"/enveloppes/{OF_CHALLENGE}").status_code == 200
    assert paul.get("/enveloppes/4").status_code == 404
    assert paul.post(f"/enveloppes/{GENERAL}/montant", {}).status_code == 404
    assert "Ville" not in words(paul.get("/financements").text).split("Demandé, proposé")[1]


def test_one_envelope_shows_its_cases_its_movements_with_who_and_why_and_its_consumption(
    browser: Browser, desk: Desk, granted: int
) -> None:
    reference = desk.value("SELECT reference FROM cases WHERE id = %(c)s", c=granted)

    shown = browser.as_person(LEA).get(f"/enveloppes/{OF_CHALLENGE}").text
    text = words(shown)

    assert f"{reference} " in text
    assert "fait partie de l’enveloppe générale État" in text
    assert "engagement" in text
    assert "ouverture fichier du contrat +4 000 €" in text
    assert 'aria-label="Consommation de l’enveloppe État, Emploi dans le temps"' in shown
    assert "Changer l’enveloppe" not in text, "a secretary reads"
    assert browser.as_person(MAX).get("/enveloppes/999999").status_code == 404
    amounts_of = words(browser.as_person(LEA).get(f"/dossiers/{reference}/montants").text)
    assert "État engagement, enveloppe « Emploi » 1 500 €" in amounts_of
    assert f"/dossiers/{reference}/montants" in browser.as_person(LEA).get(f"/dossiers/{reference}").text


def test_a_transfer_is_seen_before_it_is_made_refused_with_its_reasons_and_made_once(
    browser: Browser, desk: Desk, granted: int
) -> None:
    manager, form = (
        browser.as_person(MAX),
        {"cible": OF_CHALLENGE, "montant": "1 000", "motif": "Défi prioritaire"},
    )

    missing = manager.post(f"/enveloppes/{OF_PLACE}/virement", {**form, "montant": "beaucoup", "motif": ""})
    assert missing.status_code == 422
    assert missing.text.count('class="fault"') == 2
    refused = manager.post(f"/enveloppes/{OF_PLACE}/virement", {**form, "montant": "2500,01"})
    assert refused.status_code == 422
    assert "« État, Étouvie » n’a que 2 500,00 € de libre" in words(refused.text)

    preview = manager.post(f"/enveloppes/{OF_PLACE}/virement", form)
    seen = words(preview.text).replace("Appel à projets 2026 ", "")
    assert "État, Étouvie 2 500 € -1 000 € 1 500 € État, Emploi 2 500 € +1 000 € 3 500 €" in seen
    assert amounts(desk, "transferred_cents")[OF_PLACE] == 0
    key = re.findall(r'name="cle" value="(\w+)"', preview.text)[0]
    for _ in range(2):
        made = manager.post(f"/enveloppes/{OF_PLACE}/virement", {**form, "cle": key, "etape": "faire"})
        assert made.status_code == 303
    assert amounts(desk, "transferred_cents") == {1: 0, 2: 100_000, 3: -100_000, 4: 0}
    assert "Défi prioritaire" in manager.get(f"/enveloppes/{OF_PLACE}").text
    assert sound(desk)


def test_money_is_added_or_taken_off_beside_what_the_contract_says_never_below_what_is_held(
    browser: Browser, desk: Desk, granted: int
) -> None:
    manager = browser.as_person(MAX)
    said = {"montant": "8000,01", "motif": "Réduction de crédits", "etape": "faire"}

    refused = manager.post(f"/enveloppes/{GENERAL}/montant", {**said, "sens": "retirer"})
    assert refused.status_code == 422
    assert "n’a que 8 000,00 € de libre" in words(refused.text)
    assert "tiendrait plus que l’enveloppe générale" in words(refused.text), (
        "its parts hold more than would be left"
    )
    made = manager.post(f"/enveloppes/{GENERAL}/montant", {**said, "sens": "ajouter", "cle": "k"})

    assert made.status_code == 303
    assert amounts(desk, "total_cents")[GENERAL] == 1_800_001
    assert amounts(desk, "initial_cents")[GENERAL] == 1_000_000
    with desk.database.transaction() as session:
        assert money.see(session, desk.contract_id, GENERAL).movements[-1].kind == Kind.ADJUST


def test_funders_and_cases_add_up_on_the_page_and_in_the_workbook_whose_formulas_are_worked_out_again(
    browser: Browser, desk: Desk, granted: int
) -> None:
    desk.run("UPDATE cases SET title = '=HYPERLINK(\"http://x\")' WHERE id = %(c)s", c=granted)
    manager = browser.as_person(MAX)

    page = words(manager.get("/financements?appel=annuel-2026").text)
    assert "Demandé 10 000 € 6 000 € 16 000 €" in page
    assert "Accordé 1 500 € 1 200 € 2 700 €" in page
    assert "Proposé 500 € 0 € 500 €" in page, "what is reserved is proposed"
    assert "Écart -8 000 € -1 800 € -9 800 €" in page
    assert "Aucun dossier" in words(manager.get("/financements?etape=rejected").text)
    assert manager.get("/financements?seance=99999").status_code == 404

    file = manager.get("/financements.xlsx?appel=annuel-2026")
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    cases, purses = book.worksheets
    assert cases["B2"].value.startswith("'=HYPERLINK")
    assert [cell.value for cell in cases[4]][4:8] == [f"=SUM({x}2:{x}3)" for x in "EFGH"]
    assert purses["L6"].value == '=SUMIF(E2:E5,"non",L2:L5)'
    now = openpyxl.load_workbook(io.BytesIO(file.content), data_only=True)
    assert [cell.value for cell in now["Dossiers et financeurs"][4]][4:] == [
        10000, 500, 1500, -8000, 6000, 0, 1200, -1800, 16000, 500, 2700, -9800,
    ]  # fmt: skip
    assert [cell.value for cell in now["Enveloppes"][6]][5:] == [12000, 0, 12000, 500, 2700, 0, 8800]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert (worked_out(sheet, cell.value) or None) == (
                    now[sheet.title][cell.coordinate].value or None
                )


class Empty(str):
    """A cell with nothing in it, as a spreadsheet takes it."""

    __slots__ = ()

    def __sub__(self, other: float) -> float:
        return -other


def worked_out(sheet: Worksheet, said: Any) -> Any:
    """What a formula of ours gives, worked out again from the cells it names."""
    if not str(said).startswith("="):
        return said

    def cell(name: str) -> Any:
        found = worked_out(sheet, sheet[name].value)
        return Empty() if found in {None, ""} else found

    def cells(name: str) -> list[Any]:
        return [cell(one.coordinate) for row in sheet[name] for one in row]

    def added(*values: Any) -> Any:
        flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
        return sum(one for one in flat if not isinstance(one, str))

    names: dict[str, Any] = {
        "cell": cell, "cells": cells, "SUM": added, "IF": lambda test, yes, no: yes if test else no,
        "SUMIF": lambda where, what, values: sum(v for w, v in zip(where, values, strict=True) if w == what),
    }  # fmt: skip
    formula = re.sub(r"\b([A-Z]+\d+:[A-Z]+\d+)\b", r"cells('\1')", said[1:]).replace("<>", "!=")
    return eval(re.sub(r"(?<!')\b([A-Z]+\d+)\b(?!:|')", r"cell('\1')", formula), names)
