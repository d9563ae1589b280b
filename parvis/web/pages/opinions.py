"""A funder's page: the cases that wait for its opinion, given one at a time or many at once."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.services import opinions
from parvis.services.advance import Refused
from parvis.services.opinions import AwaitedOpinion, Said
from parvis.states import fields
from parvis.states.stages import Opinion
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import FieldError, NotHereError, WrongInputError
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

NOBODY_SAID = Sentence(
    "Aucun avis n’est choisi : en choisir au moins un.", "No opinion is chosen: choose at least one."
)
ALL = "tous"
"""The beginning of the fields that speak for every ticked case."""


@router.get("/avis", name="opinions")
def waiting(request: Request, here: Here, faits: int = 0) -> Response:
    """Show what waits for this funder, and what it said."""
    return _show(request, here, given=max(0, faits))


@router.post("/avis", name="give_opinions")
def give(request: Request, here: Here, typed: TypedForm) -> Response:
    """Give the opinions that were filled in; one refused leaves the others given."""
    funder_id = _funder(here)
    with here.database.transaction() as session:
        offered = opinions.awaited(session, funder_id, here.known.person_id)
    said, faults = read(typed, offered)
    if faults or not said:
        problems = faults or {ALL: NOBODY_SAID}
        return _show(request, here, typed=typed, faults=problems, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    with here.database.transaction() as session:
        results = opinions.give(session, funder_id, said, by=here.by, at=here.at)
    refused = [result for result in results if isinstance(result, Refused)]
    if refused:
        return _show(
            request, here, refused=refused, given=len(results) - len(refused), status=HTTPStatus.CONFLICT
        )
    return RedirectResponse(f"/avis?faits={len(results)}", HTTPStatus.SEE_OTHER)


def read(typed: Typed, offered: Sequence[AwaitedOpinion]) -> tuple[list[Said], dict[str, Sentence]]:
    """The opinions a form says, and what is wrong by field."""
    ticked = set(typed.all("dossier"))
    said: list[Said] = []
    faults: dict[str, Sentence] = {}
    for line in offered:
        number = str(line.case_id)
        shared = number in ticked and not typed.one(f"avis_{number}")
        try:
            one = _one(typed, line, ALL if shared else number)
        except WrongInputError as error:
            faults |= error.by_field
        else:
            said += [one] if one else []
    return said, faults


def _one(typed: Typed, line: AwaitedOpinion, suffix: str) -> Said | None:
    opinion = typed.one(f"avis_{suffix}")
    if not opinion:
        return None
    if opinion not in set(Opinion):
        raise WrongInputError(FieldError(f"avis_{suffix}", forms.NOT_OFFERED))
    version = typed.one(f"version_{line.case_id}")
    return Said(
        line.case_id,
        int(version) if version.isascii() and version.isdigit() and len(version) < 10 else line.version,
        Opinion(opinion),
        _proposed(typed, line, suffix, Opinion(opinion)),
        _comment(typed, suffix),
    )


def _proposed(typed: Typed, line: AwaitedOpinion, suffix: str, opinion: Opinion) -> int | None:
    if suffix == ALL:
        as_asked = bool(typed.one("tel_que_demande")) and opinion != Opinion.UNFAVOURABLE
        return line.requested_cents if as_asked else None
    name = f"montant_{suffix}"
    typed_amount = typed.one(name)
    return forms.parsed(name, typed_amount, _amount) if typed_amount else None


def _amount(said: str) -> int:
    return fields.amount(said, zero_allowed=True)


def _comment(typed: Typed, suffix: str) -> str:
    name = f"commentaire_{suffix}"
    said = typed.one(name)
    return forms.parsed(name, said, _text) if said else ""


def _text(said: str) -> str:
    return fields.text(said, max_length=forms.LONGEST_REASON, lines=True)


def _show(
    request: Request, here: Visit, *, given: int = 0, typed: Typed | None = None,
    faults: dict[str, Sentence] | None = None, refused: Sequence[Refused] = (), status: HTTPStatus = HTTPStatus.OK,
) -> Response:  # fmt: skip
    funder_id = _funder(here)
    with here.database.transaction() as session:
        awaited = opinions.awaited(session, funder_id, here.known.person_id)
        past = opinions.given(session, funder_id, here.known.person_id, limit=50)
    return page(
        request, "opinions.html", status=status, awaited=awaited, past=past, given=given, typed=typed or Typed(),
        faults=faults or {}, refused={result.case_id: result.reasons for result in refused}, most=opinions.MOST,
        today=here.today,
    )  # fmt: skip


def _funder(here: Visit) -> int:
    if here.known.funder_id is None:
        raise NotHereError
    return here.known.funder_id
