"""The sittings of a contract's committees as rows: those to come follow the file, those held or cancelled stay."""

import json
from collections.abc import Iterator
from typing import Any

from parvis.models.session import Session
from parvis.states.contract import Committee, SeatRole

_FROM_FILE = """
  FROM json_to_recordset(%(sittings)s::json) AS s(
       code text, name text, kind text, day date, starts_at time, duration_minutes int, room text, video_url text,
       covers_all boolean,
       takes_several boolean, capacity int, lead_days int, summons_days int, quorum_percent int)
"""
_SAID = (
    "name, kind, planned_on, starts_at, duration_minutes, room, video_url, covers_all, takes_several, capacity,"
    " lead_days, summons_days, quorum_percent"
)
_SAYS = ", ".join(f"s.{name}" for name in _SAID.replace("planned_on", "day").split(", "))
_OPEN = "m.contract_id = %(contract)s AND m.held_at IS NULL AND m.cancelled_at IS NULL"


def write_committees(session: Session, contract_id: int, committees: tuple[Committee, ...]) -> None:
    """Make the sittings to come what the file says: day, place, hours, members, neighbourhoods.

    A sitting moved by hand to another day stays there. One the file says no more goes when nothing was done for it;
    otherwise somebody has to cancel it. A member the file says no more goes unless already summoned.
    """
    sittings = json.dumps([row for committee in committees for row in _sittings(committee)])
    known = {"contract": contract_id, "sittings": sittings}
    session.exec_driver_sql(
        f"""
        UPDATE committees m SET ({_SAID}, version) = ROW({_SAYS}, m.version + 1) {_FROM_FILE}
         WHERE {_OPEN} AND m.code = s.code AND (m.planned_on = s.day OR m.planned_on IS NULL AND m.held_on = s.day)
           AND ({_SAYS}) IS DISTINCT FROM ({", ".join(f"m.{name}" for name in _SAID.split(", "))})
        """,  # noqa: S608 - the columns above
        known,
    )
    session.exec_driver_sql(
        f"""
        INSERT INTO committees (contract_id, code, held_on, {_SAID})
        SELECT %(contract)s, s.code, s.day, {_SAYS} {_FROM_FILE}
         WHERE NOT EXISTS (SELECT FROM committees m WHERE m.contract_id = %(contract)s AND m.code = s.code
                              AND (m.planned_on = s.day OR m.held_on = s.day))
        """,  # noqa: S608 - the columns above
        known,
    )
    _forget_sittings(session, known)
    _write_neighbourhoods(session, contract_id, committees)
    _write_members(session, contract_id, committees)


def _sittings(committee: Committee) -> Iterator[dict[str, Any]]:
    for sitting in committee.held_on:
        starts_at = sitting.starts_at or committee.starts_at
        yield {
            "code": committee.code, "name": committee.name, "kind": committee.kind,
            "day": sitting.day.isoformat(), "starts_at": starts_at.isoformat(),
            "duration_minutes": sitting.duration_minutes or committee.duration_minutes,
            "room": committee.room if sitting.room is None else sitting.room,
            "video_url": sitting.video_url or committee.video_url or "",
            "covers_all": committee.covers_all, "takes_several": committee.several_neighbourhoods,
            "capacity": sitting.capacity or committee.capacity, "lead_days": committee.lead_days,
            "summons_days": committee.summons_days, "quorum_percent": round(committee.quorum_share * 100),
        }  # fmt: skip


def _forget_sittings(session: Session, known: dict[str, object]) -> None:
    gone = f"""
        {_OPEN} AND m.planned_on IS NOT NULL
           AND NOT EXISTS (SELECT {_FROM_FILE} WHERE s.code = m.code AND s.day = m.planned_on)
    """
    session.exec_driver_sql(
        f"""
        DELETE FROM committees m
         WHERE {gone} AND m.agenda_closed_at IS NULL AND m.journal_seq = 0
           AND NOT EXISTS (SELECT FROM agenda_items a WHERE a.committee_id = m.id)
           AND NOT EXISTS (SELECT FROM cases c WHERE c.committee_id = m.id)
           AND NOT EXISTS (SELECT FROM files f WHERE f.committee_id = m.id)
           AND NOT EXISTS (SELECT FROM committee_members p WHERE p.committee_id = m.id
                              AND (p.invited_at IS NOT NULL OR p.declared_at IS NOT NULL))
        """,  # noqa: S608 - the condition above
        known,
    )
    session.exec_driver_sql(f"UPDATE committees m SET planned_on = NULL WHERE {gone}", known)  # noqa: S608 - above


