"""Is everything all right? What an installation's figures mean: what is wrong, why, and what to do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from parvis.states.words import Language, Sentence, appointment

OFTEN = timedelta(minutes=30)
"""Deadlines are fired every ten minutes and letters sent every minute: three runs missed are worth a look."""
LONG = timedelta(hours=2)
"""Nobody was there to do it: people wait for a letter or a decision that does not come."""
ANCHORED, UNANCHORED = timedelta(hours=30), timedelta(days=4)
"""The journal is anchored every night: one night missed, then a long week-end."""
OPEN_TOO_LONG = timedelta(minutes=15)
LITTLE, TOO_LITTLE = 0.10, 0.03
"""Shares of the disk that are left."""


class Level(StrEnum):
    """How a thing is: well, to be looked at today, or stopped."""

    WELL = "well"
    WATCH = "watch"
    WRONG = "wrong"


LEVEL_WORDS = {
    Level.WELL: Sentence("Bien", "Well"),
    Level.WATCH: Sentence("À regarder", "To be looked at"),
    Level.WRONG: Sentence("En panne", "Out of order"),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A scheduled job that failed or is paused; `message` is what its last run said."""

    job: str
    paused: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured at one instant. Instants are aware; None where there is nothing."""

    timers_due: int = 0
    oldest_timer: datetime | None = None
    letters_due: int = 0
    oldest_letter: datetime | None = None
    letter_error: str = ""
    """What the server said of the letter that waits longest, if it said something."""
    letters_sending: int = 0
    letters_failed: int = 0
    held_since: datetime | None = None
    """When the database was restored, while letters are held back because of it."""
    journaled: bool = False
    """Whether the journal has a line."""
    anchored_at: datetime | None = None
    oldest_transaction: datetime | None = None
    database_bytes: int = 0
    disk_bytes: int = 1
    disk_free_bytes: int = 1
    jobs_seen: bool = True
    troubles: tuple[Trouble, ...] = ()
    begun: Mapping[str, datetime] = field(default_factory=dict)
    """By job, when its last run began."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its code, its name, how it is, what was seen and what to do (empty when all is well)."""

    code: str
    name: Sentence
    level: Level
    seen: Sentence
    todo: Sentence | None = None


_UP = Sentence(
    "Vérifier que « parvis up », ou le travailleur de Prefect, tourne ; puis lancer « {job} » depuis la page Travaux.",
    "Check that “parvis up”, or the Prefect worker, is running; then run “{job}” from the page Jobs.",
)
_NOTHING_LATE = Sentence("Rien n’attend.", "Nothing is waiting.")
_WAITING = Sentence(
    "{count} à faire ; la plus ancienne attend depuis le {since}.", "{count} due; the oldest since {since}."
)
_SERVER_SAYS = Sentence(
    "Le serveur de courrier a répondu : « {error} ». Vérifier PARVIS_SMTP_URL et ce serveur ; rien n’est perdu, les "
    "lettres partiront dès qu’il répondra.",
    "The mail server answered: “{error}”. Check PARVIS_SMTP_URL and that server; nothing is lost, letters leave as "
    "soon as it answers.",
)


def findings(figures: Figures, at: datetime) -> tuple[Finding, ...]:
    """Everything looked at, in a fixed order, as of `at` (aware)."""
    return (
        _deadlines(figures, at),
        _letters(figures, at),
        _refused(figures),
        _jobs(figures),
        _proof(figures, at),
        _disk(figures),
        _transactions(figures, at),
    )


def worst(found: tuple[Finding, ...]) -> Level:
    """How the whole is: as its worst part."""
    levels = {one.level for one in found}
    return next((level for level in (Level.WRONG, Level.WATCH) if level in levels), Level.WELL)


def _when(instant: datetime | None) -> Sentence:
    """The day and the hour, in Paris."""
    return (
        Sentence(appointment(instant), appointment(instant, Language.EN)) if instant else Sentence("—", "—")
    )


def _waits(figures: Figures, job: str, oldest: datetime | None, at: datetime) -> Level:
    """How long something has waited for a job; one that has just begun, as after a night switched off, catches up."""
    level, begun = _by_age(oldest, at, OFTEN, LONG), figures.begun.get(job)
    return Level.WATCH if level == Level.WRONG and begun is not None and at - begun < OFTEN else level


def _by_age(oldest: datetime | None, at: datetime, watch: timedelta, wrong: timedelta) -> Level:
    age = at - oldest if oldest else timedelta()
    return Level.WRONG if age > wrong else Level.WATCH if age > watch else Level.WELL


def _deadlines(figures: Figures, at: datetime) -> Finding:
    name = Sentence("Échéances", "Deadlines")
    level = _waits(figures, "advance-deadlines", figures.oldest_timer, at)
    if level == Level.WELL:
        return Finding("deadlines", name, level, _NOTHING_LATE)
    seen = _WAITING.fill(count=figures.timers_due, since=_when(figures.oldest_timer))
    return Finding("deadlines", name, level, seen, _UP.fill(job="advance-deadlines"))


