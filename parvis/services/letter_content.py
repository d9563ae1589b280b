"""What the documents of a decision say, field by field, as people read it: nothing in them is computed in Word."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from parvis.documents.amounts_in_words import euros_in_words
from parvis.documents.letter_fields import Fields
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.letter_facts import (
    DecidedCase,
    Decision,
    FunderGrant,
    PartnerGrants,
    call_document,
    decided_case,
    grants_of,
    partner_grants,
    sitting_of,
)
from parvis.models.queries.payments import PaymentLine, payments_of
from parvis.models.session import Session
from parvis.states.calendar import paris_day
from parvis.states.contract import Contract
from parvis.states.contract.calls import Call
from parvis.states.payments import PAID_ON_WORDS, REPAYMENT
from parvis.states.stages import NATURE_WORDS
from parvis.states.words import Language, day, french_spaces, money, shown


@dataclass(frozen=True, slots=True)
class Told:
    """A decision with all its documents need."""

    decision: Decision
    case: DecidedCase
    contract: Contract
    call: Call
    grants: tuple[FunderGrant, ...]
    payments: tuple[PaymentLine, ...]
    partners: tuple[PartnerGrants, ...] = ()

    @property
    def threshold_cents(self) -> int:
        """Above it in a year, an authority signs an agreement (loi 2000-321 art. 10, décret 2001-495)."""
        return self.call.agreement_threshold_cents


def read(session: Session, decision: Decision) -> Told:
    """All that the documents of a decision say."""
    case = decided_case(session, decision.case_id, sitting_of(session, decision.case_id, decision.seq))
    return Told(
        decision, case, contract_by_id(session, case.contract_id),
        Call.model_validate(call_document(session, case.call_id)), tuple(grants_of(session, case.id)),
        tuple(payments_of(session, case.id)), tuple(partner_grants(session, case.id)),
    )  # fmt: skip


def of_lead(told: Told) -> Told:
    """A decision as the acts of its lead tell it: what goes to partners is in acts of their own."""
    theirs: dict[str, list[FunderGrant]] = {}
    for grant in (grant for partner in told.partners for grant in partner.grants):
        theirs.setdefault(grant.code, []).append(grant)
    left = [
        replace(
            each,
            granted_cents=each.granted_cents - sum(its.granted_cents for its in theirs.get(each.code, ())),
            requested_cents=each.requested_cents
            - sum(its.requested_cents for its in theirs.get(each.code, ())),
        )
        for each in told.grants
    ]
    asked = told.case.requested_cents - sum(partner.requested_cents for partner in told.partners)
    paid = [line for line in told.payments if line.partner_id is None]
    case = replace(told.case, requested_cents=asked)
    return replace(told, case=case, grants=tuple(left), payments=tuple(paid), partners=())


def of_partner(told: Told, partner: PartnerGrants) -> Told:
    """A decision as the acts of one of its partners tell it."""
    case = replace(
        told.case, organisation_id=partner.organisation_id, organisation=partner.organisation, siret=partner.siret,
        rna=partner.rna, address=partner.address, email=partner.email, contact="",
        requested_cents=partner.requested_cents,
    )  # fmt: skip
    paid = [line for line in told.payments if line.partner_id == partner.organisation_id]
    return replace(told, case=case, grants=partner.grants, payments=tuple(paid), partners=())


def fields(told: Told, grant: FunderGrant | None, *, reference: str, at: datetime) -> Fields:
    """The fields of one document: of the case's letter when there is no `grant`, else of that funder's act."""
    case, contract = told.case, told.contract
    said = json.loads(told.decision.details)
    granted = sum(each.granted_cents for each in told.grants)
    return {
        "document": {"date": day(paris_day(at)), "reference": reference},
        "contrat": {"nom": contract.name, "collectivite": contract.city},
        "expediteur": {
            "nom": contract.sender.name, "adresse": contract.sender.address.strip(),
            "telephone": contract.sender.phone, "courriel": contract.sender.reply_to or contract.sender.email,
        },
        "autorite": _authority(told, grant),
        **_applicant(case),
        "appel": {"titre": french_spaces(case.call_title), "annee": str(case.call_year)},
        "instructeur": {"nom": case.officer or contract.sender.name,
                        "courriel": case.officer_email or contract.sender.email},
        "comite": {"nom": case.committee, "date": day(case.held_on) if case.held_on else ""},
        "decision": {
            "date": day(paris_day(told.decision.at)), "motif": french_spaces(str(said.get("reason", ""))),
            "conditions": french_spaces(str(said.get("conditions", ""))),
        },
        "montants": {
            "demande": money(case.requested_cents), "accorde": money(granted),
            "accorde_lettres": euros_in_words(granted), "cout_total": money(case.total_cost_cents),
        },
        "bilan": {"date": day(case.report_due_on) if case.report_due_on else ""},
        "financeurs": [
            {"nom": each.name, "demande": money(each.requested_cents), "accorde": money(each.granted_cents)}
            for each in told.grants if each.granted_cents
        ],
        "versements": _instalments(told, grant),
    }  # fmt: skip


def _authority(told: Told, grant: FunderGrant | None) -> dict[str, str]:
    amounts = (grant.granted_cents, grant.year_cents) if grant else (0, 0)
    return {
        "nom": grant.name if grant else told.contract.city,
        "accorde": money(amounts[0]), "accorde_lettres": euros_in_words(amounts[0]), "cumul": money(amounts[1]),
        "seuil": money(told.threshold_cents),
    }  # fmt: skip


def _applicant(case: DecidedCase) -> dict[str, dict[str, str]]:
    nature = NATURE_WORDS.get(case.nature)
    return {
        "association": {
            "nom": case.organisation, "siret": _spaced(case.siret), "rna": case.rna or "",
            "adresse": case.address, "courriel": case.email,
        },
        "contact": {"nom": case.contact},
        "dossier": {
            "reference": case.reference, "numero_porteur": case.external_id,
            "intitule": french_spaces(case.title), "resume": french_spaces(case.summary),
            "nature": nature.fr if nature else "",
            "depose_le": day(case.deposited_on) if case.deposited_on else "",
            "debut": day(case.starts_on) if case.starts_on else f"1er janvier {case.call_year}",
            "fin": day(case.ends_on) if case.ends_on else f"31 décembre {case.call_year}",
            "quartiers": shown(case.neighbourhoods, Language.FR), "defis": shown(case.challenges, Language.FR),
        },
    }  # fmt: skip


def _spaced(siret: str) -> str:
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}".strip()


def _instalments(told: Told, grant: FunderGrant | None) -> list[dict[str, str]]:
    """The payments written with the decision, by instalment: of one funder, or of all."""
    shares = {part.code: part.share for part in told.call.payment_schedule}
    amounts: dict[tuple[str, str], int] = {}
    for line in told.payments:
        if line.instalment != REPAYMENT and (grant is None or line.funder_id == grant.funder_id):
            key = line.instalment, line.condition
            amounts[key] = amounts.get(key, 0) + line.amount_cents
    return [
        {"part": _part(shares.get(code)), "montant": money(cents), "quand": _sentence(PAID_ON_WORDS[on].fr)}
        for (code, on), cents in amounts.items()
    ]


def _part(share: Decimal | None) -> str:
    return f"{(share * 100).normalize():f}\u202f%".replace(".", ",") if share is not None else ""


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
