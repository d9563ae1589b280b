"""Sittings: those somebody sits in or prepares, the page of one, its files."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from parvis.models.queries.session_room import read_sitting
from parvis.services import files, sitting_page, sitting_papers
from parvis.services.file_previews import preview
from parvis.services.files import FileLine, find_file
from parvis.services.sitting_story import story
from parvis.services.visibility import see_sitting, see_sitting_file
from parvis.states.stages import Role
from parvis.web.errors import NotHereError, Problem
from parvis.web.forms import Typed
from parvis.web.pages.previews import drawn, wanted_page
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

PREPARES = frozenset({Role.SECRETARY, Role.MANAGER, Role.ADMINISTRATOR})
"""Roles that see every sitting whole: who is recused from what, its conflicts, its files."""
ACTIONS = ("order_agenda", "change_agenda", "session", "build_packet", "scenarios")
LISTS_ALL = PREPARES | {Role.INSTRUCTOR}


@router.get("/seances", name="sittings")
def sittings(request: Request, here: Here, comite: str = "") -> Response:
    """The sittings of whoever looks, of every committee or of the one of this name: to come, then past."""
    known = here.known
    everybodys = known.role in LISTS_ALL
    with here.database.transaction() as session:
        ahead, over = sitting_page.sittings(
            session, known.contract_id or 0, known.person_id or 0, everybodys=everybodys, at=here.at
        )
    committees = sorted({line.name for line in (*ahead, *over)})
    if comite in committees:
        ahead, over = ([line for line in lines if line.name == comite] for lines in (ahead, over))
    return page(
        request, "sittings.html", ahead=ahead, over=over, everybodys=everybodys, today=here.today,
        prepares=known.role in PREPARES, committees=committees, chosen=comite,
    )  # fmt: skip


@router.get("/seances/{sitting_id}", name="sitting")
def sitting(request: Request, here: Here, sitting_id: int, fait: str = "") -> Response:
    """One sitting: its agenda, and who sits."""
    return show(request, here, sitting_id, done=fait)


def show(
    request: Request, here: Visit, sitting_id: int, *,
    done: str = "", refused: Problem | None = None, typed: Typed | None = None, status: HTTPStatus = HTTPStatus.OK,
) -> Response:  # fmt: skip
    """The page of a sitting, for whoever may look at it."""
    prepares = here.known.role in PREPARES
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        shown = sitting_page.sitting_page(session, sitting_id, here.known.person_id or 0, prepares=prepares)
        choices = sitting_page.carry_choices(session, shown.row, today=here.today) if prepares else ()
        person = here.known.person_id or 0
        hidden = sitting_papers.hidden_from(session, sitting_id, person)
        copies = sitting_papers.copies(session, sitting_id, person) if prepares else ()
        told = story(session, sitting_id, hidden=hidden) if prepares else ()
    return page(
        request, "sitting.html", status=status, shown=shown, prepares=prepares, done=done, refused=refused,
        may=may(here, [*ACTIONS]), today=here.today, choices=choices,
        copies=copies, told=told, building=request.app.state.workshop.state(sitting_id), typed=typed or Typed(),
        whole=not hidden,
    )  # fmt: skip


@router.get("/seances/{sitting_id}/dossier", name="packet")
def packet(here: Here, sitting_id: int) -> Response:
    """Give whoever sits their copy of the packet, without the cases hidden from them now."""
    file = _own_packet(here, sitting_id)
    return download(file.name, file.media_type, files.read(files.shelf(here.site.settings), file))


@router.get("/seances/{sitting_id}/dossier/apercu", name="packet_preview")
def packet_preview(request: Request, here: Here, sitting_id: int) -> Response:
    """Show the same copy a page at a time, for whoever has nothing at hand that opens a PDF."""
    file, number = _own_packet(here, sitting_id), wanted_page(request)
    with here.database.transaction() as session:
        row = read_sitting(session, sitting_id)
    seen = preview(files.shelf(here.site.settings), file, number)
    return page(
        request, "packet_preview.html", row=row, file=file, seen=seen, number=number, drawn=drawn(seen)
    )


def _own_packet(here: Visit, sitting_id: int) -> FileLine:
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        prepares = here.known.role in PREPARES
        line = sitting_page.packet_of(session, sitting_id, here.known.person_id or 0, prepares=prepares)
        file = find_file(session, line.file_id) if line else None
    if file is None:
        raise NotHereError
    return file


@router.get("/seances/{sitting_id}/fichiers/{file_id}", name="sitting_file")
def sitting_file(here: Here, sitting_id: int, file_id: int) -> Response:
    """Give those who prepare a sitting one of its files."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        if sitting_papers.hidden_from(session, sitting_id, here.known.person_id or 0):
            raise NotHereError  # such files tell of every case
        file = see_sitting_file(session, sitting_id, file_id)
    return download(file.name, file.media_type, files.read(files.shelf(here.site.settings), file))
