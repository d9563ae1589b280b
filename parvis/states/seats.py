"""The words for those who sit: as what, and whether they come."""

from parvis.states.contract import SeatRole
from parvis.states.words import Sentence

SEAT_WORDS: dict[str, Sentence] = {
    SeatRole.CHAIR: Sentence("présidence", "chair"),
    SeatRole.ELECTED: Sentence("élu", "elected official"),
    SeatRole.FUNDER: Sentence("financeur", "funder"),
    SeatRole.RESIDENT: Sentence("habitant", "resident"),
    SeatRole.EXPERT: Sentence("personne qualifiée", "expert"),
    SeatRole.SUBSTITUTE: Sentence("suppléant", "substitute"),
}
ATTENDANCE_WORDS: dict[str, Sentence] = {
    "unknown": Sentence("sans réponse", "no answer"),
    "present": Sentence("présent", "present"),
    "excused": Sentence("excusé", "excused"),
    "absent": Sentence("absent", "absent"),
}
