"""Payments past their last day (60 days: loi 2021-875): a task for each case, one letter to the manager for all."""

import json
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import late_payments as queries
from parvis.models.queries.late_payments import LateOnes
from parvis.models.session import Session
from parvis.states.calendar import paris_day
from parvis.states.words import Sentence

TASK = Sentence(
    "Faire verser à {organisation} ce qui lui est dû depuis le {day} ({reference}).",
    "Have {organisation} paid what has been due since {day} ({reference}).",
)
PATH = "/paiements"


@dataclass(frozen=True, slots=True)
class Escalated:
    """What a morning did: tasks opened and ended, letters owed."""

    opened: int = 0
    ended: int = 0
    letters: int = 0


def late_ones(session: Session, contract_id: int, *, at: datetime) -> LateOnes:
    """What is late in a contract."""
    return queries.late_ones(session, contract_id, today=paris_day(at))


def escalate(session: Session, *, at: datetime) -> Escalated:
    """Say what is late to who answers for it, and end what is late no more; safe to repeat.

    The morning digest reminds finance before, and every day after. The manager gets one letter for all that is late,
    the day something newly is, then every thirty days: a machine that was off for long writes one, not many.
    """
    today = paris_day(at)
    ended = queries.finish_tasks(session, today=today, at=at)
    opened = letters = 0
    for contract_id in queries.contracts(session):
        newly = queries.open_tasks(session, contract_id, TASK, today=today, at=at)
        opened += newly
        late = queries.late_ones(session, contract_id, today=today)
        told = queries.told_since(session, contract_id, since=at - queries.REPEAT)
        if late.oldest_on is None or (told and not newly):
            continue
        data = {
            "cases": late.cases, "total_cents": late.total_cents, "deadline": late.oldest_on.isoformat(),
            "days_late": (today - late.oldest_on).days, "path": PATH, "new": bool(newly),
        }  # fmt: skip
        letters += queries.owe_letter(session, contract_id, json.dumps(data), today=today, at=at)
    return Escalated(opened, ended, letters)
