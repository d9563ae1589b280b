"""What goes by itself: traces past their time, old copies of letters in the local mailbox, imported files."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from parvis.models.queries.agendas import contract_ids
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.traces import PURGED, purge_trace
from parvis.models.session import Database, Session
from parvis.notifications.mailbox import LocalMailbox
from parvis.services.settings import Settings
from parvis.states.contract.retention import RetentionRules
from parvis.states.retention import Trace

_MONTH = timedelta(days=31)  # a file may stay some days longer than its months, never shorter
_TAKEN = ("done", "refused")
"""Where the watched folder puts what it has read."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows or files of one trace went."""

    trace: Trace
    count: int


def purge(database: Database, chosen: Settings, *, at: datetime) -> list[Purged]:
    """Erase the traces past their time on `at`, a transaction each; of several contracts, the shortest time counts."""
    with database.transaction() as session:
        months = _months(session)
    purged = []
    for trace in PURGED if months else ():
        with database.transaction() as session:
            purged.append(Purged(trace, purge_trace(session, trace, months=months[trace], at=at)))
    if months:
        beside = {
            Trace.NOTICES: LocalMailbox(chosen.mailbox).forget_before(at - months[Trace.NOTICES] * _MONTH),
            Trace.INBOX: sum(
                _older(chosen.inbox / name, at - months[Trace.INBOX] * _MONTH) for name in _TAKEN
            ),
        }
        purged = [Purged(each.trace, each.count + beside.get(each.trace, 0)) for each in purged]
    return purged


def _months(session: Session) -> dict[Trace, int]:
    rules: list[RetentionRules] = [contract_by_id(session, each).retention for each in contract_ids(session)]
    return {trace: min(rule.of(trace).months for rule in rules) for trace in Trace} if rules else {}


def _older(folder: Path, before: datetime) -> int:
    """Erase the files below a folder that were last written before an instant; how many."""
    gone = 0
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file() and not file.is_symlink() and file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)
            gone += 1
    return gone
