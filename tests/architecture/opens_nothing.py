"""Imports modules under an audit hook and prints what doing so opened; run in a process of its own.

Arguments: the modules to import, in order. Standard output: one line per thing opened, none when all is well.
An opening counts when our own module's top level asked for it, not when a library, being imported, did.
Sockets, processes and writing count whoever asked.
"""

import importlib
import os
import sys
import sysconfig
import threading
import zoneinfo
from pathlib import Path
from types import FrameType

PACKAGE = Path(__file__).parents[2] / "parvis"
# The interpreter, its libraries, our own files, and the tables of time zones (`ZoneInfo("Europe/Paris")`).
READABLE = tuple(
    os.path.realpath(folder)
    for folder in [
        *sysconfig.get_paths().values(),
        *zoneinfo.TZPATH,
        sys.prefix,
        f"{sys.base_prefix}/lib",
        str(PACKAGE),
    ]
)
ALWAYS = (
    "socket.",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "sqlite3.connect",
)
CHANGES = (
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "os.chmod",
    "shutil.",
    "tempfile.",
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC

opened: list[str] = []


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note what `event` opens, when it counts."""
    if event.startswith(ALWAYS):
        opened.append(f"{event} {arguments!r:.120}")
    elif event == "open" and _counts(*arguments[:3]):
        opened.append(f"open {arguments[0]!r} {arguments[1]!r}")
    elif event.startswith(CHANGES) and _ours():
        opened.append(f"{event} {arguments!r:.120}")


def _counts(path: object, _mode: object = None, flags: object = 0) -> bool:
    if isinstance(path, int) or not _ours():
        return False
    if isinstance(flags, int) and flags & WRITING:
        return True
    return not os.path.realpath(os.fsdecode(path)).startswith(READABLE)  # type: ignore[arg-type]


def _ours() -> bool:
    """Whether the module being imported just now is one of ours, rather than a library one of ours asked for."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            return frame.f_code.co_filename.startswith(str(PACKAGE))
        frame = frame.f_back
    return False


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.addaudithook(watch)
    for module in sys.argv[1:]:
        importlib.import_module(module)
    opened += [
        f"thread {thread.name}" for thread in threading.enumerate() if thread is not threading.main_thread()
    ]
    sys.stdout.write("\n".join(opened))
