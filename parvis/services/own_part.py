"""A partner's own part of a coordinated proposal: its budget by account, its documents, its signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import partners as queries
from parvis.models.queries.case_parts import DocumentLine, read_documents
from parvis.models.queries.partners import OwnPart
from parvis.models.session import Session
from parvis.services.advance import advance
from parvis.services.part_budget import FIELDS, Answers, PartRead, read_budget
from parvis.states import cerfa
from parvis.states.facts import By, Given
from parvis.states.partners import AWAITED, TAKES_PART
from parvis.states.stages import Action, Stage
from parvis.states.words import Cents, Sentence

__all__ = ["OwnPart", "PartLockedError", "PartRead", "PartWrongError", "Signature", "confirm", "leave",
           "open_part", "save", "view"]  # fmt: skip

OPEN = frozenset({Stage.SUBMITTED, Stage.INCOMPLETE})

LOCKED = Sentence(
    "Cette part est confirmée, ou le dossier n’en est plus là : elle ne se modifie plus. Appeler le service.",
    "This part is confirmed, or the case has gone further: it can no longer be changed. Call the service.",
)
NO_BUDGET = Sentence("écrire au moins une charge", "write at least one cost")
NOT_EQUAL = Sentence(
    "les charges, {charges}, doivent égaler les produits, {produits}, part de subvention comprise ; écart : {gap}",
    "costs, {charges}, must equal income, {produits}, with the share of the grant: a gap of {gap}",
)
IN_KIND_GAP = Sentence(
    "les contributions en nature doivent être égales : {charges} aux comptes 86, {produits} aux comptes 87",
    "contributions in kind must be equal: {charges} on accounts 86, {produits} on accounts 87",
)
OVER_ACCOUNT = Sentence(
    "compte {account} : les budgets des partenaires font {parts}, pour {whole} au budget de l’action",
    "account {account}: the budgets of the partners make {parts}, for {whole} in the budget of the action",
)
SIGNER = Sentence("écrire le nom de qui signe", "write the name of who signs")
QUALITY = Sentence(
    "écrire en quelle qualité : présidente, trésorier…", "write in what quality: president, treasurer…"
)
COMMITMENT = Sentence(
    "cocher l’engagement : la loi le demande pour toute subvention (décret 2021-1947)",
    "tick the commitment: the law asks for it for every grant (decree 2021-1947)",
)
MANDATE = Sentence(
    "cocher le mandat : le porteur dépose aussi pour vous", "tick the mandate: the lead submits for you too"
)


class PartLockedError(Exception):
    """A part that is confirmed, or whose case has gone further, is changed no more; `sentence` says so."""

    sentence = LOCKED


class PartWrongError(Exception):
    """A part cannot be confirmed as it is; `faults` by field."""

    def __init__(self, faults: Mapping[str, Sentence]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class PartView:
    """A part as its page shows it."""

    part: OwnPart
    read: PartRead
    funders: dict[str, str]
    documents: tuple[DocumentLine, ...]
    open: bool

    @property
    def awaited(self) -> bool:
        """Whether an answer is awaited from this partner."""
        return self.open and self.part.state in AWAITED

    @property
    def takes_part(self) -> bool:
        """Whether it is still of the proposal."""
        return self.part.state in TAKES_PART


def view(session: Session, case_id: int, organisation_id: int, *, stage: str) -> PartView | None:
    """The part of an organisation that takes part in a case; None for any other."""
    part = queries.own_part(session, case_id, organisation_id)
    if part is None:
        return None
    names = {code: name for code, (name, _) in queries.asks(session, case_id).items()}
    mine = tuple(line for line in read_documents(session, case_id) if line.code.endswith(f"_{part.siret}"))
    read = _checked(session, part, read_budget(part.answers))
    return PartView(part, read, names, mine, stage in OPEN)


def open_part(session: Session, case_id: int, organisation_id: int, *, stage: str) -> OwnPart:
    """The part of an organisation, held until the commit, while it can still be changed.

    Raises:
        PartLockedError: it is confirmed, or it left, or the case has gone further.
    """
    part = queries.own_part(session, case_id, organisation_id, lock=True)
    if part is None or part.state not in AWAITED or stage not in OPEN:
        raise PartLockedError
    return part


def save(session: Session, case_id: int, organisation_id: int, typed: Answers, *, stage: str) -> PartRead:
    """Keep the budget of a part as it was typed, whatever it is worth; what is to be corrected.

    Raises:
        PartLockedError: it can no longer be changed.
    """
    part = open_part(session, case_id, organisation_id, stage=stage)
    kept = {name: [value[:100] for value in typed[name][:1]] for name in FIELDS if any(typed.get(name, ()))}
    queries.save_answers(session, case_id, organisation_id, kept)
    return _checked(session, part, read_budget(kept))


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs a part, in what quality, and what they commit their organisation to."""

    signer: str
    quality: str
    committed: bool
    mandated: bool


