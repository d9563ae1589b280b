"""Open data, for everybody: the grants published, their manifest and changelog, feeds of calls and decisions."""

from fastapi import APIRouter, Request, Response

from parvis.services.open_data.reading import (
    CALLS,
    CHANGES,
    DECISIONS,
    GRANTS,
    MANIFEST,
    MEDIA_TYPES,
    read_file,
)
from parvis.services.open_data.reading import offered as offered_to_all
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.sending import attachment
from parvis.web.site import Here

router = APIRouter()

FOR_PORTALS = {"access-control-allow-origin": "*", "cache-control": "public, max-age=300"}
"""Portals of other sites read these files, and may keep them a while."""


@router.get("/donnees-ouvertes", name="open_data")
def open_data(request: Request, here: Here) -> Response:
    """Show what is published."""
    with here.database.transaction() as session:
        offered = offered_to_all(session, at=here.at)
    return page(
        request, "open_data.html", offered=offered, grants=GRANTS, manifest=MANIFEST, changes=CHANGES, calls=CALLS,
        decisions=DECISIONS,
    )  # fmt: skip


@router.get("/donnees-ouvertes/{contract}/{file}", name="open_data_file")
def open_data_file(here: Here, contract: str, file: str) -> Response:
    """One of the files of a contract."""
    base = here.site.settings.public_url or str(here.request.base_url).rstrip("/")
    with here.database.transaction() as session:
        content = read_file(
            session, contract, file, at=here.at, base=base, language=here.site.settings.language
        )
    if content is None:
        raise NotHereError
    headers = {**FOR_PORTALS, "cross-origin-resource-policy": "cross-origin"}
    if file == GRANTS:
        headers |= attachment(f"{contract}-{file}")
    return Response(content, media_type=MEDIA_TYPES[file], headers=headers)
