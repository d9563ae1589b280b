"""What the secretary does to an agenda: its order, what is on it, whether it is open, the conflicts to settle."""

from collections.abc import Callable, Mapping
from datetime import time
from http import HTTPStatus
from typing import TypeAlias

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.agendas import agenda
from parvis.models.queries.members import seats
from parvis.models.session import Session
from parvis.services import agendas, interests, sitting_changes
from parvis.services.cases import NoSuchCaseError, find_case
from parvis.services.visibility import see_case, see_sitting
from parvis.states import fields
from parvis.states.table import MoveRefusedError, StaleVersionError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm
from parvis.web.pages.sittings import show
from parvis.web.site import Here, Visit

router = APIRouter()

NO_CASE = Sentence("Aucun dossier n’a ce numéro.", "No case has this number.")
NOT_AN_HOUR = Sentence("écrire l’heure comme 14:30", "write the time like 14:30")
NOT_A_LINK = Sentence("une adresse qui commence par https://", "an address that begins with https://")
WAYS = ("premier", "monter", "descendre", "dernier")


@router.post("/seances/{sitting_id}/ordre", name="order_agenda")
def order(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Move a case up or down the agenda, or beside another one."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        known = [line.case_id for line in agenda(session, sitting_id)]
    try:
        case_id = forms.chosen_id("dossier", typed.one("dossier"), known)
        wanted = _wanted(known, case_id, typed)
        with here.database.transaction() as session:
            agendas.reorder(
                session, sitting_id, wanted, by=here.by, at=here.at, expected_version=forms.version(typed)
            )
    except (MoveRefusedError, StaleVersionError) as refusal:
        return show(request, here, sitting_id, refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
    return RedirectResponse(f"/seances/{sitting_id}#dossier-{case_id}", HTTPStatus.SEE_OTHER)


def _wanted(known: list[int], case_id: int, typed: Typed) -> list[int]:
    """The order asked for: a way to go, or the case to stand before or after, wherever those one does not see are.

    Raises:
        StaleVersionError: the case to stand beside has left the agenda meanwhile.
        WrongInputError: that is no way to go.
    """
    for name, beyond in (("avant", 0), ("apres", 1)):
        if said := typed.one(name):
            rest = [each for each in known if each != case_id]
            place = rest.index(forms.chosen_id(name, said, rest)) + beyond
            return [*rest[:place], case_id, *rest[place:]]
    return moved(known, case_id, typed.one("sens"))


def moved(order: list[int], case_id: int, way: str) -> list[int]:
    """The order once a case went one up, one down, first or last; as it was when it cannot go further.

    Raises:
        WrongInputError: that is no way to go.
    """
    if way not in WAYS:
        raise forms.wrong("sens", forms.NOT_OFFERED)
    rest = [each for each in order if each != case_id]
    place = order.index(case_id)
    target = {"premier": 0, "monter": max(0, place - 1), "descendre": place + 1, "dernier": len(rest)}[way]
    return [*rest[:target], case_id, *rest[target:]]


@router.post("/seances/{sitting_id}/ordre-du-jour/{change}", name="change_agenda")
def change(request: Request, here: Here, sitting_id: int, change: str, typed: TypedForm) -> Response:
    """Close or open an agenda, put a case on it, take one off, carry one, settle a conflict, excuse a member."""
    if change not in _CHANGES:
        raise NotHereError
    try:
        with here.database.transaction() as session:
            see_sitting(session, here.known, sitting_id)
            _CHANGES[change](session, here, sitting_id, typed)
    except WrongInputError as wrong:
        return show(
            request, here, sitting_id, refused=problem_of(wrong), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    except (MoveRefusedError, StaleVersionError) as refusal:
        return show(request, here, sitting_id, refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
    return RedirectResponse(f"/seances/{sitting_id}?fait={change}", HTTPStatus.SEE_OTHER)


Change: TypeAlias = Callable[[Session, Visit, int, Typed], None]


def _close(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    del typed
    agendas.close(session, sitting_id, by=here.by, at=here.at)


def _reopen(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    reason = typed.one("motif")
    if not reason:
        raise forms.wrong("motif", forms.REQUIRED)
    agendas.reopen(session, sitting_id, reason=reason, by=here.by, at=here.at)


def _add(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    name = typed.one("reference")[:60]
    try:
        reference = find_case(session, name).reference
    except NoSuchCaseError:
        raise forms.wrong("reference", NO_CASE) from None
    found = see_case(session, here.known, reference, at=here.at)
    over = bool(typed.one("depasser"))
    agendas.add(session, sitting_id, found.id, by=here.by, at=here.at, over_capacity=over)


def _remove(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    case_id = _case(session, sitting_id, typed)
    agendas.remove(session, sitting_id, case_id, reason=typed.one("motif"), by=here.by, at=here.at)


def _carry(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    case_id = _case(session, sitting_id, typed)
    target = typed.one("seance")
    if not (target.isascii() and target.isdigit() and len(target) <= 18):
        raise forms.wrong("seance", forms.NOT_OFFERED)
    see_sitting(session, here.known, int(target))
    agendas.carry(
        session, sitting_id, int(target), case_id, reason=typed.one("motif"), by=here.by, at=here.at,
        over_capacity=bool(typed.one("depasser")),
    )  # fmt: skip


def _confirm(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    person_id, case_id = _pair(session, sitting_id, typed)
    interests.confirm(
        session, sitting_id, person_id, case_id, by=here.by, at=here.at, reason=typed.one("motif")
    )


def _dismiss(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    person_id, case_id = _pair(session, sitting_id, typed)
    interests.dismiss(
        session, sitting_id, person_id, case_id, reason=typed.one("motif"), by=here.by, at=here.at
    )


def _cancel(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    sitting_changes.cancel(session, sitting_id, reason=typed.one("motif"), by=here.by, at=here.at)


def _move(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    """Change when and where: a field left empty stays as it was, room and video link apart."""
    said = typed.one("heure")
    hour = forms.parsed("heure", said, _hour) if said else None
    day = forms.parsed("jour", typed.one("jour"), fields.calendar_day) if typed.one("jour") else None
    room, video = (forms.parsed(name, typed.one(name), _line) for name in ("salle", "visio"))
    if video and not video.startswith("https://"):
        raise forms.wrong("visio", NOT_A_LINK)
    sitting_changes.move(
        session, sitting_id, by=here.by, at=here.at, held_on=day, starts_at=hour, room=room, video_url=video
    )


def _excuse(session: Session, here: Visit, sitting_id: int, typed: Typed) -> None:
    """Note that a member will not come; their substitutes are summoned."""
    seated = [seat.person_id for seat in seats(session, sitting_id)]
    person_id = forms.chosen_id("personne", typed.one("personne"), seated)
    sitting_changes.excuse(session, sitting_id, person_id, by=here.by, at=here.at)


def _line(said: str) -> str:
    return fields.text(said, max_length=300) if said else ""


def _hour(said: str) -> time:
    try:
        return time.fromisoformat(said).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise fields.FieldError("hour", NOT_AN_HOUR) from None


def _case(session: Session, sitting_id: int, typed: Typed) -> int:
    known = [line.case_id for line in agenda(session, sitting_id)]
    return forms.chosen_id("dossier", typed.one("dossier"), known)


def _pair(session: Session, sitting_id: int, typed: Typed) -> tuple[int, int]:
    person = typed.one("personne")
    if not (person.isascii() and person.isdigit() and len(person) <= 18):
        raise forms.wrong("personne", forms.NOT_OFFERED)
    return int(person), _case(session, sitting_id, typed)


_CHANGES: Mapping[str, Change] = {
    "clore": _close,
    "rouvrir": _reopen,
    "ajouter": _add,
    "retirer": _remove,
    "reporter": _carry,
    "confirmer": _confirm,
    "ecarter": _dismiss,
    "annuler": _cancel,
    "excuser": _excuse,
    "modifier": _move,
}
