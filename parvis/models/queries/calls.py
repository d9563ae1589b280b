"""Calls and their rules, as the moves need them."""

from parvis.models.session import Session
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


def _read_rules(session: Session, call_id: int) -> CallRules:
    row = session.exec_driver_sql("SELECT document FROM calls WHERE id = %(id)s", {"id": call_id}).one()
    call = Call.model_validate(row.document)
    names = {document.code: document.label.fr for document in call.required_documents}
    return CallRules(call.times, call.year, call.silent, names)
