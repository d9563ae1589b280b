"""Letters owed: what their text is made from, and the text once written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session

# Letters that leave by themselves, even to those who want one mail a day: a digest, and what carries an invitation or a
# link that is only for its reader.
_ALONE = (
    "ARRAY['digest', 'packet_ready', 'sign_in', 'identity_linked', 'summons', 'summons_cancelled',"
    " 'interests_reminder']"
)
# Who reads a letter `l` of the case `c` of the call `k`, or of the agreement `g`: their row `i`, `f`, `p` or `w`, and
# whether in a digest.
READER = """  LEFT JOIN people i ON l.recipient = 'instructor' AND i.id = COALESCE(c.instructor_id, g.instructor_id)
                           AND i.active
  LEFT JOIN funders f ON l.recipient = 'funder:' || f.id
  LEFT JOIN LATERAL (
        SELECT a.* FROM people a
         WHERE a.active AND a.contract_id = COALESCE(k.contract_id, g.contract_id, l.contract_id)
           AND CASE WHEN l.recipient LIKE 'person:%%' THEN l.recipient = 'person:' || a.id
                    WHEN l.recipient = 'instructor' THEN a.role = 'manager'
                    WHEN l.recipient LIKE 'funder:%%' THEN a.funder_id = f.id AND a.role = 'funder'
                    ELSE a.role = l.recipient END
         ORDER BY a.id LIMIT 1) p ON l.recipient <> 'applicant' AND i.id IS NULL
  LEFT JOIN LATERAL (
        SELECT q.name, q.language, COALESCE(NULLIF(q.email, ''), a.email) AS email
          FROM partners a JOIN organisations q ON q.id = a.organisation_id
         WHERE a.case_id = l.case_id AND l.recipient = 'partner:' || q.id) w ON l.recipient LIKE 'partner:%%'
"""
WANTS_DIGEST = f"""CASE WHEN l.recipient = 'applicant' OR l.template = ANY({_ALONE})
            THEN false
            ELSE COALESCE(i.delivery, p.delivery, 'immediate') = 'digest' END"""
_FACTS = """
SELECT l.id, l.case_id, l.rule, l.occurrence, l.recipient, l.template, l.data, l.owed_at,
       CASE WHEN l.recipient = 'applicant' THEN o.email WHEN l.recipient = 'address' THEN l.data ->> 'email'
            ELSE COALESCE(i.email, p.email, f.email, w.email, '') END AS address,
       CASE WHEN l.recipient = 'applicant' THEN o.name WHEN l.recipient = 'address' THEN l.data ->> 'name'
            ELSE COALESCE(i.name, p.name, f.name, w.name, '') END AS name,
       CASE WHEN l.recipient = 'applicant' THEN o.language WHEN l.recipient = 'address' THEN l.data ->> 'language'
            ELSE COALESCE(i.language, p.language, w.language, 'fr') END AS language,
       {digest} AS digest,
       c.reference, c.title, c.summary, c.stage, c.requested_cents, c.starts_on, c.ends_on, c.deposited_on,
       c.entered_at, c.report_due_on, c.reply_by, o.name AS organisation, k.code AS call_code,
       k.title AS call_title, k.id AS call_id, COALESCE(k.contract_id, g.contract_id, l.contract_id) AS contract_id,
       COALESCE(u.name, '') AS officer_name, COALESCE(u.email, '') AS officer_email, l.agreement_id
  FROM {source} l
  LEFT JOIN cases c ON c.id = l.case_id
  LEFT JOIN calls k ON k.id = c.call_id
  LEFT JOIN agreements g ON g.id = l.agreement_id
  LEFT JOIN organisations o ON o.id = COALESCE(c.organisation_id, g.organisation_id)
  LEFT JOIN people u ON u.id = COALESCE(c.instructor_id, g.instructor_id)
{reader}"""
_OF_LETTERS = _FACTS.format(source="letters", reader=READER, digest=WANTS_DIGEST)
_OF_TIMERS = _FACTS.format(
    source="""(
        SELECT t.id, t.case_id, NULL::bigint AS contract_id, t.agreement_id, t.rule, t.occurrence, t.recipient,
               t.template,
               jsonb_build_object('deadline', t.deadline, 'late', t.due_at >= t.deadline + 1,
                                  'days_late', GREATEST(t.due_at::date - t.deadline, 0)) AS data,
               t.due_at AS owed_at
          FROM timers t WHERE t.settled_at IS NULL AND t.template IS NOT NULL)""",
    reader=READER, digest=WANTS_DIGEST,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unwritten:
    """What the text of a letter is made from: the letter, its recipient, its case and the frame of the case."""

    id: int
    case_id: int | None
    rule: str
    occurrence: str
    recipient: str
    template: str
    data: dict[str, Any]
    owed_at: datetime
    address: str
    name: str
    language: str
    digest: bool
    reference: str | None
    title: str | None
    summary: str | None
    stage: str | None
    requested_cents: int | None
    starts_on: date | None
    ends_on: date | None
    deposited_on: date | None
    entered_at: datetime | None
    report_due_on: date | None
    reply_by: date | None
    organisation: str | None
    call_code: str | None
    call_title: str | None
    call_id: int | None
    contract_id: int
    officer_name: str
    officer_email: str
    agreement_id: int | None


def lock_due(session: Session, *, at: datetime, limit: int) -> tuple[list[int], list[int]]:
    """Letters whose time has come, the longest due first, held until the commit: to be written, and written.

    None while a restoration holds them back.
    """
    rows = session.exec_driver_sql(
        """
        SELECT id, rendered_at IS NULL FROM letters
         WHERE stage = 'owed' AND NOT digest AND not_before <= %(at)s
           AND NOT EXISTS (SELECT FROM restorations WHERE released_at IS NULL)
         ORDER BY not_before, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        """,
        {"at": at, "limit": limit},
    ).all()
    return [row[0] for row in rows if row[1]], [row[0] for row in rows if not row[1]]


def unwritten(session: Session, letter_ids: Sequence[int]) -> list[Unwritten]:
    """What the texts of these letters are made from."""
    # An array, not a join: the planner would join every letter ever written before keeping these.
    rows = session.exec_driver_sql(
        _OF_LETTERS + " WHERE l.id = ANY(%(ids)s::bigint[]) ORDER BY l.id", {"ids": list(letter_ids)}
    )
    return [Unwritten(*row) for row in rows]


def one_letter(session: Session, letter_id: int) -> Unwritten | None:
    """What the text of one letter is made from, written already or not."""
    row = session.exec_driver_sql(_OF_LETTERS + " WHERE l.id = %(id)s", {"id": letter_id}).one_or_none()
    return Unwritten(*row) if row else None


def one_reminder(session: Session, timer_id: int) -> Unwritten | None:
    """What the text of the letter an open timer will owe is made from."""
    row = session.exec_driver_sql(_OF_TIMERS + " WHERE l.id = %(id)s", {"id": timer_id}).one_or_none()
    return Unwritten(*row) if row else None


@dataclass(frozen=True, slots=True)
class CaseMoney:
    """What a letter may say of a case's money: by funder id, asked, granted, paid, to be paid back, in cents."""

    funder_id: int
    funder: str
    requested_cents: int
    granted_cents: int | None
    paid_cents: int
    back_cents: int


