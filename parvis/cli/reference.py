"""`parvis reference`: every command, option and exit code as a page; `docs/cli.md` is that page."""

import sys
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from parvis.cli.entries import Entry
from parvis.cli.exits import MEANINGS
from parvis.cli.here import here_of
from parvis.states.words import Language, Sentence

TITLE = Sentence("Ligne de commande", "Command line")
OTHER = Sentence("[English below](#command-line)", "[En français plus haut](#ligne-de-commande)")
FOREWORD = Sentence(
    "Cette page est écrite par `parvis reference` d’après les commandes elles-mêmes. `parvis COMMANDE --help` dit la "
    "même chose.",
    "This page is written by `parvis reference` from the commands themselves. `parvis COMMAND --help` says the same.",
)
LANGUAGE = Sentence(
    "La langue est celle de `--lang fr` ou `--lang en`, n’importe où dans la commande, sinon de `PARVIS_LANGUAGE`, "
    "sinon du système ; le français par défaut. `--json` donne une réponse pour un programme : noms stables, dates "
    "ISO, instants UTC, montants en centimes ; un refus est alors une ligne JSON sur la sortie d’erreur.",
    "The language is that of `--lang fr` or `--lang en`, anywhere in the command, else of `PARVIS_LANGUAGE`, else of "
    "the system; French by default. `--json` gives an answer for a program: stable names, ISO dates, UTC instants, "
    "amounts in cents; a refusal is then a line of JSON on the error output.",
)
CODES = Sentence("Codes de sortie", "Exit codes")
CODE, MEANING = Sentence("code", "code"), Sentence("ce qu’il veut dire", "what it means")
COMMANDS = Sentence("Commandes", "Commands")
REQUIRED = Sentence("obligatoire", "required")

OWN = {"help", "install_completion", "show_completion"}


def page() -> str:
    """The page in French, then in English: Markdown that ends with a newline."""
    return "\n".join([*_page(Language.FR), "---", "", *_page(Language.EN)])


def _page(language: str) -> Iterator[str]:
    from parvis.cli.main import build

    yield from (f"# {TITLE.say(language)}", "", OTHER.say(language), "")
    yield from (FOREWORD.say(language), "", LANGUAGE.say(language), "")
    yield from (
        f"## {CODES.say(language)}",
        "",
        f"| {CODE.say(language)} | {MEANING.say(language)} |",
        "|---|---|",
    )
    yield from (f"| {int(code)} | {meaning.say(language)} |" for code, meaning in MEANINGS.items())
    yield from ("", f"## {COMMANDS.say(language)}", "")
    root = get_command(build(language))
    for name, command in _listed(root):
        if isinstance(command, TyperGroup):
            yield from (f"### {name}", "", command.help or "", "")
            for inner, each in _listed(command):
                yield from _command(f"{name} {inner}", each, language)
        else:
            yield from _command(name, command, language)


def _listed(group: Any) -> Iterator[tuple[str, Any]]:
    for name in group.list_commands(None):
        yield name, group.commands[name]


def _command(name: str, command: Any, language: str) -> Iterator[str]:
    arguments = [each for each in command.params if isinstance(each, TyperArgument)]
    yield from (f"**`{' '.join(['parvis', name, *map(_usage, arguments)])}`**", "", command.help or "", "")
    lines = [f"- `{_usage(each)}`: {each.help or ''}" for each in arguments]
    lines += [
        _option(each, language)
        for each in command.params
        if isinstance(each, TyperOption) and each.name not in OWN
    ]
    if lines:
        yield from (*(line.replace("`: ", f"`{_colon(language)} ") for line in lines), "")


def _usage(argument: TyperArgument) -> str:
    name = f"{argument.metavar or argument.name}{'…' if argument.nargs != 1 else ''}"
    return name if argument.required else f"[{name}]"


def _option(option: TyperOption, language: str) -> str:
    names = "/".join([*option.opts, *option.secondary_opts])
    shown = names if option.is_flag else f"{names} {option.metavar}"
    noted = f" ({REQUIRED.say(language)})" if option.required else ""
    return f"- `{shown}`: {option.help or ''}{noted}"


def _colon(language: str) -> str:
    return ":" if language == Language.EN else "\u202f:"


def reference(context: typer.Context) -> None:
    """Print the page."""
    here_of(context)
    sys.stdout.write(page())


ENTRIES = (
    Entry(
        "reference",
        reference,
        Sentence(
            "Écrit toutes les commandes et les codes de sortie en Markdown.",
            "Writes every command and exit code as Markdown.",
        ),
    ),
)
