"""What a programming sent to a committee keeps for its cases until they are decided, in place of what was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import movements
from parvis.models.queries.envelopes import hold_chain
from parvis.models.queries.movements import NewMovement, Taken
from parvis.models.queries.scenarios import hold_cases
from parvis.models.session import Session
from parvis.states.ledger import Account, Kind
from parvis.states.programming import Amounts, Asked, Problem


@dataclass(frozen=True, slots=True)
class Sent:
    """A programming that is sent: its mark in the keys of its movements, its name, who sends it and when."""

    mark: str
    name: str
    by: str
    at: datetime


def hold(session: Session, problem: Problem) -> frozenset[int]:
    """Hold these cases and envelopes until the commit, so that what is left stays; the cases that are to be decided."""
    waiting = hold_cases(session, [case.id for case in problem.cases])
    hold_chain(session, [purse.id for purse in problem.purses])
    return waiting


def reserve(session: Session, cases: Sequence[Asked], amounts: Amounts, sent: Sent) -> None:
    """Reserve what each envelope gives each case, which is held; what stays as it was writes nothing.

    Raises:
        ConstraintError: more would be reserved than is left (`ck_envelopes_never_over`).
    """
    kept = movements.reserved(session, [case.id for case in cases])
    changed = [case for case in cases if kept.get(case.id, {}) != _wanted(case, amounts)]
    for case in (
        case for case in changed if case.id in kept
    ):  # all that is given up first: it serves the others
        key = f"release/{case.id}/{sent.mark}"
        said = NewMovement(Kind.RELEASE, key, sent.at, sent.by, sent.name, case.id)
        movements.give_back(session, case.id, said, accounts=(Account.RESERVED,))
    for case in changed:
        taken = [Taken(code, cents, case.paths[code][0]) for code, cents in _wanted(case, amounts).items()]
        if taken:
            movements.write_grants(
                session,
                case.id,
                sent.mark,
                taken,
                kind=Kind.RESERVE,
                actor=sent.by,
                at=sent.at,
                reason=sent.name,
            )


def _wanted(case: Asked, amounts: Amounts) -> dict[str, int]:
    """What the envelopes give a case; a funder without one has nothing to keep."""
    given = {code: amounts.get((case.id, code), 0) for code in case.paths}
    return {code: cents for code, cents in given.items() if cents}
