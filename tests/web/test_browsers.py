"""Browsers in two words."""

import pytest

from parvis.web.browsers import browser

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {KIT} Chrome/126.0 Safari/537.36", "Chrome, Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {KIT} Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_browser_is_said_in_two_words_or_as_it_is(said, words):
    assert browser(said) == words
