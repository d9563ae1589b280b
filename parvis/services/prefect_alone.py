"""Prefect's server on a host of its own, in a layout of several, with the settings `parvis up` gives it."""

import os
import sys

from parvis.services import wiring
from parvis.services.prefect_settings import server_environment
from parvis.states.words import Sentence

SERVER = "parvis.flows.server"
NO_DATABASE = Sentence(
    "PARVIS_PREFECT_DATABASE_URL manque : dire où est la base de Prefect.",
    "PARVIS_PREFECT_DATABASE_URL is missing: say where Prefect’s database is.",
)
UNUSABLE = 5


def main() -> None:
    """Become the server, on 127.0.0.1 and `PARVIS_PREFECT_PORT`, with its tables in `PARVIS_PREFECT_DATABASE_URL`."""
    chosen = wiring.settings()
    if chosen.prefect_database_url is None:
        sys.stderr.write(f"{NO_DATABASE.say(wiring.language())}\n")
        sys.exit(UNUSABLE)
    url = chosen.prefect_database_url.get_secret_value()
    home = chosen.data_folder / "prefect"
    environment = server_environment(wiring.environment(), home, chosen.prefect_port, url)
    os.execve(sys.executable, [sys.executable, "-m", SERVER, "--alone"], environment)  # noqa: S606  # our own Python


if __name__ == "__main__":
    main()
