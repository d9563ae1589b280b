"""Copies of an installation: whole or refused; what left before a restoration does not leave twice."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from parvis.models import databases, dumps
from parvis.models.queries import restorations
from parvis.models.session import Database
from parvis.notifications.smtp import SmtpPool
from parvis.services import backups, file_store, jobs
from parvis.services.backups import BackupError
from parvis.services.outbox import Dispatcher, Sent
from parvis.services.sent_log import SentLog, sent_before
from parvis.services.settings import Settings
from parvis.services.wiring import Opened
from parvis.states.facts import Given
from parvis.states.stages import Action
from tests.services.desk import Desk, moment
from tests.services.smtp_server import Post, listening

ENVIRONMENT = dict(os.environ)


@dataclass
class City:
    """An installation of its own: a database that may be replaced, a folder, a mail server."""

    url: str
    server_url: str
    chosen: Settings
    post: Post

    def desk(self) -> Desk:
        return Desk(Database(self.url), 1)

    def save(self, desk: Desk, folder: Path, at: str) -> backups.Manifest:
        opened = Opened(desk.database, self.url, None)
        return backups.back_up(opened, self.chosen, folder, at=moment(at), environment=ENVIRONMENT)

    def restore(self, folder: Path, at: str) -> str:
        _, kept = backups.restore(
            self.server_url, self.url, self.chosen, folder, at=moment(at), environment=ENVIRONMENT
        )
        return kept

    def send(self, desk: Desk, at: str) -> Sent:
        log = SentLog(self.chosen.sent_log)

        async def run() -> Sent:
            async with SmtpPool(self.post.url, timeout_seconds=5) as pool:
                already = sent_before(desk.database, log)
                return await Dispatcher(
                    desk.database, pool, lambda: moment(at), "test", timeout=timedelta(seconds=5), log=log,
                    already=already,
                ).run()  # fmt: skip

        return asyncio.run(run())


@pytest.fixture
def city(postgres, new_database: Callable[..., str], tmp_path: Path) -> Iterator[City]:
    url = new_database()
    with listening() as post:
        yield City(url, postgres.url(), Settings(data_folder=tmp_path / "data"), post)
    name = databases.name_of(url)
    with databases.connect(postgres.url()) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{name}\\_%",)
        ).fetchall()
    for (kept,) in rows:
        databases.drop(postgres.url(), kept)


def test_after_an_hour_is_lost_nothing_that_left_leaves_again_and_nothing_owed_is_forgotten(
    city: City, tmp_path: Path
) -> None:
    desk = Desk.opened(Database(city.url))
    case = desk.submitted_case()
    file_store.keep(city.chosen.files, b"statuts")
    jobs.anchor_journal(desk.database, city.chosen.anchors, moment("2026-06-01 09:30"))
    saved = city.save(desk, tmp_path / "saved", "2026-06-01 10:00")
    left = city.send(desk, "2026-06-01 10:20")
    lost = desk.submitted_case(at="2026-06-01", title="Déposé dans l’heure perdue")
    desk.database.dispose()

    kept = city.restore(tmp_path / "saved", "2026-06-01 11:00")

    desk = city.desk()
    assert desk.rows("SELECT id FROM cases ORDER BY id") == [(case,)] != [(case,), (lost,)]
    assert databases.exists(city.server_url, kept)
    held = city.send(desk, "2026-06-01 11:05")
    desk.move(case, Action.ASK_OPINIONS, given=Given(funder_ids=(1,)), at="2026-06-01 11:10")
    with desk.database.transaction() as session:
        assert restorations.waiting(session, at=moment("2026-06-01 11:20")) == 2
        assert restorations.release(session, by="max", at=moment("2026-06-01 11:20"))
        assert not restorations.release(session, by="max", at=moment("2026-06-01 11:20"))
    after = city.send(desk, "2026-06-01 11:30")
    desk.database.dispose()

    assert (left.accepted, held.accepted) == (1, 0)
    assert (after.known, after.accepted) == (1, 1)
    assert len(city.post.message_ids) == len(set(city.post.message_ids)) == 2
    assert saved.rows["cases"] == 1
    assert file_store.is_whole(city.chosen.files, bytes.fromhex(next(
        name.rpartition("/")[2] for name in saved.sha256 if name.startswith("files/"))))  # fmt: skip


def test_a_damaged_backup_replaces_nothing_and_says_what_is_wrong(city: City, tmp_path: Path) -> None:
    desk = Desk.opened(Database(city.url))
    desk.submitted_case()
    file_store.keep(city.chosen.files, b"statuts")
    folder = tmp_path / "saved"
    city.save(desk, folder, "2026-06-01 10:00")
    with pytest.raises(BackupError) as twice:
        city.save(desk, folder, "2026-06-01 10:00")
    desk.database.dispose()
    (stored,) = folder.glob("files/*/*")
    stored.chmod(0o600)
    stored.write_bytes(b"autre chose")
    with pytest.raises(BackupError) as changed:
        city.restore(folder, "2026-06-01 11:00")
    (folder / "manifest.json").write_text("{}")
    with pytest.raises(BackupError) as nothing:
        city.restore(folder, "2026-06-01 11:00")

    assert "existe déjà" in twice.value.why.fr
    assert stored.name in changed.value.why.fr
    assert "n’est pas une sauvegarde" in nothing.value.why.fr
    assert [name for name in databases_of(city) if name != databases.name_of(city.url)] == []
    assert city.desk().value("SELECT count(*) FROM restorations") == 0


def test_a_backup_that_does_not_hold_what_it_says_is_not_put_in_place(city: City, tmp_path: Path) -> None:
    desk = Desk.opened(Database(city.url))
    desk.submitted_case()
    folder = tmp_path / "saved"
    city.save(desk, folder, "2026-06-01 10:00")
    desk.database.dispose()
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"cases": 1', '"cases": 2'))

    with pytest.raises(BackupError) as differs:
        city.restore(folder, "2026-06-01 11:00")

    assert "cases" in differs.value.why.fr
    assert databases_of(city) == [databases.name_of(city.url)]


def databases_of(city: City) -> list[str]:
    with databases.connect(city.server_url) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{databases.name_of(city.url)}%",)
        ).fetchall()
    return sorted(name for (name,) in rows)


def test_a_town_that_gave_the_address_of_its_own_database_restores_over_it(
    city: City, tmp_path: Path
) -> None:
    desk = Desk.opened(Database(city.url))
    case = desk.submitted_case()
    city.save(desk, tmp_path / "saved", "2026-06-01 10:00")
    desk.submitted_case(at="2026-06-01", title="Déposé depuis")
    desk.database.dispose()
    its_own = databases.beside(city.server_url, databases.name_of(city.url), driver="psycopg")

    replace(city, server_url=its_own).restore(tmp_path / "saved", "2026-06-01 11:00")

    desk = city.desk()
    assert desk.rows("SELECT id FROM cases") == [(case,)]
    desk.database.dispose()


def test_a_server_before_17_is_filled_by_statements_whole_or_not_at_all(city: City, tmp_path: Path) -> None:
    desk = Desk.opened(Database(city.url))
    desk.submitted_case()
    city.save(desk, tmp_path / "saved", "2026-06-01 10:00")
    desk.database.dispose()
    saved, cut = tmp_path / "saved" / backups.DATABASE, tmp_path / "cut"
    cut.write_bytes(saved.read_bytes()[: saved.stat().st_size * 3 // 4])
    whole = databases.name_of(city.url) + "_text"
    databases.create(city.server_url, whole)
    url = databases.beside(city.server_url, whole, driver="psycopg")

    with pytest.raises(dumps.DumpError):
        dumps.load_as_text(url, cut, environment=ENVIRONMENT)
    with databases.connect(url) as connection:
        nothing = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    dumps.load_as_text(url, saved, environment=ENVIRONMENT)
    with databases.connect(url) as connection:
        cases = connection.execute("SELECT count(*) FROM cases").fetchone()

    assert (nothing, cases) == ((0,), (1,))
