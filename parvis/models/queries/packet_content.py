"""What a packet is made from, read for a whole agenda at once: one statement a subject, however many cases."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class SittingHead:
    """A sitting as its cover says it."""

    city: str
    contract: str
    committee: str
    kind: str
    held_on: date
    starts_at: time
    room: str
    video_url: str
    quorum_percent: int
    chair: str


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case of the agenda. `assessment` holds points by criterion, when it was marked so; `note` is the agenda's."""

    id: int
    position: int
    reference: str
    title: str
    summary: str
    nature: str
    organisation: str
    siret: str
    call_id: int
    call: str
    wave: str
    instructor: str
    starts_on: date | None
    ends_on: date | None
    requested_cents: int
    total_cost_cents: int
    beneficiaries: int | None
    qpv_share_percent: int | None
    score: int | None
    assessment: dict[str, Any]
    note: str


def sitting_head(session: Session, committee_id: int) -> SittingHead:
    """When, where and under whose presidency a sitting takes place."""
    row = session.exec_driver_sql(
        """
        SELECT COALESCE(k.document ->> 'city', k.name), k.name, m.name, m.kind, m.held_on, m.starts_at, m.room,
               m.video_url, m.quorum_percent,
               COALESCE((SELECT p.name FROM committee_members s JOIN people p ON p.id = s.person_id
                          WHERE s.committee_id = m.id AND s.role = 'chair' ORDER BY s.id LIMIT 1), '')
          FROM committees m JOIN contracts k ON k.id = m.contract_id WHERE m.id = %(id)s
        """,
        {"id": committee_id},
    )
    return SittingHead(*row.one())


def case_heads(session: Session, committee_id: int, hidden: Sequence[int]) -> list[CaseHead]:
    """The cases of an agenda in its order, those `hidden` left out; each has its number in the whole agenda."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, a.number, c.reference, c.title, c.summary, c.nature, o.name,
               o.siret, k.id, k.title, COALESCE(w.title, ''), COALESCE(p.name, ''), c.starts_on, c.ends_on,
               c.requested_cents, c.total_cost_cents, c.beneficiaries, c.qpv_share_percent, c.score, c.assessment,
               a.note
          FROM (SELECT case_id, note, row_number() OVER (ORDER BY position, case_id) AS number FROM agenda_items
                 WHERE committee_id = %(committee)s AND left_at IS NULL) a
          JOIN cases c ON c.id = a.case_id
          JOIN organisations o ON o.id = c.organisation_id
          JOIN calls k ON k.id = c.call_id
          LEFT JOIN waves w ON w.id = c.wave_id
          LEFT JOIN people p ON p.id = c.instructor_id
         WHERE c.id <> ALL(%(hidden)s::bigint[])
         ORDER BY a.number
        """,
        {"committee": committee_id, "hidden": list(hidden)},
    )
    return [CaseHead(*row) for row in rows]


Rows = dict[int, list[tuple[Any, ...]]]
"""Rows by case, the id of the case taken off."""


def fundings(session: Session, case_ids: Sequence[int]) -> Rows:
    """Funder, its id, requested, opinion, proposed, comment; the most asked first."""
    return _by_case(session, """
        SELECT g.case_id, f.name, f.id, g.requested_cents, g.opinion, g.proposed_cents, g.opinion_comment
          FROM fundings g JOIN funders f ON f.id = g.funder_id
         WHERE g.case_id = ANY(%(ids)s) ORDER BY g.case_id, g.requested_cents DESC, f.id
        """, case_ids)  # fmt: skip


def budgets(session: Session, case_ids: Sequence[int]) -> Rows:
    """Side, account, label, amount, in the order of the budget."""
    return _by_case(session, """
        SELECT case_id, side, account, label, amount_cents FROM budget_lines
         WHERE case_id = ANY(%(ids)s) ORDER BY case_id, position, id
        """, case_ids)  # fmt: skip


def neighbourhoods(session: Session, case_ids: Sequence[int]) -> Rows:
    """Names of neighbourhoods."""
    return _by_case(session, """
        SELECT c.case_id, n.name FROM case_neighbourhoods c JOIN neighbourhoods n ON n.id = c.neighbourhood_id
         WHERE c.case_id = ANY(%(ids)s) ORDER BY c.case_id, n.code
        """, case_ids)  # fmt: skip


def challenges(session: Session, case_ids: Sequence[int]) -> Rows:
    """Codes and labels of challenges."""
    return _by_case(session, """
        SELECT c.case_id, n.code, n.label FROM case_challenges c JOIN challenges n ON n.id = c.challenge_id
         WHERE c.case_id = ANY(%(ids)s) ORDER BY c.case_id, n.code
        """, case_ids)  # fmt: skip


def partners(session: Session, case_ids: Sequence[int]) -> Rows:
    """Names of partners and what each asks."""
    return _by_case(session, """
        SELECT p.case_id, o.name, p.requested_cents FROM partners p JOIN organisations o ON o.id = p.organisation_id
         WHERE p.case_id = ANY(%(ids)s) ORDER BY p.case_id, p.requested_cents DESC, o.id
        """, case_ids)  # fmt: skip


