"""The start: where each role's day begins."""

from fastapi import APIRouter, Request, Response

from parvis.web.rendering import page
from parvis.web.site import Here

router = APIRouter()


@router.get("/", name="home")
def home(request: Request, here: Here) -> Response:
    """Say what there is for this visitor."""
    del here
    return page(request, "home.html")
