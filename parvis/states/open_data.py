"""The essential data of grants (décret 2017-779, SCDL schema 2.1.1): which are published, in which words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from parvis.states.calendar import delay_end
from parvis.states.partners import pro_rata

COLUMNS = (
    "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire", "idBeneficiaire",
    "rnaBeneficiaire", "objet", "montant", "nature", "conditionsVersement", "datesPeriodeVersement", "idRAE",
    "notificationUE", "pourcentageSubvention", "dispositifAide",
)  # fmt: skip
IN_MONEY = "aide en numéraire"
ONCE, IN_PARTS = "unique", "échelonné"
AS_AGREED = "selon les modalités de la décision d’attribution"
LONGEST = 256
_WHOLE = 10_000
_LEAST = 100
"""A share is told to the hundredth of a percent, and is one percent at least: the schema allows no less."""

Row = Mapping[str, str]
"""One line of the file: its sixteen columns, as they are written."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a grant: the day it was or is to be paid; None until what makes it payable happens."""

    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one funder gives to one organisation by one decision. Amounts in cents.

    `whole_cents` is what the funder gives by this decision to all who share it, `year_cents` all it gives to this
    organisation in the same year, over all its cases. `last_on` is by when all of it should be paid.
    """

    funder: str
    funder_name: str
    funder_siret: str | None
    reference: str
    decided_on: date
    organisation: str
    siret: str
    rna: str | None
    title: str
    cents: int
    whole_cents: int
    year_cents: int
    threshold_cents: int
    instalments: tuple[Instalment, ...]
    last_on: date
    notified_to_eu: bool = False
    aid_scheme: str = ""

    @property
    def obliged(self) -> bool:
        """Whether the law has it published: above the threshold in a year, from one authority to one organisation."""
        return self.year_cents > self.threshold_cents


def paid_by(report_due_on: date | None, ends_on: date | None, decided_on: date, days: int) -> date:
    """By when a grant should be paid in full: so many days after its report, its action or its decision."""
    return max(decided_on, delay_end(report_due_on or ends_on or decided_on, days=days))


def rows(grants: Sequence[Grant]) -> list[dict[str, str]]:
    """The lines to publish, by reference, funder, then beneficiary: the same grants always give the same lines."""
    ordered = sorted(grants, key=lambda grant: (grant.reference, grant.funder, grant.siret))
    return [
        _row(grant, parts)
        for _, shared in groupby(ordered, key=lambda grant: (grant.reference, grant.funder))
        for grant, parts in _with_parts(list(shared))
    ]


def _with_parts(shared: list[Grant]) -> Iterable[tuple[Grant, int]]:
    """Each grant of one decision of one funder, with its part in ten thousandths; together they make the whole."""
    missing = max(0, shared[0].whole_cents - sum(grant.cents for grant in shared))
    weights = [*(grant.cents for grant in shared), missing]
    return zip(shared, (max(_LEAST, part) for part in pro_rata(_WHOLE, weights)[:-1]), strict=True)


def _row(grant: Grant, part: int) -> dict[str, str]:
    whole = part == _WHOLE
    values = (
        grant.funder_name, grant.funder_siret or "", grant.decided_on.isoformat(), grant.reference, grant.organisation,
        grant.siret, _rna(grant.rna), _short(grant.title), _euros(grant.whole_cents), IN_MONEY, _conditions(grant),
        _period(grant), "", "oui" if grant.notified_to_eu else "non",
        "1.00" if whole else f"{Decimal(part) / _WHOLE:.4f}", grant.aid_scheme,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _conditions(grant: Grant) -> str:
    match len(grant.instalments):
        case 0:
            return AS_AGREED
        case 1:
            return ONCE
        case _:
            return IN_PARTS


def _period(grant: Grant) -> str:
    """The day of one payment that is known, else from the first day known to the last day expected."""
    known = sorted(each.day for each in grant.instalments if each.day)
    if len(grant.instalments) == 1 and known:
        return known[0].isoformat()
    first = known[0] if known else grant.decided_on
    every = len(known) == len(grant.instalments) > 0
    last = known[-1] if every else max(grant.last_on, first, *known)
    return f"{first.isoformat()}/{last.isoformat()}"


def _rna(rna: str | None) -> str:
    """A number as the schema knows them: those of overseas have a letter more and are left out."""
    return rna if rna and rna[1:].isdigit() and len(rna) == len("W123456789") else ""


def _short(title: str) -> str:
    """A title on one line, cut at a word where it is longer than the schema allows."""
    line = " ".join(title.split())
    if len(line) <= LONGEST:
        return line
    cut = line[: LONGEST - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _euros(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


Key = tuple[str, str, str]


def key(row: Row) -> Key:
    """What names a line from one publication to the next: the decision, who gives, who receives."""
    return row["referenceDecision"], row["idAttribuant"], row["idBeneficiaire"]


@dataclass(frozen=True, slots=True)
class Change:
    """A line that is in both publications and not the same: by column, what it said and says."""

    key: Key
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a publication changes of the one before."""

    added: tuple[Key, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Key, ...] = ()

    @property
    def any(self) -> bool:
        """Whether it changes anything."""
        return bool(self.added or self.changed or self.removed)


def compare(before: Iterable[Row], after: Iterable[Row]) -> Changes:
    """The lines added, changed and removed between two publications."""
    old, new = {key(row): row for row in before}, {key(row): row for row in after}
    changed = (
        Change(
            one,
            tuple((name, old[one][name], row[name]) for name in COLUMNS if old[one][name] != row[name]),
        )
        for one, row in new.items()
        if one in old
    )
    return Changes(
        tuple(one for one in new if one not in old),
        tuple(change for change in changed if change.fields),
        tuple(one for one in old if one not in new),
    )