def _write_neighbourhoods(session: Session, contract_id: int, committees: tuple[Committee, ...]) -> None:
    covers = [
        {"code": committee.code, "covers": code}
        for committee in committees
        if not committee.covers_all
        for code in committee.covers
    ]
    known = {
        "contract": contract_id,
        "codes": [one.code for one in committees],
        "covers": json.dumps(covers),
    }
    said = "json_to_recordset(%(covers)s::json) AS v(code text, covers text)"
    session.exec_driver_sql(
        f"""
        DELETE FROM committee_neighbourhoods w USING committees m, neighbourhoods n
         WHERE {_OPEN} AND m.code = ANY(%(codes)s) AND w.committee_id = m.id AND n.id = w.neighbourhood_id
           AND NOT EXISTS (SELECT FROM {said} WHERE v.code = m.code AND v.covers = n.code)
        """,  # noqa: S608 - the conditions above
        known,
    )
    session.exec_driver_sql(
        f"""
        INSERT INTO committee_neighbourhoods (committee_id, neighbourhood_id)
        SELECT m.id, n.id FROM {said}
          JOIN committees m ON m.code = v.code AND {_OPEN}
          JOIN neighbourhoods n ON n.contract_id = m.contract_id AND n.code = v.covers
        ON CONFLICT DO NOTHING
        """,  # noqa: S608 - the conditions above
        known,
    )


_SEATS = """
  FROM json_to_recordset(%(seats)s::json) AS s(code text, person text, role text, titular text, votes boolean)
  JOIN committees m ON m.code = s.code AND m.contract_id = %(contract)s AND m.held_at IS NULL
   AND m.cancelled_at IS NULL
  JOIN people p ON p.contract_id = m.contract_id AND lower(p.email) = s.person
"""
_TITULAR = """(
    SELECT t.id FROM committee_members t JOIN people q ON q.id = t.person_id
     WHERE t.committee_id = m.id AND lower(q.email) = s.titular)
"""


def _write_members(session: Session, contract_id: int, committees: tuple[Committee, ...]) -> None:
    seats = [seat for committee in committees for seat in _seats(committee)]
    known = {
        "contract": contract_id,
        "codes": [one.code for one in committees],
        "seats": json.dumps(seats),
    }
    for which, titular in (("s.titular IS NULL", "NULL::bigint"), ("s.titular IS NOT NULL", _TITULAR)):
        session.exec_driver_sql(
            f"""
            INSERT INTO committee_members (committee_id, person_id, role, votes, substitute_for)
            SELECT m.id, p.id, s.role, s.votes, {titular} {_SEATS} WHERE {which}
            ON CONFLICT (committee_id, person_id) DO UPDATE
               SET role = excluded.role, votes = excluded.votes, substitute_for = excluded.substitute_for
             WHERE (committee_members.role, committee_members.votes, committee_members.substitute_for)
                   IS DISTINCT FROM (excluded.role, excluded.votes, excluded.substitute_for)
            """,  # noqa: S608 - the conditions above
            known,
        )
    session.exec_driver_sql(
        f"""
        DELETE FROM committee_members g USING committees m
         WHERE {_OPEN} AND m.code = ANY(%(codes)s) AND g.committee_id = m.id AND g.invited_at IS NULL
           AND NOT EXISTS (SELECT {_SEATS.replace(" m ", " o ").replace("m.", "o.")}
                            WHERE o.id = g.committee_id AND p.id = g.person_id)
           AND NOT EXISTS (SELECT FROM committee_members h
                            WHERE h.substitute_for = g.id AND h.invited_at IS NOT NULL)
        """,  # noqa: S608 - the conditions above
        known,
    )


def _seats(committee: Committee) -> Iterator[dict[str, Any]]:
    votes = {
        seat.person.lower(): seat.may_vote
        for seat in committee.members
        if seat.role is not SeatRole.SUBSTITUTE
    }
    for seat in committee.members:
        titular = seat.substitute_for.lower() if seat.substitute_for else None
        yield {
            "code": committee.code, "person": seat.person.lower(), "role": seat.role, "titular": titular,
            "votes": votes[titular or seat.person.lower()],
        }  # fmt: skip
