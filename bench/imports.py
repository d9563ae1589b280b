"""Ten thousand deposits in one file, taken in whole by the command line, or refused whole for one that is wrong."""

import csv
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import psycopg
from openpyxl import Workbook
from stdnum import luhn

from bench.report import Line, Progress, Table, middle
from parvis.models import databases, migrate
from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database
from parvis.services.opening import open_contract
from parvis.services.settings import Settings
from parvis.states.calendar import PARIS

SUBJECT = "Imports of 10,000 deposits · Imports de 10 000 dépôts"
ROWS, SECONDS, MEGABYTES = 10_000, 20, 300
AT = "2026-11-26T12:00"
FIRST_DAY, DAYS = date(2026, 11, 3), 23
CONTRACT = Path(__file__).parents[1] / "contracts" / "amiens.yaml"
HEADS = (
    "external_id", "siret", "titre", "montant_demande", "date_depot", "appel", "rna", "porteur", "courriel", "resume",
    "qpv", "defis", "debut", "fin", "cout_total", "nature", "financeurs", "beneficiaires", "part_qpv",
)  # fmt: skip
SUMMARY = (
    "L’action réunit des habitants de tous âges, une fois par semaine, avec une diététicienne ;\n"
    "elle se tient dans la « maison de quartier » et s’appuie sur trois partenaires. "
) * 4


class Wrong(StrEnum):
    """What is wrong with one row, and who sees it: the one in the middle as it is read, the last as it is moved."""

    NOTHING = "taken in"
    FORMAT = "an amount is none: refused whole"
    RULE = "a deposit before its call opens: refused whole"
    TABLE = "the table of moves refuses the last row, all others being written: refused whole"


@dataclass(frozen=True, slots=True)
class _Run:
    """One command: how long it took, what it weighed at most, how it ended."""

    seconds: float
    megabytes: int
    code: int
    said: str


def measure(server: EmbeddedServer, *, quick: bool, progress: Progress) -> Table:
    """Each kind of file into a new database, then the same with one wrong row."""
    lines = []
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        for kind in ("csv", "xlsx"):
            for wrong in Wrong:
                progress(f"imports, {kind}, {wrong}")
                file = write(Path(folder) / f"depots-{wrong.name.lower()}.{kind}", ROWS, wrong)
                done = [
                    _import(server, file, Path(folder), f"imports_{kind}_{wrong.name.lower()}_{turn}", wrong)
                    for turn in range(1 if quick else 3)
                ]
                lines += _lines(kind, wrong, done)
    return Table(SUBJECT, tuple(lines))


def _lines(kind: str, wrong: Wrong, done: list[_Run]) -> list[Line]:
    for run in done:
        if run.code != (0 if wrong is Wrong.NOTHING else 5):
            raise RuntimeError(run.said)
    what = f"{kind.upper()}, {wrong}"
    seconds, most = middle([run.seconds for run in done]), max(run.megabytes for run in done)
    return [
        Line(what, f"{seconds:.1f} s", f"{SECONDS} s", seconds / SECONDS, at_most=1),
        Line(f"{what}, memory of the command", f"{most} MB", f"{MEGABYTES} MB", most / MEGABYTES, at_most=1),
    ]


def _import(server: EmbeddedServer, file: Path, folder: Path, name: str, wrong: Wrong) -> _Run:
    """The command itself, in a process of its own, on a database that holds no case yet."""
    databases.ensure_roles(server.url())
    databases.create(server.url(), name, owner=databases.OWNER)
    url = server.url(name, databases.OWNER)
    migrate.upgrade(url)
    if wrong is Wrong.TABLE:
        _open_a_day_later(url)
    environment = {
        **os.environ, "PARVIS_DATABASE_URL": url, "PARVIS_CONTRACT": str(CONTRACT), "PARVIS_LANGUAGE": "en",
        "PARVIS_DATA_FOLDER": str(folder / name),
    }  # fmt: skip
    begun = time.perf_counter()
    with (folder / f"{name}.said").open("w+b") as said:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("parvis"), "import", str(file), "--at", AT],
            env=environment, stdout=said, stderr=subprocess.STDOUT, cwd=folder,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        said.seek(0)
        words = said.read().decode()
    left = _cases(url)
    databases.drop(server.url(), name)
    if left != (ROWS if wrong is Wrong.NOTHING else 0):
        raise RuntimeError(f"{wrong}: {left} cases are left\n{words}")
    return _Run(seconds, used.ru_maxrss // 1024, process.returncode, words)


def _open_a_day_later(url: str) -> None:
    """Have the table of moves see calls that open later than what files are read against: only it refuses then."""
    with Database(url) as database:
        chosen = Settings(contract=CONTRACT)
        open_contract(database, chosen, datetime.fromisoformat(AT).replace(tzinfo=PARIS))
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE calls SET opens_on = %s WHERE code = 'annuel-2027'", (FIRST_DAY,))


def _cases(url: str) -> int:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        [count] = connection.execute("SELECT count(*) FROM cases").fetchone() or (0,)
    return int(count)


def write(file: Path, count: int, wrong: Wrong = Wrong.NOTHING) -> Path:
    """A file of so many deposits, CSV or XLSX by its name; one row at most is `wrong`."""
    rows = list(_rows(count))
    if wrong is Wrong.FORMAT:
        rows[count // 2]["montant_demande"] = "beaucoup"
    if wrong is Wrong.RULE:
        rows[count // 2]["date_depot"] = f"{FIRST_DAY - timedelta(days=2):%d/%m/%Y}"
    if wrong is Wrong.TABLE:
        rows[-1]["date_depot"] = f"{FIRST_DAY - timedelta(days=1):%d/%m/%Y}"
    if file.suffix == ".csv":
        written = io.StringIO(newline="")
        writer = csv.DictWriter(written, HEADS, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        file.write_bytes(written.getvalue().encode("utf-8-sig"))
        return file
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Dépôts")
    sheet.append(HEADS)
    for row in rows:
        sheet.append([row[name] for name in HEADS])
    book.save(file)
    return file


def _rows(count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        day = FIRST_DAY + timedelta(days=number % DAYS)
        asked = 1_000 + number % 9_000
        yield {
            "external_id": f"B-{number:05d}", "siret": _siret(number // 3),
            "titre": f"Ateliers entre voisins n° {number}",
            "montant_demande": f"{asked:,},50 €".replace(",", " ", 1),
            "date_depot": day.strftime("%d/%m/%Y"), "appel": "annuel-2027", "rna": f"W80{number // 3:07d}",
            "porteur": f"Association n° {number // 3}", "courriel": f"contact{number // 3}@asso.example",
            "resume": SUMMARY, "qpv": "QN08001M|QN08003M" if number % 5 == 0 else f"QN0800{1 + number % 6}M",
            "defis": f"D{1 + number % 11:02d}", "debut": "01/01/2027", "fin": "31/12/2027",
            "cout_total": f"{2 * asked}", "nature": "renouvellement" if number % 3 == 0 else "premiere",
            "financeurs": f"etat={asked // 2}|metropole={asked - asked // 2},50",
            "beneficiaires": str(20 + number % 80), "part_qpv": f"{40 + number % 60} %",
        }  # fmt: skip


def _siret(number: int) -> str:
    """A SIRET nobody has, whose two check digits are right."""
    siren = f"9{number:07d}"
    siren += luhn.calc_check_digit(siren)
    return siren + "0001" + luhn.calc_check_digit(f"{siren}0001")
