"""The queue: cases by filters said in the address, page by page; what needs whoever looks comes first."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from parvis.models.queries.filter_choices import filter_choices
from parvis.services import queue
from parvis.services.queue import Address, Place
from parvis.services.queue_address import write_query
from parvis.services.queue_columns import columns_on_page, offered_columns
from parvis.services.views import views_of
from parvis.services.visibility import viewer
from parvis.states.queue import SORT_WORDS, Filter, Order, Sort
from parvis.states.stages import STAGE_WORDS
from parvis.states.words import Sentence
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.site import Here, Visit

router = APIRouter()

_MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class View:
    """A list everybody wants at a click."""

    words: Sentence
    query: str


VIEWS = (
    View(Sentence("Ce qui m’attend", "What waits for me"), "pour=moi"),
    View(Sentence("Mes dossiers", "My cases"), "instructeur=moi"),
    View(Sentence("Sans instructeur", "Without instructor"), "instructeur=aucun"),
    View(Sentence("En retard", "Late"), "retard=oui"),
    View(Sentence("Avis attendus", "Opinions awaited"), "avis=attendu"),
    View(Sentence("Plus gros montants", "Largest amounts"), "tri=montant&sens=desc"),
    View(Sentence("Tous", "All"), ""),
)
SORTED: dict[str, str] = {
    "reference": Sort.REFERENCE, "etape": Sort.STAGE, "demande": Sort.AMOUNT, "echeance": Sort.DEADLINE,
    "depot": Sort.DEPOSITED, "note": Sort.SCORE,
}  # fmt: skip
"""What a click on the name of a column sorts by."""
NUMBERS = frozenset(
    {"demande", "cout", "accorde", "note", "pieces", "avis", "avis_demandes", "pieces_requises"}
)
DAYS = frozenset({"depot", "depuis", "retard", "seance"})
_OF_INSTRUCTORS = frozenset({"instructeur=moi"})
DESCENDING_FIRST = frozenset({Sort.AMOUNT, Sort.SCORE, Sort.DEPOSITED})


@router.get("/dossiers", name="cases")
def cases(request: Request, here: Here) -> Response:
    """The cases an address asks for."""
    seen = viewer(here.known)
    address = read(request)
    with here.database.one_write() as session:
        listed = queue.read_page(
            session,
            address.wanted,
            address.order,
            seen,
            at=here.at,
            after=address.after,
            before=address.before,
        )
        choices = filter_choices(session, here.known.contract_id or 0)
        saved = views_of(session, seen)
    query = write_query(address.wanted, address.order, address.columns)
    columns = columns_on_page(address.columns)
    return page(
        request, "cases.html", listed=listed, choices=choices, wanted=address.wanted, order=address.order,
        problems=address.problems, query=query, views=_views(here, address), saved=saved, sorts=_sorts(address),
        next_address=_at(query, "apres", listed.next), previous_address=_at(query, "avant", listed.previous),
        stages=STAGE_WORDS, today=here.today, filtered=address.wanted != Filter(),
        may_bulk=bool(may(here, ["choose_bulk"])), columns=columns,
        labels={column.code: here.say(column.name) for column in columns},
        offered=offered_columns(columns), chosen=",".join(address.columns), SORTED=SORTED, NUMBERS=NUMBERS, DAYS=DAYS,
    )  # fmt: skip


def read(request: Request) -> Address:
    """The list that the query of an address asks for.

    Raises:
        HTTPException: it has more fields than anybody fills in.
    """
    try:
        parameters = parse_qs(request.url.query, max_num_fields=_MOST_FIELDS, errors="replace")
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None
    return queue.read_address(parameters)


def _views(here: Visit, address: Address) -> list[tuple[Sentence, str, bool]]:
    """Words, address, whether it is the one looked at, whatever its columns."""
    query = write_query(address.wanted, address.order)
    role = here.known.role
    return [
        (view.words, f"/dossiers?{view.query}" if view.query else "/dossiers", query == view.query)
        for view in VIEWS
        if view.query not in _OF_INSTRUCTORS or role == "instructor"
    ]


def _sorts(address: Address) -> dict[str, tuple[str, str]]:
    """By kind of order, the address that sorts so, and how the list is sorted now: `ascending`, `descending`, none."""
    found = {}
    for sort in SORT_WORDS:
        current = address.order.sort == sort
        down = not address.order.descending if current else Sort(sort) in DESCENDING_FIRST
        query = write_query(address.wanted, replace(Order(Sort(sort)), descending=down), address.columns)
        state = ("descending" if address.order.descending else "ascending") if current else ""
        found[str(sort)] = (f"/dossiers?{query}" if query else "/dossiers", state)
    return found


def _at(query: str, way: str, place: Place | None) -> str:
    if place is None:
        return ""
    return "/dossiers?" + "&".join(filter(None, (query, urlencode({way: str(place)}))))
