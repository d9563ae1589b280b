"""Invented facts for the letters of the house itself: ways in, accounts, the proof of the journal, what is wrong."""

from datetime import datetime
from zoneinfo import ZoneInfo

from parvis.states.words import Sentence as Say

_TROUBLE = {
    "name": Say("Lettres à envoyer", "Letters to send"),
    "seen": Say(
        "12 à faire ; la plus ancienne attend depuis le mardi 12 janvier 2027 à 6 h.",
        "12 due; the oldest since Tuesday 12 January 2027 at 06:00.",
    ),
    "todo": Say(
        "Le serveur de courrier a répondu : « 454 TLS not available ». Vérifier PARVIS_SMTP_URL et ce serveur.",
        "The mail server answered: “454 TLS not available”. Check PARVIS_SMTP_URL and that server.",
    ),
}
HOUSE_SAMPLES: dict[str, dict[str, object]] = {
    "sign_in": {"path": "/lien/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0", "minutes": 30},
    "identity_linked": {"path": "/mon-compte", "provider": "ProConnect", "email": "c.dubois@ville.example"},
    "applicant_link": {
        "path": "/lien/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0",
        "minutes": 30,
        "joining": False,
    },
    "address_link": {
        "address": "bureau@lire-ensemble.example",
        "path": "/nouvelle-adresse/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0",
        "minutes": 60,
    },
    "address_asked": {
        "address": "bureau@lire-ensemble.example",
        "when": Say("mardi 12 janvier 2027 à 14 h 05", "Tuesday 12 January 2027 at 14:05"),
        "minutes": 60,
        "browser": "Firefox, Windows",
        "path": "/mon-association",
    },
    "address_changed": {
        "address": "bureau@lire-ensemble.example",
        "when": Say("mardi 12 janvier 2027 à 14 h 05", "Tuesday 12 January 2027 at 14:05"),
        "by_service": True,
        "reason": Say(
            "l’ancienne boîte n’existe plus ; demandé par téléphone",
            "the old mailbox is no more; asked by telephone",
        ),
        "path": "/mon-association",
    },
    "bank_details": {"account": "FR76 •••• 123", "step": "asked", "path": "/mes-coordonnees-bancaires"},
    "journal_anchor": {
        "anchor": 42,
        "anchored_at": datetime(2027, 1, 12, 23, 5, tzinfo=ZoneInfo("Europe/Paris")),
        "root": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
        "file": "anchor-000042.json",
        "digest": "4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a",
        "cases": 250,
        "lines": 3_140,
    },
    "out_of_order": {
        "code": "letters",
        **{
            f"{name}_{language}": getattr(said, language)
            for name, said in _TROUBLE.items()
            for language in ("fr", "en")
        },
    },
}
