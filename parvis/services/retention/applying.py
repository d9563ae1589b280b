"""A run over retention, whoever starts it: what is approved, what goes by itself, then what is proposed."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Database
from parvis.services.retention import anonymising, batches, traces
from parvis.services.retention.anonymising import Done
from parvis.services.retention.batches import Proposed
from parvis.services.retention.traces import Purged
from parvis.services.settings import Settings


@dataclass(frozen=True, slots=True)
class Retained:
    """What a run over retention did: batches proposed, what was done of those approved, what went by itself."""

    proposed: tuple[Proposed, ...]
    done: Done
    purged: tuple[Purged, ...]


def apply_retention(database: Database, chosen: Settings, at: datetime) -> Retained:
    """Do what is approved, erase the traces past their time, then propose what has reached the end of its own."""
    done = anonymising.carry_out(database, chosen, at=at)
    purged = traces.purge(database, chosen, at=at)
    return Retained(tuple(batches.propose_all(database, at=at)), done, tuple(purged))
