"""A deposit and a case as the same keys and values, so that they can be compared."""

from parvis.models.queries.portals import OurCase
from parvis.services.funder_codes import funder_code
from parvis.services.imports.deposit import Deposit
from parvis.states.details import Plain
from parvis.states.portals import PortalField, asked_key


def said_of(deposit: Deposit) -> dict[str, Plain]:
    """What a deposit says, by key; what it leaves out has no key."""
    asked: dict[str, Plain] = {}
    for ask in deposit.funders:
        key = asked_key(ask.code or funder_code(ask.name))
        before = asked.get(key, 0)
        asked[key] = ask.requested_cents + (before if isinstance(before, int) else 0)
    contact = deposit.contacts[0] if deposit.contacts else None
    said: dict[str, Plain] = {
        PortalField.TITLE: deposit.title,
        PortalField.SUMMARY: deposit.summary,
        PortalField.CONTACT: _contact(contact.name, contact.email, contact.phone) if contact else {},
        PortalField.NATURE: deposit.nature,
        PortalField.SIRET: deposit.siret,
        PortalField.STARTS_ON: deposit.starts_on.isoformat() if deposit.starts_on else None,
        PortalField.ENDS_ON: deposit.ends_on.isoformat() if deposit.ends_on else None,
        PortalField.REQUESTED: None if asked else deposit.requested_cents,
        PortalField.TOTAL_COST: deposit.total_cost_cents,
        PortalField.BENEFICIARIES: deposit.beneficiaries,
        PortalField.QPV_SHARE: deposit.qpv_share_percent,
        PortalField.NEIGHBOURHOODS: list[Plain](sorted(deposit.qpvs)),
        PortalField.CHALLENGES: list[Plain](sorted(deposit.challenges)),
        PortalField.BUDGET: [
            [line.side.value, line.account, line.label, line.amount_cents] for line in deposit.budget
        ],
        **asked,
    }
    return {str(key): value for key, value in said.items() if value not in (None, "", [], {})}


def ours_of(case: OurCase) -> dict[str, Plain]:
    """What Parvis has, by the same keys."""
    contact = case.contact
    return {
        PortalField.TITLE: case.title,
        PortalField.SUMMARY: case.summary,
        PortalField.CONTACT: _contact(contact.get("name"), contact.get("email"), contact.get("phone")),
        PortalField.NATURE: case.nature,
        PortalField.SIRET: case.siret,
        PortalField.STARTS_ON: case.starts_on.isoformat() if case.starts_on else None,
        PortalField.ENDS_ON: case.ends_on.isoformat() if case.ends_on else None,
        PortalField.REQUESTED: case.requested_cents,
        PortalField.TOTAL_COST: case.total_cost_cents,
        PortalField.BENEFICIARIES: case.beneficiaries,
        PortalField.QPV_SHARE: case.qpv_share_percent,
        PortalField.NEIGHBOURHOODS: list[Plain](case.neighbourhoods),
        PortalField.CHALLENGES: list[Plain](case.challenges),
        PortalField.BUDGET: [list[Plain](line) for line in case.budget],
        **{asked_key(code): cents for code, cents in case.asked.items()},
    }


def _contact(name: object, email: object, phone: object) -> dict[str, Plain]:
    return {key: str(value) for key, value in (("name", name), ("email", email), ("phone", phone)) if value}
