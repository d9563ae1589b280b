"""Amounts as people read them: written here, held to what Babel says."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency

from parvis.states.words import money

AMOUNTS = (0, 1, 99, 100, 99_999, 100_000, 12_345_650, 99_999_999, 100_000_000, 123_456_789_012, 10**15 + 5)


@pytest.mark.parametrize(("language", "locale"), [("fr", "fr_FR"), ("en", "en_GB")])
@pytest.mark.parametrize("cents", [*AMOUNTS, *(-amount for amount in AMOUNTS[1:])])
def test_an_amount_is_written_as_babel_writes_it(cents, language, locale):
    assert money(cents, language) == format_currency(Decimal(cents) / 100, "EUR", locale=locale)
