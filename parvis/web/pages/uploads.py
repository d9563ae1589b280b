"""Files that come in with a form: no more read than may be kept, attached one by one, each fault by its field."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from parvis.models.queries.case_parts import read_documents
from parvis.services import files
from parvis.services.cases import Found
from parvis.services.file_problems import FileRefusedError
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.forms import REQUIRED
from parvis.web.site import Visit

PREFIX = "piece_"
"""Begins the name of the field of a document of the check-list."""
MOST_FILES = 60
CHOOSE = Sentence("Choisir un fichier, puis envoyer.", "Choose a file, then send it.")


async def read_uploads(request: Request) -> AsyncIterator[Mapping[str, UploadFile]]:
    """The files of a form that hold something, by the name of their field; closed once the page is made."""
    async with request.form(max_files=MOST_FILES, max_fields=1_000) as sent:
        files_of = {name: value for name, value in sent.multi_items() if isinstance(value, UploadFile)}
        yield {name: value for name, value in files_of.items() if value.filename}


Uploads = Annotated[Mapping[str, UploadFile], Depends(read_uploads)]


def one_file(here: Visit, sent: Mapping[str, UploadFile], field: str) -> tuple[str, bytes]:
    """The name and content of a file that has to be there.

    Raises:
        WrongInputError: it is not.
    """
    upload = sent.get(field)
    if upload is None:
        raise forms.wrong(field, REQUIRED)
    most = files.shelf(here.site.settings).most_bytes
    return upload.filename or "fichier", upload.file.read(most + 1)


def one_checked(here: Visit, sent: Mapping[str, UploadFile], field: str) -> files.Checked:
    """A file that has to be there, once the antivirus and the rules let it in; to be called outside a transaction.

    Raises:
        WrongInputError: it is not.
        FileRefusedError: it is not taken in.
    """
    return files.checked(files.shelf(here.site.settings), *one_file(here, sent, field))


def attach_each(here: Visit, found: Found, sent: Mapping[str, UploadFile]) -> dict[str, Sentence]:
    """Attach the files of the check-list's fields; why some were not taken, by field."""
    with here.database.transaction() as session:
        known = {PREFIX + line.code: line.code for line in read_documents(session, found.id)}
    faults: dict[str, Sentence] = {}
    for field, code in known.items():
        if field in sent and (fault := _attach(here, found, sent, field, code)):
            faults[field] = fault
    if not known.keys() & sent.keys():
        faults[next(iter(known), PREFIX)] = CHOOSE
    return faults


def _attach(
    here: Visit, found: Found, sent: Mapping[str, UploadFile], field: str, code: str
) -> Sentence | None:
    try:
        file = one_checked(here, sent, field)
        with here.database.transaction() as session:
            files.attach(
                session, files.shelf(here.site.settings), found.id, file,
                by=here.by, at=here.at, document=code,
            )  # fmt: skip
    except FileRefusedError as refusal:
        return refusal.sentence
    except MoveRefusedError as refusal:
        return refusal.reasons[0].sentence
    return None
