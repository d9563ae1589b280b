"""Bank details of organisations: asked by one person, confirmed by another, told to the association."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import applicant
from parvis.models.queries import bank as queries
from parvis.models.queries.bank import OrganisationLine, Sealed
from parvis.models.queries.dispatch import open_task
from parvis.models.queries.sealed import Kept, all_sealed, seal_again
from parvis.models.session import Session
from parvis.services.bank_keys import Ring
from parvis.states.bank import ASKS, CONFIRMS, Account, BankState, masked
from parvis.states.facts import By
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence

__all__ = ["OrganisationLine", "Sealed", "Standing", "ask", "confirm", "list_organisations", "refuse", "rotate",
           "standing"]  # fmt: skip

NOT_YOURS = Sentence(
    "Des coordonnées bancaires sont demandées par l’association, son instructeur, le responsable ou le service "
    "financier ; les deux derniers les confirment.",
    "Bank details are asked for by the association, its officer, the manager or finance; the last two confirm them.",
)
SAME_PERSON = Sentence(
    "Qui a demandé ces coordonnées ne les confirme pas : le demander à une autre personne du service financier, ou "
    "au responsable.",
    "Whoever asked for these bank details does not confirm them: ask another person of finance, or the manager.",
)
NOTHING_ASKED = Sentence(
    "Aucune coordonnée bancaire n’attend de confirmation : relire la page.",
    "No bank details wait to be confirmed: read the page again.",
)
NOT_THE_SAME = Sentence(
    "Cet IBAN n’est pas celui qui a été demandé : le relire sur le RIB ; s’il est juste, refuser la demande et en "
    "faire une autre.",
    "This IBAN is not the one that was asked for: read the statement again; if it is right, refuse the request and "
    "make another.",
)
KNOWN = Sentence(
    "Ces coordonnées sont déjà celles qui ont été confirmées : il n’y a rien à changer.",
    "These bank details are those confirmed already: there is nothing to change.",
)
NO_REASON = Sentence("Indiquer le motif du refus.", "Give the reason of the refusal.")
CALL = Sentence(
    "Appeler {name} (SIRET {siret}) : ses coordonnées bancaires changent ({masked}), aucune adresse n’est connue.",
    "Call {name} (SIRET {siret}): its bank details change ({masked}), no address is known.",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the bank details of an organisation stand: those confirmed, those that wait, all of them."""

    confirmed: Sealed | None
    asked: Sealed | None
    past: tuple[Sealed, ...]


def list_organisations(session: Session, contract_id: int | None) -> list[OrganisationLine]:
    """The organisations of a contract, or of all, with bank details or to be paid; those with something to do first."""
    return queries.organisations(session, contract_id)


def standing(session: Session, organisation_id: int) -> Standing:
    """Where the bank details of an organisation stand; nothing is opened."""
    return _standing(queries.details_of(session, organisation_id))


def ask(
    session: Session, ring: Ring, organisation_id: int, account: Account, *, by: By, at: datetime
) -> bool:
    """Ask for these bank details, in place of what was asked before; whether they are new.

    Raises:
        MoveRefusedError: the reasons say why. Nothing is written.
    """
    now = _standing(queries.hold(session, organisation_id))
    if by.role not in ASKS:
        raise _refused("role", NOT_YOURS)
    if now.confirmed and ring.open(organisation_id, now.confirmed.sealed) == account:
        raise _refused("known", KNOWN)
    if now.asked and ring.open(organisation_id, now.asked.sealed) == account:
        return False
    if now.asked:
        queries.decide(session, now.asked.id, BankState.REPLACED, by=by, at=at)
    shown = masked(account.iban)
    made = queries.add(session, organisation_id, ring.seal(organisation_id, account), shown, by=by, at=at)
    _record(session, organisation_id, BankState.ASKED, made, shown, by=by, at=at)
    return True


