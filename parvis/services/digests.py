"""The morning digest: one mail a person with what waits for them, once a day."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from parvis.models.queries import digests as queries
from parvis.models.queries.digests import Gathered, Payable, Reader, Waiting
from parvis.models.session import Session
from parvis.notifications.kinds import LETTERS
from parvis.services.late_payments import escalate
from parvis.states.calendar import (
    add_working_days,
    is_working_day,
    local_instant,
    next_working_day,
    paris_day,
)
from parvis.states.stages import STAGE_WORDS, Role, Stage
from parvis.states.words import Cents, Language, Sentence

MOST_LINES = 40
MORNING = time(7, 30)

CASES = Sentence("Dossiers qui vous attendent", "Cases waiting for you")
OPINIONS = Sentence("Avis attendus de vous", "Opinions awaited from you")
TASKS = Sentence("À faire", "To do")
MESSAGES = Sentence("Messages", "Messages")
MORE = Sentence("et {count} de plus", "and {count} more")
PAYMENTS = Sentence("Versements à faire", "Payments to make")
TO_PAY = Sentence("{amount} de {funder} à {payee}", "{amount} from {funder} to {payee}")
LATE = Sentence(
    "{amount} de {funder} à {payee}, en retard de {days} jours (60 jours : loi 2021-875)",
    "{amount} from {funder} to {payee}, {days} days late (60 days: law 2021-875)",
)
PAYMENTS_AHEAD = timedelta(days=15)
"""How long before its last day a payment not recorded is said every morning (a setting no source confirms)."""
SINCE = Sentence("{stage} depuis le {day}", "{stage} since {day}")


@dataclass(frozen=True, slots=True)
class Digested:
    """What a morning did: people written to, letters gathered inside."""

    people: int = 0
    letters: int = 0


def morning(session: Session, *, at: datetime) -> Digested:
    """Owe the digest of the Paris day of `at` to whom something waits for; the same day again owes nothing.

    Late payments are told before it, to who answers for them.

    On a day that is not worked nothing is owed: what waits is in the next one.
    """
    today = paris_day(at)
    if not is_working_day(today):
        return Digested()
    escalate(session, at=at)
    people = letters = 0
    for reader in queries.readers(session):
        kept = queries.letters_kept(session, reader)
        sections = _sections(session, reader, kept, today)
        if not sections:
            continue
        data = json.dumps({"items": sections}, default=_iso, ensure_ascii=False)
        if queries.owe_digest(session, reader, occurrence=today.isoformat(), data=data, at=at):
            queries.gather_letters(session, [letter.id for letter in kept])
            people += 1
            letters += len(kept)
    return Digested(people, letters)


def next_digest(at: datetime) -> datetime:
    """When the first digest after `at`, or at `at`, is written: in the morning of a working day."""
    today = next_working_day(paris_day(at))
    first = local_instant(today, MORNING)
    return first if first >= at else local_instant(add_working_days(today, 1), MORNING)


def _sections(
    session: Session, reader: Reader, kept: Sequence[Gathered], today: date
) -> list[dict[str, Any]]:
    language = reader.language
    sections = [_section(MESSAGES, [_message(letter, language) for letter in kept], language)]
    if reader.role == Role.INSTRUCTOR:
        tasks = queries.open_tasks(session, reader.person_id)
        sections.append(_section(TASKS, [_task(task, language) for task in tasks], language))
        waiting = queries.cases_waiting(session, reader.person_id)
        sections.append(_section(CASES, [_waiting(case, language) for case in waiting], language))
    if reader.role == Role.FUNDER and reader.funder_id is not None:
        waiting = queries.opinions_waiting(session, reader.funder_id)
        sections.append(_section(OPINIONS, [_waiting(case, language) for case in waiting], language))
    if reader.role == Role.FINANCE:
        due = queries.payments_waiting(session, reader.contract_id, until=today + PAYMENTS_AHEAD)
        sections.append(_section(PAYMENTS, [_payable(payment, language, today) for payment in due], language))
    return [section for section in sections if section["lines"]]


def _section(label: Sentence, lines: list[dict[str, Any]], language: str) -> dict[str, Any]:
    shown = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        shown.append(_line("", MORE.fill(count=len(lines) - MOST_LINES).say(language), "", None))
    return {"label": label.say(language), "lines": shown}


def _line(reference: str, title: str, detail: str, on: date | None) -> dict[str, Any]:
    return {"reference": reference, "title": title, "detail": detail, "on": on, "link": ""}


def _message(letter: Gathered, language: str) -> dict[str, Any]:
    said = LETTERS[letter.template].description.say(language)
    return _line(letter.reference or "", letter.title or said, said, None)


def _task(task: tuple[str, str, str, str], language: str) -> dict[str, Any]:
    reference, title, fr, en = task
    return _line(reference, title, en if language == Language.EN else fr, None)


def _waiting(case: Waiting, language: str) -> dict[str, Any]:
    stage = STAGE_WORDS[Stage(case.stage)]
    detail = SINCE.fill(stage=stage, day=paris_day(case.since)).say(language)
    return _line(case.reference, case.title, detail, case.due_on)


def _payable(payment: Payable, language: str, today: date) -> dict[str, Any]:
    late = (today - payment.due_on).days
    said = (LATE if late > 0 else TO_PAY).fill(
        amount=Cents(payment.amount_cents), funder=payment.funder, payee=payment.payee, days=late
    )
    return _line(payment.reference, payment.title, said.say(language), payment.due_on)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
