"""The host that keeps: PostgreSQL and a mail server, listening on its address; a line once they do.

`python -m tests.faults.base ADDRESS FOLDER`. Each Message-ID taken is a line of FOLDER/taken.
"""

import asyncio
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from parvis.models import databases, embedded, migrate
from parvis.models.session import Database

DATABASE, CARELESS = "city", "careless"
MAIL = 2525


class Post:
    """Writes down what it takes, before it says so."""

    def __init__(self, taken: Path) -> None:
        self.taken = taken.open("a", encoding="ascii", buffering=1)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message."""
        self.taken.write(f"{message_from_bytes(envelope.content)['Message-ID']}\n")
        return "250 taken"


def main(address: str, folder: Path) -> None:
    """Listen until the standard input ends."""
    embedded._SETTINGS["listen_addresses"] = address
    with embedded.start(folder / "server", fast=True) as server:
        with (folder / "server" / "data" / "pg_hba.conf").open("a", encoding="ascii") as rules:
            rules.write("host all all 10.77.0.0/24 trust\n")
        databases.ensure_roles(server.url())
        databases.create(server.url(), DATABASE, owner=databases.OWNER)
        migrate.upgrade(server.url(DATABASE, databases.OWNER))
        databases.clone(server.url(), DATABASE, CARELESS, owner=databases.OWNER)
        with Database(server.url()) as database, database.transaction() as session:
            session.exec_driver_sql("SELECT pg_reload_conf()")
        asyncio.run(_listen(address, folder, server.url(DATABASE, databases.OWNER)))


async def _listen(address: str, folder: Path, url: str) -> None:
    loop = asyncio.get_running_loop()
    post = Post(folder / "taken")
    await loop.create_server(lambda: SMTP(post, hostname="base", loop=loop), address, MAIL)
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
