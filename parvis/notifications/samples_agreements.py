"""Invented facts for the letters about agreements of several years and about renewals."""

from datetime import date

from parvis.states.words import Sentence as Say

AGREEMENT: dict[str, object] = {
    "reference": "CONV-00012",
    "title": "Centre social du Pigeonnier",
    "starts_on": date(2027, 1, 1),
    "ends_on": date(2029, 12, 31),
    "evaluation_on": date(2029, 3, 30),
    "request_on": date(2029, 6, 29),
    "decision_on": date(2029, 9, 28),
}

RENEWAL_DATA: dict[str, dict[str, object]] = {
    "action_renewed": {
        "request": "CV28-000012",
        "next_call": Say("Appel à projets 2028", "Call for projects 2028"),
        "deadline": date(2028, 1, 31),
        "path": "/dossiers/CV28-000012",
    },
}

AGREEMENT_DATA: dict[str, dict[str, object]] = {
    "agreement_active": {
        "renews": True,
        "years": [
            {
                "number": 1,
                "starts_on": date(2027, 1, 1),
                "ends_on": date(2027, 12, 31),
                "firm": True,
                "total_cents": 4_200_000,
            },
            {
                "number": 2,
                "starts_on": date(2028, 1, 1),
                "ends_on": date(2028, 12, 31),
                "firm": False,
                "total_cents": 4_200_000,
            },
        ],
    },
    "renewal_opened": {"reports": "ANNUEL-2026-00031, ANNUEL-2026-00058"},
    "evaluation_reminder": {"deadline": date(2029, 3, 30), "late": False, "days_late": 0},
    "request_reminder": {"deadline": date(2029, 6, 29), "late": True, "days_late": 15},
    "renewal_ready": {"request": "CONVENTIONS-2030-00004", "deadline": date(2029, 10, 30)},
    "agreement_ended": {},
    "agreement_terminated": {
        "reason": Say("L’association cesse son activité.", "The association is closing down."),
        "last_day": date(2028, 6, 30),
        "never_began": False,
    },
    "agreement_amended": {
        "version": 2,
        "reason": Say("Un second lieu d’accueil ouvre à Étouvie.", "A second venue opens in Étouvie."),
        "new_end": date(2030, 6, 30),
        "year": 2,
        "grants": [{"funder": "Amiens Métropole", "amount_cents": 2_600_000}],
        "total_cents": 2_600_000,
    },
    "agreement_year": {
        "year": 2,
        "grants": [
            {"funder": "Amiens Métropole", "amount_cents": 2_600_000},
            {"funder": "CAF de la Somme", "amount_cents": 1_850_050},
        ],
        "total_cents": 4_450_050,
    },
    "approval_reminder": {"deadline": date(2028, 12, 31), "late": False, "days_late": 0},
    "review_reminder": {"deadline": date(2027, 10, 29), "late": False, "days_late": 0},
    "agreement_late": {
        "stage_label": Say("en renouvellement", "in renewal"),
        "deadline": date(2029, 9, 28),
        "days_late": 12,
    },
}
