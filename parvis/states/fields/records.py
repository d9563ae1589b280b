"""Checks that need several fields of one deposit at once."""

from collections.abc import Iterable
from datetime import date

from parvis.states.fields.errors import FieldError
from parvis.states.words import Cents, Sentence

UNBALANCED = Sentence(
    fr="Le budget n’est pas équilibré : {charges} de charges et {produits} de produits, soit {gap} d’écart ; "
    "corrigez l’une des deux colonnes.",
    en="The budget is not balanced: {charges} of costs and {produits} of income, a gap of {gap}; "
    "correct one of the two sides.",
)
REQUESTED_GT_TOTAL = Sentence(
    fr="Le montant demandé, {requested}, dépasse le coût total de l’action, {total} : corrigez l’un des "
    "deux.",
    en="The requested amount, {requested}, is above the total cost, {total}: correct one of them.",
)
REQUESTED_MISMATCH = Sentence(
    fr="Le montant demandé à {funder}, {requested}, n’est pas celui inscrit au budget, {planned} : "
    "indiquez le même des deux côtés.",
    en="The amount requested from {funder}, {requested}, is not the one in the budget, {planned}: "
    "give the same on both sides.",
)
LATE = Sentence(
    fr="Déposé le {submitted}, après la date limite du {deadline} : le dossier n’est pas recevable dans cet "
    "appel.",
    en="Deposited on {submitted}, after the deadline of {deadline}: the case is not admissible in this call.",
)


def check_balanced(charges: Iterable[int], produits: Iterable[int]) -> None:
    """Stop a budget whose two sides, in cents, differ by one cent or more (Cerfa 12156: charges = produits).

    Raises:
        FieldError: `budget_unbalanced`, with both sums and the gap.
    """
    spent, received = sum(charges), sum(produits)
    if spent != received:
        raise FieldError(
            "budget_unbalanced",
            UNBALANCED,
            charges=Cents(spent),
            produits=Cents(received),
            gap=Cents(abs(spent - received)),
        )


def check_within_total(*, requested_cents: int, total_cents: int) -> None:
    """Stop a request above what the action costs.

    Raises:
        FieldError: `requested_gt_total`.
    """
    if requested_cents > total_cents:
        raise FieldError(
            "requested_gt_total",
            REQUESTED_GT_TOTAL,
            requested=Cents(requested_cents),
            total=Cents(total_cents),
        )


def check_same_request(funder: str | Sentence, *, requested_cents: int, planned_cents: int) -> None:
    """Stop a request that is not the subsidy line (account 74) of the same funder.

    Raises:
        FieldError: `requested_mismatch`.
    """
    if requested_cents != planned_cents:
        raise FieldError(
            "requested_mismatch",
            REQUESTED_MISMATCH,
            funder=funder,
            requested=Cents(requested_cents),
            planned=Cents(planned_cents),
        )


def check_not_late(*, submitted: date, deadline: date) -> None:
    """Stop a deposit after `deadline`; the deadline itself is still in time, and it never rolls.

    Raises:
        FieldError: `late_submission`.
    """
    if submitted > deadline:
        raise FieldError("late_submission", LATE, submitted=submitted, deadline=deadline)
