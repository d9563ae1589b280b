"""What a committee says of each case: saved as it goes, one case at a time or a block at once, safe for two hands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.models.queries import session_cases as queries
from parvis.models.queries.scenarios import sent_programming
from parvis.models.queries.session_cases import OnTable, Saved
from parvis.models.session import Session
from parvis.services.committee_journal import record_event
from parvis.services.sessions.room import Room, enter
from parvis.states.details import Plain
from parvis.states.facts import By
from parvis.states.outcomes import Draft, Outcome, Votes, faults
from parvis.states.proposals import of_programming, propose
from parvis.states.sitting_events import SittingEvent
from parvis.states.sitting_table import SittingAction
from parvis.states.stages import Stage
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence

NOT_ON_TABLE = Sentence(
    "Ce dossier n’est pas à l’ordre du jour de la séance, ou il est déjà décidé.",
    "This case is not on the agenda of the session, or it was decided already.",
)
NOTHING_PROPOSED = Sentence(
    "Rien n’est proposé pour ce dossier : écrire la décision.",
    "Nothing is proposed for this case: write the decision.",
)


class DecisionChangedError(Exception):
    """Somebody saved another decision since the version the caller saw: `now`, or None when they took it back."""

    def __init__(self, reference: str, now: Saved | None) -> None:
        super().__init__(reference)
        self.reference = reference
        self.now = now


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision kept. `version` is the number of its line in the sitting's journal; the same again keeps it."""

    case_id: int
    reference: str
    draft: Draft
    version: int


@dataclass(frozen=True, slots=True)
class RefusedDecision:
    """A decision of a block that was not kept, and why."""

    case_id: int
    reference: str
    reasons: tuple[Reason, ...]


class BlockRefusedError(Exception):
    """A block of decisions was not kept at all, for these cases and reasons."""

    def __init__(self, refused: Sequence[RefusedDecision]) -> None:
        super().__init__(", ".join(one.reference for one in refused))
        self.refused = tuple(refused)


def save(
    session: Session, committee_id: int, case_id: int, draft: Draft, *,
    by: By, at: datetime, expected_version: int | None = None,
) -> Decided:  # fmt: skip
    """Keep what the committee says of a case, in the caller's transaction; the next save replaces it.

    `expected_version` is that of the decision the caller saw, 0 when there was none.

    Raises:
        MoveRefusedError: the session is not open, the case is not on its agenda, or the decision lacks something.
        DecisionChangedError: somebody else saved another one meanwhile.
    """
    room = _open(session, committee_id, by, at)
    case = _one(session, committee_id, case_id)
    return _keep(session, room, case, draft, by=by, expected_version=expected_version)


def take_back(
    session: Session, committee_id: int, case_id: int, *,
    by: By, at: datetime, expected_version: int | None = None,
) -> None:  # fmt: skip
    """Forget what was said of a case, as if the committee had not come to it.

    Raises:
        MoveRefusedError: the session is not open, or the case is not on its agenda.
        DecisionChangedError: somebody else saved another one meanwhile.
    """
    _open(session, committee_id, by, at)
    case = _one(session, committee_id, case_id)
    _unchanged(case, expected_version)
    if case.saved is not None:
        queries.forget(session, committee_id, case_id)
        record_event(
            session, committee_id, SittingEvent.DECISION, {"case": case_id, "outcome": None}, by=by, at=at
        )


def proposals(session: Session, room: Room, table: Sequence[OnTable]) -> dict[int, Draft]:
    """By case, what is proposed: what was recommended last, for it alone or by the programming sent; else advice.

    That is the advice of the technical committee, or what funders propose.
    """
    advised = queries.advice(session, room.row.id)
    sent = sent_programming(session, room.row.id)
    alone = queries.recommended(session, room.row.id, sent.at if sent else None)
    found = {}
    for case in table:
        advice = advised[case.case_id][1] if case.case_id in advised else None
        decides = room.row.kind == case.decides
        draft = propose(case.asks, advice, decides=decides)
        if case.case_id in alone:
            draft = of_programming(alone[case.case_id], draft, decides=decides)
        elif sent is not None:
            draft = of_programming(sent.amounts.get(case.case_id, ()), draft, decides=decides)
        if draft is not None:
            found[case.case_id] = draft
    return found


def save_as_proposed(
    session: Session, committee_id: int, *, by: By, at: datetime,
    only: Collection[int] | None = None, apart: Collection[int] = (), votes: Votes | None = None,
) -> list[Decided]:  # fmt: skip
    """Keep what is proposed for every case not decided yet (or `only` these), those set `apart` excepted; one vote.

    Cases for which nothing is proposed are left undecided, unless `only` names them.

    Raises:
        MoveRefusedError: the session is not open.
        BlockRefusedError: some proposals cannot be kept as they are; nothing was written.
    """
    room = _open(session, committee_id, by, at)
    table = [case for case in _waiting(session, committee_id) if case.case_id not in apart]
    wanted = [case for case in table if (case.saved is None if only is None else case.case_id in only)]
    proposed = proposals(session, room, wanted)
    drafts = {case_id: replace(draft, votes=votes) for case_id, draft in proposed.items()}
    lacking = [case for case in wanted if case.case_id not in drafts] if only is not None else []
    return _save_block(session, room, wanted, drafts, lacking, by=by)


