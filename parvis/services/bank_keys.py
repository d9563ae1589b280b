"""What seals bank details: keys of the environment, or one made in the data folder beside an embedded database.

Fernet (AES-128 in CBC mode, with an HMAC): what was changed does not open. Several keys: the first seals, all open.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from parvis.services.settings import Settings
from parvis.states.bank import Account

ONLY_OURS = 0o600


class NoBankKeyError(Exception):
    """Bank details can neither be sealed nor read: no key is set, and the database is one of yours."""


class WrongBankKeyError(Exception):
    """What is sealed was sealed with a key that is not there any more, or was changed since."""


class Ring:
    """The keys of an installation."""

    def __init__(self, keys: list[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, organisation_id: int, account: Account) -> bytes:
        """An account as it is kept; it opens for its organisation only."""
        said = [organisation_id, account.iban, account.holder, account.bic]
        return self._fernet.encrypt(json.dumps(said, ensure_ascii=False).encode())

    def open(self, organisation_id: int, sealed: bytes) -> Account:
        """The account that was sealed for this organisation.

        Raises:
            WrongBankKeyError: it does not open, or is another's.
        """
        owner, iban, holder, bic = json.loads(self.open_bytes(sealed))
        if owner != organisation_id:
            raise WrongBankKeyError
        return Account(iban, holder, bic)

    def seal_bytes(self, content: bytes) -> bytes:
        """A file that names accounts, as it is kept."""
        return self._fernet.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """What was sealed.

        Raises:
            WrongBankKeyError: it does not open.
        """
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise WrongBankKeyError from None

    def again(self, sealed: bytes) -> bytes:
        """The same, sealed with the first key.

        Raises:
            WrongBankKeyError: it does not open.
        """
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise WrongBankKeyError from None


def new_key() -> str:
    """A key nobody has."""
    return Fernet.generate_key().decode()


def ring(chosen: Settings) -> Ring:
    """The keys of this installation; the first time, beside an embedded database, one is made and kept (0600).

    Raises:
        NoBankKeyError: the database is one of yours and no key is set.
    """
    if chosen.bank_keys is not None:
        return Ring([key.strip() for key in chosen.bank_keys.get_secret_value().split(",")])
    if chosen.database_url is not None or chosen.database_owner_url is not None:
        raise NoBankKeyError
    return Ring([kept_key(chosen.bank_key_file)])


def kept_key(file: Path) -> str:
    """The key in this file, which is made whole or not at all: two processes that begin at once share one."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_OURS), "w") as made:
            made.write(new_key())
        with suppress(FileExistsError):
            file.hardlink_to(new)
        new.unlink()
    return file.read_text(encoding="ascii").strip()
