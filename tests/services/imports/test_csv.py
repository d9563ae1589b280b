"""CSV files: encodings, separators, headers, quotes and limits."""

from datetime import date

import pytest

from parvis.services.imports.cells import Limits
from parvis.services.imports.deposit import Deposit
from parvis.services.imports.problems import DepositFileError
from parvis.services.imports.reading import read_deposits
from tests.services.imports.samples import CONTEXT, GOOD, codes, csv_of, refusal


def one(content: bytes) -> Deposit:
    deposits = read_deposits("depots.csv", content, CONTEXT)
    assert len(deposits) == 1
    return deposits[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encoding_and_separator_are_found(encoding: str, separator: str):
    row = GOOD | {"titre": "Œuvre d’été à 50 €"}

    assert one(csv_of(row, separator=separator, encoding=encoding)).title == "Œuvre d’été à 50 €"


def test_the_line_excel_puts_first_to_name_its_separator_is_not_a_header():
    assert one(b"sep=;\r\n" + csv_of(GOOD)).external_id == "P-1"


def test_headers_are_read_whatever_their_case_and_accents():
    row = {
        "External ID": "P-1",
        "SIRET": GOOD["siret"],
        "Titre": "T",
        "Montant demandé": "5",
        "Date dépôt": "1/2/2026",
    }

    assert one(csv_of(row)).deposited_on == date(2026, 2, 1)


def test_two_encodings_in_one_file_are_refused_with_line_and_byte():
    content = csv_of(GOOD, GOOD | {"external_id": "P-2"}) + "P-3;é".encode("cp1252")

    error = refusal(content)

    assert error.code == "encoding_mixed"
    assert error.problems[0].line == 4
    assert "0xE9" in error.problems[0].sentence.fr


def test_a_byte_no_encoding_knows_is_refused_with_line_and_byte():
    content = csv_of(GOOD, encoding="cp1252") + b"P-2;\x81"

    error = refusal(content)

    assert error.code == "encoding"
    assert error.problems[0].line == 3
    assert "0x81" in error.problems[0].sentence.fr


def test_an_unknown_column_is_refused_with_the_nearest_known_name():
    error = refusal(csv_of(GOOD | {"courrier": "a@b.fr"}))

    assert error.code == "header_unknown"
    assert "courriel" in error.problems[0].sentence.fr


def test_missing_unknown_and_duplicate_columns_are_all_said_at_once():
    content = b"external_id;titre;Titre;truc\r\nP-1;T;T;x\r\n"

    assert sorted(code for _, _, code in codes(content)) == [
        "header_duplicate",
        "header_missing",
        "header_unknown",
    ]


def test_a_title_above_the_header_is_left_out_and_said():
    deposit = one(b"Appel 2026;;;;\r\n;;;;\r\n" + csv_of(GOOD))

    assert deposit.external_id == "P-1"
    assert "ligne 3" in deposit.warnings[0].fr


def test_empty_lines_and_short_rows_are_no_errors():
    content = b"external_id;siret;titre;montant_demande;date_depot;rna\r\n\r\n;;;;;\r\n"

    deposit = one(content + b"P-1;41816609600051;T;5;03/04/2026\r\n\r\n")

    assert deposit.rna is None


def test_a_row_wider_than_the_header_is_refused_once():
    content = csv_of(GOOD) + b"P-2;41816609600051;T;5;03/04/2026;surplus\r\n"

    assert codes(content) == [(3, None, "row_width")]


def test_line_numbers_are_those_of_the_file_even_after_a_value_of_several_lines():
    content = csv_of(GOOD | {"titre": "un\r\ndeux\r\ntrois"}, GOOD | {"external_id": "P-2", "siret": "1"})

    assert codes(content) == [(5, "siret", "siret_length")]


def test_the_opening_line_of_an_unclosed_quote_is_named_even_far_above_the_end():
    content = csv_of(GOOD) + b'P-2;41816609600051;"T;5;03/04/2026\r\n' + b"x;y\r\n" * 50_000

    error = refusal(content)

    assert error.code == "csv_unclosed_quote"
    assert error.problems[0].line == 3


def test_a_quote_followed_by_text_is_refused_rather_than_guessed():
    content = csv_of(GOOD) + b'P-2;41816609600051;"Les "amis" du parc";5;03/04/2026\r\n'

    assert codes(content) == [(3, None, "csv_quote")]


def test_text_is_kept_as_typed_even_when_it_looks_like_code():
    title = "{{ 7*7 }} ${7*7} <b>=1+1</b> 100%_"

    assert one(csv_of(GOOD | {"titre": title})).title == title


def test_a_file_with_one_row_more_than_the_limit_is_refused():
    rows = [GOOD | {"external_id": f"P-{n}"} for n in range(4)]

    assert len(read_deposits("d.csv", csv_of(*rows[:3]), CONTEXT, Limits(rows=3))) == 3
    with pytest.raises(DepositFileError) as refused:
        read_deposits("d.csv", csv_of(*rows), CONTEXT, Limits(rows=3))
    assert refused.value.code == "too_many_rows"


def test_past_ten_thousand_errors_the_report_counts():
    bad = csv_of(*(GOOD | {"external_id": f"P-{n}", "siret": "1"} for n in range(10_005)))

    error = refusal(bad)

    assert len(error.problems) == 10_001
    assert error.problems[-1].sentence.fr.startswith("5 autres erreurs")


@pytest.mark.parametrize("content", [b"", b"   \r\n\r\n"])
def test_a_file_with_nothing_in_it_is_refused(content: bytes):
    assert refusal(content).code in {"file_empty", "file_no_rows"}


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x89PNG\r\n", bytes(range(32)) * 8],
)
def test_what_is_no_table_is_refused_whatever_its_name(content: bytes):
    assert refusal(content, name="depots.csv").code == "file_type"


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read():
    with pytest.raises(DepositFileError) as refused:
        read_deposits("d.csv", csv_of(GOOD), CONTEXT, Limits(file_bytes=10))

    assert refused.value.code == "file_too_large"
