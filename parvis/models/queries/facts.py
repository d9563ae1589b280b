"""Reading what the rules need to know of cases, in one round trip."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.queries.hooked import LISTENS
from parvis.models.queries.purses import FITS, OWN, PURSE
from parvis.models.session import Session, fetch
from parvis.states.calendar import paris_day
from parvis.states.facts import Facts, Given, Grant
from parvis.states.purses import Purse, most_specific
from parvis.states.stages import Stage


@dataclass(frozen=True, slots=True)
class Known:
    """A case as read: its facts, the call whose rules apply (and their digest), whether other software is told."""

    facts: Facts
    call_id: int
    digest: str
    hooked: bool = False


_COLUMNS = {
    "case_id": "c.id",
    "stage": "c.stage",
    "version": "c.version",
    "reference": "c.reference",
    "entered_on": "c.entered_at",
    "entered_version": "c.entered_version",
    "decides": "k.decides",
    "opens_on": "k.opens_on",
    "closes_on": "k.closes_on",
    "deposited_on": "c.deposited_on",
    "contact_asked_on": "c.contact_asked_on",
    "contacted_on": "c.contacted_on",
    "instructor_id": "c.instructor_id",
    "missing_documents": "d.missing",
    "requested_documents": "d.requested",
    "reply_by": "c.reply_by",
    "eligibility_checked": "c.eligibility_checked",
    "assessed": "c.score IS NOT NULL",
    "awaited_partners": "w.names",
    "awaited_partner_ids": "w.ids",
    "partners_due_on": "c.partners_due_on",
    "partner_ids": "w.told",
    "awaited_opinions": "o.names",
    "awaited_funders": "o.ids",
    "opinions_due_at": "c.opinions_due_at",
    "clock_started_on": "c.clock_started_on",
    "clock_paused_on": "c.clock_paused_on",
    "clock_paused_days": "c.clock_paused_days",
    "committee_id": "c.committee_id",
    "committee_name": "COALESCE(m.name, '')",
    "committee_kind": "COALESCE(m.kind, '')",
    "held_on": "m.held_on",
    "agenda_open": "COALESCE(m.agenda_open, false)",
    "session_held": "m.held_at IS NOT NULL",
    "quorate": "COALESCE(m.quorate, false)",
    "recusals_recorded": "COALESCE(m.recusals_recorded, false)",
    "starts_on": "c.starts_on",
    "ends_on": "c.ends_on",
    "interim_due_on": "c.interim_due_on",
    "interim_received_on": "c.interim_received_on",
    "report_due_on": "c.report_due_on",
    "report_received_on": "c.report_received_on",
    "report_accepted": "c.report_accepted",
    "balance_settled": "c.balance_settled",
    "notice_expires_on": "c.notice_expires_on",
    "not_carried_out": "c.not_carried_out",
    "corrections_due_on": "c.corrections_due_on",
    "new_dates_asked_on": "c.new_dates_asked_on",
    "new_starts_on": "c.new_starts_on",
    "new_ends_on": "c.new_ends_on",
    "anonymised": "c.anonymised_at IS NOT NULL",
}
"""Where each fact comes from; a test compares the names with those of `Facts`."""

_READ = f"""
SELECT c.call_id, k.digest, {LISTENS}, {", ".join(_COLUMNS.values())}
  FROM cases c
  JOIN calls k ON k.id = c.call_id
  LEFT JOIN committees m ON m.id = COALESCE($2::bigint, c.committee_id)
  LEFT JOIN LATERAL (
        SELECT array_agg(label ORDER BY id) FILTER (WHERE required) AS missing,
               array_agg(label ORDER BY id) FILTER (WHERE requested_at IS NOT NULL) AS requested
          FROM documents WHERE case_id = c.id AND received_at IS NULL) d ON true
  LEFT JOIN LATERAL (
        SELECT array_agg(f.name ORDER BY f.id) AS names, array_agg(f.id ORDER BY f.id) AS ids
          FROM fundings g JOIN funders f ON f.id = g.funder_id
         WHERE g.case_id = c.id AND g.opinion_asked_at IS NOT NULL AND g.opinion IS NULL) o ON true
  LEFT JOIN LATERAL (
        SELECT array_agg(q.name ORDER BY q.id) FILTER (WHERE r.state <> 'confirmed') AS names,
               array_agg(q.id ORDER BY q.id) FILTER (WHERE r.state <> 'confirmed') AS ids,
               array_agg(q.id ORDER BY q.id) FILTER (WHERE r.state <> 'named') AS told
          FROM partners r JOIN organisations q ON q.id = r.organisation_id
         WHERE r.case_id = c.id AND r.state IN ('named', 'invited', 'confirmed')) w ON true
 WHERE c.id = ANY($1::bigint[])
