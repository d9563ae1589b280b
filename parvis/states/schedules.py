"""When a job runs, in words, from what cron says."""

import re

from parvis.states.words import Sentence

_EVERY_MINUTE = Sentence("chaque minute", "every minute")
_EVERY_MINUTES = Sentence("toutes les {count} minutes", "every {count} minutes")
_HOURLY = Sentence("chaque heure, à {minute} min", "every hour, at {minute} min past")
_DAILY = Sentence("chaque jour à {hour} h {minute}", "every day at {hour}:{minute}")
_WORKING = Sentence("du lundi au vendredi à {hour} h {minute}", "Monday to Friday at {hour}:{minute}")
_MONTHLY = Sentence("le {day} du mois à {hour} h {minute}", "on day {day} of the month at {hour}:{minute}")
_AT = re.compile(r"(\d{1,2}) (\d{1,2}) (\d{1,2}|\*) \* (\*|1-5)")


def when(cron: str) -> Sentence:
    """When this runs; what no words are known for stays as cron writes it."""
    if cron == "* * * * *":
        return _EVERY_MINUTE
    if found := re.fullmatch(r"(?:\*|\d+-59)/(\d+) \* \* \* \*", cron):
        return _EVERY_MINUTES.fill(count=found[1])
    if found := re.fullmatch(r"(\d{1,2}) \* \* \* \*", cron):
        return _HOURLY.fill(minute=found[1])
    if found := _AT.fullmatch(cron):
        minute, hour, day, week = found[1].zfill(2), found[2], found[3], found[4]
        if day != "*":
            return _MONTHLY.fill(day=day, hour=hour, minute=minute) if week == "*" else Sentence(cron, cron)
        return (_DAILY if week == "*" else _WORKING).fill(hour=hour, minute=minute)
    return Sentence(cron, cron)
