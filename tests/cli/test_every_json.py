"""Every command that answers programs: JSON and nothing else on the output, one line of JSON for a refusal."""

import json

import pytest
from typer.main import get_command

from parvis.cli.exits import ExitCode
from parvis.cli.main import build

NOT_TRIED = {"up", "rehearse"}  # they run for long; their own tests read their JSON


def commands(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def words(command, value):
    """The words of a command, `value` for each option and argument it cannot do without."""
    needed = [parameter for parameter in command.params if parameter.required]
    for parameter in needed:
        if parameter.param_type_name == "option":
            yield f"{parameter.opts[0]}={value}"
    yield "--"
    yield from (value for parameter in needed if parameter.param_type_name == "argument")


EVERY = {
    " ".join(path): command
    for path, command in commands(get_command(build("fr")))
    if any("--json" in parameter.opts for parameter in command.params) and path[0] not in NOT_TRIED
}


GROUPS = sorted({name.partition(" ")[0] for name in EVERY})


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Some commands write the file they are given the name of: not among ours."""
    monkeypatch.chdir(tmp_path)


def test_there_are_commands_that_answer_programs():
    assert len(EVERY) > 20


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.usefixtures("elsewhere")
def test_json_is_all_there_is_and_a_refusal_is_one_line_of_it(desk, terminal, group):
    desk.submitted_case()

    for name in [name for name in EVERY if name.partition(" ")[0] == group]:
        for value, language in (("RIEN", "fr"), ("-1", "en")):
            typed = [*name.split(), "--json", "--lang", language, *words(EVERY[name], value)]
            keeps_to_it(terminal(*typed, typed="RIEN\n"), typed)


def keeps_to_it(answer, typed):
    assert answer.code in set(ExitCode), typed
    if answer.out:
        json.loads(answer.out)
    if answer.code and not answer.out:
        assert len(answer.err.splitlines()) == 1, typed
        assert answer.error["exit_code"] == answer.code, typed
        assert answer.error["sentence"], typed
    elif not answer.code:
        assert answer.out, typed
        assert answer.err == "", typed
