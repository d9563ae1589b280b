"""Time passing: the virtual clock goes from one thing to do to the next, and the usual jobs run as they would."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from parvis.models.queries.committees import on_agenda
from parvis.models.queries.rehearsal import forget_plans, look_up, next_moments
from parvis.models.session import Session
from parvis.notifications.delivery import Carrier
from parvis.services import deadlines, jobs, packets
from parvis.services.agendas import CLOCK
from parvis.services.imports.problems import DepositFileError
from parvis.services.intake import import_file
from parvis.services.outbox import Dispatcher
from parvis.services.rehearsal import (
    advising,
    agreements,
    applying,
    closing,
    deciding,
    half_way,
    instructing,
    renewing,
    reviewing,
)
from parvis.services.rehearsal.agenda import Step, Subject, next_tick, office_hour_on
from parvis.services.rehearsal.applicants import arrival
from parvis.services.rehearsal.deposit_files import portal_export, sheet
from parvis.services.rehearsal.post import Letterboxes
from parvis.services.rehearsal.proposals import Door, Proposal
from parvis.services.rehearsal.reading import read
from parvis.services.rehearsal.world import World
from parvis.states.calendar import add_working_days, local_instant, next_working_day, paris_day
from parvis.states.contract import Contract

SWEEP_MINUTES = 10
POST_MINUTES = 1

Progress = Callable[[int, int], None]
"""Told how many days are over, out of how many."""

Act = Callable[[World, Session, Sequence[Subject]], None]

ACTS: dict[Step, Act] = {
    Step.ANSWER: applying.answer,
    Step.WITHDRAW: applying.withdraw,
    Step.CONFIRM: applying.confirm,
    Step.SEND_REPORT: applying.send_report,
    Step.OPINE: advising.opine,
    Step.CHECK: instructing.check,
    Step.ASSESS: instructing.assess,
    Step.EXTEND: instructing.extend,
    Step.INSTRUCT: instructing.instruct,
    Step.TAKE_UP: instructing.take_up,
    Step.DECLARE: deciding.declare,
    Step.HOLD: deciding.hold_sessions,
    Step.DECIDE: deciding.close_sessions,
    Step.EXAMINE: instructing.examine,
    Step.EVALUATE: instructing.evaluate,
    Step.NOT_CARRIED_OUT: closing.not_carried_out,
    Step.SETTLE: closing.settle,
    Step.PAY: closing.pay,
    Step.GIVE_NOTICE: closing.give_notice,
    Step.RECLAIM: closing.reclaim,
    Step.REOPEN: closing.reopen,
    Step.SELF_EVALUATE: renewing.evaluate_itself,
    Step.ASK_AGAIN: renewing.ask_again,
    Step.SIGN: renewing.sign,
    Step.REVIEW_YEAR: reviewing.review,
    Step.CONFIRM_YEAR: reviewing.confirm_year,
    Step.AMEND: reviewing.amend,
    Step.RECORD_APPROVAL: reviewing.record_approval,
    Step.CLOSE_DOWN: renewing.close_down,
    Step.SEND_INTERIM: half_way.send_interim,
    Step.READ_INTERIM: half_way.read_interim,
    Step.PAY_YEAR: reviewing.pay_year,
    Step.SUBMIT_REQUESTS: agreements.submit_requests,
}


@dataclass(slots=True)
class Engine:
    """One rehearsal under way. Every job is the one a real machine runs, at the moments it would run it."""

    world: World
    carrier: Carrier
    until: datetime
    post_until: datetime
    boxes: Letterboxes = field(default_factory=Letterboxes)
    dispatched: dict[int, Contract] = field(default_factory=dict)
    _morning: datetime | None = None

    def run(self, progress: Progress | None = None) -> None:
        """Let time pass until `until`; letters leave until `post_until`, then they are left owed."""
        world, begun = self.world, self.world.now
        days = max(1, (paris_day(self.until) - paris_day(begun)).days)
        self._begin()
        with asyncio.Runner() as runner:
            while (at := self._next()) is not None and at <= self.until:
                if paris_day(at) != paris_day(world.now):
                    self._turn_the_page(at)
                    if progress:
                        progress((paris_day(at) - paris_day(begun)).days, days)
                world.now = at
                self._sweep()
                self._greet()
                self._act()
                if at <= self.post_until and self._letters_due():
                    runner.run(self._post())
                    self._read()
        world.now = self.until
        if progress:
            progress(days, days)

    def _turn_the_page(self, at: datetime) -> None:
        """At the beginning of each week, have the database look again at how large its tables are."""
        if paris_day(at).isocalendar().week != paris_day(self.world.now).isocalendar().week:
            database = self.world.database
            for connection in (database.transaction, database.single_statements):
                with connection() as session:
                    forget_plans(session)

    def _begin(self) -> None:
        """Put everything known beforehand on the agenda: deposits, sittings, centres that cease."""
        world = self.world
        arrivals = {arrival(proposal) for proposal in world.proposals.values()}
        for moment in sorted(arrivals):
            world.agenda.plan(moment, Step.IMPORT, paris_day(moment).toordinal())
        for place, siret in enumerate(sorted(world.centres)):
            ceases_on = world.centres[siret].ceases_on
            if ceases_on is not None:
                moment = office_hour_on(world.chance(f"centre/{siret}"), world.now, ceases_on)
                world.agenda.plan(moment, Step.CLOSE_DOWN, place)
        with world.database.transaction() as session:
            deciding.plan_sittings(world, session, paris_day(self.until))
        self._morning = self._morning_from(world.now)

    def _next(self) -> datetime | None:
        """The next moment anything has to be done: by a person, by the sweep, by the post, in the morning."""
        world = self.world
        with world.database.transaction() as session:
            machine = next_moments(session)
        after = world.now + timedelta(minutes=POST_MINUTES)
        moments = [world.agenda.next_at, self._morning]
        if machine.timer_at is not None:
            moments.append(next_tick(max(machine.timer_at, after), SWEEP_MINUTES))
        if machine.letter_at is not None and self.post_until >= after:
            moments.append(next_tick(max(machine.letter_at, after), POST_MINUTES))
        return min((moment for moment in moments if moment is not None), default=None)

    def _sweep(self) -> None:
        world = self.world
        if next_tick(world.now, SWEEP_MINUTES) == world.now:
            deadlines.sweep(world.database, at=world.now)

    def _greet(self) -> None:
        """In the morning, the agreements and the digests."""
        world = self.world
        if self._morning is not None and world.now >= self._morning:
            jobs.renew_agreements(world.database, world.now)
            jobs.morning_digest(world.database, world.now)
            self._morning = self._morning_from(world.now + timedelta(hours=1))

    def _act(self) -> None:
        world = self.world
        for step, subjects in world.agenda.take(world.now):
            if step is Step.IMPORT:
                self._import({day for day, _ in subjects})
                continue
            if step is Step.PREPARE:
                self._prepare()
                continue
            if step is Step.PACKET:
                self._build_packets([sitting_id for sitting_id, _ in subjects])
                continue
            with world.database.transaction() as session:
                ACTS[step](world, session, subjects)

    def _prepare(self) -> None:
        """What the secretariat's jobs do: agendas closed and filled, conflicts found, members summoned."""
        world = self.world
        jobs.fill_agendas(world.database, world.now)
        jobs.find_conflicts(world.database, world.now)
        jobs.summon_members(world.database, world.now)

    def _build_packets(self, sitting_ids: Sequence[int]) -> None:
        """Build the packets of these sittings, once their agendas are closed."""
        world = self.world
        if world.shelf is None:
            return
        with world.database.transaction() as session:
            filled = [one for one in sitting_ids if on_agenda(session, one)]
        for sitting_id in filled:
            packets.build(world.database, world.shelf, sitting_id, by=CLOCK, at=world.now)

    def _letters_due(self) -> bool:
        with self.world.database.transaction() as session:
            letter_at = next_moments(session).letter_at
        return letter_at is not None and letter_at <= self.world.now

    async def _post(self) -> None:
        world = self.world
        dispatcher = Dispatcher(
            world.database, self.carrier, lambda: world.now, "rehearsal", lanes=1, contracts=self.dispatched
        )
        await dispatcher.run()

    def _read(self) -> None:
        world = self.world
        with world.database.transaction() as session:
            letters = self.boxes.empty(session)
            if letters:
                read(world, session, letters)

    def _import(self, days: set[int]) -> None:
        """Import the files of the day: the portal's export, the sheet, and each late deposit on its own."""
        world = self.world
        today = [p for p in world.proposals.values() if p.deposited_on.toordinal() in days]
        late = [proposal for proposal in today if self._too_late(proposal)]
        files: dict[tuple[Door, str], list[Proposal]] = {}
        for proposal in (one for one in today if one not in late):
            files.setdefault((proposal.door, proposal.call), []).append(proposal)
        for together in (*files.values(), *([proposal] for proposal in late)):
            self._import_file(together)

    def _too_late(self, proposal: Proposal) -> bool:
        closes_on = self.world.contract.call(proposal.call).closes_on
        return closes_on is not None and proposal.deposited_on > closes_on

    def _import_file(self, together: Sequence[Proposal]) -> None:
        world, first = self.world, together[0]
        day = first.deposited_on
        if first.door is Door.PORTAL:
            name, content = f"portail-{day}.json", portal_export(world.contract, together)
        else:
            name, content = f"depots-{day}.csv", sheet(together)
        try:
            received = import_file(
                world.database, world.contract.code, name, content, world.now, call=first.call
            )
        except DepositFileError as error:
            world.tally.files_refused += [(name, problem) for problem in error.problems]
            return
        with world.database.transaction() as session:
            for case in look_up(session, received.created):
                chance = world.chance(f"person:{case.instructor_id}")
                world.plan_work(Step.CHECK, case, world.habits.officers.check.draw(chance))

    def _morning_from(self, at: datetime) -> datetime:
        day = next_working_day(paris_day(at))
        moment = local_instant(day, jobs.MORNING)
        return moment if moment >= at else local_instant(add_working_days(day, 1), jobs.MORNING)
