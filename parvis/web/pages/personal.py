"""My data: what is held on whoever looks, a copy in one zip, how it is corrected; a manager does both for others."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from parvis.models.queries import personal
from parvis.models.queries.contracts import read_contract
from parvis.models.session import Session
from parvis.services.personal.copying import LABELS, NothingHeldError, copy
from parvis.services.personal.rectifying import RectificationRefusedError, rectify
from parvis.states.words import Sentence
from parvis.web.errors import NotHereError
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

MINE, OTHERS = "/mes-donnees", "/administration/donnees"
RECTIFIED = Sentence(
    "Rectifié : personnes {people}, organismes {organisations}, dossiers {cases} ; lettres qui suivent : {letters}.",
    "Rectified: people {people}, organisations {organisations}, cases {cases}; letters that follow: {letters}.",
)


@router.get(MINE, name="my_data")
def my_data(request: Request, here: Here) -> Response:
    """Say what is held on whoever looks, and whom to ask to correct it."""
    email = _mine(here)
    with here.database.transaction() as session:
        parts = personal.held(session, personal.known(session, email))
        contact = _contact(session)
    return page(request, "my_data.html", email=email, parts=parts, contact=contact)


@router.post(MINE, name="copy_my_data")
def copy_my_data(here: Here) -> Response:
    """Give a copy of all that is held on whoever asks."""
    return _copied(here, _mine(here), None)


@router.get(OTHERS, name="personal_data")
def personal_data(request: Request, here: Here, adresse: str = "") -> Response:
    """Look for what is held under an address, for a person who asks."""
    return _show(request, here, adresse)


@router.post(OTHERS + "/copie", name="copy_personal_data")
def copy_personal_data(request: Request, here: Here, typed: TypedForm) -> Response:
    """Give a manager the copy to be given to a person."""
    try:
        return _copied(here, typed.one("adresse"), here.known.contract_id or 0)
    except NothingHeldError as nothing:
        return _show(request, here, typed.one("adresse"), fault=("adresse", nothing.sentence))


@router.post(OTHERS + "/rectification", name="rectify_personal_data")
def rectify_personal_data(request: Request, here: Here, typed: TypedForm) -> Response:
    """Correct what is held under an address."""
    email = typed.one("adresse")
    try:
        with here.database.transaction() as session:
            made = rectify(
                session, email, contract_id=here.known.contract_id or 0, name=typed.one("name"),
                new_email=typed.one("email"), phone=typed.one("phone"), by=here.by, at=here.at,
            )  # fmt: skip
    except NothingHeldError as nothing:
        return _show(request, here, email, fault=("adresse", nothing.sentence))
    except RectificationRefusedError as refused:
        return _show(request, here, email, fault=(refused.field or "name", refused.sentence), typed=typed)
    said = RECTIFIED.fill(
        people=made.people, organisations=made.organisations, cases=made.cases, letters=made.letters
    )
    return _show(request, here, typed.one("email") or email, done=said)


def _copied(here: Visit, email: str, contract_id: int | None) -> Response:
    with here.database.transaction() as session:
        made = copy(
            session, email, contract_id=contract_id, by=here.by, at=here.at, contact=_contact(session)
        )
    return download("donnees.zip", "application/zip", made.content)


def _show(
    request: Request, here: Visit, email: str, *,
    fault: tuple[str, Sentence] | None = None, typed: Typed | None = None, done: Sentence | None = None,
) -> Response:  # fmt: skip
    email = email.strip()[:320]
    with here.database.transaction() as session:
        who = personal.known(session, email, here.known.contract_id or 0)
        parts = personal.held(session, who) if email else []
        elsewhere = personal.mentions(session, [who.email, *who.names]) if parts else []
    return page(
        request, "personal_data.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        email=email, parts=parts, mentions=elsewhere, faults=dict([fault]) if fault else {}, typed=typed or Typed({}),
        done=done, labels=LABELS, may=may(here, ["rectify_personal_data"]),
    )  # fmt: skip


def _mine(here: Visit) -> str:
    if here.visitor is None or not here.visitor.email:
        raise NotHereError
    return here.visitor.email


def _contact(session: Session) -> str:
    found = read_contract(session)
    return (found[1].sender.reply_to or found[1].sender.email) if found else ""
