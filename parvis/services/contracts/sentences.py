"""The errors of the models, said to the officer who edits the file."""

import re
import types
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from parvis.services.contracts.problems import Path
from parvis.states.contract import Contract
from parvis.states.contract.values import RULE
from parvis.states.words import Sentence

MISSING = Sentence("Il manque « {name} » : l’ajouter.", "“{name}” is missing: add it.")
EXTRA = Sentence(
    "« {name} » n’est pas un réglage connu ici : l’effacer, ou écrire un de ceux-ci : {known}.",
    "“{name}” is not a setting known here: delete it, or write one of these: {known}.",
)
EXTRA_NEAR = Sentence(
    "« {name} » n’est pas un réglage connu ici : est-ce « {nearest} » ?",
    "“{name}” is not a setting known here: is it “{nearest}”?",
)
EMPTY = Sentence(
    "« {name} » est vide : écrire une valeur, ou effacer la ligne.",
    "“{name}” is empty: write a value, or delete the line.",
)
EMPTY_FILE = Sentence(
    "Le fichier est vide ou n’est pas un contrat : commencer par « code », « name », « city » et « sender ».",
    "The file is empty or is not a contract: begin with “code”, “name”, “city” and “sender”.",
)
CHOICE = Sentence(
    "« {value} » n’est pas un choix possible : écrire {choices}.",
    "“{value}” is not a possible choice: write {choices}.",
)
ONE_OF = Sentence("{first} ou {last}", "{first} or {last}")

EXPECTED: Mapping[str, Sentence] = {
    "string_type": Sentence("Un texte est attendu ici.", "A text is expected here."),
    "int_type": Sentence(
        "Un nombre entier est attendu ici, sans guillemets ni décimale.",
        "A whole number is expected here, without quotes or decimals.",
    ),
    "bool_type": Sentence("Écrire true (oui) ou false (non).", "Write true or false."),
    "bool_parsing": Sentence("Écrire true (oui) ou false (non).", "Write true or false."),
    "date_type": Sentence(
        "Une date est attendue ici, comme 2027-01-31.", "A date is expected here, like 2027-01-31."
    ),
    "time_type": Sentence(
        "Une heure est attendue ici, comme 08:00.", "A time of day is expected here, like 08:00."
    ),
    "decimal_type": Sentence(
        "Une part est attendue ici, comme 0.8 ou 80 %.", "A share is expected here, like 0.8 or 80 %."
    ),
    "tuple_type": Sentence(
        "Une liste est attendue ici : un élément par ligne, après un tiret.",
        "A list is expected here: one item a line, after a hyphen.",
    ),
    "model_type": Sentence(
        "Un bloc est attendu ici : des lignes « nom : valeur » en retrait.",
        "A block is expected here: indented lines “name: value”.",
    ),
    "greater_than_equal": Sentence(
        "Ce nombre est trop petit : {ge} au moins.", "This number is too small: at least {ge}."
    ),
    "less_than_equal": Sentence(
        "Ce nombre est trop grand : {le} au plus.", "This number is too large: at most {le}."
    ),
    "too_short": Sentence(
        "La liste est vide : y mettre au moins un élément.", "The list is empty: put at least one item in it."
    ),
}
OTHER = Sentence(
    "Cette valeur n’est pas acceptée ({code}) : la corriger.", "This value is not accepted ({code}): fix it."
)


def sentence_of(error: ErrorDetails) -> Sentence:
    """What one error of the models means, and what to do."""
    kind, context, path = error["type"], error.get("ctx", {}), error["loc"]
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    if kind == RULE:
        return Sentence(context["fr"], context["en"])
    if kind == "missing":
        return MISSING.fill(name=name)
    if kind == "extra_forbidden":
        return _extra(name, path)
    if not path:
        return EMPTY_FILE
    if error["input"] is None:
        return EMPTY.fill(name=name)
    if kind in ("enum", "literal_error"):
        return _choice(error["input"], context)
    return EXPECTED.get(kind, OTHER).fill(code=kind, **context)


def known_names(path: Path) -> list[str]:
    """The settings a block at `path` may hold."""
    found: Any = Contract
    for part in path:
        found = _inner(found)
        if isinstance(part, str) and isinstance(found, type) and issubclass(found, BaseModel):
            found = found.model_fields[part].annotation if part in found.model_fields else None
    found = _inner(found)
    return list(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else []


def _inner(annotation: Any) -> Any:
    """The model inside an optional value, a list or an annotated type."""
    while (origin := get_origin(annotation)) in (Annotated, Union, types.UnionType, tuple):
        annotation = (
            next(arg for arg in get_args(annotation) if arg is not type(None)) if origin else annotation
        )
    return annotation


def _extra(name: str, path: Path) -> Sentence:
    known = known_names(path[:-1])
    nearest = get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    return EXTRA_NEAR.fill(name=name, nearest=nearest[0]) if nearest else EXTRA.fill(name=name, known=known)


def _choice(value: object, context: Mapping[str, Any]) -> Sentence:
    choices = re.findall(r"'([^']+)'", str(context.get("expected", "")))
    if len(choices) < 2:
        return CHOICE.fill(value=str(value), choices=choices)
    listed = ONE_OF.fill(first=", ".join(choices[:-1]), last=choices[-1])
    return CHOICE.fill(value=str(value), choices=listed)
