"""JSON as a stranger may send it: read only when its size, depth, numbers and names can be trusted."""

import json
import math
import re
from collections.abc import Sequence

from parvis.services.imports.problems import DepositFileError, refused
from parvis.states.fields import shortened
from parvis.states.fields.amounts import NOT_FINITE
from parvis.states.words import Sentence

MAX_DEPTH = 60
"""A dossier of the State's portal has fifteen levels."""
MAX_BRACKETS = 2_000_000
"""A dossier has about six hundred; a year of Amiens, three hundred thousand."""
MAX_DIGITS = 30

_BRACKETS_AND_STRINGS = re.compile(r'"(?:[^"\\]+|\\.)*+(?:"|\\?\Z)|[\[{]+|[\]}]+', re.DOTALL)

INVALID = Sentence(
    fr="Le JSON est mal formé à la ligne {line}, colonne {column} : exportez de nouveau le dossier.",
    en="The JSON is malformed at line {line}, column {column}: export the case again.",
)
NOT_UTF8 = Sentence(
    fr="Le fichier JSON n’est pas en UTF-8 (octet {position}) : exportez de nouveau le dossier.",
    en="The JSON file is not UTF-8 (byte {position}): export the case again.",
)
TOO_DEEP = Sentence(
    fr="Le JSON a plus de {limit} niveaux, ce qu’aucun portail n’écrit : exportez de nouveau le dossier.",
    en="The JSON has more than {limit} levels, which no portal writes: export the case again.",
)
TOO_MANY = Sentence(
    fr="Le JSON a plus de {limit} objets et listes : découpez l’export en plusieurs fichiers.",
    en="The JSON has more than {limit} objects and lists: split the export into several files.",
)
DUPLICATE_KEY = Sentence(
    fr="Le nom « {key} » figure deux fois dans le même objet JSON : exportez de nouveau le dossier.",
    en="The name “{key}” is twice in the same JSON object: export the case again.",
)
NUMBER_RANGE = Sentence(
    fr="Le nombre « {value} » est démesuré : vérifiez-le dans le portail.",
    en="The number “{value}” is out of proportion: check it in the portal.",
)


def read_json(content: bytes) -> object:
    """The value `content` holds.

    Raises:
        DepositFileError: `json_encoding`, `json_depth`, `json_size`, `json_invalid`, `json_duplicate_key`,
            `amount_not_finite`, `number_range`.
    """
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused("json_encoding", NOT_UTF8.fill(position=error.start + 1)) from None
    _check_depth(written)
    try:
        return json.loads(
            written,
            object_pairs_hook=_object,
            parse_float=_finite,
            parse_int=_short,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        sentence = INVALID.fill(line=error.lineno, column=error.colno)
        raise refused("json_invalid", sentence, line=error.lineno, column=str(error.colno)) from None


def _check_depth(written: str) -> None:
    depth = opened = 0
    for found in _BRACKETS_AND_STRINGS.finditer(written):
        match found.group()[0]:
            case "[" | "{":
                depth += len(found.group())
                opened += len(found.group())
            case "]" | "}":
                depth -= len(found.group())
        if depth > MAX_DEPTH:
            raise refused("json_depth", TOO_DEEP.fill(limit=MAX_DEPTH))
        if opened > MAX_BRACKETS:
            raise refused("json_size", TOO_MANY.fill(limit=MAX_BRACKETS))


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise refused("json_duplicate_key", DUPLICATE_KEY.fill(key=shortened(twice)))
    return value


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise _not_finite(written)
    return number


def _constant(written: str) -> float:
    raise _not_finite(written)


def _short(written: str) -> int:
    if len(written) > MAX_DIGITS:
        raise refused("number_range", NUMBER_RANGE.fill(value=shortened(written)))
    return int(written)


def _not_finite(written: str) -> DepositFileError:
    return refused("amount_not_finite", NOT_FINITE.fill(value=shortened(written)))
