"""The same to many cases: choosing, seeing what would happen, doing it with its progress, taking letters back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.bulk import NamedCase, named_cases, run_of_key
from parvis.models.queries.case_parts import DocumentLine, read_documents
from parvis.models.session import Session
from parvis.services import bulk, queue
from parvis.services.bulk import MOST, Run, RunNotFoundError
from parvis.services.bulk_preview import Preview, preview
from parvis.services.case_page import Choices, choices
from parvis.services.secrets import new_secret
from parvis.services.visibility import see_cases, viewer
from parvis.states.asking import ASKS, Field
from parvis.states.facts import Given
from parvis.states.stages import Action
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, WrongInputError
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

TOGETHER = frozenset(Action) - {
    Action.ASSESS, Action.FUND, Action.RECOMMEND, Action.GIVE_OPINION, Action.SUBMIT, Action.LAPSE, Action.EVALUATE,
    Action.ASK_NEW_DATES, Action.RECOMMEND_AMOUNTS,
}  # fmt: skip
"""What may be done to many cases alike; points, amounts, opinions and dates are each case's own."""
OF_EACH_CASE = frozenset({Field.FUNDERS})
"""Fields a bulk action leaves to what each case says: the funders it asks for money."""
TURN = timedelta(seconds=2)
SHOWN = 200
NO_CASE = Sentence("cocher au moins un dossier", "tick at least one case")
TOO_MANY = Sentence(
    "{most} dossiers au plus à la fois : affiner la liste", "at most {most} cases at once: narrow the list"
)


@dataclass(frozen=True)
class Chosen:
    """The cases chosen, the first ones by name; what the forms of their actions choose among, as the first stands."""

    ids: tuple[int, ...]
    actions: tuple[Action, ...]
    offered: Choices
    documents: tuple[DocumentLine, ...]
    named: tuple[NamedCase, ...]


@dataclass(frozen=True)
class Attempt:
    """What somebody is about to do: the action, what they typed, what is wrong, what would happen."""

    action: Action | None = None
    typed: Typed = field(default_factory=Typed)
    faults: dict[str, Sentence] = field(default_factory=dict)
    preview: Preview | None = None
    key: str = ""


@router.post("/lots", name="choose_bulk")
def choose(request: Request, here: Here, typed: TypedForm) -> Response:
    """Choose what to do to the ticked cases, or to a whole list; then what it asks; then see what would happen."""
    chosen = _chosen(here, typed)
    action = typed.one("action")
    if not action:
        return _show(request, here, chosen, Attempt())
    wanted = _allowed(chosen, action)
    if not typed.one("voir"):
        return _show(request, here, chosen, Attempt(wanted))
    try:
        given = _given(wanted, typed, chosen)
    except WrongInputError as wrong:
        faults = wrong.by_field
        return _show(request, here, chosen, Attempt(wanted, typed, faults), HTTPStatus.UNPROCESSABLE_ENTITY)
    seen = preview(here.database, chosen.ids, wanted, by=here.by, given=given, at=here.at)
    return _show(request, here, chosen, Attempt(wanted, typed, {}, seen, new_secret()))


@router.post("/lots/faire", name="start_bulk")
def start(here: Here, typed: TypedForm) -> Response:
    """Freeze the run that was shown, once however often it is asked for; its page does it."""
    key = f"{here.by.actor}/{typed.one('cle')[:100]}"
    with here.database.transaction() as session:
        run = run_of_key(session, key)
    if run is None:
        chosen = _chosen(here, typed)
        action = _together(typed.one("action"))
        with here.database.transaction() as session:
            run = bulk.ask(
                session, chosen.ids, action, by=here.by, given=_given(action, typed, chosen), key=key, at=here.at,
                query=typed.one("requete")[:2_000],
            )  # fmt: skip
    _turn(here, run.id)
    return RedirectResponse(f"/lots/{run.id}", HTTPStatus.SEE_OTHER)


@router.get("/lots/{run_id}", name="bulk_run")
def show_run(request: Request, here: Here, run_id: int) -> Response:
    """How far a run is, and what became of each case."""
    with here.database.transaction() as session:
        run = _own(session, here, run_id)
        results = bulk.read_results(session, run.id, limit=SHOWN)
    leaves_at = run.asked_at + timedelta(seconds=run.wait_seconds)
    return page(
        request, "bulk_run.html", run=run, results=results, shown=SHOWN, leaves_at=leaves_at,
        may_withhold=run.withheld_at is None and here.at < leaves_at,
    )  # fmt: skip


