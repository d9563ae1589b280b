"""Packets of sittings: a copy for each set of recusals, a version each time its content changed, a letter each time."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from parvis.documents.packet import Changes, Packet, PacketContent
from parvis.documents.packet_pages import packet_data
from parvis.documents.typeset import page_count, typeset
from parvis.models.queries import packets as queries
from parvis.models.queries.packets import NewPacket, PacketLine, Reader, sittings_in_lead_time
from parvis.models.session import Database, Session
from parvis.services import file_store, files, packet_letters
from parvis.services.committee_journal import record_event
from parvis.services.files import Shelf, Subject
from parvis.services.packet_changes import compare
from parvis.services.packet_content import read_content
from parvis.states.calendar import paris_day
from parvis.states.facts import By
from parvis.states.files import FileKind
from parvis.states.sitting_events import SittingEvent

__all__ = [
    "EVERYBODY", "Copy", "build", "changes_of", "changes_since", "content_of", "copies", "hidden_from", "packet_for",
    "sittings_in_lead_time",
]  # fmt: skip

EVERYBODY: tuple[int, ...] = ()
"""The copy of the members with no recusal."""

_CONTENT = TypeAdapter(PacketContent)
Progress = Callable[[int, int], None]
"""Told how many copies are settled, of how many."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy after a build: its newest version, whether this build made it, how many letters it owes since."""

    line: PacketLine
    built: bool
    letters: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """One copy as it should be now."""

    hidden: tuple[int, ...]
    content: PacketContent
    text: str
    last: PacketLine | None
    version: int

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def current(self) -> bool:
        return self.last is not None and self.last.content_hash == self.digest


def build(
    database: Database, kept: Shelf, committee_id: int, *,
    by: By, at: datetime, quiet: bool = False, progress: Progress | None = None,
) -> list[Copy]:  # fmt: skip
    """Bring every copy of a sitting's packet up to date; from the day it leaves, owe members a letter for each version.

    A copy whose content is that of its last version is left alone, its bytes made again if they were lost. Nothing
    is locked while a document is made; killed at any moment, each copy has its version whole or not at all.
    `quiet` owes no letters; the next build that is not owes them.

    Raises:
        TypesettingError: a document cannot be made.
    """
    with database.transaction() as session:
        members = queries.readers(session, committee_id)
        write = not quiet and committee_id in sittings_in_lead_time(session, paris_day(at))
    groups = copies(members)
    done = []
    for number, hidden in enumerate(groups, start=1):
        done.append(_settle(database, kept, committee_id, hidden, groups[hidden], by=by, at=at, write=write))
        if progress:
            progress(number, len(groups))
    return done


def copies(members: list[Reader]) -> dict[tuple[int, ...], list[Reader]]:
    """The members by the cases they must not see; the copy of those with none is always there, and first."""
    groups: dict[tuple[int, ...], list[Reader]] = defaultdict(list, {EVERYBODY: []})
    for member in members:
        groups[member.hidden].append(member)
    return dict(sorted(groups.items()))


def _settle(
    database: Database, kept: Shelf, committee_id: int, hidden: tuple[int, ...], group: list[Reader], *,
    by: By, at: datetime, write: bool,
) -> Copy:  # fmt: skip
    while True:
        with database.transaction() as session:
            plan = _plan(session, committee_id, hidden, group)
        if plan.last is not None and plan.current:
            _restore(database, kept, plan.last)
            with database.transaction() as session:
                owed = packet_letters.owe(session, plan.last, group, None, at=at) if write else 0
            return Copy(plan.last, built=False, letters=owed)
        changes = _changes(plan)
        pdf = _typeset(plan.content, plan.version, changes, built_at=at)
        with database.transaction() as session:
            line = _write(session, kept, committee_id, plan, pdf, by=by, at=at)
            if line is not None:
                owed = packet_letters.owe(session, line, group, changes, at=at) if write else 0
                return Copy(line, built=True, letters=owed)


def _plan(session: Session, committee_id: int, hidden: tuple[int, ...], group: list[Reader]) -> _Plan:
    names = [member.name for member in group] if hidden else []
    content = read_content(session, committee_id, hidden=hidden, copy_for=names)
    there = queries.latest(session, committee_id)
    last = there.get(hidden)
    newest = max((line.version for line in there.values()), default=1)
    version = max(newest, last.version + 1 if last else 1)
    return _Plan(hidden, content, _CONTENT.dump_json(content).decode(), last, version)