def confirm(session: Session, ring: Ring, organisation_id: int, iban: str, *, by: By, at: datetime) -> None:
    """Confirm what was asked for: a second person types the IBAN they read themselves.

    Raises:
        MoveRefusedError: the reasons say why. Nothing is written.
    """
    now = _standing(queries.hold(session, organisation_id))
    if reasons := tuple(_unfit(now.asked, by)):
        raise MoveRefusedError("confirm_bank_details", reasons)
    asked = now.asked
    if asked is None or ring.open(organisation_id, asked.sealed).iban != iban:
        raise _refused("not_the_same", NOT_THE_SAME)
    if now.confirmed:
        queries.decide(session, now.confirmed.id, BankState.REPLACED, by=by, at=at)
    queries.decide(session, asked.id, BankState.CONFIRMED, by=by, at=at)
    _record(session, organisation_id, BankState.CONFIRMED, asked.id, asked.masked, by=by, at=at)


def refuse(session: Session, organisation_id: int, reason: str, *, by: By, at: datetime) -> None:
    """Refuse what was asked for; whoever asked may take it back so.

    Raises:
        MoveRefusedError: the reasons say why. Nothing is written.
    """
    asked = _standing(queries.hold(session, organisation_id)).asked
    if by.role not in CONFIRMS:
        raise _refused("role", NOT_YOURS)
    if asked is None:
        raise _refused("nothing_asked", NOTHING_ASKED)
    if not reason.strip():
        raise _refused("reason_given", NO_REASON)
    queries.decide(session, asked.id, BankState.REFUSED, by=by, at=at, reason=reason.strip())
    _record(session, organisation_id, BankState.REFUSED, asked.id, asked.masked, by=by, at=at,
            reason=reason.strip())  # fmt: skip


def rotate(session: Session, ring: Ring) -> int:
    """Seal every account, and every file of payment orders, with the first key; how many accounts.

    Raises:
        WrongBankKeyError: one was sealed with a key that is not there. Nothing is written.
    """
    there = {kept: all_sealed(session, kept) for kept in Kept}
    for kept, rows in there.items():
        seal_again(session, kept, [(number, ring.again(sealed)) for number, sealed in rows])
    return len(there[Kept.ACCOUNTS])


def _standing(details: Sequence[Sealed]) -> Standing:
    by_state = {each.state: each for each in details}
    return Standing(by_state.get(BankState.CONFIRMED), by_state.get(BankState.ASKED), tuple(details))


def _unfit(asked: Sealed | None, by: By) -> Iterator[Reason]:
    if by.role not in CONFIRMS:
        yield Reason("role", NOT_YOURS)
    if asked is None:
        yield Reason("nothing_asked", NOTHING_ASKED)
    elif asked.asked_by == by.actor:
        yield Reason("same_person", SAME_PERSON)


def _refused(code: str, sentence: Sentence) -> MoveRefusedError:
    return MoveRefusedError("bank_details", (Reason(code, sentence),))


def _record(
    session: Session, organisation_id: int, state: BankState, details_id: int, shown: str, *,
    by: By, at: datetime, reason: str = "",
) -> None:  # fmt: skip
    """Write what happened, and owe the letter that says it to the address the association is known by."""
    said = {"details": details_id, "account": shown} | ({"reason": reason} if reason else {})
    queries.write_event(session, organisation_id, state, said, by=by, at=at)
    known = applicant.organisation_by_id(session, organisation_id)
    if known is None:
        return
    if not known.email:
        title = CALL.fill(name=known.name, siret=known.siret, masked=shown)
        open_task(
            session, key=f"bank/{details_id}/{state}", case_id=None, kind="organisation", recipient="manager",
            title_fr=title.fr, title_en=title.en, at=at,
        )  # fmt: skip
        return
    data = {"account": shown, "step": str(state), "reason": reason, "path": "/mes-coordonnees-bancaires",
            "email": known.email, "name": known.name, "language": known.language}  # fmt: skip
    applicant.owe_to_address(
        session, known.contract_id, template="bank_details", occurrence=f"{details_id}/{state}", data=data, at=at
    )  # fmt: skip
