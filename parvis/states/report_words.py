"""The closed sets of a report: which one, by which way out, where it stands, with the words people read for them."""

from enum import StrEnum

from parvis.states.words import Sentence


class ReportKind(StrEnum):
    """The report half-way, where the call pays an instalment on it, or the final one (loi 2000-321 art. 10)."""

    INTERIM = "interim"
    FINAL = "final"


class Way(StrEnum):
    """The three ways out, as on the State's portal."""

    REPORT = "report"
    NOT_CARRIED_OUT = "not_carried_out"
    CHANGE_OF_DATES = "change_of_dates"


class ReportState(StrEnum):
    """Where a report stands."""

    ASKED = "asked"
    DRAFT = "draft"
    RECEIVED = "received"
    CORRECTIONS_ASKED = "corrections_asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WAIVED = "waived"


CLOSED = frozenset({ReportState.ACCEPTED, ReportState.REFUSED, ReportState.WAIVED})
"""States in which nothing more is awaited of it."""

WAY_WORDS: dict[str, Sentence] = {
    Way.REPORT: Sentence("l’action a eu lieu : son bilan", "the action took place: its report"),
    Way.NOT_CARRIED_OUT: Sentence(
        "l’action n’a pas eu lieu : une attestation", "the action did not take place: an attestation"
    ),
    Way.CHANGE_OF_DATES: Sentence(
        "l’action aura lieu plus tard : d’autres dates", "the action will take place later: other dates"
    ),
}
REPORT_STATE_WORDS: dict[str, Sentence] = {
    ReportState.ASKED: Sentence("attendu", "awaited"),
    ReportState.DRAFT: Sentence("commencé", "begun"),
    ReportState.RECEIVED: Sentence("reçu", "received"),
    ReportState.CORRECTIONS_ASKED: Sentence("à corriger", "to be corrected"),
    ReportState.ACCEPTED: Sentence("accepté", "accepted"),
    ReportState.REFUSED: Sentence("refusé", "refused"),
    ReportState.WAIVED: Sentence("sans objet", "no longer awaited"),
}
REPORT_KIND_WORDS: dict[str, Sentence] = {
    ReportKind.INTERIM: Sentence("bilan intermédiaire", "interim report"),
    ReportKind.FINAL: Sentence("bilan final", "final report"),
}
