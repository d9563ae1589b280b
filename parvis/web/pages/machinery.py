"""How the house runs: the jobs as Prefect tells of them, the proof of the journal, the Word templates."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from parvis.documents.letter_fields import TEMPLATE_KIND_WORDS, TemplateKind
from parvis.documents.word_letters import LARGEST_TEMPLATE
from parvis.models.queries.calls import list_calls
from parvis.models.queries.journal import anchors
from parvis.services import previews, word_templates
from parvis.services.file_problems import FileRefusedError
from parvis.services.flow_runs import JobsAwayError, NoSuchJobError, read_jobs, run_now
from parvis.services.jobs import verify_journal
from parvis.services.journal import Verification
from parvis.services.visibility import HiddenError, see_case
from parvis.services.word_templates import WordTemplateProblemsError
from parvis.states.files import MediaType
from parvis.states.words import Sentence
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

JOBS, JOURNAL, TEMPLATES = "/administration/travaux", "/administration/journal", "/administration/modeles"
MOST_ANCHORS = 30
NO_CASE = Sentence(
    "Aucun dossier « {name} » : écrire sa référence, par exemple ANNUEL-2026-00012.",
    "There is no case “{name}”: write its reference, for example ANNUEL-2026-00012.",
)
LAUNCHED = Sentence(
    "Le travail « {name} » est demandé : il commence dans quelques secondes.",
    "The job “{name}” is asked for: it begins within seconds.",
)
KEPT = Sentence("Modèle gardé, version {version}.", "Template kept, version {version}.")


@router.get(JOBS, name="jobs")
def jobs(request: Request, here: Here, lance: str = "") -> Response:
    """The jobs: last run and state of each, the runs that failed; plain words when Prefect is away."""
    found, away = None, False
    try:
        found = read_jobs(here.site.jobs)
    except JobsAwayError:
        away = True
    known = found is not None and lance in {job.name for job in found.jobs}
    return page(
        request, "jobs.html", found=found, away=away, address=here.site.jobs, may=may(here, ["run_job"]),
        done=LAUNCHED.fill(name=lance) if known else None,
    )  # fmt: skip


@router.post(JOBS + "/{name}/lancer", name="run_job")
def run_job(request: Request, here: Here, name: str) -> Response:
    """Ask for a run of a job now."""
    try:
        run_now(here.site.jobs, name)
    except NoSuchJobError:
        raise NotHereError from None
    except JobsAwayError:
        return page(
            request, "jobs.html", status=HTTPStatus.SERVICE_UNAVAILABLE, found=None, away=True,
            address=here.site.jobs, may=may(here, ["run_job"]), done=None,
        )  # fmt: skip
    return RedirectResponse(f"{JOBS}?lance={name}", HTTPStatus.SEE_OTHER)


@router.get(JOURNAL, name="proof")
def proof(request: Request, here: Here) -> Response:
    """The anchors of the journal, the latest first."""
    return _proof(request, here, None)


@router.post(JOURNAL, name="verify_journal")
def verify(request: Request, here: Here) -> Response:
    """Verify every line of the journal now."""
    return _proof(request, here, verify_journal(here.database, here.site.settings.anchors))


@router.get(TEMPLATES, name="word_templates")
def templates(request: Request, here: Here, version: int = 0) -> Response:
    """The Word templates in use."""
    return _templates(request, here, done=KEPT.fill(version=version) if version else None)


@router.post(TEMPLATES, name="upload_template")
def upload(
    request: Request, here: Here, fichier: Annotated[UploadFile, File()], modele: Annotated[str, Form()],
    appel: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Keep a Word document as the next version of a template, once checked."""
    if modele not in set(TemplateKind):
        raise NotHereError
    content = fichier.file.read(LARGEST_TEMPLATE + 1)
    try:
        with here.database.transaction() as session:
            call = next(
                (each for each in list_calls(session, here.known.contract_id or 0) if each.code == appel),
                None,
            )
            if appel and call is None:
                raise NotHereError
            version = word_templates.keep(
                session, here.known.contract_id or 0, TemplateKind(modele), fichier.filename or "modele", content,
                by=here.by, at=here.at, call_id=call.id if call else None,
            )  # fmt: skip
    except FileRefusedError as refusal:
        return _templates(request, here, problems=[refusal.sentence])
    except WordTemplateProblemsError as refusal:
        return _templates(request, here, problems=[problem.sentence for problem in refusal.problems])
    return RedirectResponse(f"{TEMPLATES}?version={version}", HTTPStatus.SEE_OTHER)


@router.get(TEMPLATES + "/{kind}/essai", name="try_template")
def try_template(request: Request, here: Here, kind: str, dossier: str = "") -> Response:
    """Give the document a real case would get, with nothing kept."""
    if kind not in set(TemplateKind):
        raise NotHereError
    wanted = TemplateKind(kind)
    try:
        with here.database.transaction() as session:
            found = see_case(session, here.known, dossier.strip(), at=here.at)
            made = previews.preview(session, wanted, found.reference, at=here.at)
    except HiddenError:
        return _templates(request, here, problems=[NO_CASE.fill(name=dossier[:60])])
    return download(f"{kind}-{dossier.strip()}.docx", MediaType.DOCX, made)


def _proof(request: Request, here: Visit, verified: Verification | None) -> Response:
    with here.database.transaction() as session:
        rows = anchors(session)
    return page(
        request, "proof.html", anchors=rows[: -MOST_ANCHORS - 1 : -1], count=len(rows), verified=verified,
        may=may(here, ["verify_journal"]), folder=here.site.settings.anchors,
    )  # fmt: skip


def _templates(
    request: Request, here: Visit, *, problems: list[Sentence] | None = None, done: Sentence | None = None
) -> Response:
    with here.database.transaction() as session:
        kept = word_templates.last_templates(session, here.known.contract_id or 0)
        calls = list_calls(session, here.known.contract_id or 0)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return page(
        request, "word_templates.html", status=status, kinds=TEMPLATE_KIND_WORDS, kept=kept, calls=calls,
        problems=problems or [], done=done, may=may(here, ["upload_template"]),
    )  # fmt: skip
