"""Identifiers of French public life: SIRET, RNA, IBAN, priority neighbourhood."""

import re
from collections.abc import Collection
from decimal import Decimal

from stdnum import iban as iban_rules
from stdnum import luhn
from stdnum.exceptions import InvalidChecksum, ValidationError

from parvis.states.fields.errors import FieldError, Raw, refuse_blank, shortened
from parvis.states.fields.texts import as_typed, without_invisible
from parvis.states.words import Sentence

LA_POSTE_SIREN = "356000000"

_SPACES = re.compile("[ \u00a0\u2007\u2009\u202f]")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+")
_RNA = re.compile(r"W[0-9]{9}|W9[A-Z][0-9]{7}")
_QPV = re.compile(r"QN([0-9]{5}|2[AB][0-9]{3})[A-Z]")

SIRET_SCIENTIFIC = Sentence(
    fr="« {value} » est un nombre abrégé par le tableur, des chiffres sont perdus : mettez la colonne au "
    "format "
    "texte et recopiez les 14 chiffres du SIRET.",
    en="“{value}” is a number the spreadsheet abbreviated, digits are lost: format the column as text and "
    "copy "
    "the 14 digits of the SIRET again.",
)
SIRET_CHARSET = Sentence(
    fr="« {value} » contient autre chose que des chiffres : un SIRET s’écrit avec 14 chiffres.",
    en="“{value}” contains something else than digits: a SIRET is written with 14 digits.",
)
SIRET_LENGTH = Sentence(
    fr="« {value} » compte {length} chiffres, un SIRET en compte 14 : recopiez-le de l’avis de situation "
    "(un tableur efface les zéros du début).",
    en="“{value}” has {length} digits, a SIRET has 14: copy it from the official notice "
    "(a spreadsheet drops leading zeros).",
)
SIRET_PLACEHOLDER = Sentence(
    fr="« {value} » est un numéro de remplissage : indiquez le vrai SIRET du porteur.",
    en="“{value}” is a filler number: give the applicant’s real SIRET.",
)
SIRET_LUHN = Sentence(
    fr="Le SIRET « {value} » n’existe pas, sa clé de contrôle est fausse : vérifiez chaque chiffre.",
    en="SIRET “{value}” does not exist, its check digit is wrong: check every digit.",
)
SIREN_LUHN = Sentence(
    fr="Le SIRET « {value} » n’existe pas, la clé de ses neuf premiers chiffres (SIREN) est fausse : "
    "vérifiez-les.",
    en="SIRET “{value}” does not exist, the check digit of its first nine digits (SIREN) is wrong: check "
    "them.",
)
RNA_FORMAT = Sentence(
    fr="« {value} » n’est pas un numéro RNA : il s’écrit W puis neuf chiffres (W9, une lettre et sept "
    "chiffres "
    "outre-mer), comme sur le récépissé de déclaration.",
    en="“{value}” is not an RNA number: it is written W then nine digits (W9, a letter and seven digits "
    "overseas), "
    "as on the declaration receipt.",
)
RNA_PLACEHOLDER = Sentence(
    fr="« {value} » est un numéro RNA de remplissage : indiquez celui du récépissé, ou laissez vide.",
    en="“{value}” is a filler RNA number: give the one on the receipt, or leave it empty.",
)
IBAN_MOD97 = Sentence(
    fr="L’IBAN « {value} » a une clé de contrôle fausse : recopiez-le du RIB.",
    en="IBAN “{value}” has a wrong check key: copy it from the bank statement again.",
)
IBAN_FORMAT = Sentence(
    fr="« {value} » n’est pas un IBAN : il commence par deux lettres de pays et deux chiffres (FR76…).",
    en="“{value}” is not an IBAN: it begins with two country letters and two digits (FR76…).",
)
QPV_FORMAT = Sentence(
    fr="« {value} » n’est pas un code de quartier prioritaire 2024 : il s’écrit QN, cinq chiffres et une "
    "lettre "
    "(QN08003M).",
    en="“{value}” is not a 2024 priority neighbourhood code: it is written QN, five digits and a letter "
    "(QN08003M).",
)
QPV_UNKNOWN = Sentence(
    fr="Le quartier « {value} » n’est pas dans ce contrat de ville ; quartiers connus : {known}.",
    en="Neighbourhood “{value}” is not in this city contract; known neighbourhoods: {known}.",
)


