"""Files for programs: the documents of a case listed, given, attached."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

from parvis.models.queries.case_parts import read_documents
from parvis.services import files
from parvis.services.cases import Found
from parvis.services.file_problems import FileRefusedError
from parvis.services.files import FileLine
from parvis.services.people import UnknownNameError
from parvis.services.visibility import see_case, see_file
from parvis.web import forms
from parvis.web.api.more_shapes import Documents
from parvis.web.api.more_shapes import File as FileShape
from parvis.web.api.shapes import CheckLine
from parvis.web.api.told import READING, ROOT, WRITING, Number, Reference, problems, wrong
from parvis.web.sending import download
from parvis.web.site import Here

router = APIRouter(prefix=ROOT)


@router.get(
    "/cases/{reference}/documents", name="api_documents", responses=problems(*READING)
)  # fmt: skip
def documents(here: Here, reference: Reference) -> Documents:
    """List the check-list of a case, and its files."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        checklist = read_documents(session, found.id)
        lines = files.list_files(session, case_ids=[found.id])
    return Documents(
        checklist=[CheckLine.model_validate(line) for line in checklist],
        files=[_told(found, line) for line in lines],
    )


@router.get(
    "/cases/{reference}/files/{file_id}", name="api_file", response_class=Response,
    responses={**problems(*READING), 200: {
        "description": "The bytes that were kept.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }},
)  # fmt: skip
def file(here: Here, reference: Reference, file_id: Number) -> Response:
    """Give the bytes of a file."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        line = see_file(session, found, file_id)
    return download(line.name, line.media_type, files.read(files.shelf(here.site.settings), line))


@router.post(
    "/cases/{reference}/files", name="api_attach_file", status_code=201, responses=problems(*WRITING),
)  # fmt: skip
def attach(
    response: Response, here: Here, reference: Reference, file: Annotated[UploadFile, File()],
    document: Annotated[str, Form(max_length=200, description="Code of the check-list: it is received.")] = "",
) -> FileShape:  # fmt: skip
    """Attach a file; the same one for the same document is attached once."""
    kept = files.shelf(here.site.settings)
    content = file.file.read(kept.most_bytes + 1)
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
    try:
        looked = files.checked(kept, file.filename or "", content)
        with here.database.transaction() as session:
            line = files.attach(
                session, kept, found.id, looked,
                by=here.by, at=here.at, document=document or None,
            )  # fmt: skip
    except FileRefusedError as refusal:
        raise wrong("file", refusal.sentence) from None
    except UnknownNameError:
        raise wrong("document", forms.NOT_OFFERED) from None
    told = _told(found, line)
    response.headers["location"] = told.href
    return told


def _told(found: Found, line: FileLine) -> FileShape:
    return FileShape(
        id=line.id, name=line.name, kind=line.kind, document_code=line.document_code, media_type=line.media_type,
        size_bytes=line.size, sha256=line.sha256.hex(), added_at=line.added_at,
        href=f"{ROOT}/cases/{found.reference}/files/{line.id}",
    )  # fmt: skip
