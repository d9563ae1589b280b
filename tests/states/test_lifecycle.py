"""The page of the lifecycle says the whole tables, in both languages, in Markdown and Mermaid that can be read."""

import re
from pathlib import Path

import pytest

from parvis.states.lifecycle import LEFT_OUT, TABLES, diagram, lifecycle
from parvis.states.table import Table
from parvis.states.words import Language
from tests.states.examples import SUBJECTS

PAGE = Path(__file__).parents[2] / "docs" / "lifecycle.md"

every_half = pytest.mark.parametrize("language", list(Language))
every_table = pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])


def half(language: str) -> str:
    """The page of one language alone."""
    return lifecycle(language).split("\n---\n")[0]


def test_the_page_in_docs_is_the_one_the_tables_write() -> None:
    """Out of step? `make docs` writes it again."""
    assert PAGE.read_text(encoding="utf-8") == lifecycle(Language.FR)


def test_the_language_asked_for_comes_first_and_the_other_follows() -> None:
    french, english = lifecycle(Language.FR), lifecycle(Language.EN)

    assert french.startswith("# Cycle de vie\n")
    assert english.startswith("# Life cycle\n")
    assert "\n# Life cycle\n" in french
    assert "\n# Cycle de vie\n" in english
    assert french.endswith("|\n")


def test_every_table_that_is_proved_is_on_the_page() -> None:
    assert {subject.table.name for subject in SUBJECTS} == {table.name for table in TABLES}


@every_half
@every_table
def test_every_stage_row_and_guard_is_said(table: Table, language: str) -> None:
    lines = half(language).splitlines()

    for code in (*table.stages, *table.actions):
        assert any(line.startswith(f"| {table.words[code].say(language)} `{code}` |") for line in lines), code
    for move in table.moves:
        rows = [
            line
            for line in lines
            if line.startswith(f"| {table.words[move.action].say(language)} `{move.action}` |")
        ]
        assert any(
            all(guard.condition.say(language) in row for guard in move.only_if)
            and all(f"`{letter.template}`" in row for letter in move.letters)
            for row in rows
        ), move.action
        for guard in move.only_if:
            start = guard.sentence.say(language).split("{")[0]
            assert any(line.startswith(f"| {guard.condition.say(language)} | {start}") for line in lines), (
                guard.code
            )


@every_half
def test_every_line_of_a_markdown_table_has_as_many_cells_as_its_heading(language: str) -> None:
    columns = 0
    for line in half(language).splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) - 1 if line.startswith("|") else 0
        assert columns in (0, cells) or cells == 0, line
        columns = cells


@every_half
def test_nothing_is_left_to_fill_in(language: str) -> None:
    assert not re.search(r"[{}]|\bNone\b", half(language))
    assert LEFT_OUT in half(language)


@every_half
@every_table
def test_the_diagram_draws_every_step_once_and_nothing_else(table: Table, language: str) -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+): (.+)$", diagram(table, language), re.MULTILINE)

    steps = {(source, move.target) for move in table.moves if move.target for source in move.sources}
    assert sorted((source, target) for source, target, _ in drawn) == sorted(steps)
    for source, target, label in drawn:
        actions = [m.action for m in table.moves if m.target == target and source in m.sources]
        assert label == ", ".join(table.words[action].say(language) for action in actions)


@every_half
@every_table
def test_the_diagram_names_every_stage_in_words_mermaid_can_read(table: Table, language: str) -> None:
    text = diagram(table, language)

    named = dict(re.findall(r'^    state "([^"]+)" as (\w+)$', text, re.MULTILINE))
    ends = set(re.findall(r"^    (\w+) --> \[\*\]$", text, re.MULTILINE))
    assert named == {table.words[stage].say(language): stage for stage in table.stages}
    assert ends == set(table.finals)
    assert text.splitlines()[0] == "stateDiagram-v2"
    assert f"    [*] --> {table.initial}" in text.splitlines()
    assert not re.search(r"[;#%]|::", text), "signs Mermaid reads as its own"
