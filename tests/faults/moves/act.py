"""What a move is for whoever crashes it: what is told before, how it is made, what says that it is made already."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.services.desk import Desk


@dataclass(frozen=True)
class Act:
    """A move by its kind and name. `given` tells the story before it; `does(database, *given)` makes it.

    Made again where it is there already, it answers the same or raises one of `there`; `steps` are transactions it is
    made of, each whole in itself; `twice` are the journals that tell again what is said again.
    """

    kind: str
    name: str
    given: Callable[[Desk], tuple[Any, ...]]
    does: Callable[..., object]
    contract: dict[str, Any] | None = None
    there: tuple[type[Exception], ...] = (MoveRefusedError, StaleVersionError)
    steps: bool = False
    twice: frozenset[str] = frozenset()
