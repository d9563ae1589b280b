"""An organisation for the service: how it is reached, and its address corrected when it has lost its mailbox."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.applicant import organisation_of_siret
from parvis.models.session import Session
from parvis.services import addresses
from parvis.services.addresses import AddressRefusedError
from parvis.services.visibility import HiddenError, see_organisation
from parvis.states.words import Sentence
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

ONE = "/organismes/{siret}"
CORRECTED = Sentence(
    "Adresse corrigée : une lettre le dit aux deux adresses, et celles qui attendaient partent à la nouvelle.",
    "Address corrected: a letter says so to both, and those that waited leave for the new one.",
)


@router.get(ONE, name="organisation")
def organisation(request: Request, here: Here, siret: str, fait: str = "") -> Response:
    """Show how an organisation is reached, and the form that corrects it."""
    return _show(request, here, siret, done=CORRECTED if fait else None)


@router.post(ONE + "/adresse", name="correct_address")
def correct_address(request: Request, here: Here, siret: str, typed: TypedForm) -> Response:
    """Write to an organisation at another address, for a reason it is told."""
    try:
        with here.database.transaction() as session:
            addresses.correct(
                session, _seen(session, here, siret), typed.one("courriel"), typed.one("motif"),
                contract_id=here.known.contract_id or 0, by=here.by, at=here.at,
            )  # fmt: skip
    except AddressRefusedError as refused:
        return _show(request, here, siret, typed=typed, faults={refused.field: refused.sentence})
    return RedirectResponse(f"/organismes/{siret}?fait=1", HTTPStatus.SEE_OTHER)


def _seen(session: Session, here: Visit, siret: str) -> int:
    """The organisation of this SIRET, when it has to do with the contract of whoever looks."""
    known = organisation_of_siret(session, siret)
    if known is None:
        raise HiddenError(siret)
    return see_organisation(session, here.known, known.id)


def _show(
    request: Request, here: Visit, siret: str, *,
    typed: Typed | None = None, faults: Mapping[str, Sentence] | None = None, done: Sentence | None = None,
) -> Response:  # fmt: skip
    with here.database.transaction() as session:
        shown = addresses.standing(session, _seen(session, here, siret), at=here.at)
    return page(
        request, "organisation.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        shown=shown, typed=typed or Typed(), faults=faults or {}, done=done,
    )  # fmt: skip
