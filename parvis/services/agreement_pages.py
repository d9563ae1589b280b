"""An agreement whole, as its page and `parvis agreement show` have it; its story in plain words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.queries import agreement_pages as queries
from parvis.models.queries.agreement_pages import AgreementRow, AmendmentLine, InstalmentLine, ReviewLine
from parvis.models.queries.agreement_payments import YearPayment, payments_of
from parvis.models.queries.agreements import find_agreement, funder_names
from parvis.models.session import Session
from parvis.services.agreement_writing import AgreementNotFoundError, prepare
from parvis.services.history_values import ANONYMISED
from parvis.states.agreement_calendar import RenewalCalendar
from parvis.states.agreement_deadlines import steps
from parvis.states.agreement_facts import Year
from parvis.states.agreement_stages import ACTION_WORDS, REVIEW_WORDS, STAGE_WORDS, AgreementAction
from parvis.states.agreement_table import AGREEMENTS
from parvis.states.calendar import paris_day
from parvis.states.stages import ROLE_WORDS, Role
from parvis.states.table import Option, options
from parvis.states.words import Cents, Sentence, shown


class NoSuchAgreementError(Exception):
    """No agreement has this reference."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """An agreement with all it holds, and what can be done with it now."""

    row: AgreementRow
    years: Sequence[Year]
    steps: RenewalCalendar
    reviews: Sequence[ReviewLine]
    instalments: Sequence[InstalmentLine]
    payments: Sequence[YearPayment]
    amendments: Sequence[AmendmentLine]
    options: Sequence[Option]
    awaited_reports: Sequence[str]


def contract_of(session: Session, agreement_id: int) -> int:
    """The contract of an agreement that exists."""
    return queries.contract_of(session, agreement_id)


def find(session: Session, reference: str) -> int:
    """The agreement of this reference.

    Raises:
        NoSuchAgreementError: there is none.
    """
    found = find_agreement(session, reference.strip())
    if found is None:
        raise NoSuchAgreementError(reference)
    return found


def page(session: Session, agreement_id: int, *, at: datetime) -> AgreementPage:
    """An agreement whole.

    Raises:
        AgreementNotFoundError: there is none.
    """
    row = queries.one_agreement(session, agreement_id, today=paris_day(at))
    if row is None:
        raise AgreementNotFoundError(agreement_id)
    prepared = prepare(session, agreement_id, at=at, lock=False)
    facts = prepared.facts
    return AgreementPage(
        row, facts.years, steps(facts, prepared.contract.agreements), queries.reviews(session, agreement_id),
        queries.instalments(session, agreement_id), payments_of(session, agreement_id),
        queries.amendments(session, agreement_id),
        options(AGREEMENTS, facts), facts.awaited_reports,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgreementEntry:
    """One thing that happened to an agreement, in the reader's language."""

    at: datetime
    who: str
    what: str
    details: tuple[str, ...]
    stage: str | None = None


def history(session: Session, agreement_id: int, language: str) -> list[AgreementEntry]:
    """All that happened to an agreement, its letters included, oldest first."""
    contract_names = _names(session, agreement_id)
    told = [
        AgreementEntry(
            step.at, _who(step.actor_name, step.role, language),
            ACTION_WORDS.get(step.action, ANONYMISED).say(language),
            tuple(said.say(language) for said in _details(step, contract_names)), step.target,
        )
        for step in queries.told_steps(session, agreement_id)
    ]  # fmt: skip
    told += [
        AgreementEntry(
            letter.at, DISPATCH.say(language), LETTER.fill(subject=letter.subject).say(language),
            (TO.fill(name=letter.name).say(language),),
        )
        for letter in queries.agreement_letters(session, agreement_id)
        if letter.stage == "sent"
    ]  # fmt: skip
    return sorted(told, key=lambda entry: entry.at)


DISPATCH = Sentence("Parvis (courrier)", "Parvis (mail)")
LETTER = Sentence("lettre « {subject} » envoyée", "letter “{subject}” sent")
TO = Sentence("à {name}", "to {name}")
MACHINES: Mapping[str, Sentence] = {
    Role.CLOCK: Sentence("Parvis (échéancier)", "Parvis (clock)"),
    Role.IMPORTER: Sentence("Parvis (import)", "Parvis (import)"),
}
SOMEBODY = Sentence("{name} ({role})", "{name} ({role})")
_TOLD: Mapping[str, Sentence] = {
    "reason": Sentence("Motif : {it}", "Reason: {it}"),
    "on": Sentence("Date : {it}", "Date: {it}"),
    "year": Sentence("Année {it}", "Year {it}"),
    "result": Sentence("Conclusion : {it}", "Conclusion: {it}"),
    "new_end": Sentence("Nouvelle fin : {it}", "New end: {it}"),
    "amounts": Sentence("Montants : {it}", "Amounts: {it}"),
    "request": Sentence("Dossier {it}", "Case {it}"),
    "amendment": Sentence("Avenant n° {it}", "Amendment no. {it}"),
    "document": Sentence("Fichier « {it} »", "File “{it}”"),
    "edition": Sentence("Version {it}", "Version {it}"),
    "sha256": Sentence("SHA-256 {it}", "SHA-256 {it}"),
}
PAID_AS = Sentence("Référence comptable : {it}", "Reference of the accounts: {it}")
AMOUNT = Sentence("{funder} ({amount})", "{funder} ({amount})")


def _names(session: Session, agreement_id: int) -> Mapping[str, str]:
    return funder_names(session, queries.contract_of(session, agreement_id))


def _who(name: str, role: str, language: str) -> str:
    words = ROLE_WORDS.get(role, Sentence(role, role))
    if name:
        return SOMEBODY.fill(name=name, role=words).say(language)
    return MACHINES.get(role, words).say(language)


def _details(step: queries.ToldStep, names: Mapping[str, str]) -> Iterator[Sentence]:
    details: Mapping[str, Any] = json.loads(step.details)
    for key, words in _TOLD.items():
        if key in details:
            said = PAID_AS if (step.action, key) == (AgreementAction.RECORD_PAYMENT, "reason") else words
            yield said.fill(it=_read(key, details[key], names))


def _read(key: str, value: Any, names: Mapping[str, str]) -> object:
    match key:
        case "on" | "new_end":
            return date.fromisoformat(value)
        case "result":
            return REVIEW_WORDS.get(value, value)
        case "amounts":
            return [AMOUNT.fill(funder=names.get(code, code), amount=Cents(cents)) for code, cents in value]
        case _:
            return value


def stage_word(stage: str, language: str) -> str:
    """Where an agreement stands, in words."""
    return shown(STAGE_WORDS[stage], language)


def for_people(found: Sequence[Option]) -> list[Option]:
    """The moves that people make: one line for an action several rows offer, the open one first."""
    kept: dict[AgreementAction, Option] = {}
    for each in sorted(found, key=lambda option: not option.allowed):
        if set(each.by) - set(MACHINES):
            kept.setdefault(AgreementAction(each.action), each)
    return [each for each in found if kept.get(AgreementAction(each.action)) is each]
