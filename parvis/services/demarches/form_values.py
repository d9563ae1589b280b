"""What the fields of a dossier say, found by identifier or by label, whatever their kind."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from parvis.services.demarches.shapes import Champ, Dossier, Stored
from parvis.services.imports.context import plain
from parvis.services.imports.portal_values import DossierValues
from parvis.states import fields
from parvis.states.contract import Contract
from parvis.states.contract.demarche import FormField
from parvis.states.fields import FieldError, Raw
from parvis.states.words import Sentence

T = TypeVar("T")

NO_FIELD = Sentence(
    "Le formulaire n’a pas de champ « {name} », attendu pour « {wanted} » : corriger « demarche » dans le contrat.",
    "The form has no field “{name}”, expected for “{wanted}”: correct “demarche” in the contract.",
)
_QPV = re.compile(r"\bQN[0-9A-Z]{6}\b")


@dataclass(frozen=True, slots=True)
class Names:
    """The neighbourhoods and challenges of a contract by every name a form may give them, bare."""

    neighbourhoods: Mapping[str, str] = field(default_factory=dict)
    challenges: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, contract: Contract) -> "Names":
        """Those of a contract."""
        places = {
            plain(name): each.code for each in contract.neighbourhoods for name in (each.code, each.name)
        }
        challenges = {
            plain(name): each.code
            for each in contract.challenges
            for name in (each.code, each.label, f"{each.code} {each.label}")
        }
        return cls(places, challenges)


class FormValues:
    """Takes values out of the fields of one dossier; what is wrong is named by the label of its field."""

    def __init__(self, dossier: Dossier, values: DossierValues) -> None:
        self._values = values
        self._by_name: dict[str, Champ] = {}
        for champ in reversed(list(all_of(dossier.champs))):
            self._by_name[champ.label.strip()] = champ
            self._by_name[champ.id] = champ

    def champ(self, named: str, wanted: str) -> Champ | None:
        """The field of this identifier or label; None, and a problem noted, when the form has none."""
        found = self._by_name.get(named.strip())
        if found is None:
            self._values.note(FieldError("demarche_field", NO_FIELD, name=named, wanted=wanted), named)
        return found

    def require(self, named: str, wanted: str, parse: Callable[[Raw], T]) -> T | None:
        """The value of a field that must have one; None, and a problem noted, when it has none that can be used."""
        champ = self.champ(named, wanted)
        return self._values.require(champ.label, parse, said(champ)) if champ else None

    def spare(self, named: str | None, wanted: str, parse: Callable[[Raw], T]) -> T | None:
        """The value of a field the mapping names, when it has one that can be used; a bad one only warns."""
        champ = self.champ(named, wanted) if named else None
        return self._values.spare(champ.label, parse, said(champ)) if champ else None

    def codes(self, named: str | None, wanted: FormField, known: Mapping[str, str]) -> tuple[str, ...]:
        """The codes of what a field chose, by any of their names; a neighbourhood also anywhere in its text."""
        champ = self.champ(named, wanted) if named else None
        if champ is None:
            return ()
        chosen = [*champ.values, *re.split(r"[,;|\n]", champ.text or "")]
        found = {known[bare]: None for each in chosen if (bare := plain(each)) in known}
        if wanted is FormField.NEIGHBOURHOODS:
            codes = set(known.values())
            found |= {code: None for code in _QPV.findall(champ.text or "") if code in codes}
        if wanted is FormField.CHALLENGES:
            found |= {code: None for each in chosen if (code := _first_word(each, known)) is not None}
        return tuple(found)

    def files(self, named: str, wanted: str) -> tuple[Stored, ...]:
        """The files of a field."""
        champ = self.champ(named, wanted)
        return (champ.files or ()) if champ else ()


def said(champ: Champ) -> Raw:
    """What a field holds: its typed value where it has one, else its text."""
    for typed in (champ.date, champ.decimal, champ.integer):
        if typed is not None:
            return typed
    return champ.text


def filled(champ: Champ) -> bool:
    """Whether something is in a field."""
    return not fields.is_blank(said(champ)) or bool(champ.files)


def _first_word(text: str, known: Mapping[str, str]) -> str | None:
    words = text.split()
    return known.get(plain(words[0])) if words else None


def all_of(champs: tuple[Champ, ...]) -> Iterator[Champ]:
    """Every field, those inside blocks that repeat after the block."""
    for champ in champs:
        yield champ
        for row in champ.rows:
            yield from all_of(row.champs)
