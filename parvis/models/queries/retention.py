"""What is over, by kind: counted by phase, and listed once at the end of its time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.models.session import Session, select
from parvis.states.retention import Kind

_PAID = "(SELECT max(p.paid_on) FROM payments p WHERE p.case_id = c.id AND p.status = 'paid')"
# Every subject of a kind that is over: its id, its name, the day it ended, who it is about.
_OVER: Mapping[Kind, str] = {
    Kind.GRANTED: f"""
        SELECT c.id, c.reference AS name, o.name AS about,
               GREATEST((c.entered_at AT TIME ZONE 'Europe/Paris')::date, {_PAID},
                        (SELECT max(a.ends_on) FROM agreements a WHERE a.case_id = c.id)) AS ended_on
          FROM cases c JOIN calls k ON k.id = c.call_id JOIN organisations o ON o.id = c.organisation_id
         WHERE k.contract_id = %(contract)s AND c.anonymised_at IS NULL AND c.stage IN ('evaluated', 'reclaimed')
        """,  # noqa: S608
    Kind.REFUSED: """
        SELECT c.id, c.reference AS name, o.name AS about, (c.entered_at AT TIME ZONE 'Europe/Paris')::date AS ended_on
          FROM cases c JOIN calls k ON k.id = c.call_id JOIN organisations o ON o.id = c.organisation_id
         WHERE k.contract_id = %(contract)s AND c.anonymised_at IS NULL
           AND c.stage IN ('ineligible', 'lapsed', 'rejected', 'withdrawn')
           AND (c.stage <> 'withdrawn' OR c.deposited_on IS NOT NULL)
        """,
    Kind.DRAFTS: """
        SELECT c.id, c.reference AS name, o.name AS about,
               (GREATEST(c.entered_at, d.saved_at) AT TIME ZONE 'Europe/Paris')::date AS ended_on
          FROM cases c JOIN calls k ON k.id = c.call_id JOIN organisations o ON o.id = c.organisation_id
          LEFT JOIN drafts d ON d.case_id = c.id
         WHERE k.contract_id = %(contract)s AND c.anonymised_at IS NULL AND c.deposited_on IS NULL
           AND c.stage IN ('draft', 'withdrawn')
        """,
    Kind.AGREEMENTS: """
        SELECT a.id, a.reference AS name, o.name AS about,
               GREATEST(a.ends_on, (a.entered_at AT TIME ZONE 'Europe/Paris')::date,
                        (SELECT max(p.paid_on) FROM payments p WHERE p.agreement_id = a.id)) AS ended_on
          FROM agreements a JOIN organisations o ON o.id = a.organisation_id
         WHERE a.contract_id = %(contract)s AND a.anonymised_at IS NULL
           AND a.stage IN ('renewed', 'ended', 'terminated')
        """,
    Kind.PACKETS: """
        SELECT m.id, m.code || '/' || m.held_on AS name, m.name AS about, m.held_on AS ended_on
          FROM committees m
         WHERE m.contract_id = %(contract)s
           AND EXISTS (SELECT FROM files f WHERE f.committee_id = m.id AND f.kind IN ('packet', 'annex')
                          AND f.erased_at IS NULL)
        """,
    Kind.PEOPLE: """
        SELECT p.id, p.name, p.email AS about,
               GREATEST(p.left_on, (SELECT max((w.seen_at AT TIME ZONE 'Europe/Paris')::date) FROM web_sessions w
                                     WHERE w.person_id = p.id)) AS ended_on
          FROM people p
         WHERE p.contract_id = %(contract)s AND p.anonymised_at IS NULL AND NOT p.active AND p.left_on IS NOT NULL
        """,
}
COLUMN: Mapping[Kind, str] = {
    Kind.GRANTED: "case_id", Kind.REFUSED: "case_id", Kind.DRAFTS: "case_id", Kind.AGREEMENTS: "agreement_id",
    Kind.PACKETS: "committee_id", Kind.PEOPLE: "person_id",
}  # fmt: skip
_ENDED = "(ended_on + make_interval(months => %(months)s))::date"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many subjects of a kind are over: in use, in intermediate archive, at the end of their time, held back."""

    active: int
    intermediate: int
    due: int
    held: int


@dataclass(frozen=True, slots=True)
class Due:
    """A subject at the end of its time: number, name, who it is about, when it ended, when its time was over."""

    id: int
    name: str
    about: str
    ended_on: date
    due_on: date


def count_phases(
    session: Session, contract_id: int, kind: Kind, *, active: int, months: int, today: date
) -> Counts:
    """How many subjects of a kind are in each phase on a day."""
    [row] = select(
        session,
        f"""
        SELECT count(*) FILTER (WHERE (ended_on + make_interval(months => %(active)s))::date > %(today)s),
               count(*) FILTER (WHERE (ended_on + make_interval(months => %(active)s))::date <= %(today)s
                                  AND {_ENDED} > %(today)s),
               count(*) FILTER (WHERE {_ENDED} <= %(today)s AND NOT held),
               count(*) FILTER (WHERE held)
          FROM (SELECT o.*, EXISTS (SELECT FROM retention_items i
                                     WHERE i.{COLUMN[kind]} = o.id AND i.held_at IS NOT NULL) AS held
                  FROM ({_OVER[kind]}) o) x
        """,  # noqa: S608 - the texts above
        {"contract": contract_id, "active": active, "months": months, "today": today},
    )
    return Counts(*row)


def due(
    session: Session, contract_id: int, kind: Kind, *,
    months: int, today: date, among: Sequence[int] | None = None, proposed: bool = True, limit: int | None = None,
) -> list[Due]:  # fmt: skip
    """The subjects of a kind at the end of their time on a day, the oldest first; none that somebody holds back.

    `among` these ids only; with `proposed` false, those an open batch already has are left out.
    """
    rows = select(
        session,
        f"""
        SELECT id, name, about, ended_on, {_ENDED}
          FROM ({_OVER[kind]}) o
         WHERE {_ENDED} <= %(today)s AND (%(among)s::bigint[] IS NULL OR id = ANY(%(among)s::bigint[]))
           AND NOT EXISTS (SELECT FROM retention_items i WHERE i.{COLUMN[kind]} = o.id AND i.held_at IS NOT NULL)
           AND (%(proposed)s OR NOT EXISTS (
                SELECT FROM retention_items i JOIN retention_batches b ON b.id = i.batch_id
                 WHERE i.{COLUMN[kind]} = o.id AND b.kind = %(kind)s AND b.finished_at IS NULL
                   AND b.cancelled_at IS NULL))
         ORDER BY ended_on, id LIMIT %(limit)s
        """,  # noqa: S608 - the texts above
        {"contract": contract_id, "months": months, "today": today, "among": None if among is None else list(among),
         "proposed": proposed, "kind": kind, "limit": limit},
    )  # fmt: skip
    return [Due(*row) for row in rows]