def _letters(figures: Figures, at: datetime) -> Finding:
    name = Sentence("Lettres à envoyer", "Letters to send")
    if figures.held_since is not None:
        seen = Sentence(
            "Retenues depuis la restauration du {since} ; {count} attendent.",
            "Held back since the restoration of {since}; {count} are waiting.",
        ).fill(since=_when(figures.held_since), count=figures.letters_due)
        todo = Sentence(
            "Regarder la page Lettres, puis les laisser partir : « parvis letters release ».",
            "Look at the page Letters, then let them go: “parvis letters release”.",
        )
        return Finding("letters", name, Level.WATCH, seen, todo)
    error = figures.letter_error
    level = (_by_age(figures.oldest_letter, at, OFTEN, LONG) if error
             else _waits(figures, "send-letters", figures.oldest_letter, at))  # fmt: skip
    if level == Level.WELL:
        return Finding("letters", name, level, _NOTHING_LATE)
    seen = _WAITING.fill(count=figures.letters_due, since=_when(figures.oldest_letter))
    todo = _SERVER_SAYS.fill(error=error) if error else _UP.fill(job="send-letters")
    return Finding("letters", name, level, seen, todo)


def _refused(figures: Figures) -> Finding:
    name = Sentence("Lettres refusées", "Letters refused")
    if not figures.letters_failed:
        return Finding("refused", name, Level.WELL, Sentence("Aucune.", "None."))
    seen = Sentence(
        "{count} n’ont pas été reçues par leur destinataire.", "{count} did not reach whom they were for."
    ).fill(count=figures.letters_failed)
    todo = Sentence(
        "Page Lettres, « Refusées » : corriger l’adresse puis renvoyer, ou téléphoner.",
        "Page Letters, “Refused”: correct the address and send again, or telephone.",
    )
    return Finding("refused", name, Level.WATCH, seen, todo)


def _jobs(figures: Figures) -> Finding:
    name = Sentence("Travaux planifiés", "Scheduled jobs")
    if not figures.jobs_seen:
        seen = Sentence("Le serveur de Prefect ne répond pas.", "The Prefect server does not answer.")
        todo = Sentence(
            "Relancer « parvis up », ou le serveur Prefect ; ce qui est dû sera fait au premier passage.",
            "Start “parvis up”, or the Prefect server, again; what is due will be done by the first run.",
        )
        return Finding("jobs", name, Level.WRONG, seen, todo)
    if not figures.troubles:
        return Finding("jobs", name, Level.WELL, Sentence("Tous ont réussi.", "All succeeded."))
    seen = Sentence("En échec ou suspendus : {jobs}.", "Failed or paused: {jobs}.").fill(
        jobs=tuple(f"{one.job} ({one.message})" if one.message else one.job for one in figures.troubles)
    )
    todo = Sentence(
        "Lire la raison sur la page Travaux, puis « Lancer maintenant » ; un travail suspendu se reprend sur "
        "la page de Prefect.",
        "Read the reason on the page Jobs, then “Run now”; a paused job is resumed on Prefect’s own page.",
    )
    return Finding("jobs", name, Level.WATCH, seen, todo)


def _proof(figures: Figures, at: datetime) -> Finding:
    name = Sentence("Journal ancré", "Journal anchored")
    if not figures.journaled:
        return Finding("proof", name, Level.WELL, Sentence("Rien à ancrer encore.", "Nothing to anchor yet."))
    if figures.anchored_at is None:
        level, seen = Level.WATCH, Sentence("Jamais encore.", "Never yet.")
    else:
        level = _by_age(figures.anchored_at, at, ANCHORED, UNANCHORED)
        seen = Sentence("Dernière ancre le {at}.", "Last anchor: {at}.").fill(at=_when(figures.anchored_at))
    todo = None
    if level != Level.WELL:
        todo = Sentence(
            "Lancer « watch-journal » ; s’il échoue, « parvis journal verify » nomme la première ligne fausse.",
            "Run “watch-journal”; if it fails, “parvis journal verify” names the first bad line.",
        )
    return Finding("proof", name, level, seen, todo)


def _disk(figures: Figures) -> Finding:
    name = Sentence("Place sur le disque", "Room on the disk")
    left = figures.disk_free_bytes / max(figures.disk_bytes, 1)
    level = Level.WRONG if left < TOO_LITTLE else Level.WATCH if left < LITTLE else Level.WELL
    seen = Sentence(
        "{percent} % libres, soit {free} Go ; la base occupe {database} Mo.",
        "{percent}% free, that is {free} GB; the database takes {database} MB.",
    ).fill(
        percent=int(left * 100),
        free=figures.disk_free_bytes // 10**9,
        database=figures.database_bytes // 10**6,
    )
    todo = None
    if level != Level.WELL:
        todo = Sentence(
            "Libérer de la place avant que rien ne puisse plus s’écrire : anciennes sauvegardes, journaux techniques.",
            "Make room before nothing can be written any more: old backups, old technical logs.",
        )
    return Finding("disk", name, level, seen, todo)


def _transactions(figures: Figures, at: datetime) -> Finding:
    name = Sentence("Transactions ouvertes", "Open transactions")
    if _by_age(figures.oldest_transaction, at, OPEN_TOO_LONG, timedelta.max) == Level.WELL:
        return Finding("transactions", name, Level.WELL, Sentence("Aucune ne traîne.", "None lingers."))
    seen = Sentence("Une est ouverte depuis le {since}.", "One has been open since {since}.").fill(
        since=_when(figures.oldest_transaction)
    )
    todo = Sentence(
        "Elle empêche PostgreSQL de faire le ménage : chercher qui l’a ouverte (vue pg_stat_activity) et l’arrêter.",
        "It keeps PostgreSQL from cleaning up: find who opened it (view pg_stat_activity) and end it.",
    )
    return Finding("transactions", name, Level.WATCH, seen, todo)


def alarms(found: tuple[Finding, ...]) -> Iterator[Finding]:
    """What somebody must be told of at once."""
    return (one for one in found if one.level == Level.WRONG)
