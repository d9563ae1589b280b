"""Amounts, days and hours as documents print them."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.documents import figures
from parvis.states import words


@given(st.integers(-(10**13), 10**13))
def test_an_amount_with_its_cents_reads_as_everywhere_else(cents):
    assert figures.euros(cents, whole=False) == words.money(cents).replace("\u00a0€", "\u202f€").replace(
        "-", "−"
    )


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (0, "0\u202f€"),
        (1, "0,01\u202f€"),
        (12_345_00, "12\u202f345\u202f€"),
        (-9_40, "−9,40\u202f€"),
        (None, "—"),
    ],
)
def test_an_amount_shows_cents_only_when_it_has_some(cents, shown):
    assert figures.euros(cents) == shown


def test_all_amounts_of_a_column_show_cents_when_one_does():
    assert figures.column([100, 250, None]) == ["1,00\u202f€", "2,50\u202f€", "—"]
    assert figures.column([100, 200]) == ["1\u202f€", "2\u202f€"]


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_a_day_reads_as_everywhere_else_and_never_breaks(value):
    assert figures.day(value) == words.day(value).replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("clock", "shown"),
    [(time(9), "9\u00a0h"), (time(14, 30), "14\u00a0h\u00a030"), (time(0, 5), "0\u00a0h\u00a005")],
)
def test_an_hour_shows_minutes_only_when_it_has_some(clock, shown):
    assert figures.hour(clock) == shown


def test_a_share_of_nothing_is_a_dash():
    assert figures.percent(1, 0) == "—"
    assert figures.percent(521, 1000) == "52\u202f%"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0\u00a0dossier"),
        (1, "1\u00a0dossier"),
        (2, "2\u00a0dossiers"),
        (1200, "1\u202f200\u00a0dossiers"),
    ],
)
def test_a_count_agrees_with_its_noun(number, shown):
    assert figures.count(number, "dossier", "dossiers") == shown
