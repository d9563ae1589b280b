"""What an answer leaves behind: a count, a line of the technical log, the visit of whoever is known."""

import contextlib
import logging
import re
import secrets
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from parvis.models.queries.access import add_visit
from parvis.models.session import ConstraintError, UnreachableDatabaseError
from parvis.services import logs
from parvis.services.measures import Kind, Refusal
from parvis.services.scrubbing import LET_IN, Scrubber
from parvis.services.traces import TRACES
from parvis.web.site import Visit, site_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UNLOGGED = ("/static/", "/sante")
SECRET = tuple(f"/{each}/" for each in LET_IN)
"""The log of access keeps the beginning of these only."""
MOVES = frozenset(
    {"act_on_case", "api_move", "act_on_agreement", "submit_draft", "declare_complete", "withdraw_case"}
)
"""Routes whose writes are one move each: how long they take is told apart."""
_SCRUB = Scrubber()
"""Somebody may type anything after our address: an account, an address."""
_SAID = re.compile(r"[A-Za-z0-9_-]{8,36}")
_BY_STATUS: dict[int, Refusal] = {
    HTTPStatus.BAD_REQUEST: Refusal.INPUT,
    HTTPStatus.UNAUTHORIZED: Refusal.SIGN_IN,
    HTTPStatus.FORBIDDEN: Refusal.RIGHTS,
    HTTPStatus.NOT_FOUND: Refusal.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: Refusal.NOT_FOUND,
    HTTPStatus.GONE: Refusal.NOT_FOUND,
    HTTPStatus.CONFLICT: Refusal.RULES,
    HTTPStatus.PRECONDITION_FAILED: Refusal.STALE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Refusal.TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY: Refusal.INPUT,
    HTTPStatus.PRECONDITION_REQUIRED: Refusal.INPUT,
    HTTPStatus.TOO_MANY_REQUESTS: Refusal.TOO_MANY,
}


def request_id(request: Request) -> str:
    """The number of this request: that of the server in front when it gives one, else one of ours."""
    said = request.headers.get("x-request-id", "")
    return said if _SAID.fullmatch(said) else secrets.token_hex(8)


def refused(request: Request, kind: Refusal) -> None:
    """Keep why this request is refused, for the counts; what was kept first holds."""
    if getattr(request.state, "refused", None) is None:
        request.state.refused = kind


async def note(request: Request, status: int, seconds: float) -> None:
    """Count an answer, write its line, and keep who saw what."""
    kind = _refusal(request, status)
    route = route_name(request)
    TRACES.say(
        f"request {route}" if route else None, status=status, refused=kind, case=_case(request, status)
    )
    site_of(request).answers.count(kind=_kind(request), status=status, seconds=seconds, refused=kind)
    if not request.url.path.startswith(UNLOGGED) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _write_line(request, status, seconds, kind)
    await _keep_visit(request, status)


def route_name(request: Request) -> str:
    """The name of the route that answers; empty when none does."""
    return str(getattr(request.scope.get("route"), "name", ""))


def _kind(request: Request) -> Kind:
    if request.method in SAFE:
        return Kind.READ
    return Kind.MOVE if route_name(request) in MOVES else Kind.WRITE


def _refusal(request: Request, status: int) -> Refusal | None:
    kept: Refusal | None = getattr(request.state, "refused", None)
    if kept is not None:
        return kept
    if status == HTTPStatus.BAD_REQUEST and not route_name(request):
        return Refusal.HOST  # asked for by a name that is not ours, it went no further
    return _BY_STATUS.get(status)


def _write_line(request: Request, status: int, seconds: float, kind: Refusal | None) -> None:
    """The route and the reference it is about, never the address itself: secrets and words typed stand in it."""
    visit: Visit | None = getattr(request.state, "visit", None)
    visitor = visit.visitor if visit else None
    logs.tell(
        "request", level=logging.ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else logging.INFO,
        method=request.method if request.method.isalpha() else None, route=route_name(request) or None,
        case=_case(request, status),
        status=status, ms=round(seconds * 1_000, 1), refused=kind,
        contract=visitor.contract_id if visitor else None, actor=visitor.role if visitor else "stranger",
        program=True if visitor and visitor.scopes is not None else None,
    )  # fmt: skip


def _case(request: Request, status: int) -> str | None:
    """The case it is about; nothing of what was refused, which may be anything somebody typed."""
    return request.path_params.get("reference") if status < HTTPStatus.BAD_REQUEST else None


async def _keep_visit(request: Request, status: int) -> None:
    """Keep who saw what; a log that cannot be written stops nobody."""
    visit: Visit | None = getattr(request.state, "visit", None)
    path = request.url.path.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if visit is None or visit.visitor is None or path.startswith(UNLOGGED):
        return
    visitor = visit.visitor
    path = next((f"{start}…" for start in SECRET if path.startswith(start)), _SCRUB(path))

    def write() -> None:
        with (
            contextlib.suppress(UnreachableDatabaseError, ConstraintError),
            visit.database.one_write() as session,
        ):
            add_visit(session, visitor, method=request.method, path=path[:500], status=status, at=visit.at)

    await run_in_threadpool(write)
