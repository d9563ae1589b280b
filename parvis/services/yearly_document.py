"""The report of a year as a document: what the evaluation says, in French, put into its pages."""

from datetime import datetime, time

from parvis.documents.yearly import Compared, Family, FundedAction, Gap, InForce, Spot, YearContent, YearRow
from parvis.documents.yearly_pages import year_pdf
from parvis.services import yearly_words as words
from parvis.services.figures.shapes import Cell, Section
from parvis.services.yearly import (
    FUNDED,
    ActionLine,
    Evaluation,
    Line,
    cost_done,
    cost_planned,
    share_done,
    share_planned,
    share_women,
    share_young,
)
from parvis.services.yearly_matrix import matrix, summary, unanswered
from parvis.services.yearly_sections import FamilyLines, change, comparable, families, sections
from parvis.states.calendar import local_instant, paris_day
from parvis.states.stages import STAGE_WORDS
from parvis.states.words import Cents, Sentence


def evaluation_pdf(made: Evaluation, actions: tuple[ActionLine, ...], *, at: datetime) -> bytes:
    """The report of a year, as it is on the Paris day of `at`: the same figures give the same bytes all day.

    Raises:
        TypesettingError: it cannot be made.
    """
    stamped_at = local_instant(paris_day(at), time(0))
    return year_pdf(year_content(made, actions, at=at), stamped_at=stamped_at)


def year_content(made: Evaluation, actions: tuple[ActionLine, ...], *, at: datetime) -> YearContent:
    """What the report of a year says."""
    found, gaps, shown = sections(made), unanswered(made), matrix(made)
    return YearContent(
        city=made.city, contract=made.contract, year=made.year, counted_on=paris_day(at),
        summary=tuple(sentence.fr for sentence in summary(made)), how=words.HOW_COUNTED.fr,
        total=_row(words.TOGETHER.fr, made.total),
        compared=_compared(made), compared_says=found[0].says.fr,
        challenges=shown.challenges,
        crossed=tuple(
            (name, tuple(Spot(spot.proposed, spot.funded) for spot in spots)) for name, spots in shown.rows
        ),
        gaps_say=gaps.says.fr, gaps=tuple(Gap(*map(_plain, row)) for row in gaps.rows),
        families=tuple(map(_family, families(made), found[1:])),
        in_force=_in_force(made), in_force_says=found[-1].says.fr if made.running[-1].agreements else "",
        actions=tuple(_action(action) for action in actions if action.stage in FUNDED),
    )  # fmt: skip


def _family(family: FamilyLines, section: Section) -> Family:
    rows = tuple(_row(family.name_of(line).fr, line) for line in family.lines)
    return Family(family.title.fr, family.column.fr, section.says.fr, rows)


def _row(name: str, line: Line) -> YearRow:
    now = line.now
    return YearRow(
        name=name, proposed=now.proposed, funded=now.funded, evaluated=now.evaluated,
        not_carried_out=now.not_carried_out, requested_cents=now.requested_cents, granted_cents=now.granted_cents,
        paid_cents=now.paid_cents, spent_cents=now.spent_cents, granted_before_cents=line.before.granted_cents,
        reported=now.reported, people_planned=now.people_planned,
        people_planned_reported=now.people_planned_reported, people_done=now.people_done,
        share_planned=share_planned(now), share_done=share_done(now), cost_planned_cents=cost_planned(now),
        cost_done_cents=cost_done(now), share_women=share_women(now), share_young=share_young(now),
    )  # fmt: skip


def _compared(made: Evaluation) -> tuple[Compared, ...]:
    if not made.compared:
        return ()
    both = zip(comparable(made.total.now), comparable(made.total.before), strict=True)
    return tuple(
        Compared(
            name.fr, _whole(now), _whole(before), isinstance(now, Cents), change(_whole(now), _whole(before))
        )
        for (name, now), (_, before) in both
    )


def _in_force(made: Evaluation) -> tuple[InForce, ...]:
    if not made.running[-1].agreements:
        return ()
    return tuple(
        InForce(each.name or words.TOGETHER.fr, each.agreements, each.firm_cents, each.cents, each.paid_cents)
        for each in made.running
    )


def _whole(value: int | Cents) -> int:
    return value.amount if isinstance(value, Cents) else value


def _plain(value: Cell) -> str:
    return value.fr if isinstance(value, Sentence) else str(value or "")


def _action(action: ActionLine) -> FundedAction:
    return FundedAction(
        action.reference, action.title, action.organisation, tuple(action.neighbourhoods), tuple(action.challenges),
        STAGE_WORDS[action.stage].fr, action.requested_cents, action.granted_cents, action.paid_cents,
        action.spent_cents, action.people_planned, action.people_done,
    )  # fmt: skip
