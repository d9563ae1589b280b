"""Quotes inside quotes."""

import pytest

from parvis.states.quotes import inner_quotes
from parvis.states.words import Sentence, french_spaces


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("« Atelier »", "« Atelier »"),
        ("l’action « Atelier « Pigeonnier » »", "l’action « Atelier “Pigeonnier” »"),
        ("« a « b » c « d » »", "« a “b” c “d” »"),
        ("« a « b « c » d » »", "« a “b ‘c’ d” »"),
        ("« a “b” »", "« a “b” »"),
        ("« a « b “c” » »", "« a “b ‘c’” »"),
        ("«a «b» c»", "« a “b” c »"),
        ("« a » et « b »", "« a » et « b »"),
        ("“a « b » c”", "“a « b » c”"),
        ("« a « b »", "« a « b »"),
        ("a » et « b « c » »", "a » et « b “c” »"),
        ("« a\n\n« b » »", "« a\n\n« b » »"),
        ("« a\nsuite « b » »", "« a\nsuite “b” »"),
        ("<p>« a</p><p>« b « c » »</p>", "<p>« a</p><p>« b “c” »</p>"),
        ("<p>« <strong>a « b »</strong> »</p>", "<p>« <strong>a “b”</strong> »</p>"),
    ],
)
def test_quotes_inside_quotes_have_their_own_signs(written, printed):
    assert inner_quotes(french_spaces(written)).replace("«a", "«\u202fa").replace(
        "c»", "c\u202f»"
    ) == french_spaces(printed)


def test_setting_twice_is_setting_once():
    once = inner_quotes("« a « b « c » d » »")

    assert inner_quotes(once) == once


def test_a_sentence_sets_the_quotes_of_what_fills_it():
    filled = Sentence("La lettre « {subject} » attend.", "The letter “{subject}” waits.").fill(
        subject="Demande « Jardin »"
    )

    assert filled.fr == french_spaces("La lettre « Demande “Jardin” » attend.")
    assert filled.en == "The letter “Demande « Jardin »” waits."
