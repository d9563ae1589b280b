"""The table of moves of a sitting, from planned to closed; same interpreter as the cases."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from parvis.states.calendar import paris_day
from parvis.states.stages import Role as R
from parvis.states.table import Care, Guard, Move, Table
from parvis.states.words import Sentence


class SittingStage(StrEnum):
    """Where a sitting stands; told by the instants its row holds."""

    PLANNED = "planned"
    SUMMONED = "agenda_closed"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class SittingAction(StrEnum):
    """What is done to a sitting."""

    CLOSE_AGENDA = "close_agenda"
    REOPEN_AGENDA = "reopen_agenda"
    OPEN = "open_session"
    CLOSE = "close_session"
    CANCEL = "cancel_session"
    ATTEND = "attend"
    DECIDE = "decide"
    ORDER = "order"
    MOVE = "move"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """A sitting as the guards see it; instants are aware UTC, days are those of Paris."""

    stage: SittingStage
    at: datetime
    version: int = 0
    held_on: date | None = None
    not_recorded: tuple[str, ...] = ()
    reason: str = ""

    @property
    def today(self) -> date:
        """The Paris day of `at`."""
        return paris_day(self.at)


def sitting_stage(
    *, agenda_open: bool, held_at: datetime | None, closed_at: datetime | None, cancelled_at: datetime | None
) -> SittingStage:
    """The stage the instants of a sitting tell."""
    if cancelled_at is not None:
        return SittingStage.CANCELLED
    if closed_at is not None:
        return SittingStage.CLOSED
    if held_at is not None:
        return SittingStage.OPEN
    return SittingStage.PLANNED if agenda_open else SittingStage.SUMMONED


DAY_COME = Guard[SittingFacts](
    "session_to_come",
    Sentence("jour de la séance venu", "day of the session come"),
    lambda f: f.held_on is not None and f.held_on <= f.today,
    Sentence(
        "La séance est prévue le {held_on} : l’ouvrir ce jour-là ou après.",
        "The session is planned for {held_on}: open it on that day or later.",
    ),
)
ATTENDANCE_TAKEN = Guard[SittingFacts](
    "attendance_taken",
    Sentence("présences relevées", "attendance recorded"),
    lambda f: not f.not_recorded,
    Sentence(
        "Présences non relevées : {not_recorded}. Dire qui est présent, excusé ou absent.",
        "Attendance not recorded: {not_recorded}. Say who is present, excused or absent.",
    ),
)
SAID_WHY = Guard[SittingFacts](
    "reason_given",
    Sentence("motif indiqué", "reason given"),
    lambda f: bool(f.reason.strip()),
    Sentence("Indiquer le motif.", "Give the reason."),
)

S, A = SittingStage, SittingAction
AHEAD = (S.PLANNED, S.SUMMONED)

SITTINGS = Table[SittingFacts](
    name="sitting",
    title=Sentence("Séance", "Session"),
    initial=S.PLANNED,
    stages=S,
    actions=A,
    words={
        S.PLANNED: Sentence("prévue", "planned"),
        S.SUMMONED: Sentence("ordre du jour clos", "agenda closed"),
        S.OPEN: Sentence("ouverte", "open"),
        S.CLOSED: Sentence("close", "closed"),
        S.CANCELLED: Sentence("annulée", "cancelled"),
        A.CLOSE_AGENDA: Sentence("clore l’ordre du jour", "close the agenda"),
        A.REOPEN_AGENDA: Sentence("rouvrir l’ordre du jour", "reopen the agenda"),
        A.OPEN: Sentence("ouvrir la séance", "open the session"),
        A.CLOSE: Sentence("clore la séance", "close the session"),
        A.CANCEL: Sentence("annuler la séance", "cancel the session"),
        A.ATTEND: Sentence("relever les présences", "record attendance"),
        A.ORDER: Sentence("réordonner l’ordre du jour", "reorder the agenda"),
        A.MOVE: Sentence("changer le jour, l’heure ou le lieu", "change the day, time or place"),
        A.SETTLE: Sentence("trancher un conflit d’intérêts", "settle a conflict of interest"),
        A.DECIDE: Sentence("enregistrer une décision", "record a decision"),
    },
    moves=(
        Move(A.CLOSE_AGENDA, (S.PLANNED,), S.SUMMONED, (R.SECRETARY, R.CLOCK)),
        Move(A.REOPEN_AGENDA, (S.SUMMONED,), S.PLANNED, (R.SECRETARY,), only_if=(SAID_WHY,)),
        Move(A.OPEN, AHEAD, S.OPEN, (R.SECRETARY,), only_if=(DAY_COME,),
             then=Sentence("l’ordre du jour est clos", "the agenda is closed")),
        Move(A.CLOSE, (S.OPEN,), S.CLOSED, (R.SECRETARY,), only_if=(ATTENDANCE_TAKEN,),
             then=Sentence(
                 "toutes les décisions s’appliquent et le procès-verbal s’écrit, ou rien",
                 "every decision is applied and the minutes are written, or nothing is",
             )),
        Move(A.CANCEL, AHEAD, S.CANCELLED, (R.SECRETARY,), only_if=(SAID_WHY,)),
        Move(A.MOVE, AHEAD, None, (R.SECRETARY,),
             then=Sentence("les membres convoqués en sont avertis", "members already summoned are told")),
        Move(A.ORDER, AHEAD, None, (R.SECRETARY,)),
        Move(A.SETTLE, (*AHEAD, S.OPEN), None, (R.SECRETARY,)),
        Move(A.ATTEND, (*AHEAD, S.OPEN), None, (R.SECRETARY,)),
        Move(A.DECIDE, (S.OPEN,), None, (R.SECRETARY,)),
    ),
    care={
        S.PLANNED: Care(R.SECRETARY, Sentence("clôture de l’ordre du jour", "closing of the agenda")),
        S.SUMMONED: Care(R.SECRETARY, Sentence("jour de la séance", "day of the session")),
        S.OPEN: Care(R.SECRETARY, Sentence("délai de décision après la séance", "delay to decide after the session")),
    },
)  # fmt: skip
