"""The State's portal: one real dossier, and what becomes of one that is wrong."""

import copy
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from parvis.services.imports.deposit import Contact, Deposit, Side, Source
from parvis.services.imports.reading import read_deposits
from parvis.states.stages import Nature
from tests.services.imports.samples import CONTEXT, DATA, codes, refusal

WRITTEN = (DATA / "portal" / "dossier.json").read_bytes()
DOSSIER: dict[str, Any] = json.loads(WRITTEN)


@pytest.fixture(scope="module")
def deposit() -> Deposit:
    deposits = read_deposits("dossier.json", WRITTEN, CONTEXT)
    assert len(deposits) == 1
    return deposits[0]


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    dossier = copy.deepcopy(DOSSIER)
    change(dossier)
    return json.dumps(dossier).encode()


def test_the_case_is_known_by_its_reference_its_year_and_its_call(deposit: Deposit):
    assert deposit.source is Source.PORTAL
    assert deposit.external_id == "REF_FINANCEMENT"
    assert deposit.title == "INTITULE_PROJET"
    assert deposit.summary == "OBJET\n\nDESCRIPTION"
    assert deposit.fiscal_year == 2022
    assert deposit.call == "AAP-2022"
    assert deposit.nature is Nature.RENEWAL
    assert deposit.portal_status == "JUSTIFICATION_JUSTIFIED"


def test_the_applicant_is_found_behind_its_wrong_numbers_and_that_is_said(deposit: Deposit):
    assert deposit.siret == "41816609600051"
    assert deposit.rna == "W751100895"
    said = [warning.fr for warning in deposit.warnings]
    assert any("10000000000009" in line and "laissé de côté" in line for line in said)
    assert any("41816609600051" in line and "siretSiegeSocial" in line for line in said)
    assert any("W000000000" in line and "laissé de côté" in line for line in said)
    assert any("W751100895" in line and "beneficiaires[0]" in line for line in said)


def test_the_applicant_can_be_reached(deposit: Deposit):
    assert deposit.organisation == "ASS NOM_ASSO"
    assert deposit.email == "contact@asso-exemple.fr"
    assert deposit.phone == "06 05 05 50 50"
    assert deposit.address == "1 RUE DE L EXEMPLE 75010 PARIS 10 FRANCE"
    assert deposit.contacts == (Contact(name="Camille Durand", email="camille.durand@asso-exemple.fr"),)


def test_both_sides_of_the_budget_come_to_the_same_sum(deposit: Deposit):
    sums: Counter[Side] = Counter()
    for line in deposit.budget:
        sums[line.side] += line.amount_cents

    assert sums == {Side.CHARGE: 25_711_200, Side.PRODUIT: 25_711_200}
    assert deposit.total_cost_cents == 25_711_200
    assert len(deposit.budget) == 26
    assert all(line.amount_cents > 0 for line in deposit.budget)


def test_eight_funders_are_asked_and_the_portal_s_answers_are_kept(deposit: Deposit):
    assert [ask.requested_cents for ask in deposit.funders] == [
        850_000,
        4_853_500,
        1_140_000,
        700_000,
        2_300_000,
        900_000,
        910_000,
        189_000,
    ]
    assert deposit.requested_cents == 11_842_500
    voted = next(ask for ask in deposit.funders if ask.name == "13-ETAT-POLITIQUE-VILLE")
    assert (voted.opinion, voted.opinion_on) == ("RECEVABLE", date(2022, 3, 11))
    assert (voted.proposed_cents, voted.granted_cents) == (700_000, 700_000)
    assert (voted.status, voted.decided_on) == ("VOTE", date(2022, 9, 8))


def test_a_funder_asked_for_nothing_is_said_and_not_counted(deposit: Deposit):
    assert "02-ETAT-POLITIQUE-VILLE" not in deposit.asked_by_funder
    assert any("02-ETAT-POLITIQUE-VILLE" in warning.fr for warning in deposit.warnings)


def test_days_are_those_of_paris(deposit: Deposit):
    assert (deposit.starts_on, deposit.ends_on) == (date(2022, 9, 1), date(2023, 8, 31))
    assert deposit.deposited_at == datetime(2022, 8, 8, 14, 55, 18, 95_000, tzinfo=UTC)
    assert deposit.deposited_on == date(2022, 8, 8)


