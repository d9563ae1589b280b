"""Pages from templates: French first, English beside it, values as people write them, assets by their hash."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from parvis.models.queries.filter_choices import Choice
from parvis.notifications.kinds import LETTERS
from parvis.states import agreement_stages
from parvis.states.access import ADDRESS_WORDS
from parvis.states.agendas import ORIGIN_WORDS
from parvis.states.agreement_payments import PAID_ON_WORDS as YEAR_PAID_ON_WORDS
from parvis.states.bank import BANK_WORDS
from parvis.states.calendar import PARIS, paris_day
from parvis.states.interests import GROUND_WORDS, STANDING_WORDS
from parvis.states.orders import LOT_WORDS, recovery_name
from parvis.states.outcomes import OUTCOME_WORDS, Draft
from parvis.states.partners import PARTNER_WORDS
from parvis.states.payments import INSTALMENT_WORDS, PAID_ON_WORDS, STATUS_WORDS
from parvis.states.queue import NEWS_WORDS
from parvis.states.quorum import ATTENDANCE_WORDS
from parvis.states.report_words import REPORT_STATE_WORDS, WAY_WORDS
from parvis.states.schedules import when
from parvis.states.seats import SEAT_WORDS
from parvis.states.sitting_table import SITTINGS
from parvis.states.stages import (
    ACTION_WORDS,
    KIND_WORDS,
    NATURE_WORDS,
    OPINION_WORDS,
    ROLE_WORDS,
    STAGE_WORDS,
)
from parvis.states.webhooks import DELIVERY_WORDS, ENDPOINT_WORDS
from parvis.states.words import Language, Sentence, instant, money, shown
from parvis.web.browsers import browser
from parvis.web.decisions import summed_up
from parvis.web.one_language import InOneLanguage, sentence
from parvis.web.rights import may
from parvis.web.site import Visit, visit_or_stranger

HERE = Path(__file__).parent
STATIC = HERE / "static"
_WORDS: dict[str, Mapping[Any, Sentence]] = {
    "stage": STAGE_WORDS, "role": ROLE_WORDS, "opinion": OPINION_WORDS, "nature": NATURE_WORDS,
    "action": ACTION_WORDS, "news": NEWS_WORDS, "kind": KIND_WORDS, "sitting": SITTINGS.words, "seat": SEAT_WORDS,
    "attendance": ATTENDANCE_WORDS, "ground": GROUND_WORDS, "standing": STANDING_WORDS,
    "outcome": OUTCOME_WORDS, "origin": ORIGIN_WORDS, "instalment": INSTALMENT_WORDS, "payment": STATUS_WORDS,
    "paid_on": PAID_ON_WORDS, "year_paid_on": YEAR_PAID_ON_WORDS,
    "report": REPORT_STATE_WORDS, "way": WAY_WORDS, "partner": PARTNER_WORDS, "address": ADDRESS_WORDS,
    "bank": BANK_WORDS, "lot": LOT_WORDS, "endpoint": ENDPOINT_WORDS, "delivery": DELIVERY_WORDS,
    "agreement_stage": agreement_stages.STAGE_WORDS, "agreement_action": agreement_stages.ACTION_WORDS,
    "review": agreement_stages.REVIEW_WORDS,
    "letter": {name: letter.description for name, letter in LETTERS.items()},
}  # fmt: skip
MENU = (
    ("my_cases", "/mes-dossiers", Sentence("Mes demandes", "My requests")),
    ("home", "/", Sentence("Accueil", "Start")),
    ("opinions", "/avis", Sentence("Avis", "Opinions")),
    ("cases", "/dossiers", Sentence("Dossiers", "Cases")),
    ("agreements", "/conventions", Sentence("Conventions", "Agreements")),
    ("sittings", "/seances", Sentence("Séances", "Sessions")),
    ("payments", "/paiements", Sentence("Paiements", "Payments")),
    ("bank_list", "/coordonnees-bancaires", Sentence("Comptes", "Accounts")),
    ("envelopes", "/enveloppes", Sentence("Enveloppes", "Envelopes")),
    ("dashboard", "/tableau-de-bord", Sentence("Tableau de bord", "Dashboard")),
    ("letters", "/lettres", Sentence("Lettres", "Letters")),
    ("administration", "/administration", Sentence("Administration", "Administration")),
)  # fmt: skip


def page(
    request: Request, template: str, *,
    status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None, **values: object,
) -> HTMLResponse:  # fmt: skip
    """A template filled for whoever asks, in their language."""
    here = visit_or_stranger(request)
    filled = (
        environment(here.language).get_template(template).render(here=here, language=here.language, **values)
    )
    return HTMLResponse(
        filled, status, {**(headers or {}), "content-language": here.language, "vary": "cookie"}
    )


@cache
def environment(language: Language) -> Environment:
    """The templates in one language, with what they may say."""
    made = InOneLanguage(
        language,
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, auto_reload=False,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals |= {"t": _t, "asset": asset, "menu": menu, "WORDS": _WORDS}
    made.filters |= {
        "say": _say, "money": _money, "euros": _euros, "day": _day, "short_day": _short_day, "shown": _shown,
        "word": _word, "number": _number, "days_from": _days_from, "distance": _distance,
        "moment": _moment, "siret": _siret, "size": _size, "pairs": _pairs, "last_day": _last_day,
        "decision": _decision, "clock": _clock, "percent": _percent, "recovery": recovery_name,
        "browser": browser, "when": _when,
    }  # fmt: skip
    return made


@cache
def asset(name: str) -> str:
    """The address of a file of `static/`, which changes with its content, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{name}"


