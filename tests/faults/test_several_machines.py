"""One PostgreSQL, several hosts: one is killed, one cut off; nothing is lost, nothing doubled beyond what is said."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis.models.session import Database
from parvis.states.words import Sentence
from tests.faults.base import CARELESS, DATABASE, MAIL
from tests.faults.figures import control, measured
from tests.faults.hosts import Host, hosts
from tests.faults.worker import LEASE
from tests.services.desk import Desk

pytestmark = pytest.mark.slow
LETTERS, CASES = 400, 200
MONTH = 86_400 * 30
DUE = "SELECT count(*) FROM timers WHERE settled_at IS NULL AND due_at <= '2026-07-05'"


@dataclass
class Town:
    """The host that keeps, two that work, and the desk of whoever looks from outside; another for the controls."""

    base: Host
    workers: list[Host]
    desk: Desk
    careless: Desk
    folder: Path

    def work(self, host: Host, what: str, seconds: float, *, on: str = DATABASE) -> "subprocess.Popen[str]":
        """Have a host work."""
        url = f"postgresql+psycopg://parvis_owner@{self.base.address}:5432/{on}"
        smtp = f"smtp://{self.base.address}:{MAIL}"
        return host.start("-m", "tests.faults.worker", what, url, smtp, str(seconds))

    @property
    def taken(self) -> list[str]:
        """The Message-IDs the mail server took, in order."""
        return (self.folder / "taken").read_text("ascii").split()

    def wait_for_letters(self, count: int, process: "subprocess.Popen[str]") -> None:
        """Until the mail server has taken so many."""
        until = time.monotonic() + 60
        while len(self.taken) < count and process.poll() is None and time.monotonic() < until:
            time.sleep(0.002)


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    with hosts("base", "here", "there") as (base, *workers):
        keeping = base.start("-m", "tests.faults.base", base.address, str(folder))
        try:
            assert keeping.stdout
            url = keeping.stdout.readline().strip()
            with Database(url) as database, Database(url.replace(f"/{DATABASE}?", f"/{CARELESS}?")) as other:
                yield Town(base, workers, Desk.opened(database), Desk.opened(other), folder)
        finally:
            keeping.communicate()


def ended(process: "subprocess.Popen[str]", seconds: float = 120) -> int:
    """How much a worker did; -1 where it did not end well."""
    told = process.communicate(timeout=seconds)[0].split()
    return int(told[-1]) if process.returncode == 0 and "done" in told else -1


def test_letters_of_a_killed_and_of_a_cut_off_host_leave_by_the_others(place: Path):
    broken = Sentence(
        "Deux machines sur trois : une coupée, une tuée", "Two hosts of three: one cut off, one killed"
    )
    with measured("hosts_send", broken) as tally, town(place) as city:
        here, there = city.workers
        city.desk.receive(*(city.desk.deposit() for _ in range(LETTERS)))

        begun = time.time()

        cut, killed = city.work(here, "send", begun), city.work(there, "send", begun)
        city.wait_for_letters(LETTERS // 8, cut)
        here.cut()
        city.wait_for_letters(LETTERS // 4, killed)
        killed.kill()
        killed.communicate()
        time.sleep(LEASE.total_seconds())
        left = ended(city.work(there, "send", begun))
        alone = city.taken
        here.mend()
        ended(cut)

        tally.times, tally.of, tally.allowed = 2, LETTERS, 3
        tally.lost, tally.doubled = LETTERS - len(set(city.taken)), len(city.taken) - len(set(city.taken))
        assert city.desk.rows("SELECT stage, count(*) FROM letters GROUP BY 1") == [("sent", LETTERS)]
        assert left > LETTERS // 2
        assert len(set(alone)) == LETTERS
        assert len(alone) <= LETTERS + 2  # one letter on its way for each host that went
        assert len(city.taken) <= LETTERS + 3


def test_without_a_lease_or_with_an_endless_one_letters_leave_twice_or_wait(place: Path):
    letters = 100
    with town(place) as city:
        here, there = city.workers
        city.desk.receive(*(city.desk.deposit() for _ in range(letters)))
        begun = time.time()
        for process in [city.work(host, "send-heedless", begun) for host in city.workers]:
            ended(process)
        doubled = len(city.taken) - len(set(city.taken))

        city.desk.receive(*(city.desk.deposit() for _ in range(letters)))
        killed = city.work(here, "send-endless", begun)
        city.wait_for_letters(len(city.taken) + letters // 8, killed)
        killed.kill()
        killed.communicate()
        left = ended(city.work(there, "send", begun - 5 * LEASE.total_seconds()))
        stuck = city.desk.value("SELECT count(*) FROM letters WHERE stage = 'sending'")

    control("hosts_send", Sentence("sans bail", "without a lease"), doubled=doubled)
    control("hosts_send", Sentence("bail sans fin", "a lease without end"), stuck=stuck)
    assert doubled > 3
    assert left == 0
    assert stuck > 0


def sweep_until_nothing_is_due(city: Town, host: Host) -> int:
    """How much was left; what the host that went held is free within a minute and a half."""
    begun, swept = time.monotonic(), ended(city.work(host, "sweep", MONTH))
    while city.desk.value(DUE):
        assert time.monotonic() - begun < 90
        time.sleep(2)
        swept += ended(city.work(host, "sweep", MONTH))
    return swept


def wait_for_a_line(process: "subprocess.Popen[str]") -> None:
    """Until it holds something."""
    assert process.stdout
    process.stdout.readline()


@contextmanager
def held_for_ever(city: Town, host: Host) -> "Iterator[subprocess.Popen[str]]":
    """In the database of the controls, a sweep of this host that the server waits for, whatever happens to its link."""
    for _ in range(20):
        city.careless.case_awaiting_documents(reply_by="2026-06-03", at="2026-06-02")
    endless = city.work(host, "sweep-endless", MONTH, on=CARELESS)
    try:
        wait_for_a_line(endless)
        yield endless
    finally:
        endless.kill()
        endless.communicate()


def left_due_by(endless: "subprocess.Popen[str]", city: Town, host: Host) -> int:
    """How much a sweep of another host leaves, because the one that is cut off holds it."""
    assert endless.poll() is None
    ended(city.work(host, "sweep", MONTH, on=CARELESS))
    return int(city.careless.value(DUE))


def test_hosts_share_what_is_due_and_a_cut_off_one_keeps_nobody_waiting(place: Path):
    broken = Sentence(
        "Une machine coupée au milieu de son balayage", "A host cut off in the middle of its sweep"
    )
    with measured("hosts_sweep", broken) as tally, town(place) as city:
        here, there = city.workers
        for _ in range(CASES):
            city.desk.case_awaiting_documents(reply_by="2026-06-03", at="2026-06-02")

        with held_for_ever(city, here) as endless:
            cut, other = city.work(here, "sweep", MONTH), city.work(there, "sweep", MONTH)
            wait_for_a_line(cut)
            here.cut()
            first = ended(other)
            again = sweep_until_nothing_is_due(city, there)
            stuck = left_due_by(endless, city, there)
            here.mend()
            cut.kill()
            cut.communicate()
        control("hosts_sweep", Sentence("sans limite à un silence", "no limit to a silence"), stuck=stuck)

        lapses = city.desk.value("SELECT count(*) FROM journal WHERE action = 'lapse'")
        lapsed = city.desk.value("SELECT count(DISTINCT case_id) FROM journal WHERE action = 'lapse'")
        tally.times, tally.of, tally.lost, tally.doubled = 1, CASES, CASES - lapsed, lapses - lapsed
        assert stuck > 0
        assert first > 0
        assert again >= 0
        assert (lapses, lapsed) == (CASES, CASES)
        assert city.desk.value("SELECT count(*) FROM cases WHERE stage = 'lapsed'") == CASES
        assert (
            city.desk.value(
                "SELECT count(*) - count(DISTINCT case_id) FROM letters WHERE template = 'lapsed'"
            )
            == 0
        )
