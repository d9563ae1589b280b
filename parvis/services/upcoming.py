"""The letters of the next days: what will leave, as its recipient will read it; later, or not this one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from parvis.models.queries import letters as letter_queries
from parvis.models.queries import upcoming as queries
from parvis.models.queries.upcoming import Held, Upcoming
from parvis.models.session import Session
from parvis.notifications.render import Rendered
from parvis.services.digests import next_digest
from parvis.services.letters import gather, written_out
from parvis.states.calendar import paris_day
from parvis.states.facts import By
from parvis.states.letter_table import LETTERS, LetterAction, LetterFacts, LetterStage
from parvis.states.table import MoveRefusedError, Reason, decide
from parvis.states.words import Sentence

HORIZON = timedelta(days=14)
HIDDEN_PATH = "/lien/…"
"""What stands for a secret address where somebody else reads a letter."""

IS_A_MOVE = Reason(
    "is_a_move",
    Sentence(
        "Ce n’est pas un rappel mais une échéance du dossier : prolonger le délai du dossier.",
        "This is no reminder but a deadline of the case: extend the delay of the case.",
    ),
)
TOO_LATE = Reason(
    "too_late",
    Sentence(
        "Ce rappel annonce une date qui serait passée : choisir un jour avant l’échéance.",
        "This reminder warns of a date that would have passed: choose a day before the deadline.",
    ),
)

PAST = Reason(
    "past",
    Sentence(
        "Ce jour est déjà passé : choisir un jour à venir.", "That day has passed: choose a day to come."
    ),
)


class NoSuchLetterError(Exception):
    """No letter to come has this code."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter to come, and its text as it stands today."""

    name: str
    address: str
    rendered: Rendered


@dataclass(frozen=True, slots=True)
class ToCome:
    """A letter to come or failed, its text as it stands today, and when it may leave."""

    code: str
    template: str
    name: str
    address: str
    reference: str | None
    rendered: Rendered
    leaves_at: datetime
    failed: bool
    is_move: bool


def upcoming(
    session: Session, *, at: datetime, horizon: timedelta = HORIZON, limit: int = 1_000,
    contract_id: int | None = None,
) -> list[Upcoming]:  # fmt: skip
    """What will leave within `horizon` if nobody does anything, in order, at the hour it will really leave.

    Of a contract, or of all. What is due already leaves now; what a digest gathers leaves with the first one after
    its own hour.
    """
    until = at + horizon
    known = queries.upcoming(session, until=until, limit=limit, contract_id=contract_id)
    found = [_really(one, at) for one in known]
    return sorted(
        (one for one in found if one.leaves_at <= until), key=lambda one: (one.leaves_at, one.kind, one.id)
    )


def _really(one: Upcoming, at: datetime) -> Upcoming:
    due = max(one.leaves_at, at)
    return replace(one, leaves_at=next_digest(due) if one.gathered else due)


def preview(session: Session, code: str) -> Preview:
    """The text of a letter to come, made from the case as it stands.

    Raises:
        NoSuchLetterError: nothing to come has this code.
        LetterFactsError, LetterTemplateError: it cannot be written as things stand.
    """
    kind, identity = _parsed(code)
    read = letter_queries.one_letter if kind == "l" else letter_queries.one_reminder
    letter = read(session, identity)
    if letter is None:
        raise NoSuchLetterError(code)
    return Preview(letter.name, letter.address, written_out(letter, gather(session, [letter])))


def read_over(session: Session, code: str, *, link: str = "") -> ToCome:
    """A letter to come or failed as its recipient would read it, for whoever looks after letters.

    What lets its recipient alone come in (a secret address) is not shown. `link` is the application's address.

    Raises:
        NoSuchLetterError: nothing to come has this code.
        LetterFactsError, LetterTemplateError: it cannot be written as things stand.
    """
    kind, identity = _parsed(code)
    held = _held(session, kind, identity, code)
    if held.stage not in (LetterStage.OWED, LetterStage.FAILED):
        raise NoSuchLetterError(code)
    read = letter_queries.one_letter if kind == "l" else letter_queries.one_reminder
    letter = read(session, identity)
    if letter is None:
        raise NoSuchLetterError(code)
    if letter.data.get("path"):
        letter = replace(letter, data={**letter.data, "path": HIDDEN_PATH})
    rendered = written_out(letter, gather(session, [letter]), link)
    return ToCome(
        code, letter.template, letter.name, letter.address, letter.reference, rendered,
        held.not_before, failed=held.stage == LetterStage.FAILED, is_move=held.is_move,
    )  # fmt: skip


def snooze(session: Session, code: str, *, until: datetime, by: By, at: datetime, reason: str = "") -> None:
    """Let a letter leave at `until` instead.

    Raises:
        NoSuchLetterError: nothing to come has this code.
        MoveRefusedError: it has left already, `until` has passed, or is after the date the reminder warns of.
    """
    kind, identity = _parsed(code)
    held = _held(session, kind, identity, code)
    _allow(held, LetterAction.SNOOZE, by, at, reason)
    if until <= at:
        raise MoveRefusedError(LetterAction.SNOOZE, (PAST,))
    if held.expires_at is not None and until >= held.expires_at:
        raise MoveRefusedError(LetterAction.SNOOZE, (TOO_LATE,))
    write = queries.snooze_letter if kind == "l" else queries.snooze_timer
    write(session, identity, until=until, note=_note(by, reason))


def drop(session: Session, code: str, *, by: By, at: datetime, reason: str) -> None:
    """Not this one: a letter or reminder that will not leave, and why.

    Raises:
        NoSuchLetterError: nothing to come has this code.
        MoveRefusedError: it has left already, no reason is given, or it is a deadline and no reminder.
    """
    kind, identity = _parsed(code)
    held = _held(session, kind, identity, code)
    _allow(held, LetterAction.DROP, by, at, reason)
    if kind == "l":
        queries.drop_letter(session, identity, note=_note(by, reason))
    else:
        queries.decline_timer(session, identity, at=at, today=paris_day(at), note=_note(by, reason))


def resend(session: Session, code: str, *, by: By, at: datetime) -> None:
    """Owe a failed letter again, once its address or template has been mended.

    Raises:
        NoSuchLetterError: no letter has this code.
        MoveRefusedError: it did not fail.
    """
    kind, identity = _parsed(code)
    held = _held(session, kind, identity, code)
    _allow(held, LetterAction.RESEND, by, at, "")
    queries.owe_again(session, identity, at=at)


def _allow(held: Held, action: LetterAction, by: By, at: datetime, reason: str) -> None:
    if held.is_move:
        raise MoveRefusedError(action, (IS_A_MOVE,))
    facts = LetterFacts(LetterStage(held.stage), at, held.version, held.not_before, reason=reason)
    decide(LETTERS, facts, action, by.role)


def _held(session: Session, kind: str, identity: int, code: str) -> Held:
    hold: Callable[[Session, int], Held | None] = queries.hold_letter if kind == "l" else queries.hold_timer
    held = hold(session, identity)
    if held is None:
        raise NoSuchLetterError(code)
    return held


def _parsed(code: str) -> tuple[str, int]:
    kind, digits = code[:1].lower(), code[1:]
    if kind not in ("l", "r") or not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        raise NoSuchLetterError(code)
    return kind, int(digits)


def _note(by: By, reason: str) -> str:
    return f"{by.actor}: {reason}" if reason else by.actor
