"""The partners of coordinated proposals: their parts, and what becomes of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.models.session import Session, select_among
from parvis.states.partners import Coalition, Part, PartnerState


def coalitions(session: Session, case_ids: Sequence[int]) -> dict[int, Coalition]:
    """By case, its partners and how they are paid; none of a case that has no partner and may have none."""
    rows = select_among(
        session,
        """
        SELECT c.id, c.sub_granting, COALESCE((k.document ->> 'pays_through_lead')::boolean, false),
               COALESCE((k.document ->> 'partners_allowed')::boolean, false), l.siret, l.name,
               o.id, o.siret, o.name, p.state, p.shares, p.granted
          FROM cases c
          JOIN calls k ON k.id = c.call_id
          JOIN organisations l ON l.id = c.organisation_id
          LEFT JOIN partners p ON p.case_id = c.id
          LEFT JOIN organisations o ON o.id = p.organisation_id
         WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id, o.id
        """,
        case_ids,
    )
    found: dict[int, Coalition] = {}
    for case_id, clause, through_lead, allowed, lead, lead_name, *of_partner in rows:
        who, siret, name, state, shares, granted = of_partner
        parts = found.get(case_id, Coalition()).parts
        if who is not None:
            part = Part(who, siret, name, PartnerState(state), tuple(shares.items()), tuple(granted.items()))
            parts = (*parts, part)
        if parts or allowed:
            found[case_id] = Coalition(parts, through_lead, clause, allowed, lead, lead_name)
    return found


def joinable(session: Session, case_id: int) -> Coalition:
    """The partners of a case, if any, with all that is needed to add one."""
    found = coalitions(session, [case_id]).get(case_id, Coalition())
    asked = tuple((code, name, cents) for code, (name, cents) in asks(session, case_id).items())
    return replace(found, asks=asked)


def organisation_named(session: Session, siret: str, name: str) -> tuple[int, str]:
    """The organisation of this SIRET, by the name it is known by; one nobody knew is written down with this one."""
    session.exec_driver_sql(
        "INSERT INTO organisations (siret, name) VALUES (%(siret)s, %(name)s) ON CONFLICT (siret) DO NOTHING",
        {"siret": siret, "name": name or siret},
    )
    row = session.exec_driver_sql(
        "SELECT id, name FROM organisations WHERE siret = %(siret)s", {"siret": siret}
    ).one()
    return int(row[0]), str(row[1])


def join(session: Session, case_id: int, joining: Part, owed: Sequence[tuple[str, str]]) -> None:
    """Write an association that joins a proposal, or comes back to it, and the documents (code, label) it owes."""
    parameters = {"case": case_id, "organisation": joining.organisation_id, "cents": joining.asked_cents,
                  "shares": json.dumps(dict(joining.asked))}  # fmt: skip
    session.exec_driver_sql(
        """
        INSERT INTO partners (case_id, organisation_id, requested_cents, shares)
        VALUES (%(case)s, %(organisation)s, %(cents)s, %(shares)s::jsonb)
        ON CONFLICT (case_id, organisation_id) DO UPDATE
           SET requested_cents = excluded.requested_cents, shares = excluded.shares, granted = '{}', answers = '{}',
               state = 'named', invited_at = NULL, answered_at = NULL, signed_by = ''
        """,
        parameters,
    )
    for code, label in owed:
        session.exec_driver_sql(
            """
            INSERT INTO documents (case_id, code, label, required) VALUES (%(case)s, %(code)s, %(label)s, true)
            ON CONFLICT (case_id, code) DO UPDATE SET required = true
            """,
            {"case": case_id, "code": code, "label": label},
        )


def asks(session: Session, case_id: int) -> dict[str, tuple[str, int]]:
    """By funder code, its name and what a case asks of it, in cents."""
    rows = session.exec_driver_sql(
        """
        SELECT f.code, f.name, g.requested_cents FROM fundings g JOIN funders f ON f.id = g.funder_id
         WHERE g.case_id = %(id)s ORDER BY f.id
        """,
        {"id": case_id},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def budget_by_account(session: Session, case_id: int) -> dict[tuple[str, str], int]:
    """The budget of a case by side and account, in cents; empty where none was deposited."""
    rows = session.exec_driver_sql(
        "SELECT side, account, sum(amount_cents)::bigint FROM budget_lines WHERE case_id = %(id)s GROUP BY 1, 2",
        {"id": case_id},
    )
    return {(row[0], row[1]): row[2] for row in rows}


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A partner's own part: what is asked for it, what it typed, where it stands."""

    case_id: int
    organisation_id: int
    siret: str
    name: str
    email: str
    state: str
    shares: dict[str, int]
    granted: dict[str, int]
    answers: dict[str, list[str]]
    signed_by: str
    answered_at: datetime | None
    requested_cents: int


