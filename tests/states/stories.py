"""A case lived without a database: moves decided and applied to its facts, its open timers kept in a dict."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from parvis.states.arrivals import Arrival
from parvis.states.calendar import local_instant
from parvis.states.case_table import CASES
from parvis.states.consequences import CallRules, Cancel, Consequences, consequences
from parvis.states.contract import TimeRules
from parvis.states.deadlines import Timer, plan_all
from parvis.states.facts import Facts, Given, Grant
from parvis.states.stages import Action, Role, Stage
from parvis.states.table import decide, options

FIRST_DAY = date(2026, 3, 2)
FUNDERS = {1: "État", 12: "CAF"}

SPINE = (
    (Action.SUBMIT, Role.APPLICANT),
    (Action.CHECK_ELIGIBILITY, Role.INSTRUCTOR),
    (Action.ASSESS, Role.INSTRUCTOR),
    (Action.INSTRUCT, Role.INSTRUCTOR),
    (Action.SCHEDULE, Role.INSTRUCTOR),
    (Action.FUND, Role.SECRETARY),
)

# What a person who forgets nothing brings; two funders whose numbers begin alike.
_BRINGS = Given(
    reason="Motif", documents=("rib",), committee_id=1, committee_covers=True, opinion="favourable",
    amounts=(("etat", 100),), grants=(Grant("État", 100, 100, None),), score=70, instructor_id=2,
    signed_document="arrete.docx", sha256="00", signed_on=FIRST_DAY, contact_on=FIRST_DAY,
    told=(("title", "Avant", "Après"),),
)  # fmt: skip


def _draft() -> Facts:
    """A draft, where committees sit whenever they are needed."""
    return Facts(
        1, Stage.DRAFT, 0, local_instant(FIRST_DAY, time(9)), entered_on=FIRST_DAY,
        committee_kind="steering", agenda_open=True, session_held=True, quorate=True, recusals_recorded=True,
    )  # fmt: skip


@dataclass
class Story:
    """One case and what is open for it."""

    times: TimeRules = field(default_factory=TimeRules)
    facts: Facts = field(default_factory=_draft)
    timers: dict[tuple[str, str], Timer] = field(default_factory=dict)

    @classmethod
    def so_far(cls, rules: TimeRules, spine: int) -> "Story":
        """A draft that went the first `spine` steps of the way that leads to an evaluation, a day each."""
        story = cls(rules)
        story.timers = {(timer.rule, timer.occurrence): timer for timer in plan_all(story.facts, rules)}
        for action, role in SPINE[:spine]:
            story.move(action, role, story.facts.at + timedelta(days=1))
        return story

    @property
    def rules(self) -> CallRules:
        """The rules of its call."""
        return CallRules(self.times, 2026, documents={"rib": "RIB"})

    def brings(self, action: Action, wait: int) -> Given:
        """What comes with an action; `wait` days is how far ahead its dates are."""
        asked = {12: "CAF"} if 1 in self.facts.awaited_funders else FUNDERS
        later = max(self.facts.today, self.facts.reply_by or self.facts.today) + timedelta(days=1 + wait)
        return replace(
            _BRINGS,
            reply_by=later if action in (Action.REQUEST_DOCUMENTS, Action.EXTEND_REPLY) else None,
            funder_ids=() if self.facts.opinions_due_at else tuple(asked),
            arrival=Arrival(contact_first=True) if action == Action.ASK_CONTACT else None,
            funder_id=next(iter(self.facts.awaited_funders), None),
        )

    def open_to(self, wait: int) -> list[tuple[Action, Role]]:
        """What may happen now, in the order of the table; silence is left to the sweep."""
        found: list[tuple[Action, Role]] = []
        for option in options(CASES, self.facts):
            action = Action(option.action)
            facts = replace(self.facts, given=self.brings(action, wait))
            here = [o for o in options(CASES, facts) if o.action == action]
            if action != Action.RECORD_SILENCE and here[0].allowed:
                found.append((action, here[0].by[-1]))
        return found

    def move(
        self, action: Action, role: Role, at: datetime, given: Given | None = None, wait: int = 20
    ) -> Consequences:
        """Make one move, as the services do."""
        self.facts = replace(self.facts, at=at)
        facts = replace(self.facts, given=given or self.brings(action, wait))
        if action in (Action.SCHEDULE, Action.CARRY):
            facts = replace(facts, held_on=facts.today + timedelta(days=wait))
        row = decide(CASES, facts, action, role)
        outcome = consequences(row, facts, self.rules)
        self._settle(outcome.cancel)
        for timer in outcome.timers:
            self.timers.setdefault((timer.rule, timer.occurrence), timer)
        self.facts = _after(facts, outcome, action, row.target)
        return outcome

    def missing(self) -> set[Timer]:
        """Timers the case should have open and has not."""
        return set(plan_all(self.facts, self.times)) - set(self.timers.values())

    def unexplained(self) -> set[Timer]:
        """Timers open that nothing plans any more, but reminders whose moment has come."""
        extra = set(self.timers.values()) - set(plan_all(self.facts, self.times))
        return {timer for timer in extra if timer.expires_at is None or timer.due_at > self.facts.at}

    def _settle(self, cancel: Cancel) -> None:
        def ends(timer: Timer) -> bool:
            if cancel.prefix is not None:
                return timer.rule.startswith(cancel.prefix)
            return cancel.stage and (cancel.clock or timer.period == "stage")

        self.timers = {key: timer for key, timer in self.timers.items() if not ends(timer)}


def _after(facts: Facts, outcome: Consequences, action: Action, target: str | None) -> Facts:
    given = facts.given
    known = {name: value for name, value in outcome.changes.items() if name in Facts.__dataclass_fields__}
    after = replace(facts, version=facts.version + 1, given=Given(), **known)  # type: ignore[arg-type]
    match action:
        case Action.REQUEST_DOCUMENTS:
            after = replace(after, requested_documents=given.documents)
        case Action.RECEIVE_DOCUMENTS:
            after = replace(after, requested_documents=())
        case Action.ASSESS:
            after = replace(after, assessed=True)
        case Action.ASK_OPINIONS:
            after = replace(after, awaited_funders=given.funder_ids, awaited_opinions=tuple(FUNDERS.values()))
        case Action.GIVE_OPINION:
            left = tuple(funder for funder in facts.awaited_funders if funder != given.funder_id)
            after = replace(
                after, awaited_funders=left, awaited_opinions=tuple(FUNDERS[funder] for funder in left)
            )
        case Action.RECOMMEND:
            after = replace(after, held_on=given.next_held_on)
        case Action.UNSCHEDULE | Action.DEFER | Action.WITHDRAW | Action.REOPEN:
            after = replace(after, held_on=None)
    if target is None:
        return after
    return replace(after, stage=Stage(target), entered_on=facts.today, entered_version=after.version)


before = st.lists(st.integers(-40, -1), max_size=4)
around = st.lists(st.integers(-40, 40), max_size=5)
whole = st.integers(1, 120)

times = st.builds(
    lambda **values: TimeRules.model_validate(values),
    statutory_warnings=before, documents_reminders=before, draft_reminders=before,
    opinion_reminders=around, report_reminders=around,
    check_days=whole, documents_reply_days=whole, opinion_days=whole, instruct_days=whole, schedule_days=whole,
    decision_days=whole, draft_days=whole, report_escalation_days=whole, formal_notice_days=whole, evaluate_days=whole,
    repeat_days=st.integers(1, 366),
    statutory_silence_months=st.integers(2, 4), reminder_time=st.sampled_from(["00:00", "08:00", "23:59"]),
)  # fmt: skip
"""Times a call could have, lists without any reminder included."""
