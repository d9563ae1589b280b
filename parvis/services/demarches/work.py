"""What every job about Démarche numérique works with: a call deposited there, its contract, the platform."""

import time as elapsed
from dataclasses import dataclass

from parvis.models.queries.contracts import read_contract
from parvis.models.queries.deposits import calls_by_code
from parvis.models.session import Database
from parvis.services.demarches.asking import Platform
from parvis.services.demarches.calling import Caller
from parvis.services.intake import NoContractError, UnknownCallError
from parvis.services.settings import Settings
from parvis.states.contract import Call, Contract
from parvis.states.contract.demarche import Demarche
from parvis.states.facts import By
from parvis.states.stages import Role

IMPORTER = By("importer", Role.IMPORTER)


@dataclass(frozen=True, slots=True)
class Work:
    """A call that is deposited on a form too."""

    contract_id: int
    contract: Contract
    call_id: int
    call: Call
    demarche: Demarche


class NoTokenError(Exception):
    """No token is set: nothing can be asked."""


def platform_of(settings: Settings) -> Platform | None:
    """The platform of the settings; None without a token."""
    if settings.demarche_token is None:
        return None
    return Platform(Caller(settings.demarche_url, settings.demarche_token.get_secret_value(), elapsed.sleep))


def works(database: Database, contract_code: str | None, call: str | None = None) -> list[Work]:
    """The calls of a contract that name a form, or the one asked for.

    Raises:
        NoContractError: there is no such contract.
        UnknownCallError: no call of this code names a form; `known` are those that do.
    """
    with database.transaction() as session:
        found = read_contract(session, contract_code)
        if found is None:
            raise NoContractError(contract_code)
        contract_id, contract = found
        ids = calls_by_code(session, contract_id)
    all_of_them = [
        Work(contract_id, contract, ids[each.code][0], each, each.demarche)
        for each in contract.calls
        if each.demarche is not None and each.code in ids
    ]
    if call is None:
        return all_of_them
    chosen = [each for each in all_of_them if each.call.code == call]
    if not chosen:
        raise UnknownCallError(call, tuple(each.call.code for each in all_of_them))
    return chosen
