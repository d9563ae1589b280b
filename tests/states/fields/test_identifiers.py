"""SIRET, RNA and IBAN, as they are typed and as they are kept."""

import pytest

from parvis.states import fields
from parvis.states.fields import FieldError
from tests.states.fields.refusals import code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("41816609600051", "41816609600051"),
        ("418 166 096 00051", "41816609600051"),
        (" 418\u00a0166\u202f096 00051 ", "41816609600051"),
        ("\u200b41816609600051", "41816609600051"),
        (41816609600051, "41816609600051"),
        ("35600000009075", "35600000009075"),
        ("35600000000048", "35600000000048"),
    ],
)
def test_a_siret_is_kept_as_fourteen_digits(typed: str | int, kept: str):
    assert fields.siret(typed) == kept


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (None, "required"),
        (" \u00a0", "required"),
        ("4,18166E+13", "siret_scientific"),
        (41816609600051.0, "siret_scientific"),
        ("٤١٨١٦٦٠٩٦٠٠٠٥١", "siret_charset"),
        ("²1816609600051", "siret_charset"),
        ("41816609600051\n", "siret_charset"),
        (True, "text_type"),
        (-41816609600051, "siret_charset"),
        ("418166096000510", "siret_length"),
        ("11111111111111", "siret_placeholder"),
        ("00000000000018", "siret_placeholder"),
    ],
)
def test_a_siret_that_is_not_fourteen_valid_digits_is_refused(typed: object, refusal: str):
    assert code(fields.siret, typed) == refusal


def test_the_length_found_is_said():
    with pytest.raises(FieldError) as refused:
        fields.siret("1816609600051")

    assert "compte 13 chiffres" in refused.value.sentence.fr
    assert "has 13 digits" in refused.value.sentence.en


@pytest.mark.parametrize("typed", ["w751100895", "W 751 100 895", "W9P1002760"])
def test_an_rna_is_kept_in_capitals(typed: str):
    assert fields.rna(typed) == typed.replace(" ", "").upper()


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [("751100895", "rna_format"), ("W8P1002760", "rna_format"), ("W000000000", "rna_placeholder")],
)
def test_an_rna_of_another_form_is_refused(typed: str, refusal: str):
    assert code(fields.rna, typed) == refusal


def test_an_iban_is_kept_compact_and_a_wrong_form_is_told_from_a_wrong_key():
    assert fields.iban("fr76 3000 6000 0112 3456 7890 189") == "FR7630006000011234567890189"
    assert code(fields.iban, "FR7630006000011234567890188") == "iban_mod97"
    assert code(fields.iban, "12345") == "iban_format"
    assert code(fields.iban, "XX00123456789012") in {"iban_format", "iban_mod97"}
