"""Letters to come, day by day, and what is done about them: later, not this one, again; and the open tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from http import HTTPStatus
from itertools import groupby

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from parvis.models.queries.letter_lists import LetterLine, list_letters
from parvis.models.queries.restorations import latest
from parvis.models.queries.suppressions import held as held_addresses
from parvis.models.queries.tasks import finish_task, list_tasks
from parvis.models.queries.upcoming import Upcoming
from parvis.notifications.render import LetterFactsError, LetterTemplateError
from parvis.notifications.trouble import told
from parvis.services import upcoming
from parvis.services.bounces import lift
from parvis.services.upcoming import NoSuchLetterError
from parvis.services.visibility import see_letter, see_task
from parvis.states import fields
from parvis.states.calendar import local_instant, paris_day
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, Problem, WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.sending import MAIL_POLICY
from parvis.web.site import Here, Visit

router = APIRouter()

MORNING = time(8)
NOT_AN_HOUR = Sentence("écrire l’heure comme 14:30", "write the time like 14:30")
"""When a letter put off to a day leaves, in Paris."""
MOST = 400
MOST_FAILED, MOST_TASKS = 100, 100
DONE = {
    "reportee": Sentence("La lettre partira ce jour-là.", "The letter will leave on that day."),
    "ecartee": Sentence("La lettre ne partira pas.", "The letter will not leave."),
    "renvoyee": Sentence(
        "La lettre est de nouveau à envoyer : elle part au prochain passage.",
        "The letter is owed again: it leaves with the next run.",
    ),
    "retablie": Sentence(
        "Les lettres partent de nouveau vers cette adresse.", "Letters leave for this address again."
    ),
    "faite": Sentence("La tâche est faite.", "The task is done."),
    "passee": Sentence(
        "Cette lettre n’est plus à venir : elle est partie entre-temps, ou n’a plus lieu d’être.",
        "This letter is no longer to come: it left meanwhile, or has no reason to be any more.",
    ),
}
UNWRITTEN = Sentence(
    "Cette lettre ne peut pas s’écrire en l’état : il lui manque une donnée, ou son modèle est à corriger.",
    "This letter cannot be written as things stand: a fact is missing, or its template needs mending.",
)


@dataclass(frozen=True, slots=True)
class Day:
    """The letters that leave on one day."""

    day: date
    letters: Sequence[Upcoming]


@dataclass(frozen=True, slots=True)
class Failure:
    """A letter that did not leave, and why."""

    line: LetterLine
    why: Sentence | None


@router.get("/lettres", name="letters")
def letters(request: Request, here: Here, fait: str = "") -> Response:
    """List the letters of the next fourteen days, those that failed, and the open tasks."""
    with here.database.transaction() as session:
        ours = here.known.contract_id or 0
        coming = upcoming.upcoming(session, at=here.at, limit=MOST + 1, contract_id=ours)
        failed = list_letters(
            session, stage="failed", case_id=None, after_id=None, limit=MOST_FAILED, contract_id=ours
        )
        returned = held_addresses(session, ours)
        tasks = list_tasks(session, done=False, limit=MOST_TASKS, contract_id=ours)
        restored = latest(session)
    days = [
        Day(day, list(several))
        for day, several in groupby(coming[:MOST], lambda one: paris_day(one.leaves_at))
    ]
    failures = [Failure(line, told(line.last_error) if line.last_error else None) for line in failed]
    return page(
        request, "letters.html", days=days, count=len(coming[:MOST]), more=len(coming) > MOST, failures=failures,
        returned=returned,
        tasks=tasks, done=DONE.get(fait), today=here.today, held=restored if restored and restored.held else None,
    )  # fmt: skip


@router.get("/lettres/{code}", name="letter")
def letter(request: Request, here: Here, code: str) -> Response:
    """Show a letter to come as its recipient will read it, and what can be done about it."""
    return _show(request, here, code)


@router.get("/lettres/{code}/html", name="letter_as_mail")
def letter_as_mail(here: Here, code: str) -> Response:
    """The same letter as the reader of a mail sees it, shut in: nothing in it runs, loads or leads anywhere."""
    try:
        with here.database.transaction() as session:
            see_letter(session, here.known, code)
            shown = upcoming.read_over(session, code, link=here.site.settings.public_url)
    except (NoSuchLetterError, LetterFactsError, LetterTemplateError):
        raise NotHereError from None
    return HTMLResponse(shown.rendered.html, headers={"content-security-policy": MAIL_POLICY})


@router.post("/lettres/{code}/plus-tard", name="snooze_letter")
def snooze(request: Request, here: Here, code: str, typed: TypedForm) -> Response:
    """Let a letter leave on another day, at the hour said or in the morning."""
    try:
        until = _moment(typed)
    except WrongInputError as wrong:
        return _again(request, here, code, typed, wrong)
    try:
        with here.database.transaction() as session:
            see_letter(session, here.known, code)
            upcoming.snooze(session, code, until=until, by=here.by, at=here.at, reason=typed.one("motif"))
    except NoSuchLetterError:
        return _back("passee")
    except MoveRefusedError as refusal:
        return _again(request, here, code, typed, refusal)
    return _back("reportee")


@router.post("/lettres/{code}/ecarter", name="drop_letter")
def drop(request: Request, here: Here, code: str, typed: TypedForm) -> Response:
    """Set a letter aside: it will not leave."""
    try:
        with here.database.transaction() as session:
            see_letter(session, here.known, code)
            upcoming.drop(session, code, by=here.by, at=here.at, reason=typed.one("motif"))
    except NoSuchLetterError:
        return _back("passee")
    except MoveRefusedError as refusal:
        return _again(request, here, code, typed, refusal)
    return _back("ecartee")


@router.post("/lettres/{code}/renvoyer", name="resend_letter")
def resend(request: Request, here: Here, code: str) -> Response:
    """Owe a failed letter again."""
    try:
        with here.database.transaction() as session:
            see_letter(session, here.known, code)
            upcoming.resend(session, code, by=here.by, at=here.at)
    except NoSuchLetterError:
        return _back("passee")
    except MoveRefusedError as refusal:
        return _again(request, here, code, Typed(), refusal)
    return _back("renvoyee")


@router.post("/taches/{task_id}/faite", name="finish_task")
def finish(here: Here, task_id: int) -> Response:
    """Write that a task is done."""
    with here.database.transaction() as session:
        see_task(session, here.known, task_id)
        if not finish_task(session, task_id, at=here.at):
            raise NotHereError
    return _back("faite", "#taches")


@router.post("/adresses/retablir", name="restore_address")
def restore_address(here: Here, typed: TypedForm) -> Response:
    """Let letters go again to an address one of them came back from."""
    with here.database.transaction() as session:
        if not lift(
            session,
            typed.one("adresse"),
            by=here.by.actor,
            at=here.at,
            contract_id=here.known.contract_id or 0,
        ):
            raise NotHereError
    return _back("retablie")


def _moment(typed: Typed) -> datetime:
    """When a letter put off leaves: on a day, at an hour or in the morning, Paris time.

    Raises:
        WrongInputError: no day is said, or they cannot be read.
    """
    if not typed.one("jour"):
        raise forms.wrong("jour", forms.REQUIRED)
    day, said = forms.parsed("jour", typed.one("jour"), fields.calendar_day), typed.one("heure")
    try:
        hour = time.fromisoformat(said).replace(second=0, microsecond=0, tzinfo=None) if said else MORNING
    except ValueError:
        raise forms.wrong("heure", NOT_AN_HOUR) from None
    return local_instant(day, hour)


def _show(
    request: Request, here: Visit, code: str, *, refused: Problem | None = None, typed: Typed | None = None,
    faults: dict[str, Sentence] | None = None, status: HTTPStatus = HTTPStatus.OK,
) -> Response:  # fmt: skip
    shown, unwritten = None, None
    try:
        with here.database.transaction() as session:
            see_letter(session, here.known, code)
            shown = upcoming.read_over(session, code, link=here.site.settings.public_url)
    except NoSuchLetterError:
        return _back("passee")
    except (LetterFactsError, LetterTemplateError):
        unwritten = UNWRITTEN
    return page(
        request, "letter.html", status=status, code=code, shown=shown, unwritten=unwritten, refused=refused,
        typed=typed or Typed(), faults=faults or {}, today=here.today,
    )  # fmt: skip


def _again(
    request: Request, here: Visit, code: str, typed: Typed, error: WrongInputError | MoveRefusedError
) -> Response:
    """The page of the letter once more, with what keeps it from being done."""
    faults = error.by_field if isinstance(error, WrongInputError) else {}
    problem = problem_of(error)
    return _show(request, here, code, refused=problem, typed=typed, faults=faults, status=problem.status)


def _back(done: str, place: str = "") -> Response:
    return RedirectResponse(f"/lettres?fait={done}{place}", HTTPStatus.SEE_OTHER)
