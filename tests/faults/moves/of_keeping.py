"""What is kept and let go: retention, copies and corrections for a person, anchors, open data, what is out of order."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from parvis.models.queries import restorations
from parvis.models.session import Database
from parvis.services import health, jobs
from parvis.services.personal.copying import NothingHeldError, copy
from parvis.services.personal.rectifying import RectificationRefusedError, rectify
from parvis.services.retention import batches
from parvis.services.retention.applying import apply_retention
from parvis.services.retention.batches import BatchRefusedError, NoSuchBatchError
from parvis.services.settings import Settings
from tests.faults.moves.act import Act, folder, in_one
from tests.services.desk import Desk, moment
from tests.services.retention_story import AFTER, MANAGER, refused_case
from tests.services.test_health import NOBODY
from tests.services.test_open_data import city, grant

AT = moment("2026-06-10")
ZOE = "contact@asso.example"


def ended(desk: Desk) -> tuple[Path]:
    """A refused case, at the end of its time."""
    place = folder() / "data"
    refused_case(desk, Settings(data_folder=place))
    return (place,)


def proposed(desk: Desk) -> tuple[Path]:
    """Its anonymisation is proposed."""
    told = ended(desk)
    propose(desk.database, *told)
    return told


def approved(desk: Desk) -> tuple[Path]:
    """It is approved."""
    told = proposed(desk)
    approve(desk.database, *told)
    return told


def held(desk: Desk) -> tuple[Path]:
    """It is held back."""
    told = proposed(desk)
    hold(desk.database, *told)
    return told


def reached(desk: Desk) -> tuple[Path]:
    """A case whose organisation is reached at one address."""
    desk.submitted_case()
    return (folder(),)


def to_publish(desk: Desk) -> tuple[Path]:
    """Grants that the law publishes."""
    desk.fill(100_000_000)
    grant(desk, 2_400_000, 2_300_000)
    return (folder(),)


def late(desk: Desk) -> tuple[Path]:
    """Letters have waited since yesterday."""
    return reached(desk)


def restored(desk: Desk) -> tuple[Path]:
    """A copy was brought back, and holds letters."""
    in_one(desk.database, lambda session: restorations.note(session, backup_at=AT, at=AT))
    return (folder(),)


def propose(database: Database, _: Path) -> None:
    batches.propose_all(database, at=AFTER)


def approve(database: Database, _: Path) -> None:
    in_one(
        database, lambda session: batches.approve(session, 1, 1, visa="AD80-2031-12", by=MANAGER, at=AFTER)
    )


def give_up(database: Database, _: Path) -> None:
    in_one(database, lambda session: batches.give_up(session, 1, 1, by=MANAGER, at=AFTER))


def hold(database: Database, _: Path) -> None:
    in_one(database, lambda session: batches.hold(session, 1, 1, 1, reason="Recours", by=MANAGER, at=AFTER))


def let_go(database: Database, _: Path) -> None:
    in_one(database, lambda session: batches.let_go(session, 1, 1, 1, by=MANAGER, at=AFTER))


def anonymise(database: Database, place: Path) -> None:
    apply_retention(database, Settings(data_folder=place), AFTER)


def copy_data(database: Database, _: Path) -> None:
    in_one(
        database,
        lambda session: copy(session, ZOE, contract_id=None, by=MANAGER, at=AT, contact="dpo@ville.example"),
    )


def correct(database: Database, _: Path) -> None:
    in_one(database, lambda session: rectify(
        session, ZOE, contract_id=None, name="Zoé", new_email="zoe@asso.example", by=MANAGER, at=AT))  # fmt: skip


def anchor(database: Database, place: Path) -> None:
    """A file whose transaction was lost is taken up again."""
    jobs.anchor_journal(database, place, AT)


def publish(database: Database, _: Path) -> None:
    jobs.publish_open_data(database, moment("2026-10-01"))


def tell(database: Database, place: Path) -> None:
    found = health.examine(database, place, NOBODY, at=moment("2026-06-12"))
    in_one(database, lambda session: health.tell(session, found))


def release(database: Database, _: Path) -> None:
    in_one(database, lambda session: restorations.release(session, by="person:5", at=AT))


THERE = (BatchRefusedError, NoSuchBatchError, RectificationRefusedError, NothingHeldError)
_TOLD: list[tuple[str, Callable[[Desk], tuple[Any, ...]], Callable[..., None], frozenset[str]]] = [
    ("propose", ended, propose, frozenset()), ("approve", proposed, approve, frozenset()),
    ("give-up", proposed, give_up, frozenset()), ("hold", proposed, hold, frozenset({"data_journal"})),
    ("let-go", held, let_go, frozenset({"data_journal"})), ("anonymise", approved, anonymise, frozenset()),
    ("copy", reached, copy_data, frozenset({"data_journal"})), ("correct", reached, correct, frozenset()),
    ("anchor", reached, anchor, frozenset()), ("tell", late, tell, frozenset()),
    ("release", restored, release, frozenset()),
]  # fmt: skip
ACTS = [
    *(Act("keeping", name, given, does, None, THERE, name in {"propose", "anonymise"}, twice)
      for name, given, does, twice in _TOLD),
    Act("keeping", "publish", to_publish, publish, city(), steps=True),
]  # fmt: skip
