"""No entry of tests/data/bad_inputs.json is left without a test that tries it."""

import importlib
import json
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from tests.architecture.house import ROOT

DATA = ROOT / "tests" / "data" / "bad_inputs.json"
ENTRIES: list[dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))


NAMED = re.compile(r"def test_([a-z]{2})_(\d\d)_")
"""A test that has an entry in its name."""


def test_every_bad_input_is_tried_by_a_test():
    readers = [path for path in (ROOT / "tests").rglob("test_*.py") if _reads_them(path.read_text("utf-8"))]
    texts = [path.read_text("utf-8") for path in readers]
    tried = {each for text in texts for each in re.findall(r'"([A-Z]{2}-\d\d)"', text)}
    tried |= {f"{area.upper()}-{number}" for text in texts for area, number in NAMED.findall(text)}
    for path in readers:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tried |= set(_parameters(importlib.import_module(name)))

    left = sorted(entry["id"] for entry in ENTRIES if entry["id"] not in tried)

    assert len(readers) > 5
    assert left == []


def _reads_them(text: str) -> bool:
    return "bad_inputs.json" in text and "def test_every_bad_input_is_tried" not in text


def _parameters(module: ModuleType) -> Iterator[str]:
    """The entries that tests of a module are given one by one."""
    for name, tested in vars(module).items():
        if name.startswith("test_"):
            for mark in getattr(tested, "pytestmark", ()):
                if mark.name == "parametrize":
                    yield from (_named(each) for each in mark.args[1])
                    yield from mark.kwargs["ids"] if isinstance(mark.kwargs.get("ids"), list) else ()


def _named(parameter: object) -> str:
    """The entry that a parameter is; nothing when it is none."""
    if identity := getattr(parameter, "id", None):
        return str(identity)
    return str(parameter.get("id", "")) if isinstance(parameter, dict) else str(parameter)
