"""The reports of a funded action, half-way and final: typed step by step and saved by themselves, signed and sent."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.session import Session
from parvis.services import files, reports
from parvis.services.cases import Found
from parvis.services.draft_answers import unusable
from parvis.services.file_problems import FileRefusedError
from parvis.services.report_answers import LABELS, STEPS, name_of, read_report
from parvis.services.reports import NoSuchReportError, OwedReport, ReportRefusedError
from parvis.states import fields
from parvis.states.calendar import paris_day
from parvis.states.report_words import ReportKind
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm
from parvis.web.pages.applicant import mine
from parvis.web.pages.drafting import gone
from parvis.web.pages.saving import Saved, Tried, save_step
from parvis.web.pages.uploads import Uploads, one_checked
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

DOCUMENTS, SENDING = "pieces", "envoi"
FINAL, INTERIM = "bilan", "bilan-intermediaire"
KINDS = {FINAL: ReportKind.FINAL, INTERIM: ReportKind.INTERIM}
"""Which report an address is about."""
WORDS = {
    **STEPS,
    DOCUMENTS: Sentence("Les pièces", "Documents"),
    SENDING: Sentence("Relire et envoyer", "Read again and send"),
}


@router.get("/mes-dossiers/{reference}/bilan-intermediaire", name="my_interim")
def my_interim(here: Here, reference: str) -> Response:
    """Begin the interim report: it has one way out."""
    return RedirectResponse(_step(mine(here, reference), INTERIM, next(iter(STEPS))), HTTPStatus.SEE_OTHER)


@router.get("/mes-dossiers/{reference}/bilan", name="my_report")
def my_report(request: Request, here: Here, reference: str) -> Response:
    """Offer the three ways out."""
    return _choose(request, here, mine(here, reference), Typed(), Tried())


@router.post("/mes-dossiers/{reference}/bilan/non-realisation", name="attest_not_carried_out")
def attest(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Take the attestation that the action did not take place."""
    found = mine(here, reference)

    def move(reason: str) -> None:
        with here.database.transaction() as session:
            reports.attest(session, found.id, reason, by=here.by, at=here.at)

    return _out(request, here, found, typed, said="motif", done="non-realisation", move=move)


