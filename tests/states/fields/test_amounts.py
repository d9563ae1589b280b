"""Amounts, to the cent, and those that could be read two ways."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.states import fields
from parvis.states.fields import FieldError
from tests.states.fields.refusals import code


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1 234,56 €", 123_456),
        ("1\u202f234,56\u00a0€", 123_456),
        ("1234,5", 123_450),
        ("1234.56", 123_456),
        ("1.234,56", 123_456),
        ("1,234.56", 123_456),
        ("12.345.678", 1_234_567_800),
        ("12 345 678", 1_234_567_800),
        ("1234.500", 123_450),
        ("+5", 500),
        ("5 EUR", 500),
        ("€5", 500),
        ("0,01", 1),
        ("0.10", 10),
        ("1000000000", 100_000_000_000),
        (5, 500),
        (1234.56, 123_456),
        (0.1 + 0.2, 30),
        (8.6999999999999993, 870),
        (Decimal("12.30"), 1_230),
    ],
)
def test_an_amount_is_kept_to_the_cent(typed: str | float | Decimal, cents: int):
    assert fields.amount(typed) == cents


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("1,234", "amount_ambiguous"),
        ("12.345", "amount_ambiguous"),
        ("0,005", "amount_precision"),
        ("1234.565", "amount_precision"),
        ("0,0001", "amount_precision"),
        (Decimal("0.0000000000000000000000000000000000001"), "amount_precision"),
        ("-5", "amount_negative"),
        ("−5", "amount_negative"),
        ("5-", "amount_negative"),
        (-0.01, "amount_negative"),
        pytest.param(-(10**5_000), "amount_negative", id="minus-5000-digits"),
        ("1e3", "amount_format"),
        ("1 23", "amount_format"),
        ("1.23.456", "amount_format"),
        ("5,", "amount_format"),
        (",5", "amount_format"),
        ("cinq", "amount_format"),
        ("\u0665", "amount_format"),
        ("5€€", "amount_format"),
        ("1" * 31, "amount_format"),
        (True, "amount_format"),
        (date(2026, 1, 1), "amount_format"),
        ("Infinity", "amount_not_finite"),
        ("-inf", "amount_not_finite"),
        ("sNaN", "amount_not_finite"),
        (float("nan"), "amount_not_finite"),
        (float("inf"), "amount_not_finite"),
        (Decimal("NaN"), "amount_not_finite"),
        ("0,00", "amount_zero"),
        (0.0, "amount_zero"),
        ("12 USD", "amount_currency"),
        ("£5", "amount_currency"),
        ("1000000000,01", "amount_range"),
        pytest.param(10**5_000, "amount_range", id="5000-digits"),
        (1e300, "amount_range"),
        ("5\u0000", "control_char"),
        (None, "required"),
    ],
)
def test_an_amount_that_could_be_misread_is_refused(typed: object, refusal: str):
    assert code(fields.amount, typed) == refusal


def test_an_ambiguous_amount_says_both_readings():
    with pytest.raises(FieldError) as refused:
        fields.amount("1.234")

    assert "1 234 ou 1,23" in refused.value.sentence.fr


@given(cents=st.integers(1, 100_000_000_000))
def test_every_amount_written_the_french_way_comes_back(cents: int):
    written = f"{cents // 100:,}".replace(",", "\u202f") + f",{cents % 100:02} €"

    assert fields.amount(written) == cents


@given(typed=st.text(max_size=40))
def test_no_text_makes_an_amount_fail_otherwise(typed: str):
    try:
        cents = fields.amount(typed)
    except FieldError as error:
        error.sentence.fr.encode()
    else:
        assert cents > 0
