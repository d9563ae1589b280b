"""Every action of the table of agreements, and what the clock does to them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from parvis.models.session import Database
from parvis.services import agreement_sweeps
from parvis.services.agreements import advance
from parvis.states.agreement_facts import NOTHING_SAID, AgreementGiven
from parvis.states.agreement_stages import AgreementAction as A
from parvis.states.facts import By
from parvis.states.stages import Role
from tests.faults.moves.act import Act
from tests.services.agreement_desk import AgreementDesk, contract
from tests.services.desk import Desk, moment

Story = Callable[[Desk], int]


def taken_over(desk: Desk, at: str = "2026-01-05") -> int:
    """An agreement in force from 2024 to 2026."""
    return AgreementDesk(desk).taken_over(at)


def in_renewal(desk: Desk) -> int:
    """Its renewal has begun."""
    agreement = taken_over(desk, "2025-09-01")
    AgreementDesk(desk).sweep("2025-10-31 06:15")
    return agreement


def to_sign(desk: Desk) -> int:
    """One born of a funded case, to begin in 2027."""
    case = desk.submitted_case("2026-11-02", call="conventions", title="Espace de vie sociale")
    AgreementDesk(desk).fund(case, "2026-12-10", (("etat", 500_000), ("ville", 299_999)))
    return int(desk.value("SELECT id FROM agreements WHERE case_id = %(id)s", id=case))


def followed(desk: Desk) -> int:
    """Another has been agreed on after it, and not yet noticed."""
    agreement = in_renewal(desk)
    AgreementDesk(desk).taken_over("2026-01-05", starts_on="2027-01-01", ends_on="2029-12-31")
    desk.run("UPDATE agreements SET renews_id = %(id)s WHERE id <> %(id)s", id=agreement)
    return agreement


def amended(desk: Desk) -> int:
    """Longer by a year that is still indicative."""
    agreement = taken_over(desk)
    longer = AgreementGiven(reason="Un an de plus", new_end=date(2027, 12, 31))
    AgreementDesk(desk).move(
        agreement, A.AMEND, "2026-02-02", given=replace(longer, year=4, amounts=(("etat", 7),))
    )
    return agreement


def year_due(desk: Desk) -> int:
    """Its last year is confirmed, and so is to be paid."""
    agreement = taken_over(desk)
    AgreementDesk(desk).move(agreement, A.CONFIRM_YEAR, "2026-01-10", given=AgreementGiven(year=3))
    return agreement


@dataclass(frozen=True)
class Said:
    """What somebody says of an agreement, and when."""

    action: A
    at: str
    role: Role
    given: AgreementGiven


def move(database: Database, agreement_id: int, said: Said) -> None:
    """Someone moves an agreement."""
    by, at = By("person:1", said.role), moment(said.at)
    with database.transaction() as session:
        advance(session, agreement_id, said.action, by=by, at=at, given=said.given, key="point")


def sweep(database: Database, at: str) -> None:
    """The clock passes."""
    agreement_sweeps.renew(database, at=moment(at))


def swept(desk: Desk, story: Story, at: str) -> tuple[Any, ...]:
    """What `sweep` is told."""
    story(desk)
    return (at,)


def _act(story: Story, said: Said) -> Act:
    return Act(
        "advance-agreement", str(said.action), lambda desk: (story(desk), said), move, contract=contract()
    )


_RICHER = AgreementGiven(
    reason="Un an de plus", new_end=date(2027, 12, 31), year=4, amounts=(("etat", 333_333),)
)
_PAPER = AgreementGiven(document="convention.pdf", edition=1, sha256="00", on=date(2026, 1, 10))
MADE: list[tuple[Story, A, str, Role, AgreementGiven]] = [
    (to_sign, A.ACTIVATE, "2027-01-04", Role.SECRETARY, NOTHING_SAID),
    (taken_over, A.OPEN_RENEWAL, "2026-01-15", Role.INSTRUCTOR, NOTHING_SAID),
    (followed, A.RENEW, "2026-02-01", Role.MANAGER, NOTHING_SAID),
    (taken_over, A.END, "2027-01-02", Role.MANAGER, NOTHING_SAID),
    (taken_over, A.TERMINATE, "2026-06-15", Role.MANAGER, AgreementGiven(reason="Fermeture", on=date(2026, 6, 30))),
    (to_sign, A.SIGN, "2026-12-15", Role.SECRETARY, AgreementGiven(on=date(2026, 12, 14))),
    (amended, A.CONFIRM_YEAR, "2026-02-05", Role.MANAGER, AgreementGiven(year=4)),
    (taken_over, A.REVIEW_YEAR, "2026-01-15", Role.INSTRUCTOR,
     AgreementGiven(year=2, result="to_adjust", reason="Moins de public", on=date(2026, 1, 12))),
    (taken_over, A.RECORD_APPROVAL, "2026-01-15", Role.INSTRUCTOR, AgreementGiven(on=date(2027, 12, 31))),
    (taken_over, A.AMEND, "2026-02-02", Role.MANAGER, _RICHER),
    (in_renewal, A.RECEIVE_EVALUATION, "2026-03-10", Role.INSTRUCTOR, NOTHING_SAID),
    (in_renewal, A.WRITE_REQUEST, "2026-09-02", Role.INSTRUCTOR, NOTHING_SAID),
    (year_due, A.RECORD_PAYMENT, "2026-02-01", Role.FINANCE, AgreementGiven(year=3, reason="M-1")),
    (taken_over, A.FILE_DOCUMENT, "2026-01-15", Role.SECRETARY, _PAPER),
]  # fmt: skip
ACTS = [
    *(_act(story, Said(action, at, role, given)) for story, action, at, role, given in MADE),
    Act("sweep-agreements", "open-renewal", partial(swept, story=taken_over, at="2026-01-06"), sweep,
        contract=contract(), steps=True),
    Act("sweep-agreements", "write-request", partial(swept, story=in_renewal, at="2026-09-01 06:15"), sweep,
        contract=contract(), steps=True),
    Act("sweep-agreements", "end", partial(swept, story=in_renewal, at="2027-01-01 06:15"), sweep,
        contract=contract(), steps=True),
]  # fmt: skip
