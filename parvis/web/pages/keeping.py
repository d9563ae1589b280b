"""What one takes away from a list of cases: a file of it, or a name to find it again by."""

import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from typing import IO

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from parvis.services import exports, queue, views
from parvis.services.exports import MEDIA_TYPES, Format, Layout
from parvis.services.queue_columns import COLUMNS, chosen_columns, columns_on_page, offered_columns, placed
from parvis.services.views import ViewRefusedError
from parvis.services.visibility import viewer
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError
from parvis.web.forms import TypedForm
from parvis.web.pages.lists import read
from parvis.web.sending import attachment
from parvis.web.site import Here

router = APIRouter()

NAME = Sentence("dossiers-{day}.{format}", "cases-{day}.{format}")
_CHUNK = 65_536
_IN_MEMORY = 2_000_000


@router.get("/dossiers/export/{kind}", name="export_cases")
def export_cases(request: Request, here: Here, kind: str) -> Response:
    """The cases of a list, all its pages, as a spreadsheet."""
    if kind not in set(Format):
        raise NotHereError
    address = read(request)
    layout = Layout(Format(kind), chosen_columns(address.columns, otherwise=COLUMNS), here.language)
    written = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed once it is sent
    with here.database.transaction() as session:
        exports.export(
            session,
            written,
            layout,
            wanted=address.wanted,
            order=address.order,
            viewer=viewer(here.known),
            at=here.at,
        )
    written.seek(0)
    name = here.say(NAME, day=here.today.isoformat(), format=kind)
    return StreamingResponse(_parts(written), media_type=MEDIA_TYPES[Format(kind)], headers=attachment(name))


def _parts(written: IO[bytes]) -> Iterator[bytes]:
    with written:
        while part := written.read(_CHUNK):
            yield part


@router.post("/dossiers/vues", name="keep_view")
def keep_view(here: Here, typed: TypedForm) -> Response:
    """Save a list under a name, for oneself or for everybody of the contract."""
    query = typed.one("requete")[:4_000]
    try:
        with here.database.transaction() as session:
            views.keep_view(
                session, here.known.person_id or 0, typed.one("nom"), query,
                shared=bool(typed.one("partager")), at=here.at,
            )  # fmt: skip
    except ViewRefusedError as refusal:
        raise forms.wrong("nom", refusal.sentence) from None
    return RedirectResponse(f"/dossiers?{query}" if query else "/dossiers", HTTPStatus.SEE_OTHER)


@router.post("/dossiers/colonnes", name="choose_columns")
def choose_columns(here: Here, typed: TypedForm) -> Response:
    """Show a list with the columns ticked, in the order of their places; the address says which."""
    del here
    asked = queue.read_query(typed.one("requete")[:4_000])
    offered = [column.code for column in offered_columns(columns_on_page(asked.columns))]
    places = {
        code: int(said)
        for code in offered
        if (said := typed.one(f"rang_{code}")).isascii() and said.isdigit()
    }
    ticked = () if typed.one("habituelles") else placed(typed.all("colonne"), places, offered)
    query = queue.write_query(asked.wanted, asked.order, ticked)
    return RedirectResponse(f"/dossiers?{query}" if query else "/dossiers", HTTPStatus.SEE_OTHER)


@router.post("/dossiers/vues/{view_id}/supprimer", name="drop_view")
def drop_view(here: Here, view_id: int) -> Response:
    """Forget a list one had saved."""
    with here.database.transaction() as session:
        dropped = view_id < 2**63 and views.drop_view(session, here.known.person_id or 0, view_id)
    if not dropped:
        raise NotHereError
    return RedirectResponse("/dossiers", HTTPStatus.SEE_OTHER)
