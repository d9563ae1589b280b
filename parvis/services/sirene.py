"""Looking an organisation up in the register (SIRENE) by its SIRET: asked when a setting says where, kept a while.

Whatever happens to the register, nobody waits long and nothing is refused for it: what is not known is `None`.
"""

import json
import time as elapsed
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import httpx

from parvis.models.queries.sirene import keep_notice, notice_of
from parvis.models.session import Database
from parvis.services.settings import Settings
from parvis.states.sirene import Notice

SECONDS = 4.0
MOST_BYTES = 500_000
LONGEST = 300


class RegisterAwayError(Exception):
    """The register does not answer, or not as it should."""


class Register(Protocol):
    """Who may be asked what a SIRET is."""

    def ask(self, siret: str, at: datetime) -> Notice | None:
        """What the register says now; None where no register is asked.

        Raises:
            RegisterAwayError: it does not answer.
        """
        ...


class NoRegister:
    """The register nobody set: it knows nothing, and nothing leaves the machine."""

    def ask(self, siret: str, at: datetime) -> Notice | None:
        """Nothing is known."""
        del siret, at
        return None


@dataclass(frozen=True, slots=True)
class SearchApi:
    """The State’s API « Recherche d’entreprises », at this address: open, without a key, seven requests a second."""

    address: str
    seconds: float = SECONDS

    def ask(self, siret: str, at: datetime) -> Notice | None:
        """What it says of the establishment of this SIRET.

        Raises:
            RegisterAwayError: it does not answer in time, or with something else.
        """
        document = self._get(siret)
        results = document.get("results")
        if not isinstance(results, list):
            raise RegisterAwayError("no results")
        for unit in results:
            if isinstance(unit, dict) and (found := _establishment(unit, siret)) is not None:
                return _notice(unit, found, siret, at)
        return Notice(siret, there=False, asked_at=at)

    def _get(self, siret: str) -> dict[str, object]:
        ends = elapsed.monotonic() + 2 * self.seconds
        try:
            with (
                httpx.Client(timeout=self.seconds, follow_redirects=False) as client,
                client.stream("GET", f"{self.address}/search", params={"q": siret, "per_page": "5"},
                              headers={"accept": "application/json", "user-agent": "Parvis"}) as response,
            ):  # fmt: skip
                body = b""
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES or elapsed.monotonic() > ends:
                        raise RegisterAwayError("too long an answer")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise RegisterAwayError(type(error).__name__) from error
        if response.status_code != httpx.codes.OK:
            raise RegisterAwayError(f"status {response.status_code}")
        try:
            document = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise RegisterAwayError("not JSON") from error
        if not isinstance(document, dict):
            raise RegisterAwayError("no JSON object")
        return document


def register_of(chosen: Settings) -> Register:
    """The register these settings name; none is asked where they name none."""
    return SearchApi(chosen.sirene_url) if chosen.sirene_url else NoRegister()


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of a SIRET, and whether the register failed to answer just now: it may be of another day, then."""

    notice: Notice | None
    away: bool = False


def look(database: Database, register: Register, siret: str, *, at: datetime, anew: bool = False) -> Looked:
    """What is known of a SIRET, asked again when it is old or on demand; never inside a transaction, never an error."""
    with database.transaction() as session:
        kept = notice_of(session, siret)
    if kept is not None and kept.fresh(at) and not anew:
        return Looked(kept)
    try:
        told = register.ask(siret, at)
    except RegisterAwayError:
        return Looked(kept, away=True)
    if told is None:
        return Looked(kept)
    told = replace(told, name=_clean(told.name), address=_clean(told.address), form=_clean(told.form)[:4])
    with database.transaction() as session:
        keep_notice(session, told)
    return Looked(told)


def _establishment(unit: dict[str, object], siret: str) -> dict[str, object] | None:
    matching = unit.get("matching_etablissements")
    for each in (unit.get("siege"), *(matching if isinstance(matching, list) else ())):
        if isinstance(each, dict) and each.get("siret") == siret:
            return each
    return None


def _notice(unit: dict[str, object], found: dict[str, object], siret: str, at: datetime) -> Notice:
    name = unit.get("nom_raison_sociale") or unit.get("nom_complet")
    ceased = unit.get("etat_administratif") == "C" or found.get("etat_administratif") == "F"
    return Notice(
        siret, there=True, asked_at=at, name=str(name or ""), form=str(unit.get("nature_juridique") or ""),
        ceased=ceased, address=str(found.get("adresse") or ""),
    )  # fmt: skip


def _clean(said: str) -> str:
    """A value from outside as it is kept: printable, one line, not long."""
    plain = "".join(char if char.isprintable() else " " for char in said).encode("utf-8", "replace").decode()
    return " ".join(plain.split())[:LONGEST]
