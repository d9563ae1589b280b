"""Pages from templates: French first, English beside it, values as people write them, assets by their hash."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from parvis.states.calendar import paris_day
from parvis.states.stages import NATURE_WORDS, OPINION_WORDS, ROLE_WORDS, STAGE_WORDS
from parvis.states.words import Language, Sentence, money, shown
from parvis.web.rights import may
from parvis.web.site import Visit, visit_or_stranger

HERE = Path(__file__).parent
STATIC = HERE / "static"
_WORDS: dict[str, Mapping[Any, Sentence]] = {
    "stage": STAGE_WORDS, "role": ROLE_WORDS, "opinion": OPINION_WORDS, "nature": NATURE_WORDS,
}  # fmt: skip
MENU = (
    ("home", "/", Sentence("Accueil", "Start")),
)  # fmt: skip


def page(
    request: Request, template: str, *,
    status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None, **values: object,
) -> HTMLResponse:  # fmt: skip
    """A template filled for whoever asks, in their language."""
    here = visit_or_stranger(request)
    filled = environment().get_template(template).render(here=here, language=here.language, **values)
    return HTMLResponse(
        filled, status, {**(headers or {}), "content-language": here.language, "vary": "cookie"}
    )


@cache
def environment() -> Environment:
    """The templates, with what they may say."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals |= {"t": _t, "asset": asset, "menu": menu, "WORDS": _WORDS}
    made.filters |= {
        "say": _say, "money": _money, "euros": _euros, "day": _day, "short_day": _short_day, "shown": _shown,
        "word": _word, "number": _number, "days_from": _days_from,
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
        if name in names
    ]


@pass_context
def _t(context: Context, fr: str, en: str, **values: object) -> str:
    return _say(context, Sentence(fr, en), **values)


@pass_context
def _say(context: Context, sentence: Sentence, **values: object) -> str:
    return (sentence.fill(**values) if values else sentence).say(context["language"])


@pass_context
def _shown(context: Context, value: object) -> str:
    return shown(value, context["language"])


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
    return "—" if day is None else str(format_date(day, "d MMM y", locale=_locale(context)))


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
        return _say(context, Sentence("aujourd’hui", "today"))
    if distance < 0:
        return _say(context, Sentence("en retard de {count} j", "{count} d late"), count=-distance)
    return _say(context, Sentence("dans {count} j", "in {count} d"), count=distance)


def _paris(value: date | datetime | None) -> date | None:
    return paris_day(value) if isinstance(value, datetime) else value


def _locale(context: Context) -> str:
    return "en_GB" if context["language"] == Language.EN else "fr_FR"
