"""Packets being built by this process while people look on: how far each is, and why the last one failed."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from parvis.documents.limited import LimitedError
from parvis.documents.typeset import TypesettingError
from parvis.models.session import UnreachableDatabaseError
from parvis.services.packets import Progress

logger = logging.getLogger("parvis.web")


@dataclass(frozen=True, slots=True)
class State:
    """Where the building of a sitting's packet is: copies settled of how many; `failed` when it ended badly."""

    done: int = 0
    total: int = 0
    failed: bool = False


@dataclass
class Workshop:
    """The packets being built, one at a time for each sitting."""

    states: dict[int, State] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def state(self, sitting_id: int) -> State | None:
        """Where the building of this sitting's packet is; None when nothing is under way nor failed."""
        return self.states.get(sitting_id)

    def begin(self, sitting_id: int) -> bool:
        """Take the sitting's packet up; False when it is being built already."""
        with self.lock:
            there = self.states.get(sitting_id)
            if there is not None and not there.failed:
                return False
            self.states[sitting_id] = State()
            return True

    def run(self, sitting_id: int, build: Callable[[Progress], object]) -> None:
        """Build what was taken up."""
        try:
            build(lambda done, total: self._tell(sitting_id, State(done, total)))
        except (OSError, LimitedError, TypesettingError, UnreachableDatabaseError):
            logger.exception("packet of sitting %s not built", sitting_id)
            self._tell(sitting_id, State(failed=True))
        except BaseException:
            self._tell(sitting_id, State(failed=True))
            raise
        else:
            with self.lock:
                self.states.pop(sitting_id, None)

    def _tell(self, sitting_id: int, state: State) -> None:
        with self.lock:
            self.states[sitting_id] = state
