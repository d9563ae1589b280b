"""Texts, addresses, days, counts and sums: what each becomes."""

from datetime import UTC, date, datetime

import pytest

from parvis.states import fields
from parvis.states.fields import FieldError
from tests.states.fields.refusals import code


def test_text_is_normalised_and_loses_what_cannot_be_seen():
    assert fields.text("Cafe\u0301") == "Café"
    assert fields.text("Ass\u200bociation\u202e") == "Association"
    assert fields.text("  un\r\ndeux\ttrois ") == "un deux trois"
    assert fields.text("un\r\ndeux\u2028trois", lines=True) == "un\ndeux\ntrois"
    assert fields.text("1\u202f000\u00a0€") == "1\u202f000\u00a0€"
    assert fields.text("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
    assert fields.text(12) == "12"


@pytest.mark.parametrize("typed", ["a\u0000", "a\u001b[31m", "a\u0085", "a\ud800", "a\uffff"])
def test_a_control_character_is_named_with_its_place(typed: str):
    with pytest.raises(FieldError) as refused:
        fields.text(typed)

    assert refused.value.code == "control_char"
    assert f"U+{ord(typed[1]):04X} (position 2)" in refused.value.sentence.fr
    refused.value.sentence.fr.encode()


def test_a_text_one_character_too_long_is_refused():
    assert len(fields.text("x" * 300, max_length=300)) == 300
    assert code(lambda value: fields.text(value, max_length=300), "x" * 301) == "too_long"
    assert code(lambda value: fields.text(value, max_length=300), "x" * 10_000_000) == "too_long"


def test_look_alike_letters_inside_one_word_are_noticed():
    assert fields.mixed_scripts("\u0410miens Métropole")
    assert not fields.mixed_scripts("Amiens Métropole, Москва et Αθήνα")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Contact@Asso.FR", "Contact@asso.fr"),
        (" a.b+c@d-e.fr ", "a.b+c@d-e.fr"),
        ("contact@mairié.fr", "contact@xn--mairi-fsa.fr"),
        ("accès@mairié.fr", "accès@xn--mairi-fsa.fr"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_ascii(typed: str, kept: str):
    assert fields.email(typed) == kept
    assert fields.needs_smtputf8(kept) == (not kept.isascii())


@pytest.mark.parametrize(
    "typed",
    [
        "a",
        "@b.fr",
        "a@",
        "a@b",
        "a@b..fr",
        "a@-b.fr",
        "a.@b.fr",
        "a b@c.fr",
        '"a b"@c.fr',
        "a@b.fr\r\n",
        "Jean <a@b.fr>",
        "a@b.fr;c@d.fr",
        "a%b@c.fr",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "x" * 65 + "@b.fr",
        "a@" + "b" * 64 + ".fr",
        "a@" + "b." * 200 + "fr",
        "a\u00d7@b.fr",
        "a@b.fr\u0000",
    ],
)
def test_what_is_not_one_address_is_refused(typed: str):
    assert code(fields.email, typed) == "email_format"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("03/04/2026", date(2026, 4, 3)),
        ("3/4/2026", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
        ("29/02/2028", date(2028, 2, 29)),
        ("2026-03-29T02:30:00+01:00", date(2026, 3, 29)),
        ("2026-12-31T23:30:00Z", date(2027, 1, 1)),
        ("2022-08-31T22:00:00.000Z", date(2022, 9, 1)),
        ("31/12/2100", date(2100, 12, 31)),
        ("01/01/1990", date(1990, 1, 1)),
        (date(2026, 4, 3), date(2026, 4, 3)),
    ],
)
def test_a_day_is_the_one_in_paris(typed: str | date, day: date):
    assert fields.calendar_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("29/02/2026", "date_invalid"),
        ("31/12/1989", "date_range"),
        ("01/01/2101", "date_range"),
        ("9999-12-31T23:59:59-12:00", "date_range"),
        ("2026-04-03T25:00:00Z", "date_invalid"),
        ("2026-04-03T10:00:00+99:00", "date_invalid"),
        ("2026-04-03 00:00:00", "datetime_offset_required"),
        ("03-04-2026", "date_format"),
        ("20260403", "date_format"),
        ("٠٣/٠٤/٢٠٢٦", "date_format"),
        (46203, "date_invalid"),
        (True, "date_invalid"),
    ],
)
def test_a_day_that_is_none_is_refused(typed: object, refusal: str):
    assert code(fields.calendar_day, typed) == refusal


def test_a_day_without_its_hour_begins_at_midnight_in_paris():
    assert fields.day_or_instant("30/06/2026") == datetime(2026, 6, 29, 22, 0, tzinfo=UTC)
    assert fields.day_or_instant("2026-06-30T10:00:00+02:00") == datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("serial", "since_1904", "day"),
    [
        (46203, False, date(2026, 6, 30)),
        (44741, True, date(2026, 6, 30)),
        (46203.999, False, date(2026, 6, 30)),
    ],
)
def test_a_serial_number_is_counted_in_its_own_system(serial: float, since_1904: bool, day: date):
    assert fields.spreadsheet_day(serial, since_1904=since_1904) == day


@pytest.mark.parametrize(
    ("serial", "refusal"),
    [(60, "date_invalid"), (1, "date_range"), (-1, "date_range"), (1e300, "date_range")],
)
def test_a_serial_number_that_is_no_day_is_refused(serial: float, refusal: str):
    assert code(fields.spreadsheet_day, serial) == refusal


def test_counts_and_shares_are_whole():
    assert fields.integer("1 200") == 1_200
    assert fields.integer(12.0) == 12
    assert fields.percentage("60 %") == 60
    assert fields.percentage("60,00") == 60
    assert fields.percentage(100) == 100
    assert code(fields.percentage, 0.6) == "percentage_format"
    assert code(fields.integer, "12.5") == "integer_format"
    assert code(fields.integer, "9" * 5_000) == "integer_format"


def test_an_integer_of_thousands_of_digits_is_refused_without_being_written_out():
    assert code(fields.text, 10**5_000) == "text_type"
    assert code(fields.siret, 10**5_000) == "text_type"
    assert code(fields.calendar_day, 10**5_000) == "date_invalid"


def test_a_quoted_value_is_short_and_hides_nothing():
    assert fields.shortened("x" * 100) == "x" * 40 + "…"
    assert fields.shortened("a\u0000b\u202ec\ud800") == "a␀b[U+202E]c[U+D800]"


def test_an_unbalanced_budget_says_both_sums_and_the_gap():
    with pytest.raises(FieldError) as refused:
        fields.check_balanced([500_000, 300_000], [500_000, 299_999])

    said = refused.value.sentence.fr.replace("\u202f", " ").replace("\u00a0", " ")
    assert "8 000,00 € de charges" in said
    assert "7 999,99 € de produits" in said
    assert "0,01 € d’écart" in said


def test_the_deadline_itself_is_in_time():
    fields.check_not_late(submitted=date(2027, 1, 4), deadline=date(2027, 1, 4))
    fields.check_within_total(requested_cents=1, total_cents=1)
