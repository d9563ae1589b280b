"""What an association sees: its cases, where each stands in plain words, what it may still do."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import applicant as queries
from parvis.models.queries import visibility
from parvis.models.queries.applicant import OwnCase, Received
from parvis.models.session import Session
from parvis.services.advance import why
from parvis.services.case_page import ActionForm
from parvis.services.cases import CaseView, read_case
from parvis.services.files import FileLine, list_files
from parvis.states.asking import ASKS, blocking
from parvis.states.stages import Action, Role, Stage
from parvis.states.words import Sentence

__all__ = ["SAID", "ApplicantPage", "OwnCase", "applicant_page", "own_cases"]

MOST = 200
_BY_OTHER_WAYS = frozenset({Action.RECEIVE_DOCUMENTS, Action.SUBMIT})
"""What an applicant does by sending files, or on the portal the deposit comes from."""

SAID: dict[str, Sentence] = {
    Stage.DRAFT: Sentence("Votre demande n’est pas encore déposée.", "Your request is not submitted yet."),
    Stage.SUBMITTED: Sentence(
        "Votre demande est arrivée : elle est vérifiée, puis examinée.",
        "Your request has arrived: it is checked, then examined.",
    ),
    Stage.INCOMPLETE: Sentence(
        "Des pièces vous sont demandées : l’examen reprend dès qu’elles sont là.",
        "Documents are asked of you: examination goes on as soon as they are in.",
    ),
    Stage.INSTRUCTED: Sentence(
        "L’examen est terminé : votre demande attend un comité.",
        "Examination is over: your request waits for a committee.",
    ),
    Stage.COMMITTEE: Sentence(
        "Votre demande est à l’ordre du jour d’un comité.", "Your request is on the agenda of a committee."
    ),
    Stage.FUNDED: Sentence("Une subvention vous est accordée.", "You have been awarded a grant."),
    Stage.EVALUATED: Sentence(
        "L’action est évaluée et le dossier clos.", "The action is evaluated and the case closed."
    ),
    Stage.INELIGIBLE: Sentence("Votre demande n’est pas recevable.", "Your request is not eligible."),
    Stage.LAPSED: Sentence(
        "Votre demande est caduque : les pièces ne sont pas arrivées à temps.",
        "Your request has lapsed: the documents did not arrive in time.",
    ),
    Stage.REJECTED: Sentence("Votre demande n’est pas retenue.", "Your request is not selected."),
    Stage.WITHDRAWN: Sentence("Votre demande est retirée.", "Your request is withdrawn."),
    Stage.RECLAIMED: Sentence("Un reversement vous est demandé.", "You are asked to pay the grant back."),
}


@dataclass(frozen=True, slots=True)
class ApplicantPage:
    """One case as its organisation sees it: its own files, and what was signed for it. A partner only looks."""

    view: CaseView
    leads: bool
    forms: tuple[ActionForm, ...]
    files: tuple[FileLine, ...]
    letters: tuple[Received, ...]


def own_cases(session: Session, organisation_id: int) -> list[OwnCase]:
    """The cases of an organisation, the latest first."""
    return queries.own_cases(session, organisation_id, limit=MOST)


def applicant_page(session: Session, case_id: int, organisation_id: int, *, at: datetime) -> ApplicantPage:
    """A case that exists, for its organisation or a partner."""
    leads = visibility.leads(session, case_id, organisation_id)
    forms = []
    if leads:
        for option in why(session, case_id, at=at):
            action = Action(option.action)
            if Role.APPLICANT in option.by and action not in _BY_OTHER_WAYS:
                target = Stage(option.target) if option.target else None
                forms.append(ActionForm(action, target, ASKS[action], blocking(action, option.reasons)))
    return ApplicantPage(
        read_case(session, case_id),
        leads,
        tuple(forms),
        tuple(
            line
            for line in list_files(session, case_ids=[case_id])
            if leads and (line.signed_on is not None or line.added_by == f"organisation:{organisation_id}")
        ),
        tuple(queries.letters_received(session, case_id)) if leads else (),
    )
