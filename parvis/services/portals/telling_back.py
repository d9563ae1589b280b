"""Where the cases of the State's portal stand here, and what was decided, in a file of the portal's own shape.

The portal publishes no way in for another program: the file is for whoever keeps the portal up to date by hand, or for
its administrator. It has the names and the words of a dossier, so that what reads one reads it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from parvis.models.queries.contracts import read_contract
from parvis.models.queries.portal_exports import ToldBack, told_back
from parvis.models.session import Session
from parvis.services.intake import NoContractError, UnknownCallError
from parvis.states.calendar import local_instant
from parvis.states.portals import Platform, status_of
from parvis.states.stages import Opinion, Stage
from parvis.states.words import Sentence

LABELS: dict[str, Sentence] = {
    "TRANSMITTED": Sentence("Transmise", "Transmitted"),
    "SUPPORTED": Sentence("Prise en charge", "Taken up"),
    "ACCEPTABLE": Sentence("Recevable", "Admissible"),
    "UNACCEPTABLE": Sentence("Non recevable", "Not admissible"),
    "VOTE": Sentence("Votée", "Voted"),
    "REFUSED": Sentence("Refusée", "Refused"),
    "JUSTIFIED": Sentence("Justifiée", "Justified"),
}
_OPINIONS = {
    Opinion.FAVOURABLE: "FAVORABLE",
    Opinion.RESERVED: "RESERVE",
    Opinion.UNFAVOURABLE: "DEFAVORABLE",
}
_GRANTED = frozenset({Stage.FUNDED, Stage.EVALUATED, Stage.RECLAIMED})


@dataclass(frozen=True, slots=True)
class Told:
    """The file, and how many cases it tells."""

    text: str
    count: int


def tell_back(session: Session, contract_code: str | None, *, call: str | None = None) -> Told:
    """The file of a contract, for one call or for all.

    Raises:
        NoContractError: there is no such contract.
        UnknownCallError: the contract has no such call.
    """
    found = read_contract(session, contract_code)
    if found is None:
        raise NoContractError(contract_code)
    contract_id, contract = found
    codes = tuple(each.code for each in contract.calls)
    if call is not None and call not in codes:
        raise UnknownCallError(call, codes)
    names = {each.code: (each.aliases or (each.name,))[0] for each in contract.funders}
    dossiers = [_dossier(case, names) for case in told_back(session, contract_id, call)]
    return Told(json.dumps(dossiers, ensure_ascii=False, indent=1) + "\n", len(dossiers))


def _dossier(case: ToldBack, names: Mapping[str, str]) -> dict[str, Any]:
    status = status_of(case.stage, Platform.PORTAL) or ""
    lines = [_line(case, ask, names) for ask in case.asks]
    return {
        "reference": case.external_id, "referenceAdministrative": case.reference,
        "status": status, "virtualStatus": status, "virtualStatusLabel": LABELS[status].fr,
        "exerciceBudgetaire": case.year,
        "history": {"events": [{"type": "STATUS", "date": _instant(case.entered_at), "reference": status}]},
        "planFinancement": [{
            "periode": {"exercice": case.year}, "current": True,
            "recette": {"postes": [{"reference": "74", "lignes": lines}]},
        }],
    }  # fmt: skip


def _line(case: ToldBack, ask: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    name, granted, opinion = names.get(ask["code"], ask["name"]), ask["granted"], ask["opinion"]
    status = _funder_status(case.stage, granted)
    funding: dict[str, Any] = {
        "financeur": {"title": name}, "statut": status, "statutLabel": LABELS[status].fr,
    }  # fmt: skip
    if case.stage in _GRANTED and granted is not None:
        funding["montantVote"] = {"ht": _euros(granted)}
    if case.decided_on is not None and status in ("VOTE", "REFUSED", "JUSTIFIED"):
        funding["dateDecision"] = _midnight(case.decided_on)
    line: dict[str, Any] = {
        "libelle": {"value": name}, "montant": {"ht": _euros(ask["requested"])}, "financement": funding,
    }  # fmt: skip
    if opinion in _OPINIONS:
        line["avisPriseEnCharge"] = {"avis": _OPINIONS[Opinion(opinion)], "date": ask["opinion_at"]}
        if ask["proposed"] is not None:
            line["avisPriseEnCharge"]["montantPropose"] = {"ht": _euros(ask["proposed"])}
    return line


def _funder_status(stage: str, granted: int | None) -> str:
    """A case is granted by some of its funders and refused by others."""
    if stage in _GRANTED and not granted:
        return "REFUSED"
    return status_of(stage, Platform.PORTAL) or "TRANSMITTED"


def _euros(cents: int) -> int | float:
    return cents // 100 if cents % 100 == 0 else cents / 100


def _midnight(day: date) -> str:
    return _instant(local_instant(day, time(0)))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
