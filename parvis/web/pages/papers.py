"""What a sitting gives to read: its packet built and compared, its annexes, one case of its agenda with its files."""

from http import HTTPStatus
from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from parvis.documents.limited import LimitedError
from parvis.services import files, packets, sitting_papers
from parvis.services.files import FileLine
from parvis.services.visibility import see_sitting
from parvis.web.building import Workshop
from parvis.web.errors import NotHereError
from parvis.web.forms import TypedForm
from parvis.web.pages.sittings import PREPARES
from parvis.web.rendering import page
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()


def workshop_of(request: Request) -> Workshop:
    """Where this application builds packets."""
    return cast("Workshop", request.app.state.workshop)


@router.post("/seances/{sitting_id}/dossier", name="build_packet")
def build_packet(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Build the packet of a sitting now, where its content changed; the page says how far it is."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
    back = RedirectResponse(f"/seances/{sitting_id}#dossier-de-seance", HTTPStatus.SEE_OTHER)
    workshop, kept, quiet = (
        workshop_of(request),
        files.shelf(here.site.settings),
        bool(typed.one("sans_lettre")),
    )
    if workshop.begin(sitting_id):
        back.background = BackgroundTask(
            workshop.run, sitting_id,
            lambda progress: packets.build(
                here.database, kept, sitting_id, by=here.by, at=here.at, quiet=quiet, progress=progress
            ),
        )  # fmt: skip
    return back


@router.get("/seances/{sitting_id}/exemplaires/{packet_id}", name="packet_version")
def packet_version(request: Request, here: Here, sitting_id: int, packet_id: int) -> Response:
    """One version of a copy of the packet: what it says that the one before it did not."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        line = sitting_papers.packet_version(session, sitting_id, here.known.person_id or 0, packet_id)
        versions, changes = sitting_papers.changes_in(session, line)
    content = packets.content_of(line)
    return page(
        request, "packet_version.html", line=line, versions=versions, changes=changes, content=content,
        sitting_id=sitting_id,
    )  # fmt: skip


@router.get("/seances/{sitting_id}/exemplaires/{packet_id}/pdf", name="packet_file")
def packet_file(here: Here, sitting_id: int, packet_id: int) -> Response:
    """One version of a copy of the packet, to keep."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        line = sitting_papers.packet_version(session, sitting_id, here.known.person_id or 0, packet_id)
        file = files.find_file(session, line.file_id)
    return _give(here, file)


@router.get("/seances/{sitting_id}/annexes", name="annexes")
def annexes(here: Here, sitting_id: int) -> Response:
    """The annex volume of a sitting, without the cases hidden from whoever asks: for members and those who prepare."""
    with here.database.transaction() as session:
        seen = see_sitting(session, here.known, sitting_id)
    if not seen.member and here.known.role not in PREPARES:
        raise NotHereError
    kept = files.shelf(here.site.settings)
    try:
        line = sitting_papers.annex_volume(
            here.database, kept, sitting_id, here.known.person_id or 0, by=here.by, at=here.at
        )
    except LimitedError as error:
        raise OSError("the annexes could not be bound") from error
    return download(line.name, line.media_type, files.read(kept, line))


@router.get("/seances/{sitting_id}/dossiers/{reference}", name="agenda_case")
def agenda_case(request: Request, here: Here, sitting_id: int, reference: str) -> Response:
    """A case of the agenda as the packet tells it."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        case, attached = sitting_papers.case_on_agenda(
            session, sitting_id, here.known.person_id or 0, reference
        )
    return page(request, "agenda_case.html", case=case, attached=attached, sitting_id=sitting_id)


@router.get("/seances/{sitting_id}/dossiers/{reference}/fichiers/{file_id}", name="agenda_file")
def agenda_file(here: Here, sitting_id: int, reference: str, file_id: int) -> Response:
    """A file attached to a case of the agenda, to keep."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        _, attached = sitting_papers.case_on_agenda(session, sitting_id, here.known.person_id or 0, reference)
    return _give(here, next((each for each in attached if each.id == file_id), None))


def _give(here: Visit, file: FileLine | None) -> Response:
    if file is None:
        raise NotHereError
    return download(file.name, file.media_type, files.read(files.shelf(here.site.settings), file))
