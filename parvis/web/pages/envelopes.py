"""Envelopes: their tree and what is left, the history and the cases of one, transfers seen before they are made."""

from http import HTTPStatus
from urllib.parse import parse_qs
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from parvis.models.session import Session
from parvis.services import money
from parvis.services.envelope_pages import by_funder, day_by_day, sums
from parvis.services.figures.purses import LEGEND, consumption, line_sample, purse_bar
from parvis.services.figures.showing import euros
from parvis.services.money import EnvelopeLine, NoSuchEnvelopeError, Seen, Wanted
from parvis.states import fields
from parvis.states.ledger import KIND_WORDS
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import FieldError, NotHereError, WrongInputError
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

MOST_FIELDS = 50
LONGEST_KEY = 64
SHOWN = 30
"""How many cases and movements an envelope shows before one asks for them all."""
BAR_SAYS = Sentence(
    "{name} : {paid} payés, {committed} engagés, {reserved} réservés, sur {total}",
    "{name}: {paid} paid, {committed} committed, {reserved} reserved, of {total}",
)
LINE_SAYS = Sentence(
    "Consommation de l’enveloppe {name} dans le temps", "Consumption of the envelope {name} against time"
)
TAKE, ADD = "retirer", "ajouter"


@router.get("/enveloppes", name="envelopes")
def listed(request: Request, here: Here) -> Response:
    """The envelopes of the contract, or of the funder that looks, by funder, call and year."""
    asked = parse_qs(request.url.query, max_num_fields=MOST_FIELDS, errors="replace")
    with here.database.transaction() as session:
        known = money.envelopes(session, here.known.contract_id or 0, funder_id=_own(here))
    chosen = {name: asked.get(name, [""])[-1] for name in ("appel", "annee", "financeur")}
    lines = [
        one
        for one in known
        if chosen["appel"] in {"", one.call_code}
        and chosen["annee"] in {"", str(one.year)}
        and chosen["financeur"] in {"", str(one.funder_id)}
    ]
    return page(
        request, "envelopes.html", groups=by_funder(lines), sums=sums(lines), chosen=chosen,
        bars={one.id: _bar(one, here) for one in lines}, at=here.at,
        calls=sorted({(one.call_code, one.call) for one in known}),
        years=sorted({one.year for one in known}, reverse=True),
        funders=sorted({(one.funder, one.funder_id) for one in known}),
    )  # fmt: skip


@router.get("/enveloppes/{envelope_id}", name="envelope")
def one(request: Request, here: Here, envelope_id: int, *, fait: str = "", tout: str = "") -> Response:
    """One envelope: its amounts, its consumption, its parts, the cases it serves, its movements, what may change it."""
    return _one(request, here, envelope_id, done=fait, most=None if tout else SHOWN)


@router.post("/enveloppes/{envelope_id}/virement", name="transfer_envelope")
def transfer(request: Request, here: Here, envelope_id: int, typed: TypedForm) -> Response:
    """Show what a transfer would change; once that was seen, make it."""
    return _change(request, here, envelope_id, typed, kind="virement")


@router.post("/enveloppes/{envelope_id}/montant", name="adjust_envelope")
def adjust(request: Request, here: Here, envelope_id: int, typed: TypedForm) -> Response:
    """Show what more, or less, money in an envelope would change; once that was seen, write it."""
    return _change(request, here, envelope_id, typed, kind="montant")


def _change(request: Request, here: Visit, envelope_id: int, typed: Typed, *, kind: str) -> Response:
    with here.database.transaction() as session:
        seen = _seen(session, here, envelope_id)
        try:
            wanted = _wanted(session, here, seen.envelope, typed, kind)
            if typed.one("etape") != "faire":
                foreseen = money.foresee(session, here.known.contract_id, wanted)
            else:
                key = typed.one("cle")[:LONGEST_KEY] or uuid4().hex
                money.move(session, here.known.contract_id, wanted, at=here.at, key=key)
                return RedirectResponse(f"/enveloppes/{envelope_id}?fait={kind}", HTTPStatus.SEE_OTHER)
        except NoSuchEnvelopeError:
            raise NotHereError from None
        except (MoveRefusedError, WrongInputError) as error:
            refused = error
        else:
            shown = Typed({**typed.values, "cle": (uuid4().hex,)})
            return _one(request, here, envelope_id, typed=shown, kind=kind, foreseen=foreseen)
    return _one(request, here, envelope_id, typed=typed, kind=kind, refused=refused)


