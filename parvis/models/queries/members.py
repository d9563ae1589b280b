"""Who sits at a sitting: as what, summoned or not, with which answer."""

from dataclasses import dataclass
from datetime import date, datetime, time

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Someone who sits. `substitute_for` names the titular a substitute stands in for; `person` is a name.

    `undeclared` are the references of the cases on the agenda that their declaration says nothing of.
    """

    id: int
    person_id: int
    person: str
    email: str
    role: str
    votes: bool
    attendance: str
    substitute_for: int | None
    titular: str
    titular_attendance: str
    invited_at: datetime | None
    invited_as: str
    invitation_sequence: int
    declared_at: datetime | None
    recused: int
    undeclared: tuple[str, ...]


_SEATS = """
SELECT m.id, p.id, p.name, p.email, m.role, m.votes, m.attendance, m.substitute_for, COALESCE(q.name, ''),
       COALESCE(t.attendance, ''), m.invited_at, m.invited_as, m.invitation_sequence, m.declared_at,
       (SELECT count(*) FROM agenda_items a JOIN interests i ON i.case_id = a.case_id
         WHERE a.committee_id = m.committee_id AND a.left_at IS NULL AND i.person_id = m.person_id
           AND i.status <> 'dismissed'),
       ARRAY(SELECT c.reference FROM agenda_items a JOIN cases c ON c.id = a.case_id
              WHERE a.committee_id = m.committee_id AND a.left_at IS NULL
                AND (m.declared_at IS NULL OR a.added_at > m.declared_at)
                AND NOT EXISTS (SELECT FROM interests i WHERE i.case_id = a.case_id AND i.person_id = m.person_id
                                   AND i.status <> 'dismissed')
              ORDER BY a.position, c.id)
  FROM committee_members m
  JOIN people p ON p.id = m.person_id
  LEFT JOIN committee_members t ON t.id = m.substitute_for
  LEFT JOIN people q ON q.id = t.person_id
 WHERE m.committee_id = %(id)s
 ORDER BY array_position(ARRAY['chair', 'elected', 'funder', 'resident', 'expert', 'substitute'], m.role::text), p.name,
          p.id
"""


def seats(session: Session, committee_id: int) -> list[SeatLine]:
    """The members of a sitting: the chair first, substitutes last."""
    return [
        SeatLine(*[*row[:-1], tuple(row[-1])])
        for row in session.exec_driver_sql(_SEATS, {"id": committee_id})
    ]


@dataclass(frozen=True, slots=True)
class ToSummon:
    """A sitting whose members may have to be written to. `starts_at` is a Paris wall clock time."""

    id: int
    contract_id: int
    code: str
    name: str
    held_on: date
    starts_at: time
    duration_minutes: int
    room: str
    video_url: str
    lead_days: int
    summons_days: int
    cancelled_at: datetime | None
    cases: int

    @property
    def said(self) -> str:
        """All that a summons says of when and where, to tell whether it still holds."""
        return f"{self.held_on} {self.starts_at:%H:%M} {self.duration_minutes} {self.room}|{self.video_url}"


def to_summon(session: Session, since: date) -> list[int]:
    """The sittings from a day on, not held, whose members may have to be written to: to come or cancelled.

    One that nobody is summoned to yet is left out while its time is well ahead, whatever days are not worked.
    """
    rows = session.exec_driver_sql(
        """
        SELECT m.id FROM committees m
         WHERE m.held_at IS NULL AND m.held_on >= %(since)s
           AND EXISTS (SELECT FROM committee_members p WHERE p.committee_id = m.id
                          AND (p.invited_at IS NOT NULL OR m.held_on - m.summons_days - 30 <= %(since)s))
         ORDER BY m.held_on, m.id
        """,
        {"since": since},
    )
    return list(rows.scalars())


def hold_to_summon(session: Session, committee_id: int) -> ToSummon:
    """Read a sitting and keep others from summoning to it until the commit."""
    session.exec_driver_sql(
        "SELECT 1 FROM committees WHERE id = %(id)s FOR NO KEY UPDATE", {"id": committee_id}
    )
    row = session.exec_driver_sql(
        """
        SELECT id, contract_id, code, name, held_on, starts_at, duration_minutes, room, video_url, lead_days,
               summons_days, cancelled_at,
               (SELECT count(*) FROM agenda_items a WHERE a.committee_id = m.id AND a.left_at IS NULL)
          FROM committees m WHERE id = %(id)s
        """,
        {"id": committee_id},
    )
    return ToSummon(*row.one())


def record_summons(session: Session, member_id: int, *, said: str, sequence: int, at: datetime) -> None:
    """Write that a member was written to: what the letter said, and its number among those to this member."""
    session.exec_driver_sql(
        """
        UPDATE committee_members
           SET invited_at = COALESCE(invited_at, %(at)s), invited_as = %(said)s, invitation_sequence = %(sequence)s
         WHERE id = %(id)s
        """,
        {"id": member_id, "said": said, "sequence": sequence, "at": at},
    )


def unseat(session: Session, member_id: int) -> None:
    """Take somebody out of a sitting, with those who stood in for them."""
    session.exec_driver_sql(
        "DELETE FROM committee_members WHERE substitute_for = %(id)s OR id = %(id)s", {"id": member_id}
    )


def set_attendance(session: Session, member_id: int, attendance: str) -> None:
    """Write whether a member comes."""
    session.exec_driver_sql(
        "UPDATE committee_members SET attendance = %(attendance)s WHERE id = %(id)s",
        {"id": member_id, "attendance": attendance},
    )


def move_sitting(
    session: Session, committee_id: int, *,
    held_on: date, starts_at: time, room: str, video_url: str,
) -> None:  # fmt: skip
    """Write when and where a sitting takes place."""
    session.exec_driver_sql(
        """
        UPDATE committees SET held_on = %(held_on)s, starts_at = %(starts_at)s, room = %(room)s,
               video_url = %(video_url)s, version = version + 1
         WHERE id = %(id)s
        """,
        {
            "id": committee_id,
            "held_on": held_on,
            "starts_at": starts_at,
            "room": room,
            "video_url": video_url,
        },
    )
