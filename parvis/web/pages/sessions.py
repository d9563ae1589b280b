"""The page of a session: who came, what is decided of each case, what is left in the envelopes, closing it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.session import Session
from parvis.services.sessions import closing, decisions, room
from parvis.services.sessions.closing import ClosingBlockedError
from parvis.services.sessions.decisions import BlockRefusedError, DecisionChangedError
from parvis.services.sessions.page import session_page
from parvis.services.sessions.room import AlreadyClosedError
from parvis.services.visibility import see_sitting
from parvis.states import fields
from parvis.states.outcomes import Draft, Outcome, Votes
from parvis.states.quorum import Attendance
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, WrongInputError
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

OUTCOMES: dict[bool, tuple[Outcome, ...]] = {
    True: (Outcome.FUND, Outcome.REJECT, Outcome.DEFER, Outcome.CARRY),
    False: (Outcome.RECOMMEND, Outcome.NOT_RECOMMENDED, Outcome.DEFER, Outcome.CARRY),
}
"""What a committee may say of a case, by whether its word is final."""

NOTHING_TYPED = Typed()
CHANGED = Sentence(
    "Quelqu’un a enregistré une autre décision entre-temps : la relire, puis recommencer si besoin.",
    "Somebody recorded another decision meanwhile: read it, then retry if needed.",
)
CLOSED = Sentence(
    "La séance est close depuis le {at}, par {by}.", "The session has been closed since {at}, by {by}."
)
OF_CASE = Sentence("{reference} : {reason}", "{reference}: {reason}")


@dataclass(frozen=True)
class Tried:
    """What was not recorded: the case it was about, what was typed, why."""

    case_id: int | None = None
    typed: Typed = field(default_factory=Typed)
    faults: dict[str, Sentence] = field(default_factory=dict)
    reasons: Sequence[Sentence] = ()
    status: HTTPStatus = HTTPStatus.OK


@router.get("/seances/{sitting_id}/seance", name="session")
def show_session(request: Request, here: Here, sitting_id: int) -> Response:
    """Show a session as it stands."""
    return _show(request, here, sitting_id)


@router.post("/seances/{sitting_id}/seance/ouverture", name="open_session")
def open_session(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Begin a session."""
    said = {"oui": True, "non": False}.get(typed.one("quorum"))
    return _do(
        request, here, sitting_id,
        lambda session: room.open_session(session, sitting_id, by=here.by, at=here.at, quorate=said),
    )  # fmt: skip