def own_part(session: Session, case_id: int, organisation_id: int, *, lock: bool = False) -> OwnPart | None:
    """The part of an organisation in a case; with `lock`, nobody else changes it until the commit."""
    statement = """
        SELECT p.case_id, o.id, o.siret, o.name, COALESCE(NULLIF(o.email, ''), p.email), p.state, p.shares, p.granted,
               p.answers, p.signed_by, p.answered_at, p.requested_cents
          FROM partners p JOIN organisations o ON o.id = p.organisation_id
         WHERE p.case_id = %(case)s AND p.organisation_id = %(organisation)s
        """
    row = session.exec_driver_sql(
        f"{statement} FOR UPDATE OF p" if lock else statement,
        {"case": case_id, "organisation": organisation_id},
    ).one_or_none()
    return OwnPart(*row) if row else None


def save_answers(
    session: Session, case_id: int, organisation_id: int, answers: Mapping[str, Sequence[str]]
) -> None:
    """Keep what a partner typed of its part, word for word."""
    session.exec_driver_sql(
        """
        UPDATE partners SET answers = %(answers)s::jsonb
         WHERE case_id = %(case)s AND organisation_id = %(organisation)s
        """,
        {"case": case_id, "organisation": organisation_id, "answers": json.dumps(answers)},
    )


def answers_of(session: Session, case_id: int) -> dict[int, dict[str, list[str]]]:
    """By organisation that takes part, what it typed of its part."""
    rows = session.exec_driver_sql(
        """
        SELECT organisation_id, answers FROM partners
         WHERE case_id = %(id)s AND state IN ('named', 'invited', 'confirmed')
        """,
        {"id": case_id},
    )
    return {row[0]: row[1] for row in rows}


def invite(session: Session, case_id: int, organisation_id: int, *, email: str, at: datetime) -> str:
    """Write that a partner is invited; the address it is written to, empty when none is known.

    An address the organisation is known by comes before one somebody else gives for it.
    """
    row = session.exec_driver_sql(
        """
        UPDATE partners p
           SET email = COALESCE(NULLIF(%(email)s, ''), p.email),
               state = CASE WHEN o.email <> '' OR COALESCE(NULLIF(%(email)s, ''), p.email) <> '' THEN 'invited'
                            ELSE p.state END,
               invited_at = %(at)s
          FROM organisations o
         WHERE o.id = p.organisation_id AND p.case_id = %(case)s AND p.organisation_id = %(organisation)s
        RETURNING COALESCE(NULLIF(o.email, ''), p.email)
        """,
        {"case": case_id, "organisation": organisation_id, "email": email, "at": at},
    ).one()
    return str(row[0])


def has_cases(session: Session, organisation_id: int) -> bool:
    """Whether an organisation leads cases of its own: a stranger's address is then not enough to come in as it."""
    row = session.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM cases WHERE organisation_id = %(id)s)", {"id": organisation_id}
    )
    return bool(row.scalar_one())


def answer(
    session: Session,
    case_id: int,
    organisation_id: int,
    state: PartnerState,
    *,
    signer: str = "",
    at: datetime,
) -> None:
    """Write how a partner answered; who confirms is known by the address it was written to."""
    session.exec_driver_sql(
        """
        UPDATE partners SET state = %(state)s, answered_at = %(at)s, signed_by = %(signer)s
         WHERE case_id = %(case)s AND organisation_id = %(organisation)s
        """,
        {"case": case_id, "organisation": organisation_id, "state": str(state), "signer": signer, "at": at},
    )
    if state == PartnerState.CONFIRMED:
        session.exec_driver_sql(
            """
            UPDATE organisations o SET email = p.email FROM partners p
             WHERE o.id = p.organisation_id AND o.email = '' AND p.email <> ''
               AND p.case_id = %(case)s AND o.id = %(organisation)s
            """,
            {"case": case_id, "organisation": organisation_id},
        )