@router.post("/mes-dossiers/{reference}/bilan/dates", name="ask_new_dates")
def ask_dates(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Ask for other dates of the action."""
    found = mine(here, reference)

    def move(reason: str) -> None:
        ends_on = forms.parsed("fin", typed.one("fin"), fields.calendar_day)
        starts = typed.one("debut")
        starts_on = forms.parsed("debut", starts, fields.calendar_day) if starts else None
        with here.database.transaction() as session:
            reports.ask_dates(
                session, found.id, starts_on=starts_on, ends_on=ends_on, reason=reason, by=here.by, at=here.at
            )

    return _out(request, here, found, typed, said="pourquoi", done="dates", move=move)


@router.post("/mes-dossiers/{reference}/bilan/ecarts", name="report_gaps")
@router.post("/mes-dossiers/{reference}/bilan-intermediaire/ecarts", name="interim_gaps")
def report_gaps(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Work out the gaps of what is being typed; nothing is kept."""
    found = mine(here, reference)
    try:
        with here.database.transaction() as session:
            owed = reports.open_report(session, found.id, kind=KINDS[_which(request)])
    except NoSuchReportError:
        return gone(found)
    answers = {**owed.row.answers, "comptes": {name: list(said) for name, said in typed.values.items()}}
    return page(request, "report_gaps.html", read=read_report(answers, owed.lines, KINDS[_which(request)]))


@router.post("/mes-dossiers/{reference}/bilan/pieces", name="attach_to_report")
@router.post("/mes-dossiers/{reference}/bilan-intermediaire/pieces", name="attach_to_interim")
def attach_to_report(request: Request, here: Here, reference: str, sent: Uploads) -> Response:
    """Take in a document of the report."""
    found = mine(here, reference)
    try:
        file = one_checked(here, sent, "piece")
        with here.database.transaction() as session:
            reports.open_report(session, found.id, kind=KINDS[_which(request)])
            files.attach(session, files.shelf(here.site.settings), found.id, file, by=here.by, at=here.at)
    except NoSuchReportError:
        return gone(found)
    except WrongInputError as wrong:
        return _show(request, here, found, DOCUMENTS, _faulty({"piece": wrong.fields[0].sentence}))
    except FileRefusedError as refusal:
        return _show(request, here, found, DOCUMENTS, _faulty({"piece": refusal.sentence}))
    return RedirectResponse(_step(found, _which(request), DOCUMENTS), HTTPStatus.SEE_OTHER)


@router.post("/mes-dossiers/{reference}/bilan/envoi", name="submit_report")
@router.post("/mes-dossiers/{reference}/bilan-intermediaire/envoi", name="submit_interim")
def submit_report(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Sign and send the report."""
    found = mine(here, reference)
    try:
        with here.database.transaction() as session:
            reports.send(
                session, found.id, signed=typed.one("signature") == "oui", by=here.by, at=here.at,
                kind=KINDS[_which(request)],
            )  # fmt: skip
    except NoSuchReportError:
        return gone(found)
    except ReportRefusedError as refusal:
        return _show(request, here, found, SENDING, _faulty({"signature": refusal.sentence}))
    except MoveRefusedError as refusal:
        tried = Tried(refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
        return _show(request, here, found, SENDING, tried)
    return RedirectResponse(f"/mes-dossiers/{found.reference}?fait={_which(request)}", HTTPStatus.SEE_OTHER)


@router.get("/mes-dossiers/{reference}/bilan/{step}", name="report_step")
@router.get("/mes-dossiers/{reference}/bilan-intermediaire/{step}", name="interim_step")
def report_step(request: Request, here: Here, reference: str, step: str) -> Response:
    """Show one step of a report; once it is sent, where it stands."""
    return _show(request, here, mine(here, reference), step, Tried())


@router.post("/mes-dossiers/{reference}/bilan/{step}", name="save_report")
@router.post("/mes-dossiers/{reference}/bilan-intermediaire/{step}", name="save_interim")
def save_report(request: Request, here: Here, reference: str, step: str, typed: TypedForm) -> Response:
    """Keep a step as it is typed; to a person, say what of it cannot be used, then go on to the next one."""
    found = mine(here, reference)

    def keep(session: Session) -> Saved:
        which = _which(request)
        stamped = reports.save(
            session,
            found.id,
            step,
            typed.values,
            typed.one("tampon"),
            by=here.by,
            at=here.at,
            kind=KINDS[which],
        )
        owed = reports.open_report(session, found.id, kind=KINDS[which])
        wrong = unusable(owed.read.faults, step)
        return Saved(stamped, wrong, _step(found, which, _following(step)))

    try:
        return save_step(request, here, typed, keep, lambda tried: _show(request, here, found, step, tried))
    except NoSuchReportError:
        return gone(found)


def _which(request: Request) -> str:
    """The report that the address names: its third part."""
    return request.url.path.split("/")[3]


def _step(found: Found, which: str, step: str) -> str:
    return f"/mes-dossiers/{found.reference}/{which}/{step}"


def _following(step: str) -> str:
    steps = list(WORDS)
    return steps[steps.index(step) + 1] if step in STEPS else SENDING


def _faulty(faults: Mapping[str, Sentence]) -> Tried:
    return Tried(faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _out(
    request: Request,
    here: Visit,
    found: Found,
    typed: Typed,
    *,
    said: str,
    done: str,
    move: Callable[[str], None],
) -> Response:
    """Take one of the two other ways out, with its reason."""
    try:
        reason = forms.parsed(
            said, typed.one(said),
            lambda text: fields.text(text, max_length=forms.LONGEST_REASON, lines=True),
        )  # fmt: skip
        move(reason)
    except WrongInputError as wrong:
        return _choose(request, here, found, typed, _faulty(wrong.by_field))
    except MoveRefusedError as refusal:
        tried = Tried(refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
        return _choose(request, here, found, typed, tried)
    return RedirectResponse(f"/mes-dossiers/{found.reference}?fait={done}", HTTPStatus.SEE_OTHER)


def _choose(request: Request, here: Visit, found: Found, typed: Typed, tried: Tried) -> Response:
    try:
        with here.database.transaction() as session:
            owed = reports.open_report(session, found.id)
    except NoSuchReportError:
        return gone(found)
    return page(
        request, "report_choice.html", status=tried.status, owed=owed, typed=typed, faults=tried.faults,
        refused=tried.refused, today=here.today,
    )  # fmt: skip


def _show(request: Request, here: Visit, found: Found, step: str, tried: Tried) -> Response:
    try:
        with here.database.transaction() as session:
            owed = reports.open_report(session, found.id, kind=KINDS[_which(request)])
            there = files.list_files(session, case_ids=[found.id]) if step in (DOCUMENTS, SENDING) else []
    except NoSuchReportError:
        return gone(found)
    if step not in WORDS:
        return RedirectResponse(f"/mes-dossiers/{found.reference}/{_which(request)}", HTTPStatus.SEE_OTHER)
    values = tried.values if tried.values is not None else owed.values(step)
    own = [line for line in there if line.added_by == here.by.actor and line.document_code is None]
    saved_at = owed.row.saved_at
    return page(
        request, "report_step.html", status=tried.status, which=_which(request), owed=owed, read=owed.read, step=step,
        words=WORDS, labels={**LABELS, **_named(owed)}, typed=Typed(values),
        stamp=tried.stamp or reports.stamp(owed.values(step)), tried=tried, faults=tried.faults, name_of=name_of,
        files=own, today=here.today, saved_on=paris_day(saved_at) if saved_at else None,
        most_megabytes=here.site.settings.file_megabytes,
    )  # fmt: skip


def _named(owed: OwedReport) -> dict[str, Sentence]:
    """The labels of the fields of the lines."""
    return {
        name_of(place, line): Sentence(f"{line.account} {line.label}", f"{line.account} {line.label}")
        for place, line in enumerate(owed.lines)
    }