@router.post("/seances/{sitting_id}/seance/presences", name="attend_session")
def attend(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Record who came; `reste` says it of all those of whom nothing was said."""
    came = {
        int(name.removeprefix("presence_")): Attendance(typed.one(name))
        for name in typed.values
        if name.removeprefix("presence_").isdecimal()
        and len(name) < 28
        and typed.one(name) in set(Attendance)
    }
    rest = typed.one("reste")

    def record(session: Session) -> None:
        room.attend(session, sitting_id, came, by=here.by, at=here.at)
        if rest in set(Attendance):
            room.attend_rest(session, sitting_id, Attendance(rest), by=here.by, at=here.at)

    return _do(request, here, sitting_id, record, anchor="presences")


@router.post("/seances/{sitting_id}/seance/decisions/{case_id}", name="decide")
def decide(request: Request, here: Here, sitting_id: int, case_id: int, typed: TypedForm) -> Response:
    """Record what the committee says of a case, adopt what is proposed, or take it back."""
    if case_id >= 2**63:
        raise NotHereError
    what = typed.one("faire")

    def record(session: Session) -> None:
        if what == "proposition":
            decisions.save_as_proposed(session, sitting_id, only=[case_id], by=here.by, at=here.at)
        elif what == "effacer":
            decisions.take_back(
                session, sitting_id, case_id, by=here.by, at=here.at, expected_version=forms.version(typed)
            )
        else:
            decisions.save(
                session, sitting_id, case_id, _draft(typed), by=here.by, at=here.at,
                expected_version=forms.version(typed),
            )  # fmt: skip

    return _do(request, here, sitting_id, record, anchor=f"dossier-{case_id}", case_id=case_id, typed=typed)


@router.post("/seances/{sitting_id}/seance/propositions", name="adopt_proposals")
def adopt(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Record what is proposed for every case not decided yet."""
    return _do(
        request, here, sitting_id,
        lambda session: decisions.save_as_proposed(
            session, sitting_id, by=here.by, at=here.at, votes=_votes(typed)
        ),
        anchor="dossiers",
    )  # fmt: skip


@router.post("/seances/{sitting_id}/seance/cloture", name="close_session")
def close(request: Request, here: Here, sitting_id: int) -> Response:
    """Close a session: every decision is applied and the minutes are written, or nothing is."""
    return _do(
        request, here, sitting_id, lambda session: closing.close(session, sitting_id, by=here.by, at=here.at)
    )


def _do(
    request: Request, here: Visit, sitting_id: int, record: Callable[[Session], object], *,
    anchor: str = "", case_id: int | None = None, typed: Typed = NOTHING_TYPED,
) -> Response:  # fmt: skip
    """Record something in one transaction, then show the session; what refuses is said where it was typed."""
    try:
        with here.database.transaction() as session:
            see_sitting(session, here.known, sitting_id)
            record(session)
    except WrongInputError as wrong:
        faults = {each.name: each.sentence for each in wrong.fields}
        tried = Tried(case_id, typed, faults, (), HTTPStatus.UNPROCESSABLE_ENTITY)
        return _show(request, here, sitting_id, tried)
    except _REFUSALS as refusal:
        return _show(request, here, sitting_id, Tried(case_id, typed, {}, _why(refusal), HTTPStatus.CONFLICT))
    return RedirectResponse(
        f"/seances/{sitting_id}/seance{'#' if anchor else ''}{anchor}", HTTPStatus.SEE_OTHER
    )


_REFUSALS = (
    MoveRefusedError, DecisionChangedError, BlockRefusedError, ClosingBlockedError, AlreadyClosedError,
)  # fmt: skip


def _why(refusal: Exception) -> list[Sentence]:
    match refusal:
        case MoveRefusedError(reasons=reasons):
            return [reason.sentence for reason in reasons]
        case DecisionChangedError():
            return [CHANGED]
        case BlockRefusedError(refused=refused):
            return [_of(one.reference, one.reasons) for one in refused]
        case ClosingBlockedError(blocked=blocked):
            return [_of(one.reference, one.reasons) for one in blocked]
        case AlreadyClosedError(closed_at=at, by=by):
            return [CLOSED.fill(at=at, by=by or "—")]
        case _:
            raise refusal


def _of(reference: str, reasons: Sequence[Reason]) -> Sentence:
    both = Sentence(
        " ".join(reason.sentence.fr for reason in reasons), " ".join(reason.sentence.en for reason in reasons)
    )
    return OF_CASE.fill(reference=reference, reason=both)


def _draft(typed: Typed) -> Draft:
    """The decision a form says.

    Raises:
        WrongInputError: no outcome is chosen, or something cannot be read.
    """
    outcome = typed.one("resultat")
    if outcome not in set(Outcome):
        raise forms.wrong("resultat", forms.REQUIRED)
    shares = []
    for name in typed.values:
        if name.startswith(forms.AMOUNT) and (said := typed.one(name)):
            cents = forms.parsed(
                name, said, lambda typed_amount: fields.amount(typed_amount, zero_allowed=True)
            )
            shares += [(name.removeprefix(forms.AMOUNT), cents)] if cents else []
    return Draft(
        Outcome(outcome), tuple(shares), _text(typed, "motif"), _text(typed, "conditions"), _votes(typed)
    )


def _text(typed: Typed, name: str) -> str:
    said = typed.one(name)
    if not said:
        return ""
    return forms.parsed(
        name, said, lambda each: fields.text(each, max_length=forms.LONGEST_REASON, lines=True)
    )


def _votes(typed: Typed) -> Votes | None:
    said = [typed.one(name) for name in ("pour", "contre", "abstentions")]
    if not any(said):
        return None
    return Votes(
        *(
            forms.parsed(name, each or "0", lambda typed_number: fields.integer(typed_number, maximum=500))
            for name, each in zip(("pour", "contre", "abstentions"), said, strict=True)
        )
    )


def _show(request: Request, here: Visit, sitting_id: int, tried: Tried = Tried()) -> Response:
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        shown = session_page(session, sitting_id, at=here.at)
    if all(case.case_id != tried.case_id for case in shown.table):
        tried = replace(tried, case_id=None)  # about no case of the page: said at its top
    return page(
        request, "session.html", status=tried.status, shown=shown, tried=tried, choices=OUTCOMES,
        attendances=(Attendance.PRESENT, Attendance.EXCUSED, Attendance.ABSENT), today=here.today,
    )  # fmt: skip