def take_share_off(session: Session, case_id: int, shares: Mapping[str, int], cost_cents: int) -> None:
    """Take a partner's share off what the case asks, funder by funder, and its costs off the cost."""
    session.exec_driver_sql(
        """
        WITH gone AS (
            SELECT f.id AS funder_id, s.value::bigint AS cents
              FROM jsonb_each_text(%(shares)s::jsonb) AS s(code, value)
              JOIN cases c ON c.id = %(case)s JOIN calls k ON k.id = c.call_id
              JOIN funders f ON f.contract_id = k.contract_id AND f.code = s.code
        ), less AS (
            UPDATE fundings g SET requested_cents = GREATEST(0, g.requested_cents - gone.cents) FROM gone
             WHERE g.case_id = %(case)s AND g.funder_id = gone.funder_id
        )
        UPDATE cases SET requested_cents = GREATEST(0, requested_cents - COALESCE((SELECT sum(cents) FROM gone), 0)),
                         total_cost_cents = GREATEST(0, total_cost_cents - %(cost)s)
         WHERE id = %(case)s
        """,
        {"case": case_id, "shares": json.dumps(shares), "cost": cost_cents},
    )


def waive_documents(session: Session, case_id: int, siret: str) -> None:
    """Take what a partner that left did not give off the check-list; what it gave stays."""
    session.exec_driver_sql(
        """
        DELETE FROM documents WHERE case_id = %(case)s AND code LIKE '%%\\_' || %(siret)s AND received_at IS NULL
        """,
        {"case": case_id, "siret": siret},
    )


def write_grants(session: Session, case_id: int, granted: Mapping[int, Mapping[str, int]]) -> None:
    """Write what each partner is granted, by funder code."""
    for organisation_id, amounts in granted.items():
        session.exec_driver_sql(
            """
            UPDATE partners SET granted = %(amounts)s::jsonb
             WHERE case_id = %(case)s AND organisation_id = %(organisation)s
            """,
            {"case": case_id, "organisation": organisation_id, "amounts": json.dumps(amounts)},
        )


def cancel_share(session: Session, case_id: int, organisation_id: int, granted: Mapping[str, int]) -> None:
    """Take a partner's grant off its case, cancel what is not paid of it and ask back what is."""
    parameters = {"case": case_id, "organisation": organisation_id, "granted": json.dumps(granted)}
    session.exec_driver_sql(_LESS, parameters)
    session.exec_driver_sql(_CANCEL, parameters)


_LESS = """
WITH gone AS (
    SELECT f.id AS funder_id, s.value::bigint AS cents
      FROM jsonb_each_text(%(granted)s::jsonb) AS s(code, value)
      JOIN cases c ON c.id = %(case)s JOIN calls k ON k.id = c.call_id
      JOIN funders f ON f.contract_id = k.contract_id AND f.code = s.code
     WHERE s.value::bigint > 0
)
UPDATE fundings g SET granted_cents = g.granted_cents - gone.cents FROM gone
 WHERE g.case_id = %(case)s AND g.funder_id = gone.funder_id
"""
_CANCEL = """
WITH paid AS (
    SELECT funder_id, sum(amount_cents) AS cents FROM payments
     WHERE case_id = %(case)s AND partner_id = %(organisation)s AND status = 'paid' AND instalment <> 'repayment'
     GROUP BY funder_id HAVING sum(amount_cents) > 0
), cancelled AS (
    UPDATE payments SET status = 'cancelled', due_on = NULL
     WHERE case_id = %(case)s AND partner_id = %(organisation)s AND status IN ('planned', 'due', 'ordered')
)
INSERT INTO payments (case_id, funder_id, partner_id, position, instalment, condition, amount_cents, status)
SELECT %(case)s, funder_id, %(organisation)s, 1000, 'repayment', 'report', -cents, 'due' FROM paid
ON CONFLICT ON CONSTRAINT uq_payments_instalment DO NOTHING
"""
