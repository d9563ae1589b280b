"""What a Word template may say: its fields, in French as those who edit it read them, each with an example."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from parvis.states.words import Sentence


class TemplateKind(StrEnum):
    """The documents staff edit in Word."""

    GRANT_LETTER = "grant_letter"
    REFUSAL_LETTER = "refusal_letter"
    DEFERRAL_LETTER = "deferral_letter"
    GRANT_ORDER = "grant_order"
    AGREEMENT = "agreement"


TEMPLATE_KIND_WORDS: dict[str, Sentence] = {
    TemplateKind.GRANT_LETTER: Sentence("lettre d’attribution", "grant letter"),
    TemplateKind.REFUSAL_LETTER: Sentence("lettre de refus", "refusal letter"),
    TemplateKind.DEFERRAL_LETTER: Sentence("lettre d’ajournement", "deferral letter"),
    TemplateKind.GRANT_ORDER: Sentence("arrêté attributif", "grant order"),
    TemplateKind.AGREEMENT: Sentence("convention", "agreement"),
}


@dataclass(frozen=True, slots=True)
class FieldHelp:
    """One field: what it says, and an example of it."""

    said: Sentence
    example: str


def _f(fr: str, en: str, example: str) -> FieldHelp:
    return FieldHelp(Sentence(fr, en), example)


Group: TypeAlias = Mapping[str, FieldHelp]

GROUPS: Mapping[str, Group] = {
    "document": {
        "date": _f("jour où le document est établi", "day the document is made", "10 décembre 2026"),
        "reference": _f("référence du document", "reference of the document", "ANNUEL-2027-00012/1"),
    },
    "contrat": {
        "nom": _f("nom du contrat de ville", "name of the city contract", "Contrat de ville 2024-2030"),
        "collectivite": _f("collectivité qui le porte", "body that runs it", "Amiens Métropole"),
    },
    "expediteur": {
        "nom": _f("service qui écrit", "service that writes", "Service Politique de la ville"),
        "adresse": _f("son adresse, sur plusieurs lignes", "its address, on several lines", "BP 2720\n80027 Amiens"),
        "telephone": _f("son téléphone", "its telephone", "03 22 00 00 00"),
        "courriel": _f("son adresse électronique", "its mail address", "ville@exemple.example"),
    },
    "autorite": {
        "nom": _f("financeur dont c’est l’acte", "funder whose act it is", "Ville d’Amiens"),
        "accorde": _f("ce qu’il accorde à ce dossier", "what it grants to this case", "25 000,00 €"),
        "accorde_lettres": _f("le même montant en lettres", "the same in words", "vingt-cinq mille euros"),
        "cumul": _f(
            "tout ce qu’il accorde à l’association cette année-là",
            "all it grants to the association that year", "31 500,00 €",
        ),
        "seuil": _f("seuil au-delà duquel il faut une convention", "threshold of an agreement", "23 000,00 €"),
    },
    "association": {
        "nom": _f("nom du porteur", "name of the applicant", "Les Ateliers du Pigeonnier"),
        "siret": _f("son SIRET", "its SIRET", "418 166 096 00051"),
        "rna": _f("son numéro RNA, vide s’il n’en a pas", "its RNA number, or nothing", "W802001234"),
        "adresse": _f("son adresse", "its address", "12 rue des Saules, 80000 Amiens"),
        "courriel": _f("son adresse électronique", "its mail address", "contact@asso.example"),
    },
    "contact": {"nom": _f("personne qui suit le dossier", "person in charge of the case", "Jeanne Martin")},
    "dossier": {
        "reference": _f("référence du dossier", "reference of the case", "ANNUEL-2027-00012"),
        "numero_porteur": _f("numéro donné par le porteur", "number the applicant gave", "21000042"),
        "intitule": _f("intitulé de l’action", "title of the action", "Ateliers de cuisine partagée"),
        "resume": _f("résumé de l’action", "summary of the action", "Deux ateliers par semaine."),
        "nature": _f("nouvelle action ou reconduction", "new action or renewal", "nouvelle action"),
        "depose_le": _f("jour du dépôt", "day of the deposit", "12 octobre 2026"),
        "debut": _f("premier jour de l’action", "first day of the action", "1er janvier 2027"),
        "fin": _f("dernier jour de l’action", "last day of the action", "31 décembre 2027"),
        "quartiers": _f("quartiers concernés", "neighbourhoods", "Étouvie et Amiens Nord"),
        "defis": _f("défis du contrat", "challenges of the contract", "Rompre l’isolement"),
    },
    "appel": {
        "titre": _f("titre de l’appel", "title of the call", "Appel à projets 2027"),
        "annee": _f("année de l’appel", "year of the call", "2027"),
    },
    "instructeur": {
        "nom": _f("instructeur du dossier", "officer in charge", "Inès Roy"),
        "courriel": _f("son adresse électronique", "their mail address", "ines.roy@ville.example"),
    },
    "comite": {
        "nom": _f("comité qui a décidé", "committee that decided", "Comité de pilotage"),
        "date": _f("jour de sa séance", "day of its session", "10 décembre 2026"),
    },
    "decision": {
        "date": _f("jour de la décision", "day of the decision", "10 décembre 2026"),
        "motif": _f("motif, pour un refus ou un ajournement", "reason, when refused or deferred",
                    "Le budget est à préciser."),
        "conditions": _f("conditions posées, vide s’il n’y en a pas", "conditions, or nothing",
                         "Ouvrir un créneau le samedi."),
    },
    "montants": {
        "demande": _f("montant demandé à tous", "amount asked of all", "32 000,00 €"),
        "accorde": _f("montant accordé par tous", "amount granted by all", "28 000,00 €"),
        "accorde_lettres": _f("le même en lettres", "the same in words", "vingt-huit mille euros"),
        "cout_total": _f("coût total de l’action", "total cost of the action", "41 000,00 €"),
    },
    "bilan": {"date": _f("jour où le bilan est dû", "day the report is due", "30 juin 2028")},
}  # fmt: skip

LISTS: Mapping[str, Group] = {
    "financeurs": {
        "nom": _f("nom du financeur", "name of the funder", "Ville d’Amiens"),
        "demande": _f("ce qui lui est demandé", "what is asked of it", "27 000,00 €"),
        "accorde": _f("ce qu’il accorde", "what it grants", "25 000,00 €"),
    },
    "versements": {
        "part": _f("part du montant de l’autorité", "share of the authority’s amount", "80 %"),
        "montant": _f("montant du versement", "amount of the instalment", "20 000,00 €"),
        "quand": _f("ce qui le déclenche", "what makes it payable", "à la notification"),
    },
}
"""Said with `{%tr for f in financeurs %}` … `{%tr endfor %}` in a table, `{%p for … %}` around paragraphs."""

Fields: TypeAlias = dict[str, dict[str, str] | list[dict[str, str]]]
"""What a template is filled with: exactly the groups and lists above, every field a text, empty when unknown."""


def paths() -> Iterator[tuple[str, FieldHelp]]:
    """Every field by its name in a template; those of lists by the list’s name and `[]`."""
    for group, fields in GROUPS.items():
        yield from ((f"{group}.{name}", told) for name, told in fields.items())
    for group, fields in LISTS.items():
        yield from ((f"{group}[].{name}", told) for name, told in fields.items())


def examples() -> Fields:
    """A filled set of fields, for a trial of a template."""
    filled: Fields = {
        group: {name: each.example for name, each in told.items()} for group, told in GROUPS.items()
    }
    for group, told in LISTS.items():
        filled[group] = [{name: each.example for name, each in told.items()}] * 2
    return filled
