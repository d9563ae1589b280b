"""The letter of a packet, ready or changed: one a member and version, with a link, and the file when it is light."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from parvis.documents.packet import Changes
from parvis.models.queries import packet_content
from parvis.models.queries.notices import owe_to_person, owed_to
from parvis.models.queries.packets import PacketLine, Reader
from parvis.models.session import Session
from parvis.services import links
from parvis.services.links import Guest
from parvis.services.packet_changes import summed_up
from parvis.states.access import Purpose
from parvis.states.calendar import local_instant
from parvis.states.enclosures import Enclosure
from parvis.states.files import MediaType

LIGHT_BYTES = 5_000_000
"""A file up to this size leaves with the letter; many mail servers refuse more than ten."""
TEMPLATE = "packet_ready"


def owe(
    session: Session, line: PacketLine, group: Sequence[Reader], changes: Changes | None, *, at: datetime
) -> int:
    """Owe each member of a copy the letter of its version, once; how many are new."""
    if not group:
        return 0
    sitting = packet_content.sitting_head(session, line.committee_id)
    told = {
        "committee": {"name": sitting.committee, "held_on": sitting.held_on.isoformat()},
        "hour": f"{sitting.starts_at:%H}", "minute": f"{sitting.starts_at:%M}", "room": sitting.room,
        "version": line.version, "pages": line.pages, "changes": summed_up(changes) if changes else "",
        "enclosed": line.size <= LIGHT_BYTES,
    }  # fmt: skip
    occurrence = f"{line.committee_id}/{line.version}/{'-'.join(map(str, line.hidden)) or 'all'}"
    known = owed_to(session, TEMPLATE, occurrence)
    enclosures = [Enclosure(line.name, MediaType.PDF, line.sha256.hex())] if line.size <= LIGHT_BYTES else []
    expires = local_instant(sitting.held_on + timedelta(days=1), time(0))
    owed = 0
    for member in group:
        if f"person:{member.person_id}" in known:
            continue
        path = links.offer(
            session, Guest(member.person_id), Purpose.PACKET, line.committee_id, expires_at=expires, at=at
        )
        owed += owe_to_person(
            session, member.person_id, template=TEMPLATE, occurrence=occurrence, data={**told, "path": path},
            enclosures=enclosures, at=at,
        )  # fmt: skip
    return owed
