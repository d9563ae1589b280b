"""What no person asks for: files of `static/`, the language of the next pages."""

from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, RedirectResponse

from parvis.states.words import Language
from parvis.web.answers import came_from
from parvis.web.errors import NotHereError
from parvis.web.rendering import STATIC, asset
from parvis.web.site import LANGUAGE_COOKIE, Here, is_secure

router = APIRouter()
FOR_EVER = "public, max-age=31536000, immutable"
A_YEAR = 31_536_000


@router.get("/static/{digest}/{name}", name="static")
def static(digest: str, name: str) -> Response:
    """A file of ours, for ever under the address of its content."""
    if name not in {file.name for file in STATIC.iterdir()} or asset(name) != f"/static/{digest}/{name}":
        raise NotHereError
    return FileResponse(STATIC / name, headers={"cache-control": FOR_EVER})


@router.post("/langue/{language}", name="language")
def language(language: Language, here: Here) -> Response:
    """Choose the language of the pages to come."""
    response = RedirectResponse(came_from(here.request), HTTPStatus.SEE_OTHER)
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=A_YEAR, httponly=True, samesite="lax",
                        secure=is_secure(here.request))  # fmt: skip
    return response
