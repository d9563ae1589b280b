"""What the report of a rehearsal counts: cases, lines of the journal, letters, timers, money, sittings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case at the end. Amounts in cents, what was reclaimed left out; `timers` are those still open."""

    id: int
    reference: str
    stage: str
    title: str
    organisation: str
    officer: str | None
    wave: str | None
    decides_on: date | None
    deposited_on: date
    requested_cents: int
    granted_cents: int
    decided_on: date | None
    report_due_on: date | None
    report_received_on: date | None
    timers: int


def cases(session: Session) -> list[CaseRow]:
    """Every case that was deposited, in the order they came; requests that stayed drafts are left out."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, c.stage, c.title, o.name, p.name, w.title, w.decides_on, c.deposited_on,
               c.requested_cents,
               CASE WHEN c.stage = 'reclaimed' THEN 0
                    ELSE (SELECT COALESCE(sum(granted_cents), 0)::bigint FROM fundings WHERE case_id = c.id) END,
               c.decided_on, c.report_due_on, c.report_received_on,
               (SELECT count(*) FROM timers WHERE case_id = c.id AND settled_at IS NULL)
          FROM cases c
          JOIN organisations o ON o.id = c.organisation_id
          LEFT JOIN people p ON p.id = c.instructor_id
          LEFT JOIN waves w ON w.id = c.wave_id
         WHERE c.deposited_on IS NOT NULL
         ORDER BY c.id
        """
    )
    return [CaseRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the journal, without its proof; `person` is the name of the colleague who acted, if one did."""

    case_id: int
    at: datetime
    role: str
    action: str
    source: str
    target: str
    person: str | None


def lines(session: Session) -> list[LineRow]:
    """The whole journal, by case then in order."""
    rows = session.exec_driver_sql(
        """
        SELECT j.case_id, j.at, j.role, j.action, j.source, j.target, p.name
          FROM journal j LEFT JOIN people p ON j.actor = 'person:' || p.id
         ORDER BY j.case_id, j.seq
        """
    )
    return [LineRow(*row) for row in rows]


def letters_by_day(session: Session) -> list[tuple[date, int]]:
    """How many letters left on each Paris day, digests counted as one."""
    rows = session.exec_driver_sql(
        """
        SELECT (sent_at AT TIME ZONE 'Europe/Paris')::date, count(*) FROM letters
         WHERE stage = 'sent' GROUP BY 1 ORDER BY 1
        """
    )
    return [(row[0], row[1]) for row in rows]


def letters_by_kind(session: Session) -> list[tuple[str, str, int]]:
    """How many letters of each template stand at each stage."""
    rows = session.exec_driver_sql(
        "SELECT template, stage, count(*) FROM letters GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def late_rules(session: Session) -> list[tuple[str, int]]:
    """By rule, the deadlines that passed and told somebody: each counted once, however many were told."""
    rows = session.exec_driver_sql(
        """
        SELECT split_part(split_part(rule, '-late', 1), ':', 1), count(DISTINCT (case_id, agreement_id, deadline))
          FROM timers
         WHERE kind = 'escalation' AND outcome IN ('fired', 'superseded') GROUP BY 1 ORDER BY 1
        """
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class FunderRow:
    """A funder: what it was asked, what it answered and when, what it gave (not reclaimed), what it had; in cents."""

    code: str
    name: str
    cases: int
    requested_cents: int
    granted_cents: int
    granted_cases: int
    envelope_cents: int | None
    asked: int
    in_time: int
    late: int
    never: int


def funders(session: Session, call_codes: Sequence[str]) -> list[FunderRow]:
    """The funders that were asked for money, those asked for the most first."""
    rows = session.exec_driver_sql(
        """
        SELECT f.code, f.name, count(*), sum(g.requested_cents)::bigint,
               COALESCE(sum(g.granted_cents) FILTER (WHERE c.stage <> 'reclaimed'), 0)::bigint,
               count(*) FILTER (WHERE g.granted_cents > 0 AND c.stage <> 'reclaimed'),
               (SELECT sum(e.total_cents)::bigint FROM envelopes e JOIN calls k ON k.id = e.call_id
                 WHERE e.funder_id = f.id AND e.parent_id IS NULL AND e.year = k.year AND k.code = ANY(%(calls)s)),
               count(g.opinion_asked_at),
               count(*) FILTER (WHERE g.opinion_at < c.opinions_due_at),
               count(*) FILTER (WHERE g.opinion_at >= c.opinions_due_at),
               count(*) FILTER (WHERE g.opinion_asked_at IS NOT NULL AND g.opinion IS NULL)
          FROM fundings g JOIN funders f ON f.id = g.funder_id JOIN cases c ON c.id = g.case_id
         WHERE g.requested_cents > 0
         GROUP BY f.id ORDER BY 4 DESC, f.code
        """,
        {"calls": list(call_codes)},
    )
    return [FunderRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class SittingRow:
    """A sitting some case was put on: how many were, what became of them there, and how many found it full."""

    id: int
    name: str
    held_on: date
    capacity: int | None
    held: bool
    quorate: bool
    scheduled: int
    funded: int
    rejected: int
    advised: int
    waiting: int
    turned_away: int


def sittings(session: Session) -> list[SittingRow]:
    """The sittings that had something on their agenda, by day."""
    rows = session.exec_driver_sql(
        """
        WITH turned_away AS (
            SELECT (gone ->> 1)::bigint AS committee_id, count(*) AS cases
              FROM committee_journal, jsonb_array_elements(details::jsonb -> 'instead_of') AS gone
             WHERE action = 'agenda_filled' AND gone ->> 2 LIKE '%% est complète (%%'
             GROUP BY 1
        )
        SELECT m.id, m.name, m.held_on, m.capacity, m.held_at IS NOT NULL, m.quorate,
               (SELECT count(*) FROM agenda_items a
                 WHERE a.committee_id = m.id AND (a.left_at IS NULL OR a.left_at >= m.held_at)),
               (SELECT count(*) FROM cases WHERE committee_id = m.id AND stage IN ('funded', 'evaluated', 'reclaimed')),
               (SELECT count(*) FROM cases WHERE committee_id = m.id AND stage = 'rejected'),
               (SELECT count(*) FROM session_decisions WHERE committee_id = m.id AND m.closed_at IS NOT NULL
                   AND outcome IN ('recommend', 'not_recommended')),
               (SELECT count(*) FROM cases WHERE committee_id = m.id AND stage = 'committee'),
               COALESCE(t.cases, 0)
          FROM committees m LEFT JOIN turned_away t ON t.committee_id = m.id
         WHERE EXISTS (SELECT FROM agenda_items WHERE committee_id = m.id)
         ORDER BY m.held_on, m.id
        """
    )
    return [SittingRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Balance:
    """What must agree at the end: envelopes with their ledger; and what must be nothing: overdue timers, letters."""

    envelopes_astray: int
    timers_overdue: int
    letters_overdue: int


def balance(session: Session, *, at: datetime) -> Balance:
    """Envelopes whose ledger says something else; timers and letters due before `at` that nothing settled."""
    row = session.exec_driver_sql(
        """
        SELECT (SELECT count(*) FROM envelopes e
                 WHERE committed_cents <> (SELECT COALESCE(sum(amount_cents), 0) FROM ledger
                                            WHERE envelope_id = e.id AND account IN ('committed', 'paid'))),
               (SELECT count(*) FROM timers WHERE settled_at IS NULL AND due_at < %(at)s AND case_id IS NOT NULL),
               (SELECT count(*) FROM letters WHERE stage = 'owed' AND NOT digest AND not_before < %(at)s)
        """,
        {"at": at},
    ).one()
    return Balance(*row)
