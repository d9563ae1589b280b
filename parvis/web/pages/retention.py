"""Retention in the administration: the phases of what is held, the batches proposed, what a manager answers to each."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.data_journal import latest_events
from parvis.models.queries.retention_batches import batches as list_batches
from parvis.services.retention import batches, phases
from parvis.services.retention.batches import BatchRefusedError, NoSuchBatchError
from parvis.services.retention.handing_over import CASES
from parvis.services.retention.words import EVENT_WORDS, STATE_WORDS, named
from parvis.states.retention import KIND_WORDS, SORT_WORDS, Kind
from parvis.states.words import Sentence
from parvis.web.errors import NotHereError
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.site import Here, Visit

router = APIRouter()

RETENTION = "/administration/conservation"
_ACTS = ("approve_batch", "give_up_batch", "hold_item")
DONE = {
    "approuve": Sentence(
        "Le lot est approuvé : il sera fait au prochain passage, cette nuit.",
        "The batch is approved: it will be done by the next run, tonight.",
    ),
    "abandonne": Sentence("Le lot est abandonné.", "The batch is given up."),
    "retenu": Sentence(
        "C’est retenu, et ne sera pas proposé à nouveau.", "It is held back, and not proposed again."
    ),
    "rendu": Sentence("Ce n’est plus retenu.", "It is no longer held back."),
}


@router.get(RETENTION, name="retention")
def retention(request: Request, here: Here) -> Response:
    """Show the phases, the batches and the last lines of the register."""
    contract = here.known.contract_id or 0
    with here.database.transaction() as session:
        seen = phases.preview(session, contract, at=here.at, most=10)
        found = list_batches(session, contract)
        events = latest_events(session, contract, limit=20)
    return page(
        request, "retention.html", seen=seen, batches=found, events=events, kinds=KIND_WORDS, sorts=SORT_WORDS,
        states=STATE_WORDS, acts=EVENT_WORDS, named=named, file=here.site.settings.contract.name,
    )  # fmt: skip


@router.get(RETENTION + "/{batch_id}", name="retention_batch")
def retention_batch(request: Request, here: Here, batch_id: int, fait: str = "") -> Response:
    """Show what is in a batch, and what may be answered."""
    return _show(request, here, batch_id, done=DONE.get(fait))


@router.post(RETENTION + "/{batch_id}/approbation", name="approve_batch")
def approve_batch(request: Request, here: Here, batch_id: int, typed: TypedForm) -> Response:
    """Approve a batch, with the reference of the Archives."""
    try:
        with here.database.transaction() as session:
            batches.approve(
                session, here.known.contract_id or 0, _number(batch_id), visa=typed.one("visa"), by=here.by, at=here.at
            )  # fmt: skip
    except BatchRefusedError as refused:
        return _refused(request, here, batch_id, refused, typed)
    except NoSuchBatchError:
        raise NotHereError from None
    return _back(batch_id, "approuve")


@router.post(RETENTION + "/{batch_id}/abandon", name="give_up_batch")
def give_up_batch(request: Request, here: Here, batch_id: int) -> Response:
    """Give a batch up."""
    try:
        with here.database.transaction() as session:
            batches.give_up(session, here.known.contract_id or 0, _number(batch_id), by=here.by, at=here.at)
    except BatchRefusedError as refused:
        return _refused(request, here, batch_id, refused)
    except NoSuchBatchError:
        raise NotHereError from None
    return _back(batch_id, "abandonne")


@router.post(RETENTION + "/{batch_id}/{item_id}/retenue", name="hold_item")
def hold_item(request: Request, here: Here, batch_id: int, item_id: int, typed: TypedForm) -> Response:
    """Hold one thing of a batch back for a reason; or let it go."""
    contract, of = here.known.contract_id or 0, (_number(batch_id), _number(item_id))
    letting_go = typed.one("faire") == "rendre"
    try:
        with here.database.transaction() as session:
            if letting_go:
                batches.let_go(session, contract, *of, by=here.by, at=here.at)
            else:
                batches.hold(session, contract, *of, reason=typed.one("reason"), by=here.by, at=here.at)
    except BatchRefusedError as refused:
        return _refused(request, here, batch_id, refused, typed)
    except NoSuchBatchError:
        raise NotHereError from None
    return _back(batch_id, "rendu" if letting_go else "retenu")


def _refused(
    request: Request, here: Visit, batch_id: int, refused: BatchRefusedError, typed: Typed | None = None
) -> Response:
    faults = {refused.field or "visa": refused.sentence}
    return _show(request, here, batch_id, faults=faults, typed=typed)


def _show(
    request: Request, here: Visit, batch_id: int, *,
    done: Sentence | None = None, faults: Mapping[str, Sentence] | None = None, typed: Typed | None = None,
) -> Response:  # fmt: skip
    try:
        with here.database.transaction() as session:
            batch, items = batches.read(session, here.known.contract_id or 0, _number(batch_id))
    except NoSuchBatchError:
        raise NotHereError from None
    kind = Kind(batch.kind)
    return page(
        request, "retention_batch.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        batch=batch, items=items, goes=phases.GOES[kind], needs_visa=kind in batches.NEEDS_VISA, of_cases=kind in CASES,
        kinds=KIND_WORDS, sorts=SORT_WORDS, states=STATE_WORDS, faults=faults or {}, typed=typed or Typed({}),
        done=done, may=may(here, _ACTS),
    )  # fmt: skip


def _number(said: int) -> int:
    if not 0 < said < 2**63:
        raise NotHereError
    return said


def _back(batch_id: int, done: str) -> Response:
    return RedirectResponse(f"{RETENTION}/{batch_id}?fait={done}", HTTPStatus.SEE_OTHER)
