"""Stopped half-way: a migration, an import, a packet. All of it or nothing, and the next start ends the work."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from parvis.models import migrate
from parvis.models.databases import AdministrationError
from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database, UnreachableDatabaseError
from parvis.services import journal, packets
from parvis.services.files import Shelf
from parvis.services.inbox import import_folder
from parvis.states.facts import By
from parvis.states.stages import Role
from parvis.states.words import Sentence
from tests.faults.door import Door, door
from tests.faults.figures import control, measured
from tests.services.desk import CONTRACT, Desk, moment

AT = moment("2026-06-02 12:00")
BEFORE = "0030"
SHEET = "external_id;siret;titre;montant_demande;date_depot;appel\n" + "".join(
    f"P-{number};41816609600051;Café n° {number};4 500,00 €;01/06/2026;annuel-2026\n" for number in range(40)
)


def stopped_at_every_point(
    way: Door, every: int, act: Callable[[], object], see: Callable[[int], object]
) -> int:
    """Cut `act` before one statement of so many, and `see` what is left; how many points. It is whole at the end."""
    points, at = 0, 1
    while True:
        way.arm(at)
        with suppress(UnreachableDatabaseError, AdministrationError):
            act()
        if not way.is_cut:
            return points
        way.arm()
        see(at)
        points, at = points + 1, at + every


@contextmanager
def old(new_database: Callable[..., str], rows: int) -> Iterator[tuple[str, dict[str, int]]]:
    """A database of an older version with cases in it, and how many rows its tables have."""
    url = new_database()
    with Database(url) as database:
        desk = Desk.opened(database)
        desk.receive(*(desk.deposit() for _ in range(rows)))
    migrate.downgrade(url, BEFORE)
    yield url, counted(url)


def counted(url: str) -> dict[str, int]:
    """How many rows the tables have that every version knows."""
    tables = ("cases", "journal", "letters", "timers", "documents", "fundings")
    with Database(url) as database, database.transaction() as session:
        return {name: session.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in tables}


@pytest.mark.whole
@pytest.mark.parametrize("every", [30, pytest.param(3, marks=pytest.mark.slow)])
def test_a_migration_cut_half_way_is_not_there_and_the_next_start_ends_it(postgres, new_database, every):
    said = Sentence("Migration coupée à mi-chemin", "Migration cut half-way")
    with (
        door(postgres.url()) as way,
        old(new_database, 20) as (url, rows),
        measured("migration", said) as tally,
    ):
        answered: list[int] = []  # the point at which all was committed, and only the answer lost

        def see(at: int) -> None:
            assert counted(url) == rows
            if migrate.current(url) != BEFORE:
                assert (migrate.current(url), migrate.drift(url)) == (migrate.head(), [])
                answered.append(at)

        tally.times = stopped_at_every_point(way, every, lambda: migrate.upgrade(way.url(url)), see)
        tally.of = sum(rows.values())

        assert tally.times >= 3
        assert len(answered) <= 1
        assert (migrate.current(url), migrate.drift(url), counted(url)) == (migrate.head(), [], rows)
        with Database(url) as database, database.transaction() as session:
            assert journal.verify(session).sound


@pytest.mark.slow
def test_a_migration_without_its_transaction_is_left_half_done(postgres: EmbeddedServer, new_database):
    halves = 0
    with door(postgres.url()) as way:
        for at in (40, 70, 100):
            with old(new_database, 2) as (url, _):
                way.arm(at, untied=True)
                with suppress(AdministrationError):
                    migrate.upgrade(way.url(url))
                halves += migrate.current(url) not in {BEFORE, migrate.head()} or migrate.drift(url) != []

    control("migration", Sentence("sans transaction", "no transaction"), lost=halves)
    assert halves


def dropped(folder: Path) -> None:
    """A file of forty deposits, put in the watched folder a minute ago."""
    folder.mkdir(exist_ok=True)
    (folder / "depots.csv").write_text(SHEET, encoding="utf-8")
    written = (AT - timedelta(minutes=1)).timestamp()
    os.utime(folder / "depots.csv", (written, written))


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.slow)])
def test_an_import_cut_half_way_brings_nothing_or_all_and_is_brought_once(
    postgres, new_database, tmp_path, every
):
    url, folder = new_database(), tmp_path / "depots"
    with Database(url) as straight:
        desk = Desk.opened(straight, CONTRACT)
    dropped(folder)
    said = Sentence(
        "Import du dossier surveillé coupé à mi-chemin", "Import from the watched folder cut half-way"
    )

    def bring() -> None:
        with Database(way.url(url), role="parvis_app") as database:
            import_folder(database, folder, AT)

    def see(_: int) -> None:
        assert desk.value("SELECT count(*) FROM cases") in {0, 40}

    with door(postgres.url()) as way, measured("import", said) as tally:
        tally.times = stopped_at_every_point(way, every, bring, see)
        tally.of = 40
        tally.lost = 40 - desk.value("SELECT count(*) FROM cases")

        assert tally.times >= 3
        assert desk.value("SELECT count(DISTINCT external_id) FROM cases") == 40
        assert desk.value("SELECT count(*) FROM letters WHERE template = 'acknowledge'") == 40
    desk.database.dispose()
    kept = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert kept == ["done/depots.csv", "done/depots.csv.txt"]


def cut_untied_after(
    way: Door, statement: str, heard: Callable[[], object], act: Callable[[], object]
) -> None:
    """Cut `act`, its transactions taken away, after a statement whose place is heard from the same act elsewhere."""
    way.arm(untied=True)
    heard()
    at = next(number for number, said in enumerate(way.said, start=1) if statement in said)
    way.arm(at + 1, untied=True)
    with suppress(UnreachableDatabaseError):
        act()
    assert way.is_cut
    way.arm()


@pytest.mark.slow
def test_an_import_without_its_transaction_leaves_deposits_that_nobody_acknowledges(
    postgres, new_database, tmp_path
):
    places = [(new_database(), tmp_path / name) for name in ("heard", "cut")]
    for url, folder in places:
        dropped(folder)
        with Database(url) as straight:
            Desk.opened(straight, CONTRACT)

    def bring(url: str, folder: Path) -> None:
        with Database(way.url(url), role="parvis_app") as database:
            import_folder(database, folder, AT)

    with door(postgres.url()) as way:
        cut_untied_after(way, "INSERT INTO cases", lambda: bring(*places[0]), lambda: bring(*places[1]))
        bring(*places[1])  # the next pass knows these deposits, and so owes them nothing

    with Database(places[1][0]) as straight:
        desk = Desk(straight)
        lost = 40 - desk.value("SELECT count(*) FROM letters WHERE template = 'acknowledge'")
        assert desk.value("SELECT count(*) FROM cases") == 40
    control("import", Sentence("sans transaction", "no transaction"), lost=lost)
    assert lost > 0


def sitting(url: str) -> tuple[Database, int]:
    """A database with a sitting that has two cases, and its id."""
    straight = Database(url)
    desk = Desk.opened(straight)
    for _ in range(2):
        desk.case_in_committee()
    return straight, desk.committee("copil")


def build(url: str, shelf: Shelf, committee: int) -> None:
    """Build the packet of a sitting."""
    by, at = By("clock", Role.CLOCK), moment("2026-09-10 06:00")
    with Database(url, role="parvis_app") as database:
        packets.build(database, shelf, committee, by=by, at=at)


@pytest.mark.slow
def test_a_packet_cut_half_way_is_built_whole_next_time_and_no_half_file_is_kept(
    postgres, new_database, tmp_path
):
    url, shelf = new_database(), Shelf(tmp_path / "files")
    straight, committee = sitting(url)
    desk = Desk(straight)
    said = Sentence("Dossier de séance coupé à mi-chemin", "Packet cut half-way")

    def see(_: int) -> None:
        kept = {path.name: path for path in shelf.folder.glob("??/*") if not path.name.startswith(".")}
        served = desk.rows("SELECT encode(f.sha256, 'hex') FROM packets p JOIN files f ON f.id = p.file_id")
        assert all(hashlib.sha256(path.read_bytes()).hexdigest() == name for name, path in kept.items())
        assert {name for (name,) in served} <= kept.keys()

    with door(postgres.url()) as way, measured("packet", said) as tally:
        tally.times = stopped_at_every_point(way, 1, lambda: build(way.url(url), shelf, committee), see)
        tally.of = 1
        see(0)

        assert tally.times >= 3
        assert desk.rows("SELECT version FROM packets") == [(1,)]
        assert desk.value("SELECT count(*) FROM committee_journal WHERE action = 'packet_built'") == 1
    desk.database.dispose()


@pytest.mark.slow
def test_a_packet_without_its_transaction_is_there_and_no_journal_tells_of_it(
    postgres, new_database, tmp_path
):
    heard, cut, shelf = new_database(), new_database(), Shelf(tmp_path / "files")
    sitting(heard)[0].dispose()
    straight, committee = sitting(cut)

    with door(postgres.url()) as way:
        cut_untied_after(
            way, "INSERT INTO packets",
            lambda: build(way.url(heard), shelf, committee), lambda: build(way.url(cut), shelf, committee),
        )  # fmt: skip
    build(cut, shelf, committee)

    desk = Desk(straight)
    built = desk.value("SELECT count(*) FROM packets")
    lost = built - desk.value("SELECT count(*) FROM committee_journal WHERE action = 'packet_built'")
    straight.dispose()
    control("packet", Sentence("sans transaction", "no transaction"), lost=lost)
    assert lost > 0
