"""A city whose journal and letters are cut in parts lives as before: moves, sweeps, letters, proof, and back."""

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from parvis.models import databases, migrate, splitting
from parvis.models.databases import APPLICATION
from parvis.models.embedded import EmbeddedServer
from parvis.models.queries import dispatch, health, journal, letter_lists, letters, suppressions
from parvis.models.session import ConstraintError, Database, Session
from parvis.notifications.smtp import SmtpPool
from parvis.services import backups, bulk, jobs, parts
from parvis.services.outbox import Dispatcher
from parvis.services.settings import Settings
from parvis.services.wiring import Opened
from parvis.states.facts import By, Given
from parvis.states.journal import Subject
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment
from tests.services.smtp_server import listening

ROWS = (
    "SELECT * FROM journal ORDER BY id",
    "SELECT * FROM letters ORDER BY id",
    "SELECT * FROM timers ORDER BY id",
    "SELECT * FROM cases ORDER BY id",
)
TOLD = (
    "SELECT case_id, seq, at, actor, role, action, source, target, idempotency_key FROM journal ORDER BY case_id, seq",
    "SELECT id, case_id, rule, occurrence, recipient, stage, subject, message_id, attempts FROM letters ORDER BY id",
)


@pytest.fixture
def make(postgres: EmbeddedServer, new_database: Callable[..., str]) -> Iterator[Callable[[int], Desk]]:
    """A city whose tables are in as many parts."""
    opened: list[Desk] = []

    def made(count: int) -> Desk:
        url = new_database()
        reshape(url, 0)
        reshape(url, count)
        opened.append(Desk.opened(Database(url, role=APPLICATION)))
        return opened[-1]

    yield made
    for desk in opened:
        desk.database.dispose()
        with databases.connect(postgres.url()) as connection:
            kept = f"{databases.name_of(desk.database.url)}\\_%"
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", (kept,)
            ).fetchall()
        for (name,) in rows:
            databases.drop(postgres.url(), name)


def reshape(url: str, count: int) -> bool:
    return parts.reshape(url, count, progress=lambda _, __: None)


def owner_url(desk: Desk) -> str:
    return desk.database.url


def begin(desk: Desk) -> list[int]:
    """Cases at several places of their life."""
    return [
        desk.case_in_committee(), desk.case_awaiting_documents("2026-06-30"),
        *(desk.submitted_case() for _ in range(4)),
    ]  # fmt: skip


def go_on(desk: Desk, cases: list[int], post_url: str) -> None:
    """Moves alone, with a key, in bulk and by the clock; letters, some of which are refused."""
    sitting, waiting, *others = cases
    desk.move(sitting, Action.DEFER, role=Role.SECRETARY, given=Given(reason="À revoir"), at="2026-06-03")
    desk.move(others[0], Action.ASK_OPINIONS, given=Given(funder_ids=(1,)), at="2026-06-03", key="req-1")
    again = desk.move(
        others[0], Action.ASK_OPINIONS, given=Given(funder_ids=(1,)), at="2026-06-03", key="req-1"
    )
    assert again.replayed
    with desk.database.transaction() as session:
        run = bulk.ask(session, others[1:], Action.DECLARE_INELIGIBLE, by=By("person:1", Role.INSTRUCTOR),
                       given=Given(reason="Hors contrat"), key="bulk-1", at=moment("2026-06-03 10:00"))  # fmt: skip
    bulk.proceed(desk.database, run.id, at=moment("2026-06-03 10:00"))
    assert desk.sweep("2026-07-01 00:00").moved
    desk.sweep("2026-07-01 00:00")
    assert desk.stage(waiting) == "lapsed"
    asyncio.run(send(desk, post_url))


async def send(desk: Desk, url: str, at: str = "2026-07-02 10:00") -> None:
    async with SmtpPool(url, timeout_seconds=5) as pool:
        await Dispatcher(desk.database, pool, lambda: moment(at), "test", timeout=timedelta(seconds=5)).run()


def test_a_cut_city_lives_as_a_whole_one_and_comes_back_to_the_letter(make, tmp_path, postgres):
    whole, cut = make(0), make(4)
    with listening() as post:
        for desk in (whole, cut):
            go_on(desk, begin(desk), post.url)
        sent = len(post.message_ids)

    assert [cut.rows(told) for told in TOLD] == [whole.rows(told) for told in TOLD]
    assert sent == 2 * int(whole.value("SELECT count(*) FROM letters WHERE stage = 'sent'")) > 10
    chosen = Settings(data_folder=tmp_path / "data")
    watched = jobs.watch_journal(cut.database, chosen.anchors, moment("2026-07-02 03:00"))
    assert watched.verification.sound
    assert watched.anchored
    assert parts.tend(cut.database)
    assert not parts.tend(whole.database)
    assert metrics(cut) == metrics(whole)
    before = [cut.rows(rows) for rows in ROWS]

    backups.back_up(Opened(cut.database, owner_url(cut), None), chosen, tmp_path / "saved",
                    at=moment("2026-07-02 11:00"), environment=dict(os.environ))  # fmt: skip
    cut.run("UPDATE letters SET note = 'perdu'")
    cut.database.dispose()
    backups.restore(postgres.url(), owner_url(cut), chosen, tmp_path / "saved",
                    at=moment("2026-07-02 12:00"), environment=dict(os.environ))  # fmt: skip

    assert [cut.rows(rows) for rows in ROWS] == before
    cut.database.dispose()
    assert migrate.drift(owner_url(cut)) == []
    assert (splitting.layout(owner_url(cut)).parts, reshape(owner_url(cut), 0)) == (4, True)
    assert [cut.rows(rows) for rows in ROWS] == before
    assert jobs.verify_journal(cut.database, chosen.anchors).sound
    cut.move(
        before[0][-1][1],
        Action.REOPEN,
        role=Role.MANAGER,
        given=Given(reason="x"),
        at="2026-07-03",
        key="req-2",
    )