def confirm(
    session: Session, case_id: int, organisation_id: int, signed: Signature, *,
    stage: str, by: By, at: datetime,
) -> None:  # fmt: skip
    """Sign a part: its budget balanced with its share and within that of the action, its commitments taken.

    Raises:
        PartLockedError: it is confirmed already, or can no longer be.
        PartWrongError: something of it is to be corrected first.
        MoveRefusedError: the table says no.
    """
    part = open_part(session, case_id, organisation_id, stage=stage)
    faults = dict(_checked(session, part, read_budget(part.answers)).faults)
    said = {
        "signataire": (bool(signed.signer), SIGNER),
        "qualite": (bool(signed.quality), QUALITY),
        "engagement": (signed.committed, COMMITMENT),
        "mandat": (signed.mandated, MANDATE),
    }
    faults |= {name: sentence for name, (good, sentence) in said.items() if not good}
    if faults:
        raise PartWrongError(faults)
    given = Given(
        partner_id=organisation_id,
        signer=signed.signer,
        signer_quality=signed.quality,
        undertaken="republican",
    )
    advance(session, case_id, Action.CONFIRM_PARTNER, by=by, at=at, given=given)


def leave(session: Session, case_id: int, organisation_id: int, reason: str, *, by: By, at: datetime) -> None:
    """Decline, while an answer is awaited, or withdraw after it.

    Raises:
        MoveRefusedError: it left already, or no reason is given.
    """
    part = queries.own_part(session, case_id, organisation_id)
    declines = part is not None and part.state in AWAITED
    action = Action.DECLINE_PARTNER if declines else Action.WITHDRAW_PARTNER
    advance(session, case_id, action, by=by, at=at, given=Given(partner_id=organisation_id, reason=reason))


def _checked(session: Session, part: OwnPart, read: PartRead) -> PartRead:
    """What the sums say once every amount can be read."""
    if read.faults:
        return read
    share = sum(part.shares.values())
    charges, produits = read.total(cerfa.CHARGE), read.total(cerfa.PRODUIT) + share
    given, used = read.total(cerfa.CHARGE, in_kind=True), read.total(cerfa.PRODUIT, in_kind=True)
    if not charges:
        read.faults["budget"] = NO_BUDGET
    elif charges != produits:
        read.faults["budget"] = NOT_EQUAL.fill(
            charges=Cents(charges), produits=Cents(produits), gap=Cents(abs(charges - produits))
        )
    elif given != used:
        read.faults["budget"] = IN_KIND_GAP.fill(charges=Cents(given), produits=Cents(used))
    elif over := _over(session, part, read):
        read.faults["budget"] = over
    return read


def _over(session: Session, part: OwnPart, read: PartRead) -> Sentence | None:
    """Why the budgets of the partners together are more than that of the action, by account of its costs."""
    whole = queries.budget_by_account(session, part.case_id)
    others = queries.answers_of(session, part.case_id)
    parts = [read, *(read_budget(each) for who, each in others.items() if who != part.organisation_id)]
    for side, account in read.lines:
        total = sum(each.lines.get((side, account), 0) for each in parts)
        if whole and side == cerfa.CHARGE and total > whole.get((side, account), 0):
            return OVER_ACCOUNT.fill(
                account=account, parts=Cents(total), whole=Cents(whole.get((side, account), 0))
            )
    return None
