"""What a bulk action would do: to how many cases, why not to the others, and who would be written to.

It is done for good by the same services, batch by batch, and each batch is rolled back: nothing else can tell as truly.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from parvis.models.queries import bulk, letters
from parvis.models.queries.letters import Unwritten
from parvis.models.session import Database, Session
from parvis.notifications.kinds import LETTERS
from parvis.services.advance import Advanced, Refused, Request, advance_many
from parvis.services.bulk import BATCH
from parvis.states.facts import By, Given
from parvis.states.stages import Action
from parvis.states.table import Reason
from parvis.states.words import Sentence

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Blocked:
    """Cases that would be refused for one reason: how many, and some of them, by reference and organisation."""

    reason: Reason
    count: int
    cases: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """Letters of one kind that would leave: how many, the names of some who would read them, of all without address."""

    template: str
    what: Sentence
    count: int
    names: tuple[str, ...]
    without_address: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: cases done, by the stage they would be at, those refused by reason, and the letters."""

    total: int
    done: int
    stages: tuple[tuple[str, int], ...]
    blocked: tuple[Blocked, ...]
    mail: tuple[Mail, ...]


@dataclass
class _Tally:
    stages: Counter[str] = field(default_factory=Counter)
    blocked: dict[Reason, list[int]] = field(default_factory=lambda: defaultdict(list))
    letters: dict[str, list[tuple[str, bool]]] = field(default_factory=lambda: defaultdict(list))


def preview(
    database: Database, case_ids: Sequence[int], action: Action, *, by: By, given: Given, at: datetime
) -> Preview:
    """What doing this to these cases would do, of which nothing stays.

    Decisions that commit money see the envelopes as they are before each batch.
    """
    ids, tally = sorted(set(case_ids)), _Tally()
    for start in range(0, len(ids), BATCH):
        with database.transaction() as session:
            requests = [Request(each, given) for each in ids[start : start + BATCH]]
            _count(session, advance_many(session, requests, action, by=by, at=at), tally)
            session.rollback()
    shown = [case_id for those in tally.blocked.values() for case_id in those[:SHOWN]]
    with database.transaction() as session:
        names = bulk.named(session, shown) if shown else {}
    return Preview(
        len(ids),
        tally.stages.total(),
        tuple(tally.stages.most_common()),
        tuple(
            Blocked(why, len(those), tuple(names[each] for each in those[:SHOWN] if each in names))
            for why, those in tally.blocked.items()
        ),
        tuple(_mail(template, readers) for template, readers in tally.letters.items()),
    )


def _count(session: Session, results: Sequence[Advanced | Refused], tally: _Tally) -> None:
    made: dict[int, int] = {}
    for result in results:
        match result:
            case Advanced():
                made[result.case_id] = result.version
                tally.stages[result.stage] += 1
            case Refused():
                for reason in result.reasons:
                    tally.blocked[reason].append(result.case_id)
    owed = bulk.letters_owed_now(session, made) if made else []
    for letter in letters.unwritten(session, owed) if owed else []:
        tally.letters[letter.template].append((_reader(letter), bool(letter.address)))


def _reader(letter: Unwritten) -> str:
    return letter.name or letter.organisation or letter.recipient


def _mail(template: str, readers: Sequence[tuple[str, bool]]) -> Mail:
    names = tuple(dict.fromkeys(name for name, _ in readers))
    without = tuple(dict.fromkeys(name for name, reached in readers if not reached))
    return Mail(template, LETTERS[template].description, len(readers), names[:SHOWN], without)
