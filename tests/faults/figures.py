"""What each scenario of the fault tests measured, one line a scenario, and the table `make faults` makes of it.

`python -m tests.faults.figures FILE [PAGE]` prints the table of FILE, and puts it in PAGE when every scenario held.
With a page the run was a whole one: it fails, naming them, when scenarios have no figures or no control.
"""

import ast
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from parvis.states.words import Sentence

FILE = "PARVIS_FAULTS"
TESTS = Path(__file__).parents[1]
BEGIN, END = "<!-- make faults -->", "<!-- /make faults -->"
HEADINGS = (
    Sentence("Ce qui est cassé", "What is broken"), Sentence("fois", "times"), Sentence("sur", "of"),
    Sentence("perdus", "lost"), Sentence("en double", "doubled"), Sentence("permis", "allowed"), Sentence("s", "s"),
    Sentence("Témoin : sans la protection", "Control: without the protection"),
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What a scenario counted: `times` something was broken, over `of` things; `allowed` is the window stated."""

    times: int = 0
    of: int = 0
    lost: int = 0
    doubled: int = 0
    allowed: int = 0


@contextmanager
def measured(scenario: str, broken: Sentence) -> Iterator[Tally]:
    """Run a scenario in the block and write down what it counted, whether it held or not.

    `scenario` is a word its controls share; `broken` says what is broken. Fill the tally before asserting.
    """
    tally, begun, held = Tally(), time.monotonic(), False
    try:
        yield tally
        held = True
    finally:
        seconds = round(time.monotonic() - begun, 1)
        _write(
            {"scenario": scenario, "fr": broken.fr, "en": broken.en, "held": held, "seconds": seconds}
            | asdict(tally)
        )


def control(scenario: str, without: Sentence, *, lost: int = 0, doubled: int = 0, stuck: int = 0) -> None:
    """Write down what was lost, doubled or left waiting once a protection was taken away from a scenario."""
    _write(
        {"scenario": scenario, "without_fr": without.fr, "without_en": without.en, "lost": lost, "doubled": doubled,
         "stuck": stuck}
    )  # fmt: skip


def _write(line: dict[str, object]) -> None:
    """One line in the file that `make faults` names; in other runs nobody asks for figures."""
    if path := os.environ.get(FILE):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def rows(lines: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The cells of the table, a row a scenario, each with its controls."""
    table = []
    for line in lines:
        if "held" in line:
            seen = [each for each in lines if "held" not in each and each["scenario"] == line["scenario"]]
            mark = "" if line["held"] else " — NON TENU / NOT HELD"
            table.append(
                [f"{line['fr']} / {line['en']}{mark}"]
                + [str(line[name]) for name in ("times", "of", "lost", "doubled", "allowed", "seconds")]
                + [" ; ".join(map(_of_control, seen)) or "—"]
            )
    return table


def _of_control(line: dict[str, Any]) -> str:
    words = {"lost": "perdus / lost", "doubled": "en double / doubled", "stuck": "en attente / waiting"}
    counts = ", ".join(f"{line[name]} {said}" for name, said in words.items() if line[name])
    return f"{line['without_fr']} / {line['without_en']} : {counts or '0'}"


def markdown(table: Sequence[Sequence[str]]) -> str:
    """The table as a block of a page."""
    head = [f"{each.fr} / {each.en}" if each.fr != each.en else each.fr for each in HEADINGS]
    lines = [head, ["---", *["---:"] * 6, "---"], *table]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def shown(table: Sequence[Sequence[str]]) -> str:
    """The table for a terminal: a scenario on its line, its control below."""
    head = [f"{each.fr} / {each.en}" if each.fr != each.en else each.fr for each in HEADINGS[1:-1]]
    widths = [max(len(line[at]) for line in [["", *head], *table]) for at in range(1, 7)]
    lines = ["  ".join(each.rjust(width) for each, width in zip(head, widths, strict=True))]
    for first, *counts, seen in table:
        lines += [
            first,
            "  ".join(each.rjust(width) for each, width in zip(counts, widths, strict=True)),
            f"    {seen}",
        ]
    return "\n".join(lines)


def called(name: str) -> dict[str, set[str]]:
    """The scenarios that tests give to `measured` or `control`, by file; what is filled in a word is a `*`."""
    found: dict[str, set[str]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        source = file.read_text(encoding="utf-8")
        if file.name == "test_figures.py" or "tests.faults.figures import" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                found.setdefault(file.relative_to(TESTS.parent).as_posix(), set()).add(_word(node.args[0]))
    return found


def _word(said: ast.expr) -> str:
    match said:
        case ast.Constant(str(word)):
            return word
        case ast.JoinedStr(parts):
            return "".join(_word(each) if isinstance(each, ast.Constant) else "*" for each in parts)
    raise ValueError(f"say the scenario where it is used, not {ast.unparse(said)}")


def wanting(lines: Sequence[dict[str, Any]], scenarios: Sequence[str]) -> list[str]:
    """Which scenarios of these were not run, and which of those that were have no control."""
    run = {str(line["scenario"]): f"{line['fr']} / {line['en']}" for line in lines if "held" in line}
    proved = {line["scenario"] for line in lines if "held" not in line}
    absent = [each for each in sorted(scenarios) if not any(fnmatch(one, each) for one in run)]
    return [f"{each} : pas de chiffres, essai sauté / no figures, trial skipped" for each in absent] + [
        f"{each} : pas de témoin / no control: {said}" for each, said in run.items() if each not in proved
    ]


def main(file: Path, page: Path | None = None, scenarios: Sequence[str] = ()) -> int:
    """Print the table; put it in the page, with its day, when every scenario held and none is wanting.

    The status of the command: 1 for a whole run in which one of the `scenarios` is.
    """
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = [json.loads(line) for line in text.splitlines()]
    table = rows(lines)
    sys.stdout.write(f"\n{shown(table)}\n")
    if page is None:
        return 0
    missed = wanting(lines, scenarios)
    sys.stdout.writelines(f"{each}\n" for each in missed)
    if not missed and table and all(line.get("held", True) for line in lines):
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        day = datetime.now(UTC).date().isoformat()
        block = f"{BEGIN}\nDernier passage, le {day}.\n\n{markdown(table)}\n{END}"
        page.write_text(f"{before}{block}{after}", encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    whole = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    sys.exit(main(Path(sys.argv[1]), whole, sorted(set().union(*called("measured").values()))))
