"""What differs between a platform and Parvis, as the officer of a case sees it, who takes it or keeps ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import portals as queries
from parvis.models.queries.portals import OurCase, PortalLine, names_by_code
from parvis.models.session import Session
from parvis.services.advance import Advanced, advance
from parvis.services.portals import following
from parvis.services.portals.compared import ours_of
from parvis.services.portals.words import field_words, kept_words, platform_words, value_words
from parvis.states.details import Plain
from parvis.states.facts import By, Given
from parvis.states.portals import (
    ONLY_SHOWN,
    TAKES_IN,
    Difference,
    PortalField,
    Said,
    contradicts,
    field_of,
    in_order,
)
from parvis.states.stages import STAGE_WORDS, Action, Stage
from parvis.states.words import Sentence

ADVICE: dict[str, Sentence] = {
    PortalField.STATUS: Sentence(
        "Un statut ne se reprend pas d’un clic : décider dans Parvis, ou corriger sur la plateforme.",
        "A status is not taken with a click: decide in Parvis, or correct the platform.",
    ),
    PortalField.NATURE: Sentence(
        "La nature décide de la vague : voir avec le porteur, puis garder.",
        "The kind decides the wave: ask the applicant, then keep.",
    ),
    PortalField.SIRET: Sentence(
        "Le porteur d’un dossier ne change pas : lui demander de déposer de nouveau, puis garder.",
        "The applicant of a case does not change: ask it to deposit again, then keep.",
    ),
}
DECIDED = Sentence(
    "La décision est prise : ce que dit la plateforme ne se reprend plus, il se garde.",
    "The decision is taken: what the platform says is no longer taken, only kept aside.",
)
SHARED = Sentence(
    "Ce montant est fait de parts, de partenaires ou de financeurs : les corriger une à une.",
    "This amount is made of shares, of partners or of funders: correct them one by one.",
)
GONE = Sentence(
    "Cette différence n’est plus là : relire le dossier.", "This difference is gone: read the case again."
)


class NoSuchDifferenceError(Exception):
    """There is no such difference any more, or it cannot be taken; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference as a page shows it; `advice` says why it cannot be taken, None when it can."""

    key: str
    field: Sentence
    theirs: Sentence
    ours: Sentence
    advice: Sentence | None


@dataclass(frozen=True, slots=True)
class PortalView:
    """What the platform of a case says of it, and where that differs from what Parvis has."""

    platform: Sentence
    status: Sentence | None
    told_at: datetime
    differences: tuple[Shown, ...]


def view(session: Session, case_id: int) -> PortalView | None:
    """What the platform of a case says; None when it came from none."""
    line = queries.portal_line(session, case_id)
    if line is None:
        return None
    status = value_words(PortalField.STATUS, line.status, {}) if line.status else None
    open_ones: tuple[Shown, ...] = ()
    if line.differs:
        case, names = queries.our_case(session, case_id), names_by_code(session, case_id)
        open_ones = tuple(_shown(each, case, names) for each in _open(line, case))
    return PortalView(platform_words(line.source), status, line.told_at, open_ones)


def settle(
    session: Session, case_id: int, reference: str, key: str, *,
    take: bool, by: By, at: datetime, expected_version: int | None = None,
) -> Advanced:  # fmt: skip
    """Take what the platform says on one point, or keep what Parvis has in spite of it; both go in the journal.

    Raises:
        NoSuchDifferenceError: nothing differs there any more, or that cannot be taken.
        MoveRefusedError, StaleVersionError: as `advance`.
    """
    queries.hold_case(session, case_id)
    line, case = queries.portal_line(session, case_id), queries.our_case(session, case_id)
    found = next((each for each in _open(line, case) if each.key == key), None) if line else None
    if line is None or found is None:
        raise NoSuchDifferenceError(GONE)
    if take and (advice := _advice(found, case)):
        raise NoSuchDifferenceError(advice)
    told = (key, kept_words(key, found.ours), kept_words(key, found.theirs))
    action = Action.TAKE_FROM_PORTAL if take else Action.KEEP_AGAINST_PORTAL
    advanced = advance(
        session, case_id, action, by=by, at=at, expected_version=expected_version, given=Given(told=(told,))
    )
    if take:
        _take(session, case_id, found)
    queries.settle_key(session, case_id, key, kept=None if take else found.theirs)
    left = [each for each in _open(line, case) if each.key != key]
    following.tell(session, case_id, reference, line.source, differs=bool(left), at=at)
    return advanced


def _open(line: PortalLine, case: OurCase) -> tuple[Difference, ...]:
    """What differed when the platform was last heard, and does still."""
    ours = ours_of(case)
    return in_order(
        Difference(key, theirs, case.stage if key == PortalField.STATUS else _ours(ours, key))
        for key, theirs in line.differs.items()
        if (contradicts(theirs, case.stage) if key == PortalField.STATUS else theirs != _ours(ours, key))
    )


def _ours(ours: Said, key: str) -> Plain:
    return ours.get(key, 0 if field_of(key) is PortalField.ASKED else None)


def _shown(each: Difference, case: OurCase, names: Mapping[str, str]) -> Shown:
    ours = (
        STAGE_WORDS[case.stage]
        if each.field is PortalField.STATUS
        else value_words(each.key, each.ours, names)
    )
    theirs = value_words(each.key, each.theirs, names)
    return Shown(each.key, field_words(each.key, names), theirs, ours, _advice(each, case))


def _advice(each: Difference, case: OurCase) -> Sentence | None:
    if each.field in ONLY_SHOWN:
        return ADVICE[each.field]
    if Stage(case.stage) not in TAKES_IN:
        return DECIDED
    shared = case.has_partners or (each.field is PortalField.REQUESTED and bool(case.asked))
    return SHARED if each.field in (PortalField.ASKED, PortalField.REQUESTED) and shared else None


def _take(session: Session, case_id: int, each: Difference) -> None:
    match each.field, each.theirs:
        case PortalField.ASKED, int() as cents:
            queries.take_asked(session, case_id, each.key.partition(":")[2], cents)
        case PortalField.BUDGET, list() as lines:
            queries.take_budget(session, case_id, [line for line in lines if isinstance(line, list)])
        case ((PortalField.NEIGHBOURHOODS | PortalField.CHALLENGES), list() as codes):
            queries.take_codes(session, case_id, each.field.value, [str(code) for code in codes])
        case _:
            queries.take_columns(session, case_id, {each.key: each.theirs})
