"""The one place where what goes wrong becomes a sentence, what would unblock it, and a number to end with."""

import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

import typer
from rich.padding import Padding
from rich.text import Text
from typer._click.exceptions import NoArgsIsHelpError

from parvis.cli.exits import ExitCode
from parvis.cli.failed import Detail, Failed
from parvis.cli.failures import explain
from parvis.cli.here import Here
from parvis.cli.output import console, kept, plain
from parvis.cli.typers_words import in_both
from parvis.services import wiring
from parvis.services.scrubbing import Scrubber
from parvis.states.words import Language, Sentence

HINT = Sentence("Aide : {command} --help", "Help: {command} --help")
WHERE = Sentence("{where} : {what}", "{where}: {what}")
VALUE = Sentence("valeur lue : « {value} »", "value read: “{value}”")
UNFORESEEN = Sentence(
    "Erreur imprévue ({kind}) : ce n’est pas de votre fait. Le détail est dans {file}, à joindre à un signalement.",
    "Unforeseen error ({kind}): it is not your doing. The details are in {file}, to be joined to a report.",
)


def outcome(here: Here, run: Callable[[], Any]) -> int:
    """Run a command; the number it ends with. What went wrong is said on the error output.

    An error nobody foresaw goes on, for the interpreter's last resort (`last_resort`).
    """
    try:
        ended = run()
    except typer.Abort:
        return ExitCode.INTERRUPTED
    except NoArgsIsHelpError:
        return ExitCode.USAGE  # a group called alone has shown its help: there is nothing to add
    except Exception as error:
        failed = _usage(error) or explain(error)
        if failed is None:
            raise
        tell(here, failed)
        _hint(here, error)
        return failed.exit_code
    return int(ended) if isinstance(ended, int) else ExitCode.DONE


def tell(here: Here, failed: Failed) -> None:
    """Say what failed: for a person, or as one JSON object for a program."""
    if here.json:
        sys.stderr.write(as_json(here, failed))
        return
    out = console(error=True)
    what = failed.sentence
    said = here.say(WHERE, where=failed.place, what=what) if failed.place else here.say(what)
    out.print(Text(kept(said), "bold red"))
    for detail in failed.details:
        out.print(Padding(_told(here, detail), (0, 0, 0, 2)))


def as_json(here: Here, failed: Failed) -> str:
    """A failure as one line of JSON."""
    import json

    details = [
        {"code": detail.code, "sentence": here.say(detail.sentence), "value": detail.value,
         "place": here.say(detail.place) if detail.place else None}
        for detail in failed.details
    ]  # fmt: skip
    body = {
        "code": failed.code, "exit_code": int(failed.exit_code), "sentence": here.say(failed.sentence),
        "details": details,
    }  # fmt: skip
    return json.dumps({"error": plain(body)}, ensure_ascii=False) + "\n"


def last_resort(
    language: Language,
    command: str,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """Keep the trace of an unforeseen error in a file, and tell the person where."""
    if issubclass(kind, KeyboardInterrupt):
        return
    file = wiring.data_folder() / "errors.log"
    written = Scrubber()("".join(traceback.format_exception(kind, error, trace)))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{wiring.now().isoformat()} {command}\n{written}\n")
    except OSError:
        sys.stderr.write(written)
        return
    said = UNFORESEEN.fill(kind=kind.__name__, file=str(file)).say(language)
    console(error=True).print(Text(kept(said), "bold red"))


def _usage(error: BaseException) -> Failed | None:
    """The failure behind one of Typer's own errors."""
    message = getattr(error, "format_message", None)
    if not isinstance(error, typer.TyperException) or message is None:
        return None
    return Failed(ExitCode.USAGE, "usage", in_both(message()))


def _hint(here: Here, error: BaseException) -> None:
    context = getattr(error, "ctx", None)
    if context is not None and not here.json:
        said = here.say(HINT, command=context.command_path)
        console(error=True).print(Text(kept(said), "dim"))


def _told(here: Here, detail: Detail) -> Text:
    said = Text()
    place = here.say(detail.place) if detail.place else ""
    value = f"  ({here.say(VALUE, value=detail.value)})" if detail.value else ""
    if place or value:
        said.append(kept(f"{place}{value}\n"), "bold")
    return said.append(kept(here.say(detail.sentence)))
