"""How people answer in a rehearsal: shares and delays, all invented, all settings.

No source gives them: they are guesses of what a city sees, to be replaced by its own figures. Shares are between
0 and 1; delays are in days for those who ask, in working days for those who answer at work.
"""

from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True, slots=True)
class Delay:
    """How long someone takes: between `least` and `most`, most often `usual`."""

    least: int
    usual: int
    most: int

    def draw(self, chance: Random) -> int:
        """One delay."""
        return round(chance.triangular(self.least, self.most, self.usual))


@dataclass(frozen=True, slots=True)
class ApplicantHabits:
    """Associations: when they deposit, what they forget, how they answer.

    Renewals come from the State's portal with every document; new actions come on the import sheet and may lack
    some. `waves` are the parts of the deposits aimed at each wave, the first one first. Of the applicants asked
    for documents, some answer late (and lapse), only when reminded, or never; the others in time. Of the funded,
    the report comes early, late, only once a formal notice arrives, or never; the others in time. Some are sent back
    once; `spent` is what an action costs, in percent of its budget.
    """

    renewals: float = 0.45
    waves: tuple[float, ...] = (0.62, 0.22, 0.16)
    near_closing: float = 0.65
    after_closing: float = 0.02
    incomplete: float = 0.55
    most_missing: int = 3
    answer: Delay = Delay(2, 11, 27)
    answers_late: float = 0.06
    answers_when_reminded: float = 0.12
    never_answers: float = 0.05
    sends_part_first: float = 0.15
    asks_for_more_time: float = 0.06
    protests: float = 0.35
    withdraws: float = 0.03
    withdraws_after: Delay = Delay(3, 25, 90)
    not_eligible: float = 0.04
    without_address: float = 0.008
    address_refused: float = 0.012
    report_early: float = 0.35
    report_late: float = 0.14
    report_on_notice: float = 0.03
    report_never: float = 0.03
    not_carried_out: float = 0.025
    report_incomplete: float = 0.12
    spent: Delay = Delay(62, 99, 112)
    corrects: Delay = Delay(2, 9, 24)
    report_after_action: Delay = Delay(15, 45, 90)
    report_before_due: Delay = Delay(2, 20, 75)
    report_after_due: Delay = Delay(2, 18, 50)


@dataclass(frozen=True, slots=True)
class OfficerHabits:
    """Instructors: how soon each turn is taken, how often a case slips until a letter recalls it, or even then."""

    check: Delay = Delay(1, 4, 13)
    assess: Delay = Delay(0, 2, 8)
    instruct: Delay = Delay(1, 3, 10)
    forgets: float = 0.05
    answer_to_letter: Delay = Delay(1, 2, 7)
    lets_letter_pass: float = 0.08
    examine_report: Delay = Delay(3, 15, 50)
    close: Delay = Delay(1, 4, 15)
    score_noise: int = 16
    """Points, on each line of the grid, between what an officer finds and what there is."""


@dataclass(frozen=True, slots=True)
class FunderHabits:
    """Funders: opinions in time, late or never; a reminder brings some of the missing ones."""

    in_time: float = 0.80
    late: float = 0.13
    answer: Delay = Delay(3, 16, 28)
    answer_late: Delay = Delay(31, 37, 55)
    answers_reminder: float = 0.30
    reserved_below: int = 58
    unfavourable_below: int = 40
    usual_part: Delay = Delay(60, 90, 100)
    """Percent of the request a favourable funder proposes."""


@dataclass(frozen=True, slots=True)
class CommitteeHabits:
    """Committees: quorum, what is put off, the lowest score and part funded, and how envelopes last.

    On a day with a `quorum` a member `comes` mostly, on others seldom. `declares` is the part of the members who say
    which cases they have an interest in, `interested` that of those who have one, `forgets` that of the cases the
    committee has no time for. `spending` is the part of each envelope that may be committed after the decisions of
    each wave.
    """

    quorum: float = 0.93
    comes: float = 0.86
    comes_badly: float = 0.25
    declares: float = 0.8
    interested: float = 0.12
    defers: float = 0.03
    lowest_score: int = 50
    lowest_part: float = 0.36
    spending: tuple[float, ...] = (0.66, 0.86, 1.0)
    record: Delay = Delay(0, 1, 4)
    forgets: float = 0.01
    hour: int = 14


@dataclass(frozen=True, slots=True)
class FinanceHabits:
    """The finance department and the manager: balances, formal notices, recoveries, cases reopened."""

    settle: Delay = Delay(5, 14, 40)
    pay: Delay = Delay(8, 20, 38)
    notice: Delay = Delay(5, 15, 40)
    reclaim: Delay = Delay(2, 8, 20)
    most_reopened: int = 2
    reopen: Delay = Delay(2, 6, 15)


@dataclass(frozen=True, slots=True)
class AgreementHabits:
    """Social centres under an agreement of several years, and those who follow it.

    Of the self-evaluations some come late, some only when reminded or never; of the organisations some do not ask
    again, some cease. Officers review a year when reminded, or at the next reminder; the manager then confirms the
    next one, part of them with less money, and amends some. `quality` is what an assessment finds on average.
    """

    evaluates_late: float = 0.14
    evaluates_when_reminded: float = 0.1
    never_evaluates: float = 0.06
    evaluation_before: Delay = Delay(3, 25, 80)
    evaluation_after: Delay = Delay(1, 12, 30)
    asks_never: float = 0.06
    asks_before: Delay = Delay(2, 34, 58)
    ceases: float = 0.04
    sign: Delay = Delay(2, 9, 25)
    review: Delay = Delay(2, 9, 22)
    forgets_review: float = 0.12
    to_adjust: float = 0.15
    confirm: Delay = Delay(3, 8, 20)
    cut: float = 0.2
    amends: float = 0.3
    approval: Delay = Delay(15, 60, 150)
    quality: int = 78
    quality_spread: int = 9


@dataclass(frozen=True, slots=True)
class Habits:
    """Everybody's habits, and what counts as a case nobody moves.

    A case without any timer left is stuck; so is one not yet decided that has not moved for `stuck_after_days`.
    """

    applicants: ApplicantHabits = field(default_factory=ApplicantHabits)
    officers: OfficerHabits = field(default_factory=OfficerHabits)
    funders: FunderHabits = field(default_factory=FunderHabits)
    committees: CommitteeHabits = field(default_factory=CommitteeHabits)
    finance: FinanceHabits = field(default_factory=FinanceHabits)
    agreements: AgreementHabits = field(default_factory=AgreementHabits)
    stuck_after_days: int = 120


USUAL = Habits()
