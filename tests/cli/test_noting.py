"""The line a command leaves in the technical log."""

import json

import pytest

from parvis.cli.commands import COMMANDS
from parvis.cli.noting import command_of


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        (["letters", "send", "--json"], "letters send"),
        (["sweep", "--at", "2026-06-01"], "sweep"),
        (["case", "FR14 2004"], "case"),
        (["ines@ville.example"], ""),
        ([], ""),
    ],
)
def test_a_command_is_known_by_its_names_and_nothing_that_was_typed(typed: list[str], command: str):
    assert command_of(typed, COMMANDS) == command


def test_a_command_leaves_a_line_where_one_is_asked_for(terminal):
    quiet, told = terminal("sweep"), terminal("sweep", PARVIS_LOG="json")

    line = json.loads(told.err)
    assert quiet.err == ""
    assert (line["event"], line["process"], line["command"], line["exit"]) == ("command", "cli", "sweep", 0)
    assert line["ms"] > 0
