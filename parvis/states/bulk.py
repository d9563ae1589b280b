"""The closed sets of a bulk run: what becomes of each of its cases, and of the letters it owed."""

from enum import StrEnum

from parvis.states.stages import Action
from parvis.states.words import Sentence

OF_ONE_CASE = frozenset(
    {
        Action.ADD_PARTNER,
        Action.INVITE_PARTNER,
        Action.CONFIRM_PARTNER,
        Action.WITHDRAW_PARTNER,
        Action.WRITE_CLAUSE,
        Action.UPDATE_FROM_PORTAL,
        Action.TAKE_FROM_PORTAL,
        Action.KEEP_AGAINST_PORTAL,
        Action.TAKE_OFF_FILE,
    }
)
"""What names a partner or a file of one case, or says what differs in it alone: never done to many at once."""


class Outcome(StrEnum):
    """What became of a case of a run."""

    DONE = "done"
    REFUSED = "refused"


class Withheld(StrEnum):
    """What became of the letters of a case whose run was taken back."""

    WITHHELD = "withheld"
    NONE = "none"
    LEFT = "left"
    MOVED = "moved"


WITHHELD_WORDS: dict[str, Sentence] = {
    Withheld.WITHHELD: Sentence("lettres retenues", "letters withheld"),
    Withheld.NONE: Sentence("aucune lettre n’était à envoyer", "no letter was to be sent"),
    Withheld.LEFT: Sentence("une lettre est déjà partie", "a letter has already left"),
    Withheld.MOVED: Sentence("le dossier a avancé depuis", "the case has moved since"),
}
