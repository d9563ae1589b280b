"""The history of the amounts of a case: who changed which, and why."""

from fastapi import APIRouter, Request, Response

from parvis.models.queries.case_page import case_title
from parvis.services.amount_histories import amount_history
from parvis.services.visibility import see_case
from parvis.web.rendering import page
from parvis.web.site import Here

router = APIRouter()


@router.get("/dossiers/{reference}/montants", name="case_amounts")
def case_amounts(request: Request, here: Here, reference: str) -> Response:
    """Show what happened to each amount of a case, oldest first."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        entries = amount_history(session, found.id)
        title = case_title(session, found.id)
    return page(request, "case_amounts.html", reference=found.reference, title=title, entries=entries)