def test_the_portal_s_history_is_kept_in_order(deposit: Deposit):
    assert [event.status for event in deposit.history] == [
        "BEGIN",
        "REQUESTED",
        "WAITING_FOR_CERTIFICATE",
        "TRANSMITTED",
        "SUPPORTED",
        "WAITING_FOR_CERTIFICATE",
        "SUPPORTED",
        "WAITING_FOR_CERTIFICATE",
        "SUPPORTED",
        "ACCEPTABLE",
        "READY_TO_JUSTIFY",
    ]
    assert [event.at for event in deposit.history] == sorted(event.at for event in deposit.history)
    assert deposit.history[0].by == "Camille Durand"


def test_a_list_of_dossiers_gives_one_deposit_each_and_a_reference_only_once():
    second = copy.deepcopy(DOSSIER) | {"reference": "REF_2"}

    deposits = read_deposits("d.json", json.dumps([DOSSIER, second]).encode(), CONTEXT)

    assert [deposit.external_id for deposit in deposits] == ["REF_FINANCEMENT", "REF_2"]
    twice = json.dumps([DOSSIER, DOSSIER]).encode()
    assert codes(twice) == [(2, "reference", "external_id_duplicate")]


def test_a_neighbourhood_named_among_the_places_is_kept_when_the_contract_knows_it():
    places = [{"title": "QN08003M - Amiens Nord"}, {"x": ["QN08099N", "QN08001M", "QN08003M"]}]

    content = changed(lambda dossier: dossier.update(localisations=places))

    assert read_deposits("d", content, CONTEXT)[0].qpvs == ("QN08003M", "QN08001M")


def test_a_total_that_is_not_the_sum_of_its_lines_is_said_and_names_the_post():
    def change(dossier: dict[str, Any]) -> None:
        dossier["planFinancement"][0]["depense"]["postes"][1]["montant"]["ht"] = 7_011

    (deposit,) = read_deposits("d", changed(change), CONTEXT)

    assert any("poste 61" in w.fr and "7 011,00" in w.fr.replace("\u202f", " ") for w in deposit.warnings)


def test_a_post_filled_in_total_only_keeps_its_total():
    def change(dossier: dict[str, Any]) -> None:
        del dossier["planFinancement"][0]["depense"]["postes"][0]["lignes"]

    (deposit,) = read_deposits("d", changed(change), CONTEXT)

    assert (deposit.budget[0].account, deposit.budget[0].amount_cents) == ("60", 917_400)


def test_a_summary_that_disagrees_with_the_plan_is_said():
    def change(dossier: dict[str, Any]) -> None:
        dossier["multiFinancement"]["financeurs"][1]["montant"]["ht"] = 1

    (deposit,) = read_deposits("d", changed(change), CONTEXT)

    assert any(
        "MINISTERE-EDUCATION-NATIONALE" in w.fr and "plan est retenu" in w.fr for w in deposit.warnings
    )


def test_a_funder_of_the_contract_is_recognised_by_any_of_its_names():
    def change(dossier: dict[str, Any]) -> None:
        lines = dossier["planFinancement"][0]["recette"]["postes"][3]["sousPostes"][0]["lignes"]
        lines[3]["financement"]["financeur"]["title"] = "bop-147"

    (deposit,) = read_deposits("d", changed(change), CONTEXT)

    assert deposit.asked_by_funder["ETAT"] == 700_000


