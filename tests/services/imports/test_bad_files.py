"""Every file of tests/data/bad_inputs.json reaches the verdict and the code written there."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parvis.services.imports.context import ImportContext, KnownCall, KnownFunder
from parvis.services.imports.deposit import Deposit
from parvis.services.imports.problems import DepositFileError
from parvis.services.imports.reading import read_deposits

DATA = Path(__file__).parents[2] / "data"
ENTRIES: list[dict[str, Any]] = json.loads((DATA / "bad_inputs.json").read_text(encoding="utf-8"))
SURFACES = ("import.", "upload.ods", "upload.docx", "upload.content")

HEADER = "external_id;siret;titre;montant_demande;date_depot\r\n"
GENERATED: dict[str, Callable[[], str]] = {
    "CS-19": lambda: HEADER + "P-1;41816609600051;" + "x" * 200_000 + ";5;03/04/2026",
    "CS-20": lambda: HEADER + ";".join(["x"] * 20_000),
    "CS-21": lambda: HEADER + "".join(f"P-{n};41816609600051;T;5;03/04/2026\r\n" for n in range(1_000_001)),
}
"""Inputs too large to be stored, made as their entry says."""

CONTEXT = ImportContext(
    today=date(2026, 11, 23),
    calls=(
        KnownCall(code="AAP-2022", opens_on=date(2022, 1, 1), closes_on=date(2022, 12, 31), annual=True),
        KnownCall(code="AAP-2026", opens_on=date(2026, 1, 1), closes_on=date(2026, 12, 31), annual=True),
        KnownCall(code="ETE-2026", opens_on=date(2026, 3, 1), closes_on=date(2026, 4, 2)),
    ),
    qpvs=frozenset({"QN08001M", "QN08003M", "QN08010N"}),
    challenges=frozenset({"D01", "D04", "D11"}),
    funders=(
        KnownFunder(code="ETAT", name="État, politique de la ville", aliases=("BOP 147",)),
        KnownFunder(code="VILLE", name="Ville d’Amiens"),
    ),
)


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
