"""Every field and record of tests/data/bad_inputs.json reaches the verdict and the code written there."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parvis.states import fields
from parvis.states.fields import FieldError

ENTRIES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data" / "bad_inputs.json").read_text(encoding="utf-8")
)
KNOWN_QPV = {"QN08001M", "QN08002M", "QN08003M", "QN08004M", "QN08005M", "QN08006M", "QN08010N"}
SERIALS = {"DT-13", "DT-14"}
"""Serial numbers of days: dates in the date cells of a spreadsheet, and nowhere else."""

PARSERS: dict[str, Callable[[Any], object]] = {
    "field.siret": fields.siret,
    "field.rna": fields.rna,
    "field.iban": fields.iban,
    "field.qpv": lambda value: fields.qpv(value, KNOWN_QPV),
    "field.amount": fields.amount,
    "field.text": fields.text,
    "field.email": fields.email,
    "field.date": fields.calendar_day,
}


def check_record(payload: dict[str, Any]) -> None:
    match payload:
        case {"charges": charges, "produits": produits}:
            fields.check_balanced(map(fields.amount, charges), map(fields.amount, produits))
        case {"requested": requested, "total_cost": total}:
            fields.check_within_total(
                requested_cents=fields.amount(requested), total_cents=fields.amount(total)
            )
        case {"requested": requested, "produits_subvention_ville": planned}:
            fields.check_same_request(
                "ville", requested_cents=fields.amount(requested), planned_cents=fields.amount(planned)
            )
        case {"submitted": submitted, "deadline": deadline}:
            fields.check_not_late(
                submitted=date.fromisoformat(submitted), deadline=date.fromisoformat(deadline)
            )
        case _:
            pytest.fail(f"no check for {payload}")


def parse(entry: dict[str, Any]) -> object:
    if entry["surface"].startswith("record."):
        check_record(entry["payload_json"])
        return None
    if entry["id"] in SERIALS:
        return fields.spreadsheet_day(entry["payload"])
    return PARSERS[entry["surface"]](entry["payload"])


def entries(verdict: str) -> list[Any]:
    return [
        pytest.param(entry, id=entry["id"])
        for entry in ENTRIES
        if entry["surface"].startswith(("field.", "record.")) and entry["expected"] == verdict
    ]


@pytest.mark.parametrize("entry", entries("reject"))
def test_a_bad_value_is_refused_with_its_code_and_a_sentence_in_both_languages(entry: dict[str, Any]):
    with pytest.raises(FieldError) as refused:
        parse(entry)

    assert refused.value.code == entry["error_code"]
    sentence = refused.value.sentence
    assert sentence.fr.endswith((".", ")."))
    assert sentence.en
    assert sentence.fr != sentence.en
    assert "{" not in sentence.fr or "{{" in str(entry.get("payload"))


@pytest.mark.parametrize("entry", entries("accept"))
def test_a_good_value_is_kept(entry: dict[str, Any]):
    parse(entry)


@pytest.mark.parametrize("serial", [46203, 60, 46203.5])
def test_a_serial_number_of_days_is_no_date_outside_a_date_cell(serial: float):
    with pytest.raises(FieldError) as refused:
        fields.calendar_day(serial)

    assert refused.value.code == "date_invalid"
