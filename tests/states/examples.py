"""Facts for the proofs of the tables: for each guard, changes that make it hold and changes that make it fail."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from parvis.states.agreement_table import AGREEMENTS
from parvis.states.calendar import deadline_instant
from parvis.states.case_table import CASES
from parvis.states.facts import Facts, Grant
from parvis.states.letter_table import LETTERS, LetterFacts, LetterStage
from parvis.states.sitting_table import SITTINGS, SittingFacts, SittingStage
from parvis.states.stages import Stage
from parvis.states.table import Guard, Move, Reason, Table
from tests.states.agreement_examples import AGREEMENT_EXAMPLES, agreement_at
from tests.states.changes import (
    NOON,
    REASON,
    SECOND,
    TODAY,
    TOMORROW,
    YESTERDAY,
    Change,
    Examples,
    brings,
    known,
    one,
    together,
)
from tests.states.deposit_examples import DEPOSIT_EXAMPLES
from tests.states.interim_examples import INTERIM_EXAMPLES
from tests.states.renewal_examples import RENEWAL_EXAMPLES

FRENCH = re.compile(r"\b(?:le|la|les|un|une|des|du|de|au|à|est|par|il|vous)\b|\w’", re.IGNORECASE)


@dataclass(frozen=True)
class Subject:
    """A table, a subject standing at one of its stages with nothing else known, and examples by guard."""

    table: Table[Any]
    at: Callable[[str], Any]
    examples: Mapping[str, Examples]

    def ready(self, move: Move[Any], stage: str) -> Any:
        """A subject at `stage` for which every guard of `move` holds."""
        facts = self.at(stage)
        for guard in move.only_if:
            facts = self.examples[guard.code].hold[0](facts)
        return facts


def case_at(stage: str) -> Facts:
    """A case at `stage` at noon on 30 June 2026, of which nothing is known but its stage."""
    return Facts(1, Stage(stage), 7, NOON)


def letter_at(stage: str) -> LetterFacts:
    """A letter at `stage` at noon on 30 June 2026."""
    return LetterFacts(LetterStage(stage), NOON, 7)


def sitting_at(stage: str) -> SittingFacts:
    """A sitting at `stage` at noon on 30 June 2026."""
    return SittingFacts(SittingStage(stage), NOON, 7)


def grant(amount: int, requested: int, available: int | None) -> Change:
    """One funder would give `amount` cents."""
    return brings(grants=(Grant("État", amount, requested, available),))


CASE_EXAMPLES: dict[str, Examples] = {
    **DEPOSIT_EXAMPLES,
    **INTERIM_EXAMPLES,
    **RENEWAL_EXAMPLES,
    "call_open": Examples(
        (
            known(opens_on=None, closes_on=None, deposited_on=None),
            known(opens_on=TODAY, closes_on=TODAY, deposited_on=None),
            known(opens_on=YESTERDAY, closes_on=YESTERDAY, deposited_on=YESTERDAY),
            known(opens_on=None, closes_on=TODAY, deposited_on=date(2020, 1, 1)),
            known(opens_on=TODAY, closes_on=None, deposited_on=date(2030, 1, 1)),
        ),
        (
            known(opens_on=TODAY, closes_on=TOMORROW, deposited_on=YESTERDAY),
            known(opens_on=YESTERDAY, closes_on=TODAY, deposited_on=TOMORROW),
            known(opens_on=None, closes_on=YESTERDAY, deposited_on=None),
            known(opens_on=TOMORROW, closes_on=None, deposited_on=None),
        ),
    ),
    "organisation_identified": one(known(organisation_identified=True), known(organisation_identified=False)),
    "document_named": one(brings(documents=("rib",)), brings(documents=())),
    "report_open": Examples(
        (known(report_accepted=False, not_carried_out=False),),
        (known(report_accepted=True), known(report_accepted=False, not_carried_out=True)),
    ),
    "corrections_date_ahead": Examples(
        (brings(due_on=None), brings(due_on=TOMORROW)), (brings(due_on=TODAY), brings(due_on=YESTERDAY))
    ),
    "later_end_given": Examples(
        (
            together(known(ends_on=TODAY), brings(ends_on=TOMORROW)),
            together(known(ends_on=None), brings(ends_on=TOMORROW, starts_on=TOMORROW)),
        ),
        (
            together(known(ends_on=TODAY), brings(ends_on=TODAY)),
            together(known(ends_on=YESTERDAY), brings(ends_on=None)),
            together(known(ends_on=None), brings(ends_on=TODAY)),
            together(known(ends_on=TODAY), brings(ends_on=TOMORROW, starts_on=date(2030, 1, 1))),
        ),
    ),
    "portal_differs": one(brings(told=(("title", "Avant", "Après"),)), brings(told=())),
    "payment_due": one(brings(paying=(3,)), brings(paying=())),
    "evaluation_scored": Examples(
        (brings(score=0), brings(score=100)), (brings(score=None), brings(score=-1), brings(score=101))
    ),
    "conclusion_given": Examples((brings(reason="Utile"),), (brings(reason=""), brings(reason=" \n"))),
    "notice_date_ahead": Examples(
        (brings(), brings(due_on=TOMORROW)), (brings(due_on=TODAY), brings(due_on=YESTERDAY))
    ),
    "reply_date_ahead": Examples(
        (brings(reply_by=None), brings(reply_by=TOMORROW)),
        (brings(reply_by=TODAY), brings(reply_by=YESTERDAY)),
    ),
    "requested_received": one(known(requested_documents=()), known(requested_documents=("RIB", "Statuts"))),
    "documents_still_awaited": one(known(requested_documents=("RIB",)), known(requested_documents=())),
    "reply_date_passed": Examples(
        (known(reply_by=YESTERDAY), known(reply_by=TODAY, at=deadline_instant(TODAY))),
        (
            known(reply_by=None),
            known(reply_by=TODAY),
            known(reply_by=TODAY, at=deadline_instant(TODAY) - SECOND),
        ),
    ),
    "reason_given": REASON,
    "documents_complete": one(known(missing_documents=()), known(missing_documents=("RIB", "Statuts"))),
    "eligibility_checked": one(known(eligibility_checked=True), known(eligibility_checked=False)),
    "assessed": one(known(assessed=True), known(assessed=False)),
    "opinions_in": Examples(
        (
            known(awaited_opinions=()),
            known(awaited_opinions=("État",), opinions_due_at=NOON),
            known(awaited_opinions=("État",), opinions_due_at=deadline_instant(YESTERDAY)),
        ),
        (
            known(awaited_opinions=("État",), opinions_due_at=None),
            known(awaited_opinions=("État", "CAF"), opinions_due_at=NOON + SECOND),
            known(awaited_opinions=("État",), opinions_due_at=deadline_instant(TODAY)),
        ),
    ),
    "committee_covers": one(brings(committee_covers=True), brings(committee_covers=False)),
    "agenda_open": one(known(agenda_open=True), known(agenda_open=False)),
    "on_agenda": one(known(committee_id=1), known(committee_id=None)),
    "other_session": Examples(
        (brings(committee_id=None), brings(committee_id=2)),
        (lambda facts: brings(committee_id=2)(replace(facts, committee_id=2)),),
    ),
    "session_to_come": one(known(session_held=False), known(session_held=True)),
    "committee_decides": Examples(
        (
            known(committee_kind="steering", committee_id=1),
            known(committee_kind="technical", committee_id=1, decides="technical"),
        ),
        (
            known(committee_kind="technical", committee_id=1),
            known(committee_kind="steering", committee_id=1, decides="technical"),
        ),
    ),
    "no_overlap": one(brings(overlaps=()), brings(overlaps=("CONV-00004",))),
    "committee_advises": Examples(
        (known(committee_kind="technical"),),
        (
            known(committee_kind="steering"),
            known(committee_kind=""),
            known(committee_kind="technical", decides="technical"),
            known(committee_kind="steering", decides="technical"),
        ),
    ),
    "advice_given": Examples(
        (
            together(grant(1, 1, None), brings(opinion="favourable")),
            brings(opinion="unfavourable", reason="Trop cher", grants=()),
        ),
        (
            brings(opinion="", reason="Trop cher", grants=()),
            brings(opinion="favourable", grants=()),
            together(grant(0, 100, 100), brings(opinion="favourable")),
            brings(opinion="unfavourable", reason=" ", grants=()),
            together(grant(1, 1, None), brings(opinion="unfavourable", reason="Trop cher")),
            together(grant(1, 1, None), brings(opinion="reserved")),
        ),
    ),
    "session_held": one(known(session_held=True), known(session_held=False)),
    "quorate": one(known(quorate=True), known(quorate=False)),
    "recusals_recorded": one(known(recusals_recorded=True), known(recusals_recorded=False)),
    "session_to_begin": one(known(session_held=False), known(session_held=True)),
    "amount_recommended": Examples((grant(1, 1, None),), (brings(grants=()), grant(0, 100, 100))),
    "amount_granted": Examples((grant(1, 1, None),), (brings(grants=()), grant(0, 100, 100))),
    "within_request": Examples((grant(100, 100, None), grant(99, 100, 0)), (grant(101, 100, None),)),
    "within_envelope": Examples(
        (grant(100, 100, 100), grant(100, 100, None)), (grant(101, 101, 100), grant(1, 1, 0), grant(1, 1, -5))
    ),
    "report_accepted": Examples(
        (known(report_accepted=True),),
        (known(report_accepted=False), known(report_accepted=False, report_due_on=TODAY)),
    ),
    "balance_settled": one(known(balance_settled=True), known(balance_settled=False)),
    "notice_expired_or_not_done": Examples(
        (known(notice_expires_on=YESTERDAY), known(not_carried_out=True)),
        (known(notice_expires_on=None), known(notice_expires_on=TODAY)),
    ),
    "opinion_asked": Examples(
        (together(known(awaited_funders=(3, 4), awaited_opinions=("État", "CAF")), brings(funder_id=3)),),
        (
            brings(funder_id=None),
            brings(funder_id=5),
            together(known(awaited_funders=(3,), awaited_opinions=("CAF",)), brings(funder_id=5)),
        ),
    ),
    "opinion_given": one(brings(opinion="favourable"), brings(opinion="")),
    "clock_running": Examples(
        (known(clock_started_on=YESTERDAY, clock_paused_on=None),),
        (known(clock_started_on=None), known(clock_started_on=YESTERDAY, clock_paused_on=TODAY)),
    ),
    "report_received": one(known(report_received_on=TODAY), known(report_received_on=None)),
    "funders_to_ask": one(brings(funder_ids=(3,)), brings(funder_ids=())),
    "score_given": Examples(
        (brings(score=0), brings(score=100)), (brings(score=None), brings(score=-1), brings(score=101))
    ),
    "document_to_sign": Examples(
        (brings(signed_document="arrete.docx", sha256="00"),),
        (brings(signed_document="arrete.docx", sha256=""), brings(signed_document="", sha256="00")),
    ),
    "signed_by_now": Examples(
        (brings(signed_on=TODAY), brings(signed_on=YESTERDAY)),
        (brings(signed_on=TOMORROW), brings(signed_on=None)),
    ),
    "officer_named": one(brings(instructor_id=2), brings(instructor_id=None)),
    "later_reply_date": Examples(
        (
            together(known(reply_by=TODAY), brings(reply_by=TOMORROW)),
            together(known(reply_by=None), brings(reply_by=TOMORROW)),
        ),
        (
            brings(reply_by=None),
            together(known(reply_by=TOMORROW), brings(reply_by=TOMORROW)),
            together(known(reply_by=YESTERDAY), brings(reply_by=TODAY)),
        ),
    ),
}

LETTER_EXAMPLES: dict[str, Examples] = {
    "letter_due": Examples(
        (known(not_before=None), known(not_before=NOON)), (known(not_before=NOON + SECOND),)
    ),
    "lease_over": Examples(
        (known(lease_until=NOON),), (known(lease_until=None), known(lease_until=NOON + SECOND))
    ),
    "digest": one(known(digest=True), known(digest=False)),
    "reason_given": Examples((known(reason="Doublon"),), (known(reason=""), known(reason=" \n"))),
}

SITTING_EXAMPLES: dict[str, Examples] = {
    "session_to_come": Examples(
        (known(held_on=TODAY), known(held_on=YESTERDAY)), (known(held_on=TOMORROW), known(held_on=None))
    ),
    "attendance_taken": one(known(not_recorded=()), known(not_recorded=("Léa Blanc", "Max Noir"))),
    "reason_given": Examples((known(reason="Grève"),), (known(reason=""), known(reason=" \n"))),
}

# A table more is a line more.
SUBJECTS = (
    Subject(CASES, case_at, CASE_EXAMPLES),
    Subject(AGREEMENTS, agreement_at, AGREEMENT_EXAMPLES),
    Subject(SITTINGS, sitting_at, SITTING_EXAMPLES),
    Subject(LETTERS, letter_at, LETTER_EXAMPLES),
)

every_table = pytest.mark.parametrize("subject", SUBJECTS, ids=[subject.table.name for subject in SUBJECTS])


def guards(table: Table[Any]) -> list[Guard[Any]]:
    """The guards of a table, each once."""
    return list(dict.fromkeys(guard for move in table.moves for guard in move.only_if))


def assert_readable(reason: Reason) -> None:
    """In both languages a whole sentence, with nothing left to fill in and no word of the machine."""
    for said in (reason.sentence.fr, reason.sentence.en):
        assert said[0].isupper() or said[0] in "«“", said
        assert said.endswith("."), said
        assert not re.search(r"[{}]|\bNone\b|datetime|: \.|\bTrue\b|\bFalse\b", said), said
    assert FRENCH.search(reason.sentence.fr), reason.sentence.fr
    assert reason.sentence.fr != reason.sentence.en
