"""Copies of a whole database, by PostgreSQL's own programs: one file in the custom format of `pg_dump`."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url

from parvis.models.databases import for_libpq
from parvis.models.embedded import program

_SAID = 2_000


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
    words = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    _run("pg_restore", url, *words, str(file), environment=environment)


def _run(name: str, url: str, *words: str, environment: Mapping[str, str]) -> None:
    """Run a program on a database; its password goes where other people of the machine do not see it."""
    address = make_url(url)
    secret = {"PGPASSWORD": str(address.password)} if address.password else {}
    bare = for_libpq(address.set(password=None).render_as_string(hide_password=False))
    _done([str(program(name)), f"--dbname={bare}", *words], {**environment, **secret})


def _done(command: list[str], environment: Mapping[str, str]) -> str:
    ran = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise DumpError(ran.stderr[-_SAID:].strip())
    return ran.stdout
