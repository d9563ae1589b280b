"""What a sitting gives to read: the copies of its packet, its annexes, one case of its agenda; never a hidden case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.documents.packet import CasePage, Changes
from parvis.models.queries import agendas
from parvis.models.queries import packets as queries
from parvis.models.queries.committees import Sitting, sittings
from parvis.models.queries.packets import PacketLine
from parvis.models.queries.recusals import may_see, recused
from parvis.models.queries.session_room import read_sitting
from parvis.models.session import Database, Session
from parvis.services import annexes, files, packets
from parvis.services.files import FileLine, Shelf
from parvis.services.packet_content import read_content
from parvis.services.visibility import HiddenError
from parvis.states.facts import By
from parvis.states.files import FileKind

__all__ = [
    "CopyLine",
    "annex_volume",
    "case_on_agenda",
    "changes_in",
    "copies",
    "hidden_from",
    "packet_version",
]


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One copy of a packet: whom it is for (nobody named: all without recusal) and its newest version."""

    members: tuple[str, ...]
    line: PacketLine


def hidden_from(session: Session, sitting_id: int, person_id: int) -> frozenset[int]:
    """The cases of a sitting that this person must not see."""
    return recused(session, sitting_id).get(person_id, frozenset())


def copies(session: Session, sitting_id: int, person_id: int) -> list[CopyLine]:
    """The newest version of each copy that leaves out what is hidden from whoever looks; the common one first."""
    hidden = hidden_from(session, sitting_id, person_id)
    there = queries.latest(session, sitting_id)
    return [
        CopyLine(packets.content_of(line).copy_for, line)
        for left_out, line in sorted(there.items())
        if hidden <= set(left_out)
    ]


def packet_version(session: Session, sitting_id: int, person_id: int, packet_id: int) -> PacketLine:
    """One version of a copy, for those who prepare the sitting.

    Raises:
        HiddenError: there is none of this number, or it shows a case hidden from them.
    """
    hidden = hidden_from(session, sitting_id, person_id)
    for left_out in queries.latest(session, sitting_id):
        for line in queries.versions(session, sitting_id, left_out):
            if line.id == packet_id and hidden <= set(line.hidden):
                return line
    raise HiddenError(str(packet_id))


def changes_in(session: Session, line: PacketLine) -> tuple[list[PacketLine], Changes | None]:
    """The versions of a copy, the newest first, and what `line` says that the one before it did not."""
    versions = queries.versions(session, line.committee_id, line.hidden)
    return versions[::-1], packets.changes_of(session, line)


def annex_volume(
    database: Database, kept: Shelf, sitting_id: int, person_id: int, *, by: By, at: datetime
) -> FileLine:
    """The annex volume without the cases hidden from whoever asks; made when it is not there.

    Raises:
        LimitedError: the machine lacks the memory or the time for it.
    """
    with database.transaction() as session:
        sitting = _sitting(session, sitting_id)
        hidden = hidden_from(session, sitting_id, person_id)
    return annexes.volume_of(database, kept, sitting, by=by, at=at, without=hidden)


def _sitting(session: Session, sitting_id: int) -> Sitting:
    contract_id = read_sitting(session, sitting_id).contract_id
    return next(one for one in sittings(session, contract_id=contract_id) if one.id == sitting_id)


def case_on_agenda(
    session: Session, sitting_id: int, person_id: int, reference: str
) -> tuple[CasePage, Sequence[FileLine]]:
    """A case of an agenda as the packet tells it, and the documents attached to it.

    Raises:
        HiddenError: it is not on this agenda, or it is hidden from this person.
    """
    agenda = agendas.agenda(session, sitting_id)
    found = next((line for line in agenda if line.reference.casefold() == reference.casefold()), None)
    if found is None or not may_see(session, person_id, found.case_id):
        raise HiddenError(reference[:60])
    others = [line.case_id for line in agenda if line.case_id != found.case_id]
    told = read_content(session, sitting_id, hidden=others).cases
    if not told:
        raise HiddenError(reference[:60])
    seen = files.list_seen_by(session, person_id, found.case_id)
    return told[0], [each for each in seen if each.kind == FileKind.ATTACHMENT]
