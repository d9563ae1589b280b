"""Options and arguments, their help in both languages, and those several commands share."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from parvis.states.words import Language, Sentence

_SEPARATOR = "\x1f"


def packed(sentence: Sentence) -> str:
    """Both languages in one text, for Typer to carry until `unpacked` chooses."""
    return f"{sentence.fr}{_SEPARATOR}{sentence.en}"


def unpacked(text: str | None, language: str) -> str | None:
    """The half of a packed text in `language`; a text never packed stays as it is."""
    if text is None or _SEPARATOR not in text:
        return text
    french, _, english = text.partition(_SEPARATOR)
    return english if language == Language.EN else french


def option(
    *names: str, said: Sentence, shown: Sentence | None = None, variable: str | None = None,
    completed: Callable[[str], list[str]] | None = None,
) -> Any:  # fmt: skip
    """An option: what it does, the name of its value in help, the variable that may give it, its completions."""
    return typer.Option(
        *names, help=packed(said), metavar=packed(shown) if shown else None, envvar=variable,
        show_envvar=False, show_default=False, autocompletion=completed,
    )  # fmt: skip


def argument(*, said: Sentence, shown: Sentence, completed: Callable[[str], list[str]] | None = None) -> Any:
    """An argument: what it is, its name in help, its completions."""
    return typer.Argument(
        help=packed(said), metavar=packed(shown), show_default=False, autocompletion=completed
    )


TEXT = Sentence("TEXTE", "TEXT")
NUMBER = Sentence("NOMBRE", "NUMBER")
DATE = Sentence("DATE", "DATE")
INSTANT = Sentence("INSTANT", "INSTANT")
CODE = Sentence("CODE", "CODE")
FILE = Sentence("FICHIER", "FILE")
AMOUNT = Sentence("MONTANT", "AMOUNT")
EMAIL = Sentence("ADRESSE", "ADDRESS")
ROLE = Sentence("RÔLE", "ROLE")
REFERENCE = Sentence("RÉFÉRENCE", "REFERENCE")

Json = Annotated[
    bool,
    option("--json", said=Sentence("Répond en JSON, pour un programme.", "Answers in JSON, for a program.")),
]
At = Annotated[
    str | None,
    option(
        "--at", shown=INSTANT,
        said=Sentence(
            "Fait comme à cet instant (2027-01-31 ou 2027-01-31T08:00, heure de Paris) ; maintenant sinon.",
            "Acts as at this instant (2027-01-31 or 2027-01-31T08:00, Paris time); now otherwise.",
        ),
    ),
]  # fmt: skip
As = Annotated[
    str | None,
    option(
        "--as", shown=EMAIL, variable="PARVIS_AS",
        said=Sentence(
            "Qui agit : l’adresse d’une personne du contrat (ou la variable PARVIS_AS).",
            "Who acts: the address of a person of the contract (or the variable PARVIS_AS).",
        ),
    ),
]  # fmt: skip
ByRole = Annotated[
    str | None,
    option(
        "--role", shown=ROLE,
        said=Sentence(
            "Agit dans ce rôle sans nommer personne : instructeur, secrétaire du comité…",
            "Acts in this role and names nobody: instructor, secretary…",
        ),
    ),
]  # fmt: skip
Limit = Annotated[
    str | None,
    option(
        "--limit",
        shown=NUMBER,
        said=Sentence("Combien en montrer (50 sinon).", "How many to show (else 50)."),
    ),
]
Ref = Annotated[
    str,
    argument(
        shown=REFERENCE,
        said=Sentence(
            "La référence du dossier, comme ANNUEL-2027-00012, ou le numéro que lui a donné le porteur.",
            "The reference of the case, like ANNUEL-2027-00012, or the number the applicant gave it.",
        ),
    ),
]  # fmt: skip
