"""`python -m tests.soak --minutes 60`: lives, kills, measures, says in one table what grew; 1 when something did."""

import argparse
import contextlib
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from tests.services.smtp_server import free_port
from tests.soak.arrivals import Arrivals
from tests.soak.city import City, city
from tests.soak.judging import Verdict, judge
from tests.soak.people import Crowd, Heard
from tests.soak.reckoning import Reckoning, reckon, send_what_is_leased, settle
from tests.soak.running import Kept
from tests.soak.samples import Sample, measure

EVERY = 5.0
MOST_MINUTES = 240.0
START_SECONDS = 240.0
SPARED = ("web", "letters", "sweeps")
"""Measured all along: nobody kills them. Those killed are beside them, on the same work."""


@dataclass
class Soak:
    """One run: what is kept running, who lives there, what was measured."""

    city: City
    minutes: float
    kill_every: float
    leaks: bool
    pace: float
    services: dict[str, Kept] = field(default_factory=dict)
    heard: Heard = field(default_factory=Heard)
    samples: list[Sample] = field(default_factory=list)
    ended: Event = field(default_factory=Event)
    ports: dict[str, int] = field(default_factory=dict)

    def run(self, console: Console) -> Reckoning:
        """Live for so many minutes, then let what is owed leave, and count."""
        arrivals = Arrivals(self.city, each_second=1.5)
        arrivals.begin()
        with ExitStack() as stack:
            stack.enter_context(self._all_services())
            servers = {self._address("web"): True, self._address("web, killed"): False}
            crowd = Crowd(self.city, self.heard, servers, self.pace)
            crowd.come()
            killer = Thread(target=self._kill_now_and_then, daemon=True)
            killer.start()
            until = time.monotonic() + self.minutes * 60
            with console.status("…") as status:
                while (left := until - time.monotonic()) > 0:
                    self.samples.append(measure(self.city, self._measured()))
                    status.update(self._so_far(left))
                    time.sleep(min(EVERY, left))
            self.ended.set()
            killer.join(30)
            crowd.leave()
            arrivals.end()
            settled = settle(self.city)
        send_what_is_leased(self.city)
        return reckon(self.city, self.kills("letters"), settled=settled)

    def kills(self, what: str) -> int:
        """How many times processes of this work were killed."""
        return sum(kept.kills for name, kept in self.services.items() if name.startswith(what))

    def deaths(self) -> list[str]:
        """Services that ended with nobody having killed them."""
        return [f"{name}: {kept.deaths}" for name, kept in self.services.items() if kept.deaths]

    @contextmanager
    def _all_services(self) -> Iterator[None]:
        for name in ("web", "web, killed"):
            self.ports[name] = free_port()
            self._keep(name, "parvis.web.serve", "--port", str(self.ports[name]), "--processes", "2",
                       "--ready", str(self.city.folder / f"ready-{self.ports[name]}"))  # fmt: skip
        for work in ("letters", "sweeps"):
            for name in (work, f"{work}, killed"):
                self._keep(name, "tests.soak.worker", work)
        if self.leaks:
            self._keep("leaks", "tests.soak.worker", "leaks")
        try:
            for kept in self.services.values():
                kept.start()
            self._wait_for_pages()
            yield
        finally:
            for kept in self.services.values():
                kept.stop()

    def _keep(self, name: str, *command: str) -> None:
        log = self.city.folder / f"{name.replace(', ', '-')}.log"
        self.services[name] = Kept(name, command, self.city.environment, log)

    def _address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def _wait_for_pages(self) -> None:
        limit = time.monotonic() + START_SECONDS
        while not all((self.city.folder / f"ready-{port}").exists() for port in self.ports.values()):
            if time.monotonic() > limit:
                raise TimeoutError("the web servers did not start")
            time.sleep(0.1)

    def _measured(self) -> dict[str, list[int]]:
        return {name: self.services[name].pids() for name in (*SPARED, *(["leaks"] if self.leaks else []))}

    def _kill_now_and_then(self) -> None:
        targets = [name for name in self.services if name.endswith(", killed")]
        while not self.ended.wait(self.kill_every * self.city.chance.uniform(0.5, 1.5)):
            kept = self.services[self.city.chance.choice(targets)]
            if pids := kept.pids():
                kept.kill(self.city.chance.choice(pids))

    def _so_far(self, left: float) -> str:
        last = self.samples[-1]
        return (
            f"{left / 60:.1f} min · {sum(self.heard.statuses.values())} answers, {last['cases']:.0f} cases, "
            f"{last['letters']:.0f} letters, {self.kills('')} kills, {len(self.heard.faults)} faults"
        )


