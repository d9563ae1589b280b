"""Every act there is, by kind."""

from itertools import groupby

from tests.faults.moves import of_agreements, of_cases, of_sittings
from tests.faults.moves.act import Act

_ACTS = [*of_cases.ACTS, *of_agreements.ACTS, *of_sittings.ACTS]
EVERY: dict[str, list[Act]] = {kind: list(acts) for kind, acts in groupby(_ACTS, key=lambda act: act.kind)}


def act_named(kind: str, name: str) -> Act:
    """One act."""
    return next(act for act in EVERY[kind] if act.name == name)
