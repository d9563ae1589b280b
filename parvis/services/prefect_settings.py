"""How Prefect is set for one machine: its own folder and database, no call to the outside, nobody but this machine."""

from collections.abc import Mapping
from pathlib import Path

HOST = "127.0.0.1"
"""Prefect's server knows no password: it never listens to another machine."""


def api_url(port: int) -> str:
    """Where the server on `port` answers programs."""
    return f"http://{HOST}:{port}/api"


def client_environment(given: Mapping[str, str], home: Path, port: int) -> dict[str, str]:
    """The environment of a process that talks to the server on `port`; Prefect settings of others are left out."""
    return {
        **{name: value for name, value in given.items() if not name.startswith("PREFECT_")},
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_API_URL": api_url(port),
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_RUNNER_POLL_FREQUENCY": "5",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PYTHONUTF8": "1",
    }


def server_environment(given: Mapping[str, str], home: Path, port: int, database_url: str) -> dict[str, str]:
    """The environment of the server itself, on `port`, with its tables in `database_url` (asyncpg)."""
    return {
        **client_environment(given, home, port),
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database_url,
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{port}",
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        # Leases on places among the runs allowed at once must survive a restart, or the places stay taken.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        # A run a minute: what is older than a month goes.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "P30D",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home.resolve() / "ui"),
        # The second version of the page asks a company's server how it should measure its readers.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
    }
