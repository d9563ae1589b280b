"""Importing a module opens nothing: no file of others, no socket, no process, no thread."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.house import ROOT, module_name, python_files

WATCHER = Path("tests", "architecture", "opens_nothing.py")

SAMPLE = '''"""Opens what a module must not."""
import socket, threading, time
open("/etc/hostname").close()
open("made-here", "w").close()
socket.socket().close()
threading.Thread(target=time.sleep, args=(2,), daemon=True).start()
'''

# Alembic executes these with a connection at hand; alone they cannot be imported.
NOT_ALONE = ("parvis.models.migrations.",)


def test_importing_every_module_opens_nothing(tmp_path):
    modules = [module for module in _modules() if not module.startswith(NOT_ALONE)]

    assert _opened_by(modules, house=ROOT, home=tmp_path) == []


def test_the_watch_sees_a_file_a_socket_and_a_thread(tmp_path):
    """The proof that the silence of the test above means something."""
    (tmp_path / "parvis").mkdir()
    (tmp_path / "parvis" / "__init__.py").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / WATCHER).parent.mkdir(parents=True)
    shutil.copy(ROOT / WATCHER, tmp_path / WATCHER)

    opened = _opened_by(["parvis"], house=tmp_path, home=tmp_path)

    assert [line.split(" ")[0] for line in opened] == ["open", "open", "socket.__new__", "thread"]


def _modules() -> list[str]:
    """Every module of the package; a `__main__` runs, it is not imported."""
    modules = (module_name(path) for path in python_files("parvis"))
    return [module for module in modules if not module.endswith("__main__")]


def _opened_by(modules: list[str], *, house: Path, home: Path) -> list[str]:
    result = subprocess.run(
        [sys.executable, str(house / WATCHER), *modules],
        cwd=home,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONPATH": str(house),
            "PREFECT_HOME": str(home / "prefect"),
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()
