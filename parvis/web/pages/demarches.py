"""Démarche numérique in the administration: how far each form was read, what could not come in, why, what to do."""

from fastapi import APIRouter, Request, Response

from parvis.services.demarches.standing import standings
from parvis.web.rendering import page
from parvis.web.site import Here

router = APIRouter()


@router.get("/administration/demarches", name="demarches")
def demarches(request: Request, here: Here) -> Response:
    """Show each form, and the dossiers it refused with every reason."""
    with here.database.transaction() as session:
        found = standings(session, here.known.contract_id or 0)
    token = here.site.settings.demarche_token is not None
    return page(request, "demarches.html", found=found, token=token)
