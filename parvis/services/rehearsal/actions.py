"""Actions an association could propose: a title and a few words each, by challenge, from `ideas.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("ideas.yaml")
ANYWHERE = "anywhere"
CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Idea:
    """An action: its title, what it does, and how much it costs beside the others (1 is usual)."""

    title: str
    what: str
    weight: float


def ideas_for(challenge: str | None) -> tuple[Idea, ...]:
    """What can be proposed for a challenge of this code; `CENTRE` for the agreements of social centres."""
    ideas = _ideas()
    return ideas.get(challenge or ANYWHERE, ideas[ANYWHERE])


@cache
def _ideas() -> dict[str, tuple[Idea, ...]]:
    written = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        code: tuple(Idea(one["title"], one["what"], float(one["weight"])) for one in several)
        for code, several in written.items()
    }
