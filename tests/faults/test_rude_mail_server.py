"""A mail server that greylists, refuses, hangs up, falls silent or answers slowly: every letter has its end."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from parvis.models.session import Database
from parvis.services.rehearsal.names import siret
from parvis.states.words import Sentence
from tests.faults.careless import dispatch_patiently, dispatch_together, dispatch_trustingly
from tests.faults.figures import control, measured
from tests.faults.hosts import ROOT
from tests.faults.rude_post import TWICE, refuses
from tests.services.desk import Desk, moment
from tests.services.processes import Other
from tests.services.works import dispatch_from

pytestmark = pytest.mark.slow
LETTERS = 1_000
RUDE = Sentence(
    "Serveur de courrier : diffère 10 %, refuse 1 %, coupe 2 % avant et 2 % après, se tait, un octet par seconde",
    "Mail server: puts off 10%, refuses 1%, drops 2% before and 2% after, hangs, a byte a second",
)


@dataclass(frozen=True)
class RudePost:
    """The server of `rude_post` as it is seen from here."""

    url: str
    folder: Path

    @property
    def taken(self) -> list[str]:
        """The Message-ID and digest of each message it took, in order."""
        return (self.folder / "taken").read_text("ascii").splitlines()

    @property
    def done(self) -> Counter[str]:
        """How many times it did each thing on purpose."""
        return Counter((self.folder / "done").read_text("ascii").split())


@contextmanager
def rude_post(folder: Path, seed: int = 1) -> Iterator[RudePost]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.rude_post", str(folder), str(seed)],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout
        yield RudePost(f"smtp://127.0.0.1:{process.stdout.readline().strip()}", folder)
    finally:
        process.kill()
        process.communicate()


def seeded(desk: Desk, letters: int) -> None:
    """As many letters owed, each to an address of its own."""
    desk.receive(
        *(desk.deposit(siret=siret(number), email=f"asso{number}@asso.example") for number in range(letters))
    )


def send_until_settled(desk: Desk, start: Callable[[datetime], Other], most: int) -> tuple[int, datetime]:
    """Run after run, each when something is due, until nothing is owed: how many runs, and the instant of the last."""
    at = moment("2026-06-05")
    for run in range(1, most + 1):
        assert start(at).join() == 0
        waits = desk.value(
            "SELECT min(COALESCE(lease_until, not_before)) FROM letters WHERE stage IN ('owed', 'sending')"
        )
        if waits is None:
            return run, at
        at = max(at + timedelta(minutes=1), waits + timedelta(seconds=1))
    pytest.fail(f"letters still wait after {most} runs")


def test_every_letter_to_a_rude_server_is_sent_once_or_refused_with_its_task(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    desk = Desk.opened(database)
    seeded(desk, LETTERS)
    refused = sum(refuses(f"asso{number}@") for number in range(LETTERS))

    with measured("rude", RUDE) as tally, rude_post(tmp_path) as post:
        _, ended = send_until_settled(
            desk, lambda at: Other(dispatch_from, database_url, post.url, at), most=60
        )

        ids = [line.split()[0] for line in post.taken]
        tally.times, tally.of = post.done.total(), LETTERS
        tally.lost, tally.doubled = LETTERS - refused - len(set(ids)), len(ids) - len(set(ids))
        tally.allowed = sum(post.done[each] for each in TWICE)
        stages = dict(desk.rows("SELECT stage, count(*) FROM letters GROUP BY 1"))
        assert stages == {"sent": LETTERS - refused, "failed": refused}
        assert desk.value("SELECT count(*) FROM tasks WHERE kind = 'call' AND done_at IS NULL") == refused
        assert tally.lost == 0
        assert tally.doubled <= tally.allowed
        assert len(set(post.taken)) == LETTERS - refused, "a copy differs from the letter"
        assert ended - moment("2026-06-05") < timedelta(days=1)


def test_an_answer_that_does_not_come_taken_for_a_good_one_loses_letters(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    desk = Desk.opened(database)
    seeded(desk, 300)

    with rude_post(tmp_path) as post:
        send_until_settled(desk, lambda at: Other(dispatch_trustingly, database_url, post.url, at), most=60)

        sent = desk.value("SELECT count(*) FROM letters WHERE stage = 'sent'")
        lost = sent - len({line.split()[0] for line in post.taken})
    control("rude", Sentence("le silence pris pour un oui", "silence taken for a yes"), lost=lost)
    assert lost > 0


def test_without_a_limit_to_an_answer_letters_wait_for_ever(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    desk = Desk.opened(database)
    seeded(desk, 300)

    with rude_post(tmp_path) as post:
        process = Other(dispatch_patiently, database_url, post.url, moment("2026-06-05"))
        until, before = time.monotonic() + 60, -1
        while process.runs and time.monotonic() < until and len(post.taken) != before:
            before = len(post.taken)
            time.sleep(6)
        still_waits = process.runs
        process.kill()
        stuck = desk.value("SELECT count(*) FROM letters WHERE stage = 'sending'")
    control("rude", Sentence("sans délai d’attente", "without a time limit"), stuck=stuck)
    assert still_waits
    assert stuck > 0


def test_letters_of_a_claim_settled_together_leave_again_for_one_exchange_that_breaks(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    desk = Desk.opened(database)
    seeded(desk, 100)

    with rude_post(tmp_path) as post:
        for hour in ("09", "21"):
            assert (
                Other(dispatch_together, database_url, post.url, moment(f"2026-06-05 {hour}:00")).join() == 0
            )

        ids = [line.split()[0] for line in post.taken]
        allowed = sum(post.done[each] for each in TWICE)
    doubled = len(ids) - len(set(ids))
    control("rude", Sentence("lettres notées ensemble", "letters written down together"), doubled=doubled)
    assert doubled > allowed
