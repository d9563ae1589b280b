"""The cases of a session: what each asks, what the committee said of it, and saving that."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.session import Session
from parvis.states.outcomes import Ask, Draft, Outcome, Votes
from parvis.states.partners import Part, PartnerState


@dataclass(frozen=True, slots=True)
class Saved:
    """A decision as it was last saved, and by whom."""

    draft: Draft
    version: int
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class OnTable:
    """A case of a session. `decides` is the kind of committee whose word is final for its call; amounts in cents."""

    case_id: int
    position: int
    reference: str
    title: str
    organisation: str
    call: str
    decides: str
    stage: str
    version: int
    requested_cents: int
    asks: tuple[Ask, ...]
    saved: Saved | None
    granted: tuple[tuple[str, int], ...]
    partners: tuple[Part, ...] = ()


_DECISION = """
       d.outcome, d.reason, d.conditions, d.votes_for, d.votes_against, d.abstentions, d.version,
       COALESCE(p.name, d.saved_by), d.saved_at,
       (SELECT json_agg(json_build_array(f.code, a.amount_cents) ORDER BY f.id)
          FROM session_amounts a JOIN funders f ON f.id = a.funder_id
         WHERE a.committee_id = d.committee_id AND a.case_id = d.case_id), d.parts
"""
_ON_TABLE = f"""
SELECT c.id, row_number() OVER (ORDER BY i.position, c.id), c.reference, c.title, o.name, k.code, k.decides, c.stage,
       c.version, c.requested_cents,
       (SELECT json_agg(json_build_array(f.code, f.name, g.requested_cents, g.opinion, g.proposed_cents,
                                         g.granted_cents) ORDER BY f.id)
          FROM fundings g JOIN funders f ON f.id = g.funder_id WHERE g.case_id = c.id),
       (SELECT json_agg(json_build_array(q.id, q.siret, q.name, p.state, p.shares) ORDER BY q.id)
          FROM partners p JOIN organisations q ON q.id = p.organisation_id
         WHERE p.case_id = c.id AND p.state IN ('named', 'invited', 'confirmed')), {_DECISION}
  FROM agenda_items i
  JOIN cases c ON c.id = i.case_id AND c.committee_id = i.committee_id
  JOIN calls k ON k.id = c.call_id
  JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN session_decisions d ON d.committee_id = i.committee_id AND d.case_id = c.id
  LEFT JOIN people p ON d.saved_by = 'person:' || p.id
 WHERE i.committee_id = %(committee)s AND i.left_at IS NULL
   AND (%(case)s::bigint IS NULL OR c.id = %(case)s::bigint)
 ORDER BY i.position, c.id
