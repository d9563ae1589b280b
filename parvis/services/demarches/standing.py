"""How far each form of a contract was read on Démarche numérique, and the dossiers that could not come in."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.demarche_orders import order_counts
from parvis.models.queries.demarches import Refusal, Sync, read_sync, refusals
from parvis.models.queries.deposits import calls_by_code
from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Standing:
    """The form of one call: how far it was read (None: never), what it refused, what is to be done there by hand."""

    code: str
    title: str
    number: int
    sync: Sync | None
    refused: Sequence[Refusal]
    by_hand: int


def standings(session: Session, contract_id: int) -> list[Standing]:
    """Every call of a contract that names a form, in the order of the contract."""
    ids = calls_by_code(session, contract_id)
    found = []
    for call in contract_by_id(session, contract_id).calls:
        if call.demarche is None or call.code not in ids:
            continue
        call_id, _ = ids[call.code]
        found.append(Standing(
            call.code, call.title, call.demarche.number, read_sync(session, call_id), refusals(session, call_id),
            order_counts(session, call_id).get("failed", 0),
        ))  # fmt: skip
    return found
