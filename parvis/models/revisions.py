"""Whether a database is at the newest revision, without loading Alembic: asked at every start."""

import re
from pathlib import Path

import psycopg

from parvis.models.databases import connect

VERSIONS = Path(__file__).parent / "migrations" / "versions"
MIGRATING = 0x7061727669  # "parvi": any number no other advisory lock uses

_REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_DOWN = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)


class UnknownRevisionError(Exception):
    """This version of Parvis has no such revision; `revision` is empty when it is the database that is at one."""

    def __init__(self, revision: str = "") -> None:
        super().__init__(revision)
        self.revision = revision


def newest() -> set[str]:
    """The revisions no other comes after: one, unless somebody forgot to put two in line."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(VERSIONS.glob("[!_]*.py"))]
    below = {found for text in texts for found in _DOWN.findall(text)}
    return {found for text in texts for found in _REVISION.findall(text)} - below


def up_to_date(url: str) -> bool:
    """Whether the database of `url` is at the newest revision this version of Parvis knows.

    Raises:
        AdministrationError: it cannot be asked.
    """
    with connect(url) as connection:
        return is_newest(connection)


def is_newest(connection: psycopg.Connection) -> bool:
    """Whether the database of this connection is at that revision."""
    try:
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except psycopg.errors.UndefinedTable:
        return False
    return {row[0] for row in rows} == newest()
