"""Each column of the import sheet, what it becomes and how it is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from parvis.services.imports.deposit import Deposit, FunderAsk, PartnerShare, Source
from parvis.services.imports.reading import read_deposits
from parvis.services.imports.spreadsheet import COLUMNS
from parvis.states.stages import Nature
from tests.services.imports.samples import CONTEXT, FULL, GOOD, codes, csv_of, refusal

FULL_DEPOSIT = Deposit(
    source=Source.SPREADSHEET,
    external_id="P-1",
    call="AAP-2026",
    siret="41816609600051",
    title="Café des parents",
    requested_cents=123_456,
    deposited_at=datetime(2026, 4, 2, 22, 0, tzinfo=UTC),
    deposited_on=date(2026, 4, 3),
    nature=Nature.NEW,
    rna="W751100895",
    organisation="Association Exemple",
    email="contact@asso-exemple.fr",
    summary="Un résumé.",
    qpvs=("QN08001M", "QN08010N"),
    challenges=("D04", "D11"),
    starts_on=date(2026, 9, 1),
    ends_on=date(2027, 6, 30),
    total_cost_cents=250_000,
    beneficiaries=1_200,
    qpv_share_percent=60,
    funders=(
        FunderAsk(name="État, politique de la ville", code="ETAT", requested_cents=100_000),
        FunderAsk(name="Ville d’Amiens", code="VILLE", requested_cents=23_456),
    ),
    partners=(PartnerShare(siret="35600000009075", requested_cents=20_000),),
)


def one(content: bytes) -> Deposit:
    deposits = read_deposits("depots.csv", content, CONTEXT)
    assert len(deposits) == 1
    return deposits[0]


def test_every_column_of_the_sheet_reaches_the_deposit():
    assert set(FULL) == set(COLUMNS)

    deposit = one(csv_of(FULL))

    assert deposit == FULL_DEPOSIT
    assert deposit.warnings == ()
    assert deposit.asked_by_funder == {"ETAT": 100_000, "VILLE": 23_456}


def test_columns_in_any_order_give_the_same_content():
    backwards = dict(reversed(FULL.items()))

    assert one(csv_of(backwards)).content_hash == one(csv_of(FULL)).content_hash


def test_one_cent_more_changes_the_content():
    changed = replace(FULL_DEPOSIT, total_cost_cents=250_001)

    assert changed.content_hash != FULL_DEPOSIT.content_hash


def test_an_identifier_used_twice_names_the_first_line_even_when_the_second_row_has_other_errors():
    content = csv_of(GOOD, GOOD | {"titre": ""})

    error = refusal(content)

    found = {(p.line, p.column, p.code) for p in error.problems}
    assert found == {(3, "titre", "required"), (3, "external_id", "external_id_duplicate")}
    assert any("ligne 2" in p.sentence.fr for p in error.problems)


def test_the_same_identifier_may_serve_in_two_calls():
    rows = (GOOD | {"appel": "AAP-2026"}, GOOD | {"appel": "ETE-2026", "date_depot": "02/04/2026"})

    deposits = read_deposits("depots.csv", csv_of(*rows), CONTEXT)

    assert [deposit.call for deposit in deposits] == ["AAP-2026", "ETE-2026"]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("appel", "AAP-1999", "call_unknown"),
        ("rna", "W12", "rna_format"),
        ("courriel", "a@b.fr,c@d.fr", "email_format"),
        ("qpv", "QN08001M|QN08099N", "qpv_unknown"),
        ("qpv", "QP080001", "qpv_format"),
        ("defis", "D04|D99", "challenge_unknown"),
        ("debut", "01/01/26", "date_format"),
        ("fin", "31/08/2026", "date_order"),
        ("cout_total", "1 000,00", "requested_gt_total"),
        ("nature", "peut-être", "nature_unknown"),
        ("financeurs", "REGION=1234,56", "funder_unknown"),
        ("financeurs", "ETAT 1234,56", "pair_format"),
        ("financeurs", "ETAT=1 000,00|BOP 147=234,56", "listed_twice"),
        ("financeurs", "ETAT=1 000,00|VILLE=234,55", "requested_mismatch"),
        ("financeurs", "ETAT=0|VILLE=1234,56", "amount_zero"),
        ("partenaires", "41816609600051=100", "listed_twice"),
        ("partenaires", "41816609600052=100", "siret_luhn"),
        ("partenaires", "35600000009075=1234,57", "shares_too_large"),
        ("beneficiaires", "60,5", "integer_format"),
        ("beneficiaires", "-1", "integer_range"),
        ("part_qpv", "0,6", "percentage_format"),
        ("part_qpv", "101 %", "percentage_range"),
        ("date_depot", "24/11/2026", "date_future"),
        ("titre", "x" * 301, "too_long"),
        ("external_id", "", "required"),
    ],
)
def test_one_bad_value_is_one_error_at_its_place(column: str, value: str, code: str):
    assert codes(csv_of(FULL | {column: value})) == [(2, column, code)]


def test_every_bad_item_of_a_cell_is_an_error():
    row = FULL | {"qpv": "QN08001M|QN08099N|QN08098N"}

    assert codes(csv_of(row)) == [(2, "qpv", "qpv_unknown")] * 2


@pytest.mark.parametrize(
    ("call", "day", "nature", "code"),
    [
        ("ETE-2026", "02/04/2026", "", None),
        ("ETE-2026", "03/04/2026", "", "late_submission"),
        ("ETE-2026", "01/03/2026", "", None),
        ("ETE-2026", "28/02/2026", "", "early_submission"),
        ("AAP-2026", "31/10/2026", "renouvellement", None),
        ("AAP-2026", "01/11/2026", "renouvellement", "late_submission"),
        ("AAP-2026", "01/11/2026", "premiere", None),
        ("", "01/11/2026", "renouvellement", "late_submission"),
    ],
)
def test_a_closing_day_is_still_in_time_and_the_next_is_not(
    call: str, day: str, nature: str, code: str | None
):
    content = csv_of(GOOD | {"appel": call, "date_depot": day, "nature": nature})

    if code is None:
        assert one(content).call == (call or "AAP-2026")
    else:
        assert codes(content) == [(2, "date_depot", code)]


def test_without_a_call_the_annual_one_open_that_day_is_taken_or_the_known_ones_are_named():
    assert one(csv_of(GOOD | {"date_depot": "03/04/2022"})).call == "AAP-2022"

    error = refusal(csv_of(GOOD | {"date_depot": "03/04/2024"}))

    assert error.code == "call_unknown"
    assert "AAP-2022, AAP-2026 et ETE-2026" in error.problems[0].sentence.fr


def test_a_deposit_with_its_hour_keeps_its_instant_and_its_day_in_paris():
    deposit = one(csv_of(GOOD | {"date_depot": "2026-04-02T23:30:00Z"}))

    assert deposit.deposited_at == datetime(2026, 4, 2, 23, 30, tzinfo=UTC)
    assert deposit.deposited_on == date(2026, 4, 3)


def test_look_alike_letters_and_accents_before_the_at_sign_only_warn():
    deposit = one(csv_of(GOOD | {"porteur": "\u0410miens", "courriel": "accès@mairie.fr"}))

    assert len(deposit.warnings) == 2
    assert deposit.organisation == "\u0410miens"


def test_a_call_that_takes_no_partner_stops_them_and_one_that_pays_the_lead_for_all_warns_of_the_clause():
    row = FULL | {"appel": "ETE-2026", "date_depot": "01/04/2026"}
    summer = replace(CONTEXT.calls[2], partners_allowed=True)

    assert codes(csv_of(row)) == [(2, "partenaires", "partners_not_taken")]
    [deposit] = read_deposits("depots.csv", csv_of(row), replace(CONTEXT, calls=(*CONTEXT.calls[:2], summer)))
    assert ["L1611-4" in warning.fr for warning in deposit.warnings] == [True]
