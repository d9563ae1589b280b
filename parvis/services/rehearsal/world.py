"""The world of a rehearsal: its clock, its people and their proposals, and what everybody does through the services."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from parvis.models.queries.rehearsal import Colleague, Seen
from parvis.models.session import Database, Session
from parvis.services.advance import Refused, Request, advance_many
from parvis.services.files import Shelf
from parvis.services.imports.problems import Problem
from parvis.services.rehearsal.agenda import Agenda, Step, office_hour
from parvis.services.rehearsal.centres import Centre
from parvis.services.rehearsal.habits import Habits
from parvis.services.rehearsal.proposals import Proposal
from parvis.states.contract import Call, Contract
from parvis.states.facts import NOTHING, By, Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError


@dataclass(slots=True)
class Tally:
    """What only the rehearsal knows: moves the table refused, files refused, cases that slipped somebody's mind."""

    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    files_refused: list[tuple[str, Problem]] = field(default_factory=list)
    forgotten: int = 0
    reopened: int = 0
    phoned: int = 0

    def refuse(self, action: str, refusal: MoveRefusedError) -> None:
        """Count a move the table refused, once for each reason."""
        self.refused.update((str(action), reason.code) for reason in refusal.reasons)


@dataclass(slots=True)
class World:
    """Everything the acts need. `chance` gives each actor a stream of its own, drawn from the seed.

    `centres`, by SIRET, are those under an agreement; `when_reminded` are the agreements whose centre waits for a
    reminder to evaluate itself, `approval_asked` those whose next approval is on its way.

    Packets are built on the `shelf`; without one, none is.
    """

    database: Database
    contract: Contract
    contract_id: int
    habits: Habits
    seed: str
    now: datetime
    shelf: Shelf | None = None
    agenda: Agenda = field(default_factory=Agenda)
    colleagues: Sequence[Colleague] = ()
    proposals: dict[str, Proposal] = field(default_factory=dict)
    answered_twice: set[int] = field(default_factory=set)
    sent_back: set[int] = field(default_factory=set)
    centres: dict[str, Centre] = field(default_factory=dict)
    when_reminded: set[int] = field(default_factory=set)
    approval_asked: set[int] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)
    _chances: dict[str, Random] = field(default_factory=dict)

    def chance(self, actor: str) -> Random:
        """The stream of one actor."""
        found = self._chances.get(actor)
        if found is None:
            found = self._chances[actor] = Random(f"{self.seed}/{actor}")
        return found

    def applicant_of(self, case: Seen) -> Proposal:
        """The proposal a case came from."""
        return self.proposals[case.external_id]

    def stream_of(self, case: Seen) -> Random:
        """The stream of the applicant of a case."""
        return self.chance(f"case/{case.external_id}")

    def call_of(self, case: Seen) -> Call:
        """The rules a case was deposited under."""
        return self.contract.call(case.call)

    def officer_of(self, case: Seen) -> By | None:
        """Who instructs a case; None when nobody can."""
        who = case.instructor_id or self.first(Role.INSTRUCTOR)
        return By(f"person:{who}", Role.INSTRUCTOR) if who is not None else None

    def first(self, role: Role, funder_id: int | None = None) -> int | None:
        """The first colleague of this role, and of this funder if one is given."""
        matching = (
            one.id for one in self.colleagues if one.role == role and funder_id in (None, one.funder_id)
        )
        return next(matching, None)

    def someone(self, role: Role) -> By | None:
        """The first colleague of this role, about to act; None when the contract has none."""
        who = self.first(role)
        return By(f"person:{who}", role) if who is not None else None

    def move(
        self, session: Session, action: Action, asked: Iterable[tuple[Seen, Given]], by: By
    ) -> list[Seen]:
        """Have somebody make one move on several cases; those it was made on, as they were before it."""
        wanted = list(asked)
        requests = [Request(case.id, given) for case, given in wanted]
        if not requests:
            return []
        results = advance_many(session, requests, action, by=by, at=self.now)
        moved = []
        for (case, _), result in zip(wanted, results, strict=True):
            if isinstance(result, Refused):
                self.tally.refused.update((str(action), reason.code) for reason in result.reasons)
            else:
                moved.append(case)
        return moved

    def move_all(self, session: Session, action: Action, cases: Iterable[Seen], by: By) -> list[Seen]:
        """The same with nothing to say beside the move."""
        return self.move(session, action, ((case, NOTHING) for case in cases), by)

    def plan_work(self, step: Step, case: Seen, working_days: int, *, sure: bool = False) -> None:
        """Put a step on the officer's desk; unless `sure`, it may slip their mind until a letter recalls it."""
        chance = self.chance(f"person:{case.instructor_id}")
        if not sure and chance.random() < self.habits.officers.forgets:
            self.tally.forgotten += 1
            return
        self.agenda.plan(office_hour(chance, self.now, working_days), step, case.id)


def by_officer(world: World, cases: Iterable[Seen]) -> list[tuple[By, list[Seen]]]:
    """Cases by who instructs them, in the order of their first case; those nobody instructs are left out."""
    desks: dict[By, list[Seen]] = {}
    for case in cases:
        officer = world.officer_of(case)
        if officer is not None:
            desks.setdefault(officer, []).append(case)
    return list(desks.items())
