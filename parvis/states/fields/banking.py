"""Numbers of bank accounts, refused without being repeated: what is typed here must not end in a log."""

import re

from stdnum import bic as bic_rules
from stdnum.exceptions import ValidationError

from parvis.states.fields.errors import FieldError, Raw, is_blank
from parvis.states.fields.identifiers import iban
from parvis.states.fields.texts import as_typed
from parvis.states.words import Sentence

KEY = Sentence(
    "Cet IBAN a une clé de contrôle fausse : le recopier du RIB, chiffre par chiffre.",
    "This IBAN has a wrong check key: copy it from the bank statement, digit by digit.",
)
FORMAT = Sentence(
    "Ce n’est pas un IBAN : il commence par deux lettres de pays et deux chiffres (FR76…).",
    "This is not an IBAN: it begins with two country letters and two digits (FR76…).",
)
BIC = Sentence(
    "Ce n’est pas un BIC : il a 8 ou 11 signes, comme AGRIFRPP ; le laisser vide s’il n’est pas sur le RIB.",
    "This is not a BIC: it has 8 or 11 signs, like AGRIFRPP; leave it empty if the statement has none.",
)


def account_number(value: Raw) -> str:
    """An IBAN, compact and in capitals.

    Raises:
        FieldError: `required`, `iban_mod97`, `iban_format`; none of them quotes what was typed.
    """
    try:
        return iban(value)
    except FieldError as error:
        if error.code == "required":
            raise
        raise FieldError(error.code, KEY if error.code == "iban_mod97" else FORMAT) from None


def bic(value: Raw) -> str:
    """The code of a bank, compact and in capitals; empty when there is none.

    Raises:
        FieldError: `bic_format`.
    """
    if is_blank(value):
        return ""
    try:
        return str(bic_rules.validate(re.sub(r"\s", "", as_typed(value))))
    except ValidationError:
        raise FieldError("bic_format", BIC) from None
