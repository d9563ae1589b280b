"""What is measured every few seconds: processes by /proc, PostgreSQL by its own views, files left by counting."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.soak.city import City
from tests.soak.running import children

Sample = Mapping[str, float]
"""One moment: a number by name; `at` is the moment, in seconds of a clock that never goes back."""

_ACTIVITY = """
SELECT count(*) FILTER (WHERE state LIKE 'idle in transaction%'
                          AND state_change < clock_timestamp() - interval '30 seconds'),
       COALESCE(max(extract(epoch FROM clock_timestamp() - xact_start)), 0), count(*)
  FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
REMARKED_SECONDS = 5.0
_OLDEST = """
SELECT format('open for %s s, %s: %s', extract(epoch FROM clock_timestamp() - xact_start)::int, state, query)
  FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
   AND xact_start IS NOT NULL
 ORDER BY xact_start LIMIT 1
"""
_ROWS = """
SELECT COALESCE(sum(n_dead_tup), 0), COALESCE(sum(n_live_tup), 0) FROM pg_stat_user_tables
"""
_OWED = """
SELECT (SELECT count(*) FROM letters WHERE stage IN ('owed', 'sending') AND NOT digest
                AND not_before < now() - interval '30 seconds'),
       (SELECT count(*) FROM timers WHERE settled_at IS NULL AND due_at < now() - interval '30 seconds'),
       (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()),
       (SELECT count(*) FROM cases), (SELECT count(*) FROM letters)
"""


def measure(city: City, services: Mapping[str, Iterable[int]]) -> Sample:
    """One moment of the processes of these services, of PostgreSQL and of the files."""
    found: dict[str, float] = {"at": time.monotonic()}
    database = [city.postmaster, *children(city.postmaster)]
    for name, pids in services.items():
        memory, handles, threads = _processes(pids)
        found |= {f"{name}, memory": memory, f"{name}, handles": handles, f"{name}, threads": threads}
    memory, handles, _ = _processes(database)
    found |= {
        "PostgreSQL, memory a process": memory / len(database), "PostgreSQL, handles a process": handles / len(database)
    }  # fmt: skip
    idle, oldest, connections = city.seen(_ACTIVITY)
    if oldest > REMARKED_SECONDS and (what := city.seen(_OLDEST)):
        city.remarks.append(" ".join(str(what[0]).split())[:300])
    dead, live = city.seen(_ROWS)
    letters, timers, deadlocks, cases, written = city.seen(_OWED)
    return found | {
        "idle in transaction": idle, "oldest transaction": float(oldest), "connections": connections,
        "dead rows": 100 * float(dead) / max(1.0, float(dead + live)), "letters late": letters, "timers late": timers,
        "deadlocks": deadlocks, "temporary files": _temporary(city.folder), "cases": cases, "letters": written,
    }  # fmt: skip


def _processes(pids: Iterable[int]) -> tuple[float, int, int]:
    """Megabytes of their own, handles and threads, of these processes together; one that has ended counts for none."""
    memory, handles, threads = 0, 0, 0
    for pid in pids:
        about = Path(f"/proc/{pid}")
        try:
            memory += _field(about / "smaps_rollup", "Pss_Anon:")
            handles += len(list((about / "fd").iterdir()))
            threads += _field(about / "status", "Threads:")
        except OSError:
            continue
    return memory / 1_000, handles, threads


def _field(file: Path, name: str) -> int:
    for line in file.read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0


def _temporary(folder: Path) -> int:
    """Files of the folder for temporary ones, half-written files of the store, and those of PostgreSQL's sorts."""
    postgres = folder / "postgres" / "data" / "base" / "pgsql_tmp"
    kept = (
        [one for one in (folder / "data").rglob(".*") if one.is_file()] if (folder / "data").exists() else []
    )
    sorts = list(postgres.rglob("*")) if postgres.exists() else []
    return len(list((folder / "tmp").rglob("*"))) + len(kept) + len(sorts)
