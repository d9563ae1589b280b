"""Funders × cases: what each case asks of each funder and gets, filtered, with totals; the same as a workbook."""

from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request, Response

from parvis.models.queries.calls import list_calls
from parvis.models.queries.funding_matrix import funders_of, sittings_of
from parvis.models.session import Session
from parvis.services import sitting_papers
from parvis.services.exports import MEDIA_TYPES, Format
from parvis.services.funding_matrix import Wanted, matrix, write_matrix
from parvis.services.visibility import see_sitting
from parvis.states.stages import Role, Stage
from parvis.states.words import Sentence
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

PART = 100
MOST_FIELDS = 50
MOST_DIGITS = 18
FILE = Sentence("financements-{day}.xlsx", "fundings-{day}.xlsx")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks to see: its words, and the cases they mean."""

    words: dict[str, str]
    wanted: Wanted
    gaps_only: bool
    number: int

    def address(self, **changes: object) -> str:
        """The same words with some changed, as the end of an address."""
        return urlencode({name: said for name, said in {**self.words, **changes}.items() if said})


@router.get("/financements", name="fundings")
def fundings(request: Request, here: Here) -> Response:
    """Show what cases ask of each funder and get."""
    with here.database.transaction() as session:
        asked = _asked(request, session, here)
        made = matrix(session, asked.wanted, gaps_only=asked.gaps_only)
        contract = here.known.contract_id or 0
        calls, sittings = list_calls(session, contract), sittings_of(session, contract)
        funders = funders_of(session, contract, _own(here))
    first = (asked.number - 1) * PART
    sittings = sittings if here.known.role != Role.FUNDER else []
    return page(
        request, "fundings.html", status=HTTPStatus.OK, made=made, lines=made.lines[first : first + PART], asked=asked,
        calls=calls, sittings=sittings, funders=funders, stages=list(Stage)[1:],
        pages=max(1, -(-len(made.lines) // PART)),
    )  # fmt: skip


@router.get("/financements.xlsx", name="fundings_file")
def fundings_file(request: Request, here: Here) -> Response:
    """The same as a workbook whose gaps and totals are formulas, with the envelopes."""
    written = BytesIO()
    with here.database.transaction() as session:
        asked = _asked(request, session, here)
        write_matrix(session, written, asked.wanted, here.language, gaps_only=asked.gaps_only)
    name = here.say(FILE, day=here.today.isoformat())
    return download(name, MEDIA_TYPES[Format.XLSX], written.getvalue())


def _asked(request: Request, session: Session, here: Visit) -> Asked:
    """What the address asks; what nobody knows finds nothing, a sitting that is hidden is not here."""
    said = parse_qs(request.url.query, max_num_fields=MOST_FIELDS, errors="replace")
    names = ("appel", "seance", "etape", "financeur", "ecarts", "page")
    words = {name: said.get(name, [""])[-1].replace("\0", "").strip()[:80] for name in names}
    sitting, funder, number = (_number(words[name]) for name in ("seance", "financeur", "page"))
    if sitting is not None:
        _see_whole(session, here, sitting)
    own = _own(here)
    wanted = Wanted(
        here.known.contract_id or 0, words["appel"], sitting,
        words["etape"] if words["etape"] in set(Stage) else "", own if own is not None else funder,
    )  # fmt: skip
    return Asked(words, wanted, bool(words["ecarts"]), min(max(number or 1, 1), 10_000))


def _see_whole(session: Session, here: Visit, sitting: int) -> None:
    see_sitting(session, here.known, sitting)
    if sitting_papers.hidden_from(session, sitting, here.known.person_id or 0):
        raise NotHereError


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else None


def _own(here: Visit) -> int | None:
    """The funder whose column alone this visitor sees; None for those who see them all."""
    return (here.known.funder_id or 0) if here.known.role == Role.FUNDER else None
