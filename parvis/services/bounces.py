"""Letters that come back: read from their mailbox, matched with what left, turned into tasks and held addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import suppressions as queries
from parvis.models.queries.dispatch import open_task
from parvis.models.queries.suppressions import SentLetter
from parvis.models.queries.tasks import finish_task_of
from parvis.models.session import Database, Session
from parvis.notifications.bounce_box import BounceBox
from parvis.notifications.bounces import Bounce, read_bounces
from parvis.states.words import Sentence

GONE = Sentence(
    "Appeler {name} : l’adresse {address} n’existe plus, la lettre « {subject} » est revenue. Plus rien n’y part "
    "tant que l’adresse n’est pas rétablie.",
    "Call {name}: the address {address} is no more, the letter “{subject}” came back. Nothing leaves for it until "
    "the address is restored.",
)
REFUSED = Sentence(
    "Appeler {name} : la lettre « {subject} » est revenue de {address} ({said}).",
    "Call {name}: the letter “{subject}” came back from {address} ({said}).",
)
CAME_BACK = Sentence(
    "Appeler {name} : une lettre est revenue de son adresse, « {letter} » ({reference}) n’y part pas.",
    "Call {name}: a letter came back from their address, “{letter}” ({reference}) does not leave for it.",
)
"""Why a letter fails that would go to such an address."""
RETURNED = Sentence("Revenue : {said}", "Came back: {said}")


@dataclass(frozen=True, slots=True)
class Returned:
    """What a run over the mailbox did: messages read, letters come back, addresses held, reports about no letter."""

    read: int = 0
    returned: int = 0
    held: int = 0
    unknown: int = 0

    def __add__(self, other: "Returned") -> "Returned":
        return Returned(
            self.read + other.read, self.returned + other.returned, self.held + other.held,
            self.unknown + other.unknown,
        )  # fmt: skip


def take_all(database: Database, box: BounceBox, at: datetime) -> Returned:
    """Take every message that waits, a transaction each; one taken twice changes nothing."""
    total = Returned()
    for name, raw in box.waiting():
        with database.transaction() as session:
            total += take(session, read_bounces(raw), at=at)
        box.taken(name)
    return total


def take(session: Session, bounces: Iterable[Bounce], *, at: datetime) -> Returned:
    """Write down what one message says.

    It is believed of a letter that left to that very address, and of no other: anybody may write to the mailbox.
    """
    total = Returned(read=1)
    for bounce in bounces:
        letter = queries.sent_letter(session, bounce.message_id, bounce.letter_id)
        if letter is None or letter.address.lower() != bounce.address.lower():
            total += Returned(unknown=1)
        else:
            total += _write(session, letter, bounce, at=at)
    return total


def _write(session: Session, letter: SentLetter, bounce: Bounce, *, at: datetime) -> Returned:
    said = f"{bounce.status} {bounce.said}".strip()
    words = (GONE if bounce.gone else REFUSED).fill(
        name=letter.name, address=letter.address, subject=letter.subject, said=said
    )
    queries.note_return(session, letter.id, RETURNED.fill(said=said).fr)
    held = bounce.gone and queries.suppress(session, letter, status=bounce.status, said=bounce.said, at=at)
    if held or not bounce.gone:
        open_task(
            session, key=_task(letter.address) if bounce.gone else f"returned/{letter.id}", case_id=letter.case_id,
            kind="returned", recipient="instructor", title_fr=words.fr, title_en=words.en, at=at,
            contract_id=letter.contract_id,
        )  # fmt: skip
    return Returned(returned=1, held=int(held))


def lift(session: Session, address: str, *, by: str, at: datetime, contract_id: int | None = None) -> bool:
    """Let letters go to an address again; its task is done. False when nothing held them back."""
    lifted = queries.lift(session, address, by=by, at=at, contract_id=contract_id)
    if lifted:
        finish_task_of(session, _task(address), at=at)
    return lifted


def settle(session: Session, address: str, *, at: datetime) -> None:
    """Nobody is written to at this address any more: calling is done, and no letter leaves for it still."""
    finish_task_of(session, _task(address), at=at)


def _task(address: str) -> str:
    return f"address/{address.lower()}"
