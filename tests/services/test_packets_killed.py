"""A process that builds a packet and is killed: none or a whole one, and the next build ends the work."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from parvis.models.session import Database
from parvis.services import packets
from parvis.services.files import Shelf
from parvis.states.facts import By
from parvis.states.stages import Role
from tests.services.desk import Desk, moment
from tests.services.processes import Other
from tests.services.works import build


def nothing_yet(_: Path) -> bool:
    return True


def bytes_are_kept(folder: Path) -> bool:
    return any(not path.name.startswith(".") for path in folder.glob("??/*"))


def bytes_are_being_written(folder: Path) -> bool:
    return any(folder.glob("??/*"))


@pytest.mark.parametrize("moment_of_death", [nothing_yet, bytes_are_being_written, bytes_are_kept])
def test_killed_at_any_moment_a_build_leaves_no_packet_or_a_whole_one(
    database: Database, database_url: str, tmp_path: Path, moment_of_death: Callable[[Path], bool]
) -> None:
    desk = Desk.opened(database)
    for _ in range(3):
        desk.case_in_committee()
    shelf, committee = Shelf(tmp_path / "files"), desk.committee("copil")

    building = Other(build, database_url, shelf.folder, committee)
    assert building.told() == "begun"
    while building.runs and not moment_of_death(shelf.folder):
        time.sleep(0.001)
    building.kill()

    kept = [path for path in shelf.folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in kept)
    rows = desk.rows("SELECT f.sha256 FROM packets p JOIN files f ON f.id = p.file_id")
    assert {bytes(sha256).hex() for (sha256,) in rows} <= {path.name for path in kept}
    again = packets.build(
        database, shelf, committee, by=By("clock", Role.CLOCK), at=moment("2026-09-10 06:00")
    )
    assert [copy.line.version for copy in again] == [1]
    assert desk.value("SELECT count(*) FROM packets") == 1


def test_two_builds_at_once_make_one_version(database: Database, database_url: str, tmp_path: Path) -> None:
    desk = Desk.opened(database)
    desk.case_in_committee()
    committee = desk.committee("copil")

    building = [Other(build, database_url, tmp_path / "files", committee) for _ in range(3)]
    said = [[process.told(), process.told()] for process in building]

    assert said == [["begun", "done"]] * 3
    assert desk.value("SELECT count(*) FROM packets") == 1
    assert desk.value("SELECT count(*) FROM committee_journal WHERE action = 'packet_built'") == 1
