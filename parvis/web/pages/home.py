"""The start: where each role's day begins."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.session import Session
from parvis.services import opinions, queue, sitting_page
from parvis.services.queue import Filter, Order
from parvis.services.sitting_page import SittingLine
from parvis.services.visibility import viewer
from parvis.states.stages import Role
from parvis.states.words import Sentence
from parvis.web.pages.sittings import PREPARES
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.site import Here, Visit

router = APIRouter()

SHOWN = 8
SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: how many, in words, and where to see to it."""

    count: int
    words: Sentence
    address: str


@router.get("/", name="home")
def home(request: Request, here: Here) -> Response:
    """Say what waits for this visitor today."""
    if here.known.role == Role.APPLICANT:
        return RedirectResponse("/mes-dossiers", HTTPStatus.SEE_OTHER)
    with here.database.transaction() as session:
        allowed = may(here, ["cases", "opinions", "sittings"])
        seen = viewer(here.known)
        mine = queue.read_page(session, Filter(needs_me=True), Order(), seen, at=here.at, limit=SHOWN)
        waiting = [
            Waiting(
                mine.total, Sentence("dossiers vous attendent", "cases wait for you"), "/dossiers?pour=moi"
            )
        ]
        if here.known.role in _LOOKS_AT_LATE:
            late = queue.read_page(session, Filter(late=True), Order(), seen, at=here.at, limit=1)
            waiting.append(
                Waiting(late.total, Sentence("sont en retard", "are late"), "/dossiers?retard=oui")
            )
            nobody = queue.read_page(session, Filter(unassigned=True), Order(), seen, at=here.at, limit=1)
            waiting.append(
                Waiting(
                    nobody.total,
                    Sentence("sans instructeur", "without instructor"),
                    "/dossiers?instructeur=aucun",
                )
            )
        if here.known.role == Role.FUNDER and here.known.funder_id is not None:
            count = len(opinions.awaited(session, here.known.funder_id, here.known.person_id))
            waiting = [Waiting(count, Sentence("avis à donner", "opinions to give"), "/avis")]
        sittings = _sittings(session, here) if "sittings" in allowed else []
    return page(request, "home.html", waiting=waiting, listed=mine, sittings=sittings, today=here.today)


_LOOKS_AT_LATE = frozenset({Role.INSTRUCTOR, Role.MANAGER, Role.ADMINISTRATOR})


def _sittings(session: Session, here: Visit) -> list[SittingLine]:
    known = here.known
    ahead, _ = sitting_page.sittings(
        session, known.contract_id or 0, known.person_id or 0, everybodys=known.role in PREPARES, at=here.at
    )
    return [line for line in ahead if line.held_on <= here.today + SOON]
