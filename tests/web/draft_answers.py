"""A request as an association types it: good answers by step, and how a browser saves them."""

import re

from tests.web.test_applicant import plain

CALL = "annuel-2026/new"
ACTION: dict[str, object] = {
    "titre": "Atelier vélo", "resume": "On répare.\nEnsemble.", "qpv": ["QN08001M", "QN08003M"], "defis": "D01",
    "debut": "2026-09-01", "fin": "2026-12-31", "beneficiaires": "40", "part_qpv": "60",
}  # fmt: skip
BUDGET: dict[str, object] = {
    "charge_604": "1 000,00 €", "charge_641": "2000,50", "charge_864": "300", "produit_756": "500,50",
    "produit_870": "300", "financeur_etat": "1500", "financeur_ville": "1000",
}  # fmt: skip
CONTACT: dict[str, object] = {
    "nom": "Zoé Petit",
    "courriel": "zoe@asso.example",
    "telephone": "03 22 00 00 00",
}


def stamped(text):
    return re.findall(r'name="tampon" value="(\w+)"', text)[0]


def stamp(asso, draft, step):
    return stamped(asso.get(f"{draft}/demande/{step}").text)


def save(asso, draft, step, fields, **more):
    return asso.post(f"{draft}/demande/{step}", {"tampon": stamp(asso, draft, step), **fields}, **more)


def fill(asso, draft, **steps):
    for step, fields in {"action": ACTION, "budget": BUDGET, "contact": CONTACT, **steps}.items():
        answer = save(asso, draft, step, fields)
        assert answer.status_code == 303, plain(answer.text)


def case_of(browser, draft):
    return browser.desk.value("SELECT id FROM cases WHERE reference = %(r)s", r=draft.rpartition("/")[2])
