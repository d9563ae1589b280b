"""The start: where each role's day begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.home_counts import money_waiting, post_waiting
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
    """One kind of thing that waits: how many, in words, and where to see to it."""

    count: int
    one: Sentence
    several: Sentence
    address: str

    @property
    def words(self) -> Sentence:
        """What is said after the number."""
        return self.one if self.count == 1 else self.several


@router.get("/", name="home")
def home(request: Request, here: Here) -> Response:
    """Say what waits for this visitor today."""
    if here.known.role == Role.APPLICANT:
        return RedirectResponse("/mes-dossiers", HTTPStatus.SEE_OTHER)
    with here.database.transaction() as session:
        mine = queue.read_page(
            session, Filter(needs_me=True), Order(), viewer(here.known), at=here.at, limit=SHOWN
        )
        sittings = _sittings(session, here) if may(here, ["sittings"]) else []
        waiting = [*_cases(session, here, mine.total), *_beside(session, here, sittings)]
    return page(request, "home.html", waiting=waiting, listed=mine, sittings=sittings, today=here.today)


_LOOKS_AT_LATE = frozenset({Role.INSTRUCTOR, Role.MANAGER, Role.ADMINISTRATOR})


def _cases(session: Session, here: Visit, mine: int) -> Iterator[Waiting]:
    """The cases that wait; shown even when there is none, to say so."""
    known = here.known
    if known.role == Role.FUNDER and known.funder_id is not None:
        count = len(opinions.awaited(session, known.funder_id, known.person_id))
        yield Waiting(
            count,
            Sentence("avis à donner", "opinion to give"),
            Sentence("avis à donner", "opinions to give"),
            "/avis",
        )
        return
    yield Waiting(
        mine, Sentence("dossier vous attend", "case waits for you"),
        Sentence("dossiers vous attendent", "cases wait for you"), "/dossiers?pour=moi",
    )  # fmt: skip
    if known.role in _LOOKS_AT_LATE:
        seen = viewer(known)
        late = queue.read_page(session, Filter(late=True), Order(), seen, at=here.at, limit=1)
        nobodys = queue.read_page(session, Filter(unassigned=True), Order(), seen, at=here.at, limit=1)
        yield Waiting(late.total, Sentence("est en retard", "is late"),
                      Sentence("sont en retard", "are late"), "/dossiers?retard=oui")  # fmt: skip
        without = Sentence("sans instructeur", "without instructor")
        yield Waiting(nobodys.total, without, without, "/dossiers?instructeur=aucun")


def _beside(session: Session, here: Visit, sittings: Sequence[SittingLine]) -> Iterator[Waiting]:
    """What else waits, of the kinds there are."""
    known, found = here.known, []
    contract = known.contract_id or 0
    if may(here, ["payments"]):
        money = money_waiting(session, contract)
        found += [
            Waiting(money.payments, Sentence("versement à faire", "payment to make"),
                    Sentence("versements à faire", "payments to make"), "/paiements"),
            Waiting(money.accounts, Sentence("compte à confirmer", "account to confirm"),
                    Sentence("comptes à confirmer", "accounts to confirm"), "/coordonnees-bancaires"),
        ]  # fmt: skip
    if may(here, ["letters"]) and known.role != Role.FINANCE:
        post = post_waiting(session, contract)
        found += [
            Waiting(post.tasks, Sentence("tâche ouverte", "open task"),
                    Sentence("tâches ouvertes", "open tasks"), "/lettres#taches"),
            Waiting(post.failed, Sentence("lettre n’est pas partie", "letter did not leave"),
                    Sentence("lettres ne sont pas parties", "letters did not leave"), "/lettres"),
        ]  # fmt: skip
    if may(here, ["change_agenda"]):
        ties = Sentence("conflit d’intérêts à voir", "conflict of interest to see")
        several = Sentence("conflits d’intérêts à voir", "conflicts of interest to see")
        found += [Waiting(line.to_confirm, ties, several, f"/seances/{line.id}") for line in sittings]
    yield from (one for one in found if one.count)


def _sittings(session: Session, here: Visit) -> list[SittingLine]:
    known = here.known
    ahead, _ = sitting_page.sittings(
        session, known.contract_id or 0, known.person_id or 0, everybodys=known.role in PREPARES, at=here.at
    )
    return [line for line in ahead if line.held_on <= here.today + SOON]
