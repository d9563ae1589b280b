"""What became of a message handed over: the four answers of a carrier, and what a carrier is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took charge of the message; `reason` is what it said, often its own queue number."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now (4xx): the same message is worth another try later."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Never (5xx): this message will not reach this person; somebody must be told."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The server could not be talked to, or wants nothing of us: no letter's fault, all letters wait.

    Where it was `met`, only the exchange about this letter broke: another letter may go through.
    """

    reason: str
    met: bool = False


Delivery: TypeAlias = Accepted | Deferred | Refused | Unreachable
Confirm: TypeAlias = Callable[[], Awaitable[None]]


async def unconcerned() -> None:
    """Confirm nothing: for callers who keep no account of what was accepted."""


class Carrier(Protocol):
    """Takes messages away: an SMTP server or the local mailbox."""

    async def deliver(
        self, message: bytes, sender: str, recipient: str, *, confirm: Confirm = unconcerned
    ) -> Delivery:
        """Hand `message` over; `confirm` is called at once when it is accepted, before anything else."""
        ...

    async def close(self) -> None:
        """Let go of what the carrier keeps open."""
        ...
