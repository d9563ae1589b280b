"""Deposits sent by programs: all taken in or none, each fault with its place."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

INES, PAUL = "ines@ville.example", "paul@ville.example"
DOSSIER: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "portal" / "dossier.json").read_text(encoding="utf-8")
)
ON_ITS_DAY = "/deposits?call=annuel-2026"


def dossier(reference: str) -> dict[str, Any]:
    """The portal's example under another reference."""
    changed = copy.deepcopy(DOSSIER)
    changed |= {"reference": reference, "dateDemande": "2026-05-20T14:55:18.095Z"}
    return changed


def test_one_deposit_or_a_list_comes_in_and_again_changes_nothing(program):
    ines = program.of(INES, "import")

    one = ines.post(ON_ITS_DAY, dossier("A-1"))
    both = ines.post(ON_ITS_DAY, [dossier("A-1"), dossier("A-2")])

    assert one.status_code == 200, one.text
    assert [len(one.json()[name]) for name in ("created", "unchanged", "diverging")] == [1, 0, 0]
    assert [len(both.json()[name]) for name in ("created", "unchanged", "diverging")] == [1, 1, 0]
    assert both.json()["unchanged"] == one.json()["created"]
    assert program.desk.value("SELECT count(*) FROM cases") == 2


def test_a_trial_says_the_same_and_records_nothing(program):
    answer = program.of(INES, "import").post(f"{ON_ITS_DAY}&dry_run=true", dossier("A-1"))

    assert (answer.status_code, answer.json()["dry_run"], len(answer.json()["created"])) == (200, True, 1)
    assert program.desk.value("SELECT count(*) FROM cases") == 0


def test_one_wrong_deposit_keeps_the_others_out_and_says_where_it_is_wrong(program):
    wrong = dossier("A-2")
    wrong["dateDemande"] = "hier"

    answer = program.of(INES, "import").post(ON_ITS_DAY, [dossier("A-1"), wrong])

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["2.dateDemande"]
    assert program.desk.value("SELECT count(*) FROM cases") == 0


@pytest.mark.parametrize(
    "body", [b"", b"ref;titre\n1;2", b"\xff\xfe", b"null", b"3", b"{", b"[]", b"[[]]", b"[" * 9_000]
)
def test_what_is_no_deposit_is_refused(program, body):
    answer = program.of(INES, "import").post(
        "/deposits", content=body, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


def test_an_unknown_call_is_named(program):
    answer = program.of(INES, "import").post("/deposits?call=nulle", dossier("A-1"))

    assert [each["field"] for each in answer.json()["errors"]] == ["call"]


def test_a_funder_imports_nothing(program):
    assert program.of(PAUL, "import").post(ON_ITS_DAY, dossier("A-1")).status_code == 404
