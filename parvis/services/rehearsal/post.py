"""The post of a rehearsal: letters captured instead of sent, and put before those they are for."""

from dataclasses import dataclass, field
from random import Random

from parvis.models.queries.rehearsal import Letter, letters_since
from parvis.models.session import Session
from parvis.notifications.delivery import Accepted, Confirm, Deferred, Delivery, Refused, unconcerned
from parvis.notifications.mailbox import LocalMailbox

PUT_OFF = 0.004
"""The part of messages a server asks to send again later (greylisting)."""


@dataclass(slots=True)
class CapturingCarrier:
    """A carrier that sends nothing; it refuses the addresses `refused` and puts a few messages off.

    With `keep`, what it accepts waits to be delivered for good.
    """

    seed: str
    refused: frozenset[str] = frozenset()
    keep: bool = False
    kept: dict[str, bytes] = field(default_factory=dict)
    _put_off: set[bytes] = field(default_factory=set)

    async def deliver(
        self, message: bytes, sender: str, recipient: str, *, confirm: Confirm = unconcerned
    ) -> Delivery:
        """Accept, refuse or put off, as a server would; the same message put off once is accepted next time."""
        del sender
        if recipient in self.refused:
            return Refused(550, "5.1.1 no such mailbox")
        identity = _message_id(message)
        if identity not in self._put_off and Random(f"{self.seed}/{identity!r}").random() < PUT_OFF:
            self._put_off.add(identity)
            return Deferred(451, "4.7.1 try again later")
        if self.keep:
            self.kept[identity.decode()] = message
        await confirm()
        return Accepted()

    async def close(self) -> None:
        """Let go of nothing."""

    def deliver_kept(self, mailbox: LocalMailbox) -> int:
        """Put what was kept into a mailbox, dated as it was written; how many letters that is."""
        for identity, message in self.kept.items():
            mailbox.deliver(identity, message)
        return len(self.kept)


@dataclass(slots=True)
class Letterboxes:
    """What has arrived: each letter comes out once, when its recipient has it or never will."""

    last_id: int = 0
    _pending: set[int] = field(default_factory=set)

    def empty(self, session: Session) -> list[Letter]:
        """The letters settled since the last time, by subject, whatever the order they were written in."""
        letters = letters_since(session, self.last_id, sorted(self._pending))
        self.last_id = max([self.last_id, *(letter.id for letter in letters)])
        self._pending = {letter.id for letter in letters if not letter.settled}
        settled = [letter for letter in letters if letter.settled]
        return sorted(
            settled,
            key=lambda one: (one.case_id or 0, one.agreement_id or 0, one.template, one.recipient, one.id),
        )


def _message_id(message: bytes) -> bytes:
    return message.partition(b"\r\nMessage-ID: ")[2].partition(b"\r\n")[0]
