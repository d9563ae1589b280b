"""Coming in and going out: a link by letter, a password, the demonstration's list of people."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.access import Link, people_to_sign_in
from parvis.models.queries.applicant import organisations_to_sign_in, reference_of
from parvis.models.session import Session
from parvis.services import applicants, links, visitors
from parvis.services.links import Gone, Guest, LinkGoneError
from parvis.services.visitors import MOST_FOR_ONE_ADDRESS, MOST_FROM_ONE_PLACE, OpenedBy
from parvis.states import fields
from parvis.states.access import Purpose
from parvis.states.words import Sentence
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.site import Here, Visit, cookie_name, is_secure

router = APIRouter()

TARGETS: dict[str, str] = {
    Purpose.SIGN_IN: "/",
    Purpose.DECLARE: "/seances/{subject}/interets",
    Purpose.PACKET: "/seances/{subject}",
    Purpose.CASE: "/mes-dossiers/{reference}",
    Purpose.PARTNER: "/mes-dossiers/{reference}/partenaire",
}
"""Where each kind of link leads, once in."""

MOST_INVENTED = 8
"""How many organisations the demonstration offers to be."""

SENT = Sentence(
    "Si cette adresse est connue, un lien vient de lui être envoyé. Il sert une fois, dans la demi-heure.",
    "If this address is known, a link has just been sent to it. It works once, within half an hour.",
)
WRONG = Sentence(
    "Adresse ou mot de passe inconnus. Vérifier les deux, ou demander un lien.",
    "Unknown address or password. Check both, or ask for a link.",
)
GONE: dict[Gone, Sentence] = {
    Gone.UNKNOWN: Sentence("Ce lien n’est pas reconnu.", "This link is not known."),
    Gone.EXPIRED: Sentence("Ce lien a expiré.", "This link has expired."),
    Gone.USED: Sentence("Ce lien a déjà servi.", "This link has been used."),
}


OUT: dict[str, Sentence] = {
    "partout": Sentence(
        "Votre session est close, dans Parvis et chez {name}.", "You are signed out of Parvis, and of {name}."
    ),
    "ici": Sentence(
        "Vous êtes sorti de Parvis. {name} ne répond pas : votre session y reste peut-être ouverte. Sur un ordinateur "
        "partagé, fermer le navigateur.",
        "You are signed out of Parvis. {name} does not answer: your session there may still be open. On a shared "
        "computer, close the browser.",
    ),
}
"""What is said to somebody who just went out, by how far they got."""


@router.get("/connexion", name="sign_in")
def sign_in(request: Request, here: Here, suite: str = "", changer: str = "", sorti: str = "") -> Response:
    """Ask who is there; somebody who is in already stays, unless they want to be somebody else (`changer`)."""
    if here.visitor is not None and not changer:
        return RedirectResponse(ours(suite), HTTPStatus.SEE_OTHER)
    left = OUT[sorti].fill(name=here.provider.client.name) if sorti in OUT and here.provider else None
    return _form(request, here, suite, told=left)


@router.post("/connexion/lien", name="ask_for_link")
def ask_for_link(
    request: Request, here: Here, courriel: Annotated[str, Form()], suite: Annotated[str, Form()] = ""
) -> Response:
    """Send a link to an address, and say the same whether anybody has it."""
    limit(here, courriel)
    try:
        address = fields.email(courriel)
    except fields.FieldError as error:
        return _form(request, here, suite, wrong=error.sentence, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    with here.database.transaction() as session:
        follow = ours(suite).removeprefix("/") and ours(suite)
        visitors.ask_for_link(session, address, at=here.at, follow=follow)
        applicants.ask_for_link(session, address, at=here.at, follow=follow)
    return _form(request, here, suite, told=SENT)


@router.post("/connexion", name="give_password")
def give_password(
    request: Request, here: Here, courriel: Annotated[str, Form()], mot_de_passe: Annotated[str, Form()],
    suite: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Let in whoever knows the password."""
    limit(here, courriel)
    with here.database.transaction() as session:
        guest = visitors.check_password(session, courriel.replace("\0", ""), mot_de_passe)
    if guest is None:
        return _form(request, here, suite, wrong=WRONG, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return enter(here, guest, ours(suite))


@router.post("/demonstration", name="enter_demonstration")
def enter_demonstration(
    here: Here, personne: Annotated[int, Form()] = 0, organisme: Annotated[int, Form()] = 0,
    suite: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Be one of the invented people, or of the invented organisations; there is no such door elsewhere."""
    if not here.site.demonstration:
        raise NotHereError
    with here.database.transaction() as session:
        people = {row[0] for row in people_to_sign_in(session)}
        organisations = {row[0] for row in organisations_to_sign_in(session, most=MOST_INVENTED)}
    if personne in people:
        return enter(here, Guest(personne), ours(suite))
    if organisme in organisations:
        return enter(here, Guest(organisation_id=organisme), ours(suite))
    raise NotHereError


@router.get("/lien/{secret}", name="open_link")
def open_link(request: Request, here: Here, secret: str, suite: str = "") -> Response:
    """Show a button: programs that read letters open links, people press buttons."""
    try:
        with here.database.transaction() as session:
            link = links.look(session, secret, at=here.at)
    except LinkGoneError as gone:
        return _gone(request, here, gone, suite)
    return page(request, "link.html", secret=secret, purpose=link.purpose, suite=suite)


@router.post("/lien/{secret}", name="use_link")
def use_link(request: Request, here: Here, secret: str, suite: Annotated[str, Form()] = "") -> Response:
    """Come in with a link, and go on to what it is about, or to the page that was asked for first."""
    try:
        with here.database.transaction() as session:
            link = links.consume(session, secret, at=here.at)
            target = _target(session, link, suite)
    except LinkGoneError as gone:
        return _gone(request, here, gone, suite)
    return enter(here, Guest(link.person_id, link.organisation_id), target)


def _target(session: Session, link: Link, suite: str) -> str:
    """Where a link leads: the page it is about, or the one asked for first when it is only a way in."""
    if link.purpose == Purpose.SIGN_IN:
        return ours(suite)
    about_case = link.purpose in {Purpose.CASE, Purpose.PARTNER} and link.subject_id is not None
    reference = reference_of(session, link.subject_id or 0) if about_case else None
    return TARGETS[link.purpose].format(subject=link.subject_id, reference=reference or "")


def _gone(request: Request, here: Visit, gone: LinkGoneError, suite: str) -> Response:
    """Say why a link opens nothing, and offer to ask for another that leads where it did."""
    follow = ours(suite)
    if gone.link is not None:
        with here.database.transaction() as session:
            follow = _target(session, gone.link, suite)
    return gone_page(request, gone, follow.removeprefix("/") and follow)


def gone_page(request: Request, gone: LinkGoneError, follow: str = "") -> Response:
    """Why a link opens nothing, and the way to another, which then leads to `follow`."""
    return page(request, "link_gone.html", status=HTTPStatus.GONE, why=GONE[gone.why], follow=follow)


def enter(here: Visit, guest: Guest, target: str, opened_by: OpenedBy | None = None) -> Response:
    """Open a session, in place of the one there may have been, and go on to `target`."""
    with here.database.transaction() as session:
        if here.visitor is not None:
            visitors.sign_out(session, here.visitor, at=here.at)
        secret = visitors.sign_in(
            session,
            guest,
            browser=here.request.headers.get("user-agent", ""),
            at=here.at,
            opened_by=opened_by,
        )
        # What lets somebody in is the first line of what they looked at.
        here.request.state.visit = replace(here, visitor=visitors.who(session, secret, at=here.at))
    response = RedirectResponse(target, HTTPStatus.SEE_OTHER)
    response.set_cookie(cookie_name(here.request), secret, httponly=True, samesite="lax", path="/",
                        secure=is_secure(here.request))  # fmt: skip
    return response


def _form(
    request: Request, here: Visit, suite: str, *,
    told: Sentence | None = None, wrong: Sentence | None = None, status: HTTPStatus = HTTPStatus.OK,
) -> Response:  # fmt: skip
    people, organisations = [], []
    if here.site.demonstration:
        with here.database.transaction() as session:
            people = people_to_sign_in(session)
            organisations = organisations_to_sign_in(session, most=MOST_INVENTED)
    return page(request, "sign_in.html", status=status, suite=suite, told=told, wrong=wrong, people=people,
                organisations=organisations)  # fmt: skip


def limit(here: Visit, email: str) -> None:
    """Count this attempt for the place it comes from and for the address it names."""
    with here.database.transaction() as session:
        visitors.limit(session, f"place:{place(here)}", most=MOST_FROM_ONE_PLACE, at=here.at)
    with here.database.transaction() as session:
        named = email.replace("\0", "").strip().lower()[:200]
        visitors.limit(session, f"email:{named}", most=MOST_FOR_ONE_ADDRESS, at=here.at)


def place(here: Visit) -> str:
    """Where this request comes from."""
    return here.request.client.host if here.request.client else ""


def ours(follow: str) -> str:
    """The page to go on to: one of ours, or the start."""
    safe = follow.startswith("/") and not follow.startswith(("//", "/\\")) and follow.isprintable()
    return follow if safe else "/"
