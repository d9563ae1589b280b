"""Each question Parvis asks Démarche numérique, and its answer in the shape the rest of the room reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from parvis.services.demarches import documents
from parvis.services.demarches.calling import Caller
from parvis.services.demarches.failing import DemarcheError, Why
from parvis.services.demarches.shapes import DossierPage, Form, GonePage, State, understood

PAGE = 100
"""The most the platform gives at once."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Démarche numérique, asked through a caller; `page` dossiers at a time."""

    caller: Caller
    page: int = PAGE

    def dossiers(self, demarche: int, *, after: str, since: datetime | None) -> DossierPage:
        """The dossiers changed `since`, the oldest change first, those `after` a cursor.

        Raises:
            DemarcheError: as `Caller.ask`.
        """
        found = self._demarche(documents.DOSSIERS, demarche, after=after, since=since)
        return understood(DossierPage, found.get("dossiers"))

    def deleted(self, demarche: int, *, after: str, since: datetime | None) -> GonePage:
        """The dossiers deleted `since`.

        Raises:
            DemarcheError: as `Caller.ask`.
        """
        found = self._demarche(documents.DELETED, demarche, after=after, since=since)
        return understood(GonePage, found.get("deletedDossiers"))

    def dossier(self, number: int) -> dict[str, Any]:
        """One dossier, as it came.

        Raises:
            DemarcheError: as `Caller.ask`.
        """
        return _object(self.caller.ask(documents.DOSSIER, {"number": number}).get("dossier"))

    def state(self, number: int) -> State:
        """Where a dossier stands there now.

        Raises:
            DemarcheError: as `Caller.ask`.
        """
        return understood(State, self.caller.ask(documents.STATE, {"number": number}).get("dossier"))

    def form(self, demarche: int) -> Form:
        """The fields of a form as it is published, else as it is being drawn.

        Raises:
            DemarcheError: as `Caller.ask`.
        """
        found = _object(self.caller.ask(documents.FORM, {"demarche": demarche}).get("demarche"))
        revision = found.get("publishedRevision") or found.get("draftRevision") or {}
        groups = found.get("groupeInstructeurs") or ()
        officers = [officer for group in groups for officer in group.get("instructeurs", ())]
        return understood(Form, {
            "number": found.get("number"), "title": found.get("title"),
            "fields": revision.get("champDescriptors"), "officers": officers,
        })  # fmt: skip

    def change(self, mutation: str, given: Mapping[str, object]) -> None:
        """Do one thing there.

        Raises:
            DemarcheError: as `Caller.ask`; `refused` when the platform says why it does not do it.
        """
        answer = _object(
            self.caller.ask(documents.MUTATIONS[mutation], {"input": dict(given)}, changes=True).get(mutation)
        )
        if errors := answer.get("errors"):
            raise DemarcheError(Why.REFUSED, "; ".join(str(each.get("message", each)) for each in errors))

    def _demarche(self, query: str, number: int, *, after: str, since: datetime | None) -> dict[str, Any]:
        asked = {
            "demarche": number, "first": self.page, "after": after or None,
            "since": since.astimezone(UTC).isoformat() if since else None,
        }  # fmt: skip
        return _object(self.caller.ask(query, asked).get("demarche"))


def _object(found: object) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise DemarcheError(Why.NONSENSE, "no object")
    return found
