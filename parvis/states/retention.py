"""What is kept for a time: its kinds, what becomes of each in the end, and their words."""

from collections.abc import Mapping
from enum import StrEnum

from parvis.states.words import Sentence


class FinalSort(StrEnum):
    """What becomes of papers in the end: destroyed with the visa of the Archives, or handed over to them."""

    DESTROYED = "destroyed"
    KEPT = "kept"


class Kind(StrEnum):
    """What is proposed, and done once a manager approved it."""

    GRANTED = "granted"
    REFUSED = "refused"
    DRAFTS = "drafts"
    AGREEMENTS = "agreements"
    PACKETS = "packets"
    PEOPLE = "people"


class Trace(StrEnum):
    """What goes by itself, because nobody decides on it."""

    VISITS = "visits"
    SESSIONS = "sessions"
    LINKS = "links"
    NOTICES = "notices"
    INBOX = "inbox"


KIND_WORDS: Mapping[str, Sentence] = {
    Kind.GRANTED: Sentence("Dossiers financés", "Funded cases"),
    Kind.REFUSED: Sentence("Dossiers sans suite", "Cases without a grant"),
    Kind.DRAFTS: Sentence("Brouillons jamais déposés", "Drafts never submitted"),
    Kind.AGREEMENTS: Sentence("Conventions", "Agreements"),
    Kind.PACKETS: Sentence("Dossiers de séance", "Packets of sittings"),
    Kind.PEOPLE: Sentence("Personnes qui ne sont plus au contrat", "People no longer in the contract"),
    Trace.VISITS: Sentence("Journal des accès", "Log of access"),
    Trace.SESSIONS: Sentence("Sessions closes", "Ended sessions"),
    Trace.LINKS: Sentence("Liens, invitations et jetons périmés", "Expired links, invitations and tokens"),
    Trace.NOTICES: Sentence(
        "Lettres hors dossier et leurs suites", "Letters about no case, and what follows them"
    ),
    Trace.INBOX: Sentence("Fichiers importés", "Imported files"),
}

SORT_WORDS: Mapping[str, Sentence] = {
    FinalSort.DESTROYED: Sentence(
        "éliminé, avec le visa des Archives", "destroyed, with the visa of the Archives"
    ),
    FinalSort.KEPT: Sentence("versé aux Archives", "handed over to the Archives"),
}
