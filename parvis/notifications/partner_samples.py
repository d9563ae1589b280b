"""Invented facts for the letters about partners, and about the first contact with an officer."""

from datetime import date

from parvis.states.words import Sentence as Say

_NO_MORE = Say("Notre salariée est partie.", "Our employee has left.")
_PARTNER: dict[str, object] = {
    "partner": "Centre social Étouvie",
    "signer": Say("Zoé Petit, présidente", "Zoé Petit, president"),
    "declined": False,
    "total_cents": 400_050,
    "granted_cents": 0,
    "awaited": ["Régie des Cèdres"],
}

PARTS = [
    {"name": "Association Les Jardins d’Étouvie", "amount_cents": 650_000},
    {"name": "Centre social Étouvie", "amount_cents": 400_050},
]
"""What each association of a proposal is granted."""

PARTNER_SAMPLES: dict[str, dict[str, object]] = {
    "partner_invited": {
        "path": "/lien/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0",
        "deadline": date(2027, 3, 30),
        "total_cents": 400_050,
    },
    "partner_reminder": {"deadline": date(2027, 3, 30), "late": False, "days_late": 0},
    "partner_confirmed": _PARTNER,
    "partner_added": {"partner": "Centre social Étouvie", "total_cents": 400_050},
    "partner_left": _PARTNER | {"reason": _NO_MORE},
    "partner_told": {
        "outcome": "reject",
        "reason": Say(
            "Budget trop élevé pour le public touché.", "The budget is too high for the people reached."
        ),
    },
    "partner_granted": {"total_cents": 400_050, "conditions": "", "agreement": False},
    "contact_requested": {
        "reason": Say(
            "Des ateliers de réparation le mercredi. Joignable le matin.",
            "Repair workshops on Wednesdays. To be reached in the morning.",
        )
    },
    "contact_recorded": {
        "contact_on": date(2027, 1, 8),
        "reason": Say(
            "L’action entre dans l’appel. Ajouter le partenariat avec le centre social.",
            "The action fits the call. Add the partnership with the social centre.",
        ),
    },
}