def siret(value: Raw) -> str:
    """The 14 digits of an establishment, Luhn-checked whole and on its SIREN.

    La Poste numbers its offices otherwise: Luhn on the 14 digits, or a digit sum that is a multiple of 5.

    Raises:
        FieldError: `required`, `siret_scientific`, `siret_charset`, `siret_length`, `siret_placeholder`,
            `siret_luhn`, `siren_luhn`.
    """
    refuse_blank(value)
    if isinstance(value, (float, Decimal)):
        raise FieldError("siret_scientific", SIRET_SCIENTIFIC, value=shortened(value))
    digits = _compact(value)
    shown = shortened(as_typed(value))
    if _SCIENTIFIC.fullmatch(digits):
        raise FieldError("siret_scientific", SIRET_SCIENTIFIC, value=shown)
    if not (digits.isascii() and digits.isdigit()):
        raise FieldError("siret_charset", SIRET_CHARSET, value=shown)
    if len(digits) != 14:
        raise FieldError("siret_length", SIRET_LENGTH, value=shown, length=len(digits))
    if len(set(digits)) == 1 or digits.startswith("000000000"):
        raise FieldError("siret_placeholder", SIRET_PLACEHOLDER, value=shown)
    if not (luhn.is_valid(digits) or (digits.startswith(LA_POSTE_SIREN) and sum(map(int, digits)) % 5 == 0)):
        raise FieldError("siret_luhn", SIRET_LUHN, value=shown)
    if not luhn.is_valid(digits[:9]):
        raise FieldError("siren_luhn", SIREN_LUHN, value=shown)
    return digits


def rna(value: Raw) -> str:
    """The number of an association in the national register, in capitals.

    Raises:
        FieldError: `required`, `rna_format`, `rna_placeholder`.
    """
    refuse_blank(value)
    number = _compact(value).upper()
    if not _RNA.fullmatch(number):
        raise FieldError("rna_format", RNA_FORMAT, value=shortened(as_typed(value)))
    if len(set(number[1:])) == 1:
        raise FieldError("rna_placeholder", RNA_PLACEHOLDER, value=number)
    return number


def iban(value: Raw) -> str:
    """A bank account, compact and in capitals.

    Raises:
        FieldError: `required`, `iban_mod97`, `iban_format`.
    """
    refuse_blank(value)
    number = _compact(value).upper()
    shown = shortened(as_typed(value))
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", number):
        raise FieldError("iban_format", IBAN_FORMAT, value=shown)
    try:
        return iban_rules.validate(number)
    except InvalidChecksum:
        raise FieldError("iban_mod97", IBAN_MOD97, value=shown) from None
    except ValidationError:
        raise FieldError("iban_format", IBAN_FORMAT, value=shown) from None


def qpv(value: Raw, known: Collection[str]) -> str:
    """The code of a priority neighbourhood (2024 geography) among the `known` ones.

    Raises:
        FieldError: `required`, `qpv_format`, `qpv_unknown`.
    """
    refuse_blank(value)
    code = _compact(value).upper()
    if not _QPV.fullmatch(code):
        raise FieldError("qpv_format", QPV_FORMAT, value=shortened(as_typed(value)))
    if code not in known:
        raise FieldError("qpv_unknown", QPV_UNKNOWN, value=code, known=sorted(known))
    return code


def _compact(value: Raw) -> str:
    return _SPACES.sub("", without_invisible(as_typed(value)))
