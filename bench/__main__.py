"""`python -m bench`: everything against its floor, on one machine, in one run; a table at the end, or JSON."""

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console, JustifyMethod
from rich.table import Table as Drawn

from bench import fence, growth, imports, letters, moves, packets, pages, partitions, queue, sweeps, workers
from bench.ground import lay
from bench.report import Line, Progress, Table
from parvis.models import embedded
from parvis.models.embedded import EmbeddedServer

MARKS = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}


def main() -> None:
    """Measure what was asked for, and show it."""
    asked = _arguments()
    console = Console(stderr=True)
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="parvis-bench-"))
    try:
        with console.status("…") as status, embedded.start(folder / "postgres") as server:
            tables = []
            for name, measure in SUBJECTS.items():
                if name in asked.only if asked.only else name not in ON_DEMAND:
                    made = measure(server, quick=asked.quick, progress=status.update, **_more(name, asked))
                    tables.append(made)
                    if not asked.json:
                        _draw(made)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if asked.json:
        print(json.dumps([_plain(table) for table in tables], ensure_ascii=False, indent=2))
    else:
        print(f"Medians of rounds that alternate; {(time.monotonic() - begun) / 60:.1f} minutes.")


def _moves(server: EmbeddedServer, *, quick: bool, progress: Progress) -> Table:
    return moves.measure(lay(server, "moves"), quick=quick, progress=progress)


def _letters(server: EmbeddedServer, *, quick: bool, progress: Progress) -> Table:
    return letters.measure(lay(server, "letters"), quick=quick, progress=progress)


def _packets(server: EmbeddedServer, *, quick: bool, progress: Progress) -> Table:
    return packets.measure(lay(server, "packets"), quick=quick, progress=progress)


SUBJECTS: dict[str, Callable[..., Table]] = {
    "moves": _moves,
    "sweeps": sweeps.measure,
    "letters": _letters,
    "queue": queue.measure,
    "pages": pages.measure,
    "packets": _packets,
    "imports": imports.measure,
    "growth": growth.measure,  # first: it verifies every line, and what others copy has none
    "workers": workers.measure,
    "partitions": partitions.measure,
    "fence": fence.measure,
}
ON_DEMAND = {"growth", "partitions", "fence"}
"""Subjects that decided something once, or that take an hour."""
AMONG = {"workers", "partitions", "fence"}
"""Subjects that may be asked about a number of cases."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and cases: an order of magnitude")
    parser.add_argument("--json", action="store_true", help="figures as JSON on the standard output")
    parser.add_argument(
        "--cases", type=int, default=0, help="among so many cases of many cities: " + ", ".join(sorted(AMONG))
    )
    parser.add_argument(
        "--only", action="append", choices=list(SUBJECTS), help="one subject; may be repeated"
    )
    return parser.parse_args()


def _more(name: str, asked: argparse.Namespace) -> dict[str, int]:
    return {"cases": asked.cases} if name in AMONG else {}


def _draw(table: Table) -> None:
    console = Console()
    drawn = Drawn(title=table.subject, title_justify="left", title_style="bold", box=SIMPLE)
    for name, justify in COLUMNS.items():
        drawn.add_column(name, justify=justify, no_wrap=name != "")
    for line in table.lines:
        what = f"{line.what}\n[dim]{line.note}[/]" if line.note else line.what
        promise = f"{line.target} {MARKS[line.kept]}"
        drawn.add_row(what, line.ours, line.floor, f"{line.ratio:.2f}", promise)
    console.print()
    console.print(f"{table.subject}: {table.skipped}" if table.skipped else drawn)


COLUMNS: dict[str, JustifyMethod] = {
    "": "left",
    "ours": "right",
    "floor": "right",
    "ratio": "right",
    "promised": "left",
}


def _plain(table: Table) -> dict[str, object]:
    return {
        "subject": table.subject,
        "skipped": table.skipped,
        "lines": [_line(line) for line in table.lines],
    }


def _line(line: Line) -> dict[str, object]:
    return {**asdict(line), "kept": line.kept}


if __name__ == "__main__":
    main()
