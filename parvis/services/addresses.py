"""The address an organisation is written to: it asks for another and proves it, or the service corrects it for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from parvis.models.queries import addresses as queries
from parvis.models.queries import data_journal, rectifying
from parvis.models.queries.addresses import AskedAddress, Reached
from parvis.models.queries.applicant import owe_to_address
from parvis.models.session import Session
from parvis.services import bounces
from parvis.services.links import Gone, Guest, LinkGoneError
from parvis.services.secrets import kept, new_secret
from parvis.states import fields
from parvis.states.access import PROOF_LASTS, AddressSource
from parvis.states.case_table import NOT_UNDER_WAY
from parvis.states.facts import By
from parvis.states.stages import Role
from parvis.states.words import Language, Sentence, appointment

__all__ = [
    "AskedAddress",
    "Reached",
    "Standing",
    "ask",
    "choose",
    "correct",
    "give_up",
    "look",
    "prove",
    "standing",
]

PATH = "/nouvelle-adresse/"
"""Where the web application answers the letters that prove an address; the secret follows."""
OWN = "/mon-association"
FAILED_FOR = timedelta(days=30)
"""Letters that failed since leave for the new address; older ones say what is over."""
LONGEST_REASON, LONGEST_PHONE = 400, 40
_BY_PARVIS = By("clock", Role.CLOCK)
"""What another city reads of a contact that follows: not who of which city had the address corrected."""

Said = Mapping[str, object]

MAY = frozenset({Role.INSTRUCTOR, Role.MANAGER})
ROLE = Sentence(
    "Seul un instructeur ou un responsable corrige l’adresse d’une association : le lui demander.",
    "Only an officer or a manager corrects the address of an association: ask one.",
)
SAME = Sentence(
    "« {email} » est déjà l’adresse de votre organisme : en écrire une autre.",
    "“{email}” is already the address of your organisation: write another.",
)
NO_REASON = Sentence(
    "Dire pourquoi l’adresse change, et comment l’association l’a demandé : la lettre le répète.",
    "Say why the address changes, and how the association asked: the letter repeats it.",
)


class AddressRefusedError(Exception):
    """Nothing is changed; `field` is the one to correct, if one is."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Standing:
    """How an organisation is reached, and the address it asks for that is not proved yet."""

    known: Reached
    asked: AskedAddress | None


def standing(session: Session, organisation_id: int, *, at: datetime) -> Standing:
    """How an organisation is reached."""
    known = queries.reached(session, organisation_id)
    return Standing(known, queries.asked(session, organisation_id, at=at))