def _wanted(session: Session, here: Visit, line: EnvelopeLine, typed: Typed, kind: str) -> Wanted:
    """What a form asks for.

    Raises:
        WrongInputError: fields cannot be read; all of them are named.
    """
    faults: list[FieldError] = []
    cents = 0
    try:
        cents = forms.parsed("montant", typed.one("montant"), fields.amount)
    except WrongInputError as error:
        faults += error.fields
    if not typed.one("motif"):
        faults.append(FieldError("motif", forms.REQUIRED))
    target, sense = line.id, typed.one("sens") or ADD
    if kind == "virement":
        others = _others(session, here, line)
        try:
            target = forms.chosen_id("cible", typed.one("cible"), [one.id for one in others])
        except WrongInputError as error:
            faults += error.fields
    elif sense not in {TAKE, ADD}:
        faults.append(FieldError("sens", forms.NOT_OFFERED))
    if faults:
        raise WrongInputError(*faults)
    reason = typed.one("motif")[: forms.LONGEST_REASON]
    if kind == "virement":
        return Wanted(line.id, target, cents, reason, here.by)
    return Wanted(None, line.id, -cents if sense == TAKE else cents, reason, here.by)


def _others(session: Session, here: Visit, line: EnvelopeLine) -> list[EnvelopeLine]:
    """The other envelopes of the same funder: where money of this one may go."""
    known = money.envelopes(session, here.known.contract_id or 0, funder_id=line.funder_id)
    return [one for one in known if one.id != line.id]


def _one(
    request: Request, here: Visit, envelope_id: int, *, typed: Typed | None = None, kind: str = "", done: str = "",
    foreseen: list[money.Change] | None = None, refused: MoveRefusedError | WrongInputError | None = None,
    most: int | None = SHOWN,
) -> Response:  # fmt: skip
    with here.database.transaction() as session:
        seen = _seen(session, here, envelope_id)
        others = _others(session, here, seen.envelope)
    points = day_by_day(seen.movements, at=here.at)
    chart = Markup(  # noqa: S704 - every text in it escaped
        consumption(here.say(LINE_SAYS, name=seen.envelope.name), points, here.language) if points else ""
    )
    lines = [seen.envelope, *seen.parts, *([seen.whole] if seen.whole else [])]
    return page(
        request, "envelope.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        seen=seen, cases=seen.cases[:most], movements=seen.movements[::-1][:most], line=seen.envelope,
        others=others, points=points, chart=chart, kinds=KIND_WORDS,
        legend=[(words, Markup(line_sample(style))) for words, style in LEGEND],  # noqa: S704 - ours
        bars={each.id: _bar(each, here) for each in lines}, may_change=here.known.role in money.MOVES_MONEY,
        typed=typed or Typed(), kind=kind, done=done, foreseen=foreseen,
        faults=refused.by_field if isinstance(refused, WrongInputError) else {},
        reasons=refused.reasons if isinstance(refused, MoveRefusedError) else (),
    )  # fmt: skip


def _seen(session: Session, here: Visit, envelope_id: int) -> Seen:
    if not 0 < envelope_id < 2**62:
        raise NotHereError
    try:
        return money.see(session, here.known.contract_id or 0, envelope_id, funder_id=_own(here))
    except NoSuchEnvelopeError:
        raise NotHereError from None


def _own(here: Visit) -> int | None:
    """The funder whose purse alone this visitor sees; None for those who see them all."""
    return (here.known.funder_id or 0) if here.known.role == Role.FUNDER else None


def _bar(line: EnvelopeLine, here: Visit) -> Markup:
    said = {
        name: euros(getattr(line, f"{name}_cents"), here.language)
        for name in ("paid", "committed", "reserved", "total")
    }
    drawn = purse_bar(
        here.say(BAR_SAYS, name=line.name, **said), total=line.total_cents, reserved=line.reserved_cents,
        committed=line.committed_cents, paid=line.paid_cents,
    )  # fmt: skip
    return Markup(drawn)  # noqa: S704 - every text in it escaped