def menu(here: Visit) -> list[tuple[str, str, bool]]:
    """What the visitor may go to: address, words, whether they are there now."""
    names = may(here, [name for name, _, _ in MENU])
    path = here.request.url.path
    return [
        (address, here.say(words), path == address or (address != "/" and path.startswith(address)))
        for name, address, words in MENU
        if name in names and not (name == "home" and "my_cases" in names)
    ]


@pass_context
def _t(context: Context, fr: str, en: str, **values: object) -> str:
    return sentence(fr, en).say(context["language"], **values)


@pass_context
def _say(context: Context, sentence: Sentence, **values: object) -> str:
    return sentence.say(context["language"], **values)


@pass_context
def _shown(context: Context, value: object) -> str:
    return shown(value, context["language"])


@pass_context
def _when(context: Context, cron: str) -> str:
    """When a job runs, in words."""
    return when(cron).say(context["language"])


@pass_context
def _money(context: Context, cents: int | None) -> str:
    return "—" if cents is None else money(cents, context["language"])


@pass_context
def _euros(context: Context, cents: int | None) -> str:
    """An amount without its cents when it has none, for tables."""
    if cents is None:
        return "—"
    said = money(cents, context["language"])
    return said.replace(",00", "").replace(".00", "") if cents % 100 == 0 else said


@pass_context
def _number(context: Context, value: int | None) -> str:
    return "—" if value is None else str(format_decimal(value, locale=_locale(context)))


@pass_context
def _day(context: Context, value: date | datetime | None) -> str:
    return shown(_paris(value), context["language"])


@pass_context
def _short_day(context: Context, value: date | datetime | None) -> str:
    day = _paris(value)
    return "—" if day is None else _in_short(day, _locale(context))


@lru_cache(maxsize=5_000)
def _in_short(day: date, locale: str) -> str:
    return str(format_date(day, "d MMM y", locale=locale))


@pass_context
def _percent(context: Context, value: Decimal | None) -> str:
    """A gap in percent, to one decimal: `−12,5 %`."""
    if value is None:
        return "—"
    said = str(format_decimal(value, "+0.0;-0.0" if value else "0", locale=_locale(context)))
    return said + ("%" if context["language"] == "en" else "\u202f%")


@pass_context
def _word(context: Context, value: object, kind: str) -> str:
    """The words people read for a stored value: `stage`, `role`, `opinion`, `nature`."""
    if value is None or value == "":
        return "—"
    found = _WORDS[kind].get(value)
    return found.say(context["language"]) if found else str(value)


@pass_context
def _days_from(context: Context, day: date, today: date) -> str:
    """How far a day is from today, in words."""
    distance = (day - today).days
    if distance == 0:
        return _say(context, _TODAY)
    return _say(context, _LATE, count=-distance) if distance < 0 else _say(context, _AHEAD, count=distance)


_TODAY = Sentence("aujourd’hui", "today")
_LATE = Sentence("en retard de {count} j", "{count} d late")
_AHEAD = Sentence("dans {count} j", "in {count} d")


@pass_context
def _moment(context: Context, value: datetime) -> str:
    """A moment in a list: `3 juin 2026 à 09:12`."""
    return instant(value, context["language"])


def _clock(value: datetime) -> str:
    """The hour it is in Paris: `09:12`."""
    return f"{value.astimezone(PARIS):%H:%M}"


@pass_context
def _size(context: Context, count: int) -> str:
    """How much a file weighs: `340 ko`, `2,1 Mo`."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} {_say(context, Sentence('ko', 'kB'))}".replace(" ", "\u202f")
    megabytes = format_decimal(count / 1_000_000, format="0.0", locale=_locale(context))
    return f"{megabytes}\u202f{_say(context, Sentence('Mo', 'MB'))}"


@pass_context
def _distance(context: Context, day: date, today: date) -> str:
    """How far a day is from today, whichever side: `dans 3 j`, `il y a 2 j`."""
    if day >= today:
        return _days_from(context, day, today)
    return _say(context, Sentence("il y a {count} j", "{count} d ago"), count=(today - day).days)


def _last_day(value: datetime | None) -> date | None:
    """The last Paris day before a moment when something is over."""
    return None if value is None else paris_day(value - datetime.resolution)


@pass_context
def _decision(context: Context, draft: Draft) -> str:
    """A decision in a few words."""
    return _say(context, summed_up(draft))


def _siret(siret: str) -> str:
    """A SIRET as it is printed: 418 166 096 00051."""
    return f"{siret[:3]}\u00a0{siret[3:6]}\u00a0{siret[6:9]}\u00a0{siret[9:]}"


def _pairs(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    return [(choice.value, choice.name) for choice in choices]


def _paris(value: date | datetime | None) -> date | None:
    return paris_day(value) if isinstance(value, datetime) else value


def _locale(context: Context) -> str:
    return "en_GB" if context["language"] == Language.EN else "fr_FR"
