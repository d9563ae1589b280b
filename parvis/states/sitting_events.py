"""What can happen to a sitting of a committee besides its cases: the closed set its journal is written in. Pure."""

from enum import StrEnum

from parvis.states.words import Sentence


class SittingEvent(StrEnum):
    """One kind of line of a sitting's journal."""

    AGENDA_FILLED = "agenda_filled"
    AGENDA_ORDERED = "agenda_ordered"
    AGENDA_CLOSED = "agenda_closed"
    AGENDA_REOPENED = "agenda_reopened"
    CASE_CARRIED = "case_carried"
    CASE_REMOVED = "case_removed"
    SUMMONED = "summoned"
    MOVED = "moved"
    CONFLICTS_FOUND = "conflicts_found"
    INTERESTS_DECLARED = "interests_declared"
    RECUSAL_CONFIRMED = "recusal_confirmed"
    RECUSAL_DISMISSED = "recusal_dismissed"
    PACKET_BUILT = "packet_built"
    PROGRAMMED = "programmed"
    OPENED = "opened"
    ATTENDANCE = "attendance"
    DECISION = "decision"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MINUTES_MADE = "minutes_made"
    FILE_ADDED = "file_added"
    ANONYMISED = "anonymise"


EVENT_WORDS: dict[SittingEvent, Sentence] = {
    SittingEvent.AGENDA_FILLED: Sentence("ordre du jour complété", "agenda filled"),
    SittingEvent.AGENDA_ORDERED: Sentence("ordre du jour réordonné", "agenda reordered"),
    SittingEvent.AGENDA_CLOSED: Sentence("ordre du jour clos", "agenda closed"),
    SittingEvent.AGENDA_REOPENED: Sentence("ordre du jour rouvert", "agenda reopened"),
    SittingEvent.CASE_REMOVED: Sentence("dossier retiré de l’ordre du jour", "case taken off the agenda"),
    SittingEvent.CASE_CARRIED: Sentence(
        "dossier reporté à une autre séance", "case carried to another session"
    ),
    SittingEvent.SUMMONED: Sentence("convocation envoyée", "summons sent"),
    SittingEvent.MOVED: Sentence("séance déplacée", "session moved"),
    SittingEvent.CONFLICTS_FOUND: Sentence("conflits d’intérêts proposés", "conflicts of interest proposed"),
    SittingEvent.INTERESTS_DECLARED: Sentence("intérêts déclarés", "interests declared"),
    SittingEvent.RECUSAL_CONFIRMED: Sentence("déport confirmé", "recusal confirmed"),
    SittingEvent.RECUSAL_DISMISSED: Sentence("déport écarté", "recusal dismissed"),
    SittingEvent.PACKET_BUILT: Sentence("dossier de séance établi", "packet built"),
    SittingEvent.PROGRAMMED: Sentence("programmation envoyée au comité", "programming sent to the committee"),
    SittingEvent.OPENED: Sentence("séance ouverte", "session opened"),
    SittingEvent.ATTENDANCE: Sentence("présences relevées", "attendance recorded"),
    SittingEvent.DECISION: Sentence("décision enregistrée", "decision recorded"),
    SittingEvent.CLOSED: Sentence("séance close", "session closed"),
    SittingEvent.CANCELLED: Sentence("séance annulée", "session cancelled"),
    SittingEvent.MINUTES_MADE: Sentence("procès-verbal établi", "minutes made"),
    SittingEvent.FILE_ADDED: Sentence("fichier joint", "file added"),
    SittingEvent.ANONYMISED: Sentence(
        "motifs effacés, au terme de leur durée", "reasons erased, their time being over"
    ),
}
