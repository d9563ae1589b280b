"""The officer a new action meets first: asked for by the organisation, from the step of its request that says whom."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.services.advance import advance_alone
from parvis.states import fields
from parvis.states.facts import Given
from parvis.states.stages import Action
from parvis.states.table import MoveRefusedError
from parvis.web import forms
from parvis.web.errors import WrongInputError, problem_of
from parvis.web.forms import TypedForm
from parvis.web.pages.applicant import mine
from parvis.web.pages.drafting import CONTACT, show_step
from parvis.web.pages.saving import Tried
from parvis.web.site import Here

router = APIRouter()


@router.post("/mes-dossiers/{reference}/echange", name="ask_contact")
def ask_contact(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Ask an officer for a contact."""
    found, said = mine(here, reference), typed.one("message")
    try:
        words = forms.parsed("message", said, _message) if said else ""
        advance_alone(
            here.database, found.id, Action.ASK_CONTACT, by=here.by, at=here.at, given=Given(reason=words)
        )
    except WrongInputError as wrong:
        faults = wrong.by_field
        tried = Tried({"message": [said]}, faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return show_step(request, here, found, CONTACT, tried)
    except MoveRefusedError as refusal:
        tried = Tried({"message": [said]}, refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
        return show_step(request, here, found, CONTACT, tried)
    return RedirectResponse(f"/mes-dossiers/{found.reference}/demande/{CONTACT}", HTTPStatus.SEE_OTHER)


def _message(said: str) -> str:
    return fields.text(said, max_length=forms.LONGEST_REASON, lines=True)
