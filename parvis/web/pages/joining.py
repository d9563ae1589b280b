"""The first time of an organisation: its SIRET, its name and its address; then the letter opens its space."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from parvis.services import applicants, visitors
from parvis.services.applicants import NewSpace
from parvis.services.links import LinkGoneError
from parvis.services.sirene import Looked, look, register_of
from parvis.services.visitors import MOST_FOR_ONE_ADDRESS, MOST_FROM_ONE_PLACE
from parvis.states import fields
from parvis.states.words import Sentence
from parvis.web.errors import FieldError, WrongInputError
from parvis.web.forms import Typed, TypedForm, parsed
from parvis.web.pages.entering import enter, gone_page, limit, place
from parvis.web.rendering import page
from parvis.web.site import Here

router = APIRouter()

LONGEST_NAME = 300
SENT = Sentence(
    "Une lettre part maintenant. Si ce SIRET n’est pas encore connu, elle va à l’adresse que vous venez d’écrire et "
    "ouvre votre espace. S’il l’est déjà, elle va à l’adresse déjà enregistrée pour lui, et à aucune autre. Le lien "
    "sert une fois, dans la demi-heure. Rien ne vient ? Appelez le service : il vérifie l’adresse avec vous.",
    "A letter leaves now. If this SIRET is not known yet, it goes to the address you have just written and opens your "
    "space. If it is, it goes to the address already kept for it, and to no other. The link works once, within half "
    "an hour. Nothing comes? Call the service: it checks the address with you.",
)


@router.get("/inscription", name="join")
def join(request: Request) -> Response:
    """Ask who comes for the first time."""
    return _page(request, Typed())


@router.post("/inscription/trouver", name="find_association")
def find_association(request: Request, here: Here, typed: TypedForm) -> Response:
    """Look an organisation up by its SIRET and fill in its name; whatever the register answers, the form goes on."""
    try:
        siret = parsed("siret", typed.one("siret"), fields.siret)
    except WrongInputError as wrong:
        return _page(request, typed, wrong.by_field)
    with here.database.transaction() as session:
        visitors.limit(session, f"sirene:{place(here)}", most=MOST_FROM_ONE_PLACE, at=here.at)
    looked = look(here.database, register_of(here.site.settings), siret, at=here.at)
    if looked.notice and looked.notice.name:
        typed = Typed({**typed.values, "nom": [looked.notice.name]})
    return _page(request, typed, looked=looked)


@router.post("/inscription", name="ask_to_join")
def ask_to_join(request: Request, here: Here, typed: TypedForm) -> Response:
    """Send the letter that opens a space, and say the same whatever is known of this SIRET."""
    try:
        asked = _read(typed, here.language)
    except WrongInputError as wrong:
        return _page(request, typed, wrong.by_field)
    limit(here, asked.email)
    with here.database.transaction() as session:
        visitors.limit(session, f"siret:{asked.siret}", most=MOST_FOR_ONE_ADDRESS, at=here.at)
    with here.database.transaction() as session:
        applicants.ask_for_space(session, asked, at=here.at)
    return _page(request, Typed(), told=SENT)


@router.get("/bienvenue/{secret}", name="open_welcome")
def open_welcome(request: Request, here: Here, secret: str) -> Response:
    """Show a button: programs that read letters open links, people press buttons."""
    try:
        with here.database.transaction() as session:
            asked = applicants.look(session, secret, at=here.at)
    except LinkGoneError as gone:
        return gone_page(request, gone)
    return page(request, "welcome.html", secret=secret, asked=asked)


@router.post("/bienvenue/{secret}", name="use_welcome")
def use_welcome(request: Request, here: Here, secret: str) -> Response:
    """Open the space, and come in."""
    try:
        with here.database.transaction() as session:
            guest = applicants.open_space(session, secret, at=here.at)
    except LinkGoneError as gone:
        return gone_page(request, gone)
    return enter(here, guest, "/mes-dossiers")


def _page(
    request: Request, typed: Typed, faults: Mapping[str, Sentence] | None = None, *,
    told: Sentence | None = None, looked: Looked | None = None,
) -> Response:  # fmt: skip
    return page(
        request, "join.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        typed=typed, faults=faults or {}, told=told, looked=looked,
    )  # fmt: skip


def _read(typed: Typed, language: str) -> NewSpace:
    """What the form says.

    Raises:
        WrongInputError: with every field that cannot be used.
    """
    said: dict[str, str] = {}
    faults: list[FieldError] = []
    for name, parse in (
        ("siret", fields.siret),
        ("nom", lambda value: fields.text(value, max_length=LONGEST_NAME)),
        ("courriel", fields.email),
    ):
        try:
            said[name] = parsed(name, typed.one(name), parse)
        except WrongInputError as wrong:
            faults += wrong.fields
    if faults:
        raise WrongInputError(*faults)
    return NewSpace(said["siret"], said["nom"], said["courriel"], language)
