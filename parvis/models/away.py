"""Why a database does not serve us: what libpq, PostgreSQL or its log said, read as one of a few causes."""

import re
from enum import StrEnum


class Away(StrEnum):
    """The causes somebody can act on; `unknown` is the rest, whose words are kept beside."""

    REFUSED = "refused"
    NO_HOST = "no_host"
    SILENT = "silent"
    PASSWORD = "password"  # noqa: S105 - a cause, not a secret
    NO_ROLE = "no_role"
    NO_DATABASE = "no_database"
    NOT_ALLOWED = "not_allowed"
    FULL = "full"
    RESTARTING = "restarting"
    LOST = "lost"
    TLS = "tls"
    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    RIGHTS = "rights"
    UNKNOWN = "unknown"


def why_away(said: str) -> Away:
    """The cause behind `said`, the words of libpq or of a server whose messages are in English or in French.

    A failed connection has no SQLSTATE, so its words are all there is; a server may say them in its own language.
    """
    return next((cause for cause, pattern in _PATTERNS if pattern.search(said)), Away.UNKNOWN)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# In order: the first that fits. A disk that is full also ends the connections; what ends them is the cause.
_PATTERNS: tuple[tuple[Away, re.Pattern[str]], ...] = (
    (Away.DISK_FULL, _any("no space left", "disk full", "disk quota", "aucun espace disponible")),
    (Away.PASSWORD, _any(
        "password authentication failed", "no password supplied", "authentication failed for user",
        "authentification par mot de passe", "a échoué pour l.utilisateur",
    )),
    (Away.NOT_ALLOWED, _any(r"pg_hba\.conf", "is not permitted to log in", "not currently accepting connections")),
    (Away.NO_ROLE, _any('role ".*" does not exist', "le r.le .* n.existe pas")),
    (Away.NO_DATABASE, _any('database ".*" does not exist', "la base de donn.es .* n.existe pas")),
    (Away.FULL, _any(
        "too many clients", "too many connections", "remaining connection slots", "every connection is taken",
        "trop de (clients|connexions)",
    )),
    (Away.RESTARTING, _any(
        "starting up", "shutting down", "in recovery mode", "terminating connection", "arr.t en cours", "d.marrage",
    )),
    (Away.TLS, _any("ssl", "certificate", "tls")),
    (Away.NO_HOST, _any("resolve host", "translate host name", "name or service not known", "no route to host",
                        "network is unreachable")),
    (Away.SILENT, _any("timeout", "timed out")),
    (Away.REFUSED, _any("connection refused", "no such file or directory")),
    (Away.READ_ONLY, _any("read-only", "lecture seule")),
    (Away.RIGHTS, _any("permission denied", "must be owner", "droit refus")),
    (Away.LOST, _any(
        "server closed the connection", "connection (is|was) (lost|closed)", "connection already closed",
        "consuming input failed", "could not receive data", "connection reset", "broken pipe",
    )),
)  # fmt: skip