"""  # noqa: S608 - the columns above
_READ_ONE = _READ.replace("ANY($1::bigint[])", "$1::bigint")
_LOCKED = " ORDER BY c.id FOR NO KEY UPDATE OF c"


def read_facts(
    session: Session, case_ids: Sequence[int], given: Given, *, at: datetime, lock: bool
) -> dict[int, Known]:
    """The facts of these cases, by id; with `lock`, their rows are held (in id order) until the commit."""
    statement, ids = (_READ_ONE, case_ids[0]) if len(case_ids) == 1 else (_READ, list(case_ids))
    rows = fetch(session, statement + _LOCKED if lock else statement, (ids, given.committee_id))
    return {known.facts.case_id: known for known in (_known(row, given, at) for row in rows)}


def _known(row: Sequence[Any], given: Given, at: datetime) -> Known:
    call_id, digest, hooked, *values = row
    facts: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
    facts["stage"] = _STAGES[facts["stage"]]
    facts["entered_on"] = paris_day(facts["entered_on"])
    for name in _LISTS:
        facts[name] = tuple(facts[name] or ())
    return Known(Facts(at=at, given=given, **facts), call_id, digest, hooked)


_LISTS = (
    "missing_documents",
    "requested_documents",
    "awaited_opinions",
    "awaited_funders",
    "awaited_partners",
    "awaited_partner_ids",
    "partner_ids",
)
_STAGES: dict[str, Stage] = {stage.value: stage for stage in Stage}


_GRANTS = f"""
WITH held AS MATERIALIZED (
    SELECT {PURSE}, e.funder_id, concat_ws(', ', f.name, d.label, n.name) AS name,
           {FITS} AND f.code = ANY(%(codes)s) AS fits
      FROM cases c JOIN calls k ON k.id = c.call_id
      JOIN envelopes e ON e.call_id = k.id
      JOIN funders f ON f.id = e.funder_id AND f.contract_id = k.contract_id
      LEFT JOIN challenges d ON d.id = e.challenge_id LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id
     WHERE c.id = %(case_id)s AND (({FITS} AND f.code = ANY(%(codes)s)) OR {OWN} <> 0)
     ORDER BY e.id FOR UPDATE OF e
)
SELECT f.code, f.name, COALESCE(g.requested_cents, 0), h.id, h.parent_id, h.of_challenge, h.of_neighbourhood,
       h.available_cents, h.own_cents, h.name
  FROM cases c
  JOIN calls k ON k.id = c.call_id
  JOIN funders f ON f.contract_id = k.contract_id AND f.code = ANY(%(codes)s)
  LEFT JOIN fundings g ON g.case_id = c.id AND g.funder_id = f.id
  LEFT JOIN held h ON h.funder_id = f.id AND h.fits
 WHERE c.id = %(case_id)s ORDER BY f.id, h.id
"""  # noqa: S608 - the fragments of `purses`


def committee_covers(session: Session, committee_id: int, case_ids: Sequence[int]) -> frozenset[int]:
    """Those of the cases whose every neighbourhood this committee covers; and of several, when it takes such cases."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id FROM cases c, committees m
         WHERE m.id = %(committee_id)s AND c.id = ANY(%(ids)s::bigint[])
           AND (m.covers_all
                OR (m.takes_several
                    AND 1 < (SELECT count(*) FROM case_neighbourhoods n WHERE n.case_id = c.id))
                OR (
                EXISTS (SELECT FROM case_neighbourhoods n WHERE n.case_id = c.id)
                AND NOT EXISTS (
                    SELECT FROM case_neighbourhoods n WHERE n.case_id = c.id AND NOT EXISTS (
                        SELECT FROM committee_neighbourhoods v
                         WHERE v.committee_id = m.id AND v.neighbourhood_id = n.neighbourhood_id))))
        """,
        {"committee_id": committee_id, "ids": list(case_ids)},
    )
    return frozenset(row[0] for row in rows)


def read_grants(session: Session, case_id: int, amounts: tuple[tuple[str, int], ...]) -> tuple[Grant, ...]:
    """The grants meant by `amounts` (funder code, cents), with what was asked and what the envelope has left.

    The rows of all envelopes that fit, and of those where something is reserved for the case, are held, in id order,
    until the commit; what is reserved for the case is left to it. A funder without envelope for the call of the case
    is not limited; one that was asked nothing has nothing requested.
    """
    asked = dict(amounts)
    names: dict[str, tuple[str, int]] = {}
    fitting: dict[str, list[Purse]] = {}
    called: dict[int, str] = {}
    for code, name, requested, *purse, envelope in session.exec_driver_sql(
        _GRANTS, {"case_id": case_id, "codes": list(asked)}
    ):
        names[code] = (name, requested)
        fitting.setdefault(code, []).extend([Purse(*purse)] if envelope is not None else [])
        called[purse[0]] = envelope
    known = (
        (most_specific(fitting[code], asked[code]), code, name, requested)
        for code, (name, requested) in names.items()
    )
    return (
        *(Grant(name, asked[code], requested, purse.available_cents if purse else None, code,
                purse.id if purse else None, called[purse.id] if purse else "")
          for purse, code, name, requested in known),
        *(Grant(code, asked[code], 0, None, code) for code in asked.keys() - names.keys()),
    )  # fmt: skip
