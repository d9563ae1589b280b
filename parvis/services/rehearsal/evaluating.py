"""How an officer evaluates an action in a rehearsal: points for what it was worth, and a conclusion that says so."""

from parvis.models.queries.rehearsal import Seen
from parvis.services.rehearsal.world import World
from parvis.states.facts import Given
from parvis.states.grid import score

CONCLUSIONS = (
    (75, "Action menée comme prévu, utile aux habitants ; à reconduire."),
    (55, "Action menée pour l’essentiel ; le public des quartiers reste à élargir."),
    (0, "Action menée en partie seulement ; revoir les objectifs avant une nouvelle demande."),
)
"""What is concluded from a score of so many points at least."""


def concluded(world: World, case: Seen) -> Given:
    """The points of the final grid, around what the proposal was worth, and the conclusion they lead to."""
    chance = world.chance(f"person:{case.instructor_id}")
    quality, noise = world.applicant_of(case).quality, world.habits.officers.score_noise
    grid = world.call_of(case).evaluation
    points = {
        line.code: round(min(100.0, max(0.0, chance.gauss(quality, noise))) / 100 * line.maximum)
        for line in grid
    }
    total = score(grid, points)
    reason = next(words for least, words in CONCLUSIONS if total >= least)
    return Given(points=tuple(points.items()), score=total, reason=reason)