"""  # noqa: S608 - the columns above


def on_table(session: Session, committee_id: int, *, case_id: int | None = None) -> list[OnTable]:
    """The cases on the agenda of a sitting, in its order, with what was saved of each; or one of them alone."""
    rows = session.exec_driver_sql(_ON_TABLE, {"committee": committee_id, "case": case_id})
    return [_case(tuple(row)) for row in rows]


_HEAD = (
    "case_id", "position", "reference", "title", "organisation", "call", "decides", "stage", "version",
    "requested_cents",
)  # fmt: skip


def _case(row: tuple[Any, ...]) -> OnTable:
    asked = _listed(row[10])
    granted = [(code, cents) for code, *_, cents in asked if cents]
    asks = tuple(Ask(*ask[:5]) for ask in asked)
    head: dict[str, Any] = dict(zip(_HEAD, row, strict=False))
    partners = tuple(
        Part(who, siret, name, PartnerState(state), tuple(shares.items()))
        for who, siret, name, state, shares in _listed(row[11])
    )
    return OnTable(**head, asks=asks, saved=_saved(row[12:]), granted=tuple(granted), partners=partners)


def _saved(row: tuple[Any, ...]) -> Saved | None:
    outcome, reason, conditions, in_favour, against, abstentions, version, who, at, shares, parts = row
    if outcome is None:
        return None
    votes = None if in_favour is None else Votes(in_favour, against, abstentions)
    said = tuple((*key.split("/", 1), cents) for key, cents in (parts or {}).items())
    draft = Draft(Outcome(outcome), _shares(shares), reason, conditions, votes, said)
    return Saved(draft, version, who, at)


def _shares(value: str | list[Any] | None) -> tuple[tuple[str, int], ...]:
    return tuple((code, cents) for code, cents in _listed(value))


def _listed(value: str | list[Any] | None) -> list[Any]:
    return list(json.loads(value) if isinstance(value, str) else value or ())


def save(
    session: Session, committee_id: int, case_id: int, draft: Draft, *, version: int, by: str, at: datetime
) -> None:
    """Write a decision as its `version`, over the one before."""
    votes = draft.votes
    session.exec_driver_sql(
        """
        INSERT INTO session_decisions (committee_id, case_id, outcome, reason, conditions, votes_for, votes_against,
                                       abstentions, version, saved_by, saved_at, parts)
        VALUES (%(committee)s, %(case)s, %(outcome)s, %(reason)s, %(conditions)s, %(for)s, %(against)s,
                %(abstentions)s, %(version)s, %(by)s, %(at)s, %(parts)s::jsonb)
        ON CONFLICT (committee_id, case_id) DO UPDATE
           SET outcome = excluded.outcome, reason = excluded.reason, conditions = excluded.conditions,
               votes_for = excluded.votes_for, votes_against = excluded.votes_against,
               abstentions = excluded.abstentions, version = excluded.version, saved_by = excluded.saved_by,
               saved_at = excluded.saved_at, parts = excluded.parts
        """,
        {"committee": committee_id, "case": case_id, "outcome": str(draft.outcome), "reason": draft.reason,
         "conditions": draft.conditions, "for": votes and votes.in_favour, "against": votes and votes.against,
         "abstentions": votes and votes.abstentions, "version": version, "by": by, "at": at,
         "parts": json.dumps({f"{who}/{code}": cents for who, code, cents in draft.parts})},
    )  # fmt: skip
    session.exec_driver_sql(
        """
        WITH gone AS (
            DELETE FROM session_amounts WHERE committee_id = %(committee)s AND case_id = %(case)s
               AND NOT funder_id = ANY(SELECT f.id FROM funders f JOIN committees m ON m.contract_id = f.contract_id
                                        WHERE m.id = %(committee)s AND f.code = ANY(%(codes)s::text[])))
        INSERT INTO session_amounts (committee_id, case_id, funder_id, amount_cents)
        SELECT %(committee)s, %(case)s, f.id, g.cents
          FROM unnest(%(codes)s::text[], %(cents)s::bigint[]) AS g(code, cents)
          JOIN committees m ON m.id = %(committee)s
          JOIN funders f ON f.contract_id = m.contract_id AND f.code = g.code
        ON CONFLICT (committee_id, case_id, funder_id) DO UPDATE SET amount_cents = excluded.amount_cents
        """,
        {"committee": committee_id, "case": case_id, "codes": [code for code, cents in draft.amounts if cents],
         "cents": [cents for _, cents in draft.amounts if cents]},
    )  # fmt: skip


def forget(session: Session, committee_id: int, case_id: int) -> None:
    """Forget what was said of a case."""
    session.exec_driver_sql(
        "DELETE FROM session_decisions WHERE committee_id = %(committee)s AND case_id = %(case)s",
        {"committee": committee_id, "case": case_id},
    )


def recommended(
    session: Session, committee_id: int, sent_at: datetime | None
) -> dict[int, tuple[tuple[str, int], ...]]:
    """By case of a sitting, the amounts recommended for it alone, unless a programming sent at `sent_at` came after.

    What a committee advised since, or a case that left the agenda since, made it void.
    """
    rows = session.exec_driver_sql(
        """
        SELECT DISTINCT ON (j.case_id) j.case_id, j.details::jsonb -> 'amounts'
          FROM agenda_items i
          JOIN journal j ON j.case_id = i.case_id AND j.action = 'recommend_amounts'
         WHERE i.committee_id = %(committee)s AND i.left_at IS NULL
           AND (%(sent_at)s::timestamptz IS NULL OR j.at > %(sent_at)s::timestamptz)
           AND NOT EXISTS (SELECT FROM journal n WHERE n.case_id = j.case_id AND n.seq > j.seq
                              AND n.action IN ('recommend', 'unschedule', 'defer'))
         ORDER BY j.case_id, j.seq DESC
        """,
        {"committee": committee_id, "sent_at": sent_at},
    )
    return {case_id: _shares(amounts) for case_id, amounts in rows}


def advice(session: Session, committee_id: int) -> dict[int, tuple[str, Draft]]:
    """By case of a sitting, the last advice of a closed technical session, and that committee's name."""
    rows = session.exec_driver_sql(
        """
        SELECT DISTINCT ON (d.case_id) d.case_id, m.name, d.outcome, d.reason, d.conditions,
               (SELECT json_agg(json_build_array(f.code, a.amount_cents) ORDER BY f.id)
                  FROM session_amounts a JOIN funders f ON f.id = a.funder_id
                 WHERE a.committee_id = d.committee_id AND a.case_id = d.case_id)
          FROM agenda_items i
          JOIN session_decisions d ON d.case_id = i.case_id AND d.outcome IN ('recommend', 'not_recommended')
          JOIN committees m ON m.id = d.committee_id AND m.closed_at IS NOT NULL
         WHERE i.committee_id = %(committee)s AND i.left_at IS NULL AND m.id <> %(committee)s
         ORDER BY d.case_id, m.closed_at DESC
        """,
        {"committee": committee_id},
    )
    return {
        case_id: (name, Draft(Outcome(outcome), _shares(shares), reason, conditions))
        for case_id, name, outcome, reason, conditions, shares in rows
    }
