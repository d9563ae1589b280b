"""A feed of news to follow, as RSS 2.0 text: what people read in it, where each item leads."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

_UNREADABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed is called and about; `address` is its own, `page` that of the page it stands for."""

    title: str
    about: str
    address: str
    page: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of news. `guid` names it for ever; `at` is aware."""

    guid: str
    title: str
    text: str
    at: datetime
    address: str


def rss(feed: Feed, items: Iterable[Item], *, at: datetime) -> str:
    """The text of a feed, its items in their order; `at` is when it was made."""
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
        "<channel>",
        f"<title>{_text(feed.title)}</title>",
        f"<link>{_text(feed.page)}</link>",
        f"<description>{_text(feed.about)}</description>",
        f"<language>{feed.language}</language>",
        f"<lastBuildDate>{_stamp(at)}</lastBuildDate>",
        f'<atom:link href={quoteattr(feed.address)} rel="self" type="application/rss+xml"/>',
        *(line for item in items for line in _item(item)),
        "</channel>",
        "</rss>",
    )
    return "\n".join(lines) + "\n"


def _item(item: Item) -> Iterator[str]:
    yield "<item>"
    yield f"<title>{_text(item.title)}</title>"
    yield f"<link>{_text(item.address)}</link>"
    yield f"<description>{_text(item.text)}</description>"
    yield f"<pubDate>{_stamp(item.at)}</pubDate>"
    yield f'<guid isPermaLink="false">{_text(item.guid)}</guid>'
    yield "</item>"


def _text(text: str) -> str:
    return escape(_UNREADABLE.sub("", text))


def _stamp(at: datetime) -> str:
    """An instant as RFC 822 writes it, whatever the language of the machine."""
    utc = at.astimezone(UTC)
    return f"{DAYS[utc.weekday()]}, {utc:%d} {MONTHS[utc.month - 1]} {utc:%Y %H:%M:%S} GMT"
