"""Help: what Typer knows of a command, laid out for the reader, in the reader's language."""

from typing import Any, ClassVar

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from parvis.cli.options import unpacked
from parvis.cli.output import console
from parvis.states.words import Language, Sentence

USAGE = Sentence("Utilisation :", "Usage:")
OPTIONS = Sentence("Options", "Options")
ARGUMENTS = Sentence("Arguments", "Arguments")
COMMANDS = Sentence("Commandes", "Commands")
REQUIRED = Sentence("obligatoire", "required")
SUBCOMMAND = Sentence("COMMANDE [ARGUMENTS]…", "COMMAND [ARGUMENTS]…")
SEVERAL = "…"

TYPERS_OWN = {
    "help": Sentence("Affiche cette aide.", "Shows this help."),
    "install_completion": Sentence(
        "Installe la complétion dans le shell courant.", "Installs completion for the current shell."
    ),
    "show_completion": Sentence(
        "Affiche le script de complétion du shell courant.",
        "Shows the completion script for the current shell.",
    ),
}


class Command(TyperCommand):
    """A command that explains itself in `language`."""

    language: ClassVar[Language] = Language.FR

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self, self.language)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        del formatter
        _print_help(self, ctx, self.language)


class Group(TyperGroup):
    """A group of commands that explains itself in `language`."""

    language: ClassVar[Language] = Language.FR

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "subcommand_metavar": SUBCOMMAND.say(self.language)})
        _speak(self, self.language)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        del formatter
        _print_help(self, ctx, self.language)


class EnglishCommand(Command):
    """A command that explains itself in English."""

    language = Language.EN


class EnglishGroup(Group):
    """A group that explains itself in English."""

    language = Language.EN


def command_class(language: str) -> type[Command]:
    """The kind of commands of an application in `language`."""
    return EnglishCommand if language == Language.EN else Command


def group_class(language: str) -> type[Group]:
    """The kind of groups of an application in `language`."""
    return EnglishGroup if language == Language.EN else Group


def _speak(command: TyperCommand | TyperGroup, language: str) -> None:
    command.help = unpacked(command.help, language)
    for parameter in command.params:
        if isinstance(parameter, TyperArgument | TyperOption):
            own = TYPERS_OWN.get(parameter.name)
            parameter.help = own.say(language) if own else unpacked(parameter.help, language)
            parameter.metavar = unpacked(parameter.metavar, language)


def _print_help(command: TyperCommand | TyperGroup, context: typer.Context, language: str) -> None:
    out = console()
    usage = Text.assemble((USAGE.say(language), "bold"), " ", (context.command_path, "bold cyan"))
    pieces = " ".join(
        _usage(parameter) for parameter in command.params if isinstance(parameter, TyperArgument)
    )
    tail = [pieces] if pieces else []
    if isinstance(command, TyperGroup):
        tail.append(command.subcommand_metavar)
    out.print(Text(" ").join([usage, Text("[OPTIONS]"), *map(Text, tail)]))
    if command.help:
        out.print()
        out.print(Padding(command.help, (0, 2)))
    if isinstance(command, TyperGroup):
        named = ((name, command.commands[name]) for name in command.list_commands(context))
        visible = [(name, each) for name, each in named if not each.hidden]
        _part(
            out,
            COMMANDS.say(language),
            [(Text(name, "bold cyan"), each.help or "") for name, each in visible],
        )
    parameters = [each for each in command.get_params(context) if not getattr(each, "hidden", False)]
    arguments = [_argument(each, language) for each in parameters if isinstance(each, TyperArgument)]
    _part(out, ARGUMENTS.say(language), arguments)
    options = [_option(each, language) for each in parameters if isinstance(each, TyperOption)]
    _part(out, OPTIONS.say(language), options)
    if command.epilog:
        title, *lines = command.epilog.splitlines()
        pairs = (line.partition("\t") for line in lines)
        _part(out, title, [(Text(name, "cyan"), said) for name, _, said in pairs])


def _part(out: Any, title: str, rows: list[tuple[Text, str]]) -> None:
    if not rows:
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, max_width=38)
    table.add_column()
    for name, said in rows:
        table.add_row(name, said)
    out.print()
    out.print(Text(title, "bold"))
    out.print(Padding(table, (0, 2)))


def _usage(argument: TyperArgument) -> str:
    name = f"{argument.metavar or argument.name}{SEVERAL if argument.nargs != 1 else ''}"
    return name if argument.required else f"[{name}]"


def _argument(argument: TyperArgument, language: str) -> tuple[Text, str]:
    required = f" ({REQUIRED.say(language)})" if argument.required else ""
    return Text(_usage(argument).strip("[]"), "yellow"), f"{argument.help or ''}{required}"


def _option(option: TyperOption, language: str) -> tuple[Text, str]:
    names = ", ".join(sorted(option.opts, key=lambda name: (not name.startswith("--"), name)))
    if option.secondary_opts:
        names += f" / {', '.join(option.secondary_opts)}"
    shown = Text(names, "cyan")
    if not option.is_flag:
        shown.append(f" {option.metavar or ''}", "yellow")
    own = TYPERS_OWN.get(option.name)
    required = f" ({REQUIRED.say(language)})" if option.required else ""
    return shown, f"{own.say(language) if own else option.help or ''}{required}"
