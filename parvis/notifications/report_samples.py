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
