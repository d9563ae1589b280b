"""The journal of a sitting: adding a line to its chain, and reading what happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries.hooked import OF_SITTINGS
from parvis.models.queries.moves import details_text
from parvis.models.session import Session
from parvis.states.details import Plain
from parvis.states.facts import By
from parvis.states.journal import Event, link


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """One line of a sitting's journal, with the name of who acted; empty for the machine's own hands."""

    event: Event
    actor_name: str


def append(
    session: Session, committee_id: int, action: str, details: Mapping[str, Plain], *, by: By, at: datetime
) -> Event:
    """Add one line to the journal of a sitting, which stays locked until the commit.

    The lock leaves others free to put cases on its agenda.
    """
    seq, head = session.exec_driver_sql(
        "SELECT journal_seq, journal_head FROM committees WHERE id = %(id)s FOR NO KEY UPDATE",
        {"id": committee_id},
    ).one()
    event = Event(committee_id, seq + 1, at, by.actor, by.role, action, details_text(details))
    session.exec_driver_sql(
        f"""
        WITH added AS (
            INSERT INTO committee_journal (committee_id, seq, at, actor, role, action, details, hash)
            VALUES (%(id)s, %(seq)s, %(at)s, %(actor)s, %(role)s, %(action)s, %(details)s, %(hash)s)
            RETURNING seq, hash){OF_SITTINGS}
        UPDATE committees SET journal_seq = added.seq, journal_head = added.hash FROM added WHERE id = %(id)s
        """,  # noqa: S608 - the fragment of `hooked`
        {"id": committee_id, "seq": event.seq, "at": at, "actor": by.actor, "role": by.role, "action": action,
         "details": event.details, "hash": link(head, event)},
    )  # fmt: skip
    return event


def events(session: Session, committee_id: int) -> list[ToldEvent]:
    """What happened to a sitting, oldest first."""
    rows = session.exec_driver_sql(
        """
        SELECT j.committee_id, j.seq, j.at, j.actor, j.role, j.action, j.details, COALESCE(p.name, '')
          FROM committee_journal j LEFT JOIN people p ON j.actor = 'person:' || p.id
         WHERE j.committee_id = %(id)s ORDER BY j.seq
        """,
        {"id": committee_id},
    )
    return [ToldEvent(Event(*row[:7]), row[7]) for row in rows]


def case_references(session: Session, case_ids: Iterable[int]) -> dict[int, str]:
    """The references of these cases, by id."""
    rows = session.exec_driver_sql(
        "SELECT id, reference FROM cases WHERE id = ANY(%(ids)s::bigint[])", {"ids": sorted(set(case_ids))}
    )
    return {int(case_id): str(reference) for case_id, reference in rows}
