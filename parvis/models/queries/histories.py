"""Reading what happened to a case: its journal, its portal's steps, its letters, and the names to tell it with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from parvis.models.queries.calls import rules_of_case
from parvis.models.session import Session
from parvis.states.contract.instruction import Label
from parvis.states.journal import Line


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a case's journal, with the name of who acted; empty for the machine's own hands."""

    line: Line
    actor_name: str


def journal_lines(session: Session, case_id: int) -> list[HistoryLine]:
    """The journal of a case, oldest first."""
    rows = session.exec_driver_sql(
        """
        SELECT j.case_id, j.seq, j.at, j.actor, j.role, j.action, j.source, j.target, j.details,
               COALESCE(p.name, o.name, f.name, '')
          FROM journal j
          LEFT JOIN people p ON j.actor = 'person:' || p.id
          LEFT JOIN organisations o ON j.actor = 'organisation:' || o.id
          LEFT JOIN funders f ON j.actor = 'funder:' || f.id
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
    rows = session.exec_driver_sql(
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
    rows = session.exec_driver_sql(
        """
        SELECT sent_at, subject, COALESCE(name, ''), address FROM letters
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
    here = {"case_id": case_id}
    documents = session.exec_driver_sql("SELECT code, label FROM documents WHERE case_id = %(case_id)s", here)
    people, funders, committees = (
        session.exec_driver_sql(statement, here).fetchall() for statement in (_PEOPLE, _FUNDERS, _COMMITTEES)
    )
    rules = rules_of_case(session, case_id)
    return Names(
        {row[0]: row[1] for row in documents},
        {row[0]: row[1] for row in people},
        {row[0]: row[2] for row in funders},
        {row[1]: row[2] for row in funders},
        {row[0]: (row[1], row[2]) for row in committees},
        {criterion.code: criterion.label for criterion in (rules.grid if rules else ())},
    )


_PEOPLE = """
SELECT p.id, p.name FROM people p JOIN calls k USING (contract_id) JOIN cases c ON c.call_id = k.id
 WHERE c.id = %(case_id)s
"""
_FUNDERS = """
SELECT f.id, f.code, f.name FROM funders f JOIN calls k USING (contract_id) JOIN cases c ON c.call_id = k.id
 WHERE c.id = %(case_id)s
"""
_COMMITTEES = """
SELECT m.id, m.name, m.held_on FROM committees m JOIN calls k USING (contract_id) JOIN cases c ON c.call_id = k.id
 WHERE c.id = %(case_id)s
"""
