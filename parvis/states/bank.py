"""Bank details of organisations: where a request of change stands, what of an account is shown, who may say yes."""

from dataclasses import dataclass
from enum import StrEnum

from parvis.states.stages import Role
from parvis.states.words import Sentence


class BankState(StrEnum):
    """Where bank details stand: asked by one person, confirmed by another, refused, or replaced by later ones."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    REPLACED = "replaced"


BANK_WORDS: dict[str, Sentence] = {
    BankState.ASKED: Sentence("à confirmer", "to be confirmed"),
    BankState.CONFIRMED: Sentence("confirmées", "confirmed"),
    BankState.REFUSED: Sentence("refusées", "refused"),
    BankState.REPLACED: Sentence("remplacées", "replaced"),
}

ASKS = frozenset({Role.APPLICANT, Role.INSTRUCTOR, Role.FINANCE, Role.MANAGER})
"""Who may ask for a change: the association itself, or an officer for it."""
CONFIRMS = frozenset({Role.FINANCE, Role.MANAGER})
"""Who may be the second person."""


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account as it is paid to: IBAN in capitals without spaces, its holder, BIC where it was given."""

    iban: str
    holder: str
    bic: str = ""

    def __repr__(self) -> str:
        """What an error or a log may say of it: never the number."""
        return f"Account({masked(self.iban)})"


def masked(iban: str) -> str:
    """What of an IBAN is shown: its country and key, its last three signs; `FR76 •••• 123`."""
    return f"{iban[:4]} •••• {iban[-3:]}"


def grouped(iban: str) -> str:
    """An IBAN as banks print it, by four."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
