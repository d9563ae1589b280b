"""Every file of tests/data/bad_inputs.json reaches the verdict and the code written there."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from parvis.services.imports.deposit import Deposit
from parvis.services.imports.problems import DepositFileError
from parvis.services.imports.reading import read_deposits
from tests.services.imports.samples import CONTEXT, DATA

ENTRIES: list[dict[str, Any]] = json.loads((DATA / "bad_inputs.json").read_text(encoding="utf-8"))
SURFACES = ("import.", "upload.ods", "upload.docx", "upload.content")

HEADER = "external_id;siret;titre;montant_demande;date_depot\r\n"
GENERATED: dict[str, Callable[[], str]] = {
    "CS-19": lambda: HEADER + "P-1;41816609600051;" + "x" * 200_000 + ";5;03/04/2026",
    "CS-20": lambda: HEADER + ";".join(["x"] * 20_000),
    "CS-21": lambda: HEADER + "".join(f"P-{n};41816609600051;T;5;03/04/2026\r\n" for n in range(1_000_001)),
}
"""Inputs too large to be stored, made as their entry says."""


def read(entry: dict[str, Any]) -> list[Deposit]:
    if "fixture" in entry:
        path = DATA / entry["fixture"]
        return read_deposits(path.name, path.read_bytes(), CONTEXT)
    if entry["id"] in GENERATED:
        return read_deposits("depots.csv", GENERATED[entry["id"]]().encode(), CONTEXT)
    return read_deposits("dossier.json", entry["payload"].encode(), CONTEXT)


def entries(verdict: str) -> list[Any]:
    elsewhere = {"FC-06", "FC-08"}  # an antivirus and page limits are for attachments, not for imports
    return [
        pytest.param(entry, id=entry["id"])
        for entry in ENTRIES
        if entry["surface"].startswith(SURFACES)
        and entry["expected"] == verdict
        and entry["id"] not in elsewhere
    ]


@pytest.mark.parametrize("entry", entries("reject"))
def test_a_bad_file_is_refused_with_its_code_and_sentences_in_both_languages(entry: dict[str, Any]):
    with pytest.raises(DepositFileError) as refused:
        read(entry)

    assert refused.value.code == entry["error_code"]
    for problem in refused.value.problems:
        assert problem.sentence.fr.rstrip().endswith(".")
        assert problem.sentence.en
        assert problem.sentence.fr != problem.sentence.en


@pytest.mark.parametrize("entry", entries("accept"))
def test_an_odd_but_honest_file_gives_its_deposit(entry: dict[str, Any]):
    deposits = read(entry)

    assert [deposit.external_id for deposit in deposits] == ["P-1"]
    assert deposits[0].siret == "41816609600051"
    assert "\ufffd" not in deposits[0].title
    assert "Ã" not in deposits[0].title


def test_a_file_half_bad_lists_its_two_hundred_errors_with_line_and_column():
    content = (DATA / "bad_files" / "cs15_half_bad.csv").read_bytes()

    with pytest.raises(DepositFileError) as refused:
        read_deposits("cs15.csv", content, CONTEXT)

    places = {(problem.line, problem.column) for problem in refused.value.problems}
    bad_lines = range(3, 102, 2)
    assert len(refused.value.problems) == 200
    assert places == {
        (line, column) for line in bad_lines for column in ("siret", "titre", "montant_demande", "date_depot")
    }


def test_the_same_file_read_twice_gives_the_same_content():
    content = (DATA / "bad_files" / "cs27_reimport.csv").read_bytes()

    first, second = (read_deposits("cs27.csv", content, CONTEXT) for _ in range(2))

    assert first == second
    assert first[0].content_hash == second[0].content_hash


@pytest.mark.parametrize(
    ("fixture", "column", "named"),
    [
        ("xl05_formulas.xlsx", "montant_demande", "D2"),
        ("xl07_error_cell.xlsx", "montant_demande", "D2"),
        ("xl08_hidden_sheet.xlsx", None, "Notice"),
        ("xl23_two_data_sheets.xlsx", None, "Feuil2"),
        ("cs10_unclosed_quote.csv", None, "ligne 2"),
        ("cs12_missing_header.csv", None, "montant_demande et date_depot"),
        ("xl04_merged_header.xlsx", None, "siret"),
    ],
)
def test_a_refusal_names_the_cell_the_sheet_the_line_or_the_columns(
    fixture: str, column: str | None, named: str
):
    with pytest.raises(DepositFileError) as refused:
        read_deposits(fixture, (DATA / "bad_files" / fixture).read_bytes(), CONTEXT)

    assert any(p.column == column and named in p.sentence.fr for p in refused.value.problems)
