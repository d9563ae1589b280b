"""What the register of associations says of the applicant of a case: shown when known, asked on demand."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.case_parts import Applicant
from parvis.models.queries.sirene import notice_of
from parvis.models.session import Session
from parvis.services.cases import read_case
from parvis.services.sirene import look, register_of
from parvis.services.visibility import see_case
from parvis.states.sirene import Notice, differences
from parvis.states.words import Sentence
from parvis.web.rights import may
from parvis.web.site import Here, Visit

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Told:
    """What the register last said, if it was asked; how that differs from what we hold; whether it is away now."""

    notice: Notice | None
    differs: tuple[Sentence, ...]
    old: bool
    away: bool


@router.post("/dossiers/{reference}/repertoire", name="compare_applicant")
def compare(here: Here, reference: str) -> Response:
    """Ask the register about the applicant of a case, then show the case again, whatever it answered."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        siret = read_case(session, found.id).applicant.siret
    looked = look(here.database, register_of(here.site.settings), siret, at=here.at, anew=True)
    away = "?repertoire=absent" if looked.away else ""
    return RedirectResponse(
        f"/dossiers/{quote(found.reference, safe='')}{away}#synthese", HTTPStatus.SEE_OTHER
    )


def told_of(session: Session, here: Visit, applicant: Applicant) -> Told | None:
    """What is known of an applicant; None where no register is set, or for who may not ask: nothing is read then."""
    if not here.site.settings.sirene_url or not may(here, ["compare_applicant"]):
        return None
    notice = notice_of(session, applicant.siret)
    away = here.request.query_params.get("repertoire") == "absent"
    if notice is None:
        return Told(None, (), old=False, away=away)
    return Told(notice, tuple(differences(applicant.name, notice)), old=not notice.fresh(here.at), away=away)
