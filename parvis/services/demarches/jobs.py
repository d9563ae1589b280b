"""What the scheduled job about Démarche numérique does, whoever runs it: a flow or a command."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from parvis.models.session import Database
from parvis.services.demarches.asking import Platform
from parvis.services.demarches.following import Follower, Round
from parvis.services.demarches.work import NoTokenError, platform_of, works
from parvis.services.demarches.writing_back import Told, tell
from parvis.services.files import shelf
from parvis.services.settings import Settings


@dataclass(frozen=True, slots=True)
class CallFollowed:
    """What was done for one call: read, then told back."""

    round: Round
    told: Told = field(default_factory=Told)

    @property
    def sound(self) -> bool:
        """Whether nothing there stopped it."""
        return self.round.stopped is None


def follow_demarches(
    database: Database, settings: Settings, at: datetime, *,
    contract_code: str | None = None, call: str | None = None, platform: Platform | None = None,
    dry_run: bool = False, anew: bool = False, progress: Callable[[str, int], None] | None = None,
) -> list[CallFollowed]:  # fmt: skip
    """Read every call that names a form, or one, then tell what is owed there; what stops one leaves the others.

    Raises:
        NoTokenError: calls name forms, and no token is set.
        NoContractError, UnknownCallError: as `works`.
    """
    found = works(database, contract_code, call)
    there = platform or platform_of(settings)
    if there is None:
        if found:
            raise NoTokenError
        return []
    return [
        _one(
            Follower(
                database,
                shelf(settings),
                there,
                work,
                at,
                dry_run=dry_run,
                progress=partial(progress, work.call.code) if progress else None,
            ),
            anew=anew,
        )
        for work in found
    ]


def _one(follower: Follower, *, anew: bool) -> CallFollowed:
    done = follower.follow(anew=anew)
    if follower.dry_run:
        return CallFollowed(done)
    return CallFollowed(done, tell(follower.database, follower.platform, follower.work, follower.at))
