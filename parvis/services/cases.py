"""Reading cases: by name, and one whole. Lists are in `queue.py`."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.models.queries import case_parts, cases
from parvis.models.queries.case_parts import (
    Applicant,
    BudgetLine,
    Contact,
    DeadlineLine,
    DocumentLine,
    FundingLine,
    Head,
    Named,
    PartnerLine,
    PortalStep,
)
from parvis.models.queries.cases import Found
from parvis.models.session import Session

__all__ = [
    "Applicant", "BudgetLine", "CaseView", "Contact", "DeadlineLine", "DocumentLine", "Found",
    "FundingLine", "Head", "Named", "NoSuchCaseError", "PartnerLine", "PortalStep", "find_case",
    "find_cases", "read_case",
]  # fmt: skip


class NoSuchCaseError(Exception):
    """No case has this name, or several have it: `among` gives their references."""

    def __init__(self, name: str, among: tuple[str, ...] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.among = among


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case whole, as a person reads it. Amounts in cents."""

    head: Head
    applicant: Applicant
    contact: Contact
    neighbourhoods: tuple[Named, ...]
    challenges: tuple[Named, ...]
    documents: tuple[DocumentLine, ...]
    budget: tuple[BudgetLine, ...]
    fundings: tuple[FundingLine, ...]
    partners: tuple[PartnerLine, ...]
    portal: tuple[PortalStep, ...]
    deadlines: tuple[DeadlineLine, ...]

    @property
    def charges_cents(self) -> int:
        """What the action costs, added up from the budget."""
        return sum(line.amount_cents for line in self.budget if line.side == "charge")

    @property
    def products_cents(self) -> int:
        """What is to pay for it, added up from the budget."""
        return sum(line.amount_cents for line in self.budget if line.side == "produit")

    @property
    def balanced(self) -> bool:
        """Whether both sides of the budget are the same to the cent."""
        return self.charges_cents == self.products_cents


def find_case(session: Session, name: str) -> Found:
    """The case of this reference, or of this number of the applicant's when only one has it.

    Raises:
        NoSuchCaseError: there is none, or several.
    """
    return find_cases(session, [name])[0]


def find_cases(session: Session, names: Sequence[str]) -> list[Found]:
    """The case of each name, in their order.

    Raises:
        NoSuchCaseError: the first name that means none, or several.
    """
    found = cases.find_cases(session, names)
    chosen = []
    for name in names:
        candidates = found.get(name, [])
        if len(candidates) != 1:
            raise NoSuchCaseError(name, tuple(case.reference for case in candidates))
        chosen.append(candidates[0])
    return chosen


def read_case(session: Session, case_id: int) -> CaseView:
    """Everything a case says."""
    head, applicant, contact = case_parts.read_head(session, case_id)
    neighbourhoods, challenges = case_parts.read_places(session, case_id)
    return CaseView(
        head,
        applicant,
        contact,
        tuple(neighbourhoods),
        tuple(challenges),
        tuple(case_parts.read_documents(session, case_id)),
        tuple(case_parts.read_budget(session, case_id)),
        tuple(case_parts.read_fundings(session, case_id)),
        tuple(case_parts.read_partners(session, case_id)),
        tuple(case_parts.read_portal(session, case_id)),
        tuple(case_parts.read_deadlines(session, case_id)),
    )
