"""Writing agreements: a new one, a move with its journal line, timers and letters, and what some moves add."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.queries import timers
from parvis.models.queries.agreements import KnownAgreement
from parvis.models.queries.hooked import OF_AGREEMENTS
from parvis.models.queries.journal import Served
from parvis.models.queries.moves import details_text
from parvis.models.session import Session
from parvis.states.agreement_consequences import AgreementConsequences
from parvis.states.facts import By
from parvis.states.journal import Step, link

_COLUMNS = frozenset({"ends_on", "signed_on", "approval_ends_on", "evaluation_received_on"})


_OWED = """
INSERT INTO letters (agreement_id, contract_id, rule, occurrence, recipient, template, data, owed_at, not_before)
VALUES (%(id)s, %(contract)s, %(rule)s, 'agreement/' || %(id)s::bigint || '/' || %(seq)s::int, %(recipient)s,
        %(template)s, %(data)s::jsonb, %(at)s, %(at)s)
ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING
"""


def write_agreement_move(
    session: Session, known: KnownAgreement, action: str, target: str, outcome: AgreementConsequences, *,
    by: By, at: datetime, key: str | None = None, request: str | None = None,
) -> int:  # fmt: skip
    """Write one move of an agreement whose row is held: stage, journal line, timers, letters. Its new version."""
    facts = known.facts
    step = Step(
        facts.agreement_id, facts.version + 1, at, by.actor, str(by.role), action, str(facts.stage), target,
        details_text(outcome.details),
    )  # fmt: skip
    head = link(known.journal_head, step)
    assigned = "".join(f", {name} = %({name})s" for name in outcome.changes if name in _COLUMNS)
    entered = ", entered_at = %(at)s, entered_version = %(seq)s" if target != facts.stage else ""
    session.exec_driver_sql(
        f"""
        WITH line AS (
            INSERT INTO agreement_journal (agreement_id, seq, at, actor, role, action, source, target, details,
                                           idempotency_key, request_hash, hash)
            VALUES (%(id)s, %(seq)s, %(at)s, %(actor)s, %(role)s, %(action)s, %(source)s, %(target)s, %(details)s,
                    %(key)s, %(request)s, %(hash)s)){OF_AGREEMENTS}
        UPDATE agreements SET stage = %(target)s, version = %(seq)s, journal_head = %(hash)s{entered}{assigned}
         WHERE id = %(id)s
        """,  # noqa: S608 - the columns above
        {**outcome.changes, "id": facts.agreement_id, "seq": step.seq, "at": at, "actor": by.actor,
         "role": step.role, "action": action, "source": step.source, "target": target, "details": step.details,
         "key": key, "request": request, "hash": head},
    )  # fmt: skip
    timers.replace_plan(session, [(facts.agreement_id, outcome.timers)], at=at, of=timers.Of.AGREEMENTS)
    for letter in outcome.letters:
        session.exec_driver_sql(
            _OWED,
            {
                "id": facts.agreement_id, "contract": known.contract_id, "seq": step.seq, "rule": letter.rule,
                "recipient": letter.recipient, "template": letter.template, "data": json.dumps(letter.data), "at": at,
            },
        )  # fmt: skip
    return step.seq


def find_agreement_key(session: Session, key: str) -> Served | None:
    """The line written for this idempotency key, if any."""
    row = session.exec_driver_sql(
        "SELECT agreement_id, seq, target, request_hash FROM agreement_journal WHERE idempotency_key = %(key)s",
        {"key": key},
    ).one_or_none()
    return Served(*row) if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgreement:
    """An agreement about to be written. `known` is what its renewal takes up when no case came before."""

    contract_id: int
    organisation_id: int
    purpose: str
    title: str
    starts_on: date
    ends_on: date
    schedule: Sequence[Mapping[str, str]] = ()
    instructor_id: int | None = None
    call_id: int | None = None
    case_id: int | None = None
    renews_id: int | None = None
    signed_on: date | None = None
    approval_ends_on: date | None = None
    known: Mapping[str, Any] | None = None
    reference: str | None = None


def insert_agreement(session: Session, new: NewAgreement, *, prefix: str, at: datetime) -> int:
    """Write an agreement as a draft, under the next reference of its contract; its id.

    Raises:
        ConstraintError: the organisation has another agreement for this purpose on some of these days.
    """
    row = session.exec_driver_sql(
        """
        WITH numbered AS (
            UPDATE contracts SET last_agreement = (SELECT max(last_agreement) + 1 FROM contracts)
             WHERE id = %(contract_id)s
         RETURNING last_agreement)
        INSERT INTO agreements (contract_id, organisation_id, purpose, reference, title, entered_at, starts_on, ends_on,
                                instructor_id, call_id, case_id, renews_id, schedule, known, signed_on,
                                approval_ends_on)
        SELECT %(contract_id)s, %(organisation_id)s, %(purpose)s,
               COALESCE(%(reference)s, %(prefix)s || '-' || lpad(last_agreement::text, 5, '0')), %(title)s,
               %(at)s, %(starts_on)s, %(ends_on)s,
               %(instructor_id)s, %(call_id)s, %(case_id)s, %(renews_id)s, %(schedule)s::jsonb, %(known)s::jsonb,
               %(signed_on)s, %(approval_ends_on)s
          FROM numbered
        RETURNING id
        """,
        {"contract_id": new.contract_id, "organisation_id": new.organisation_id, "purpose": new.purpose,
         "prefix": prefix.upper(), "title": new.title, "at": at, "starts_on": new.starts_on, "ends_on": new.ends_on,
         "instructor_id": new.instructor_id, "call_id": new.call_id, "case_id": new.case_id,
         "renews_id": new.renews_id, "schedule": json.dumps(list(new.schedule), default=str),
         "known": json.dumps(new.known or {}, default=str), "signed_on": new.signed_on,
         "approval_ends_on": new.approval_ends_on, "reference": new.reference},
    )  # fmt: skip
    return int(row.scalar_one())


def write_years(session: Session, agreement_id: int, years: Sequence[tuple[int, date, date]]) -> None:
    """Make the years of an agreement these (number, first day, last day): a first one is firm, the others indicative.

    A year that stays keeps its amounts, its review and whether it is firm.
    """
    session.exec_driver_sql(
        """
        WITH wanted AS (
            SELECT * FROM unnest(%(numbers)s::int[], %(firsts)s::date[], %(lasts)s::date[]) AS w(number, first, last)
        ), gone AS (
            DELETE FROM agreement_years y WHERE y.agreement_id = %(id)s
               AND NOT EXISTS (SELECT FROM wanted w WHERE w.number = y.number))
        INSERT INTO agreement_years (agreement_id, number, starts_on, ends_on, firm)
        SELECT %(id)s, number, first, last, number = 1 FROM wanted
        ON CONFLICT (agreement_id, number) DO UPDATE SET starts_on = excluded.starts_on, ends_on = excluded.ends_on
        """,
        {"id": agreement_id, "numbers": [year[0] for year in years], "firsts": [year[1] for year in years],
         "lasts": [year[2] for year in years]},
    )  # fmt: skip


def write_amounts(
    session: Session, agreement_id: int, number: int, amounts: Mapping[str, int],
    instalments: Sequence[tuple[str, int, str, str, int]],
) -> None:  # fmt: skip
    """Make what funders (by code) give in a year these amounts, in cents, and its instalments those that sum to them.

    An instalment is its funder's code, its place, its own code, what makes it payable, its cents.
    """
    session.exec_driver_sql(
        "DELETE FROM agreement_amounts WHERE agreement_id = %(id)s AND number = %(number)s",
        {"id": agreement_id, "number": number},
    )
    session.exec_driver_sql(
        """
        INSERT INTO agreement_amounts (agreement_id, number, funder_id, amount_cents)
        SELECT a.id, %(number)s, f.id, w.cents
          FROM agreements a, unnest(%(codes)s::text[], %(cents)s::bigint[]) AS w(code, cents)
          JOIN funders f ON f.code = w.code
         WHERE a.id = %(id)s AND f.contract_id = a.contract_id
        """,
        {"id": agreement_id, "number": number, "codes": list(amounts), "cents": list(amounts.values())},
    )
    session.exec_driver_sql(
        """
        INSERT INTO agreement_instalments (agreement_id, number, funder_id, position, code, paid_on, amount_cents)
        SELECT a.id, %(number)s, f.id, w.position, w.code, w.paid_on, w.cents
          FROM agreements a, json_to_recordset(%(rows)s::json)
               AS w(funder text, position int, code text, paid_on text, cents bigint)
          JOIN funders f ON f.code = w.funder
         WHERE a.id = %(id)s AND f.contract_id = a.contract_id
        """,
        {"id": agreement_id, "number": number, "rows": json.dumps([
            dict(zip(("funder", "position", "code", "paid_on", "cents"), row, strict=True)) for row in instalments
        ])},
    )  # fmt: skip


def set_firm(session: Session, agreement_id: int, number: int) -> None:
    """The amounts of this year are settled."""
    session.exec_driver_sql(
        "UPDATE agreement_years SET firm = true WHERE agreement_id = %(id)s AND number = %(number)s",
        {"id": agreement_id, "number": number},
    )


def write_review(
    session: Session, agreement_id: int, number: int, review: str, note: str, *, on: date
) -> None:
    """Write what the review of a year concluded."""
    session.exec_driver_sql(
        """
        UPDATE agreement_years SET review = %(review)s, review_note = %(note)s, reviewed_on = %(on)s
         WHERE agreement_id = %(id)s AND number = %(number)s
        """,
        {"id": agreement_id, "number": number, "review": review, "note": note, "on": on},
    )


def insert_amendment(
    session: Session, agreement_id: int, number: int, *, reason: str, old_end: date, new_end: date | None,
    year: int | None, by: By, at: datetime,
) -> None:  # fmt: skip
    """Write an amendment under its number."""
    session.exec_driver_sql(
        """
        INSERT INTO agreement_amendments (agreement_id, number, made_at, made_by, reason, old_end, new_end, year)
        VALUES (%(id)s, %(number)s, %(at)s, %(by)s, %(reason)s, %(old)s, %(new)s, %(year)s)
        """,
        {"id": agreement_id, "number": number, "at": at, "by": by.actor, "reason": reason, "old": old_end,
         "new": new_end, "year": year},
    )  # fmt: skip


def set_request(session: Session, agreement_id: int, case_id: int) -> None:
    """The case that asks to renew an agreement."""
    session.exec_driver_sql(
        "UPDATE agreements SET request_case_id = %(case)s WHERE id = %(id)s",
        {"id": agreement_id, "case": case_id},
    )
