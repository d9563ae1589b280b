"""What the platform of a case says otherwise than Parvis: taken, or kept against, on the page of the case."""

from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.services.portals.settling import NoSuchDifferenceError, settle
from parvis.services.visibility import see_case
from parvis.states.stages import Action
from parvis.states.table import MoveRefusedError, StaleVersionError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import Problem, problem_of
from parvis.web.forms import TypedForm
from parvis.web.pages.cases import Attempt, show
from parvis.web.site import Here

router = APIRouter()

TAKE = "reprendre"
NOT_DONE = Sentence("Rien n’a été repris ni gardé.", "Nothing was taken or kept.")
READ_AGAIN = Sentence("Relire le dossier, puis choisir.", "Read the case again, then choose.")


@router.post("/dossiers/{reference}/plateforme", name="settle_difference")
def settle_difference(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Take what the platform says on one point, or keep what Parvis has."""
    take = typed.one("choix") == TAKE
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
    try:
        with here.database.transaction() as session:
            settle(
                session, found.id, found.reference, typed.one("point"), take=take, by=here.by, at=here.at,
                expected_version=forms.version(typed),
            )  # fmt: skip
    except NoSuchDifferenceError as gone:
        refused = Problem(HTTPStatus.CONFLICT, "portal_differs", NOT_DONE, READ_AGAIN, (gone.sentence,))
        return show(request, here, found, Attempt(refused=refused, status=HTTPStatus.CONFLICT))
    except (MoveRefusedError, StaleVersionError) as refusal:
        return show(request, here, found, Attempt(refused=problem_of(refusal), status=HTTPStatus.CONFLICT))
    done = Action.TAKE_FROM_PORTAL if take else Action.KEEP_AGAINST_PORTAL
    return RedirectResponse(
        f"/dossiers/{quote(found.reference, safe='')}?fait={done}#plateforme", HTTPStatus.SEE_OTHER
    )