def first_charge(dossier: dict[str, Any]) -> dict[str, Any]:
    lines: list[dict[str, Any]] = dossier["planFinancement"][0]["depense"]["postes"][0]["lignes"]
    money: dict[str, Any] = lines[1]["montant"]
    return money


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        (lambda d: first_charge(d).update(ht=8_974.01), "planFinancement", "budget_unbalanced"),
        (lambda d: first_charge(d).update(ht=-1), "depense.60.601", "amount_negative"),
        (lambda d: first_charge(d).update(ht=0.001), "depense.60.601", "amount_precision"),
        (lambda d: first_charge(d).update(ht="1.234"), "depense.60.601", "amount_ambiguous"),
        (lambda d: d.update(planFinancement=[]), "planFinancement.recette.74", "amount_zero"),
        (lambda d: d.update(planFinancement="x"), "planFinancement", "json_shape"),
        (lambda d: d.update(reference=None), "reference", "required"),
        (lambda d: d.update(dateDemande="2022-08-08T14:55:18"), "dateDemande", "datetime_offset_required"),
        (lambda d: d.update(dateDemande="2021-08-08T14:55:18Z"), "dateDemande", "call_unknown"),
        (lambda d: d.update(dateDemande="2026-11-24T14:55:18Z"), "dateDemande", "date_future"),
        (lambda d: d.update(dateDemande="2026-11-02T14:55:18Z"), "dateDemande", "late_submission"),
        (lambda d: d.update(demandeur={}, beneficiaires=[]), "demandeur.SIRET.complet", "required"),
        (lambda d: d.update(intituleProjet="a\u0000b"), "intituleProjet", "control_char"),
    ],
)
def test_what_is_wrong_with_a_dossier_is_one_error_at_its_place(
    change: Callable[[dict[str, Any]], object], place: str, code: str
):
    assert codes(changed(change)) == [(1, place, code)]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(history=None, periodeRealisation=None, multiFinancement=None, localisations=None),
        lambda d: d["demandeur"].update(
            courrielsValues=["nobody"], adresse="a\u0000", situationPrincipale=None
        ),
        lambda d: d["history"]["events"][0].update(date="yesterday"),
        lambda d: d.update(virtualStatus="\ud800", exerciceBudgetaire=10**9),
        lambda d: d["periodeRealisation"].update(dateFin="2020-01-01T00:00:00Z"),
    ],
)
def test_what_is_only_missing_or_unusable_never_stops_a_dossier(change: Callable[[dict[str, Any]], object]):
    (deposit,) = read_deposits("d", changed(change), CONTEXT)

    assert deposit.requested_cents == 11_842_500


def test_a_new_event_changes_the_content_and_a_new_warning_does_not(deposit: Deposit):
    def change(dossier: dict[str, Any]) -> None:
        dossier["history"]["events"].pop()

    (shorter,) = read_deposits("d", changed(change), CONTEXT)
    (again,) = read_deposits("d", changed(lambda d: d.update(multiFinancement=None)), CONTEXT)

    assert shorter.content_hash != deposit.content_hash
    assert again.content_hash == deposit.content_hash


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"amount": 1e400}', "amount_not_finite"),
        (b'{"amount": NaN}', "amount_not_finite"),
        (b'{"amount": -Infinity}', "amount_not_finite"),
        (b'{"amount": ' + b"9" * 5_000 + b"}", "number_range"),
        (b'{"reference": "a", "reference": "b"}', "json_duplicate_key"),
        (b"[" * 100_000, "json_depth"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "json_depth"),
        (b'["' + b'\\"' * 100_000, "json_invalid"),
        (b'{"reference": "\xe9"}', "json_encoding"),
        (b"[]", "file_no_rows"),
        (b"[1]", "json_shape"),
    ],
)
def test_json_that_cannot_be_trusted_is_refused(content: bytes, code: str):
    assert refusal(content).code == code


def test_malformed_json_names_its_line_and_column():
    error = refusal(b'{"reference": "a",\n "title": }')

    assert error.code == "json_invalid"
    assert (error.problems[0].line, error.problems[0].column) == (2, "11")


def test_a_bracket_inside_a_text_is_no_level():
    content = changed(lambda d: d.update(intituleProjet="[" * 200))

    assert read_deposits("d", content, CONTEXT)[0].title == "[" * 200


@pytest.mark.parametrize(
    ("legal_form", "activity", "school"),
    [
        ("9220", "8899B", False),
        ("9220", "85.31Z", False),
        ("7331", "85.31Z", True),
        ("7331", None, True),
        ("7210", "85.20Z", True),
        ("7210", "8510Z", True),
        ("7210", "84.11Z", False),
        (None, None, False),
    ],
)
def test_a_public_school_is_known_by_what_the_registers_say(legal_form, activity, school):
    def change(dossier):
        registers = dossier["demandeur"]["externalData"]
        registers["apiEntrepriseEntreprise"]["formeJuridique"] = {"code": legal_form}
        registers["apiEntreprise"]["naf"] = {"code": activity}

    (deposit,) = read_deposits("d", changed(change), CONTEXT)

    assert deposit.school is school
    assert deposit.content_hash == read_deposits("d", changed(lambda _: None), CONTEXT)[0].content_hash
