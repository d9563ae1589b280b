"""Copies of a whole database, by PostgreSQL's own programs: one file in the custom format of `pg_dump`."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import make_url

from parvis.models.databases import connect, for_libpq
from parvis.models.embedded import program

_SAID = 2_000
_KNOWS_ALL = 17_00_00
"""The first version of PostgreSQL that knows all that `pg_restore` sets."""
_UNKNOWN_BEFORE = b"SET transaction_timeout = 0;\n"


class DumpError(Exception):
    """`pg_dump` or `pg_restore` did not do it; the message is the end of what it said."""


def dump(url: str, file: Path, *, snapshot: str, environment: Mapping[str, str]) -> None:
    """Copy the database of `url`, as the transaction that exported `snapshot` sees it, to a new file.

    Raises:
        DumpError: the program failed; the disk may be full.
    """
    words = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}")
    _run("pg_dump", url, *words, environment=environment)


def contents(file: Path, *, environment: Mapping[str, str]) -> int:
    """How many things a copy holds, read from its own list.

    Raises:
        DumpError: it is not such a copy, or its list is cut.
    """
    done = _done([str(program("pg_restore")), "--list", str(file)], environment)
    return sum(bool(line) and not line.startswith(";") for line in done.splitlines())


def load(url: str, file: Path, *, environment: Mapping[str, str]) -> None:
    """Fill the empty database of `url` from a copy, in one transaction; migrations give roles their rights.

    Raises:
        DumpError: it is not such a copy, or the server refused.
    """
    with connect(url) as connection:
        knows_all = connection.info.server_version >= _KNOWS_ALL
    if not knows_all:
        load_as_text(url, file, environment=environment)
        return
    words = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    _run("pg_restore", url, *words, str(file), environment=environment)


def load_as_text(url: str, file: Path, *, environment: Mapping[str, str]) -> None:
    """Do the same as statements that `psql` gives, without the one setting that servers before 17 do not know.

    Raises:
        DumpError: it is not such a copy, or the server refused.
    """
    bare, ours = _addressed(url, environment)
    reading = [str(program("pg_restore")), "--no-owner", "--no-privileges", "--file=-", str(file)]
    giving = [str(program("psql")), "--no-psqlrc", "--quiet", "--output=/dev/null", "--single-transaction"]
    with TemporaryFile() as said, subprocess.Popen(
        [*giving, "--set=ON_ERROR_STOP=1", bare], env=ours, stdin=subprocess.PIPE, stderr=said
    ) as psql, subprocess.Popen(reading, env=ours, stdout=subprocess.PIPE, stderr=said) as restoring:  # fmt: skip
        whole = _given(restoring, psql)
        if restoring.returncode or psql.returncode or not whole:
            said.seek(0)
            raise DumpError(said.read().decode(errors="replace")[-_SAID:].strip())


def _given(restoring: "subprocess.Popen[bytes]", psql: "subprocess.Popen[bytes]") -> bool:
    """Hand all the statements over but the setting; a copy cut short is rolled back. False if psql took not all."""
    source, sink = restoring.stdout, psql.stdin
    if source is None or sink is None:  # both were asked for
        return False
    try:
        for line in source:
            if line != _UNKNOWN_BEFORE:
                sink.write(line)
        if restoring.wait():
            psql.kill()  # with its transaction open: nothing of it stays
        sink.close()
    except BrokenPipeError:
        restoring.kill()
        return False
    finally:
        psql.wait()
        restoring.wait()
    return True


def _addressed(url: str, environment: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """What to tell a program: the address, and an environment with the password, which nobody else sees there."""
    address = make_url(url)
    secret = {"PGPASSWORD": str(address.password)} if address.password else {}
    bare = for_libpq(address.set(password=None).render_as_string(hide_password=False))
    return f"--dbname={bare}", {**environment, **secret}


def _run(name: str, url: str, *words: str, environment: Mapping[str, str]) -> None:
    bare, ours = _addressed(url, environment)
    _done([str(program(name)), bare, *words], ours)


def _done(command: list[str], environment: Mapping[str, str]) -> str:
    ran = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise DumpError(ran.stderr[-_SAID:].strip())
    return ran.stdout
