"""What the page of one case reads beside the case itself: its letters, the other cases of its organisation, choices."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.queries.purses import FITTING, PURSE
from parvis.models.session import Session, select
from parvis.states.purses import Purse, most_specific


@dataclass(frozen=True, slots=True)
class CaseLetter:
    """A letter of the case, or a reminder that will make one. `code` names it as `parvis letters` does.

    `stage` is that of the letter, `due` for a reminder; `at` is when it left, else when it will.
    """

    code: str
    stage: str
    at: datetime
    template: str
    recipient: str
    name: str
    subject: str
    error: str


_LETTERS = """
SELECT u.code, u.stage, u.at, u.template, u.recipient,
       CASE WHEN u.name <> '' THEN u.name
            WHEN u.recipient = 'applicant' THEN o.name
            WHEN starts_with(u.recipient, 'funder:') THEN COALESCE(f.name, '')
            WHEN u.recipient = 'instructor' THEN COALESCE(i.name, '')
            ELSE COALESCE(p.name, '') END,
       u.subject, u.error
  FROM (
        SELECT 'l' || id AS code, stage, COALESCE(sent_at, not_before) AS at, template, recipient,
               COALESCE(name, '') AS name, COALESCE(subject, '') AS subject, COALESCE(last_error, '') AS error, case_id
          FROM letters WHERE case_id = %(id)s
        UNION ALL
        SELECT 'r' || id, 'due', due_at, template, COALESCE(recipient, ''), '', '', '', case_id
          FROM timers WHERE case_id = %(id)s AND settled_at IS NULL AND template IS NOT NULL
       ) u
  JOIN cases c ON c.id = u.case_id
  JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN people i ON i.id = c.instructor_id
  LEFT JOIN people p ON u.recipient = 'person:' || p.id
  LEFT JOIN funders f ON u.recipient = 'funder:' || f.id
 ORDER BY u.at DESC, u.code DESC
 LIMIT %(limit)s
"""


def case_letters(session: Session, case_id: int, *, limit: int = 200) -> list[CaseLetter]:
    """The letters of a case and the reminders to come, the latest first."""
    rows = select(session, _LETTERS, {"id": case_id, "limit": limit})
    return [CaseLetter(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case of the same organisation. Amounts in cents; `granted_cents` is None before a decision."""

    id: int
    reference: str
    title: str
    year: int
    stage: str
    requested_cents: int
    granted_cents: int | None


def other_cases(session: Session, case_id: int, *, limit: int = 50) -> list[OtherCase]:
    """The other cases of the organisation of a case in its contract, the latest year first."""
    rows = select(
        session,
        """
        SELECT c.id, c.reference, c.title, k.year, c.stage, c.requested_cents,
               (SELECT sum(granted_cents)::bigint FROM fundings WHERE case_id = c.id)
          FROM cases own
          JOIN calls called ON called.id = own.call_id
          JOIN cases c ON c.organisation_id = own.organisation_id AND c.id <> own.id
          JOIN calls k ON k.id = c.call_id AND k.contract_id = called.contract_id
         WHERE own.id = %(id)s
         ORDER BY k.year DESC, c.id DESC
         LIMIT %(limit)s
        """,
        {"id": case_id, "limit": limit},
    )
    return [OtherCase(*row) for row in rows]


def conventions_of(session: Session, case_id: int) -> list[tuple[str, bool]]:
    """The agreements of several years a case asks to renew (True) or gave, by reference."""
    rows = select(
        session,
        """
        SELECT reference, true FROM agreements WHERE request_case_id = %(id)s
         UNION ALL
        SELECT reference, false FROM agreements WHERE case_id = %(id)s
        """,
        {"id": case_id},
    )
    return [(reference, asks) for reference, asks in rows]


@dataclass(frozen=True, slots=True)
class SittingChoice:
    """A sitting whose agenda can take the case; `left` is how many more it takes, None for any number."""

    id: int
    name: str
    kind: str
    held_on: date
    left: int | None


