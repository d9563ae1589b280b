"""The same city with agreements of several years: taken over, born, renewed, amended, ended, and what must hold."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import Any, ClassVar

from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from parvis.models.session import ConstraintError, Database
from parvis.services import agreement_sweeps, agreements
from parvis.states.agreement_facts import NOTHING_SAID, AgreementGiven
from parvis.states.agreement_stages import AgreementAction, AgreementStage, Review
from parvis.states.agreement_table import AGREEMENTS
from parvis.states.facts import By
from parvis.states.stages import Action, Role, Stage
from parvis.states.table import MoveRefusedError
from tests.journeys.whole_life import CITY, HOLDS, WholeLife
from tests.services.agreement_desk import SCHEDULE, AgreementDesk

A = AgreementAction
CALLS = ("conventions-2026", "conventions-2027", "conventions-2028", "conventions-2029")
CENTRES: dict[str, Any] = {
    **CITY,
    "calls": [*deepcopy(CITY["calls"]), *(
        {"code": code, "title": f"Conventions {year}", "instrument": "agreement", "year": year, "duration_years": years,
         "opens_on": "2026-01-01", "closes_on": "2030-12-31", "payment_schedule": SCHEDULE, "required_documents": [
             {"code": "statuts", "label": "Statuts", "still_valid": True}, {"code": "rib", "label": "RIB"}],
         "envelopes": [{"funder": "etat", "total_cents": 3_000_000}, {"funder": "ville", "total_cents": 2_000_000},
                       {"funder": "etat", "total_cents": 900_000, "year": year + 1}]}
        for code, year, years in zip(CALLS, range(2026, 2030), (2, 3, 1, 2), strict=True)
    )],
}  # fmt: skip
SPINE = {
    AgreementStage.DRAFT: ((A.SIGN, Role.SECRETARY), (A.ACTIVATE, Role.MANAGER)),
    AgreementStage.ACTIVE: (
        (A.REVIEW_YEAR, Role.INSTRUCTOR), (A.CONFIRM_YEAR, Role.MANAGER), (A.RECORD_PAYMENT, Role.FINANCE),
        (A.OPEN_RENEWAL, Role.INSTRUCTOR),
    ),
    AgreementStage.IN_RENEWAL: ((A.RECEIVE_EVALUATION, Role.APPLICANT), (A.WRITE_REQUEST, Role.INSTRUCTOR)),
}  # fmt: skip

RUNNING = tuple(SPINE)

OF_AGREEMENTS = {
    "an agreement’s version is the number of its lines, its stage the last one’s":
        """SELECT a.id FROM agreements a LEFT JOIN agreement_journal j ON j.agreement_id = a.id GROUP BY a.id
           HAVING count(j.seq) <> a.version
               OR COALESCE((array_agg(j.target ORDER BY j.seq DESC))[1], 'draft') <> a.stage""",
    "no stage at rest is ever left":
        """SELECT agreement_id FROM agreement_journal
            WHERE source IN ('renewed', 'ended', 'terminated') AND target <> source""",
    "an agreement in care has a deadline, one at rest waits for nothing":
        """SELECT a.id FROM agreements a WHERE (a.stage IN ('draft', 'active', 'in_renewal')) <> EXISTS (
             SELECT FROM timers t WHERE t.agreement_id = a.id AND t.settled_at IS NULL AND (t.kind <> 'reminder'
                OR a.stage NOT IN ('draft', 'active', 'in_renewal')))""",
    "two agreements of one organisation for one purpose never share a day":
        """SELECT a.id FROM agreements a JOIN agreements b ON b.id > a.id AND b.organisation_id = a.organisation_id
              AND b.purpose = a.purpose AND daterange(a.starts_on, a.ends_on + 1) && daterange(b.starts_on, b.ends_on + 1)""",  # noqa: E501
    "an agreement that was renewed is followed the next day":
        """SELECT a.id FROM agreements a WHERE a.stage = 'renewed' AND NOT EXISTS (
             SELECT FROM agreements n WHERE n.renews_id = a.id AND n.starts_on = a.ends_on + 1)""",
    "instalments are the amounts of their year, to the cent":
        """SELECT m.agreement_id FROM agreement_amounts m LEFT JOIN agreement_instalments i
               ON (i.agreement_id, i.number, i.funder_id) = (m.agreement_id, m.number, m.funder_id)
            GROUP BY m.agreement_id, m.number, m.funder_id, m.amount_cents
           HAVING COALESCE(sum(i.amount_cents), 0) <> m.amount_cents""",
    "what is paid, due or planned of a firm year is its amount, to the cent, and nothing is of one that is not firm":
        """SELECT y.agreement_id FROM agreement_years y JOIN agreements a ON a.id = y.agreement_id
             FULL JOIN (SELECT agreement_id, year, funder_id, sum(amount_cents) AS cents FROM payments
                         WHERE agreement_id IS NOT NULL AND status <> 'cancelled' GROUP BY 1, 2, 3) p
               ON (p.agreement_id, p.year) = (y.agreement_id, y.number)
             LEFT JOIN agreement_amounts m
               ON (m.agreement_id, m.number, m.funder_id) = (y.agreement_id, y.number, p.funder_id)
            WHERE y.number > 1 AND (NOT y.firm AND p.cents > 0 OR y.firm AND a.stage <> 'terminated'
              AND p.cents IS DISTINCT FROM m.amount_cents)
           UNION ALL
           SELECT m.agreement_id FROM agreement_amounts m JOIN agreements a ON a.id = m.agreement_id
             JOIN agreement_years y ON (y.agreement_id, y.number) = (m.agreement_id, m.number)
            WHERE y.firm AND m.number > 1 AND a.stage <> 'terminated' AND m.amount_cents <> COALESCE(
              (SELECT sum(p.amount_cents) FROM payments p WHERE p.status <> 'cancelled' AND p.agreement_id = a.id
                  AND p.year = m.number AND p.funder_id = m.funder_id), 0)""",
    "an agreement owes nothing more of a year it did not run":
        """SELECT p.id FROM payments p WHERE p.agreement_id IS NOT NULL AND p.status IN ('planned', 'due', 'ordered')
              AND NOT EXISTS (SELECT FROM agreement_years y
                               WHERE (y.agreement_id, y.number) = (p.agreement_id, p.year))""",
    "a first year is never paid twice, by its case and by its agreement":
        """SELECT a.id FROM agreements a JOIN payments p ON p.agreement_id = a.id AND p.year = 1
              AND p.status <> 'cancelled' LEFT JOIN agreement_amounts m
               ON (m.agreement_id, m.number, m.funder_id) = (a.id, 1, p.funder_id)
             LEFT JOIN fundings g ON g.case_id = a.case_id AND g.funder_id = p.funder_id
            WHERE a.stage <> 'terminated' GROUP BY a.id, p.funder_id, m.amount_cents, g.granted_cents
           HAVING COALESCE(g.granted_cents, 0) + sum(p.amount_cents) > COALESCE(m.amount_cents, 0)""",
    "the ledger holds of a year what its payments say, where its call has an envelope for it":
        """SELECT e.id FROM envelopes e JOIN calls k ON k.id = e.call_id LEFT JOIN (
             SELECT l.envelope_id, sum(l.amount_cents) AS held,
                    sum(l.amount_cents) FILTER (WHERE l.account = 'paid') AS paid
               FROM ledger l JOIN movements m ON m.id = l.movement_id AND m.agreement_id IS NOT NULL
              WHERE l.account IN ('committed', 'paid') GROUP BY 1) l ON l.envelope_id = e.id
             LEFT JOIN (
             SELECT p.funder_id, a.call_id, extract(year FROM a.starts_on)::int + p.year - 1 AS of_year,
                    sum(p.amount_cents) AS held, sum(p.amount_cents) FILTER (WHERE p.status = 'paid') AS paid
               FROM payments p JOIN agreements a ON a.id = p.agreement_id
              WHERE p.status <> 'cancelled' AND p.year > 1 GROUP BY 1, 2, 3) p
               ON (p.funder_id, p.call_id, p.of_year) = (e.funder_id, e.call_id, e.year)
            WHERE e.year > k.year AND (COALESCE(l.held, 0), COALESCE(l.paid, 0))
                  <> (COALESCE(p.held, 0), COALESCE(p.paid, 0))""",
    "the years of an agreement follow one another from its first day to its last":
        """SELECT a.id FROM agreements a LEFT JOIN (
             SELECT *, lag(ends_on) OVER (PARTITION BY agreement_id ORDER BY number) AS before FROM agreement_years) y
               ON y.agreement_id = a.id WHERE a.ends_on >= a.starts_on GROUP BY a.id
           HAVING min(y.starts_on) IS DISTINCT FROM a.starts_on OR max(y.ends_on) IS DISTINCT FROM a.ends_on
               OR bool_or(y.before IS NOT NULL AND y.starts_on <> y.before + 1)""",
    "amendments are numbered from one":
        """SELECT agreement_id FROM agreement_amendments GROUP BY agreement_id HAVING max(number) <> count(*)""",
    "an agreement owes a letter once for its rule, occurrence and recipient":
        """SELECT 1 FROM letters WHERE agreement_id IS NOT NULL GROUP BY agreement_id, rule, occurrence, recipient
           HAVING count(*) > 1""",
    "what asks to renew an agreement is a case of its organisation":
        """SELECT a.id FROM agreements a JOIN cases c ON c.id = a.request_case_id
            WHERE c.organisation_id <> a.organisation_id""",
}  # fmt: skip


class WholeLifeWithAgreements(WholeLife):
    """Cases and agreements in one city, under one clock."""

    city: ClassVar[dict[str, Any]] = CENTRES
    promises: ClassVar[dict[str, str]] = {**HOLDS, **OF_AGREEMENTS}

    def __init__(self) -> None:
        super().__init__()
        self.house = AgreementDesk(self.desk)

    @property
    def there(self) -> list[int]:
        """Every agreement there is."""
        return [row[0] for row in self.desk.rows("SELECT id FROM agreements ORDER BY id")]

    @initialize(ends_on=st.dates(date(2026, 3, 1), date(2028, 12, 31)), years=st.integers(1, 3))
    def begin_with_an_agreement(self, ends_on: date, years: int) -> None:
        starts_on = ends_on - relativedelta(years=years) + timedelta(days=1)
        self.house.taken_over(
            f"{self.today}", starts_on=f"{starts_on}", ends_on=f"{ends_on}", purpose="centre"
        )

    @precondition(lambda self: len(self.there) < 3)
    @rule(
        purpose=st.sampled_from(["centre", "evs"]), starts_on=st.dates(date(2023, 1, 1), date(2027, 6, 1)),
        months=st.integers(1, 40), approved=st.none() | st.dates(date(2026, 6, 1), date(2029, 1, 1)),
    )  # fmt: skip
    def take_over(self, purpose: str, starts_on: date, months: int, approved: date | None) -> None:
        ends_on = starts_on + relativedelta(months=months) - timedelta(days=1)
        try:
            self.house.taken_over(
                f"{self.today}", starts_on=f"{starts_on}", ends_on=f"{ends_on}", purpose=purpose,
                approval_ends_on=approved,
            )  # fmt: skip
        except ConstraintError as error:
            if error.name != "no_overlap":
                raise

    @precondition(lambda self: len(self.cases) < 4 and self.today < date(2030, 12, 31))
    @rule(call=st.sampled_from(CALLS), title=st.sampled_from(["Centre", "EVS"]))
    def ask_for_an_agreement(self, call: str, title: str) -> None:
        self.cases.append(self.desk.submitted_case(f"{self.today}", call=call, title=title))

    @precondition(lambda self: self.there)
    @rule(which=st.integers(0, 4), year=st.integers(1, 3), stages=st.integers(0, 5))
    def follow(self, which: int, year: int, stages: int) -> None:
        """Everybody does what is expected: a year reviewed, a renewal opened, evaluated, asked for, taken along."""
        agreement_id = self.there[which % len(self.there)]
        for stage in RUNNING:
            if self.house.stage(agreement_id) == stage:
                for action, role in SPINE[stage]:
                    self.act_on(agreement_id, action, role, self.said(year=year, days=0))
        [(case_id, stage)] = self.desk.rows(
            "SELECT a.request_case_id, c.stage FROM agreements a LEFT JOIN cases c ON c.id = a.request_case_id"
            " WHERE a.id = %(id)s", id=agreement_id,
        )  # fmt: skip
        if stage == Stage.DRAFT:
            self.desk.run(
                "INSERT INTO fundings (case_id, funder_id, requested_cents) SELECT %(id)s, id, 500000 FROM funders"
                " ON CONFLICT DO NOTHING", id=case_id,
            )  # fmt: skip
            self.act(case_id, Action.SUBMIT, Role.APPLICANT)
        if case_id is not None:
            self.cases += [case_id] if case_id not in self.cases else []
            self.take_along(case_id, stages)

    @precondition(lambda self: self.there)
    @rule(
        which=st.integers(0, 4), year=st.integers(1, 3), days=st.integers(-30, 300), cents=st.integers(0, 900_001)
    )  # fmt: skip
    def amend(self, which: int, year: int, days: int, cents: int) -> None:
        said = self.said(year=year, days=days, cents=cents)
        self.act_on(self.there[which % len(self.there)], A.AMEND, Role.MANAGER, said)

    @precondition(lambda self: self.there)
    @rule(
        which=st.integers(0, 4), row=st.integers(0, 40), year=st.integers(1, 4), days=st.integers(-400, 400),
        cents=st.integers(0, 900_001), reason=st.booleans(),
    )  # fmt: skip
    def do_something_to_an_agreement(
        self, *, which: int, row: int, year: int, days: int, cents: int, reason: bool
    ) -> None:
        agreement_id = self.there[which % len(self.there)]
        here = [move for move in AGREEMENTS.moves if self.house.stage(agreement_id) in move.sources]
        if here:
            move = here[row % len(here)]
            said = self.said(year=year, days=days, cents=cents, reason=reason)
            self.act_on(agreement_id, A(move.action), move.by[row % len(move.by)], said)

    @precondition(lambda self: self.there)
    @rule(which=st.integers(0, 4), action=st.sampled_from(list(A)), role=st.sampled_from(list(Role)))
    def try_anything_on_an_agreement(self, which: int, action: A, role: Role) -> None:
        self.act_on(self.there[which % len(self.there)], action, role, NOTHING_SAID)

    def said(self, *, year: int, days: int, cents: int = 0, reason: bool = True) -> AgreementGiven:
        day = self.today + timedelta(days=days)
        return AgreementGiven(
            reason="Une raison." if reason else "", on=day, year=year, result=Review.ON_COURSE,
            amounts=(("etat", cents), ("ville", 70_001)) if cents else (), new_end=day if days > 0 else None,
        )  # fmt: skip

    def act_on(self, agreement_id: int, action: A, role: Role, given: AgreementGiven) -> None:
        before, refused = self.seen_agreement(agreement_id), None
        try:
            with self.desk.database.transaction() as session:
                agreements.advance(
                    session, agreement_id, action, by=By("person:1", role), at=self.at, given=given
                )
        except MoveRefusedError as refusal:
            refused = refusal.reasons
        assert refused != (), "a refusal says why"
        assert refused is None or self.seen_agreement(agreement_id) == before, "a refusal changes nothing"

    def seen_agreement(self, agreement_id: int) -> Sequence[Any]:
        return self.desk.rows(
            "SELECT a.*, (SELECT count(*) FROM letters), (SELECT count(*) FROM cases) FROM agreements a"
            " WHERE id = %(id)s", id=agreement_id,
        )  # fmt: skip

    def let_the_clock_act(self, database: Database) -> int:
        did = agreement_sweeps.renew(database, at=self.at)
        past = self.desk.rows(
            "SELECT id FROM agreements WHERE stage IN ('active', 'in_renewal') AND ends_on < %(today)s",
            today=self.today,
        )
        assert not past, "after a sweep no agreement runs past its last day"
        done = did.moved + did.refused + did.owed + did.superseded + did.requests + did.payable
        return done + super().let_the_clock_act(database)

    def count(self) -> tuple[Any, ...]:
        [row] = self.desk.rows(
            "SELECT (SELECT count(*) FROM agreement_journal), (SELECT count(*) FROM agreements),"
            " (SELECT count(*) FROM cases), (SELECT array_agg((p.id, p.status, p.amount_cents) ORDER BY p.id)::text"
            " FROM payments p WHERE agreement_id IS NOT NULL)"
        )
        return (*super().count(), *row)
