"""Agreements as the database keeps them: found, framed for letters, and the facts their rules decide on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.queries.agreement_payments import kept_of_years, payable
from parvis.models.session import Session
from parvis.states.agreement_facts import AgreementFacts, AgreementGiven, Year, YearAmount
from parvis.states.agreement_stages import AgreementStage
from parvis.states.calendar import paris_day


@dataclass(frozen=True, slots=True)
class AgreementFrame:
    """An agreement in a few words."""

    id: int
    reference: str
    title: str
    stage: str
    starts_on: date
    ends_on: date
    entered_on: date


def agreement_frames(session: Session, agreement_ids: Sequence[int]) -> list[AgreementFrame]:
    """These agreements in a few words."""
    rows = session.exec_driver_sql(
        """
        SELECT id, reference, title, stage, starts_on, ends_on, entered_at FROM agreements
         WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id
        """,
        {"ids": list(agreement_ids)},
    )
    return [AgreementFrame(*(*plain, paris_day(entered))) for *plain, entered in rows]


def find_agreement(session: Session, reference: str) -> int | None:
    """The agreement of this reference, letter case apart."""
    found = session.exec_driver_sql(
        "SELECT id FROM agreements WHERE upper(reference) = upper(%(reference)s)", {"reference": reference}
    ).one_or_none()
    return int(found[0]) if found else None


@dataclass(frozen=True, slots=True)
class KnownAgreement:
    """An agreement as read: its facts, the contract whose rules apply, and what its renewal needs."""

    facts: AgreementFacts
    contract_id: int
    organisation_id: int
    purpose: str
    journal_head: bytes
    schedule: list[dict[str, Any]]
    case_id: int | None
    request_case_id: int | None


_FACTS = """
SELECT a.id, a.stage, a.version, a.reference, a.starts_on, a.ends_on, a.entered_at, a.entered_version,
       a.case_id IS NULL OR EXISTS (SELECT FROM cases c WHERE c.id = a.case_id AND c.stage IN ('funded', 'evaluated')),
       a.renews_id IS NOT NULL, a.signed_on, a.approval_ends_on, a.evaluation_received_on,
       ARRAY(SELECT c.reference FROM cases c JOIN calls k ON k.id = c.call_id AND k.contract_id = a.contract_id
              WHERE c.organisation_id = a.organisation_id AND c.stage = 'funded' AND c.report_due_on <= %(today)s
                AND c.report_received_on IS NULL AND NOT c.not_carried_out ORDER BY c.reference),
       COALESCE(r.reference, ''), COALESCE(r.stage NOT IN ('draft', 'withdrawn'), false),
       COALESCE(r.stage IN ('withdrawn', 'rejected', 'ineligible', 'lapsed'), false),
       COALESCE((SELECT n.reference FROM agreements n
                  WHERE n.renews_id = a.id AND n.stage NOT IN ('draft', 'terminated')), ''),
       ARRAY(SELECT n.reference FROM agreements n
              WHERE n.id <> a.id AND n.organisation_id = a.organisation_id AND n.purpose = a.purpose
                AND daterange(n.starts_on, n.ends_on + 1)
                    && daterange(a.starts_on, GREATEST(%(new_end)s::date, a.starts_on - 1) + 1) ORDER BY n.reference),
       (SELECT count(*) FROM agreement_amendments m WHERE m.agreement_id = a.id),
       a.contract_id, a.organisation_id, a.purpose, a.journal_head, a.schedule, a.case_id, a.request_case_id
  FROM agreements a
  LEFT JOIN cases r ON r.id = a.request_case_id
 WHERE a.id = ANY(%(ids)s::bigint[]) ORDER BY a.id
"""
_NAMES = (
    "agreement_id", "stage", "version", "reference", "starts_on", "ends_on", "entered_on", "entered_version", "granted",
    "renews", "signed_on", "approval_ends_on", "evaluation_received_on", "awaited_reports", "request", "request_sent",
    "request_closed",
    "successor", "overlaps", "amendments",
)  # fmt: skip


def read_agreements(
    session: Session, agreement_ids: Sequence[int], given: AgreementGiven, *, at: datetime, lock: bool
) -> dict[int, KnownAgreement]:
    """The facts of these agreements, by id; with `lock`, their rows are held (in id order) until the commit."""
    rows = session.exec_driver_sql(
        _FACTS + " FOR NO KEY UPDATE OF a" if lock else _FACTS,
        {"ids": list(agreement_ids), "today": paris_day(at), "new_end": given.new_end},
    ).all()
    if lock:
        session.exec_driver_sql(
            "SELECT FROM payments WHERE agreement_id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE",
            {"ids": list(agreement_ids)},
        )
    years = read_years(session, [row[0] for row in rows])
    found = {}
    for row in rows:
        values: dict[str, Any] = dict(zip(_NAMES, row, strict=False))
        values["stage"] = AgreementStage(values["stage"])
        values["entered_on"] = paris_day(values["entered_on"])
        for name in ("awaited_reports", "overlaps"):
            values[name] = tuple(values[name])
        values["payable"] = payable(session, row[0], year=given.year, ids=given.payment_ids)
        facts = AgreementFacts(at=at, given=given, years=years.get(row[0], ()), **values)
        found[facts.agreement_id] = KnownAgreement(facts, *row[len(_NAMES) :])
    return found


def read_years(session: Session, agreement_ids: Sequence[int]) -> dict[int, tuple[Year, ...]]:
    """By agreement, its years with what each funder gives."""
    amounts: defaultdict[tuple[int, int], list[YearAmount]] = defaultdict(list)
    for agreement_id, number, *amount in session.exec_driver_sql(
        """
        SELECT m.agreement_id, m.number, f.code, f.name, m.amount_cents
          FROM agreement_amounts m JOIN funders f ON f.id = m.funder_id
         WHERE m.agreement_id = ANY(%(ids)s::bigint[]) ORDER BY f.id
        """,
        {"ids": list(agreement_ids)},
    ):
        amounts[agreement_id, number].append(YearAmount(*amount))
    kept = kept_of_years(session, agreement_ids)
    years: defaultdict[int, list[Year]] = defaultdict(list)
    for agreement_id, *year in session.exec_driver_sql(
        """
        SELECT agreement_id, number, starts_on, ends_on, firm, reviewed_on FROM agreement_years
         WHERE agreement_id = ANY(%(ids)s::bigint[]) ORDER BY agreement_id, number
        """,
        {"ids": list(agreement_ids)},
    ):
        mine = kept.get((agreement_id, year[0]), ())
        years[agreement_id].append(
            Year(*(*year, tuple(amounts[agreement_id, year[0]]), tuple(YearAmount(*each) for each in mine)))
        )
    return {agreement_id: tuple(found) for agreement_id, found in years.items()}


def open_agreements(session: Session, contract_id: int) -> list[int]:
    """The agreements of a contract that somebody still has to look after."""
    rows = session.exec_driver_sql(
        "SELECT id FROM agreements WHERE contract_id = %(id)s AND stage IN ('draft', 'active', 'in_renewal')"
        " ORDER BY id",
        {"id": contract_id},
    )
    return list(rows.scalars())


def funder_names(session: Session, contract_id: int) -> dict[str, str]:
    """The funders of a contract: name by code."""
    rows = session.exec_driver_sql(
        "SELECT code, name FROM funders WHERE contract_id = %(id)s", {"id": contract_id}
    )
    return {str(code): str(name) for code, name in rows}
