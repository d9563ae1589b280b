"""Cases whose reply is long due: they come in as of two months ago, so that sweeps have something to fire today."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from parvis.services.advance import advance
from parvis.services.deposits import receive
from parvis.services.imports.deposit import Deposit, FunderAsk, Source
from parvis.states.calendar import paris_day
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from tests.soak.city import CALL, ORGANISATIONS, City, siret

OFFICER = By("person:1", Role.INSTRUCTOR)


@dataclass
class Arrivals:
    """So many late cases a second, until told to stop."""

    city: City
    each_second: float
    count: int = 0
    ended: Event = field(default_factory=Event)
    thread: Thread | None = None

    def begin(self) -> None:
        """Every organisation has a case to begin with; then they come."""
        for number in range(ORGANISATIONS):
            self._bring(number)
        self.thread = Thread(target=self._go_on, daemon=True)
        self.thread.start()

    def end(self) -> None:
        """No more of them."""
        self.ended.set()
        if self.thread:
            self.thread.join(60)

    def _go_on(self) -> None:
        while not self.ended.wait(1 / self.each_second):
            self._bring(self.city.chance.randrange(ORGANISATIONS))

    def _bring(self, organisation: int) -> None:
        self.count += 1
        now = datetime.now(UTC)
        deposited, asked = now - timedelta(days=60), now - timedelta(days=50)
        with self.city.database.transaction() as session:
            received = receive(
                session, self.city.contract_id, [_deposit(self.count, organisation, deposited)], at=deposited
            )
            [case_id] = session.exec_driver_sql(
                "SELECT id FROM cases WHERE reference = %(r)s", {"r": received.created[0]}
            ).scalars()
            if self.count % 4:
                given = Given(documents=("rib",), reply_by=paris_day(now - timedelta(days=5)))
                advance(session, case_id, Action.REQUEST_DOCUMENTS, by=OFFICER, at=asked, given=given)


def _deposit(number: int, organisation: int, at: datetime) -> Deposit:
    return Deposit(
        source=Source.SPREADSHEET, external_id=f"S-{time.time_ns()}-{number}", call=CALL, siret=siret(organisation),
        organisation=f"Association n° {organisation}", email=f"contact{organisation}@asso.example",
        title=f"Atelier n° {number}", requested_cents=800_000, total_cost_cents=1_200_000, deposited_at=at,
        deposited_on=paris_day(at), qpvs=("QN08001M",), ends_on=paris_day(at + timedelta(days=60)),
        funders=(FunderAsk(name="État", code="etat", requested_cents=500_000),
                 FunderAsk(name="Ville", code="ville", requested_cents=300_000)),
    )  # fmt: skip
