"""The end of a session: what closing it will do, closing it, its minutes on a page and as documents."""

import logging
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.documents.limited import LimitedError
from parvis.documents.typeset import TypesettingError
from parvis.models.queries.recusals import recused
from parvis.models.session import Session
from parvis.services import files, minutes_documents
from parvis.services.files import FileLine
from parvis.services.sessions.closing import ClosingBlockedError, close
from parvis.services.sessions.minutes import read_minutes
from parvis.services.sessions.picture import picture
from parvis.services.sessions.room import AlreadyClosedError
from parvis.services.sessions.trial import Trial, try_closing
from parvis.services.visibility import see_sitting
from parvis.states.files import FileKind
from parvis.states.table import MoveRefusedError
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()
logger = logging.getLogger("parvis.web")


@router.get("/seances/{sitting_id}/cloture", name="closing")
def closing(request: Request, here: Here, sitting_id: int) -> Response:
    """Say what closing the session now will do, or what keeps it from closing."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
    try:
        trial = try_closing(here.database, sitting_id, by=here.by, at=here.at)
    except AlreadyClosedError:
        return _to_minutes(sitting_id)
    return _ask(request, here, sitting_id, trial)


@router.post("/seances/{sitting_id}/cloture", name="close_session")
def close_session(request: Request, here: Here, sitting_id: int) -> Response:
    """Close the session: every decision is applied and the minutes are written, or nothing is."""
    try:
        with here.database.transaction() as session:
            see_sitting(session, here.known, sitting_id)
            close(session, sitting_id, by=here.by, at=here.at)
    except AlreadyClosedError:
        return _to_minutes(sitting_id)
    except MoveRefusedError as refusal:
        trial = Trial(refused=refusal.reasons)
        return _ask(request, here, sitting_id, trial, status=HTTPStatus.CONFLICT)
    except ClosingBlockedError as error:
        trial = Trial(blocked=error.blocked)
        return _ask(request, here, sitting_id, trial, status=HTTPStatus.CONFLICT)
    _make_documents(here)
    return _to_minutes(sitting_id, done=True)


def _make_documents(here: Visit) -> None:
    """The minutes as documents, at once; what cannot be made now the daily run makes."""
    try:
        minutes_documents.make_owed(here.database, files.shelf(here.site.settings), at=here.at)
    except (OSError, LimitedError, TypesettingError):
        logger.exception("minutes not made yet")


def _ask(
    request: Request, here: Visit, sitting_id: int, trial: Trial, *, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    with here.database.transaction() as session:
        seen = picture(session, sitting_id, at=here.at)
    return page(request, "closing.html", status=status, trial=trial, seen=seen, row=seen.room.row)


def _to_minutes(sitting_id: int, *, done: bool = False) -> Response:
    query = "?fait=close" if done else ""
    return RedirectResponse(f"/seances/{sitting_id}/proces-verbal{query}", HTTPStatus.SEE_OTHER)


@router.get("/seances/{sitting_id}/proces-verbal", name="minutes")
def minutes(request: Request, here: Here, sitting_id: int, fait: str = "") -> Response:
    """The minutes of a closed session, with their documents."""
    with here.database.transaction() as session:
        _see_whole(session, here, sitting_id)
        said = read_minutes(session, sitting_id)
        made = _made(session, sitting_id)
    if said is None:
        raise NotHereError
    return page(request, "minutes.html", said=said, files=made, sitting_id=sitting_id, done=fait == "close")


@router.get("/seances/{sitting_id}/proces-verbal/{file_id}", name="minutes_file")
def minutes_file(here: Here, sitting_id: int, file_id: int) -> Response:
    """The minutes as a document."""
    with here.database.transaction() as session:
        _see_whole(session, here, sitting_id)
        line = next((each for each in _made(session, sitting_id) if each.id == file_id), None)
    if line is None:
        raise NotHereError
    return download(line.name, line.media_type, files.read(files.shelf(here.site.settings), line))


def _see_whole(session: Session, here: Visit, sitting_id: int) -> None:
    """Let through whoever may read all that was said: minutes tell of every case."""
    see_sitting(session, here.known, sitting_id)
    if recused(session, sitting_id).get(here.known.person_id or 0):
        raise NotHereError


def _made(session: Session, sitting_id: int) -> list[FileLine]:
    return files.list_files(session, committee_id=sitting_id, kind=FileKind.MINUTES)
