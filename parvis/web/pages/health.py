"""Whether all is well: for programs that watch over the installation, and in words for those who run it."""

import secrets
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from parvis.models.queries import health as queries
from parvis.services.health import Examined, examine, is_current
from parvis.services.measures import EXPOSITION, Counted, exposition
from parvis.states.health import LEVEL_WORDS
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.site import BEARER, Here, Visit

router = APIRouter()


@router.get("/sante/vivant", name="alive")
def alive() -> Response:
    """Say that this process answers: whoever restarts processes asks this, and a database away restarts nobody."""
    return JSONResponse({"status": "ok"})


@router.get("/sante", name="health")
def health(here: Here) -> Response:
    """Say whether pages can be served: the database answers, and is of this version."""
    with here.database.transaction() as session:
        current = is_current(session)
    if not current:
        return JSONResponse({"status": "migrate"}, HTTPStatus.SERVICE_UNAVAILABLE)
    return JSONResponse({"status": "ok"})


@router.get("/mesures", name="measures")
def measures(request: Request, here: Here) -> Response:
    """The figures, as Prometheus reads them, for whoever bears the token of PARVIS_METRICS_TOKEN."""
    expected = here.site.settings.metrics_token
    said = request.headers.get("authorization", "")
    if expected is None or not said.lower().startswith(BEARER):
        raise NotHereError
    if not secrets.compare_digest(said[len(BEARER) :].encode(), expected.get_secret_value().encode()):
        raise NotHereError
    found = _examined(here)
    with here.database.transaction() as session:
        counted = Counted(
            queries.counts_by_stage(session), queries.letters_waiting(session), queries.written_lines(session)
        )
    return PlainTextResponse(exposition(found, counted, here.site.answers), media_type=EXPOSITION)


@router.get("/administration/etat", name="wellbeing")
def wellbeing(request: Request, here: Here) -> Response:
    """Is everything all right? What is wrong, and what to do."""
    return page(request, "wellbeing.html", found=_examined(here), words=LEVEL_WORDS)


def _examined(here: Visit) -> Examined:
    site = here.site
    return examine(site.database, site.settings.data_folder, site.jobs, at=here.at)