def sittings_for(session: Session, case_id: int, *, since: date) -> list[SittingChoice]:
    """The sittings from a day on that cover a case, their agenda open, other than the one it is on."""
    rows = select(
        session,
        """
        SELECT m.id, m.name, m.kind, m.held_on,
               m.capacity - (SELECT count(*) FROM agenda_items a WHERE a.committee_id = m.id AND a.left_at IS NULL)
          FROM cases c
          JOIN calls k ON k.id = c.call_id
          JOIN committees m ON m.contract_id = k.contract_id
         WHERE c.id = %(id)s AND m.held_on >= %(since)s
           AND m.agenda_open AND m.cancelled_at IS NULL AND m.held_at IS NULL AND m.id IS DISTINCT FROM c.committee_id
           AND (m.covers_all
                OR (m.takes_several AND 1 < (SELECT count(*) FROM case_neighbourhoods n WHERE n.case_id = c.id))
                OR (EXISTS (SELECT FROM case_neighbourhoods n WHERE n.case_id = c.id)
                    AND NOT EXISTS (
                        SELECT FROM case_neighbourhoods n WHERE n.case_id = c.id AND NOT EXISTS (
                            SELECT FROM committee_neighbourhoods v
                             WHERE v.committee_id = m.id AND v.neighbourhood_id = n.neighbourhood_id))))
         ORDER BY m.held_on, m.id
        """,
        {"id": case_id, "since": since},
    )
    return [SittingChoice(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class FunderChoice:
    """A funder of the contract, as this case stands to it. Amounts in cents; `available_cents` None: no envelope."""

    id: int
    code: str
    name: str
    asks_opinion: bool
    requested_cents: int
    asked: bool
    available_cents: int | None


def funders_for(session: Session, case_id: int) -> list[FunderChoice]:
    """The funders of the contract of a case, the most asked first."""
    rows = select(
        session,
        f"""
        SELECT f.id, f.code, f.name, f.asks_opinion, COALESCE(g.requested_cents, 0), g.opinion_asked_at IS NOT NULL,
               h.purses
          FROM cases c
          JOIN calls k ON k.id = c.call_id
          JOIN funders f ON f.contract_id = k.contract_id
          LEFT JOIN fundings g ON g.case_id = c.id AND g.funder_id = f.id
          LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_array(
                    p.id, p.parent_id, p.of_challenge, p.of_neighbourhood, p.available_cents, p.own_cents
                )) AS purses FROM (SELECT {PURSE} FROM (SELECT 1) AS one {FITTING} AND e.funder_id = f.id) p) h ON true
         WHERE c.id = %(id)s
         ORDER BY COALESCE(g.requested_cents, 0) DESC, f.id
        """,  # noqa: S608 - the fragment of `purses`
        {"id": case_id},
    )
    return [FunderChoice(*(*row[:6], _left(row[6]))) for row in rows]


def _left(purses: list[list[Any]] | None) -> int | None:
    """What the envelope that would pay has left."""
    paying = most_specific(Purse(*purse) for purse in purses or ())
    return paying.available_cents if paying else None


def case_title(session: Session, case_id: int) -> str:
    """The title of a case that exists."""
    return str(select(session, "SELECT title FROM cases WHERE id = %(id)s", {"id": case_id})[0][0])


def officers_for(session: Session, case_id: int) -> list[tuple[int, str]]:
    """Who may be given a case: the active instructors of its contract, by name."""
    rows = select(
        session,
        """
        SELECT p.id, p.name FROM cases c JOIN calls k ON k.id = c.call_id
          JOIN people p ON p.contract_id = k.contract_id AND p.active AND p.role = 'instructor'
         WHERE c.id = %(id)s ORDER BY p.name, p.id
        """,
        {"id": case_id},
    )
    return [(row[0], row[1]) for row in rows]


def assessment(session: Session, case_id: int) -> dict[str, int]:
    """The points of a case on each criterion (by code) of its grid, where they were given."""
    [(points,)] = select(session, "SELECT assessment FROM cases WHERE id = %(id)s", {"id": case_id})
    return {code: int(value) for code, value in points.items()}
