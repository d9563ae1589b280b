"""What a packet says, from the database to the content of one copy."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from parvis.documents.figures import day, euros
from parvis.documents.packet import (
    Ask,
    BudgetLine,
    CasePage,
    EnvelopeState,
    Mark,
    PacketContent,
    Paper,
    Past,
)
from parvis.models.queries import packet_content as queries
from parvis.models.queries.packet_content import CaseHead, EnvelopeLine, Rows
from parvis.models.queries.purses import fitting
from parvis.models.session import Session
from parvis.states.outcomes import OUTCOME_WORDS
from parvis.states.purses import Fits, Spending
from parvis.states.words import Sentence

OTHER = Sentence("Autre pièce", "Other document")


def read_content(
    session: Session, committee_id: int, *, hidden: Sequence[int] = (), copy_for: Sequence[str] = ()
) -> PacketContent:
    """What the packet of a sitting says now, without the `hidden` cases, for the members named.

    Everything is read by subject for the whole agenda, envelopes included: they count the shown cases only.
    """
    head = queries.sitting_head(session, committee_id)
    heads = queries.case_heads(session, committee_id, hidden)
    ids = [case.id for case in heads]
    fundings = queries.fundings(session, ids)
    parts = _Parts(session, committee_id, heads, fundings)
    return PacketContent(
        city=head.city, contract=head.contract, committee=head.committee, kind=head.kind, held_on=head.held_on,
        starts_at=head.starts_at, room=head.room, video_url=head.video_url, copy_for=tuple(copy_for),
        hidden=len(hidden), quorum_percent=head.quorum_percent, chair=head.chair,
        envelopes=_envelopes(
            queries.envelopes(session, (case.call_id for case in heads)), heads, fundings, fitting(session, ids)
        ),
        cases=tuple(map(parts.page, heads)),
    )  # fmt: skip


class _Parts:
    """All that was read for the cases of an agenda, and the page of each made from it."""

    def __init__(
        self, session: Session, committee_id: int, heads: Sequence[CaseHead], fundings: Rows
    ) -> None:
        ids = [case.id for case in heads]
        self.fundings = fundings
        self.budgets = queries.budgets(session, ids)
        self.neighbourhoods = queries.neighbourhoods(session, ids)
        self.challenges = queries.challenges(session, ids)
        self.partners = queries.partners(session, ids)
        self.papers = queries.papers(session, ids)
        self.advice = queries.recommendations(session, committee_id, ids)
        self.past = queries.past_actions(session, ids)
        self.grids = queries.grids(session, {case.call_id for case in heads})

    def page(self, case: CaseHead) -> CasePage:
        """The page of one case."""
        budget = self.budgets.get(case.id, [])
        return CasePage(
            position=case.position, reference=case.reference, title=case.title, organisation=case.organisation,
            siret=case.siret, call=case.call, wave=case.wave, nature=case.nature, instructor=case.instructor,
            starts_on=case.starts_on, ends_on=case.ends_on, requested_cents=case.requested_cents,
            total_cost_cents=case.total_cost_cents, beneficiaries=case.beneficiaries,
            qpv_share_percent=case.qpv_share_percent, summary=case.summary, score=case.score,
            neighbourhoods=tuple(name for (name,) in self.neighbourhoods.get(case.id, [])),
            challenges=tuple(self.challenges.get(case.id, [])),
            partners=tuple(self.partners.get(case.id, [])),
            asks=tuple(
                Ask(name, requested, opinion, proposed, comment)
                for name, _, requested, opinion, proposed, comment in self.fundings.get(case.id, [])
            ),
            charges=_lines(budget, "charge"), produits=_lines(budget, "produit"),
            marks=_marks(self.grids.get(case.call_id, []), case.assessment),
            notes=(*map(_advice, self.advice.get(case.id, [])), *([case.note] if case.note else [])),
            past=next((_past(row) for row in self.past.get(case.id, [])), None),
            papers=tuple(
                Paper(label or OTHER.fr, received, file) for label, received, file in self.papers.get(case.id, [])
            ),
        )  # fmt: skip


def _lines(budget: Iterable[tuple[Any, ...]], side: str) -> tuple[BudgetLine, ...]:
    return tuple(
        BudgetLine(account, label, amount) for which, account, label, amount in budget if which == side
    )


def _marks(grid: Iterable[dict[str, Any]], points: dict[str, Any]) -> tuple[Mark, ...]:
    marks = []
    for criterion in grid:
        given = points.get(criterion["code"])
        label = criterion["label"]["fr"] if isinstance(criterion["label"], dict) else str(criterion["label"])
        marks.append(
            Mark(
                label,
                criterion["weight"],
                criterion.get("maximum", 5),
                given if isinstance(given, int) else None,
            )
        )
    return tuple(marks)


def _advice(row: tuple[Any, ...]) -> str:
    committee, held_on, outcome, total, conditions, reason = row
    said = f"{committee}, {day(held_on)} : {OUTCOME_WORDS[outcome].fr}"
    said += f", {euros(total)}" if total else ""
    said += f". Conditions : {conditions.rstrip(' .')}" if conditions else ""
    return f"{said}. {reason}" if reason else f"{said}."


def _past(row: tuple[Any, ...]) -> Past:
    reference, call, stage, decided_on, granted, received, accepted, due = row
    report = "accepted" if accepted else "received" if received else "awaited" if due else "none"
    return Past(reference, call, stage, decided_on, granted, report)


def _envelopes(
    lines: Sequence[EnvelopeLine], heads: Sequence[CaseHead], fundings: Rows, fits: Fits
) -> tuple[EnvelopeState, ...]:
    """Each envelope with what the agenda asks and proposes of it: a grant is taken from the most specific that fits."""
    asked: dict[int, int] = defaultdict(int)
    proposed: dict[int, int] = defaultdict(int)
    spending = Spending(fits)
    for case in heads:
        for _, funder_id, requested, _, given, _ in fundings.get(case.id, []):
            for envelope_id in spending.take(case.id, funder_id, given or 0):
                asked[envelope_id] += requested
                proposed[envelope_id] += given or 0
    several = len({one.call_id for one in lines}) > 1
    return tuple(
        EnvelopeState(
            one.funder, one.call, ", ".join(part for part in (one.call if several else "", one.place) if part),
            one.total_cents, one.committed_cents, asked[one.id], proposed[one.id], one.part,
            one.reserved_cents - spending.freed[one.id],
        )
        for one in lines
    )  # fmt: skip
