"""The command line as a whole: which commands there are, in which language, and how they end."""

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Any, ClassVar

import typer
from typer.main import get_command

from parvis.cli import errors
from parvis.cli.commands import COMMANDS
from parvis.cli.entries import Entry, Section
from parvis.cli.failure_words import NO_LANGUAGE, NOT_TEXT, UNKNOWN_LANGUAGE
from parvis.cli.helping import EnglishGroup, Group, command_class, group_class
from parvis.cli.here import Here
from parvis.cli.noting import command_of, noted
from parvis.cli.options import option
from parvis.cli.values import WrongUseError, is_text
from parvis.services import wiring
from parvis.states.words import Language, Sentence

ABOUT = Sentence(
    "Parvis conduit un appel à projets du premier dépôt à la dernière évaluation.",
    "Parvis runs a call for projects from the first deposit to the last evaluation.",
)
LANG = "--lang"


class Root(Group):
    """The application itself: it takes `--lang` from anywhere, and says what went wrong."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands, in the order of the table above."""
        del ctx
        return [each.name for each in COMMANDS]

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, complete_var: str | None = None,
        standalone_mode: bool = True, windows_expand_args: bool = True, **extra: Any,
    ) -> Any:  # fmt: skip
        """Run one command line, then leave with its number; the number alone when not `standalone_mode`."""
        typed = list(sys.argv[1:] if args is None else args)
        here: Here = extra.pop("obj", None) or Here(self.language)
        here.json = "--json" in typed
        command = partial(
            super().main, without_language(typed), prog_name, complete_var, standalone_mode=False,
            windows_expand_args=windows_expand_args, obj=here, **extra,
        )  # fmt: skip

        def run() -> Any:
            check_words(typed)
            return command()

        with noted(command_of(without_language(typed), COMMANDS)) as end:
            code = errors.outcome(here, run)
            end(code)
        if standalone_mode:
            sys.exit(code)
        return code


class EnglishRoot(Root, EnglishGroup):
    """The application in English."""

    language: ClassVar[Language] = Language.EN


def build(language: str = Language.FR) -> typer.Typer:
    """The application, explaining itself in `language`."""
    app = typer.Typer(
        name="parvis", cls=EnglishRoot if language == Language.EN else Root, help=ABOUT.say(language),
        no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, callback=_root,
        context_settings={"help_option_names": ["--help", "-h"]},
    )  # fmt: skip
    for each in COMMANDS:
        match each:
            case Entry():
                _add(app, each, language)
            case Section(name, said, entries):
                group = typer.Typer(
                    cls=group_class(language), help=said.say(language), no_args_is_help=True, rich_markup_mode=None
                )  # fmt: skip
                for entry in entries:
                    _add(group, entry, language)
                app.add_typer(group, name=name)
    return app


def run() -> None:
    """The command `parvis`."""
    language = said_language(sys.argv[1:]) or wiring.language()
    command = command_of(without_language(sys.argv[1:]), COMMANDS)
    sys.excepthook = partial(errors.last_resort, language, command)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        get_command(build(language)).main(prog_name="parvis")
    finally:
        _let_go_of_output()


def _let_go_of_output() -> None:
    """Write out what is left. Nobody may be reading any more: no error, and nothing more to say at the very end."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def said_language(typed: Sequence[str]) -> Language | None:
    """The language asked for with `--lang`, wherever it stands; None when none is, or one that is not known."""
    return next((_language(value) for value in _values_of_lang(typed)), None)


def check_words(typed: Sequence[str]) -> None:
    """Look at what concerns no command in particular: what was typed is text, and its language is known.

    Raises:
        WrongUseError: it is not.
    """
    for number, word in enumerate(typed, start=1):
        if not is_text(word):
            raise WrongUseError("", NOT_TEXT.fill(number=number))
    for value in _values_of_lang(typed):
        if _language(value) is None:
            raise WrongUseError(LANG, UNKNOWN_LANGUAGE.fill(value=value) if value else NO_LANGUAGE)


def _language(value: str) -> Language | None:
    """`fr`, `en`, and what a system calls them: `fr_FR.UTF-8`, `en-GB`."""
    return next((each for each in Language if re.fullmatch(rf"{each}([-_.].*)?", value.lower())), None)


def _values_of_lang(typed: Sequence[str]) -> Iterator[str]:
    words = _before_dashes(typed)
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == LANG:
            yield value if equals else "".join(words[index + 1 : index + 2])


def without_language(typed: Sequence[str]) -> list[str]:
    """The command line without `--lang` and its value."""
    options = _before_dashes(typed)
    kept, skip = [], False
    for word in options:
        if skip or word.startswith(f"{LANG}="):
            skip = False
        elif word == LANG:
            skip = True
        else:
            kept.append(word)
    return kept + list(typed[len(options) :])


def _before_dashes(typed: Sequence[str]) -> Sequence[str]:
    """The words that may be options: those before `--`."""
    return typed[: typed.index("--")] if "--" in typed else typed


def _root(
    lang: Annotated[
        str | None,
        option(
            LANG, shown=Sentence("fr|en", "fr|en"),
            said=Sentence(
                "La langue, n’importe où dans la commande ; sinon PARVIS_LANGUAGE, puis celle du système.",
                "The language, anywhere in the command; else PARVIS_LANGUAGE, then that of the system.",
            ),
        ),
    ] = None,
) -> None:  # fmt: skip
    """Take the options that stand before a command."""
    del lang  # taken out of the command line before it is read


def _add(app: typer.Typer, entry: Entry, language: str) -> None:
    app.command(
        entry.name,
        cls=command_class(language),
        help=entry.said.say(language),
        epilog=_epilog(entry, language),
    )(entry.run)


def _epilog(entry: Entry, language: str) -> str | None:
    """What the help of a command lists, a title then a name and its meaning a line."""
    if entry.listed is None:
        return None
    title, meanings = entry.listed
    lines = [f"{name}\t{said.say(language)}" for name, said in meanings.items()]
    return "\n".join([title.say(language), *lines])
