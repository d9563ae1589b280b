"""A deposit that comes again: what its platform owns is followed, where it differs from Parvis is remembered and told.

The platform owns its status, the steps it knows, what each funder answered there, and the applicant's words until
somebody changes them here or begins to examine the case. Nothing else is written over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import portals as queries
from parvis.models.queries.dispatch import open_task
from parvis.models.queries.portals import OurCase, PortalLine
from parvis.models.queries.tasks import finish_task_of
from parvis.models.session import Session
from parvis.services.advance import advance
from parvis.services.funder_codes import funder_code
from parvis.services.imports.deposit import Deposit, Source
from parvis.services.portals.compared import ours_of, said_of
from parvis.services.portals.words import kept_words, platform_words
from parvis.states.facts import By, Given
from parvis.states.portals import (
    FOLLOWS_IN,
    Difference,
    PortalField,
    contradicts,
    differences,
    followed,
)
from parvis.states.stages import Action, Role, Stage
from parvis.states.words import Sentence

IMPORTER = By("importer", Role.IMPORTER)
TASK = "portal"
_PLATFORMS = frozenset({Source.PORTAL, Source.DEMARCHE})
DIFFERS = Sentence(
    "{platform} et Parvis ne disent plus la même chose du dossier {reference} : comparer, puis garder ou reprendre.",
    "{platform} and Parvis no longer say the same of case {reference}: compare, then keep or take.",
)


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a case said again: whether something of it was updated, whether something differs."""

    updated: bool
    differs: bool


def remember(session: Session, pairs: Sequence[tuple[int, Deposit]], *, at: datetime) -> None:
    """Keep what platforms say of cases they just brought, so that the next time shows what is new."""
    rows = [
        _row(case_id, deposit, said_of(deposit), ())
        for case_id, deposit in pairs
        if deposit.source in _PLATFORMS
    ]
    if rows:
        queries.write_lines(session, rows, at=at)


def follow(session: Session, case_id: int, reference: str, deposit: Deposit, *, at: datetime) -> Followed:
    """Follow what a deposit says now of a case that is held, and tell its officer what differs; safe to repeat."""
    queries.hold_case(session, case_id)
    line = queries.portal_line(session, case_id)
    case = queries.our_case(session, case_id)
    said = said_of(deposit)
    taken = _owned(line, case, deposit)
    moved = _status_told(line, deposit)
    if taken or moved:
        told = (*moved, *(_told(each) for each in taken))
        advance(session, case_id, Action.UPDATE_FROM_PORTAL, by=IMPORTER, at=at, given=Given(told=told))
        queries.take_columns(session, case_id, {each.key: each.theirs for each in taken})
    if deposit.source in _PLATFORMS:
        queries.follow_steps(session, case_id, _steps(deposit), _answers(deposit))
    kept = line.kept if line else {}
    found = differences(said, ours_of(queries.our_case(session, case_id)), kept)
    if status := _ended_elsewhere(deposit.portal_status or "", case.stage, kept):
        found = (status, *found)
    queries.write_lines(session, [_row(case_id, deposit, said, found)], at=at)
    tell(session, case_id, reference, deposit.source, differs=bool(found), at=at)
    return Followed(bool(taken or moved), bool(found))


def follow_status(session: Session, case_id: int, reference: str, status: str, *, at: datetime) -> bool:
    """Follow a status told without the rest, a deletion for example; False when it was known; safe to repeat."""
    queries.hold_case(session, case_id)
    line = queries.portal_line(session, case_id)
    if line is None or line.status == status:
        return False
    told = ((PortalField.STATUS, line.status, status),)
    moved = advance(session, case_id, Action.UPDATE_FROM_PORTAL, by=IMPORTER, at=at, given=Given(told=told))
    differs = contradicts(status, moved.stage)
    queries.set_status(session, case_id, status, differs=differs, at=at)
    others = line.differs.keys() - {PortalField.STATUS}
    tell(session, case_id, reference, line.source, differs=differs or bool(others), at=at)
    return True


def tell(session: Session, case_id: int, reference: str, source: str, *, differs: bool, at: datetime) -> None:
    """A task for the officer while something differs; done by itself once nothing does."""
    if not differs:
        finish_task_of(session, f"{TASK}/{case_id}", at=at)
        return
    title = DIFFERS.fill(platform=platform_words(source), reference=reference)
    open_task(
        session, key=f"{TASK}/{case_id}", case_id=case_id, kind=TASK, recipient="instructor",
        title_fr=title.fr, title_en=title.en, at=at,
    )  # fmt: skip


def _owned(line: PortalLine | None, case: OurCase, deposit: Deposit) -> tuple[Difference, ...]:
    """The applicant's words that are still the platform's own, and are new there."""
    follows = deposit.source in _PLATFORMS and Stage(case.stage) in FOLLOWS_IN
    if line is None or not follows or case.eligibility_checked:
        return ()
    return followed(line.said, said_of(deposit), ours_of(case))


def _status_told(line: PortalLine | None, deposit: Deposit) -> tuple[tuple[str, str, str], ...]:
    before, now = line.status if line else "", deposit.portal_status or ""
    return ((PortalField.STATUS, before, now),) if line and now and now != before else ()


def _ended_elsewhere(status: str, stage: str, kept: Mapping[str, object]) -> Difference | None:
    if not contradicts(status, stage) or kept.get(PortalField.STATUS) == status:
        return None
    return Difference(PortalField.STATUS, status, stage)


def _told(each: Difference) -> tuple[str, str, str]:
    return each.key, kept_words(each.key, each.ours), kept_words(each.key, each.theirs)


def _row(
    case_id: int, deposit: Deposit, said: Mapping[str, object], found: Sequence[Difference]
) -> dict[str, object]:
    return {
        "case_id": case_id, "source": deposit.source, "status": deposit.portal_status or "",
        "content_hash": deposit.content_hash, "said": said, "differs": {each.key: each.theirs for each in found},
    }  # fmt: skip


def _steps(deposit: Deposit) -> list[dict[str, object]]:
    return [
        {"position": position, "at": event.at, "kind": event.kind, "status": event.status, "by": event.by or ""}
        for position, event in enumerate(deposit.history)
    ]  # fmt: skip


def _answers(deposit: Deposit) -> dict[str, str]:
    """Where each funder stands on the platform; a funder asked twice stands where its last line says."""
    return {ask.code or funder_code(ask.name): ask.status for ask in deposit.funders if ask.status}
