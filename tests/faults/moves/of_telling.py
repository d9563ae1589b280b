"""What is told to others: webhooks, digests, letters that leave and come back, the register, Démarche numérique."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from parvis.models.session import Database
from parvis.notifications.bounces import read_bounces
from parvis.notifications.delivery import Confirm, Deferred, Delivery, Refused, unconcerned
from parvis.services import bounces, digests, jobs, letters
from parvis.services.bank_keys import Ring
from parvis.services.demarches.asking import Platform
from parvis.services.demarches.calling import Caller as DemarcheCaller
from parvis.services.demarches.jobs import follow_demarches
from parvis.services.outbox import LEASE, Dispatcher
from parvis.services.settings import Settings
from parvis.services.sirene import SearchApi, look
from parvis.services.webhooks import endpoints
from parvis.services.webhooks.calling import Caller, networks
from parvis.services.webhooks.delivering import Courier
from parvis.services.webhooks.endpoints import NoSuchEndpointError, Wanted
from parvis.states.facts import Given
from parvis.states.stages import Action
from tests.faults.moves.act import Act, folder, in_one
from tests.faults.moves.of_money import KEY
from tests.services.demarches.conftest import FORM
from tests.services.demarches.there import TOKEN, There, served
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.files.samples import pdf
from tests.services.receiver import Receiver, receiving
from tests.services.retention_story import MANAGER
from tests.services.test_bounces import report, sent
from tests.services.test_bounces import taken as bounced
from tests.services.test_sirene import SIRET, UNIT, answering

AT, NOON = moment("2026-06-02"), moment("2026-06-01 12:00")
RING = Ring([KEY])
WANTED = Wanted("Tableau de bord", "https://outil.example/parvis", ("case.*",))
FORMED = {**CONTRACT, "calls": [{**CONTRACT["calls"][0], "opens_on": "2024-01-01", "demarche": FORM}]}


def registered(desk: Desk, url: str = WANTED.url) -> tuple[()]:
    """A tool is told of cases."""
    wanted, at = Wanted(WANTED.name, url, WANTED.types), moment("2026-05-01")
    in_one(desk.database, lambda session: endpoints.register(session, RING, 1, wanted, by=MANAGER, at=at))
    return ()


def owed(desk: Desk) -> tuple[()]:
    """Two events are owed to it."""
    registered(desk)
    desk.ready_case()
    return ()


def owed_to(desk: Desk, tool: Receiver) -> tuple[()]:
    """Events are owed to a tool that answers."""
    registered(desk, tool.url)
    desk.submitted_case()
    return ()


def paused(desk: Desk) -> tuple[()]:
    """It is told nothing for a while, and misses something."""
    registered(desk)
    pause(desk.database)
    desk.submitted_case()
    return ()


def failed(desk: Desk) -> tuple[()]:
    """What was owed to it did not arrive."""
    owed(desk)
    desk.run("UPDATE webhook_deliveries SET state = 'failed'")
    return ()


def register(database: Database) -> None:
    in_one(database, lambda session: endpoints.register(session, RING, 1, WANTED, by=MANAGER, at=AT))


def change(database: Database) -> None:
    wanted = Wanted("Autre", "https://autre.example/", ("sitting.*",))
    in_one(database, lambda session: endpoints.change(session, 1, 1, wanted))


def rotate(database: Database) -> None:
    in_one(database, lambda session: endpoints.rotate(session, RING, 1, 1, at=AT))


def pause(database: Database) -> None:
    in_one(database, lambda session: endpoints.pause(session, 1, 1, at=moment("2026-05-02")))


def resume(database: Database) -> None:
    in_one(database, lambda session: endpoints.resume(session, 1, 1, at=AT))


def remove(database: Database) -> None:
    in_one(database, lambda session: endpoints.remove(session, 1, 1, at=AT))


def try_out(database: Database) -> None:
    in_one(database, lambda session: endpoints.test(session, 1, 1, at=AT))


def redeliver(database: Database) -> None:
    in_one(database, lambda session: endpoints.redeliver(session, 1, 1, None, at=AT))


def deliver(database: Database, *, minutes: int = 0) -> None:
    """One run; what a run that was cut had taken is free after its lease."""
    at = NOON + timedelta(minutes=minutes)
    caller = Caller(5, networks("127.0.0.1"))
    asyncio.run(Courier(database, caller, lambda: RING, lambda: at, "t").run())


def waiting(desk: Desk) -> tuple[Path]:
    """Letters wait."""
    desk.submitted_case()
    return (folder(),)


def send(database: Database, place: Path, *, minutes: int = 0) -> None:
    """One run of what sends letters; what a run that was cut had taken is free after its lease."""
    chosen = Settings(data_folder=place, smtp_connections=1, smtp_url=None)
    at = NOON + timedelta(minutes=minutes)
    jobs.send_letters(database, chosen, lambda: at, by="t")


@dataclass(frozen=True)
class Says:
    """A server that answers the same of every letter."""

    answer: Deferred | Refused

    async def deliver(
        self, message: bytes, sender: str, recipient: str, *, confirm: Confirm = unconcerned
    ) -> Delivery:
        """Take nothing."""
        del message, sender, recipient, confirm
        return self.answer

    async def close(self) -> None:
        """Let go of nothing."""


def answered(database: Database, _: Path, *, answer: Deferred | Refused, minutes: int = 0) -> None:
    """One run towards a server that takes nothing."""
    at = NOON + timedelta(minutes=minutes)
    asyncio.run(Dispatcher(database, Says(answer), lambda: at, "t", lanes=1).run(limit=1))


def leased(desk: Desk) -> tuple[Path]:
    """Another had taken them, and its lease is over."""
    told = waiting(desk)
    claimed = moment("2026-06-01 11:00")
    in_one(
        desk.database, lambda session: letters.claim_due(session, by="gone", at=claimed, lease=LEASE, limit=9)
    )
    return told


def digested(desk: Desk) -> tuple[()]:
    """Paul reads one mail in the morning; an opinion is asked of him."""
    desk.run("UPDATE people SET delivery = 'digest' WHERE role = 'funder'")
    case = desk.submitted_case()
    desk.move(case, Action.ASK_OPINIONS, given=Given(funder_ids=(1,)))
    return ()


def digest(database: Database) -> None:
    in_one(database, lambda session: digests.morning(session, at=moment("2026-06-02 07:30")))


def returned(desk: Desk) -> tuple[bytes]:
    """A letter came back."""
    return (report(sent(desk)),)


def held_back(desk: Desk) -> tuple[bytes]:
    """And holds the next ones back."""
    (raw,) = returned(desk)
    bounced(desk, raw)
    return (raw,)


def take_back(database: Database, raw: bytes) -> None:
    in_one(database, lambda session: bounces.take(session, read_bounces(raw), at=AT))


def lift(database: Database, _: bytes) -> None:
    in_one(database, lambda session: bounces.lift(session, "contact@asso.example", by="person:4", at=AT))


@contextmanager
def registry() -> Iterator[Receiver]:
    """A register of organisations that knows one."""
    with receiving() as register:
        register.answer = answering(UNIT)
        yield register


def asked_of(desk: Desk, register: Receiver) -> tuple[str]:
    """Its address."""
    desk.submitted_case()
    return (f"http://127.0.0.1:{register.port}",)


def ask_register(database: Database, url: str) -> None:
    look(database, SearchApi(url), SIRET, at=AT)


def formed(_: Desk, there: There) -> tuple[str, Path]:
    """A dossier with its files waits on Démarche numérique."""
    there.add(7, "2026-05-20T08:00:00Z")
    there.keep("exemple.pdf", pdf())
    return there.address, folder()


def follow(database: Database, address: str, place: Path) -> None:
    caller = DemarcheCaller(f"{address}/api/v2/graphql", TOKEN, lambda _: None, seconds=5, tries=1)
    chosen = Settings.model_validate({"data_folder": place, "demarche_token": "jeton"})
    follow_demarches(database, chosen, moment("2026-06-01"), platform=Platform(caller, 100))


SAID_AGAIN = {
    "register": frozenset({"webhook_endpoints", "webhook_secrets"}), "try-out": frozenset({"webhook_deliveries"}),
    "rotate": frozenset({"webhook_secrets"}),
}  # fmt: skip
_HOOKS: list[tuple[str, Callable[[Desk], tuple[Any, ...]], Callable[..., None]]] = [
    ("register", lambda _: (), register), ("change", registered, change), ("rotate", registered, rotate),
    ("pause", owed, pause), ("resume", paused, resume), ("remove", owed, remove), ("try-out", registered, try_out),
    ("redeliver", failed, redeliver),
]  # fmt: skip
_LETTERS: list[tuple[str, Callable[[Desk], tuple[Path]], Callable[..., None]]] = [
    ("accept", waiting, send),
    ("recover", leased, send),
    ("retry", waiting, partial(answered, answer=Deferred(451, "later"))),
    ("refuse", waiting, partial(answered, answer=Refused(550, "nobody"))),
]
ACTS = [
    *(Act("webhook", name, given, does, there=(NoSuchEndpointError,), twice=SAID_AGAIN.get(name, frozenset()))
      for name, given, does in _HOOKS),
    Act("webhook", "deliver", owed_to, deliver, steps=True, twice=frozenset({"webhook_deliveries"}), beside=receiving,
        again=partial(deliver, minutes=11)),
    *(Act("told", name, given, does, steps=True, twice=frozenset({"letters", "tasks"}), again=partial(does, minutes=11))
      for name, given, does in _LETTERS),
    Act("told", "gather", digested, digest),
    Act("told", "bounce", returned, take_back), Act("told", "lift", held_back, lift),
    Act("told", "register", asked_of, ask_register, beside=registry),
    Act("told", "demarche", formed, follow, FORMED, steps=True, beside=served),
]  # fmt: skip
