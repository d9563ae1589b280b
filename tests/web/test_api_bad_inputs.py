"""What tests/data/bad_inputs.json says of the API reaches the verdict written there."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.web.programs import API, Program

INES = "ines@ville.example"
ENTRIES = json.loads((Path(__file__).parents[1] / "data" / "bad_inputs.json").read_text(encoding="utf-8"))
OF_PAGES = {"AP-08", "AP-09", "AP-10", "AP-11"}
"""About signing in, which programs do not: `test_entering.py`."""


def mass_assignment(ines: Program, case: int) -> None:
    path = f"/cases/{ines.reference(case)}"
    state: dict[str, Any] = {"stage": "funded", "granted_cents": 99_999_900}
    bearer = {"authorization": f"Bearer {ines.token}"}

    assert ines.client.patch(API + path, json=state, headers=bearer).status_code == 405
    assert ines.move(case, "check_eligibility", **state).status_code == 422


def twice_at_once(ines: Program, case: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        moves = [pool.submit(ines.move, case, "check_eligibility", version=1) for _ in range(2)]

    assert sorted(int(move.result().status_code) for move in moves) == [200, 412]
    assert ines.desk.value("SELECT count(*) FROM journal WHERE action = 'check_eligibility'") == 1


def step_skipped(ines: Program, case: int) -> None:
    assert ines.move(case, "accept_report").status_code == 409


def too_large(ines: Program, case: int) -> None:
    path = f"/cases/{ines.reference(case)}/moves"

    said = ines.post(path, content=b"", headers={"content-length": "10000000000", "if-match": "*"})
    unsaid = ines.post(path, content=iter([b" " * 600_000] * 2), headers={"if-match": "*"})

    assert [answer.status_code for answer in (said, unsaid)] == [413, 413]


def too_many_parts(ines: Program, case: int) -> None:
    parts = [("file", (f"{number}.txt", b"a")) for number in range(10_000)]

    answer = ines.post(f"/cases/{ines.reference(case)}/files", files=parts)

    assert answer.status_code == 400
    assert ines.desk.value("SELECT count(*) FROM files") == 0


def many_ranges(ines: Program, case: int) -> None:
    path = f"/cases/{ines.reference(case)}/files"
    href = ines.post(path, files={"file": ("a.txt", b"IBAN")}).json()["href"].removeprefix(API)

    answer = ines.get(href, range="bytes=" + ",".join(f"{n}-{n}" for n in range(10_000)))

    assert (answer.status_code, answer.content) == (200, b"IBAN")


def odd_names(ines: Program, case: int) -> None:
    del case
    for odd in ("%00", "%2e%2e%2f", "é", "x" * 10_000, "%ff"):
        assert ines.get(f"/cases/{odd}").status_code in {404, 422}, odd


def key_reused(ines: Program, case: int) -> None:
    ines.move(case, "check_eligibility", key="k")

    assert ines.move(case, "withdraw", key="k").status_code == 422


TRIED: dict[str, Callable[[Program, int], None]] = {
    "AP-03": mass_assignment, "AP-04": twice_at_once, "AP-05": step_skipped, "AP-14": too_large,
    "AP-15": too_many_parts, "AP-16": many_ranges, "AP-17": odd_names, "AP-19": key_reused,
}  # fmt: skip


def test_every_entry_about_the_api_is_tried():
    assert {entry["id"] for entry in ENTRIES if entry["surface"] == "api"} == set(TRIED) | OF_PAGES


@pytest.mark.parametrize("name", TRIED)
def test_it_reaches_its_verdict_and_the_case_stays(program, name):
    case = program.desk.submitted_case()

    TRIED[name](program.of(INES), case)

    assert program.desk.stage(case) == "submitted"
