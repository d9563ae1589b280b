"""Invented facts for every letter, for previews and for the check of a template before it is saved."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from parvis.notifications.context import LetterContext
from parvis.notifications.house_samples import HOUSE_SAMPLES
from parvis.notifications.partner_samples import PARTNER_SAMPLES, PARTS
from parvis.notifications.report_samples import AFTER_THE_DECISION
from parvis.notifications.samples_agreements import AGREEMENT, AGREEMENT_DATA, RENEWAL_DATA
from parvis.states.words import Sentence as Say


def sample(name: str, language: str) -> LetterContext:
    """A complete context for the letter `name`, in `language`, of an association that does not exist.

    Raises:
        KeyError: there is no such letter.
    """
    context: dict[str, object] = {**_COMMON, **_READER[_reader(name)], "data": _DATA[name]}
    if name in _ABOUT_NO_CASE:
        context |= {"case": None, "organisation": {"name": ""}, "call": {"code": "", "title": ""}}
        context["link"] = context["link"] if name in _TO_MEMBERS else ""
    if name in {
        "packet_ready",
        "sign_in",
        "identity_linked",
        "applicant_link",
        "partner_invited",
        "bank_details",
        "address_link",
        "address_asked",
        "address_changed",
        "action_renewed",
    }:
        context["link"] = f"https://parvis.example{_DATA[name]['path']}"
    if name in AGREEMENT_DATA:
        context |= {"case": None, "call": {"code": "", "title": ""}, "agreement": AGREEMENT,
                    "link": "https://parvis.example/conventions/CONV-00012"}  # fmt: skip
    return cast("LetterContext", _in(language, context))


_TO_MEMBERS = {"packet_ready", "summons", "summons_cancelled", "interests_reminder"}
_ABOUT_NO_CASE = {
    "digest", "journal_anchor", "out_of_order", "sign_in", "identity_linked", "applicant_link", "bank_details",
    "address_link", "address_asked", "address_changed", *_TO_MEMBERS,
}  # fmt: skip


def _in(language: str, value: object) -> object:
    match value:
        case Say():
            return value.say(language)
        case Mapping():
            return {key: _in(language, item) for key, item in value.items()}
        case str():
            return value
        case Sequence():
            return [_in(language, item) for item in value]
        case _:
            return value


def _reader(name: str) -> str:
    if name in {"opinion_requested", "opinion_reminder"}:
        return "funder"
    if name in _TO_MEMBERS:
        return "member"
    staff = {
        "statutory_warning",
        "statutory_silence",
        "contact_requested",
        "stage_late",
        "report_late",
        "digest",
        "journal_anchor",
        "out_of_order",
        "sign_in",
        "identity_linked",
        "review_reminder",
        "agreement_late",
    }
    return "instructor" if name in staff else "applicant"


_COMMON: dict[str, object] = {
    "case": {
        "reference": "CV27-000042",
        "title": "Ateliers vers l’emploi des jeunes du Pigeonnier",
        "summary": Say(
            "Deux ateliers par semaine pour quarante jeunes.", "Two workshops a week for forty young people."
        ),
        "stage": "submitted",
        "requested_cents": 1_330_000,
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2027, 12, 31),
        "deposited_on": date(2027, 1, 12),
    },
    "agreement": None,
    "organisation": {"name": "Les Ateliers du Pigeonnier"},
    "call": {
        "code": "CV27",
        "title": Say("Contrat de ville, programmation 2027", "City contract, 2027 programme"),
    },
    "contract": {
        "name": "Engagements Quartiers 2030",
        "sender_name": "Amiens Métropole, service contrat de ville",
        "reply_to": "contrat-de-ville@amiens.example",
        "phone": "03 22 00 00 00",
        "address": "Place de l’Hôtel-de-Ville, 80000 Amiens",
    },
    "officer": {"name": "Claire Delattre", "email": "c.delattre@amiens.example"},
    "link": "https://parvis.example/dossiers/CV27-000042",
}

_READER: dict[str, dict[str, object]] = {
    "applicant": {
        "recipient": {
            "name": "Samira Lefebvre",
            "email": "contact@ateliers-pigeonnier.example",
            "role": "applicant",
        }
    },
    "funder": {
        "recipient": {"name": "Jean Caron", "email": "j.caron@caf.example", "role": "funder"},
    },
    "member": {
        "recipient": {"name": "Martine Hubert", "email": "m.hubert@amiens.example", "role": "person"},
    },
    "instructor": {
        "recipient": {"name": "Claire Delattre", "email": "c.delattre@amiens.example", "role": "instructor"},
    },
}

_DOCUMENTS = [
    {"code": "rib", "label": Say("Relevé d’identité bancaire", "Bank account details")},
    {"code": "accounts", "label": Say("Comptes annuels 2026 approuvés", "Approved accounts for 2026")},
]
_COMMITTEE = {"name": Say("comité de pilotage", "steering committee"), "held_on": date(2027, 4, 6)}
_SITTING_STARTS = Say("mardi 6 avril 2027 à 14 h 30", "Tuesday 6 April 2027 at 14:30")
_OUTSIDE = Say(
    "L’action se déroule hors des sept quartiers prioritaires.",
    "The action takes place outside the seven priority neighbourhoods.",
)
_SUBMITTED = Say("déposé", "submitted")

_DIGEST = [
    {
        "label": Say("À vérifier", "To check"),
        "lines": [
            {
                "reference": "CV27-000042",
                "title": "Ateliers vers l’emploi des jeunes du Pigeonnier",
                "detail": Say("déposé, à vérifier avant le", "submitted, to check by"),
                "on": date(2027, 1, 29),
                "link": "https://parvis.example/dossiers/CV27-000042",
            },
            {
                "reference": "CV27-000057",
                "title": "Jardin partagé d’Étouvie",
                "detail": Say("pièces reçues le", "documents received on"),
                "on": date(2027, 1, 25),
                "link": "https://parvis.example/dossiers/CV27-000057",
            },
        ],
    },
    {
        "label": Say("Messages", "Messages"),
        "lines": [
            {
                "reference": "CV27-000031",
                "title": "Permanences santé",
                "detail": Say("le silence vaudra refus le", "silence will mean refusal on"),
                "on": date(2027, 2, 12),
                "link": "",
            },
        ],
    },
]

_DATA: dict[str, dict[str, object]] = {
    "acknowledge": {
        "deadline": date(2027, 3, 12),
        "missed_wave": Say("Première vague 2027", "First wave 2027"),
        "missed_on": date(2027, 1, 31),
        "wave": Say("Vague d’été 2027", "Summer wave 2027"),
        "decides_on": date(2027, 9, 23),
    },
    **PARTNER_SAMPLES,
    "documents_requested": {"documents": _DOCUMENTS, "reply_by": date(2027, 2, 15)},
    "documents_reminder": {"documents": _DOCUMENTS, "reply_by": date(2027, 2, 15)},
    "draft_closing": {"deadline": date(2027, 1, 31)},
    "lapsed": {"documents": _DOCUMENTS, "reply_by": date(2027, 2, 15)},
    "ineligible": {"reason": _OUTSIDE},
    "deferred": {
        "reason": Say(
            "Le comité souhaite un budget par quartier.", "The committee asks for a budget by neighbourhood."
        ),
        "committee": _COMMITTEE,
    },
    "granted": {
        "grants": [
            {"funder": "Amiens Métropole", "amount_cents": 600_000},
            {"funder": "Préfecture de la Somme", "amount_cents": 450_050},
        ],
        "total_cents": 1_050_050,
        "report_due": date(2028, 6, 30),
        "interim_due": date(2027, 7, 15),
        "conditions": Say(
            "Un atelier par mois au moins est ouvert à tous les habitants du quartier.",
            "At least one workshop a month is open to everyone in the neighbourhood.",
        ),
        "committee": _COMMITTEE,
        "agreement": False,
        "parts": PARTS,
        "through_lead": False,
    },
    "rejected": {"reason": _OUTSIDE, "committee": _COMMITTEE},
    "withdrawn": {"reason": ""},
    **AFTER_THE_DECISION,
    "formal_notice": {
        "reason": Say("Le bilan de l’action n’est pas arrivé.", "The report of the action did not arrive."),
        "deadline": date(2028, 9, 30),
        "total_cents": 1_050_050,
    },
    "reclaimed": {
        "reason": Say("L’action n’a pas été réalisée.", "The action was not carried out."),
        "total_cents": 840_040,
    },
    "reopened": {
        "reason": Say(
            "La pièce manquante avait été envoyée à temps.", "The missing document had been sent in time."
        ),
        "stage_label": _SUBMITTED,
    },
    "opinion_requested": {
        "deadline": date(2027, 3, 1),
        "grants": [{"funder": "CAF de la Somme", "amount_cents": 400_000}],
    },
    "opinion_reminder": {"deadline": date(2027, 3, 1), "late": False, "days_late": 0},
    "statutory_warning": {"deadline": date(2027, 3, 12)},
    "statutory_silence": {"deadline": date(2027, 3, 12)},
    "stage_late": {
        "stage_label": _SUBMITTED,
        "waiting_since": datetime(2027, 1, 12, 9, 30, tzinfo=ZoneInfo("Europe/Paris")),
        "days_late": 12,
    },
    "summons": {
        "committee": _COMMITTEE,
        "when": _SITTING_STARTS,
        "seat_label": Say("présidence", "chair"),
        "room": Say("Hôtel de Ville, salle du Congrès", "City Hall, Congress room"),
        "video_url": "https://visio.amiens.example/pilotage",
        "cases": 42,
        "changed": False,
        "titular": "",
        "substitute": "Leïla Bouchard",
        "deadline": date(2027, 3, 31),
    },
    "summons_cancelled": {
        "committee": _COMMITTEE,
        "when": _SITTING_STARTS,
        "reason": Say("La salle est inondée.", "The room is flooded."),
    },
    "interests_reminder": {
        "committee": _COMMITTEE,
        "when": _SITTING_STARTS,
        "cases": 42,
        "new": False,
        "deadline": date(2027, 3, 31),
    },
    "digest": {"items": _DIGEST},
    "packet_ready": {
        "committee": _COMMITTEE,
        "hour": "14",
        "minute": "30",
        "room": "Hôtel de Ville, salle du Conseil",
        "version": 2,
        "pages": 118,
        "changes": "1 dossier ajouté, 2 dossiers modifiés",
        "enclosed": True,
        "path": "/lien/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0",
    },
    **HOUSE_SAMPLES,
    **AGREEMENT_DATA,
    **RENEWAL_DATA,
}
