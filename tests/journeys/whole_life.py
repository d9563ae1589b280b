"""A city whose clock jumps, whose sweeps repeat and crash, in the hands of Hypothesis: what must always hold."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from parvis.models.enclosed import Enclosed
from parvis.models.session import Database, Session
from parvis.services import deadlines, journal
from parvis.services.advance import advance
from parvis.states.case_table import CASES
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role, Stage
from parvis.states.table import MoveRefusedError
from tests.services.desk import CONTRACT, Desk, moment

SITTINGS = tuple(f"{year}-{month:02}-15" for year in (2026, 2027, 2028) for month in (3, 6, 9, 12))
CITY: dict[str, Any] = {
    **CONTRACT,
    "committees": [
        {"code": "copil", "name": "Comité de pilotage", "kind": "steering", "covers": "all", "held_on": list(SITTINGS)}
    ],
}  # fmt: skip
DOCUMENTS = ("statuts", "rib")
FUNDERS = ("etat", "ville")
SPINE = {
    Stage.SUBMITTED: (
        (Action.RECEIVE_DOCUMENTS, Role.INSTRUCTOR), (Action.CHECK_ELIGIBILITY, Role.INSTRUCTOR),
        (Action.ASSESS, Role.INSTRUCTOR), (Action.INSTRUCT, Role.INSTRUCTOR),
    ),
    Stage.INCOMPLETE: ((Action.RECEIVE_DOCUMENTS, Role.APPLICANT), (Action.COMPLETE, Role.APPLICANT)),
    Stage.INSTRUCTED: ((Action.SCHEDULE, Role.SECRETARY),),
    Stage.COMMITTEE: ((Action.FUND, Role.SECRETARY),),
    Stage.FUNDED: (
        (Action.RECEIVE_REPORT, Role.APPLICANT), (Action.ACCEPT_REPORT, Role.INSTRUCTOR),
        (Action.SETTLE_BALANCE, Role.FINANCE), (Action.EVALUATE, Role.INSTRUCTOR),
    ),
}  # fmt: skip
FINALS = tuple(str(stage) for stage in CASES.finals)

HOLDS = {
    "a case’s version is the number of its lines, its stage the last one’s":
        """SELECT c.id FROM cases c JOIN journal j ON j.case_id = c.id GROUP BY c.id
           HAVING count(*) <> c.version OR (array_agg(j.target ORDER BY j.seq DESC))[1] <> c.stage""",
    "an envelope’s column is the sum of its lines":
        """SELECT e.id FROM envelopes e
             LEFT JOIN ledger l ON l.envelope_id = e.id AND l.account IN ('committed', 'paid') GROUP BY e.id
           HAVING e.committed_cents <> COALESCE(sum(l.amount_cents), 0)""",
    "what is granted, less what was paid back, then what was paid in the end, stands in the envelopes":
        """SELECT 1 WHERE (SELECT COALESCE(sum(committed_cents), 0) FROM envelopes WHERE parent_id IS NULL) <>
           (SELECT COALESCE(sum(l.amount_cents), 0) FROM ledger l JOIN movements m ON m.id = l.movement_id
             WHERE m.agreement_id IS NOT NULL AND l.account IN ('committed', 'paid')) +
           (SELECT COALESCE(sum(CASE WHEN c.balance_settled THEN p.paid ELSE g.granted_cents + p.back END), 0)
              FROM fundings g JOIN cases c ON c.id = g.case_id
             CROSS JOIN LATERAL (
                   SELECT COALESCE(sum(amount_cents), 0) AS paid,
                          COALESCE(sum(amount_cents) FILTER (WHERE instalment = 'repayment'), 0) AS back
                     FROM payments WHERE case_id = c.id AND funder_id = g.funder_id AND status = 'paid'
                      AND NOT EXISTS (SELECT FROM partners x WHERE x.case_id = c.id AND x.organisation_id = partner_id
                                         AND x.state IN ('declined', 'withdrawn'))) p
             WHERE g.granted_cents > 0 AND c.stage IN ('funded', 'evaluated'))""",
    "what is paid, due or planned of a grant is the grant at most, to the cent":
        """SELECT case_id, funder_id FROM payments p WHERE status <> 'cancelled' GROUP BY case_id, funder_id
           HAVING sum(amount_cents) > (SELECT granted_cents FROM fundings g
                                        WHERE g.case_id = p.case_id AND g.funder_id = p.funder_id)
               OR sum(amount_cents) FILTER (WHERE status = 'paid') < 0""",
    "an evaluated case leaves nothing to pay, a funded one has at most one report open":
        """SELECT c.id FROM cases c JOIN payments p ON p.case_id = c.id
            WHERE c.stage = 'evaluated' AND p.status IN ('planned', 'due', 'ordered')
           UNION ALL SELECT case_id FROM reports WHERE state NOT IN ('accepted', 'refused')
            GROUP BY case_id, kind HAVING count(*) > 1""",
    "no reminder leaves after its deadline":
        "SELECT id FROM timers WHERE kind = 'reminder' AND outcome = 'fired' AND expires_at <= settled_at",
    "a case at rest waits for nothing":
        "SELECT t.id FROM timers t JOIN cases c ON c.id = t.case_id"
        " WHERE t.settled_at IS NULL AND c.stage = ANY(%(finals)s)",
    "only a manager’s reopening leaves a final stage":
        """SELECT j.case_id FROM journal j WHERE j.source = ANY(%(finals)s) AND j.target <> j.source
           AND NOT (j.action = 'reopen' AND j.role = 'manager')""",
    "a case in care has a deadline":
        """SELECT c.id FROM cases c WHERE c.stage <> ALL(%(finals)s)
           AND NOT EXISTS (SELECT 1 FROM timers t WHERE t.case_id = c.id AND t.kind <> 'reminder')""",
    "a letter is owed once for its case, rule, occurrence and recipient":
        """SELECT 1 FROM letters WHERE case_id IS NOT NULL GROUP BY case_id, rule, occurrence, recipient
           HAVING count(*) > 1""",
    "cases and agendas agree":
        """SELECT c.id FROM cases c LEFT JOIN agenda_items a ON a.case_id = c.id AND a.left_at IS NULL
           WHERE c.committee_id IS DISTINCT FROM a.committee_id""",
}  # fmt: skip


def every(promises: dict[str, str]) -> str:
    """One statement that names the promises which do not hold."""
    named = (f"SELECT '{what}' WHERE EXISTS ({statement})" for what, statement in promises.items())
    return " UNION ALL ".join(named)


class CrashError(Exception):
    """The process dies here: what it had not committed is lost."""


@contextmanager
def lost(database: Database) -> Iterator[Database]:
    """What is done inside happens, and is lost with its process."""
    with suppress(CrashError), database.transaction():
        yield database
        _die()


def _die() -> None:
    raise CrashError


class WholeLife(RuleBasedStateMachine):
    """Everything happens inside one transaction, given up at the end: each example begins with an empty city."""

    database: ClassVar[Database]
    city: ClassVar[dict[str, Any]] = CITY
    promises: ClassVar[dict[str, str]] = HOLDS

    def __init__(self) -> None:
        super().__init__()
        self._around = self.database.transaction()
        self._session: Session = self._around.__enter__()
        self.desk = Desk.opened(Enclosed(self._session), self.city)
        self.today = date(2026, 1, 5)
        self.cases: list[int] = []

    def teardown(self) -> None:
        assert journal.verify(self._session).sound
        with suppress(CrashError):
            self._around.__exit__(CrashError, CrashError(), None)

    # what people do

    @initialize()
    def begin(self) -> None:
        self.deposit()

    @precondition(lambda self: len(self.cases) < 4 and self.today < date(2026, 12, 31))
    @rule()
    def deposit(self) -> None:
        self.cases.append(self.desk.submitted_case(f"{self.today}"))

    @rule(which=st.integers(0, 3), stages=st.integers(1, 5))
    def carry_on(self, which: int, stages: int) -> None:
        """Everybody does what is expected of them, and committees sit on their days."""
        self.take_along(self.cases[which % len(self.cases)], stages)

    def take_along(self, case_id: int, stages: int) -> None:
        for _ in range(stages):
            stage = Stage(self.desk.stage(case_id))
            if stage is Stage.COMMITTEE:
                self.sit_for(case_id)
            for action, role in SPINE.get(stage, ()):
                self.act(case_id, action, role)

    @rule(which=st.integers(0, 3), row=st.integers(0, 60), reason=st.booleans(), days=st.integers(-3, 40))
    def do_something(self, which: int, row: int, reason: bool, days: int) -> None:
        case_id = self.cases[which % len(self.cases)]
        here = [move for move in CASES.moves if self.desk.stage(case_id) in move.sources]
        if here:
            move = here[row % len(here)]
            self.act(case_id, Action(move.action), move.by[row % len(move.by)], reason=reason, days=days)

    @rule(which=st.integers(0, 3), action=st.sampled_from(list(Action)), role=st.sampled_from(list(Role)))
    def try_anything(self, which: int, action: Action, role: Role) -> None:
        self.act(self.cases[which % len(self.cases)], action, role)

    def act(self, case_id: int, action: Action, role: Role, *, reason: bool = True, days: int = 30) -> None:
        before, refused = self.seen(case_id), None
        given = self.given(case_id, days, action, reason=reason)
        try:
            with self.desk.database.transaction() as session:
                advance(session, case_id, action, by=By("person:1", role), at=self.at, given=given)
        except MoveRefusedError as refusal:
            refused = refusal.reasons
        assert refused != (), "a refusal says why"
        assert refused is None or self.seen(case_id) == before, "a refusal changes nothing"

    def given(self, case_id: int, days: int, action: Action, *, reason: bool) -> Given:
        sitting = (
            self.desk.value(
                "SELECT id FROM committees WHERE held_at IS NULL AND held_on >= %(today)s ORDER BY held_on LIMIT 1",
                today=self.today,
            )
            if action is Action.SCHEDULE and self.today < date(2028, 12, 1)
            else None
        )
        later = self.today + timedelta(days=days)
        funder_ids = tuple(row[0] for row in self.desk.rows("SELECT id FROM funders ORDER BY id"))
        officer = self.desk.value("SELECT id FROM people WHERE role = 'instructor'")
        return Given(
            reason="Une raison." if reason else "", documents=DOCUMENTS[: 1 + (days % 2 == 0)], reply_by=later,
            committee_id=sitting, amounts=(("etat", 400_000), ("ville", 200_000 + case_id)), opinion="favourable",
            funder_id=funder_ids[0], funder_ids=funder_ids, score=70, due_on=later, instructor_id=officer,
        )  # fmt: skip

    # what time does

    @rule(days=st.integers(1, 45) | st.integers(1, 400))
    def jump(self, days: int) -> None:
        self.today = min(self.today + timedelta(days=days), date(2031, 12, 31))

    def let_the_clock_act(self, database: Database) -> int:
        """Everything due is done; how many things that was."""
        return deadlines.sweep(database, at=self.at).total

    @rule()
    def sweep(self) -> None:
        self.let_the_clock_act(self.desk.database)
        lines = self.count()
        assert self.let_the_clock_act(self.desk.database) == 0, "a second sweep has nothing to do"
        assert self.count() == lines, "a second sweep writes nothing"

    @rule()
    def sweep_and_crash(self) -> None:
        before = self.count()
        with lost(self.desk.database) as database:
            self.let_the_clock_act(database)
        assert self.count() == before, "what a dead process did not commit is not there"

    def sit_for(self, case_id: int) -> None:
        """The committee of a case sits, on its day or now when that is over, with its quorum."""
        held_on = self.desk.value(
            "SELECT held_on FROM committees WHERE id = (SELECT committee_id FROM cases WHERE id = %(id)s)",
            id=case_id,
        )
        self.today = max(self.today, held_on)
        self.desk.run(
            "UPDATE committees SET held_at = %(at)s, quorate = true, recusals_recorded = true, agenda_open = false"
            " WHERE id = (SELECT committee_id FROM cases WHERE id = %(id)s) AND held_at IS NULL",
            at=self.at, id=case_id,
        )  # fmt: skip

    @invariant()
    def holds(self) -> None:
        broken = self.desk.rows(every(self.promises), finals=list(FINALS))
        assert not broken, broken

    # what is looked at

    @property
    def at(self) -> datetime:
        return moment(f"{self.today}")

    def seen(self, case_id: int) -> list[tuple[Any, ...]]:
        return self.desk.rows(
            "SELECT c.*, (SELECT count(*) FROM letters) FROM cases c WHERE id = %(id)s", id=case_id
        )

    def count(self) -> tuple[Any, ...]:
        [row] = self.desk.rows(
            "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM letters),"
            " (SELECT count(*) FROM timers WHERE settled_at IS NULL)"
        )
        return row
