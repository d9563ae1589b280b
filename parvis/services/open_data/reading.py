"""What anybody may read of open data: the files in force, their manifest and changelog, the feeds of news."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from parvis.documents.news_feed import Feed, Item, rss
from parvis.models.queries import open_data as queries
from parvis.models.queries.open_data import PublicationRow, PublicContract
from parvis.models.session import Session
from parvis.services.open_data.checking import official
from parvis.states.calendar import local_instant, paris_day
from parvis.states.words import PARIS, Cents, Sentence

GRANTS, MANIFEST, CHANGES = "subventions.csv", "manifeste.json", "changements.json"
CALLS, DECISIONS = "appels.rss", "decisions.rss"
MEDIA_TYPES = {
    GRANTS: "text/csv; charset=utf-8",
    MANIFEST: "application/json",
    CHANGES: "application/json",
    CALLS: "application/rss+xml; charset=utf-8",
    DECISIONS: "application/rss+xml; charset=utf-8",
}
LICENCE = {"name": "Licence Ouverte 2.0", "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}

CALLS_TITLE = Sentence("{contract} : appels à projets", "{contract}: calls for projects")
CALLS_ABOUT = Sentence("Les appels qui reçoivent des demandes.", "The calls that take requests.")
DECISIONS_TITLE = Sentence("{contract} : subventions attribuées", "{contract}: grants")
DECISIONS_ABOUT = Sentence(
    "Les subventions décidées, au lendemain de la décision.",
    "The grants decided, the day after the decision.",
)
UNTIL = Sentence("Ouvert depuis le {opens}, jusqu’au {closes}.", "Open since {opens}, until {closes}.")
SINCE = Sentence("Ouvert depuis le {opens}.", "Open since {opens}.")
GRANTED = Sentence(
    "{amount} accordés à {organisation} le {day} pour « {title} » (dossier {reference}).",
    "{amount} granted to {organisation} on {day} for “{title}” (case {reference}).",
)
GRANT_TITLE = Sentence("{organisation} : {title}", "{organisation}: {title}")


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is of one contract: the publication in force and those before, the calls open today."""

    contract: PublicContract
    publications: tuple[PublicationRow, ...]
    calls: tuple[queries.OpenCall, ...]

    @property
    def current(self) -> PublicationRow | None:
        """The publication in force."""
        return self.publications[0] if self.publications else None


def offered(session: Session, *, at: datetime) -> tuple[Offered, ...]:
    """What there is of every contract."""
    return tuple(
        Offered(
            contract, tuple(queries.publications(session, contract.id)),
            tuple(queries.open_calls(session, contract.id, paris_day(at))),
        )
        for contract in queries.public_contracts(session)
    )  # fmt: skip


def read_file(
    session: Session, contract: str, name: str, *, at: datetime, base: str, language: str
) -> bytes | None:
    """A file of a contract by its name, `base` being where the pages are; None when there is none."""
    found = next((each for each in queries.public_contracts(session) if each.code == contract), None)
    make = _FILES.get(name)
    return make(_Asked(session, found, at, base, language)) if found and make else None


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    contract: PublicContract
    at: datetime
    base: str
    language: str

    def publications(self) -> list[PublicationRow]:
        return queries.publications(self.session, self.contract.id)

    def page(self, anchor: str = "") -> str:
        return f"{self.base}/donnees-ouvertes{anchor}"

    def feed(self, title: Sentence, about: Sentence, name: str) -> Feed:
        return Feed(
            title=title.fill(contract=self.contract.name).say(self.language), about=about.say(self.language),
            address=f"{self.page()}/{self.contract.code}/{name}", page=self.page(), language=self.language,
        )  # fmt: skip


def _grants(asked: _Asked) -> bytes | None:
    current = next(iter(asked.publications()), None)
    return queries.content(asked.session, asked.contract.id, current.number).encode() if current else None


def _manifest(asked: _Asked) -> bytes | None:
    made = asked.publications()
    return as_json(manifest(asked.contract, made[0], made[1] if made[1:] else None)) if made else None


def manifest(
    contract: PublicContract, current: PublicationRow, before: PublicationRow | None
) -> dict[str, Any]:
    """What says of a publication when it was made, of what, by which schema, and how to prove it whole."""
    schema = official()
    return {
        "contract": {"code": contract.code, "name": contract.name},
        "publication": current.number,
        "published_at": _stamp(current.published_at),
        "scope": current.scope,
        "licence": LICENCE,
        "schema": {"name": schema["name"], "version": current.schema_version, "path": schema["path"]},
        "validated_with": current.validator,
        "files": [
            {"path": GRANTS, "mediatype": "text/csv", "encoding": "utf-8", "rows": current.rows,
             "bytes": current.size, "sha256": current.sha256},
        ],
        "changes": {kind: len(current.changes[kind]) for kind in ("added", "changed", "removed")},
        "previous": before and {
            "publication": before.number, "published_at": _stamp(before.published_at), "sha256": before.sha256,
        },
    }  # fmt: skip


def _changes(asked: _Asked) -> bytes | None:
    made = asked.publications()
    told = [
        {"publication": each.number, "published_at": _stamp(each.published_at), "sha256": each.sha256, **each.changes}
        for each in made
    ]  # fmt: skip
    return as_json(told) if made else None


def _calls(asked: _Asked) -> bytes:
    calls = queries.open_calls(asked.session, asked.contract.id, paris_day(asked.at))
    items = [
        Item(
            guid=f"{asked.contract.code}/{call.code}", title=call.title, at=_morning(call.opens_on),
            text=(UNTIL if call.closes_on else SINCE).fill(opens=call.opens_on, closes=call.closes_on)
            .say(asked.language),
            address=asked.page(f"#{call.code}"),
        )
        for call in calls
    ]  # fmt: skip
    return rss(asked.feed(CALLS_TITLE, CALLS_ABOUT, CALLS), items, at=asked.at).encode()


def _decisions(asked: _Asked) -> bytes:
    grants = queries.decisions(asked.session, asked.contract.id, paris_day(asked.at))
    items = [
        Item(
            guid=f"{asked.contract.code}/{grant.reference}", at=_morning(grant.decided_on),
            title=GRANT_TITLE.fill(organisation=grant.organisation, title=grant.title).say(asked.language),
            text=GRANTED.fill(
                amount=Cents(grant.cents), organisation=grant.organisation, day=grant.decided_on, title=grant.title,
                reference=grant.reference,
            ).say(asked.language),
            address=asked.page(),
        )
        for grant in grants
    ]  # fmt: skip
    return rss(asked.feed(DECISIONS_TITLE, DECISIONS_ABOUT, DECISIONS), items, at=asked.at).encode()


def _morning(day: date) -> datetime:
    return local_instant(day, time(0))


def _stamp(at: datetime) -> str:
    """An instant with its hour in Paris, which is the one people know it by."""
    return at.astimezone(PARIS).isoformat(timespec="seconds")


def as_json(value: object) -> bytes:
    """A file of JSON people can read as well."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


_FILES: dict[str, Callable[[_Asked], bytes | None]] = {
    GRANTS: _grants, MANIFEST: _manifest, CHANGES: _changes, CALLS: _calls, DECISIONS: _decisions,
}  # fmt: skip
