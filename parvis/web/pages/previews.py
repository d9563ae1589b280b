"""A document of a case looked at in a page, its check-list beside it: drawn as pictures, so that nothing in it runs."""

from base64 import b64encode

from fastapi import APIRouter, Request, Response

from parvis.models.queries.case_parts import read_documents
from parvis.services import files
from parvis.services.file_previews import PICTURES, preview
from parvis.services.visibility import see_case, see_file
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.sending import shown
from parvis.web.site import Here

router = APIRouter()

_MOST_DIGITS = 4


@router.get("/dossiers/{reference}/fichiers/{file_id}/apercu", name="preview_file")
def preview_file(request: Request, here: Here, reference: str, file_id: int) -> Response:
    """Show a file of a case, one page at a time, and what else the case holds."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        line = see_file(session, found, file_id)
        documents = read_documents(session, found.id)
        there = files.list_files(session, case_ids=[found.id])
    said = request.query_params.get("page", "1")
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS else 1
    seen = preview(files.shelf(here.site.settings), line, number)
    place = [each.id for each in there].index(line.id)
    return page(
        request, "preview.html", reference=found.reference, file=line, seen=seen, number=number,
        drawn=b64encode(seen.png).decode(), documents=documents, files=there,
        before=there[place - 1] if place else None, after=there[place + 1] if place + 1 < len(there) else None,
    )  # fmt: skip


@router.get("/dossiers/{reference}/fichiers/{file_id}/image", name="file_picture")
def file_picture(here: Here, reference: str, file_id: int) -> Response:
    """Give a file that is a picture, for its preview to show."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        line = see_file(session, found, file_id)
    if line.media_type not in PICTURES:
        raise NotHereError
    return shown(line.media_type, files.read(files.shelf(here.site.settings), line))
