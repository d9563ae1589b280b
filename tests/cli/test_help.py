"""Help: every command explains itself, in French and in English, and Typer's own words with it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from parvis.cli.main import build, said_language, without_language
from parvis.states.words import Language
from tests.cli.conftest import Terminal

ENGLISH_OF_TYPER = re.compile(
    r"\b(Usage|Options:|Commands|Show this message|required|default|Missing|No such|Try|Error|Invalid)\b"
)


@pytest.fixture
def typist(tmp_path) -> Terminal:
    """Somebody who needs no database."""
    return Terminal({"PARVIS_DATA_FOLDER": str(tmp_path), "NO_COLOR": "1", "PARVIS_AS": ""})


@cache
def every(language: str) -> dict[str, Any]:
    """Every command and group, by what is typed."""
    return dict(commands(language))


def commands(language: str) -> Iterator[tuple[str, Any]]:
    root = get_command(build(language))
    assert isinstance(root, TyperGroup)
    for name, command in root.commands.items():
        yield name, command
        if isinstance(command, TyperGroup):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())


NAMES = list(every(Language.FR))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself_in_both_languages(name):
    french, english = every(Language.FR)[name], every(Language.EN)[name]

    assert french.help != english.help
    assert french.help.endswith(".")
    assert english.help.endswith(".")
    for ours, theirs in zip(french.params, english.params, strict=True):
        assert ours.help, ours.name
        assert ours.help != theirs.help, ours.name


@pytest.mark.parametrize("name", NAMES)
def test_french_help_holds_no_word_of_typers(typist, name):
    answer = typist(*name.split(), "--help")

    assert answer.code == 0
    assert ENGLISH_OF_TYPER.search(answer.out) is None
    assert answer.out.startswith("Utilisation\u202f: parvis")
    assert "Affiche cette aide." in answer.out
    assert max(map(len, answer.out.splitlines())) <= 100


def test_help_in_english_is_in_english(typist):
    typist.language = Language.EN

    answer = typist("case", "advance", "-h")

    assert answer.out.startswith("Usage: parvis case advance [OPTIONS] REFERENCE ACTION")
    assert "Shows this help." in answer.out
    assert "request-documents" in answer.out


def test_a_group_called_alone_shows_its_help(typist):
    assert "list" in typist("case").out
    assert typist("case").code == 2
    assert typist("case").err == ""


@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        (
            ["cas"],
            "La commande « cas » n’existe pas. Vouliez-vous dire case ?",
            "There is no command “cas”. Did you mean case?",
        ),
        (["xyz"], "La commande « xyz » n’existe pas.", "There is no command “xyz”."),
        (["case", "show"], "Il manque l’argument RÉFÉRENCE.", "The argument REFERENCE is missing."),
        (["case", "show", "A", "B"], "Argument en trop : B.", "One argument too many: B."),
        (
            ["case", "list", "--limitt", "3"],
            "L’option --limitt n’existe pas. Vouliez-vous dire --limit ?",
            "There is no option --limitt. Did you mean --limit?",
        ),
        (["case", "list", "-q"], "L’option -q n’existe pas.", "There is no option -q."),
        (
            ["case", "list", "--limit"],
            "L’option --limit demande une valeur.",
            "The option --limit needs a value.",
        ),
        (["letters", "snooze", "l1"], "Il manque l’option --until.", "The option --until is missing."),
        (
            ["case", "list", "--late=oui"],
            "L’option --late ne prend pas de valeur.",
            "The option --late takes no value.",
        ),
    ],
)
def test_what_is_written_wrong_is_said_in_both_languages(typist, words, french, english):
    first = typist(*words)
    typist.language = Language.EN
    second = typist(*words)

    assert (first.code, second.code) == (2, 2)
    assert french in " ".join(first.err.replace("\u202f", " ").split())
    assert english in " ".join(second.err.split())


def test_a_mistake_points_to_the_help_of_its_command(typist):
    assert "Aide : parvis case show --help" in typist("case", "show").said.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("typed", "language", "left"),
    [
        (["case", "list"], None, ["case", "list"]),
        (["--lang", "en", "case", "list"], "en", ["case", "list"]),
        (["case", "list", "--lang", "en"], "en", ["case", "list"]),
        (["case", "--lang=fr", "list"], "fr", ["case", "list"]),
        (["case", "list", "--lang", "EN_gb"], "en", ["case", "list"]),
        (["db", "psql", "--", "--lang", "en"], None, ["db", "psql", "--", "--lang", "en"]),
        (["case", "list", "--lang"], None, ["case", "list"]),
    ],
)
def test_the_language_can_be_said_anywhere(typed, language, left):
    assert said_language(typed) == language
    assert without_language(typed) == left
