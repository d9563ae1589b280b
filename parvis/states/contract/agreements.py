"""How agreements of several years are followed: when their renewal begins, what is reviewed, who is reminded."""

from datetime import time
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from parvis.states.contract.times import Around
from parvis.states.contract.values import ClockTime, Code, Problem, Setting, Whole, refuse
from parvis.states.words import Sentence

OUT_OF_ORDER = Sentence(
    "{value} mois avant la fin, alors que l’étape d’avant est à {before} mois : un nombre plus petit est attendu.",
    "{value} months before the end, while the step before is at {before} months: a smaller number is expected.",
)

Months = Annotated[int, Field(strict=True, ge=1, le=36)]


def _from_the_farthest(months: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(months), reverse=True))


class AgreementRules(Setting):
    """The milestones of a renewal, counted back from the end of the agreement, and what is reviewed on the way.

    The CAF renews the approval of a social centre about 14 months ahead (which is why a renewal opens then); no
    source fixes the other values. Months before the end: `renewal_opens_months`, `evaluation_months` (the
    self-evaluation is due), `request_months` (the request is due), `decision_months` (the committee has decided).
    Months before the end of each year: `review_months`. A renewal that opens late gives `grace_days` to each step.
    `draft_days`: how long an agreement may wait to take effect. `prefix` begins references.
    """

    prefix: Code = "conv"
    renewal_opens_months: Months = 14
    evaluation_months: Months = 9
    request_months: Months = 6
    decision_months: Months = 3
    grace_days: Whole = 15
    reminders: Around = (-30, -7, 1, 15)
    approval_months: Annotated[tuple[Months, ...], AfterValidator(_from_the_farthest)] = (14, 6, 2)
    review_months: Months = 2
    review_reminder_days: Whole = 30
    draft_days: Whole = 60
    repeat_days: Annotated[int, Field(strict=True, ge=1, le=366)] = 30
    reminder_time: ClockTime = time(6, 0)

    @property
    def milestones(self) -> tuple[int, int, int, int]:
        """The months before the end at which a renewal opens, is evaluated, is asked for and is decided."""
        return self.renewal_opens_months, self.evaluation_months, self.request_months, self.decision_months

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        names = ("renewal_opens_months", "evaluation_months", "request_months", "decision_months")
        refuse(
            Problem((name,), value, OUT_OF_ORDER.fill(value=value, before=before))
            for name, before, value in zip(names[1:], self.milestones, self.milestones[1:], strict=False)
            if value >= before
        )
        return self
