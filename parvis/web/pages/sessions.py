"""The session of a committee as its secretary holds it: opened, who came, what is said of each case as one goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.services.sessions import decisions, room
from parvis.services.sessions.decisions import BlockRefusedError, DecisionChangedError, RefusedDecision
from parvis.services.sessions.picture import CasePicture, Picture, picture
from parvis.services.visibility import see_sitting
from parvis.states.quorum import Attendance
from parvis.states.sitting_table import SittingStage
from parvis.states.stages import Stage
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence
from parvis.web import decisions as typing
from parvis.web import forms
from parvis.web.errors import NotHereError, WrongInputError
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

CHANGED = Sentence(
    "{who} a enregistré « {said} » entre-temps, le {moment}. Votre saisie est gardée ci-dessous : l’enregistrer "
    "remplace la sienne.",
    "{who} saved “{said}” meanwhile, on {moment}. What you typed is kept below: saving it replaces theirs.",
)
TAKEN_BACK = Sentence(
    "La décision enregistrée a été effacée entre-temps. Votre saisie est gardée ci-dessous.",
    "The decision saved was deleted meanwhile. What you typed is kept below.",
)


@dataclass(frozen=True)
class Tried:
    """What was just sent and not kept, of a case (`case_id`) or of the whole session (None), and why."""

    case_id: int | None = None
    typed: Typed = field(default_factory=Typed)
    faults: Mapping[str, Sentence] = field(default_factory=dict)
    told: Sequence[Sentence] = ()
    blocked: Sequence[RefusedDecision] = ()
    status: HTTPStatus = HTTPStatus.CONFLICT


@router.get("/seances/{sitting_id}/seance", name="session")
def session_page(request: Request, here: Here, sitting_id: int, dossier: int = 0, fait: str = "") -> Response:
    """The page a session is held on; `dossier` is the case to come to."""
    return show(request, here, sitting_id, opened=dossier, done=fait)


@router.post("/seances/{sitting_id}/seance/ouvrir", name="open_session")
def open_session(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Open the session, its day come."""
    quorate = {"oui": True, "non": False}.get(typed.one("quorum"))
    try:
        with here.database.transaction() as session:
            see_sitting(session, here.known, sitting_id)
            room.open_session(session, sitting_id, by=here.by, at=here.at, quorate=quorate)
    except MoveRefusedError as refusal:
        return show(request, here, sitting_id, _refused(refusal.reasons))
    return _back(sitting_id, "ouverte")


