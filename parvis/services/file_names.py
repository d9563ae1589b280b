"""Names of files: what people typed, made fit to be shown, stored in a row and offered as a download."""

import re
import unicodedata
from pathlib import PurePosixPath

from parvis.services import file_problems as problems
from parvis.services.file_problems import FileRefusedError
from parvis.states.fields import shortened
from parvis.states.fields.texts import without_invisible
from parvis.states.files import EXTENSIONS, MediaType

LONGEST = 120
"""Characters, the ending included: a name still fits a Windows path when many files are unpacked together."""

_REFUSED = re.compile("[/\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_REPLACED = re.compile(r'[<>:"|?*%]')
_SPACES = re.compile(r"\s+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def clean_name(typed: str) -> str:
    """The name a file is kept and shown under, its ending one of those accepted.

    Raises:
        FileRefusedError: `filename`: it holds a path or control characters, or ends like nothing accepted.
    """
    if _REFUSED.search(typed):
        raise FileRefusedError("filename", problems.NAME.fill(name=shortened(typed)))
    named = _SPACES.sub(" ", unicodedata.normalize("NFC", without_invisible(typed))).strip().rstrip(" .")
    named = _REPLACED.sub("_", named)
    stem, dot, ending = named.rpartition(".")
    if not dot or ending.lower() not in EXTENSIONS:
        refusal = problems.ENDING.fill(name=shortened(typed), accepted=problems.ACCEPTED)
        raise FileRefusedError("filename", refusal)
    stem = stem.strip(" .")[: LONGEST - len(ending) - 1].rstrip(" .") or "fichier"
    guarded = f"_{stem}" if _RESERVED.match(stem) else stem
    return f"{guarded}.{ending.lower()}"


def promised_type(name: str) -> MediaType:
    """The type a cleaned name promises."""
    return EXTENSIONS[name.rpartition(".")[2]]


def free_name(name: str, taken: frozenset[str]) -> str:
    """`name`, or `name (2)`, `name (3)`… when files of the same subject have it already, whatever their case."""
    lowered = {each.casefold() for each in taken}
    candidate, number = name, 1
    while candidate.casefold() in lowered:
        number += 1
        path = PurePosixPath(name)
        candidate = f"{path.stem} ({number}){path.suffix}"
    return candidate
