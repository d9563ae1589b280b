"""A whole rehearsal, from a scenario to its figures, in a database of its own."""

from parvis.models import databases
from parvis.models.scratch import scratch
from parvis.models.session import Database
from parvis.services.rehearsal.counting import count
from parvis.services.rehearsal.engine import Progress
from parvis.services.rehearsal.figures import Figures
from parvis.services.rehearsal.play import Scenario, rehearse
from parvis.states.contract import Contract


def run(
    server_url: str,
    contract: Contract,
    scenario: Scenario,
    *,
    keep: bool = False,
    progress: Progress | None = None,
) -> tuple[Figures, str]:
    """Play a scenario on the PostgreSQL server of `server_url`: its figures, and the address of what was kept.

    Nothing of it stays unless `keep`; real cases are in another database, which is not opened.

    Raises:
        UnknownCallError: the contract has no such call, or it only takes history over.
        NothingToRehearseError: the call takes no deposit between these days.
        AdministrationError: who connects may not make databases.
    """
    with scratch(server_url, keep=keep) as address, Database(address, role=_role(address)) as database:
        figures = count(database, contract, rehearse(database, contract, scenario, progress=progress))
    return figures, address if keep else ""


def _role(address: str) -> str | None:
    able = databases.may_become(address, databases.APPLICATION)
    return databases.APPLICATION if able else None
