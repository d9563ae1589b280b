"""The end of a run: what is owed is let to leave, then letters, timers, journal and ledger are counted and compared."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from parvis.services import jobs, money
from parvis.services.outbox import LEASE
from parvis.services.settings import Settings
from tests.soak.city import City

SETTLE_SECONDS = 180.0
AHEAD = LEASE + timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What was counted, in words; and what of it is wrong."""

    lines: tuple[str, ...]
    wrong: tuple[str, ...]


def settle(city: City) -> bool:
    """Wait until no letter waits for a dispatcher and no timer is due; whether there came such a moment."""
    limit = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < limit:
        [(letters, timers)] = city.rows(
            "SELECT (SELECT count(*) FROM letters WHERE stage = 'owed' AND NOT digest AND not_before <= now()),"
            " (SELECT count(*) FROM timers WHERE settled_at IS NULL AND due_at <= now())"
        )
        if letters == timers == 0:
            return True
        time.sleep(1)
    return False


def send_what_is_leased(city: City) -> None:
    """Send what killed dispatchers still hold, as the next one would once their leases have ended; all are stopped."""
    chosen = Settings(
        data_folder=city.folder / "data", smtp_url=SecretStr(city.environment["PARVIS_SMTP_URL"])
    )
    jobs.send_letters(city.database, chosen, jobs.running_clock(datetime.now(UTC) + AHEAD), by="last")


def reckon(city: City, kills: int, *, settled: bool) -> Reckoning:
    """Compare what is written with what the mail server took; a kill may send one letter twice, and no more."""
    sent = {
        str(row[0]).strip("<>") for row in city.rows("SELECT message_id FROM letters WHERE stage = 'sent'")
    }
    taken = {name.strip("<> "): count for name, count in city.post.taken.items()}
    lost = [name for name in sent if name not in taken]
    twice = sum(taken.values()) - len(taken)
    left = city.value("SELECT count(*) FROM letters WHERE stage IN ('owed', 'sending') AND NOT digest")
    failed = city.value("SELECT count(*) FROM letters WHERE stage = 'failed'")
    lapsed = city.value("SELECT count(*) FROM journal WHERE action = 'lapse'")
    double = city.value(
        "SELECT count(*) FROM (SELECT case_id FROM letters WHERE template = 'lapsed' GROUP BY 1 HAVING count(*) > 1) d"
    )
    journal = jobs.verify_journal(city.database, city.folder / "data" / "anchors")
    with city.database.transaction() as session:
        ledger = money.verify(session)
    counted = (
        f"letters sent {len(sent)}, taken by the mail server {sum(taken.values())}, twice {twice} (at most {kills}), "
        f"lost {len(lost)}, refused {failed}"
    )
    swept = f"lapsed by the clock {lapsed}, told twice {double}; journal: {journal.lines} lines verified"
    wrong = [
        said
        for said, is_so in (
            ("letters or timers stayed due", not settled),
            (f"{left} letters never left", left),
            (f"{len(lost)} letters are written as sent and never arrived", lost),
            (f"{twice} letters twice for {kills} kills", twice > kills),
            (f"{failed} letters failed", failed),
            (f"{double} cases told twice that they lapsed", double),
            (f"the journal is not sound: {journal.fault}", not journal.sound),
            (f"the ledger is not sound: {ledger.astray}", not ledger.sound),
        )
        if is_so
    ]
    return Reckoning((counted, swept), tuple(wrong))
