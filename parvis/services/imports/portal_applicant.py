"""Who asks, out of the several places where a dossier of the portal says it, some of them wrong."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from parvis.services.imports.deposit import Contact
from parvis.services.imports.portal_shape import Dossier, Party
from parvis.services.imports.portal_values import DossierValues
from parvis.states import fields
from parvis.states.fields import FieldError, is_blank
from parvis.states.words import Sentence

_PRINTED_SIRET = re.compile(r"(?<![0-9])[0-9]{9}[ \u00a0]?[0-9]{5}(?![0-9])")

NO_SIRET = Sentence(
    fr="Le dossier ne contient aucun SIRET : complétez la fiche du demandeur dans le portail.",
    en="The case contains no SIRET: complete the applicant’s record in the portal.",
)
KEPT_INSTEAD = Sentence(
    fr="{name} retenu : {value}, lu dans {path}.",
    en="{name} used instead: {value}, read in {path}.",
)


_LOCAL_SCHOOL, _COMMUNE = "7331", "7210"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """The association as the deposit needs it; an empty SIRET when none was valid."""

    siret: str
    rna: str | None
    name: str | None
    email: str | None
    phone: str | None
    address: str | None
    contacts: tuple[Contact, ...]
    school: bool


def read_applicant(dossier: Dossier, values: DossierValues) -> Applicant:
    """The applicant, with the first valid number of each kind; every number set aside leaves a warning."""
    party = dossier.demandeur
    siret = _first_valid(values, "SIRET", fields.siret, _sirets(dossier))
    if siret is None and not any(True for _ in _sirets(dossier)):
        values.note(FieldError("required", NO_SIRET), "demandeur.SIRET.complet")
    elif siret is None:
        path, number = next(_sirets(dossier))
        values.require(path, fields.siret, number)
    name = party.title_pure or party.raison_sociale or party.title
    return Applicant(
        siret=siret or "",
        rna=_first_valid(values, "RNA", fields.rna, _rnas(dossier)),
        name=values.spare("demandeur.titlePure", lambda value: fields.text(value, max_length=300), name),
        email=_first_valid(values, "E-mail", fields.email, _emails(party)),
        phone=_first_valid(values, "Tél.", lambda value: fields.text(value, max_length=40), _phones(party)),
        address=values.spare(
            "demandeur.adresse", lambda value: fields.text(value, max_length=500), party.adresse
        ),
        contacts=tuple(_contacts(dossier, values)),
        school=is_school(party.registers.legal.form.code, party.registers.company.naf.code),
    )


def is_school(legal_form: str | None, activity: str | None) -> bool:
    """Whether the registers say a public school: a college or lycée, or a school of a commune.

    A college or lycée is a legal person (INSEE, catégorie juridique 7331, établissement public local d'enseignement).
    A nursery or primary school is an establishment of its commune (7210) whose activity is teaching (NAF rev. 2,
    85.10 and 85.20). An association that teaches is an association.
    """
    form = (legal_form or "").strip()
    teaches = (activity or "").replace(".", "").strip()[:4] in ("8510", "8520")
    return form == _LOCAL_SCHOOL or (form == _COMMUNE and teaches)


def _first_valid(
    values: DossierValues, name: str, parse: Callable[[str], str], candidates: Iterator[tuple[str, str]]
) -> str | None:
    tried: set[str] = set()
    for path, candidate in candidates:
        if candidate in tried:
            continue
        try:
            kept = parse(candidate)
        except FieldError as error:
            values.set_aside(path, candidate, error)
            tried.add(candidate)
            continue
        if tried:
            values.warn(KEPT_INSTEAD, name=name, value=kept, path=path)
        return kept
    return None


def _parties(dossier: Dossier) -> Iterator[tuple[str, Party]]:
    """The applicant, then the beneficiaries that are the applicant again."""
    applicant = dossier.demandeur
    yield "demandeur", applicant
    for number, party in enumerate(dossier.beneficiaires):
        if applicant.reference and party.reference == applicant.reference:
            yield f"beneficiaires[{number}]", party


def _sirets(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for path, party in _parties(dossier):
        registers = f"{path}.externalData"
        printed = _PRINTED_SIRET.search(party.libelle_long or "")
        yield from _filled(
            (f"{path}.SIRET.complet", party.siret.complet),
            (f"{registers}.apiEntreprise.siret", party.registers.company.siret),
            (
                f"{registers}.apiEntrepriseAssociation.siretSiegeSocial",
                party.registers.association.siret_siege,
            ),
            (f"{path}.libelleLong", printed.group() if printed else None),
        )


def _rnas(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for path, party in _parties(dossier):
        yield from _filled(
            (f"{path}.thematiques-tiers-association.codeRNA", party.topics.code_rna),
            (f"{path}.externalData.apiEntrepriseAssociation.id", party.registers.association.id),
        )


def _emails(party: Party) -> Iterator[tuple[str, str]]:
    yield from _filled(*(("demandeur.courrielsValues", address) for address in party.courriels))
    typed = party.situation.expand.courriels
    yield from _filled(*(("demandeur.situationPrincipale.courriels", address.value) for address in typed))


def _phones(party: Party) -> Iterator[tuple[str, str]]:
    typed = party.situation.expand.telephones
    yield from _filled(*(("demandeur.situationPrincipale.telephones", phone.value) for phone in typed))


def _contacts(dossier: Dossier, values: DossierValues) -> Iterator[Contact]:
    user = dossier.history.begin.user
    path = "history.begin.user"
    name = values.spare(f"{path}.title", lambda value: fields.text(value, max_length=200), user.title)
    if name:
        address = user.expand.emails[0] if user.expand.emails else None
        yield Contact(name=name, email=values.spare(f"{path}.emails", fields.email, address))


def _filled(*candidates: tuple[str, str | None]) -> Iterator[tuple[str, str]]:
    for path, candidate in candidates:
        if candidate is not None and not is_blank(candidate):
            yield path, candidate