@router.post("/seances/{sitting_id}/seance/presences", name="attend_session")
def attend(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Record who came; with `reste`, the same for all those of whom nothing was said."""
    try:
        with here.database.transaction() as session:
            see_sitting(session, here.known, sitting_id)
            members = room.enter(session, sitting_id, at=here.at).members
            came = _came(typed, [member.person_id for member in members])
            room.attend(session, sitting_id, came, by=here.by, at=here.at)
            if rest := typed.one("reste"):
                room.attend_rest(session, sitting_id, _attendance("reste", rest), by=here.by, at=here.at)
    except WrongInputError as wrong:
        faults = wrong.by_field
        tried = Tried(None, typed, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return show(request, here, sitting_id, tried)
    except MoveRefusedError as refusal:
        return show(request, here, sitting_id, _refused(refusal.reasons))
    return _back(sitting_id, "presences", anchor="presences")


def _came(typed: Typed, people: Sequence[int]) -> dict[int, Attendance]:
    said = {person: typed.one(f"presence_{person}") for person in people}
    return {person: _attendance(f"presence_{person}", each) for person, each in said.items() if each}


def _attendance(name: str, said: str) -> Attendance:
    if said not in set(Attendance):
        raise forms.wrong(name, forms.NOT_OFFERED)
    return Attendance(said)


@router.post("/seances/{sitting_id}/seance/dossiers/{case_id}", name="decide")
def decide(request: Request, here: Here, sitting_id: int, case_id: int, typed: TypedForm) -> Response:
    """Keep what the committee says of a case, as it was when the page was read; with `effacer`, forget it."""
    seen = _picture(here, sitting_id)
    case = next((one for one in seen.cases if one.case.case_id == case_id), None)
    if case is None:
        raise NotHereError
    try:
        _keep(here, seen, case, typed)
    except WrongInputError as wrong:
        faults = wrong.by_field
        tried = Tried(case_id, typed, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return show(request, here, sitting_id, tried)
    except MoveRefusedError as refusal:
        faults, apart = typing.beside(refusal.reasons)
        tried = Tried(case_id, typed, faults, [reason.sentence for reason in apart])
        return show(request, here, sitting_id, tried)
    except DecisionChangedError as changed:
        return show(request, here, sitting_id, Tried(case_id, typed, told=[_meanwhile(changed)]))
    if _swaps(request):
        return show(request, here, sitting_id, opened=case_id, done=f"dossier-{case_id}")
    return _back(sitting_id, f"dossier-{case_id}", case=_after(seen, case_id))


def _keep(here: Visit, seen: Picture, one: CasePicture, typed: Typed) -> None:
    sitting_id, case_id, version = seen.room.row.id, one.case.case_id, forms.version(typed)
    if typed.one("effacer"):
        with here.database.transaction() as session:
            decisions.take_back(
                session, sitting_id, case_id, by=here.by, at=here.at, expected_version=version
            )
        return
    draft = typing.read_decision(typed, one.case, seen.room.row.kind)
    with here.database.transaction() as session:
        decisions.save(session, sitting_id, case_id, draft, by=here.by, at=here.at, expected_version=version)


def _meanwhile(changed: DecisionChangedError) -> Sentence:
    now = changed.now
    if now is None:
        return TAKEN_BACK
    return CHANGED.fill(who=now.saved_by, said=typing.summed_up(now.draft), moment=now.saved_at)


@router.post("/seances/{sitting_id}/seance/adopter", name="adopt_proposals")
def adopt(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Keep what is proposed for every case that waits, those set apart excepted: one vote for all."""
    seen = _picture(here, sitting_id)
    try:
        known = [one.case.case_id for one in seen.cases]
        apart = [forms.chosen_id("part", said, known) for said in typed.all("part")]
        votes = typing.read_votes(typed)
        hidden = seen.room.recused.get(here.known.person_id or 0, frozenset())
        with here.database.transaction() as session:
            kept = decisions.save_as_proposed(
                session, sitting_id, by=here.by, at=here.at, apart=hidden | set(apart), votes=votes
            )
    except WrongInputError as wrong:
        faults = wrong.by_field
        tried = Tried(None, typed, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return show(request, here, sitting_id, tried)
    except MoveRefusedError as refusal:
        return show(request, here, sitting_id, replace(_refused(refusal.reasons), typed=typed))
    except BlockRefusedError as refusal:
        return show(request, here, sitting_id, Tried(None, typed, blocked=refusal.refused))
    return _back(sitting_id, f"adoptes-{len(kept)}")


def show(
    request: Request, here: Visit, sitting_id: int, tried: Tried | None = None, *, opened: int = 0, done: str = ""
) -> Response:  # fmt: skip
    """The page of a session; for htmx, with the one case that was sent."""
    seen = _picture(here, sitting_id)
    if tried is not None and tried.case_id:
        opened = tried.case_id
    waiting = [one.case.case_id for one in seen.cases if one.case.reference in seen.undecided]
    current = opened or (waiting[0] if waiting else 0)
    only = [one for one in seen.cases if one.case.case_id == opened] if _swaps(request) and opened else None
    proposed = [one for one in seen.cases if one.proposed is not None and one.case.case_id in waiting]
    return page(
        request, "session.html", status=tried.status if tried else HTTPStatus.OK, seen=seen, row=seen.room.row,
        cases=only if only is not None else seen.cases, current=current, tried=tried or Tried(None), done=done,
        failed=tried is not None, may_hold=seen.room.stage is SittingStage.OPEN, proposed=proposed,
        waiting=waiting, blank=Typed(), offered=typing.offered, as_typed=typing.as_typed, payees=typing.payees,
        attendances=tuple(Attendance), Stage=Stage, here_path=f"/seances/{sitting_id}/seance",
    )  # fmt: skip


def _picture(here: Visit, sitting_id: int) -> Picture:
    """The session without the cases hidden from whoever holds it."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        seen = picture(session, sitting_id, at=here.at)
    hidden = seen.room.recused.get(here.known.person_id or 0, frozenset())
    if not hidden:
        return seen
    known = {one.case.reference for one in seen.cases if one.case.case_id not in hidden}
    return replace(
        seen,
        cases=tuple(one for one in seen.cases if one.case.case_id not in hidden),
        undecided=tuple(reference for reference in seen.undecided if reference in known),
        blocked=tuple(one for one in seen.blocked if one.case_id not in hidden),
    )


def _refused(reasons: Sequence[Reason]) -> Tried:
    return Tried(None, told=[reason.sentence for reason in reasons])


def _swaps(request: Request) -> bool:
    return bool(request.headers.get("hx-request"))


def _after(seen: Picture, case_id: int) -> int:
    """The next case to come to once one is said: the first undecided one below it, else above; itself when none is."""
    order = [one.case.case_id for one in seen.cases]
    waiting = {one.case.case_id for one in seen.cases if one.case.reference in seen.undecided} - {case_id}
    place = order.index(case_id)
    return next((each for each in [*order[place:], *order[:place]] if each in waiting), case_id)


def _back(sitting_id: int, done: str, *, case: int = 0, anchor: str = "") -> Response:
    query = f"?fait={done}" + (f"&dossier={case}" if case else "")
    mark = f"#dossier-{case}" if case else f"#{anchor}" if anchor else ""
    return RedirectResponse(f"/seances/{sitting_id}/seance{query}{mark}", HTTPStatus.SEE_OTHER)