def main() -> int:
    """Run, show, and say whether all is well."""
    asked = _arguments()
    console = Console(width=110 if not sys.stdout.isatty() else None)
    folder = Path(tempfile.mkdtemp(prefix="parvis-soak-"))
    well = False
    try:
        with city(folder, asked.seed) as lived:
            soak = Soak(lived, asked.minutes, asked.kill_every, asked.leaks, asked.pace)
            counted = soak.run(console)
        verdicts = judge(soak.samples)
        well = _show(console, soak, verdicts, counted)
    finally:
        if well or asked.leaks:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            console.print(f"{folder}: what is left of it, with the logs", style="dim")
    if asked.samples:
        asked.samples.write_text(json.dumps(soak.samples), "utf-8")
    return 0 if well else 1


def _show(console: Console, soak: Soak, verdicts: list[Verdict], counted: Reckoning) -> bool:
    table = Table(box=SIMPLE, title="Medians of each third", title_justify="left")
    for name in ("", "first", "middle", "last", "highest", "at most", ""):
        table.add_column(name, justify="left" if not name else "right")
    for one in verdicts:
        unit = f" {one.unit}" if one.unit else ""
        figures = [f"{value:.1f}{unit}" for value in (*one.thirds, one.highest, one.allowed)]
        table.add_row(one.name, *figures, "[green]✓[/]" if one.kept else "[red]✗[/]")
    console.print(table)
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(soak.heard.statuses.items()))
    did = ", ".join(f"{what} {count}" for what, count in soak.heard.did.most_common())
    last = soak.samples[-1]
    killed = ", ".join(f"{what} {soak.kills(what)}" for what in SPARED)
    cut = f"answers cut off by them {soak.heard.cut[False]}"
    lines = [
        f"{soak.minutes:g} minutes; answers {statuses}; {did}",
        f"cases {last['cases']:.0f}; kills: {killed}; {cut}",
        *counted.lines,
    ]
    for line in lines:
        console.print(line, highlight=False)
    for what, count in soak.heard.refused.most_common(8):
        console.print(f"  {count} × {what}", style="dim", highlight=False)
    for remark in soak.city.remarks:
        console.print(f"  {remark}", style="dim", highlight=False)
    wrong = [*soak.heard.faults[:20], *soak.deaths(), *counted.wrong]
    for line in wrong:
        console.print(f"✗ {line}", style="red", highlight=False)
    return not wrong and all(one.kept for one in verdicts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long, from 1 to 240; 60 by default")
    parser.add_argument(
        "--kill-every", type=float, default=20.0, metavar="SECONDS", help="a process, about so often"
    )
    parser.add_argument(
        "--pace", type=float, default=0.6, metavar="SECONDS", help="between two pages of one person"
    )
    parser.add_argument("--seed", type=int, default=0, help="of what is drawn")
    parser.add_argument("--leaks", action="store_true", help="adds a process that leaks: the run has to fail")
    parser.add_argument("--samples", type=Path, metavar="FILE", help="also writes every measure, as JSON")
    asked = parser.parse_args()
    if not 1 <= asked.minutes <= MOST_MINUTES:
        parser.error(f"--minutes goes from 1 to {MOST_MINUTES:g}")
    return asked


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, _stop)
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(130)
