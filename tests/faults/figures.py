"""What each scenario of the fault tests measured, one line a scenario, and the table `make faults` makes of it.

`python -m tests.faults.figures FILE [PAGE]` prints the table of FILE, and puts it in PAGE when every scenario held.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from parvis.states.words import Sentence

FILE = "PARVIS_FAULTS"
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


def main(file: Path, page: Path | None = None) -> None:
    """Print the table; put it in the page, with its day, when every scenario held."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = [json.loads(line) for line in text.splitlines()]
    table = rows(lines)
    sys.stdout.write(f"\n{shown(table)}\n")
    if page and table and all(line.get("held", True) for line in lines):
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        day = datetime.now(UTC).date().isoformat()
        block = f"{BEGIN}\nDernier passage, le {day}.\n\n{markdown(table)}\n{END}"
        page.write_text(f"{before}{block}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
