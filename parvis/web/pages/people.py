"""One person of the contract: how they come in, by which identities, and a way to unlink one."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.access import list_people
from parvis.models.queries.identities import identities_of, unlink
from parvis.states.access import SESSION_IDLES
from parvis.web.errors import NotHereError
from parvis.web.pages.administration import DONE, PEOPLE
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.site import Here

router = APIRouter()


@router.get(PEOPLE + "/{person_id}", name="person")
def person(request: Request, here: Here, person_id: int, fait: str = "") -> Response:
    """Show a person and the identities linked to them."""
    with here.database.transaction() as session:
        everybody = list_people(session, here.known.contract_id or 0, at=here.at, idles=SESSION_IDLES)
        found = next((each for each in everybody if each.id == person_id), None)
        if found is None:
            raise NotHereError
        identities = identities_of(session, found.id)
    return page(
        request, "person.html", person=found, identities=identities, done=DONE.get(fait),
        may=may(here, ["end_sessions", "send_link", "unlink_identity"]),
    )  # fmt: skip


@router.post(PEOPLE + "/{person_id}/identites/{identity_id}/fin", name="unlink_identity")
def unlink_identity(here: Here, person_id: int, identity_id: int) -> Response:
    """Unlink an identity of a person of one's contract, and end the sessions it opened."""
    with here.database.transaction() as session:
        everybody = list_people(session, here.known.contract_id or 0, at=here.at, idles=SESSION_IDLES)
        known = person_id in {each.id for each in everybody}
        if not known or identity_id >= 2**63 or not unlink(session, person_id, identity_id, at=here.at):
            raise NotHereError
    return RedirectResponse(f"{PEOPLE}/{person_id}?fait=identite", HTTPStatus.SEE_OTHER)
