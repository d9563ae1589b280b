"""What Typer says when a command is not written well, said in both languages: it speaks English only."""

import re
from collections.abc import Callable

from parvis.states.words import Sentence

_TABLE: tuple[tuple[str, Sentence], ...] = (
    (
        r"No such option: (?P<name>\S+)(?: \(Possible options: (?P<near>.+)\))",
        Sentence(
            "L’option {name} n’existe pas. Vouliez-vous dire {near} ?",
            "There is no option {name}. Did you mean {near}?",
        ),
    ),
    (
        r"No such option: (?P<name>\S+)",
        Sentence("L’option {name} n’existe pas.", "There is no option {name}."),
    ),
    (
        r"No such command '(?P<name>.*)'\. Did you mean (?P<near>.+)\?",
        Sentence(
            "La commande « {name} » n’existe pas. Vouliez-vous dire {near} ?",
            "There is no command “{name}”. Did you mean {near}?",
        ),
    ),
    (
        r"No such command '(?P<name>.*)'\.",
        Sentence("La commande « {name} » n’existe pas.", "There is no command “{name}”."),
    ),
    (r"Missing command\.", Sentence("Il manque la commande.", "The command is missing.")),
    (
        r"Missing argument '(?P<name>.+?)'\.(?: .*)?",
        Sentence("Il manque l’argument {name}.", "The argument {name} is missing."),
    ),
    (
        r"Missing option '(?P<name>.+?)'\.(?: .*)?",
        Sentence("Il manque l’option {name}.", "The option {name} is missing."),
    ),
    (
        r"Got unexpected extra argument\(s\) \((?P<name>.+)\)",
        Sentence("Argument en trop : {name}.", "One argument too many: {name}."),
    ),
    (
        r"Option '(?P<name>.+)' requires an argument\.",
        Sentence("L’option {name} demande une valeur.", "The option {name} needs a value."),
    ),
    (
        r"Option '(?P<name>.+)' does not take a value\.",
        Sentence("L’option {name} ne prend pas de valeur.", "The option {name} takes no value."),
    ),
    (
        r"Argument '(?P<name>.+)' takes (?P<near>\d+) values\.",
        Sentence("L’argument {name} demande {near} valeurs.", "The argument {name} needs {near} values."),
    ),
)


def in_both(message: str, named: Callable[[str], str] = str) -> Sentence:
    """A message of Typer's in both languages; one not known stays as it is. `named` shows a parameter's name."""
    for pattern, sentence in _TABLE:
        found = re.fullmatch(pattern, message.strip(), re.DOTALL)
        if found:
            parts = found.groupdict()
            return sentence.fill(
                name=named(parts.get("name") or ""), near=(parts.get("near") or "").replace("'", "")
            )
    return Sentence(message, message)