@router.post("/lots/{run_id}/suite", name="go_on_bulk")
def go_on(here: Here, run_id: int) -> Response:
    """Do the next part of a run."""
    with here.database.transaction() as session:
        run = _own(session, here, run_id)
    _turn(here, run.id)
    return RedirectResponse(f"/lots/{run.id}", HTTPStatus.SEE_OTHER)


@router.post("/lots/{run_id}/annuler", name="take_back_bulk")
def take_back(here: Here, run_id: int) -> Response:
    """Withhold the letters that have not left, and stop what is not done."""
    with here.database.transaction() as session:
        run = _own(session, here, run_id)
        bulk.take_back(session, run.id, by=here.by, at=here.at)
    return RedirectResponse(f"/lots/{run.id}", HTTPStatus.SEE_OTHER)


class _TurnOverError(Exception):
    """A part of a run is done; the page is shown before the next."""


def _turn(here: Visit, run_id: int) -> None:
    """Do a run for a short while; each batch is committed before the clock is looked at."""
    until = here.at + TURN

    def progressed(run: Run) -> None:
        if run.waiting and here.site.clock() >= until:
            raise _TurnOverError

    try:
        bulk.proceed(here.database, run_id, at=here.at, progress=progressed)
    except _TurnOverError:
        return


def _chosen(here: Visit, typed: Typed) -> Chosen:
    """The cases a form names, where this visitor may see them.

    Raises:
        WrongInputError: none, or too many.
    """
    seen = viewer(here.known)
    with here.database.transaction() as session:
        if typed.one("tous"):
            address = queue.read_query(typed.one("requete"))
            ids = queue.case_ids(session, address.wanted, seen, at=here.at, limit=MOST + 1)
        else:
            ids = see_cases(session, here.known, _numbers(typed), at=here.at)
        left_out = {int(each) for each in typed.all("sauf") if _is_number(each)}
        ids = [each for each in ids if each not in left_out]
        if not ids:
            raise forms.wrong("dossiers", NO_CASE)
        if len(ids) > MOST:
            raise forms.wrong("dossiers", TOO_MANY.fill(most=MOST))
        common = bulk.common_actions(session, ids, role=here.known.role)
        return Chosen(
            tuple(ids),
            tuple(action for action in common if action in TOGETHER),
            choices(session, ids[0], at=here.at),
            tuple(read_documents(session, ids[0])),
            tuple(named_cases(session, ids[:SHOWN])),
        )


def _numbers(typed: Typed) -> list[int]:
    named = [*typed.all("dossier"), *typed.one("dossiers").split(",")]
    return [int(each) for each in named if _is_number(each)][: MOST + 1]


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= 18


def _allowed(chosen: Chosen, action: str) -> Action:
    if action not in chosen.actions:
        raise forms.wrong("action", forms.NOT_OFFERED)
    return Action(action)


def _together(action: str) -> Action:
    if action not in TOGETHER:
        raise forms.wrong("action", forms.NOT_OFFERED)
    return Action(action)


def _given(action: Action, typed: Typed, chosen: Chosen) -> Given:
    codes: Sequence[str] = [line.code for line in chosen.documents]
    return forms.given(action, typed, chosen.offered, codes, funder_id=None, left_out=OF_EACH_CASE)


def _own(session: Session, here: Visit, run_id: int) -> Run:
    """A run this visitor asked for.

    Raises:
        NotHereError: it is somebody else's, or there is none.
    """
    try:
        run = bulk.read_run(session, run_id) if run_id < 2**63 else None
    except RunNotFoundError:
        run = None
    if run is None or run.actor != here.by.actor:
        raise NotHereError
    return run


def _show(
    request: Request, here: Visit, chosen: Chosen, tried: Attempt, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    asks = [asked for asked in ASKS[tried.action] if asked.field not in OF_EACH_CASE] if tried.action else []
    shown = {"view": {"documents": chosen.documents}, "choices": chosen.offered, "grid": ()}
    del here
    return page(
        request, "bulk.html", status=status, chosen=chosen, tried=tried, asks=asks, shown=shown,
        most_shown=10, wait_minutes=int(bulk.WAIT.total_seconds() // 60),
    )  # fmt: skip
