"""A document of a case looked at in a page, its check-list beside it: drawn as pictures, so that nothing in it runs."""

from base64 import b64encode

from fastapi import APIRouter, Request, Response

from parvis.models.queries.case_parts import read_documents
from parvis.services import files
from parvis.services.file_previews import PICTURES, Preview, preview
from parvis.services.files import FileLine
from parvis.services.visibility import see_case, see_file
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.sending import shown
from parvis.web.site import Here, Visit

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
    number = wanted_page(request)
    seen = preview(files.shelf(here.site.settings), line, number)
    place = [each.id for each in there].index(line.id)
    return page(
        request, "preview.html", reference=found.reference, home=f"/dossiers/{found.reference}", file=line, seen=seen,
        number=number, drawn=drawn(seen), documents=documents, files=there, papers=None,
        before=there[place - 1] if place else None, after=there[place + 1] if place + 1 < len(there) else None,
    )  # fmt: skip


def wanted_page(request: Request) -> int:
    """The page of a document that an address asks for; the first when it asks for none that could be."""
    said = request.query_params.get("page", "1")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS else 1


def drawn(seen: Preview) -> str:
    """The picture of a page, as its page holds it."""
    return b64encode(seen.png).decode()


def picture(here: Visit, line: FileLine) -> Response:
    """A file that is a picture, for a page of ours to show.

    Raises:
        NotHereError: it is of another type.
    """
    if line.media_type not in PICTURES:
        raise NotHereError
    return shown(line.media_type, files.read(files.shelf(here.site.settings), line))


@router.get("/dossiers/{reference}/fichiers/{file_id}/image", name="file_picture")
def file_picture(here: Here, reference: str, file_id: int) -> Response:
    """Give a file that is a picture, for its preview to show."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        line = see_file(session, found, file_id)
    return picture(here, line)
