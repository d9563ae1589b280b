"""The conditions on partners: who is awaited, who signs, and that nobody grants on without the clause."""

from parvis.states.facts import Facts
from parvis.states.partners import AWAITED
from parvis.states.table import Guard
from parvis.states.words import Sentence

PARTNERS_CONFIRMED = Guard[Facts](
    "partners_confirmed",
    Sentence("partenaires tous confirmés, s’il y en a", "every partner confirmed, if there is any"),
    lambda f: not f.awaited_partners,
    Sentence(
        "Partenaires qui n’ont pas confirmé leur part : {awaited_partners}. Les relancer, ou les retirer du dossier.",
        "Partners who have not confirmed their part: {awaited_partners}. Invite them again, or withdraw them.",
    ),
)
PARTNER_KNOWN = Guard[Facts](
    "partner_known",
    Sentence("partenaire du dossier", "a partner of the case"),
    lambda f: f.part is not None and f.part.takes_part,
    Sentence(
        "Ce dossier n’a pas ce partenaire, ou ne l’a plus : {partner_names}.",
        "This case does not have this partner, or no longer: {partner_names}.",
    ),
)
PARTNER_AWAITED = Guard[Facts](
    "partner_awaited",
    Sentence("confirmation encore attendue", "confirmation still awaited"),
    lambda f: f.part is not None and f.part.state in AWAITED,
    Sentence(
        "Aucune confirmation n’est attendue de ce partenaire ; attendues : {awaited_partners}.",
        "No confirmation is awaited from this partner; awaited: {awaited_partners}.",
    ),
)
SIGNER_NAMED = Guard[Facts](
    "signer_named",
    Sentence("signataire nommé, avec sa qualité", "signatory named, with their quality"),
    lambda f: bool(f.given.signer.strip() and f.given.signer_quality.strip()),
    Sentence(
        "Écrire le nom et la qualité de qui signe pour l’organisme : « Zoé Petit », « présidente ».",
        "Write the name and the quality of who signs for the organisation: “Zoé Petit”, “president”.",
    ),
)
CLAUSE_WRITTEN = Guard[Facts](
    "sub_granting_clause",
    Sentence(
        "partenaires payés directement, ou clause écrite", "partners paid directly, or the clause written"
    ),
    lambda f: not f.pays_through_lead or f.clause_written,
    Sentence(
        "L’appel paie les partenaires ({partner_names}) par le porteur, ce que la loi interdit sans une clause de la "
        "convention (CGCT, article L1611-4) : écrire la clause, ou les payer directement.",
        "The call pays the partners ({partner_names}) through the lead, which the law forbids without a clause of the "
        "agreement (CGCT, article L1611-4): write the clause, or pay them directly.",
    ),
)
PARTS_ADD_UP = Guard[Facts](
    "parts_add_up",
    Sentence(
        "parts des partenaires égales aux montants accordés", "parts of partners equal to the amounts granted"
    ),
    lambda f: not f.parts_wrong,
    Sentence("Parts à corriger : {parts_wrong}.", "Parts to be corrected: {parts_wrong}."),
)
COORDINATED = Guard[Facts](
    "coordinated",
    Sentence("dossier à plusieurs", "a proposal of several"),
    lambda f: f.given.coalition is not None and bool(f.given.coalition.taking_part),
    Sentence("Ce dossier n’a pas de partenaire.", "This case has no partner."),
)