def awaited_documents(session: Session, case_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """By case, the documents (code, label) asked for and not received."""
    rows = session.exec_driver_sql(
        """
        SELECT case_id, code, label FROM documents
         WHERE case_id = ANY(%(ids)s) AND requested_at IS NOT NULL AND received_at IS NULL ORDER BY id
        """,
        {"ids": list(case_ids)},
    )
    awaited: dict[int, list[tuple[str, str]]] = {}
    for case_id, code, label in rows:
        awaited.setdefault(case_id, []).append((code, label))
    return awaited


def case_money(session: Session, case_ids: Sequence[int]) -> dict[int, list[CaseMoney]]:
    """By case, what each funder was asked for and gave."""
    rows = session.exec_driver_sql(
        """
        SELECT g.case_id, f.id, f.name, g.requested_cents, g.granted_cents, COALESCE(p.paid, 0), COALESCE(p.back, 0)
          FROM fundings g JOIN funders f ON f.id = g.funder_id
          LEFT JOIN LATERAL (
                SELECT sum(amount_cents) FILTER (WHERE status = 'paid')::bigint AS paid,
                       -sum(amount_cents) FILTER (WHERE instalment = 'repayment' AND status = 'due')::bigint AS back
                  FROM payments WHERE case_id = g.case_id AND funder_id = g.funder_id) p ON true
         WHERE g.case_id = ANY(%(ids)s) ORDER BY f.id
        """,
        {"ids": list(case_ids)},
    )
    money: dict[int, list[CaseMoney]] = {}
    for case_id, *line in rows:
        money.setdefault(case_id, []).append(CaseMoney(*line))
    return money


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a letter, written once."""

    letter_id: int
    address: str
    name: str
    language: str
    subject: str
    body_text: str
    body_html: str
    fingerprint: str
    message_id: str


def keep_for_digest(session: Session, letter_ids: Sequence[int]) -> None:
    """Leave these letters to the morning digest of their recipient."""
    session.exec_driver_sql(
        "UPDATE letters SET digest = true WHERE id = ANY(%(ids)s)", {"ids": list(letter_ids)}
    )


def own_templates(session: Session, call_ids: Sequence[int]) -> list[tuple[int, str, str, str, str, str]]:
    """The templates calls have of their own: call, letter, language, subject, text, HTML."""
    rows = session.exec_driver_sql(
        """
        SELECT call_id, name, language, subject, body_text, body_html FROM letter_templates
         WHERE call_id = ANY(%(ids)s) ORDER BY id
        """,
        {"ids": list(call_ids)},
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]


def last_of_template(session: Session, call_id: int, template: str, language: str) -> Unwritten | None:
    """What the latest letter from this template to a case of this call was made from, perhaps sent long ago."""
    found = session.exec_driver_sql(
        """
        SELECT max(l.id) FROM letters l JOIN cases c ON c.id = l.case_id
         WHERE c.call_id = %(call)s AND l.template = %(template)s
           AND (l.language IS NULL OR l.language = %(language)s)
        """,
        {"call": call_id, "template": template, "language": language},
    ).scalar_one()
    return one_letter(session, int(found)) if found is not None else None


def keep_templates(
    session: Session, call_id: int, templates: Sequence[tuple[str, str, str, str, str]]
) -> None:
    """Make the templates of a call these ones (letter, language, subject, text, HTML), and no others."""
    session.exec_driver_sql("DELETE FROM letter_templates WHERE call_id = %(id)s", {"id": call_id})
    if templates:
        session.exec_driver_sql(
            """
            INSERT INTO letter_templates (call_id, name, language, subject, body_text, body_html)
            VALUES (%(call)s, %(name)s, %(language)s, %(subject)s, %(text)s, %(html)s)
            """,
            [{"call": call_id, **dict(zip(("name", "language", "subject", "text", "html"), one, strict=True))}
             for one in templates],
        )  # fmt: skip