def _changes(plan: _Plan) -> Changes | None:
    if plan.last is None:
        return None
    before = content_of(plan.last)
    return compare(
        before, plan.content, since_version=plan.last.version, since_on=paris_day(plan.last.built_at)
    )


def _typeset(content: PacketContent, version: int, changes: Changes | None, *, built_at: datetime) -> bytes:
    packet = Packet(content=content, version=version, prepared_on=paris_day(built_at), changes=changes)
    return typeset("packet.typ", packet_data(packet), stamped_at=built_at)


def _write(
    session: Session, kept: Shelf, committee_id: int, plan: _Plan, pdf: bytes, *, by: By, at: datetime
) -> PacketLine | None:
    """Write the version, unless another process wrote one of this copy meanwhile."""
    queries.hold_packets(session, committee_id)
    now = queries.latest(session, committee_id).get(plan.hidden)
    if (now and now.version) != (plan.last and plan.last.version):
        return None
    name = f"dossier-de-seance-{plan.content.held_on}-v{plan.version}.pdf"
    file = files.keep_made(
        session,
        kept,
        Subject(committee_id=committee_id),
        kind=FileKind.PACKET,
        name=name,
        content=pdf,
        by=by,
        at=at,
    )
    pages = page_count(pdf)
    new = NewPacket(committee_id, plan.version, plan.hidden, plan.text, plan.digest, pages, file.id, at)
    packet_id = queries.insert_packet(session, new)
    record_event(
        session, committee_id, SittingEvent.PACKET_BUILT,
        {"version": plan.version, "without": [*plan.hidden], "sha256": file.sha256.hex(), "pages": pages,
         "content": plan.digest.hex()},
        by=by, at=at,
    )  # fmt: skip
    return PacketLine(
        packet_id, committee_id, plan.version, plan.hidden, plan.text, plan.digest, pages, file.id, at,
        file.name, file.size, file.sha256,
    )  # fmt: skip


def _restore(database: Database, kept: Shelf, line: PacketLine) -> None:
    """Make the bytes of a version again when they were lost: the same content gives the same."""
    if file_store.is_whole(kept.folder, line.sha256):
        return
    with database.transaction() as session:
        before = [
            each
            for each in queries.versions(session, line.committee_id, line.hidden)
            if each.version < line.version
        ]
    changes = None
    if before:
        changes = compare(
            content_of(before[-1]), content_of(line),
            since_version=before[-1].version, since_on=paris_day(before[-1].built_at),
        )  # fmt: skip
    file_store.keep(kept.folder, _typeset(content_of(line), line.version, changes, built_at=line.built_at))


def content_of(line: PacketLine) -> PacketContent:
    """What a version says."""
    return _CONTENT.validate_json(line.content)


def changes_of(session: Session, line: PacketLine) -> Changes | None:
    """What a version says that the one before it of the same copy did not; None for the first."""
    before = [
        each
        for each in queries.versions(session, line.committee_id, line.hidden)
        if each.version < line.version
    ]
    if not before:
        return None
    last = before[-1]
    return compare(
        content_of(last), content_of(line), since_version=last.version, since_on=paris_day(last.built_at)
    )


def changes_since(session: Session, before: PacketLine, hidden: tuple[int, ...]) -> Changes:
    """What a copy would say now, built again, that a version of it did not."""
    names = [
        member.name for member in queries.readers(session, before.committee_id) if member.hidden == hidden
    ]
    now = read_content(session, before.committee_id, hidden=hidden, copy_for=names if hidden else [])
    return compare(content_of(before), now, since_version=before.version, since_on=paris_day(before.built_at))


def hidden_from(session: Session, committee_id: int, person_id: int) -> tuple[int, ...] | None:
    """The cases of its agenda a member must not see; None for somebody who does not sit there."""
    for member in queries.readers(session, committee_id):
        if member.person_id == person_id:
            return member.hidden
    return None


def packet_for(session: Session, committee_id: int, person_id: int) -> PacketLine | None:
    """The newest packet a member may read: the one that leaves out the cases hidden from them now; None without one.

    A member recused since the last build has none until the next: never the one with the case.
    """
    hidden = hidden_from(session, committee_id, person_id)
    return None if hidden is None else queries.latest(session, committee_id).get(hidden)
