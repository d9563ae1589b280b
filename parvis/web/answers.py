"""Answering what went wrong: a page that says why and what to do next, or problem+json for programs."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.exceptions import HTTPException

from parvis.models.session import ConflictError, ConstraintError, UnreachableDatabaseError
from parvis.services import logs
from parvis.services.advance import CaseNotFoundError, IdempotencyMismatchError
from parvis.services.bank_keys import NoBankKeyError, WrongBankKeyError
from parvis.services.file_problems import LostFileError
from parvis.services.measures import Refusal
from parvis.services.visibility import HiddenError
from parvis.services.visitors import TooManyAttemptsError
from parvis.states.answered import beside
from parvis.states.asking import Field
from parvis.states.stages import Action
from parvis.states.table import MoveRefusedError, StaleVersionError
from parvis.states.words import Sentence
from parvis.web.api.moves_typed import NAMES
from parvis.web.errors import (
    UNREADABLE,
    ForgedError,
    MatchNeededError,
    NoMatchError,
    NotHereError,
    OutOfScopeError,
    Problem,
    SignInNeededError,
    TooLargeError,
    WrongInputError,
    problem_of,
)
from parvis.web.forms import read_form
from parvis.web.noting import refused, route_name
from parvis.web.rendering import page
from parvis.web.site import cookie_name, visit_or_stranger

TELLS = "etat-"
"""Begins the names of places in a page where what saves itself says how it went."""
SESSION_OVER = Sentence(
    "Votre session est finie : ce que vous tapez reste ici sans être enregistré. Entrer de nouveau dans un autre "
    "onglet, puis revenir.",
    "Your session is over: what you type stays here without being saved. Sign in again in another tab, then come back.",
)

_REFUSALS: dict[str, Refusal] = {
    "forged": Refusal.FORGED, "stale": Refusal.STALE, "refused": Refusal.RULES, "invalid": Refusal.INPUT,
    "out_of_scope": Refusal.SCOPE, "sign_in": Refusal.SIGN_IN,
}  # fmt: skip
"""What a problem is counted as, where its status does not say it."""


def install(app: FastAPI) -> None:
    """Make every error of the services an answer."""
    for kind in (
        NotHereError, HiddenError, ForgedError, TooLargeError, WrongInputError, MoveRefusedError,
        OutOfScopeError, MatchNeededError, NoMatchError, StaleVersionError, CaseNotFoundError,
        IdempotencyMismatchError, TooManyAttemptsError, ConflictError, ConstraintError, UnreachableDatabaseError,
        RequestValidationError, LostFileError, NoBankKeyError, WrongBankKeyError, HTTPException, Exception,
    ):  # fmt: skip
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(SignInNeededError, sign_in_first)


async def sign_in_first(request: Request, error: Exception) -> Response:
    """Lead to the sign-in page; what somebody sent with a session that ended meanwhile stays in the answer."""
    refused(request, Refusal.SIGN_IN)
    typed = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    if not typed or _is_program(request) or cookie_name(request) not in request.cookies:
        return await run_in_threadpool(answer, request, error)
    sign_in = str(URL("/connexion").include_query_params(suite=came_from(request)))
    if "application/json" in request.headers.get("accept", ""):
        said = SESSION_OVER.say(visit_or_stranger(request).language)
        return JSONResponse({"told": said}, HTTPStatus.UNAUTHORIZED)
    if request.headers.get("hx-target", "").startswith(TELLS):
        return page(request, "session_over_told.html", status=HTTPStatus.UNAUTHORIZED, sign_in=sign_in)
    sent = [(name, value) for name, values in (await read_form(request)).values.items() for value in values]
    filled = page(
        request, "session_over.html", status=HTTPStatus.UNAUTHORIZED, sign_in=sign_in, action=request.url.path,
        sent=sent,
    )  # fmt: skip
    if request.headers.get("hx-request"):
        filled.headers["hx-retarget"], filled.headers["hx-reselect"] = "#contenu", "#contenu > *"
        filled.headers["hx-reswap"] = "innerHTML"
    return filled


def answer(request: Request, error: Exception) -> Response:
    """What this error says to whoever asked."""
    if isinstance(error, SignInNeededError) and not _is_program(request):
        return _to_sign_in(request)
    problem = problem_of(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logs.tell_error("error", error, route=route_name(request) or None)
    elif isinstance(error, HiddenError | CaseNotFoundError):
        refused(request, Refusal.RIGHTS)
    elif problem.code in _REFUSALS:
        refused(request, _REFUSALS[problem.code])
    if _is_program(request):
        return _problem_json(request, problem, error)
    return page(
        request, "problem.html", status=problem.status, headers=problem.headers, problem=problem,
        back=came_from(request), number=_number(request, problem),
    )  # fmt: skip


def _number(request: Request, problem: Problem) -> str:
    """What to tell whoever runs Parvis, so that they find this in the technical logs; empty for a plain refusal."""
    failed = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return str(getattr(request.state, "number", "")) if failed else ""


def _to_sign_in(request: Request) -> Response:
    asked = URL(str(request.url)).path + (f"?{request.url.query}" if request.url.query else "")
    follow = asked if request.method == "GET" and asked != "/" else ""
    target = URL("/connexion").include_query_params(suite=follow) if follow else URL("/connexion")
    return RedirectResponse(str(target), HTTPStatus.SEE_OTHER)


def came_from(request: Request) -> str:
    """The page of ours this came from, or the start."""
    came = URL(request.headers.get("referer", ""))
    ours = came.netloc == request.headers.get("host") and came.path != request.url.path
    return came.path + (f"?{came.query}" if came.query else "") if ours else "/"


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _problem_json(request: Request, problem: Problem, error: Exception) -> Response:
    language = visit_or_stranger(request).language
    reasons = error.reasons if isinstance(error, MoveRefusedError) else ()
    body = {
        "type": f"urn:parvis:problem:{problem.code}", "title": problem.title.say(language),
        "status": int(problem.status), "detail": problem.advice.say(language),
        "reasons": [{"code": reason.code, "sentence": reason.sentence.say(language)} for reason in reasons],
        "errors": [{"field": name, "sentence": sentence.say(language)} for name, sentence in faults(error)],
    }  # fmt: skip
    return JSONResponse(
        body, problem.status, media_type="application/problem+json",
        headers={**problem.headers, "content-language": language},
    )  # fmt: skip


def faults(error: Exception) -> list[tuple[str, Sentence]]:
    """What is wrong with what was sent, field by field."""
    match error:
        case WrongInputError(fields=fields):
            return [(field.name, field.sentence) for field in fields]
        case RequestValidationError():
            names = {
                ".".join(map(str, fault["loc"][1:])) or str(fault["loc"][0]): None for fault in error.errors()
            }
            return [(name, UNREADABLE) for name in names]
        case MoveRefusedError(action=action, reasons=reasons) if action in set(Action):
            return [
                (NAMES[Field(field)], sentence) for field, sentence in beside(Action(action), reasons).items()
            ]
        case _:
            return []