def papers(session: Session, case_ids: Sequence[int]) -> Rows:
    """Label, whether received, name of a file or nothing: the check-list, then what else was attached."""
    return _by_case(session, """
        SELECT d.case_id, d.label, d.received, COALESCE(f.name, '')
          FROM (SELECT case_id, code, label, received_at IS NOT NULL AS received, id AS place
                  FROM documents WHERE case_id = ANY(%(ids)s)
                UNION ALL
                SELECT unnest(%(ids)s::bigint[]), NULL, '', true, 9223372036854775807) d
          LEFT JOIN files f ON f.case_id = d.case_id AND f.kind = 'attachment' AND f.removed_at IS NULL
                           AND f.document_code IS NOT DISTINCT FROM d.code
         WHERE d.code IS NOT NULL OR f.id IS NOT NULL
         ORDER BY d.case_id, d.place, f.id
        """, case_ids)  # fmt: skip


def recommendations(session: Session, committee_id: int, case_ids: Sequence[int]) -> Rows:
    """What other committees said of these cases: committee, day, outcome, total, conditions, reason; oldest first."""
    return _by_case(session, """
        SELECT d.case_id, m.name, m.held_on, d.outcome,
               (SELECT sum(amount_cents)::bigint FROM session_amounts s
                 WHERE s.committee_id = d.committee_id AND s.case_id = d.case_id), d.conditions, d.reason
          FROM session_decisions d JOIN committees m ON m.id = d.committee_id
         WHERE d.case_id = ANY(%(ids)s) AND d.committee_id <> %(committee)s AND m.closed_at IS NOT NULL
         ORDER BY d.case_id, m.held_on, m.id
        """, case_ids, committee=committee_id)  # fmt: skip


def past_actions(session: Session, case_ids: Sequence[int]) -> Rows:
    """What the same organisation last had decided in an earlier year, the action of the same title first.

    Reference, call, stage, day of the decision, granted, whether its report was received, accepted, due on.
    """
    return _by_case(session, """
        SELECT c.id, e.reference, e.call, e.stage, e.decided_on, e.granted, e.received, e.accepted, e.due
          FROM cases c
          JOIN calls k ON k.id = c.call_id
          CROSS JOIN LATERAL (
                SELECT p.reference, q.title AS call, p.stage, p.decided_on,
                       COALESCE((SELECT sum(granted_cents)::bigint FROM fundings WHERE case_id = p.id), 0) AS granted,
                       p.report_received_on IS NOT NULL AS received, p.report_accepted AS accepted,
                       p.report_due_on AS due
                  FROM cases p JOIN calls q ON q.id = p.call_id
                 WHERE p.organisation_id = c.organisation_id AND p.id <> c.id AND q.year < k.year
                   AND p.decided_on IS NOT NULL
                 ORDER BY lower(p.title) = lower(c.title) DESC, q.year DESC, p.decided_on DESC, p.id DESC LIMIT 1) e
         WHERE c.id = ANY(%(ids)s) AND c.nature = 'renewal'
        """, case_ids)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EnvelopeLine:
    """An envelope of a call; `place` is the challenge or neighbourhood it is for, `part` within the general one."""

    id: int
    funder_id: int
    funder: str
    call_id: int
    call: str
    place: str
    total_cents: int
    committed_cents: int
    reserved_cents: int
    part: bool


def envelopes(session: Session, call_ids: Iterable[int]) -> list[EnvelopeLine]:
    """The envelopes of these calls, the largest first, each followed by its parts."""
    rows = session.exec_driver_sql(
        """
        SELECT e.id, f.id, f.name, k.id, k.title, concat_ws(', ', n.name, d.label), e.total_cents, e.committed_cents,
               e.reserved_cents, e.parent_id IS NOT NULL
          FROM envelopes e
          LEFT JOIN envelopes g ON g.id = e.parent_id
          JOIN funders f ON f.id = e.funder_id
          JOIN calls k ON k.id = e.call_id
          LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id
          LEFT JOIN challenges d ON d.id = e.challenge_id
         WHERE e.call_id = ANY(%(ids)s) AND e.year = k.year
         ORDER BY k.title, COALESCE(g.total_cents, e.total_cents) DESC, f.id, COALESCE(g.id, e.id), g.id IS NOT NULL,
                  e.total_cents DESC, e.id
        """,
        {"ids": sorted(set(call_ids))},
    )
    return [EnvelopeLine(*row) for row in rows]


def grids(session: Session, call_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The assessment grid of each call, as its document says it."""
    rows = session.exec_driver_sql(
        "SELECT id, document -> 'grid' FROM calls WHERE id = ANY(%(ids)s)", {"ids": sorted(set(call_ids))}
    )
    return {call_id: grid or [] for call_id, grid in rows}


def _by_case(session: Session, statement: str, case_ids: Sequence[int], **parameters: object) -> Rows:
    found: Rows = defaultdict(list)
    for case_id, *values in session.exec_driver_sql(statement, {"ids": list(case_ids), **parameters}):
        found[case_id].append(tuple(values))
    return found
