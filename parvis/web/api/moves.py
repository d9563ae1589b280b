"""Moves for programs: what may be done with a case and why not, doing it, giving an opinion."""

from fastapi import APIRouter, Response

from parvis.models.queries.case_parts import read_documents
from parvis.services.advance import Advanced, served
from parvis.services.agenda_moves import move
from parvis.services.case_page import ActionForm, Choices, ElsewhereAction, choices, possible
from parvis.services.cases import Found
from parvis.services.visibility import see_case
from parvis.states.facts import Given
from parvis.states.stages import ACTION_WORDS, Action
from parvis.states.table import Reason, StaleVersionError
from parvis.web import forms
from parvis.web.api import moves_shapes as shapes
from parvis.web.api.moves_shapes import MoveBody, Moves, OpinionBody
from parvis.web.api.moves_typed import NAMES, as_offered, renamed, typed
from parvis.web.api.shapes import Moved
from parvis.web.api.shapes import Reason as SaidReason
from parvis.web.api.told import (
    MATCHING,
    OUTSIDE,
    READING,
    ROOT,
    IfMatch,
    Key,
    Reference,
    etag,
    expected,
    problems,
    scoped,
)
from parvis.web.errors import NoMatchError, WrongInputError
from parvis.web.site import Here, Visit

router = APIRouter(prefix=ROOT)


@router.get("/cases/{reference}/moves", name="api_moves", responses=problems(*READING))
def moves(response: Response, here: Here, reference: Reference) -> Moves:
    """Say what may be done with a case now, what only others may, and what would unblock the rest."""
    known = here.known
    with here.database.transaction() as session:
        found = see_case(session, known, reference, at=here.at)
        mine, others, chosen = possible(
            session, found.id, role=known.role, funder_id=known.funder_id, at=here.at
        )
        codes = [line.code for line in read_documents(session, found.id)]
    response.headers["etag"] = etag(found.version)
    return Moves(
        version=found.version, moves=[_option(here, form) for form in mine],
        elsewhere=[] if known.role in OUTSIDE else [_elsewhere(here, each) for each in others],
        choices=_choices(chosen, codes),
    )  # fmt: skip


@router.post("/cases/{reference}/moves", name="api_move", responses=problems(*MATCHING))
def act(
    response: Response, here: Here, reference: Reference, body: MoveBody, *,
    if_match: IfMatch = None, idempotency_key: Key = None,
) -> Moved:  # fmt: skip
    """Make a move. `If-Match` says which version of the case it is about."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        version = expected(if_match, found.version)
        offered = choices(session, found.id, at=here.at)
        codes = [line.code for line in read_documents(session, found.id)]
    try:
        sent = typed(body, offered, codes)
        known = as_offered(body, offered) if idempotency_key else offered
        given = forms.given(body.action, sent, known, codes, funder_id=here.known.funder_id)
        if done := _served(here, found, body.action, given, idempotency_key):
            return _told(response, found, done)
        given = forms.given(body.action, sent, offered, codes, funder_id=here.known.funder_id)
    except WrongInputError as wrong:
        raise renamed(wrong) from None
    return _told(
        response, found, _moved(here, found, body.action, given, version=version, key=idempotency_key)
    )


@router.post(
    "/cases/{reference}/opinions", name="api_give_opinion", responses=problems(*MATCHING)
)  # fmt: skip
def give_opinion(
    response: Response, here: Here, reference: Reference, body: OpinionBody, *,
    if_match: IfMatch = None, idempotency_key: Key = None,
) -> Moved:  # fmt: skip
    """Give the opinion of the funder one speaks for; it does not change afterwards."""
    said = MoveBody(
        action=Action.GIVE_OPINION,
        opinion=body.opinion,
        proposed_cents=body.proposed_cents,
        reason=body.comment,
    )
    return act(response, here, reference, said, if_match=if_match, idempotency_key=idempotency_key)


def _served(here: Visit, found: Found, action: Action, given: Given, key: str | None) -> Advanced | None:
    """What came of this request when it was served before: it may not be possible any more because it was."""
    whole = scoped(here, key)
    if whole is None:
        return None
    with here.database.transaction() as session:
        return served(session, whole, found.id, action, by=here.by, given=given)


def _moved(
    here: Visit, found: Found, action: Action, given: Given, *, version: int, key: str | None
) -> Advanced:
    try:
        return move(
            here.database, found.id, action, given, by=here.by, at=here.at, expected_version=version,
            key=scoped(here, key),
        )  # fmt: skip
    except StaleVersionError as stale:
        raise NoMatchError(stale.actual) from None


def _told(response: Response, found: Found, done: Advanced) -> Moved:
    response.headers["etag"] = etag(done.version)
    return Moved(reference=found.reference, stage=done.stage, version=done.version, replayed=done.replayed)


def _reasons(here: Visit, reasons: tuple[Reason, ...]) -> list[SaidReason]:
    return [SaidReason(code=reason.code, sentence=here.say(reason.sentence)) for reason in reasons]


def _option(here: Visit, form: ActionForm) -> shapes.Option:
    asked = [
        shapes.Asked(name=NAMES[each.field], label=here.say(each.label), required=each.required)
        for each in form.asks
    ]
    return shapes.Option(
        action=form.action, label=here.say(ACTION_WORDS[form.action]), target=form.target,
        allowed=not form.blocked, fields=asked, reasons=_reasons(here, form.blocked),
    )  # fmt: skip


def _elsewhere(here: Visit, each: ElsewhereAction) -> shapes.Elsewhere:
    return shapes.Elsewhere(
        action=each.action, label=here.say(ACTION_WORDS[each.action]), roles=list(each.by),
        reasons=_reasons(here, each.blocked),
    )  # fmt: skip


def _choices(chosen: Choices, codes: list[str]) -> shapes.MoveChoices:
    return shapes.MoveChoices(
        sittings=[shapes.SittingChoice.model_validate(each) for each in chosen.sittings],
        instructors=[shapes.PersonChoice(id=number, name=name) for number, name in chosen.officers],
        funders=[shapes.FunderChoice.model_validate(each) for each in chosen.funders],
        associations=[
            shapes.AssociationChoice(
                association=each.who, id=each.organisation_id, name=each.name, asked=dict(each.asked)
            )
            for each in chosen.payees
        ],
        criteria=[
            shapes.Criterion(code=line.criterion.code, maximum=line.criterion.maximum, points=line.points)
            for line in chosen.grid
        ],
        documents=codes,
    )  # fmt: skip
