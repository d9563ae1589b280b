"""How commands name an instalment: in words, with the year it is of when that is one of an agreement."""

from parvis.cli.here import Here
from parvis.states.words import Sentence

OF_YEAR = Sentence("{instalment}, année {rank}", "{instalment}, year {rank}")


def instalment(here: Here, code: str, rank: int | None) -> str:
    """An instalment in the reader's language; one that has no words is said by its code."""
    from parvis.states.payments import INSTALMENT_WORDS

    known = INSTALMENT_WORDS.get(code)
    said = here.say(known) if known else code
    return here.say(OF_YEAR).format(instalment=said, rank=rank) if rank else said