def metrics(desk: Desk) -> object:
    """What the page of measures says."""
    with desk.database.transaction() as session:
        return (
            health.letters_waiting(session),
            health.counts_by_stage(session),
            set(health.written_lines(session)),
        )


def test_a_key_used_before_the_cut_is_known_after_it_and_refused_to_others(make):
    desk = make(0)
    one, other = desk.submitted_case(), desk.submitted_case()
    desk.move(one, Action.RECEIVE_DOCUMENTS, given=Given(documents=("rib",)), key="seen")
    desk.database.dispose()
    reshape(owner_url(desk), 4)

    again = desk.move(one, Action.RECEIVE_DOCUMENTS, given=Given(documents=("rib",)), key="seen")
    with pytest.raises(ConstraintError) as refused:
        desk.run(
            "INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, hash, idempotency_key)"
            " VALUES (%(id)s, 9, %(at)s, '', '', '', '', '', '', 'seen')",
            id=other, at=moment("2026-06-01"),
        )  # fmt: skip

    assert again.replayed
    assert refused.value.name == "uq_journal_idempotency_key"


MANY = """
INSERT INTO letters (case_id, rule, occurrence, recipient, template, owed_at, not_before, stage, rendered_at,
                     message_id)
SELECT c.id, 'r', n::text, 'applicant', 'submitted', %(at)s, %(at)s, 'sent', %(at)s, '<' || c.id || '.' || n || '@v>'
  FROM cases c, generate_series(1, 400) n
"""
LINES = """
INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, hash)
SELECT c.id, 100 + n, %(at)s, '', '', '', '', '', '' FROM cases c, generate_series(1, 400) n
"""
READ = "SELECT sum(seq_scan) FROM pg_stat_xact_user_tables WHERE schemaname = 'parvis_parts'"


def test_what_is_done_all_day_reads_no_part_from_end_to_end(make):
    desk = make(4)
    cases = [desk.submitted_case() for _ in range(8)]
    at = moment("2026-06-02 10:00")
    for statement in (MANY, LINES):
        desk.run(statement, at=at)
    desk.run("SELECT tend_parts()")

    with desk.database.transaction() as session:
        scans: dict[str, int] = {}
        session.exec_driver_sql(
            "SET LOCAL enable_seqscan = off"
        )  # of so few rows, reading all would be right
        due, _ = letters.lock_due(session, at=at, limit=5)
        texts = [letters.Text(one, "a@b.example", "A", "fr", "s", "t", "h", "f", f"<{one}@x>") for one in due]
        claimed: list[dispatch.Claimed] = []
        for name, work in {
            "written": lambda: letters.unwritten(session, due),
            "claimed": lambda: claimed.extend(
                dispatch.claim(session, [], texts, by="t", at=at, lease=timedelta(minutes=5))),
            "settled": lambda: asyncio.run(settle(session, claimed)),
            "recovered": lambda: dispatch.recover(session, at=at + timedelta(hours=1)),
            "listed": lambda: letter_lists.list_letters(session, stage=None, case_id=None, after_id=None, limit=50),
            "read": lambda: letter_lists.read_letter(session, due[0]),
            "came back": lambda: suppressions.sent_letter(session, f"<{due[0]}@x>", None),
            "held": lambda: suppressions.held_letters(session, due),
            "key": lambda: journal.find_by_key(session, "k"),
            "chain": lambda: journal.one_chain(session, Subject.CASE, cases[0]),
            "measured": lambda: health.measure(session, at=at),
            "waiting": lambda: health.letters_waiting(session),
        }.items():  # fmt: skip
            before = session.exec_driver_sql(READ).scalar_one()
            work()
            scans[name] = session.exec_driver_sql(READ).scalar_one() - before

    assert (len(due), len(claimed)) == (5, 5)
    assert {name for name, count in scans.items() if count} == set()


async def settle(session: Session, claimed: list[dispatch.Claimed]) -> None:
    at = moment("2026-06-02 10:01")
    assert await dispatch.accept(session, claimed[0].letter_id, by="t", at=at)
    dispatch.settle_known(session, claimed[1].letter_id, by="t", at=at, note="")
    dispatch.retry(session, claimed[2].letter_id, by="t", not_before=at, error="4")
    dispatch.refuse(session, claimed[3].letter_id, error="5")
