"""The ledger follows the years of an agreement: committed once firm, paid with their payments, released at an end."""

from datetime import datetime

from parvis.models.queries import agreement_ledger as queries
from parvis.models.queries.agreement_ledger import YearOnEnvelope
from parvis.models.queries.movements import NewMovement, write_movement
from parvis.models.session import Session
from parvis.states.ledger import Account, Kind, Line
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Cents, Sentence

SHORT = Sentence(
    "L’enveloppe de {funder} pour cette année n’a que {left} de libre, il manque {missing} : l’abonder, ou donner "
    "moins.",
    "The envelope of {funder} for this year has only {left} free, {missing} are missing: add to it, or give less.",
)


def follow_payments(
    session: Session, agreement_id: int, *, action: str, mark: str, by: str, at: datetime, reason: str = ""
) -> None:  # fmt: skip
    """Make the envelopes of the years of an agreement hold what its payments say, under `mark`; repeated, nothing.

    A year whose call has no envelope for it is not on the ledger.

    Raises:
        MoveRefusedError: an envelope has not enough left. Nothing is to be kept.
    """
    numbers = queries.years_with_payments(session, agreement_id)
    for one in queries.years_on_envelopes(session, agreement_id, numbers) if numbers else ():
        committed, paid = one.due_cents - one.committed_cents, one.made_cents - one.paid_cents
        if not committed and not paid:
            continue
        if committed + paid > one.left_cents:
            raise _short(one, committed + paid, action)
        kind = Kind.PAY if paid > 0 else Kind.POST if committed > 0 else Kind.RELEASE
        said = NewMovement(
            kind, f"agreement/{agreement_id}/{one.chain[0]}/{mark}", at, by, reason, agreement_id=agreement_id
        )
        write_movement(session, said, [line for each in one.chain for line in _lines(each, committed, paid)])


def _lines(envelope_id: int, committed: int, paid: int) -> list[Line]:
    amounts = ((Account.AVAILABLE, -committed - paid), (Account.COMMITTED, committed), (Account.PAID, paid))
    return [Line(envelope_id, account, cents) for account, cents in amounts if cents]


def _short(one: YearOnEnvelope, wanted: int, action: str) -> MoveRefusedError:
    sentence = SHORT.fill(funder=one.name, left=Cents(one.left_cents), missing=Cents(wanted - one.left_cents))
    return MoveRefusedError(action, (Reason("within_envelope", sentence),))