def save_block(
    session: Session, committee_id: int, drafts: Mapping[int, Draft], *, by: By, at: datetime
) -> list[Decided]:
    """Keep many decisions (by id of the case) at once, over those there were; all or none.

    Raises:
        MoveRefusedError: the session is not open, or a case is not on its agenda.
        BlockRefusedError: some cannot be kept; nothing was written.
    """
    room = _open(session, committee_id, by, at)
    table = {case.case_id: case for case in _waiting(session, committee_id)}
    if not drafts.keys() <= table.keys():
        raise MoveRefusedError(SittingAction.DECIDE, (Reason("not_on_agenda", NOT_ON_TABLE),))
    return _save_block(session, room, [table[case_id] for case_id in drafts], drafts, (), by=by)


def _save_block(
    session: Session, room: Room, table: Sequence[OnTable], drafts: Mapping[int, Draft],
    lacking: Sequence[OnTable], *, by: By,
) -> list[Decided]:  # fmt: skip
    nothing = (Reason("nothing_proposed", NOTHING_PROPOSED),)
    refused = [RefusedDecision(case.case_id, case.reference, nothing) for case in lacking]
    refused += [
        RefusedDecision(case.case_id, case.reference, reasons)
        for case in table
        if case.case_id in drafts and (reasons := wrong(room, case, drafts[case.case_id]))
    ]
    if refused:
        raise BlockRefusedError(refused)
    return [
        _keep(session, room, case, drafts[case.case_id], by=by) for case in table if case.case_id in drafts
    ]


def wrong(room: Room, case: OnTable, draft: Draft) -> tuple[Reason, ...]:
    """Everything that keeps this decision from being kept now."""
    return faults(draft, case.asks, room.voting(case.case_id, case.decides), case.partners)


def _keep(
    session: Session, room: Room, case: OnTable, draft: Draft, *, by: By, expected_version: int | None = None
) -> Decided:
    shares = tuple((code, cents) for code, cents in draft.amounts if cents)
    draft = replace(draft, amounts=shares, reason=draft.reason.strip(), conditions=draft.conditions.strip())
    if case.saved is not None and _same(case.saved.draft, draft):
        return Decided(case.case_id, case.reference, draft, case.saved.version)
    _unchanged(case, expected_version)
    if reasons := wrong(room, case, draft):
        raise MoveRefusedError(SittingAction.DECIDE, reasons)
    told = record_event(session, room.row.id, SittingEvent.DECISION, _told(case, draft), by=by, at=room.at)
    queries.save(session, room.row.id, case.case_id, draft, version=told.seq, by=by.actor, at=room.at)
    return Decided(case.case_id, case.reference, draft, told.seq)


def _same(one: Draft, other: Draft) -> bool:
    return replace(one, amounts=()) == replace(other, amounts=()) and dict(one.amounts) == dict(other.amounts)


def _told(case: OnTable, draft: Draft) -> dict[str, Plain]:
    votes = draft.votes
    told: dict[str, Plain] = {"case": case.case_id, "outcome": str(draft.outcome)}
    if draft.amounts:
        told["amounts"] = [[code, cents] for code, cents in draft.amounts]
    if draft.parts:
        told["parts"] = [[who, code, cents] for who, code, cents in draft.parts]
    told |= {
        name: said for name, said in (("reason", draft.reason), ("conditions", draft.conditions)) if said
    }
    if votes is not None:
        told["votes"] = [votes.in_favour, votes.against, votes.abstentions]
    return told


def _unchanged(case: OnTable, expected: int | None) -> None:
    version = case.saved.version if case.saved else 0
    if expected is not None and expected != version:
        raise DecisionChangedError(case.reference, case.saved)


def _open(session: Session, committee_id: int, by: By, at: datetime) -> Room:
    room = enter(session, committee_id, at=at, hold=True)
    room.allow(SittingAction.DECIDE, by)
    return room


def _waiting(session: Session, committee_id: int) -> list[OnTable]:
    return [case for case in queries.on_table(session, committee_id) if case.stage == Stage.COMMITTEE]


def _one(session: Session, committee_id: int, case_id: int) -> OnTable:
    found = queries.on_table(session, committee_id, case_id=case_id)
    if not found or found[0].stage != Stage.COMMITTEE:
        raise MoveRefusedError(SittingAction.DECIDE, (Reason("not_on_agenda", NOT_ON_TABLE),))
    return found[0]


def undecided(table: Sequence[OnTable]) -> list[OnTable]:
    """The cases the committee has not come to."""
    return [case for case in table if case.saved is None and case.stage == Stage.COMMITTEE]


def outcomes(table: Sequence[OnTable]) -> dict[Outcome, int]:
    """How many cases have each outcome."""
    said = [case.saved.draft.outcome for case in table if case.saved]
    return {outcome: said.count(outcome) for outcome in Outcome if outcome in said}
