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
PARTNERS_ALLOWED = Guard[Facts](
    "partners_allowed",
    Sentence("appel qui prend des partenaires", "a call that takes partners"),
    lambda f: f.given.coalition is not None and f.given.coalition.allowed,
    Sentence(
        "Cet appel ne prend pas de partenaires : chaque organisme dépose sa demande.",
        "This call takes no partners: each association submits its own request.",
    ),
)
PARTNER_NEW = Guard[Facts](
    "partner_new",
    Sentence("organisme qui n’en est pas encore", "an association that is not part of it yet"),
    lambda f: (
        f.given.joining is not None
        and f.given.coalition is not None
        and f.given.joining.siret
        not in {f.given.coalition.lead_siret, *(each.siret for each in f.given.coalition.taking_part)}
    ),
    Sentence(
        "Donner le SIRET d’un autre organisme que le porteur ({partner_names} en sont déjà).",
        "Give the SIRET of another association than the lead ({partner_names} take part already).",
    ),
)
SHARE_FITS = Guard[Facts](
    "share_fits",
    Sentence("part prise sur celle du porteur", "a share taken from that of the lead"),
    lambda f: f.given.joining is not None and not f.shares_wrong,
    Sentence(
        "Sa part, prise sur ce qui est demandé pour le porteur, est à corriger : {shares_wrong}.",
        "Its share, taken from what is asked for the lead, is to be corrected: {shares_wrong}.",
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
