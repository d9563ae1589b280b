"""Cutting the journal and the letters of a national service in parts, and making them whole again."""

from parvis.models import splitting
from parvis.models.queries import tending
from parvis.models.session import Database
from parvis.models.splitting import InUseError, Layout, OtherwiseCutError, Progress
from parvis.states.words import Sentence

IN_USE = Sentence(
    "Parvis tourne encore sur cette base, connexions ouvertes : {count}. Arrêter les pages, les tâches et les commandes"
    " sur toutes les machines, puis recommencer. Rien n’a été changé.",
    "Parvis still runs on this database, open connections: {count}. Stop pages, jobs and commands on every machine,"
    " then retry. Nothing was changed.",
)
HELD = Sentence(
    "Quelqu’un lit ou écrit le journal ou les lettres (une sauvegarde, psql) : attendre sa fin, puis recommencer."
    " Rien n’a été changé.",
    "Somebody reads or writes the journal or the letters (a backup, psql): wait for the end, then retry."
    " Nothing was changed.",
)
OTHERWISE = Sentence(
    "Le journal et les lettres sont déjà en {parts} parties : « parvis db join », puis recommencer.",
    "The journal and the letters are in {parts} parts already: “parvis db join”, then retry.",
)


class PartsRefusedError(Exception):
    """The tables cannot be cut or joined now; nothing was changed."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why.en)
        self.why = why


def layout(owner_url: str) -> Layout:
    """In how many parts the journal and the letters are, and what they take."""
    return splitting.layout(owner_url)


def reshape(owner_url: str, parts: int, *, progress: Progress) -> bool:
    """Cut the journal and the letters in `parts`, or make them whole with 0; False when they are so already.

    Raises:
        PartsRefusedError: somebody else is at work, or they are cut otherwise.
        AdministrationError: the account may not, or the disk is full.
    """
    try:
        return splitting.reshape(owner_url, parts, progress=progress)
    except InUseError as error:
        raise PartsRefusedError(IN_USE.fill(count=error.sessions) if error.sessions else HELD) from error
    except OtherwiseCutError as error:
        raise PartsRefusedError(OTHERWISE.fill(parts=error.parts)) from error


def tend(database: Database) -> bool:
    """Count again what PostgreSQL plans by, which it does by itself for whole tables only; False when they are."""
    with database.transaction() as session:
        return tending.analyze_cut(session)