def ask(session: Session, organisation_id: int, email: str, *, browser: str = "", at: datetime) -> None:
    """Owe the letter that proves a new address, and a notice to the one of today; nothing changes yet.

    What was asked for before opens nothing any more. Say the same whatever the address is elsewhere.

    Raises:
        AddressRefusedError: it cannot be used, or is the address of today.
    """
    new = _read("courriel", lambda: fields.email(email))
    known = _held(session, organisation_id, new)
    secret = new_secret()
    queries.ask(session, organisation_id, kept(secret), email=new, at=at, expires_at=at + PROOF_LASTS)
    path = PATH + secret
    said = {"address": new, "minutes": int(PROOF_LASTS.total_seconds() // 60)}
    once = kept(path).hex()
    _owe(session, known, new, said | {"path": path}, template="address_link", occurrence=once, at=at)
    asked = said | {"when": appointment(at, Language(known.language)), "browser": browser, "path": OWN}
    _tell_old(session, known, asked, template="address_asked", occurrence=once, at=at)


def give_up(session: Session, organisation_id: int, *, at: datetime) -> None:
    """Let the address asked for go: its letter opens nothing any more."""
    queries.use(session, organisation_id, at=at)


def look(session: Session, secret: str, *, at: datetime) -> AskedAddress:
    """The address asked for under this secret, not proved by looking.

    Raises:
        LinkGoneError: there is none, or it expired, or it counts already, or it was given up.
    """
    return _alive(queries.find(session, kept(secret)), at)


def prove(session: Session, secret: str, *, at: datetime) -> Guest:
    """Write to the organisation at the address whose letter was read; whoever was in as it is out, but who reads it.

    Raises:
        LinkGoneError: as `look`.
    """
    asked = _alive(queries.find(session, kept(secret), lock=True), at)
    known = queries.hold(session, asked.organisation_id)
    by = By(f"organisation:{known.id}", Role.APPLICANT)
    _change(session, known, asked.email, AddressSource.PROVED, by=by, at=at)
    return Guest(organisation_id=known.id)


def correct(
    session: Session, organisation_id: int, email: str, reason: str, *, contract_id: int | None, by: By, at: datetime
) -> Reached:  # fmt: skip
    """Write to an organisation at this address, as somebody of the service checked with it; both addresses are told.

    Without a `contract_id`, the service is that of the last case it asked with.

    Raises:
        AddressRefusedError: the role may not, it cannot be used or is the address of today, or no reason is given.
    """
    if by.role not in MAY:
        raise AddressRefusedError("", ROLE)
    new, why = _read("courriel", lambda: fields.email(email)), _reason(reason)
    known = _held(session, organisation_id, new)
    known = replace(known, contract_id=contract_id or known.contract_id)
    _change(session, known, new, AddressSource.SERVICE, by=by, at=at, reason=why)
    return queries.reached(session, organisation_id)


def choose(session: Session, organisation_id: int, *, phone: str, language: Language) -> None:
    """Call an organisation at this number, and write to it in this language, from now on.

    Raises:
        AddressRefusedError: the number cannot be used.
    """
    said = _read("telephone", lambda: fields.text(phone, max_length=LONGEST_PHONE) if phone.strip() else "")
    queries.set_reach(session, organisation_id, phone=said, language=language)


def _change(
    session: Session, known: Reached, new: str, source: AddressSource, *,
    by: By, at: datetime, reason: str = "",
) -> None:  # fmt: skip
    """The address, all that follows it, and what is written and told of it; one lock on the organisation before."""
    queries.use(session, known.id, at=at)
    queries.set_address(session, known.id, known.email, new, source=source, at=at)
    _follow_contacts(session, known, new, by=by, at=at, reason=reason)
    queries.follow(session, known.id, failed_since=at - FAILED_FOR, at=at)
    queries.shut(session, known.id, at=at)
    if not queries.other_users(session, known.id, known.email):
        bounces.settle(session, known.email, at=at)
    subject, details = f"organisation:{known.id}", {"fields": ["email"]}
    data_journal.note_event(
        session, known.contract_id, "rectify", subject, details, actor=by.actor, role=by.role, at=at
    )
    told = {
        "address": new, "when": appointment(at, Language(known.language)), "reason": reason, "path": OWN,
        "by_service": source == AddressSource.SERVICE,
    }  # fmt: skip
    once = f"{at.isoformat()}/{known.id}"
    _tell_old(session, known, told, template="address_changed", occurrence=f"{once}/old", at=at)
    _owe(session, known, new, told, template="address_changed", occurrence=f"{once}/new", at=at)


def _follow_contacts(
    session: Session, known: Reached, new: str, *, by: By, at: datetime, reason: str
) -> None:  # fmt: skip
    """Where the old address is that of the contact of a case, the new one is: the old one opens nothing any more.

    These cases, and those under way, tell that the address changed.
    """
    cases = queries.cases_reached(session, known.id, known.email, over=NOT_UNDER_WAY)
    numbers = [case.id for case in cases if case.contact]
    rectifying.rectify_contacts(session, numbers, {"email": new})
    rectifying.rectify_typed(session, numbers, known.email.lower(), {"email": new})
    for case in cases:
        ours = by.role == Role.APPLICANT or case.contract_id == known.contract_id
        changed = ["organisation_email", *(["email"] if case.contact else [])]
        rectifying.note_on_case(
            session, case.id, changed, by=by if ours else _BY_PARVIS, at=at, reason=reason if ours else ""
        )


def _owe(
    session: Session, known: Reached, to: str, said: Said, *, template: str, occurrence: str, at: datetime
) -> None:  # fmt: skip
    data = {**said, "email": to, "name": known.name, "language": known.language}
    owe_to_address(session, known.contract_id, template=template, occurrence=occurrence, data=data, at=at)


def _tell_old(
    session: Session, known: Reached, said: Said, *, template: str, occurrence: str, at: datetime
) -> None:  # fmt: skip
    """Tell the address of today, unless there is none or letters come back from it."""
    if known.email and not known.held:
        _owe(session, known, known.email, said, template=template, occurrence=occurrence, at=at)


def _held(session: Session, organisation_id: int, new: str) -> Reached:
    """An organisation, ours alone to change, which is written to at another address than this one."""
    known = queries.hold(session, organisation_id)
    if known.email.casefold() == new.casefold():
        raise AddressRefusedError("courriel", SAME.fill(email=new))
    return known


def _reason(typed: str) -> str:
    if not typed.strip():
        raise AddressRefusedError("motif", NO_REASON)
    return _read("motif", lambda: fields.text(typed, max_length=LONGEST_REASON))


def _read(field: str, parse: Callable[[], str]) -> str:
    try:
        return parse()
    except fields.FieldError as wrong:
        raise AddressRefusedError(field, wrong.sentence) from None


def _alive(asked: AskedAddress | None, at: datetime) -> AskedAddress:
    if asked is None:
        raise LinkGoneError(Gone.UNKNOWN)
    if asked.used_at is not None:
        raise LinkGoneError(Gone.USED)
    if at >= asked.expires_at:
        raise LinkGoneError(Gone.EXPIRED)
    return asked
