"""Webhooks: the tools of a contract that are told what happens, and what each was told."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries import webhooks as queries
from parvis.models.session import Session
from parvis.services.bank_keys import ring
from parvis.services.webhooks import endpoints
from parvis.services.webhooks.calling import Caller, networks
from parvis.services.webhooks.endpoints import EndpointRefusedError, NoSuchEndpointError, Wanted
from parvis.states.webhooks import ABOUT_WORDS, EVENTS, OLD_SECRET_LASTS, DeliveryState, everything
from parvis.states.words import Sentence
from parvis.web.errors import NotHereError
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

ALL = "/administration/webhooks"
DONE: dict[str, Sentence] = {
    "change": Sentence("C’est enregistré.", "Saved."),
    "pause": Sentence(
        "En pause. Ce qui se passe d’ici à la remise en service lui sera dit alors.",
        "Paused. What happens until it resumes will be told then.",
    ),
    "reprise": Sentence(
        "En service. Ce qui a été manqué part dans les minutes qui viennent.",
        "In use. What was missed leaves within minutes.",
    ),
    "retrait": Sentence("Webhook retiré.", "Webhook removed."),
    "essai": Sentence("Un essai part dans les minutes qui viennent.", "A test leaves within minutes."),
    "renvoi": Sentence("L’envoi repart dans les minutes qui viennent.", "It is sent again within minutes."),
}


@router.get(ALL, name="webhooks")
def webhooks(request: Request, here: Here, fait: str = "") -> Response:
    """List the tools that are told, and the form to register one."""
    return _list(request, here, done=fait)


@router.post(ALL, name="register_webhook")
def register(request: Request, here: Here, typed: TypedForm) -> Response:
    """Register a tool, and show its secret this once."""
    try:
        wanted = _wanted(here, typed)
        with here.database.transaction() as session:
            made = endpoints.register(
                session, ring(here.site.settings), here.known.contract_id or 0, wanted, by=here.by, at=here.at
            )
    except EndpointRefusedError as refused:
        return _list(request, here, typed=typed, faults={refused.field: refused.sentence})
    return _one(request, here, made.id, secret=made.secret)


@router.get(ALL + "/{endpoint_id}", name="webhook")
def webhook(request: Request, here: Here, endpoint_id: int, etat: str = "", fait: str = "") -> Response:
    """Show one tool: what it is told, its deliveries, what may be done."""
    return _one(request, here, endpoint_id, state=etat, done=fait)


@router.post(ALL + "/{endpoint_id}", name="change_webhook")
def change(request: Request, here: Here, endpoint_id: int, typed: TypedForm) -> Response:
    """Change the name, the address or the events of a tool."""
    try:
        wanted = _wanted(here, typed)
        with here.database.transaction() as session:
            endpoints.change(session, here.known.contract_id, endpoint_id, wanted)
    except EndpointRefusedError as refused:
        return _one(request, here, endpoint_id, typed=typed, faults={refused.field: refused.sentence})
    except NoSuchEndpointError:
        raise NotHereError from None
    return RedirectResponse(f"{ALL}/{endpoint_id}?fait=change", HTTPStatus.SEE_OTHER)


@router.post(ALL + "/{endpoint_id}/secret", name="rotate_webhook")
def rotate(request: Request, here: Here, endpoint_id: int) -> Response:
    """Give a tool another secret, and show it this once."""
    try:
        with here.database.transaction() as session:
            secret = endpoints.rotate(
                session, ring(here.site.settings), here.known.contract_id, endpoint_id, at=here.at
            )
    except NoSuchEndpointError:
        raise NotHereError from None
    return _one(request, here, endpoint_id, secret=secret)


def _pause(session: Session, here: Visit, endpoint_id: int, _: Typed) -> None:
    endpoints.pause(session, here.known.contract_id, endpoint_id, at=here.at)


def _resume(session: Session, here: Visit, endpoint_id: int, _: Typed) -> None:
    endpoints.resume(session, here.known.contract_id, endpoint_id, at=here.at)


def _remove(session: Session, here: Visit, endpoint_id: int, _: Typed) -> None:
    endpoints.remove(session, here.known.contract_id, endpoint_id, at=here.at)


def _test(session: Session, here: Visit, endpoint_id: int, _: Typed) -> None:
    endpoints.test(session, here.known.contract_id, endpoint_id, at=here.at)


def _redeliver(session: Session, here: Visit, endpoint_id: int, typed: Typed) -> None:
    said = typed.one("envoi")
    wanted = int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else None
    if said and wanted is None:
        raise NotHereError
    if not endpoints.redeliver(session, here.known.contract_id, endpoint_id, wanted, at=here.at) and wanted:
        raise NotHereError


_ACTS: Mapping[str, Callable[[Session, Visit, int, Typed], None]] = {
    "pause": _pause, "reprise": _resume, "retrait": _remove, "essai": _test, "renvoi": _redeliver,
}  # fmt: skip


@router.post(ALL + "/{endpoint_id}/{act}", name="act_on_webhook")
def act(here: Here, endpoint_id: int, act: str, typed: TypedForm) -> Response:
    """Pause a tool, resume it, remove it, try it, send it something again."""
    if act not in _ACTS:
        raise NotHereError
    try:
        with here.database.transaction() as session:
            _ACTS[act](session, here, endpoint_id, typed)
    except NoSuchEndpointError:
        raise NotHereError from None
    where = ALL if act == "retrait" else f"{ALL}/{endpoint_id}"
    return RedirectResponse(f"{where}?fait={act}", HTTPStatus.SEE_OTHER)


def _wanted(here: Visit, typed: Typed) -> Wanted:
    chosen = here.site.settings
    caller = Caller(min(chosen.webhook_timeout_seconds, 5.0), networks(chosen.webhook_networks))
    return Wanted(typed.one("name"), typed.one("url"), typed.all("types")).checked(caller)


def _list(
    request: Request, here: Visit, *,
    typed: Typed | None = None, faults: Mapping[str, Sentence] | None = None, done: str = "",
) -> Response:  # fmt: skip
    with here.database.transaction() as session:
        found = queries.endpoints(session, here.known.contract_id or 0)
    return page(
        request, "webhooks.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK, found=found,
        typed=typed or Typed({"types": ["case.*"]}), faults=faults or {}, done=DONE.get(done), events=_events(),
    )  # fmt: skip


def _one(
    request: Request, here: Visit, endpoint_id: int, *, state: str = "", typed: Typed | None = None,
    faults: Mapping[str, Sentence] | None = None, done: str = "", secret: str = "",
) -> Response:  # fmt: skip
    wanted = state if state in set(DeliveryState) else None
    try:
        with here.database.transaction() as session:
            found, told = endpoints.one(session, here.known.contract_id or 0, endpoint_id, state=wanted)
    except NoSuchEndpointError:
        raise NotHereError from None
    kept = Typed({"name": [found.name], "url": [found.url], "types": list(found.types)})
    return page(
        request, "webhook.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK, found=found,
        told=told, state=wanted, typed=typed or kept, faults=faults or {}, done=DONE.get(done), secret=secret,
        lasts=int(OLD_SECRET_LASTS.total_seconds() // 3600), most=endpoints.MOST_SHOWN, events=_events(),
    )  # fmt: skip


def _events() -> list[tuple[str, Sentence, dict[str, Sentence]]]:
    return [(everything(about), ABOUT_WORDS[about], events) for about, events in EVENTS.items()]
