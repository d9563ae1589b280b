"""Searching without minding case, accents and signs, in the same way in what is searched and in what is kept."""

import re
import unicodedata

_ACCENTS = re.compile(r"[\u0300-\u036f]")
_SIGNS = re.compile(r"[\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u2000-\u206f]+")
_LETTERS = str.maketrans(
    {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    | {"Œ": "oe", "œ": "oe", "Æ": "ae", "æ": "ae", "ß": "ss"}
)
WHOLE = 3  # letters from which a word is found anywhere; a shorter one is found where a word begins with it


def bare_words(text: str) -> str:
    """The words of a text in lower case without accents and signs, a space before, between and after them."""
    letters = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).translate(_LETTERS)
    return f" {_SIGNS.sub(' ', letters).strip(' ')} "


def patterns(text: str) -> list[str]:
    """One `LIKE` pattern a word of a search: a case is found when its words match all of them."""
    words = bare_words(text.replace("\0", " ")).split(" ")
    return list(
        dict.fromkeys(f"%{word}%" if len(word) >= WHOLE else f"% {word}%" for word in words if word.strip())
    )
