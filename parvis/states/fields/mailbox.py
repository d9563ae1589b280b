"""One e-mail address, safe to put in an envelope: no list, no display name, no way to add a header."""

import re

import idna

from parvis.states.fields.errors import FieldError, Raw, refuse_blank, shortened
from parvis.states.fields.texts import as_typed, without_invisible
from parvis.states.words import Sentence

MAX_ADDRESS = 254
MAX_LOCAL = 64

# RFC 5322 dot-atom, less what relays once read as routing (%, !) and what a shell would read (`, |).
# Letters beyond ASCII are kept: RFC 6531 carries them where the server offers SMTPUTF8.
_LOCAL = re.compile(r"[A-Za-z0-9#$&'*+/=?^_{}~\u00c0-\uffff-]+(\.[A-Za-z0-9#$&'*+/=?^_{}~\u00c0-\uffff-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")

FORMAT = Sentence(
    fr="« {value} » n’est pas une adresse électronique : indiquez-en une seule, comme "
    "contact@association.fr.",
    en="“{value}” is not an e-mail address: give only one, like contact@association.fr.",
)


def email(value: Raw) -> str:
    """The address, its domain in lower-case ASCII (punycode); the part before @ is kept as typed.

    Raises:
        FieldError: `required`, `email_format`.
    """
    refuse_blank(value)
    typed = as_typed(value)
    refused = FieldError("email_format", FORMAT, value=shortened(typed))
    address = without_invisible(typed).strip(" \u00a0\u202f")
    local, at, domain = address.partition("@")
    if len(address) > MAX_ADDRESS or not at or "@" in domain:
        raise refused
    if not _LOCAL.fullmatch(local) or not _letters(local) or len(local.encode()) > MAX_LOCAL:
        raise refused
    ascii_domain = _ascii(domain)
    if ascii_domain is None or not _DOMAIN.fullmatch(ascii_domain):
        raise refused
    kept = f"{local}@{ascii_domain}"
    if len(kept.encode()) > MAX_ADDRESS:
        raise refused
    return kept


def needs_smtputf8(address: str) -> bool:
    """True when only a server that offers SMTPUTF8 (RFC 6531) can deliver to `address`."""
    return not address.isascii()


def _letters(local: str) -> bool:
    return all(char.isascii() or char.isalnum() for char in local)


def _ascii(domain: str) -> str | None:
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
