"""What waits for each person in the morning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.queries import payment_subjects as of
from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone a digest is written to."""

    person_id: int
    contract_id: int
    role: str
    funder_id: int | None
    language: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for someone: where it stands, since when, and the day something falls due."""

    reference: str
    title: str
    stage: str
    since: datetime
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """A letter kept for a digest."""

    id: int
    reference: str | None
    title: str | None
    template: str


def readers(session: Session) -> list[Reader]:
    """Active instructors, funders and people of finance, and everybody who chose a digest."""
    rows = session.exec_driver_sql(
        """
        SELECT id, contract_id, role, funder_id, language FROM people
         WHERE active AND (role IN ('instructor', 'funder', 'finance') OR delivery = 'digest') ORDER BY id
        """
    )
    return [Reader(*row) for row in rows]


def cases_waiting(session: Session, instructor_id: int) -> list[Waiting]:
    """The cases that wait for an instructor, with the next deadline of each, the nearest first."""
    rows = session.exec_driver_sql(
        """
        SELECT c.reference, c.title, c.stage, c.entered_at,
               (SELECT min(t.deadline) FROM timers t WHERE t.case_id = c.id AND t.settled_at IS NULL)
          FROM cases c
         WHERE c.instructor_id = %(id)s
           AND (c.stage IN ('submitted', 'instructed') OR (c.stage = 'funded'
                    AND (c.report_received_on IS NOT NULL OR c.interim_received_on IS NOT NULL)))
         ORDER BY 5 NULLS LAST, c.entered_at, c.id
        """,
        {"id": instructor_id},
    )
    return [Waiting(*row) for row in rows]


def opinions_waiting(session: Session, funder_id: int) -> list[Waiting]:
    """The cases a funder's opinion is awaited on, the most pressing first."""
    rows = session.exec_driver_sql(
        """
        SELECT c.reference, c.title, c.stage, g.opinion_asked_at,
               (c.opinions_due_at AT TIME ZONE 'Europe/Paris')::date - 1
          FROM fundings g JOIN cases c ON c.id = g.case_id
         WHERE g.funder_id = %(id)s AND g.opinion_asked_at IS NOT NULL AND g.opinion IS NULL
           AND c.stage IN ('submitted', 'incomplete')
         ORDER BY c.opinions_due_at, c.id
        """,
        {"id": funder_id},
    )
    return [Waiting(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Payable:
    """A payment that is to be made and is not recorded yet; amount in cents."""

    reference: str
    title: str
    payee: str
    funder: str
    amount_cents: int
    due_on: date


def payments_waiting(session: Session, contract_id: int, *, until: date) -> list[Payable]:
    """The payments of a contract to be made by `until` at the latest, the most pressing first."""
    rows = session.exec_driver_sql(
        f"""
        SELECT {of.REFERENCE}, {of.TITLE}, o.name, f.name, p.amount_cents, p.due_on
          FROM {of.SUBJECTS}
          JOIN organisations o ON o.id = {of.PAYEE}
          JOIN funders f ON f.id = p.funder_id AND f.contract_id = %(contract)s
         WHERE p.status IN ('due', 'ordered') AND p.due_on <= %(until)s AND p.amount_cents > 0
         ORDER BY p.due_on, c.id, a.id, p.position
        """,  # noqa: S608 - the fragments of what a payment is of
        {"contract": contract_id, "until": until},
    )
    return [Payable(*row) for row in rows]


def open_tasks(session: Session, instructor_id: int) -> list[tuple[str, str, str, str]]:
    """Open tasks of an instructor's cases: reference, title, sentence in French, in English."""
    rows = session.exec_driver_sql(
        """
        SELECT COALESCE(c.reference, ''), COALESCE(c.title, ''), t.title_fr, t.title_en
          FROM tasks t LEFT JOIN cases c ON c.id = t.case_id
         WHERE t.done_at IS NULL AND t.recipient = 'instructor' AND c.instructor_id = %(id)s ORDER BY t.opened_at, t.id
        """,
        {"id": instructor_id},
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def letters_kept(session: Session, reader: Reader) -> list[Gathered]:
    """The letters kept for the digest of a person, held until the commit."""
    rows = session.exec_driver_sql(
        """
        SELECT l.id, COALESCE(c.reference, g.reference), COALESCE(c.title, g.title), l.template
          FROM letters l LEFT JOIN cases c ON c.id = l.case_id LEFT JOIN calls k ON k.id = c.call_id
          LEFT JOIN agreements g ON g.id = l.agreement_id
         WHERE l.stage = 'owed' AND l.digest AND COALESCE(l.contract_id, k.contract_id) = %(contract)s
           AND (l.recipient = 'person:' || %(id)s::bigint
                OR (l.recipient = 'instructor' AND (COALESCE(c.instructor_id, g.instructor_id) = %(id)s
                    OR (%(role)s = 'manager' AND COALESCE(c.instructor_id, g.instructor_id) IS NULL)))
                OR (%(role)s = 'funder' AND l.recipient = 'funder:' || %(funder)s::bigint)
                OR l.recipient = %(role)s)
         ORDER BY l.id FOR UPDATE OF l SKIP LOCKED
        """,
        {
            "id": reader.person_id,
            "contract": reader.contract_id,
            "funder": reader.funder_id,
            "role": reader.role,
        },
    )
    return [Gathered(*row) for row in rows]


def owe_digest(session: Session, reader: Reader, *, occurrence: str, data: str, at: datetime) -> bool:
    """Owe the digest of a day to a person; False when it was owed already."""
    result = session.exec_driver_sql(
        """
        INSERT INTO letters (contract_id, rule, occurrence, recipient, template, data, owed_at, not_before)
        VALUES (%(contract)s, 'digest', %(occurrence)s, 'person:' || %(id)s::bigint, 'digest', %(data)s,
                %(at)s, %(at)s)
        ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING RETURNING id
        """,
        {
            "contract": reader.contract_id,
            "id": reader.person_id,
            "occurrence": occurrence,
            "data": data,
            "at": at,
        },
    )
    return result.one_or_none() is not None


def gather_letters(session: Session, letter_ids: Sequence[int]) -> None:
    """Settle letters that leave inside a digest."""
    session.exec_driver_sql(
        """
        UPDATE letters SET stage = 'gathered', version = version + 1
         WHERE id = ANY(%(ids)s) AND stage = 'owed'
        """,
        {"ids": list(letter_ids)},
    )
