"""Options and arguments of `parvis letters …`."""

from typing import Annotated

from parvis.cli.options import CODE, DATE, FILE, NUMBER, REFERENCE, TEXT, argument, option
from parvis.states.letter_table import LetterStage
from parvis.states.words import Sentence


def _stages(typed: str) -> list[str]:
    return [stage for stage in LetterStage if stage.startswith(typed)]


NAMED = Sentence(
    "La lettre : l12 (écrite ou à écrire), r34 (rappel à venir), ou son nom dans la boîte locale.",
    "The letter: l12 (written or owed), r34 (reminder to come), or its name in the local mailbox.",
)

LetterCode = Annotated[str, argument(shown=CODE, said=NAMED)]
OptionalCode = Annotated[str | None, argument(shown=CODE, said=NAMED)]
Stage = Annotated[
    str | None,
    option(
        "--stage",
        shown=TEXT,
        completed=_stages,
        said=Sentence(
            "Dans cet état : owed, sending, sent, failed, gathered, dropped.",
            "In this state: owed, sending, sent, failed, gathered, dropped.",
        ),
    ),
]
Of = Annotated[
    str | None, option("--case", shown=REFERENCE, said=Sentence("De ce dossier.", "Of this case."))
]
After = Annotated[
    str | None,
    option(
        "--after", shown=CODE, said=Sentence("La suite, après cette lettre.", "What follows this letter.")
    ),
]
Days = Annotated[
    str | None,
    option(
        "--days",
        shown=NUMBER,
        said=Sentence("Combien de jours regarder (14 sinon).", "How many days to look at (else 14)."),
    ),
]
Html = Annotated[
    bool, option("--html", said=Sentence("La page plutôt que le texte.", "The page rather than the text."))
]
Until = Annotated[
    str,
    option("--until", shown=DATE, said=Sentence("Le jour où elle pourra partir.", "The day it may leave.")),
]
Why = Annotated[
    str, option("--reason", shown=TEXT, said=Sentence("Pourquoi elle ne part pas.", "Why it does not leave."))
]
WhyOptional = Annotated[
    str, option("--reason", shown=TEXT, said=Sentence("Pourquoi elle attend.", "Why it waits."))
]
File = Annotated[
    str,
    argument(
        shown=FILE,
        said=Sentence(
            "Un modèle (acknowledge.fr.txt) ou un dossier de modèles.",
            "A template (acknowledge.fr.txt) or a folder of templates.",
        ),
    ),
]
