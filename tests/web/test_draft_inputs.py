"""What an association types wrong: kept as it is, one clear error on its field, never lost."""

import json
from pathlib import Path

import pytest

from tests.web.draft_answers import ACTION, BUDGET, CALL, CONTACT, save
from tests.web.test_applicant import OTHER, OWN, plain

BAD = json.loads((Path(__file__).parents[1] / "data" / "bad_inputs.json").read_text("utf-8"))
FIELDS = {
    "field.amount": ("budget", "financeur_etat"), "field.date": ("action", "debut"), "field.rna": ("contact", "rna"),
    "field.email": ("contact", "courriel"), "field.qpv": ("action", "qpv"),
}  # fmt: skip
OFFSET, ZERO, PLACE = "datetime_offset_required", "amount_zero", "\0"
WRONG = [
    pytest.param(*FIELDS[each["surface"]], each["payload"], id=each["id"])
    for each in BAD
    if each["surface"] in FIELDS and each["expected"] == "reject" and isinstance(each["payload"], str)
    and each.get("error_code") != ZERO  # an account may be zero
    and each["payload"].strip().replace(PLACE, "") == each["payload"]  # what a form leaves out
]  # fmt: skip


def test_what_is_typed_is_kept_whatever_it_is_worth_and_its_fault_is_on_its_field(asso, draft):
    answer = save(asso, draft, "budget", {**BUDGET, "charge_604": "beaucoup"})

    assert answer.status_code == 422
    assert 'id="charge_604-faute"' in answer.text
    shown = asso.get(f"{draft}/demande/budget").text
    assert 'value="beaucoup"' in shown
    assert 'value="2000,50"' in shown


def test_a_budget_that_does_not_balance_says_both_sums_and_the_gap(asso, draft):
    answer = save(asso, draft, "budget", {**BUDGET, "charge_604": "1000,01"})

    assert answer.status_code == 422
    assert "3 300,51 € de charges et 3 300,50 € de produits, soit 0,01 € d’écart" in plain(answer.text)


def test_more_cannot_be_asked_than_the_action_costs(asso, draft):
    answer = save(asso, draft, "budget", {"charge_604": "10", "charge_864": "90", "financeur_etat": "100"})

    assert answer.status_code == 422
    assert "dépasse le coût total" in plain(answer.text)


@pytest.mark.parametrize(("step", "field", "payload"), WRONG)
def test_a_bad_input_is_one_clear_error_on_its_field(asso, draft, step, field, payload):
    good = dict({"action": ACTION, "budget": BUDGET, "contact": CONTACT}[step])

    answer = save(asso, draft, step, {**good, field: payload})

    assert answer.status_code == 422
    assert answer.text.count('class="fault"') == 1
    assert f'id="{field}-faute"' in answer.text


@pytest.mark.parametrize(
    "payload", [each.get("payload", "x" * 5_000) for each in BAD if each["surface"] == "field.text"]
)
def test_any_text_is_kept_or_refused_and_shown_as_it_is(asso, draft, payload):
    answer = save(asso, draft, "action", {**ACTION, "titre": payload})

    assert answer.status_code in {303, 422}
    shown = asso.get(f"{draft}/demande/action")
    assert shown.status_code == 200
    assert "<link rel=attachment" not in shown.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"partenaire_siret_1": OWN, "partenaire_montant_1": "1"}, "partenaire_siret_1"),
        ({"partenaire_siret_1": "41816609600052", "partenaire_montant_1": "1"}, "partenaire_siret_1"),
        ({"partenaire_siret_1": OTHER, "partenaire_montant_1": "-5"}, "partenaire_montant_1"),
        ({"partenaire_siret_1": OTHER, "partenaire_montant_1": "1", "partenaire_siret_2": OTHER,
          "partenaire_montant_2": "1"}, "partenaire_siret_2"),
    ],
)  # fmt: skip
def test_a_partner_that_cannot_be_is_refused_on_its_line(asso, partners, draft, fields, field):
    answer = save(asso, draft, "partenaires", fields)

    assert answer.status_code == 422
    assert f'id="{field}-faute"' in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"appel": CALL},
        {"titre": "A"},
        {"appel": "rien/new", "titre": "A"},
        {"appel": "annuel-2026/x", "titre": "A"},
    ],
)
def test_a_draft_needs_an_open_call_and_a_title(browser, asso, fields):
    assert asso.post("/mes-dossiers/nouvelle", fields).status_code == 422
    assert browser.desk.value("SELECT count(*) FROM drafts") == 0


def test_a_file_of_a_draft_that_is_refused_is_told_on_its_field(asso, draft):
    answer = asso.post(f"{draft}/demande/pieces/fichiers", files={"piece_rib": ("../../rib.pdf", b"")})

    assert answer.status_code == 422
    assert 'id="piece_rib-faute"' in answer.text
