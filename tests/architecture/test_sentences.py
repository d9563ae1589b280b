"""Every sentence a person reads stands in French and in English, with the same blanks and French typography."""

import ast
import re
import string
from dataclasses import dataclass

from tests.architecture.house import halves, name, python_files, sentences
from tests.architecture.typography import set_in_type

BLANK = re.compile(r"\{[^{}]*\}")
# A high sign stuck to its word: the unbreakable space is missing altogether.
STUCK = re.compile(r"\w[;:!?»](?=\s|$)|«\w")


@dataclass(frozen=True)
class Pair:
    """One `Sentence("…", "…")` found in the code."""

    place: str
    fr: str
    en: str


def test_every_sentence_is_a_pair():
    assert [place for place, texts in _written() if texts.keys() != {"fr", "en"}] == []


def test_every_sentence_says_something_in_both_languages():
    assert [pair.place for pair in _pairs() if not (pair.fr.strip() and pair.en.strip())] == []


def test_both_languages_fill_the_same_blanks():
    uneven = {
        pair.place: f"{_blanks(pair.fr)} / {_blanks(pair.en)}"
        for pair in _pairs()
        if _blanks(pair.fr) != _blanks(pair.en)
    }

    assert uneven == {}


def test_french_sentences_have_their_apostrophes_and_unbreakable_spaces():
    """Not so? `make format` sets them."""
    assert {pair.place: pair.fr for pair in _pairs() if set_in_type(pair.fr) != pair.fr} == {}


def test_no_high_sign_sticks_to_a_french_word():
    assert {pair.place: pair.fr for pair in _pairs() if STUCK.search(BLANK.sub("x", pair.fr))} == {}


def test_typesetting_twice_changes_nothing():
    typed = "C'est fait : « oui » ; 80 % de 100 € ! Non ?"

    once = set_in_type(typed)

    assert once == "C’est fait\u202f: «\u202foui\u202f»\u202f; 80\u202f% de 100\u202f€\u202f! Non\u202f?"
    assert set_in_type(once) == once


def _written() -> list[tuple[str, dict[str, ast.expr]]]:
    """Every sentence, where it stands, and its halves as far as given."""
    return [
        (f"{name(path)}:{call.lineno}", halves(call))
        for path in python_files("parvis")
        for call in sentences(path)
    ]


def _pairs() -> list[Pair]:
    """The sentences written out where they stand; those computed from others are left to their own tests."""
    texts = [(place, _text(given.get("fr")), _text(given.get("en"))) for place, given in _written()]
    return [Pair(place, fr, en) for place, fr, en in texts if fr is not None and en is not None]


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _blanks(sentence: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field is not None}
