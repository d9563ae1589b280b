"""What a deposit writes of its partners: their share of each funder's money, the documents each of them owes."""

from typing import Any

from parvis.services.imports.deposit import Deposit
from parvis.states.contract import Call
from parvis.states.partners import PartnerState, spread

OWED = ("rib",)
"""Of the check-list of a call, the documents each partner owes too: it is paid directly (CGCT L1611-4)."""
TAKEN_OVER = "—"


def partner_rows(
    call: Call, case_id: int, deposit: Deposit, organisations: dict[str, int]
) -> list[dict[str, Any]]:
    """The partners of a deposit; those of a take-over of history confirmed elsewhere, long ago."""
    asked = deposit.asked_by_funder
    silent = call.silent
    left = dict(asked)
    for partner in deposit.partners:
        for code, cents in partner.by_funder:
            left[code] = left.get(code, 0) - cents
    unsaid = [partner for partner in deposit.partners if not partner.by_funder]
    found = spread(
        [partner.requested_cents for partner in unsaid], {code: max(0, cents) for code, cents in left.items()}
    )
    shares = {partner.siret: share for partner, share in zip(unsaid, found, strict=True)}
    return [
        {"case_id": case_id, "organisation_id": organisations[partner.siret],
         "requested_cents": partner.requested_cents, "email": partner.email,
         "shares": dict(partner.by_funder) or shares[partner.siret],
         "state": PartnerState.CONFIRMED if silent else PartnerState.NAMED,
         "signed_by": TAKEN_OVER if silent else ""}
        for partner in deposit.partners
    ]  # fmt: skip


def partner_documents(call: Call, case_id: int, deposit: Deposit) -> list[dict[str, Any]]:
    """The documents each partner owes, of those the call asks the lead for."""
    asked = [document for document in call.required_documents if document.code in OWED]
    return [
        {"case_id": case_id, "code": f"{document.code}_{partner.siret}",
         "label": f"{document.label.fr}, partenaire {partner.siret}", "received_at": None}
        for partner in deposit.partners
        for document in asked
        if not call.silent
    ]  # fmt: skip
