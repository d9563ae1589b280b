"""My association: what is known of it, the address its letters go to and another once it is proved, its contacts."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.contracts import contract_by_id
from parvis.services import addresses, visitors
from parvis.services.addresses import OWN, AddressRefusedError
from parvis.services.contacts import ContactRefusedError, contacts, correct_contact
from parvis.services.links import LinkGoneError
from parvis.services.visibility import HiddenError
from parvis.services.visitors import MOST_FOR_ONE_ADDRESS
from parvis.states.words import Language, Sentence
from parvis.web import forms
from parvis.web.browsers import browser
from parvis.web.forms import Typed, TypedForm
from parvis.web.pages.applicant import organisation
from parvis.web.pages.entering import enter, gone_page, limit
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

DONE: dict[str, Sentence] = {
    "demande": Sentence(
        "Une lettre part à la nouvelle adresse : rien ne change tant que son lien n’a pas été ouvert, dans l’heure. Un "
        "avis part à l’adresse d’aujourd’hui.",
        "A letter leaves for the new address: nothing changes until its link was opened, within the hour. A notice "
        "leaves for today’s address.",
    ),
    "annule": Sentence("Demande annulée : son lien n’ouvre plus rien.", "Request cancelled: its link opens nothing."),
    "adresse": Sentence(
        "Adresse changée. Les autres sessions sont closes, les lettres qui attendaient partent ici.",
        "Address changed. The other sessions are ended, letters that waited leave for it.",
    ),
    "note": Sentence("C’est noté.", "Noted."),
}  # fmt: skip


@router.get(OWN, name="my_association")
def my_association(request: Request, here: Here, fait: str = "") -> Response:
    """Show what is known of one's organisation, and the form of its address."""
    return _show(request, here, done=fait)


@router.post(OWN + "/adresse", name="ask_my_address")
def ask_my_address(request: Request, here: Here, typed: TypedForm) -> Response:
    """Send the letter that proves a new address."""
    mine, email = organisation(here), typed.one("courriel")
    limit(here, email)
    with here.database.transaction() as session:
        visitors.limit(session, f"address:{mine}", most=MOST_FOR_ONE_ADDRESS, at=here.at)
    said = here.request.headers.get("user-agent", "")
    known = browser(said)
    try:
        with here.database.transaction() as session:
            # what says no browser we know could say anything else: it is not repeated in a letter
            addresses.ask(session, mine, email, browser=known if known != said else "", at=here.at)
    except AddressRefusedError as refused:
        return _show(request, here, typed=typed, faults={refused.field: refused.sentence})
    return _back("demande")


@router.post(OWN + "/adresse/annuler", name="give_up_my_address")
def give_up_my_address(here: Here) -> Response:
    """Let the address asked for go."""
    with here.database.transaction() as session:
        addresses.give_up(session, organisation(here), at=here.at)
    return _back("annule")


@router.post(OWN, name="save_my_association")
def save_my_association(request: Request, here: Here, typed: TypedForm) -> Response:
    """Say how one is called and in which language one is written to."""
    language = typed.one("langue")
    if language not in set(Language):
        raise forms.wrong("langue", forms.NOT_OFFERED)
    try:
        with here.database.transaction() as session:
            addresses.choose(
                session, organisation(here), phone=typed.one("telephone"), language=Language(language)
            )
    except AddressRefusedError as refused:
        return _show(request, here, typed=typed, faults={refused.field: refused.sentence})
    return _back("note")


@router.post(OWN + "/contact", name="correct_my_contact")
def correct_my_contact(request: Request, here: Here, typed: TypedForm) -> Response:
    """Correct the name or the telephone of a contact, in all the cases under way that name them."""
    try:
        with here.database.transaction() as session:
            found = correct_contact(
                session, organisation(here), typed.one("dossier"), name=typed.one("nom"),
                phone=typed.one("telephone"), by=here.by, at=here.at,
            )  # fmt: skip
    except ContactRefusedError as refused:
        return _show(request, here, typed=typed, faults={f"contact-{refused.field}": refused.sentence})
    if not found:
        raise HiddenError(typed.one("dossier"))
    return _back("note")


@router.get("/nouvelle-adresse/{secret}", name="open_address")
def open_address(request: Request, here: Here, secret: str) -> Response:
    """Show a button: programs that read letters open links, people press buttons."""
    try:
        with here.database.transaction() as session:
            asked = addresses.look(session, secret, at=here.at)
    except LinkGoneError as gone:
        return gone_page(request, gone, OWN)
    return page(request, "new_address.html", secret=secret, asked=asked)


@router.post("/nouvelle-adresse/{secret}", name="use_address")
def use_address(request: Request, here: Here, secret: str) -> Response:
    """Write to the organisation there from now on, and come in: whoever reads the letter is at its address."""
    try:
        with here.database.transaction() as session:
            guest = addresses.prove(session, secret, at=here.at)
    except LinkGoneError as gone:
        return gone_page(request, gone, OWN)
    return enter(here, guest, f"{OWN}?fait=adresse")


def _show(
    request: Request, here: Visit, *,
    typed: Typed | None = None, faults: Mapping[str, Sentence] | None = None, done: str = "",
) -> Response:  # fmt: skip
    with here.database.transaction() as session:
        shown = addresses.standing(session, organisation(here), at=here.at)
        named = contacts(session, shown.known.id)
        sender = contract_by_id(session, shown.known.contract_id).sender
    return page(
        request, "my_association.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        shown=shown, named=named, typed=typed or Typed(), faults=faults or {}, done=DONE.get(done),
        contact=sender.reply_to or sender.email,
    )  # fmt: skip


def _back(done: str) -> Response:
    return RedirectResponse(f"{OWN}?fait={done}", HTTPStatus.SEE_OTHER)
