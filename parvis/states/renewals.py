"""An action renewed from one year to the next: the request that would follow, and the conditions on it. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Renewal:
    """What is known of the request that would follow a case: the call that takes it, and what is in its way.

    `call` and `title` are of that call, empty when none takes a renewal for `year` today; `closes_on` its last day.
    `reference` is the one the request gets, `follower` that of one that is there already; `awaited` are the cases
    whose report is due. A case `of_agreement` is not renewed alone.
    """

    year: int
    call: str = ""
    title: str = ""
    closes_on: date | None = None
    reference: str = ""
    follower: str = ""
    awaited: tuple[str, ...] = ()
    of_agreement: bool = False

    @property
    def open(self) -> bool:
        """Nothing is in its way."""
        return bool(self.call) and not self.follower and not self.awaited and not self.of_agreement
