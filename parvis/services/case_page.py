"""All that one case shows to somebody: the case, its story, its letters, and what they may do with it now."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from parvis.models.queries import case_page as queries
from parvis.models.queries.calls import rules_of_case
from parvis.models.queries.case_page import CaseLetter, FunderChoice, OtherCase, SittingChoice
from parvis.models.queries.partners import coalitions
from parvis.models.queries.payments import due_instalments
from parvis.models.session import Session
from parvis.notifications.kinds import LETTERS
from parvis.services.advance import why
from parvis.services.after_decision import NOTHING_YET, AfterDecision, after_decision
from parvis.services.cases import CaseView, read_case
from parvis.services.files import FileLine, list_files
from parvis.services.histories import HistoryEntry, history
from parvis.services.year_counts import agreements_told
from parvis.states.answered import blocking
from parvis.states.asking import ASKS, Asked, Field
from parvis.states.calendar import paris_day
from parvis.states.case_table import CASES
from parvis.states.contract.instruction import Criterion
from parvis.states.facts import Given
from parvis.states.likeness import Likeness
from parvis.states.partners import Payee, payees
from parvis.states.stages import Action, Role, Stage
from parvis.states.table import Option, Reason
from parvis.states.words import Sentence

__all__ = [
    "ActionForm", "CaseLetter", "CasePage", "Choices", "FunderChoice", "GridLine", "OtherCase", "SittingChoice",
    "case_page", "choices", "possible",
]  # fmt: skip

BEFORE_DECISION = frozenset({Stage.SUBMITTED, Stage.INSTRUCTED, Stage.COMMITTEE})
_SAME_TITLE = 0.72
"""How alike two titles are when they name the same action from one year to the next."""


@dataclass(frozen=True, slots=True)
class GridLine:
    """A criterion of the grid and the points it was given, if it was."""

    criterion: Criterion
    points: int | None


@dataclass(frozen=True, slots=True)
class ActionForm:
    """Something this person may do here: the fields to fill in, and what blocks it whatever they type."""

    action: Action
    target: Stage | None
    asks: tuple[Asked, ...]
    blocked: tuple[Reason, ...]
    letters: tuple[Sentence, ...] = ()
    """What will be written to the applicant and to others, in a few words each."""


@dataclass(frozen=True, slots=True)
class ElsewhereAction:
    """Something only others may do here, and what blocks it for them."""

    action: Action
    by: tuple[Role, ...]
    blocked: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields of a case's forms choose among; `instalments` are those that can be paid, with their cents.

    `payees` are the associations of a coordinated proposal, its lead first.
    """

    sittings: tuple[SittingChoice, ...]
    officers: tuple[tuple[int, str], ...]
    funders: tuple[FunderChoice, ...]
    grid: tuple[GridLine, ...]
    evaluation: tuple[GridLine, ...] = ()
    instalments: tuple[tuple[str, int], ...] = ()
    partners: tuple[tuple[int, str], ...] = ()
    payees: tuple[Payee, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case as its page shows it to one person."""

    view: CaseView
    history: tuple[HistoryEntry, ...]
    grid: tuple[GridLine, ...]
    files: tuple[FileLine, ...]
    letters: tuple[CaseLetter, ...]
    same_action: tuple[OtherCase, ...]
    other_cases: tuple[OtherCase, ...]
    forms: tuple[ActionForm, ...]
    elsewhere: tuple[ElsewhereAction, ...]
    choices: Choices
    today: date
    after: AfterDecision = NOTHING_YET
    agreements: tuple[Sentence, ...] = ()
    """Before the decision: from which amount a funder needs an agreement, over all the cases of the year."""
    conventions: tuple[tuple[str, bool], ...] = ()
    """The agreements of several years it asks to renew (True) or gave, by reference."""


def case_page(
    session: Session, case_id: int, *, role: str, funder_id: int | None, language: str, at: datetime
) -> CasePage:
    """A case that exists, for somebody in this role who may see it; `funder_id` is the funder they speak for."""
    view = read_case(session, case_id)
    others = queries.other_cases(session, case_id)
    alike = _alike(others, view.head.title)
    mine, elsewhere, chosen = possible(session, case_id, role=role, funder_id=funder_id, at=at)
    return CasePage(
        view,
        tuple(history(session, case_id, language)),
        chosen.grid,
        tuple(list_files(session, case_ids=[case_id])),
        tuple(queries.case_letters(session, case_id)),
        tuple(other for other in others if other.id in alike),
        tuple(other for other in others if other.id not in alike),
        mine,
        elsewhere,
        chosen,
        paris_day(at),
        after=after_decision(session, case_id, view.head.stage),
        agreements=_agreements(session, case_id, view.head.stage),
        conventions=tuple(queries.conventions_of(session, case_id)),
    )


def _agreements(session: Session, case_id: int, stage: str) -> tuple[Sentence, ...]:
    return tuple(agreements_told(session, [case_id]).get(case_id, ())) if stage in BEFORE_DECISION else ()


def possible(
    session: Session, case_id: int, *, role: str, funder_id: int | None, at: datetime
) -> tuple[tuple[ActionForm, ...], tuple[ElsewhereAction, ...], Choices]:
    """What somebody in this role may do with a case, what only others may, and what the fields choose among."""
    options = why(session, case_id, at=at, given=Given(funder_id=funder_id))
    chosen = choices(session, case_id, at=at)
    mine = tuple(_form(option, chosen) for option in options if role in option.by)
    others = tuple(_elsewhere(option) for option in options if role not in option.by and _by_people(option))
    return mine, others, chosen


@dataclass(frozen=True, slots=True)
class Addable:
    """What the form that adds a partner asks for, and what it chooses among."""

    asks: tuple[Asked, ...]
    choices: Choices


def addable(session: Session, case_id: int, *, at: datetime) -> Addable:
    """The form that adds a partner to a case."""
    return Addable(ASKS[Action.ADD_PARTNER], choices(session, case_id, at=at))


def choices(session: Session, case_id: int, *, at: datetime) -> Choices:
    """What may be chosen in the forms of a case as it stands."""
    rules = rules_of_case(session, case_id)
    points = queries.assessment(session, case_id)
    coalition = coalitions(session, [case_id]).get(case_id)
    funders = tuple(queries.funders_for(session, case_id))
    return Choices(
        tuple(queries.sittings_for(session, case_id, since=paris_day(at))),
        tuple(queries.officers_for(session, case_id)),
        funders,
        tuple(GridLine(line, points.get(line.code)) for line in (rules.grid if rules else ())),
        tuple(GridLine(line, None) for line in (rules.evaluation if rules else ())),
        tuple(due_instalments(session, case_id)),
        tuple((part.organisation_id, part.name) for part in coalition.taking_part) if coalition else (),
        payees(coalition, {funder.code: funder.requested_cents for funder in funders}),
    )


def _form(option: Option, chosen: Choices) -> ActionForm:
    action = Action(option.action)
    asks = tuple(each for each in ASKS[action] if each.field != Field.PARTS or chosen.payees)
    blocked = blocking(action, option.reasons)
    if any(asked.field == Field.COMMITTEE for asked in asks) and not chosen.sittings:
        blocked = (*blocked, *(reason for reason in option.reasons if reason.code == "committee_covers"))
    row = next(
        move
        for move in CASES.moves
        if (move.action, move.target, move.by) == (action, option.target, option.by)
    )
    letters = tuple(LETTERS[letter.template].description for letter in row.letters)
    return ActionForm(action, Stage(option.target) if option.target else None, asks, blocked, letters)


def _elsewhere(option: Option) -> ElsewhereAction:
    action = Action(option.action)
    people = tuple(role for role in option.by if role not in _MACHINES)
    return ElsewhereAction(action, people, blocking(action, option.reasons))


_MACHINES = (Role.CLOCK, Role.IMPORTER, Role.DISPATCHER)


def _by_people(option: Option) -> bool:
    return any(role not in _MACHINES for role in option.by)


def _alike(others: Sequence[OtherCase], title: str) -> set[int]:
    """Those of the cases whose title names the same action."""
    named = Likeness(_bare(title))
    return {other.id for other in others if named.to(_bare(other.title)) >= _SAME_TITLE}


@lru_cache(maxsize=5_000)
def _bare(title: str) -> str:
    """A title without what changes from one year to the next: case, accents, numbers, signs."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    kept = (char if char.isalpha() else " " for char in letters if not unicodedata.combining(char))
    return " ".join("".join(kept).split())
