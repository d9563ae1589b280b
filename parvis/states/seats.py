"""The words for those who sit: as what."""

from parvis.states.words import Sentence

# By word rather than by `SeatRole`: the help of the command line does not load contracts.
SEAT_WORDS: dict[str, Sentence] = {
    "chair": Sentence("présidence", "chair"),
    "elected": Sentence("élu", "elected official"),
    "funder": Sentence("financeur", "funder"),
    "resident": Sentence("habitant", "resident"),
    "expert": Sentence("personne qualifiée", "expert"),
    "substitute": Sentence("suppléant", "substitute"),
}
