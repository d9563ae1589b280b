"""Processes of their own for tests of races and kills, quick to start: forks of one that has loaded what they use."""

from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

from parvis.models.session import Database

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["parvis.services.outbox", "parvis.services.packets", "tests.services.works", "tests.faults.crashing"]
)


class Other:
    """A process that runs `work(database, tell, hear, *given)` on the database of `url`."""

    def __init__(self, work: Callable[..., None], url: str, *given: object) -> None:
        self._ours, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_run, args=(work, url, theirs, given), daemon=True)
        self._process.start()
        theirs.close()

    def told(self) -> Any:
        """The next thing it tells; EOFError once it has ended."""
        return self._ours.recv()

    def tell(self, what: object) -> None:
        """Tell it something."""
        self._ours.send(what)

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.is_alive()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid or 0

    def kill(self) -> None:
        """End it at once, as `kill -9` does, and see it gone; nothing happens to one that has ended."""
        self._process.kill()
        self._process.join()

    def end(self) -> None:
        """End it as it is by whoever stops or cancels it (SIGTERM), and see it gone."""
        self._process.terminate()
        self._process.join()

    def join(self) -> int | None:
        """Wait for its end; 0 when it went well."""
        self._process.join()
        return self._process.exitcode


def _run(work: Callable[..., None], url: str, ends: Any, given: tuple[object, ...]) -> None:
    with Database(url, role="parvis_app") as database:
        work(database, ends.send, ends.recv, *given)
