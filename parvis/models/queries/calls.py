"""Calls and their rules, as the moves need them."""

from dataclasses import dataclass

from parvis.models.session import Session, select
from parvis.states.consequences import CallRules
from parvis.states.contract import Call

_KEPT = 256
_parsed: dict[str, CallRules] = {}


def call_rules(session: Session, call_id: int, digest: str) -> CallRules:
    """The rules of a call, whose text has this digest: read and parsed once per process."""
    rules = _parsed.get(digest)
    if rules is None:
        if len(_parsed) >= _KEPT:
            _parsed.clear()
        rules = _parsed[digest] = _read_rules(session, call_id)
    return rules


def rules_of_case(session: Session, case_id: int) -> CallRules | None:
    """The rules of the call a case answers; None when there is no such case."""
    rows = select(
        session,
        "SELECT k.id, k.digest FROM cases c JOIN calls k ON k.id = c.call_id WHERE c.id = %(id)s",
        {"id": case_id},
    )
    return call_rules(session, *rows[0]) if rows else None


def _read_rules(session: Session, call_id: int) -> CallRules:
    row = session.exec_driver_sql("SELECT document FROM calls WHERE id = %(id)s", {"id": call_id}).one()
    call = Call.model_validate(row.document)
    names = {document.code: document.label.fr for document in call.required_documents}
    return CallRules(
        call.times,
        call.year,
        call.silent,
        names,
        call.grid,
        call.payment_schedule,
        call.underspend,
        call.evaluation,
    )


def call_ids(session: Session, contract_id: int) -> dict[str, int]:
    """The calls of a contract: id by code."""
    rows = session.exec_driver_sql(
        "SELECT code, id FROM calls WHERE contract_id = %(id)s ORDER BY id", {"id": contract_id}
    )
    return {str(row[0]): int(row[1]) for row in rows}


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call of a list."""

    id: int
    code: str
    title: str
    year: int
    instrument: str


def list_calls(session: Session, contract_id: int) -> list[CallLine]:
    """The calls of a contract, the latest year first."""
    rows = session.exec_driver_sql(
        "SELECT id, code, title, year, instrument FROM calls WHERE contract_id = %(id)s ORDER BY year DESC, code",
        {"id": contract_id},
    )
    return [CallLine(*row) for row in rows]
