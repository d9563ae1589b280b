"""Every ten minutes: is everything all right? Who watches over the installation is told when it is not."""

from datetime import datetime

from prefect import flow, get_client, task
from prefect.cache_policies import NO_CACHE
from prefect.settings import PREFECT_API_URL

from parvis.flows.around import RETRIES, RETRY_DELAYS, Desk, desk, moment
from parvis.flows.dead_runs import close_dead
from parvis.services import wiring
from parvis.services.health import Examined, examine, tell
from parvis.states.health import LEVEL_WORDS, alarms
from parvis.states.words import Sentence

NAME = "watch-health"
TITLE = Sentence("Tout va-t-il bien ?", "Is everything all right?")
WHAT, STATE = Sentence("Quoi", "What"), Sentence("État", "State")
SEEN, TODO = Sentence("Constat", "Seen"), Sentence("Que faire", "What to do")
TOLD = Sentence(
    "Lettres dues à qui veille sur l’installation : {count}", "Letters owed to who watches: {count}"
)


CLOSED = Sentence(
    "Passages d’une machine qui n’est plus là, clos : {count}", "Runs of a host that is gone, closed: {count}"
)


class OutOfOrderError(Exception):
    """Something is out of order; the message says what, and what to do."""


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def close_dead_runs() -> int:
    """Close the runs of hosts that are gone, as of now whatever instant is looked at."""
    with desk() as work, get_client(sync_client=True) as prefect:
        if closed := close_dead(prefect, wiring.now()):
            work.log(CLOSED, count=closed)
        return closed


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def look(at: datetime) -> Examined:
    """Look at everything."""
    with desk() as work:
        jobs = PREFECT_API_URL.value() or ""
        return examine(work.database, work.settings.data_folder, jobs, at=at, watching=NAME)


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def owe_letters(found: Examined) -> int:
    """Owe what must be told."""
    with desk() as work, work.database.transaction() as session:
        return tell(session, found)


@flow(name=NAME)
def watch_health(at: datetime | None = None) -> Examined:
    """Look at everything as of `at` (aware), and fail with what to do where something is out of order."""
    close_dead_runs()
    found = look(moment(at))
    with desk() as work:
        work.leave_table(NAME, TITLE, found.at, _rows(work, found))
        wrong = list(alarms(found.findings))
        if wrong:
            work.log(TOLD, count=owe_letters(found))
            raise OutOfOrderError(
                " ".join(
                    f"{work.say(one.name)} : {work.say(one.seen)} {_todo(work, one.todo)}" for one in wrong
                )
            )
    return found


def _rows(work: Desk, found: Examined) -> list[dict[str, str | int]]:
    return [
        {
            work.say(WHAT): work.say(one.name),
            work.say(STATE): work.say(LEVEL_WORDS[one.level]),
            work.say(SEEN): work.say(one.seen),
            work.say(TODO): _todo(work, one.todo),
        }
        for one in found.findings
    ]


def _todo(work: Desk, todo: Sentence | None) -> str:
    return work.say(todo) if todo else ""
