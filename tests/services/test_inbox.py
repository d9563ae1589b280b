"""The watched folder: every file is imported once, and put away with a report its sender can read."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from parvis.models.queries.contracts import write_contract
from parvis.models.session import Database
from parvis.services.contracts import read_contract
from parvis.services.inbox import Arrival, import_folder
from parvis.services.intake import NoContractError
from tests.services.desk import Desk, moment
from tests.services.processes import Other
from tests.services.works import Hear, Tell

ROOT = Path(__file__).parents[2]
AT = moment("2026-11-23")
HEADER = "external_id;siret;titre;montant_demande;date_depot\n"
GOOD = HEADER + "A-{n};41816609600051;Café des parents;4 500,00 €;20/11/2026\n"
BAD = GOOD.replace("4 500,00 €", "-5")


@pytest.fixture
def amiens(database: Database) -> Desk:
    contract = read_contract(ROOT / "contracts" / "amiens.yaml")
    with database.transaction() as session:
        changed = write_contract(session, contract, digest="test", at=AT)
    return Desk(database, changed.contract_id)


def drop(folder: Path, name: str, content: str, *, seconds_ago: float = 60) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(content, encoding="utf-8")
    moment_written = (AT - timedelta(seconds=seconds_ago)).timestamp()
    os.utime(path, (moment_written, moment_written))
    return path


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def pass_over(desk: Desk, folder: Path) -> list[Arrival]:
    return import_folder(desk.database, folder, AT)


def test_a_good_file_ends_in_done_with_the_references_of_its_cases(amiens, tmp_path):
    drop(tmp_path, "depots.csv", GOOD.format(n=1))

    (arrival,) = pass_over(amiens, tmp_path)

    assert arrival.accepted
    assert files(tmp_path) == ["done/depots.csv", "done/depots.csv.txt"]
    assert "ANNUEL-2027-00001" in (tmp_path / "done" / "depots.csv.txt").read_text(encoding="utf-8")


def test_a_bad_file_ends_in_refused_with_every_reason(amiens, tmp_path):
    drop(tmp_path, "depots.csv", BAD.format(n=1).replace("20/11/2026", "31/02/2026"))

    (arrival,) = pass_over(amiens, tmp_path)

    report = (tmp_path / "refused" / "depots.csv.txt").read_text(encoding="utf-8")
    assert not arrival.accepted
    assert "« montant_demande »" in report.replace("\u202f", " ")
    assert "« date_depot »" in report.replace("\u202f", " ")
    assert amiens.rows("SELECT 1 FROM cases") == []


def test_a_bad_file_does_not_stop_the_others(amiens, tmp_path):
    drop(tmp_path, "a.csv", BAD.format(n=1))
    drop(tmp_path, "b.csv", GOOD.format(n=2))

    arrivals = pass_over(amiens, tmp_path)

    assert [(arrival.name, arrival.accepted) for arrival in arrivals] == [("a.csv", False), ("b.csv", True)]


def test_a_second_pass_finds_nothing(amiens, tmp_path):
    drop(tmp_path, "depots.csv", GOOD.format(n=1))
    pass_over(amiens, tmp_path)

    assert pass_over(amiens, tmp_path) == []


def test_a_file_of_the_same_name_does_not_replace_the_first(amiens, tmp_path):
    for n in (1, 2):
        drop(tmp_path, "depots.csv", GOOD.format(n=n))
        pass_over(amiens, tmp_path)

    assert files(tmp_path) == [
        "done/depots (2).csv", "done/depots (2).csv.txt", "done/depots.csv", "done/depots.csv.txt",
    ]  # fmt: skip
    assert "A-1" in (tmp_path / "done" / "depots.csv").read_text(encoding="utf-8")


def test_a_file_written_a_moment_ago_waits_for_the_next_pass(amiens, tmp_path):
    drop(tmp_path, "depots.csv", GOOD.format(n=1), seconds_ago=9)

    assert pass_over(amiens, tmp_path) == []
    assert len(import_folder(amiens.database, tmp_path, AT + timedelta(seconds=1))) == 1


@pytest.mark.parametrize("name", [".depots.csv", "~$depots.xlsx", "depots.csv.part"])
def test_a_file_that_is_not_meant_for_us_is_left_alone(amiens, tmp_path, name):
    drop(tmp_path, name, GOOD.format(n=1))

    assert pass_over(amiens, tmp_path) == []
    assert files(tmp_path) == [name]


def test_a_link_is_not_followed(amiens, tmp_path):
    elsewhere = drop(tmp_path / "elsewhere", "depots.csv", GOOD.format(n=1))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "depots.csv").symlink_to(elsewhere)

    assert pass_over(amiens, inbox) == []


def test_what_a_killed_process_had_claimed_is_taken_up(amiens, tmp_path):
    drop(tmp_path / "claimed", "deadbeef-depots.csv", GOOD.format(n=1))

    (arrival,) = pass_over(amiens, tmp_path)

    assert arrival.path == tmp_path / "done" / "depots.csv"


def test_what_another_process_holds_is_left_to_it(amiens, tmp_path):
    claimed = drop(tmp_path / "claimed", "deadbeef-depots.csv", GOOD.format(n=1))
    holder = subprocess.Popen(
        [sys.executable, "-c", "import fcntl,sys; f=open(sys.argv[1]); fcntl.flock(f, 2); print(flush=True); input()",
         str(claimed)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout is not None
    holder.stdout.readline()

    found = pass_over(amiens, tmp_path)
    holder.communicate(b"\n")

    assert found == []
    assert [arrival.accepted for arrival in pass_over(amiens, tmp_path)] == [True]


def test_two_passes_at_once_import_every_file_once(amiens, tmp_path):
    for n in range(20):
        drop(tmp_path, f"{n:02}.csv", GOOD.format(n=n))
    arrivals: list[Arrival] = []
    passes = [threading.Thread(target=lambda: arrivals.extend(pass_over(amiens, tmp_path))) for _ in range(3)]

    for one in passes:
        one.start()
    for one in passes:
        one.join()

    assert sorted(arrival.name for arrival in arrivals) == [f"{n:02}.csv" for n in range(20)]
    assert all(arrival.accepted for arrival in arrivals)
    assert amiens.value("SELECT count(*) FROM cases") == 20


def test_without_a_contract_the_files_wait(database, tmp_path):
    drop(tmp_path, "depots.csv", GOOD.format(n=1))

    with pytest.raises(NoContractError):
        import_folder(database, tmp_path, AT)

    assert len([name for name in files(tmp_path) if name.endswith("depots.csv")]) == 1


def test_a_refused_file_is_a_task_for_the_manager_until_one_of_that_name_is_taken_in(amiens, tmp_path):
    drop(tmp_path, "depots.csv", BAD.format(n=1))
    pass_over(amiens, tmp_path)
    pass_over(amiens, tmp_path)

    [(title, recipient)] = amiens.rows("SELECT title_fr, recipient FROM tasks WHERE done_at IS NULL")
    assert "depots.csv" in title
    assert recipient == "manager"
    assert files(tmp_path) == ["refused/depots.csv", "refused/depots.csv.txt"]

    drop(tmp_path, "depots.csv", GOOD.format(n=1))
    pass_over(amiens, tmp_path)

    assert amiens.rows("SELECT 1 FROM tasks WHERE done_at IS NULL") == []


def killed_at(database: Database, _: Tell, __: Hear, folder: Path, at: int) -> None:
    """Pass over the folder and end as by `kill -9` before the file is touched for the time numbered `at`."""
    left = iter(range(at, 0, -1))

    def watch(event: str, given: tuple[object, ...]) -> None:
        touches = event in {"os.rename", "os.remove"} or (event == "open" and given[1] == "w")
        if touches and str(folder) in str(given[0]) and next(left) == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    import_folder(database, folder, AT)


@pytest.mark.parametrize("point", ["claim", "report", "put-away", "beside"])
@pytest.mark.parametrize(("content", "where"), [(GOOD, "done"), (BAD, "refused")])
def test_a_pass_killed_at_any_point_leaves_one_file_and_its_report_after_the_next(
    amiens, tmp_path, point, content, where
):
    drop(tmp_path, "depots.csv", content.format(n=1))
    at = ["claim", "report", "put-away", "beside"].index(point) + 1

    assert Other(killed_at, amiens.database.url, tmp_path, at).join() == -signal.SIGKILL
    pass_over(amiens, tmp_path)
    drop(tmp_path, "autre.csv", content.format(n=2))
    pass_over(amiens, tmp_path)

    kept = [f"{where}/{name}" for name in ("autre.csv", "autre.csv.txt", "depots.csv", "depots.csv.txt")]
    assert files(tmp_path) == kept
    assert all((tmp_path / name).stat().st_size for name in kept)
    assert amiens.value("SELECT count(*) FROM cases") == (2 if where == "done" else 0)
    assert amiens.value("SELECT count(*) FROM tasks WHERE key = 'import/depots.csv'") == (where == "refused")
