"""A disk that is full: a plain sentence, nothing half done, and work goes on when there is room."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.models import embedded
from parvis.models.session import Database
from parvis.services import file_store
from parvis.states.words import Sentence
from tests.cli.conftest import Terminal
from tests.faults.careless import dispatch_without_looking, receive_in_parts
from tests.faults.careless_disks import dispatch_in_place, record_then_keep
from tests.faults.disks import Disk, small_disk
from tests.faults.figures import control, measured
from tests.faults.test_database_restarts import durable, once_back
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.files import samples
from tests.services.processes import Other
from tests.services.smtp_server import listening

MANY = 3_000
FULL = "le disque est plein"


@pytest.fixture
def disk(place: Path) -> Iterator[Disk]:
    with small_disk(place / "disk", 8) as mounted:
        yield mounted


@pytest.fixture
def terminal(database_url: str, disk: Disk, tmp_path: Path) -> Terminal:
    """A terminal whose data are on the small disk."""
    contract = tmp_path / "contrat.yaml"
    contract.write_text(json.dumps(CONTRACT, ensure_ascii=False), encoding="utf-8")
    return Terminal(
        {"PARVIS_DATABASE_URL": database_url, "PARVIS_CONTRACT": str(contract), "PARVIS_AS": "", "NO_COLOR": "1",
         "PARVIS_DATA_FOLDER": str(disk.path / "data"), "PARVIS_SMTP_URL": ""},
        at="2026-06-05",
    )  # fmt: skip


STAGES = "SELECT stage, count(*) FROM letters GROUP BY 1"


@pytest.mark.faults
def test_letters_wait_for_room_in_the_mailbox(database: Database, terminal: Terminal, disk: Disk) -> None:
    letters, desk = 200, Desk.opened(database)
    desk.receive(*(desk.deposit() for _ in range(letters)))
    mailbox = disk.path / "data" / "mailbox"
    broken = Sentence(
        "Disque plein pendant l’envoi vers la boîte locale", "Disk full while letters go to the local mailbox"
    )

    with measured("disk_mailbox", broken) as tally:
        disk.fill(leave=500_000)
        full = terminal("letters", "send")
        stages = dict(desk.rows(STAGES))
        kept = len(list((mailbox / "new").iterdir()))
        drafts = len(list((mailbox / "tmp").iterdir()))
        disk.make_room()
        again = terminal("letters", "send")

        tally.times, tally.of, tally.lost = 1, letters, letters - len(list((mailbox / "new").iterdir()))
        assert (full.code, drafts) == (1, 0)
        assert FULL in full.said
        assert 0 < stages["sent"] == kept < letters
        assert stages == {"sent": kept, "owed": letters - kept}
        assert again.code == 0
        assert dict(desk.rows(STAGES)) == {"sent": letters}
        assert tally.lost == 0


@pytest.mark.slow
def test_letters_written_in_place_are_taken_for_sent_though_cut_short(
    database: Database, database_url: str, disk: Disk
) -> None:
    letters, desk, mailbox = 40, Desk.opened(database), disk.path / "mailbox"
    desk.receive(*(desk.deposit() for _ in range(letters)))

    disk.fill(leave=100_000)
    assert Other(dispatch_in_place, database_url, mailbox, moment("2026-06-05 10:00")).join() == 0
    disk.make_room()
    assert Other(dispatch_in_place, database_url, mailbox, moment("2026-06-05 11:00")).join() == 0

    kept = [path.read_bytes() for path in (mailbox / "new").iterdir()]
    half = sum(not message.endswith(b"--\r\n") for message in kept)
    control("disk_mailbox", Sentence("écrites en place", "written in place"), lost=half)
    assert dict(desk.rows(STAGES)) == {"sent": len(kept)} == {"sent": letters}
    assert half > 0


@pytest.mark.faults
def test_letters_do_not_leave_by_smtp_while_what_left_cannot_be_written_down(
    database: Database, terminal: Terminal, disk: Disk
) -> None:
    letters, desk = 20, Desk.opened(database)
    desk.receive(*(desk.deposit() for _ in range(letters)))
    broken = Sentence("Disque plein pendant l’envoi par SMTP", "Disk full while letters leave by SMTP")

    with measured("disk_smtp", broken) as tally, listening() as post:
        disk.fill()
        full = [terminal("letters", "send", PARVIS_SMTP_URL=post.url) for _ in range(3)]
        before = len(post.messages)
        disk.make_room()
        again = terminal("letters", "send", PARVIS_SMTP_URL=post.url)

        ids = post.message_ids
        tally.times, tally.of, tally.lost = 1, letters, letters - len(set(ids))
        tally.doubled = len(ids) - len(set(ids))
        assert all(each.code == 1 and FULL in each.said for each in full)
        assert again.code == 0
        assert dict(desk.rows(STAGES)) == {"sent": letters}
        assert (before, tally.lost, tally.doubled) == (0, 0, 0)


@pytest.mark.slow
def test_without_looking_for_room_first_the_same_letters_leave_at_each_run(
    database: Database, database_url: str, disk: Disk
) -> None:
    desk, folder = Desk.opened(database), disk.path / "sent"
    desk.receive(*(desk.deposit() for _ in range(20)))
    folder.mkdir()

    disk.fill()
    with listening() as post:
        assert Other(dispatch_without_looking, database_url, post.url, folder).join() == 0

    doubled = len(post.message_ids) - len(set(post.message_ids))
    control(
        "disk_smtp",
        Sentence("sans voir d’abord s’il y a la place", "without looking for room first"),
        doubled=doubled,
    )
    assert doubled > 0


@pytest.mark.faults
def test_a_file_and_a_packet_are_whole_or_absent(
    database: Database, terminal: Terminal, disk: Disk, tmp_path: Path
) -> None:
    desk = Desk.opened(database)
    desk.case_in_committee()
    (tmp_path / "rib.pdf").write_bytes(samples.pdf())
    attach = ("case", "attach", "ANNUEL-2026-00001", str(tmp_path / "rib.pdf"), "--role", "instructor")
    build = ("packet", "build", "copil", "2026-09-15")
    broken = Sentence(
        "Disque plein pendant une pièce et un dossier de séance",
        "Disk full while a file and a packet are kept",
    )
    kept = "SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM packets)"

    with measured("disk_files", broken) as tally:
        before, written = desk.value(kept), leftovers(disk)
        disk.fill()
        full = [terminal(*words) for words in (attach, build)]
        assert desk.value(kept) == before
        assert leftovers(disk) == written
        disk.make_room()
        again = [terminal(*words) for words in (attach, build)]

        tally.times, tally.of, tally.lost = 2, 2, sum(each.code != 0 for each in again)
        assert [(each.code, FULL in each.said) for each in full] == [(1, True)] * 2
        assert [each.code for each in again] == [0, 0]
        assert desk.value(kept) == before + 3  # a packet is a file too


@pytest.mark.slow
def test_a_file_recorded_before_it_is_kept_is_promised_and_not_there(
    database: Database, database_url: str, disk: Disk
) -> None:
    desk, folder = Desk.opened(database), disk.path / "files"
    case_id = desk.submitted_case()
    folder.mkdir()

    disk.fill()
    assert Other(record_then_keep, database_url, folder, case_id, samples.pdf()).join() == 0

    promised = desk.rows("SELECT sha256 FROM files")
    lost = sum(not file_store.is_whole(folder, bytes(sha256)) for (sha256,) in promised)
    control("disk_files", Sentence("inscrite avant d’être gardée", "recorded before it is kept"), lost=lost)
    assert lost > 0


def leftovers(disk: Disk) -> list[Path]:
    """What files there are on the disk, but for what fills it."""
    return [path for path in disk.path.rglob("*") if path.is_file() and path.name != "ballast"]


@pytest.mark.slow
@pytest.mark.parametrize("leave", [400_000, 14_000_000], ids=["tables", "write-ahead log"])
def test_an_import_that_the_disk_of_the_database_has_no_room_for_leaves_nothing(
    place: Path, terminal: Terminal, tmp_path: Path, leave: int
) -> None:
    one, many = deposits(tmp_path, "B", 1), deposits(tmp_path, "A", MANY)
    broken = Sentence(
        f"Disque de PostgreSQL plein pendant un import ({leave / 1e6} Mo de reste)",
        f"PostgreSQL’s disk full during an import ({leave / 1e6} MB left)",
    )

    with measured("disk_database", broken) as tally, small_disk(place / "own", 400) as own:
        there = {"PARVIS_DATABASE_URL": "", "PARVIS_DATA_FOLDER": str(own.path / "data")}
        here = Terminal({**terminal.environment, **there}, at=terminal.at)
        here("import", one)
        own.fill(leave=leave)
        full = here("import", many)
        own.make_room()
        left = here("case", "list", "--json")
        again = here("import", many)
        proof = here("journal", "verify")
        cases = int(re.findall(r"dossiers\W+(\d+)", proof.said)[0])

        tally.times, tally.of, tally.lost = 1, MANY, MANY + 1 - cases
        assert (full.code, FULL in full.said) == (1, True), full.said
        assert (left.code, left.json["total"]) == (0, 1)
        assert (again.code, cases) == (0, MANY + 1)
        assert "Le journal est intact" in proof.said


@pytest.mark.slow
def test_an_import_in_several_transactions_is_left_half_done_by_a_full_disk(place: Path) -> None:
    with (
        small_disk(place / "own", 400) as own,
        durable(own.path / "server") as (url, _),
        Database(url) as database,
    ):
        desk = Desk.opened(database)
        own.fill(leave=3_000_000)
        Other(receive_in_parts, url, MANY).told()
        own.make_room()
        with embedded.start(own.path / "server"):  # which may have found no room to recover in
            [half] = once_back(desk, "SELECT count(*) FROM cases")

    control(
        "disk_database",
        Sentence("import en plusieurs transactions", "import in several transactions"),
        lost=MANY - half,
    )
    assert 0 < half < MANY


def deposits(folder: Path, letter: str, count: int) -> str:
    """A file of deposits."""
    lines = [f"{letter}-{number};41816609600051;Café;4500;20/05/2026" for number in range(count)]
    path = folder / f"{letter}.csv"
    path.write_text("\n".join(["external_id;siret;titre;montant_demande;date_depot", *lines, ""]), "utf-8")
    return str(path)
