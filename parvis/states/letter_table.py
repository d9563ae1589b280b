"""The table of moves of a letter, from owed to sent; same interpreter as the cases."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from parvis.states.stages import Role as R
from parvis.states.table import Care, Guard, Move, Table
from parvis.states.words import Sentence


class LetterStage(StrEnum):
    """Where a letter stands."""

    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GATHERED = "gathered"
    DROPPED = "dropped"


class LetterAction(StrEnum):
    """What happens to a letter."""

    CLAIM = "claim"
    ACCEPT = "accept"
    RETRY = "retry"
    REFUSE = "refuse"
    RECOVER = "recover"
    GATHER = "gather"
    SNOOZE = "snooze"
    DROP = "drop"
    RESEND = "resend"


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """A letter as the guards see it; instants are aware UTC."""

    stage: LetterStage
    at: datetime
    version: int = 0
    not_before: datetime | None = None
    lease_until: datetime | None = None
    digest: bool = False
    reason: str = ""


DUE = Guard[LetterFacts](
    "letter_due",
    Sentence("heure d’envoi venue", "time to send come"),
    lambda f: f.not_before is None or f.not_before <= f.at,
    Sentence("Cette lettre attend le {not_before}.", "This letter waits until {not_before}."),
)
LEASE_OVER = Guard[LetterFacts](
    "lease_over",
    Sentence("bail d’envoi expiré", "sending lease over"),
    lambda f: f.lease_until is not None and f.lease_until <= f.at,
    Sentence("Un envoi est en cours jusqu’au {lease_until}.", "It is being sent until {lease_until}."),
)
DIGESTED = Guard[LetterFacts](
    "digest",
    Sentence("destinataire au récapitulatif", "recipient reads a digest"),
    lambda f: f.digest,
    Sentence("Ce destinataire reçoit ses lettres une à une.", "This person receives letters one at a time."),
)
SAID_WHY = Guard[LetterFacts](
    "reason_given",
    Sentence("motif indiqué", "reason given"),
    lambda f: bool(f.reason.strip()),
    Sentence("Indiquer le motif.", "Give the reason."),
)

S, A = LetterStage, LetterAction
STAFF = (R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR)

LETTERS = Table[LetterFacts](
    name="letter",
    title=Sentence("Lettre", "Letter"),
    initial=S.OWED,
    stages=S,
    actions=A,
    words={
        S.OWED: Sentence("à envoyer", "owed"),
        S.SENDING: Sentence("en cours d’envoi", "sending"),
        S.SENT: Sentence("envoyée", "sent"),
        S.FAILED: Sentence("en échec", "failed"),
        S.GATHERED: Sentence("réunie au récapitulatif", "gathered in a digest"),
        S.DROPPED: Sentence("écartée", "dropped"),
        A.CLAIM: Sentence("prendre en charge", "claim"),
        A.ACCEPT: Sentence("constater l’acceptation", "accept"),
        A.RETRY: Sentence("remettre à plus tard", "retry"),
        A.REFUSE: Sentence("constater le refus", "refuse"),
        A.RECOVER: Sentence("reprendre un envoi interrompu", "recover"),
        A.GATHER: Sentence("réunir au récapitulatif", "gather"),
        A.SNOOZE: Sentence("reporter", "snooze"),
        A.DROP: Sentence("écarter", "drop"),
        A.RESEND: Sentence("renvoyer", "resend"),
    },
    moves=(
        Move(A.CLAIM, (S.OWED,), S.SENDING, (R.DISPATCHER,), only_if=(DUE,)),
        Move(A.ACCEPT, (S.SENDING,), S.SENT, (R.DISPATCHER,)),
        Move(A.RETRY, (S.SENDING,), S.OWED, (R.DISPATCHER,),
             then=Sentence("attente croissante", "growing wait")),
        Move(A.REFUSE, (S.SENDING,), S.FAILED, (R.DISPATCHER,),
             then=Sentence("tâche « appeler cette association »", "task “call this association”")),
        Move(A.RECOVER, (S.SENDING,), S.OWED, (R.DISPATCHER,), only_if=(LEASE_OVER,)),
        Move(A.GATHER, (S.OWED,), S.GATHERED, (R.CLOCK,), only_if=(DIGESTED,)),
        Move(A.SNOOZE, (S.OWED,), None, STAFF),
        Move(A.DROP, (S.OWED, S.FAILED), S.DROPPED, STAFF, only_if=(SAID_WHY,)),
        Move(A.RESEND, (S.FAILED,), S.OWED, STAFF),
    ),
    care={
        S.OWED: Care(R.DISPATCHER, Sentence("prochain passage de l’expédition", "next run of the dispatcher")),
        S.SENDING: Care(R.DISPATCHER, Sentence("fin du bail d’envoi", "end of the sending lease")),
        S.FAILED: Care(R.INSTRUCTOR, Sentence("tâche ouverte chez l’instructeur", "task open for the instructor")),
    },
)  # fmt: skip
