"""Texts of others are fit to be typeset: removed, replaced or set in French, and never anything but text."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.documents.clean import BREAK, LONGEST_LINE, LONGEST_WORD, NARROW, line, paragraphs
from parvis.documents.glyphs import MISSING, STYLES, characters_of, shown_characters, typeface_files

BAD = json.loads((Path(__file__).parents[1] / "data" / "bad_inputs.json").read_text(encoding="utf-8"))
TEXTS = {
    case["id"]: case["payload"]
    for case in BAD
    if case["surface"] in {"field.text", "mail.template", "upload.filename"} and case.get("payload")
}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Projet\x00 caché\x1b[31m", "Projet caché[31m"),
        ("demi \ud83d signe", f"demi {MISSING} signe"),
        ("gnp.\u202egpj", "gnp.gpj"),
        ("\u2066isolé\u2069 \u200fdroite", "isolé droite"),
        ("Ass\u200bociation", "Association"),
        ("Cafe\u0301", "Café"),
        ("bravo 👏🏽 !", f"bravo {MISSING}{MISSING}{NARROW}!"),
        ("العربية", MISSING * 7),
        ("Смолер", "Смолер"),
        ("✔ fait → suite", "✔ fait → suite"),
        ("deux\nlignes\r\net\u2028trois", "deux lignes et trois"),
        ("\ufeffdébut", "début"),
    ],
)
def test_what_cannot_be_shown_goes_or_is_visibly_replaced(typed, shown):
    assert line(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Pourquoi ?", f"Pourquoi{NARROW}?"),
        ("Pourquoi? Parce que!", f"Pourquoi{NARROW}? Parce que{NARROW}!"),
        ("Objet: aide; suite", f"Objet{NARROW}: aide{NARROW}; suite"),
        ("« Vivre »", f"«{NARROW}Vivre{NARROW}»"),
        ("«Vivre»", f"«{NARROW}Vivre{NARROW}»"),
        ("« Oui ! »", f"«{NARROW}Oui{NARROW}!{NARROW}»"),
        ("l'association", "l’association"),
        ("15 % de 12 000 €", f"15{NARROW}% de 12{NARROW}000{NARROW}€"),
        ("à 14:30", "à 14:30"),
        ("03 22 00 00 00", "03 22 00 00 00"),
        ("https://a.fr/?b=c", "https://a.fr/?b=c"),
    ],
)
def test_french_has_its_narrow_spaces_and_addresses_keep_their_signs(typed, shown):
    assert line(typed) == shown


@pytest.mark.parametrize("typed", [
    "{{ 7*7 }}${7*7}<%= 7*7 %>", "#read(\"/etc/passwd\")", "$x^2$ *gras* _ital_ `code` @ref <label>", "file:///etc/passwd",
    "../../etc/passwd", "100%_",
])  # fmt: skip
def test_the_syntax_of_templates_stays_as_typed(typed):
    assert line(typed).replace(BREAK, "").replace(NARROW, " ") == typed


@pytest.mark.parametrize("name", TEXTS)
def test_every_hostile_text_becomes_one_that_can_be_shown(name):
    shown = line(TEXTS[name])

    assert {ord(sign) for sign in shown} <= shown_characters()


def test_a_word_of_five_thousand_letters_has_places_to_break():
    (shown,) = paragraphs("x" * 5_000)

    assert shown.replace(BREAK, "") == "x" * 5_000
    assert max(map(len, shown.split(BREAK))) <= LONGEST_WORD


def test_an_address_breaks_after_its_signs_and_the_longest_french_word_does_not():
    assert line("politique-de-la-ville@amiens-metropole.example").split(BREAK)[0] == "politique-"
    assert line("anticonstitutionnellement") == "anticonstitutionnellement"


def test_a_letter_under_a_pile_of_marks_keeps_two():
    shown = line("Z" + "\u0351\u036b\u0343\u036a" * 200 + "o")

    assert len(shown) == len("Z") + 2 + len("o")


def test_a_title_without_end_is_cut_between_words_and_says_so():
    shown = line("projet " * 1_000)

    assert len(shown) <= LONGEST_LINE
    assert shown.endswith("projet […]")


def test_a_long_text_is_cut_where_asked_and_a_shorter_one_is_not():
    assert paragraphs("un deux\n\n trois quatre", 30) == ["un deux", "trois quatre"]
    assert paragraphs("un deux\ntrois quatre cinq", 20) == ["un deux", "trois […]"]


@given(st.text(st.characters()))
def test_whatever_is_typed_can_be_shown_and_cleaning_again_changes_nothing(typed):
    shown = line(typed)

    assert {ord(sign) for sign in shown} <= shown_characters()
    assert unicodedata.is_normalized("NFC", shown)
    assert line(shown) == shown
    assert "\n" not in shown


def test_all_styles_of_the_typeface_have_the_same_characters():
    regular, *others = map(characters_of, typeface_files())

    assert len(typeface_files()) == len(STYLES)
    assert all(regular == other for other in others)
    assert set(map(ord, "aéœŒÀ€’«»–—…\u00a0\u202fЖΩ")) <= regular
