"""Cases for programs: lists by the filters of the queue, one case, what happened to it."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from parvis.services import queue
from parvis.services.cases import read_case
from parvis.services.histories import Origin, history
from parvis.services.queue import Place
from parvis.services.visibility import see_case, viewer
from parvis.web.api.shapes import Applicant, Case, CaseLine, CaseList, Contact, Entry, History
from parvis.web.api.told import OUTSIDE, READING, ROOT, Reference, etag, not_modified, problems
from parvis.web.errors import FieldError, WrongInputError
from parvis.web.pages.lists import read
from parvis.web.site import Here

router = APIRouter(prefix=ROOT)

Said = Annotated[list[str], Field(max_length=20)]


class CaseFilters(BaseModel):
    """The filters of the queue's address, by the same names; a list repeats its name (`etape=submitted&etape=…`)."""

    model_config = ConfigDict(extra="forbid")

    etape: Said = Field(default=[], description="Stages.")
    appel: Said = Field(default=[], description="Codes of calls.")
    vague: Said = Field(default=[], description="Codes of waves.")
    quartier: Said = Field(default=[], description="Codes of neighbourhoods.")
    defi: Said = Field(default=[], description="Codes of challenges.")
    financeur: Said = Field(default=[], description="Codes of funders.")
    instructeur: Said = Field(default=[], description="Ids of instructors, `moi`, or `aucun`.")
    avis: Literal["attendu"] | None = Field(default=None, description="Cases that wait for opinions.")
    retard: Literal["oui"] | None = Field(default=None, description="Late cases.")
    pour: Literal["moi"] | None = Field(default=None, description="Cases that wait for whoever asks.")
    min: str | None = Field(default=None, description="Least amount asked, in euros: `1500` or `1500,50`.")
    max: str | None = Field(default=None, description="Largest amount asked, in euros.")
    q: str | None = Field(default=None, max_length=200, description="Words; accents do not matter.")
    tri: Literal["echeance", "montant", "depot", "reference", "note", "etape", "avis"] | None = Field(
        default=None, description="The order; by deadline when it is not said."
    )
    sens: Literal["asc", "desc"] | None = None
    apres: str | None = Field(default=None, description="A place in the list, as `next` says it.")
    avant: str | None = Field(default=None, description="A place in the list, as `previous` says it.")
    limite: int = Field(default=50, ge=1, le=200, description="How many cases a page holds.")


@router.get("/cases", name="api_cases", responses=problems(*READING))
def cases(
    request: Request, response: Response, here: Here, filters: Annotated[CaseFilters, Query()]
) -> CaseList:
    """List cases, page by page; `Link` and `next` lead on."""
    address = read(request)
    if address.problems:
        raise WrongInputError(*(FieldError(name, sentence) for name, sentence in address.problems))
    with here.database.transaction() as session:
        page = queue.read_page(
            session, address.wanted, address.order, viewer(here.known), at=here.at,
            after=address.after, before=address.before, limit=filters.limite,
        )  # fmt: skip
    query = queue.write_query(address.wanted, address.order)
    following = _at(query, "apres", page.next, filters.limite)
    previous = _at(query, "avant", page.previous, filters.limite)
    links = [(following, "next"), (previous, "prev")]
    if said := ", ".join(f'<{link}>; rel="{rel}"' for link, rel in links if link):
        response.headers["link"] = said
    return CaseList(
        items=[CaseLine.model_validate(row) for row in page.rows], total=page.total, capped=page.capped,
        next=following, previous=previous,
    )  # fmt: skip


@router.get(
    "/cases/{reference}", name="api_case", response_model=Case, responses={**problems(*READING), 304: {
        "description": "It is still at the version of `If-None-Match`.",
    }},
)  # fmt: skip
def case(request: Request, response: Response, here: Here, reference: Reference) -> Case | Response:
    """Read one case; its `ETag` is what a write repeats in `If-Match`."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        if same := not_modified(request, found.version):
            return same
        view = read_case(session, found.id)
    response.headers["etag"] = etag(view.head.version)
    head = {name: getattr(view.head, name) for name in Case.model_fields if hasattr(view.head, name)}
    parts = {
        name: list(getattr(view, name))
        for name in ("neighbourhoods", "challenges", "documents", "budget", "fundings", "partners")
    }
    return Case.model_validate({
        **head, **parts, "applicant": Applicant.model_validate(view.applicant),
        "contact": Contact.model_validate(view.contact),
    })  # fmt: skip


@router.get("/cases/{reference}/history", name="api_history", responses=problems(*READING))
def told(here: Here, reference: Reference) -> History:
    """Tell all that happened to a case."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        entries = history(session, found.id, here.language)
    letters = here.known.role not in OUTSIDE
    return History(
        items=[Entry.model_validate(each) for each in entries if letters or each.origin is not Origin.LETTER]
    )


def _at(query: str, way: str, place: Place | None, limit: int) -> str | None:
    if place is None:
        return None
    return f"{ROOT}/cases?" + "&".join(filter(None, (query, urlencode({way: str(place), "limite": limit}))))
