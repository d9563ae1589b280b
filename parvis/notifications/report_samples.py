"""Invented facts for the letters that follow a decision: reports, dates, the end of a case."""

from datetime import date

from parvis.states.words import Sentence as Say

AFTER_THE_DECISION: dict[str, dict[str, object]] = {
    "closed": {
        "total_cents": 1_050_050,
        "score": 82,
        "reason": Say(
            "L’action a tenu ses promesses ; la moitié des jeunes a trouvé un stage.",
            "The action kept its promises; half of the young people found a placement.",
        ),
    },
    "recovery_order": {
        "order": "R000042",
        "funder": Say("Ville d’Amiens", "City of Amiens"),
        "total_cents": 20_000,
        "deadline": date(2028, 9, 11),
    },
    "interim_asked": {
        "deadline": date(2027, 9, 30),
        "reason": Say("Un point sur les premiers ateliers.", "How the first workshops went."),
    },
    "interim_received": {},
    "interim_corrections": {
        "reason": Say(
            "Dire combien de jeunes sont venus à chaque atelier.", "Say how many came to each workshop."
        ),
        "deadline": date(2027, 10, 31),
    },
    "interim_accepted": {
        "balance_cents": 315_015,
        "deadline": date(2027, 12, 6),
        "next_due": date(2028, 6, 30),
    },
    "interim_reminder": {"deadline": date(2027, 9, 30), "late": False, "days_late": 0},
    "interim_late": {"deadline": date(2027, 9, 30), "days_late": 61},
    "payments_late": {
        "cases": 3,
        "total_cents": 1_840_000,
        "deadline": date(2027, 11, 15),
        "days_late": 4,
        "path": "/paiements",
        "new": True,
    },
    "report_received": {},
    "report_reminder": {"report_due": date(2028, 6, 30), "late": False, "days_late": 0},
    "report_late": {"report_due": date(2028, 6, 30), "days_late": 15},
    "report_corrections": {
        "reason": Say(
            "Le compte 641 dépasse le budget de 4 000 € : dire pourquoi, et joindre les fiches de paie.",
            "Account 641 is €4,000 over budget: say why, and attach the pay slips.",
        ),
        "deadline": date(2028, 8, 31),
    },
    "report_accepted": {"balance_cents": 168_000, "repay_cents": 0, "deadline": date(2028, 9, 11)},
    "not_carried_out_noted": {
        "reason": Say("L’animateur est parti en février.", "The leader left in February."),
    },
    "new_dates_granted": {"ends_on": date(2028, 6, 30), "report_due": date(2029, 6, 30)},
    "new_dates_refused": {
        "reason": Say("Les crédits sont annuels.", "The credits are for one year."),
        "report_due": date(2028, 6, 30),
    },
}
