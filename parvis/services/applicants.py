"""How organisations come in: a link to an address known for them, or the first time, a space for a SIRET nobody has."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.models.queries import addresses
from parvis.models.queries import applicant as queries
from parvis.models.queries.applicant import AskedSpace
from parvis.models.queries.dispatch import open_task
from parvis.models.session import Session
from parvis.services import links
from parvis.services.links import Gone, Guest, LinkGoneError
from parvis.services.secrets import kept, new_secret
from parvis.states.access import SIGN_IN_LASTS, Purpose
from parvis.states.words import Sentence

__all__ = ["AskedSpace", "NewSpace", "ask_for_link", "ask_for_space", "forget_expired", "look", "open_space"]

FORGOTTEN_AFTER = timedelta(days=7)
"""How long a space or an address asked for is remembered once its link has expired."""

PATH = "/bienvenue/"
"""Where the web application answers the links of new spaces; the secret follows."""
MOST_ORGANISATIONS = 10
"""For how many organisations one address is written to at once."""

NO_ADDRESS = Sentence(
    "Appeler {name} (SIRET {siret}) : {email} demande à entrer, aucune adresse n’est connue pour cet organisme.",
    "Call {name} (SIRET {siret}): {email} asks to come in, no address is known for this organisation.",
)


@dataclass(frozen=True, slots=True)
class NewSpace:
    """What an organisation says of itself the first time."""

    siret: str
    name: str
    email: str
    language: str


def ask_for_link(session: Session, email: str, *, at: datetime, follow: str = "") -> int:
    """Owe this address a link for each organisation it is known to speak for; how many. Say the same whatever it is."""
    found = queries.organisations_of_address(session, email.strip(), most=MOST_ORGANISATIONS)
    for organisation in found:
        _owe_link(session, organisation, at=at, follow=follow)
    return len(found)


def ask_for_space(session: Session, asked: NewSpace, *, at: datetime) -> None:
    """Owe the letter that opens a space. Say the same whatever it is.

    A SIRET that is known opens nothing to a stranger: its link goes to the address already known for it, and where
    there is none, somebody of the service has to call.
    """
    known = queries.organisation_of_siret(session, asked.siret)
    if known is None:
        _owe_space(session, asked, at=at)
    elif known.email:
        _owe_link(session, known, at=at)
    else:
        title = NO_ADDRESS.fill(name=known.name, siret=known.siret, email=asked.email)
        open_task(
            session, key=f"organisation/{known.id}", case_id=None, contract_id=known.contract_id, kind="organisation",
            recipient="manager", title_fr=title.fr, title_en=title.en, at=at,
        )  # fmt: skip


def look(session: Session, secret: str, *, at: datetime) -> AskedSpace:
    """The space asked for under this secret, not opened by looking.

    Raises:
        LinkGoneError: there is none, or it expired, or it was opened.
    """
    return _alive(queries.find_sign_up(session, kept(secret)), at)


def open_space(session: Session, secret: str, *, at: datetime) -> Guest:
    """Write the organisation, now that its address is read, and let it in.

    Raises:
        LinkGoneError: as `look`; or somebody else has opened a space for this SIRET meanwhile.
    """
    asked = _alive(queries.find_sign_up(session, kept(secret), lock=True), at)
    queries.use_sign_up(session, asked.id, at=at)
    made = queries.add_organisation(session, asked.siret, asked.name, asked.email, asked.language, at=at)
    if made is not None:
        return Guest(organisation_id=made)
    there = queries.organisation_of_siret(session, asked.siret)
    if there is None or there.email.casefold() != asked.email.casefold():
        raise LinkGoneError(Gone.USED)
    return Guest(organisation_id=there.id)


def forget_expired(session: Session, *, at: datetime) -> int:
    """Forget the spaces and addresses asked for a week after their letters expired; how many."""
    before = at - FORGOTTEN_AFTER
    return queries.forget_sign_ups(session, before=before) + addresses.forget(session, before=before)


def _owe_link(
    session: Session, known: queries.KnownOrganisation, *, at: datetime, follow: str = ""
) -> None:  # fmt: skip
    path = links.offer(
        session, Guest(organisation_id=known.id), Purpose.SIGN_IN, expires_at=at + SIGN_IN_LASTS, at=at
    )
    path = links.with_follow(path, follow)
    _owe(session, known.contract_id, path, email=known.email, name=known.name, language=known.language, at=at)


def _owe_space(session: Session, asked: NewSpace, *, at: datetime) -> None:
    contract_id = queries.first_contract(session)
    if contract_id is None:
        return
    secret = new_secret()
    queries.add_sign_up(
        session, kept(secret), siret=asked.siret, name=asked.name, email=asked.email, language=asked.language,
        at=at, expires_at=at + SIGN_IN_LASTS,
    )  # fmt: skip
    _owe(session, contract_id, PATH + secret, email=asked.email, name=asked.name, language=asked.language,
         at=at, joining=True)  # fmt: skip


def _owe(
    session: Session, contract_id: int, path: str, *,
    email: str, name: str, language: str, at: datetime, joining: bool = False,
) -> None:  # fmt: skip
    data = {
        "path": path, "minutes": int(SIGN_IN_LASTS.total_seconds() // 60), "joining": joining,
        "email": email, "name": name, "language": language,
    }  # fmt: skip
    queries.owe_to_address(
        session, contract_id, template="applicant_link", occurrence=kept(path).hex(), data=data, at=at
    )


def _alive(asked: AskedSpace | None, at: datetime) -> AskedSpace:
    if asked is None:
        raise LinkGoneError(Gone.UNKNOWN)
    if at >= asked.expires_at:
        raise LinkGoneError(Gone.EXPIRED)
    if asked.used_at is not None:
        raise LinkGoneError(Gone.USED)
    return asked
