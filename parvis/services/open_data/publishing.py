"""Publishing the essential data of grants: gathered, checked, compared with the last, then put in its place."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from parvis.models.queries import open_data as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.open_data import GrantRow, PublicationRow
from parvis.models.session import Session
from parvis.services.open_data.checking import Fault, check, official, validator
from parvis.services.spreadsheets.cells import text_of
from parvis.states.contract import Contract, OpenData
from parvis.states.open_data import COLUMNS, Changes, Grant, Instalment, Row, compare, paid_by, rows
from parvis.states.words import Language, Sentence

__all__ = ["Gathered", "InvalidDataError", "NoSiretError", "Published", "gather", "publish", "written"]

UNCHANGED = Changes()
THRESHOLD_CENTS, PAYMENT_DAYS = 2_300_000, 60
"""For agreements taken over, which no call rules: loi 2000-321 art. 10 and décret 2001-495; loi 2021-875."""

NO_SIRET = Sentence(
    "Rien n’est publié : il manque le SIRET de {funders}, qui attribue des subventions à publier. L’écrire dans le "
    "fichier du contrat (réglage « siret » du financeur), ou y dire qu’il publie lui-même (« publishes_itself »).",
    "Nothing is published: the SIRET of {funders}, who grants what is to be published, is missing. Write it in the "
    "contract’s file (setting “siret” of the funder), or say there that they publish themselves (“publishes_itself”).",
)
INVALID = Sentence(
    "Rien n’est publié : le fichier ne suit pas le schéma officiel. La publication précédente reste.",
    "Nothing is published: the file does not follow the official schema. The one before stays.",
)


class NoSiretError(Exception):
    """Funders (their names) whose grants are to be published say no SIRET."""

    def __init__(self, funders: tuple[str, ...]) -> None:
        super().__init__(", ".join(funders))
        self.sentence = NO_SIRET.fill(funders=funders)


class InvalidDataError(Exception):
    """The file would not follow the official schema; nothing was published."""

    sentence = INVALID

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(fault.said for fault in faults[:5]))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Gathered:
    """What there is to publish of a contract, and what is left out: below the threshold, or published elsewhere."""

    rows: tuple[Row, ...]
    below: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Published:
    """What a run did. `number` is the publication in force, None when there is none; `made` when it is a new one."""

    contract: str
    number: int | None = None
    made: bool = False
    rows: int = 0
    below: int = 0
    elsewhere: int = 0
    changes: Changes = UNCHANGED
    asked: bool = True


def publish(session: Session, contract_id: int, *, at: datetime, dry_run: bool = False) -> Published:
    """Publish the grants of a contract as of `at`; the same as before publishes nothing, nor does a `dry_run`.

    Raises:
        NoSiretError: a funder whose grants are to be published says no SIRET.
        InvalidDataError: the file does not follow the official schema.
    """
    contract = contract_by_id(session, contract_id)
    if contract.open_data == OpenData.NONE:
        return Published(contract.code, asked=False)
    queries.lock(session, contract_id)
    gathered = gather(session, contract_id, contract)
    last = next(iter(queries.publications(session, contract_id, limit=1)), None)
    before = _read(queries.content(session, contract_id, last.number)) if last else []
    told = written(gathered.rows)
    faults = check(told.encode()) if gathered.rows else []
    if faults:
        raise InvalidDataError(tuple(faults))
    changes = compare(before, gathered.rows)
    new = changes.any
    if new and not dry_run:
        number = last.number + 1 if last else 1
        last = _made(contract, gathered, told, changes, PublishedAs(number, at))
        queries.add_publication(session, contract_id, last, told)
    return Published(
        contract.code, last.number if last else None, new and not dry_run, len(gathered.rows), gathered.below,
        gathered.elsewhere, changes,
    )  # fmt: skip


class PublishedAs(NamedTuple):
    """The number and the instant of a publication."""

    number: int
    at: datetime


def _made(
    contract: Contract, gathered: Gathered, told: str, changes: Changes, named: PublishedAs
) -> PublicationRow:
    raw = told.encode()
    return PublicationRow(
        named.number, named.at, str(contract.open_data), str(official()["version"]), validator(), len(gathered.rows),
        sha256(raw).hexdigest(), len(raw), _told(changes, gathered.rows),
    )  # fmt: skip


def gather(session: Session, contract_id: int, contract: Contract) -> Gathered:
    """What there is to publish of a contract as it stands.

    Raises:
        NoSiretError: a funder whose grants are to be published says no SIRET.
    """
    funders = {funder.code: funder for funder in contract.funders}
    kept: list[Grant] = []
    below = elsewhere = 0
    for row in queries.grants(session, contract_id):
        funder = funders.get(row.funder)
        if funder is None or funder.publishes_itself:
            elsewhere += 1
            continue
        grant = _grant(row, funder.name, funder.siret)
        if contract.open_data == OpenData.ALL or grant.obliged:
            kept.append(grant)
        else:
            below += 1
    missing = dict.fromkeys(grant.funder_name for grant in kept if not grant.funder_siret)
    if missing:
        raise NoSiretError(tuple(missing))
    return Gathered(tuple(rows(kept)), below, elsewhere)


def _grant(row: GrantRow, name: str, siret: str | None) -> Grant:
    threshold = THRESHOLD_CENTS if row.threshold_cents is None else row.threshold_cents
    days = PAYMENT_DAYS if row.payment_days is None else row.payment_days
    instalments = tuple(Instalment(date.fromisoformat(day) if day else None) for day in row.paid)
    return Grant(
        funder=row.funder, funder_name=name, funder_siret=siret, reference=row.reference, decided_on=row.decided_on,
        organisation=_harmless(row.organisation), siret=row.siret, rna=row.rna, title=_harmless(row.title),
        cents=row.cents, whole_cents=row.whole_cents, year_cents=row.year_cents, threshold_cents=threshold,
        instalments=instalments,
        last_on=paid_by(row.report_due_on, row.ends_on, row.decided_on, days),
        notified_to_eu=bool(row.notified_to_eu), aid_scheme=row.aid_scheme or "",
    )  # fmt: skip


def _harmless(text: str) -> str:
    """A text of others, on one line, that no spreadsheet takes for a formula."""
    return text_of(" ".join(text.split()), Language.FR)


def written(rows: Iterable[Row]) -> str:
    """The lines as CSV, as the schema wants it: commas, a header, one line each."""
    told = io.StringIO(newline="")
    writer = csv.DictWriter(told, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return told.getvalue()


def _read(told: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(told, newline="")))


def _told(changes: Changes, rows: Iterable[Row]) -> Mapping[str, Any]:
    """A changelog as it is kept and given: lines by decision, who gives, who receives."""
    names = {
        (row["referenceDecision"], row["idAttribuant"], row["idBeneficiaire"]): (
            row["nomAttribuant"], row["nomBeneficiaire"],
        )
        for row in rows
    }  # fmt: skip

    def named(key: tuple[str, str, str]) -> dict[str, Any]:
        giver, receiver = names.get(key, ("", ""))
        known = {"nomAttribuant": giver, "nomBeneficiaire": receiver} if giver else {}
        return dict(zip(("referenceDecision", "idAttribuant", "idBeneficiaire"), key, strict=True)) | known

    return {
        "added": [named(key) for key in changes.added],
        "changed": [
            named(change.key)
            | {"fields": [{"name": name, "before": old, "after": new} for name, old, new in change.fields]}
            for change in changes.changed
        ],
        "removed": [named(key) for key in changes.removed],
    }
