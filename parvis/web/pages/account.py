"""My access: sessions, identities, tokens of programs, my calendar and its address, how I am written to."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries import account as queries
from parvis.models.queries.identities import identities_of, unlink
from parvis.services import tokens
from parvis.services.tokens import MadeToken, TokenRefusedError
from parvis.services.waiting import calendar as calendar_of
from parvis.states.access import OF_PROGRAMS, SCOPE_WORDS, SESSION_IDLES, TOKEN_LASTS, Scope
from parvis.states.words import Language, Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

ADDRESS = "/mon-compte"
DELIVERY: tuple[Literal["immediate", "digest"], ...] = ("immediate", "digest")


@router.get(ADDRESS, name="account")
def account(request: Request, here: Here) -> Response:
    """Show what opens Parvis for whoever looks, and how to close it."""
    return _show(request, here)


@router.post(ADDRESS + "/sessions/{session_id}/fin", name="end_session")
def end_session(here: Here, session_id: int) -> Response:
    """End one of one's sessions."""
    with here.database.transaction() as session:
        if session_id >= 2**63 or not queries.end_session_of(session, _me(here), session_id, at=here.at):
            raise NotHereError
    return _back("sessions")


@router.post(ADDRESS + "/identites/{identity_id}/fin", name="end_identity")
def end_identity(here: Here, identity_id: int) -> Response:
    """Unlink one of one's identities, and end the sessions it opened."""
    with here.database.transaction() as session:
        if identity_id >= 2**63 or not unlink(session, _me(here), identity_id, at=here.at):
            raise NotHereError
    return _back("identites")


@router.post(ADDRESS + "/jetons", name="make_token")
def make_token(request: Request, here: Here, typed: TypedForm) -> Response:
    """Make a token, and show it this once."""
    days = typed.one("days")
    lasts = timedelta(days=int(days)) if days.isascii() and days.isdigit() and len(days) < 5 else timedelta()
    try:
        with here.database.transaction() as session:
            made = tokens.make(
                session,
                _me(here),
                name=typed.one("name"),
                scopes=typed.all("scopes"),
                lasts=lasts,
                at=here.at,
            )
    except TokenRefusedError as refused:
        return _show(request, here, typed=typed, faults={refused.field: refused.sentence})
    return _show(request, here, made=made)


@router.post(ADDRESS + "/jetons/{token_id}/fin", name="revoke_token")
def revoke_token(here: Here, token_id: int) -> Response:
    """End one of one's tokens, or the address of one's calendar."""
    with here.database.transaction() as session:
        if not tokens.revoke(session, _me(here), token_id, at=here.at):
            raise NotHereError
    return _back("jetons")


@router.post(ADDRESS + "/calendrier", name="make_calendar")
def make_calendar(request: Request, here: Here) -> Response:
    """Make a new address for one's calendar, and show it this once."""
    with here.database.transaction() as session:
        secret = tokens.calendar_address(session, _me(here), at=here.at)
    return _show(request, here, calendar=f"{_base(here)}/calendrier/{secret}.ics")


@router.post(ADDRESS + "/preferences", name="choose_preferences")
def choose_preferences(here: Here, typed: TypedForm) -> Response:
    """Choose one's language, and letters at once or gathered."""
    language, delivery = typed.one("language"), typed.one("delivery")
    if language not in set(Language):
        raise forms.wrong("language", forms.NOT_OFFERED)
    if delivery not in DELIVERY:
        raise forms.wrong("delivery", forms.NOT_OFFERED)
    with here.database.transaction() as session:
        queries.set_preferences(session, _me(here), language=language, delivery=delivery)
    return _back("preferences")


@router.get("/calendrier/{secret}.ics", name="calendar")
def calendar(here: Here, secret: str) -> Response:
    """The calendar this secret opens, for the programs that follow it; no cookie says who they are."""
    with here.database.transaction() as session:
        owner = tokens.calendar_owner(session, secret, at=here.at)
        if owner is None:
            raise NotHereError
        text = calendar_of(session, owner, at=here.at, public_url=here.site.settings.public_url)
    return Response(text, media_type="text/calendar; charset=utf-8", headers={"x-robots-tag": "noindex"})


def _show(
    request: Request, here: Visit, *, typed: Typed | None = None, faults: Mapping[str, Sentence] | None = None,
    made: MadeToken | None = None, calendar: str = "",
) -> Response:  # fmt: skip
    person_id = _me(here)
    with here.database.transaction() as session:
        sessions = queries.open_sessions(session, person_id, at=here.at, idles=SESSION_IDLES)
        alive = [line for line in tokens.list_tokens(session, person_id) if tokens.is_alive(line, here.at)]
        language, delivery = queries.preferences(session, person_id)
        identities = identities_of(session, person_id)
    programs = [line for line in alive if line.scopes != Scope.CALENDAR]
    followed = next((line for line in alive if line.scopes == Scope.CALENDAR), None)
    return page(
        request, "account.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        sessions=sessions, tokens=programs, followed=followed, made=made, calendar=calendar,
        typed=typed or Typed({"days": [str(TOKEN_LASTS.days)], "scopes": [Scope.READ]}), faults=faults or {},
        scopes=[(scope, SCOPE_WORDS[scope]) for scope in OF_PROGRAMS], words=SCOPE_WORDS,
        chosen_language=language, delivery=delivery, identities=identities,
    )  # fmt: skip


def _me(here: Visit) -> int:
    if here.known.person_id is None:
        raise NotHereError
    return here.known.person_id


def _base(here: Visit) -> str:
    return here.site.settings.public_url or str(here.request.base_url).rstrip("/")


def _back(part: str) -> Response:
    return RedirectResponse(f"{ADDRESS}#{part}", HTTPStatus.SEE_OTHER)
