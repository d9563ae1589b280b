"""Notes on a case: saved while one types and with a button, both texts shown when two people wrote, every version."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.session import Session
from parvis.services import notes
from parvis.services.cases import Found
from parvis.services.notes import NoteLine, NoteRefusedError, Written
from parvis.services.secrets import new_secret
from parvis.services.visibility import see_case
from parvis.web import forms
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here

router = APIRouter()

BOTH, MINE, THEIRS = "les-deux", "le-mien", "laisser"
"""What may be done once two people wrote: both texts one after the other, one's own, or the one that is saved."""


@router.get("/dossiers/{reference}/notes", name="notes")
def history(request: Request, here: Here, reference: str) -> Response:
    """All that the notes of a case ever said, and who wrote it."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        held = notes.read_notes(session, found.id)
        texts = notes.read_texts(session, found.id)
    return page(
        request, "notes.html", reference=found.reference, texts=texts, notes=held, writer=new_secret()
    )


@router.post("/dossiers/{reference}/notes", name="save_note")
def save(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Save a note; typed by hand, go back to the case, as one types, say so in a word."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
    if typed.one("choix") == THEIRS:
        with here.database.transaction() as session:
            notes.leave_note(session, found.id, typed.one("cle"), typed.one("fenetre"), at=here.at)
        return _back(found)
    silent = bool(request.headers.get("hx-request"))
    written = _written(typed)
    try:
        with here.database.transaction() as session:
            saved = notes.save_note(session, found.id, written, by=here.known.person_id or 0, at=here.at)
    except NoteRefusedError as refusal:
        template = "note_told.html" if silent else "note_conflict.html"
        return page(
            request, template, status=HTTPStatus.UNPROCESSABLE_ENTITY, reference=found.reference, note=None,
            written=written, refusal=refusal.sentence, conflict=False, place=_place(typed),
        )  # fmt: skip
    if not silent and not saved.conflict:
        return _back(found)
    return page(
        request, "note_told.html" if silent else "note_conflict.html",
        status=HTTPStatus.CONFLICT if saved.conflict else HTTPStatus.OK, reference=found.reference,
        note=saved.note, written=written, refusal=None, conflict=saved.conflict, place=_place(typed),
    )  # fmt: skip


def for_case(session: Session, found: Found) -> dict[str, object]:
    """What the page of a case needs to show its notes: they are the staff's."""
    held: list[NoteLine] = notes.read_notes(session, found.id)
    return {"notes": held, "new_key": new_secret(), "writer": new_secret()}


def _written(typed: Typed) -> Written:
    """The text as it was typed; where somebody chose after a conflict, on top of the version they were shown."""
    body = (typed.values.get("texte") or [""])[-1]
    if typed.one("choix") == BOTH:
        body = "\n\n".join(filter(None, ((typed.values.get("autre") or [""])[-1].rstrip(), body)))
    return Written(typed.one("cle"), typed.one("fenetre"), forms.version(typed), body, _rank(typed))


def _rank(typed: Typed) -> int:
    said = typed.one("rang")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _place(typed: Typed) -> str:
    """Which form of the page this came from: a number, or the new one."""
    said = typed.one("place")
    return said if said.isascii() and said.isalnum() and len(said) < 20 else "nouvelle"


def _back(found: Found) -> Response:
    return RedirectResponse(f"/dossiers/{found.reference}#notes", HTTPStatus.SEE_OTHER)
