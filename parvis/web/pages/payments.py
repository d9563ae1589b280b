"""Payments: what is due and goes to accounting, the lots it went in, what comes back, what is to be paid back."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.recoveries import files_of
from parvis.services import late_payments, payment_imports, payment_orders
from parvis.services.bank_keys import ring
from parvis.services.imports.problems import DepositFileError, Problem
from parvis.services.payment_imports import Imported
from parvis.services.payment_orders import NoSuchLotError
from parvis.services.secrets import new_secret
from parvis.states.orders import lot_name
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from parvis.states.words import Cents, Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm, TypedGrid
from parvis.web.pages.uploads import Uploads, one_file
from parvis.web.rendering import page
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

ALL = "/paiements"
LOT = ALL + "/lots/{number}"
MOST_FAULTS = 200
FILE = "retour"
DONE: dict[str, Sentence] = {
    "lot": Sentence(
        "Le lot est prêt : télécharger son fichier et le remettre à la comptabilité.",
        "The lot is ready: download its file and hand it to accounting.",
    ),
    "annule": Sentence(
        "Le lot est annulé : ses versements sont de nouveau à faire.",
        "The lot is cancelled: its payments are due again.",
    ),
}  # fmt: skip
RECORDED = Sentence(
    "Versements enregistrés : {recorded} ({paid} versés, {back} reversés), dossiers : {cases} ; déjà enregistrés : "
    "{already}.",
    "Payments recorded: {recorded} ({paid} paid, {back} paid back), cases: {cases}; recorded already: {already}.",
)
CHECKED = Sentence(
    "Le fichier est juste, rien n’est enregistré. Versements à enregistrer : {recorded} ({paid} versés, {back} "
    "reversés), dossiers : {cases} ; déjà enregistrés : {already}.",
    "The file is right, nothing is recorded. Payments to record: {recorded} ({paid} paid, {back} paid back), cases: "
    "{cases}; recorded already: {already}.",
)


@router.get(ALL, name="payments")
def payments(request: Request, here: Here) -> Response:
    """Show what is due, the lots, and what is to be paid back."""
    return _show(request, here)


@router.post(ALL + "/lots", name="make_lot")
def make_lot(request: Request, here: Here, typed: TypedGrid) -> Response:
    """Make a lot of the payments chosen."""
    try:
        ids = [_number(each) for each in typed.all("versement")]
        key = typed.one("cle")[:60]
        with here.database.transaction() as session:
            number = payment_orders.make(
                session, ring(here.site.settings), _contract(here), ids, by=here.by, at=here.at, key=key
            )
    except (MoveRefusedError, WrongInputError) as refused:
        return _show(request, here, typed=typed, refused=refused)
    return RedirectResponse(f"{ALL}/lots/{number}?fait=lot", HTTPStatus.SEE_OTHER)


@router.post(ALL + "/retour", name="import_payments")
def import_payments(request: Request, here: Here, sent: Uploads, typed: TypedForm) -> Response:
    """Record what accounting paid, or only check the file."""
    dry_run = typed.one("essai") == "oui"
    try:
        name, content = one_file(here, sent, FILE)
        with here.database.transaction() as session:
            found = payment_imports.import_back(
                session, _contract(here), name, content, by=here.by, at=here.at, dry_run=dry_run
            )
    except (MoveRefusedError, WrongInputError) as refused:
        return _show(request, here, refused=refused)
    except DepositFileError as refused:
        return _show(request, here, problems=refused.problems)
    return _show(request, here, imported=(found, CHECKED if dry_run else RECORDED))


@router.get(LOT, name="lot")
def lot(request: Request, here: Here, number: int, fait: str = "") -> Response:
    """Show a lot and its orders."""
    return _lot(request, here, number, done=fait)


@router.get(LOT + "/fichier", name="lot_file")
def lot_file(here: Here, number: int) -> Response:
    """The file of a lot, as it left."""
    try:
        with here.database.transaction() as session:
            name, content = payment_orders.file_of(session, ring(here.site.settings), _contract(here), number)
    except NoSuchLotError:
        raise NotHereError from None
    return download(name, "text/csv", content)


@router.post(LOT + "/annuler", name="cancel_lot")
def cancel_lot(request: Request, here: Here, number: int, typed: TypedForm) -> Response:
    """Cancel a lot that did not come back."""
    try:
        with here.database.transaction() as session:
            payment_orders.cancel(session, _contract(here), number, typed.one("motif")[: forms.LONGEST_REASON],
                                  by=here.by, at=here.at)  # fmt: skip
    except NoSuchLotError:
        raise NotHereError from None
    except MoveRefusedError as refused:
        return _lot(request, here, number, refused=refused)
    return RedirectResponse(f"{ALL}/lots/{number}?fait=annule", HTTPStatus.SEE_OTHER)


def _number(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) <= 18):
        raise forms.wrong("versement", forms.NOT_OFFERED)
    return int(said)


def _contract(here: Visit) -> int:
    return here.known.contract_id or 0


def _show(
    request: Request, here: Visit, *, typed: Typed | None = None,
    refused: MoveRefusedError | WrongInputError | None = None, problems: Sequence[Problem] = (),
    imported: tuple[Imported, Sentence] | None = None,
) -> Response:  # fmt: skip
    with here.database.transaction() as session:
        due = payment_orders.due(session, _contract(here))
        late = late_payments.late_ones(session, _contract(here), at=here.at)
        back = payment_orders.owed_back(session, _contract(here))
        lots = payment_orders.lots(session, _contract(here))
        papers = files_of(session, [each.id for each in back])
    status = HTTPStatus.OK
    if refused or problems:
        status = (
            HTTPStatus.CONFLICT if isinstance(refused, MoveRefusedError) else HTTPStatus.UNPROCESSABLE_ENTITY
        )
    chosen = set(typed.all("versement")) if typed else {str(each.id) for each in due if each.bank_id}
    return page(
        request, "payments.html", status=status, due=due, late=late, back=back,
        total=sum(each.amount_cents for each in due),
        lots=[(line, payment_orders.state_of(line), lot_name(line.number)) for line in lots], chosen=chosen,
        papers=papers, key=new_secret(), refused=problem_of(refused) if refused else None, faults={},
        problems=problems[:MOST_FAULTS], more=max(0, len(problems) - MOST_FAULTS), said=_told(imported),
        may=here.known.role == Role.FINANCE, today=here.today,
    )  # fmt: skip


def _told(imported: tuple[Imported, Sentence] | None) -> Sentence | None:
    if imported is None:
        return None
    found, sentence = imported
    return sentence.fill(
        recorded=found.recorded, already=found.already, cases=found.cases, paid=Cents(found.paid_cents),
        back=Cents(found.back_cents),
    )  # fmt: skip


def _lot(
    request: Request, here: Visit, number: int, *, refused: MoveRefusedError | None = None, done: str = ""
) -> Response:  # fmt: skip
    try:
        with here.database.transaction() as session:
            shown = payment_orders.see(session, _contract(here), number)
    except NoSuchLotError:
        raise NotHereError from None
    return page(
        request, "lot.html", status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK, shown=shown, faults={},
        state=payment_orders.state_of(shown.line), name=lot_name(number), done=DONE.get(done),
        refused=problem_of(refused) if refused else None, may=here.known.role == Role.FINANCE,
    )  # fmt: skip
