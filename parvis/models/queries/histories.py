"""Reading what happened to a case: its journal, its portal's steps, its letters, and the names to tell it with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from parvis.models.queries.calls import call_rules
from parvis.models.session import Session, select
from parvis.states.contract.instruction import Label
from parvis.states.journal import Line


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a case's journal, with the name of who acted; empty for the machine's own hands."""

    line: Line
    actor_name: str


def journal_lines(session: Session, case_id: int) -> list[HistoryLine]:
    """The journal of a case, oldest first."""
    rows = select(
        session,
        """
        SELECT j.case_id, j.seq, j.at, j.actor, j.role, j.action, j.source, j.target, j.details,
               COALESCE(p.name, o.name, f.name, '')
          FROM journal j
          CROSS JOIN LATERAL (SELECT split_part(j.actor, ':', 1) AS kind,
                                     substring(j.actor FROM ':([0-9]{1,18})$')::bigint AS id) a
          LEFT JOIN people p ON a.kind = 'person' AND p.id = a.id
          LEFT JOIN organisations o ON a.kind = 'organisation' AND o.id = a.id
          LEFT JOIN funders f ON a.kind = 'funder' AND f.id = a.id
         WHERE j.case_id = %(case_id)s ORDER BY j.seq
        """,
        {"case_id": case_id},
    )
    return [HistoryLine(Line(*row[:9]), row[9]) for row in rows]


@dataclass(frozen=True, slots=True)
class PortalStep:
    """What happened to the case on the portal it came from."""

    at: datetime
    status: str
    by: str


def portal_steps(session: Session, case_id: int) -> list[PortalStep]:
    """The steps of a case on its portal, oldest first."""
    rows = select(
        session,
        "SELECT at, status, by FROM portal_events WHERE case_id = %(case_id)s ORDER BY at, position",
        {"case_id": case_id},
    )
    return [PortalStep(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that left."""

    at: datetime
    subject: str
    name: str
    address: str


def sent_letters(session: Session, case_id: int) -> list[SentLetter]:
    """The letters of a case that a server accepted, oldest first."""
    rows = select(
        session,
        """
        SELECT sent_at, subject, COALESCE(name, ''), COALESCE(address, '') FROM letters
         WHERE case_id = %(case_id)s AND stage = 'sent' ORDER BY sent_at, id
        """,
        {"case_id": case_id},
    )
    return [SentLetter(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Names:
    """The names behind the ids and codes of a journal's details."""

    documents: Mapping[str, str]
    people: Mapping[int, str]
    funders: Mapping[int, str]
    funders_by_code: Mapping[str, str]
    committees: Mapping[int, tuple[str, date]]
    criteria: Mapping[str, Label] = field(default_factory=dict)


def names(session: Session, case_id: int) -> Names:
    """The names in use around a case: its documents, the people, funders and committees of its contract, its grid."""
    found = select(session, _NAMES, {"case_id": case_id})
    rules = next(
        (call_rules(session, number, digest) for kind, number, digest, *_ in found if kind == "call"), None
    )
    return Names(
        {code: name for kind, _, code, name, _ in found if kind == "document"},
        {number: name for kind, number, _, name, _ in found if kind == "person"},
        {number: name for kind, number, _, name, _ in found if kind == "funder"},
        {code: name for kind, _, code, name, _ in found if kind == "funder"},
        {number: (name, day) for kind, number, _, name, day in found if kind == "committee"},
        {criterion.code: criterion.label for criterion in (rules.grid if rules else ())},
    )


_NAMES = """
WITH here AS (
    SELECT c.id, k.contract_id, k.id AS call_id, k.digest
      FROM cases c JOIN calls k ON k.id = c.call_id WHERE c.id = %(case_id)s
)
SELECT 'call', call_id, digest, '', NULL::date FROM here
UNION ALL
SELECT 'document', d.id, d.code, d.label, NULL::date FROM here JOIN documents d ON d.case_id = here.id
UNION ALL
SELECT 'person', p.id, '', p.name, NULL FROM here JOIN people p USING (contract_id)
UNION ALL
SELECT 'funder', f.id, f.code, f.name, NULL FROM here JOIN funders f USING (contract_id)
UNION ALL
SELECT 'committee', m.id, '', m.name, m.held_on FROM here JOIN committees m USING (contract_id)
"""
