"""What is known when a file arrives: calls, neighbourhoods, challenges, funders, and the day."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from parvis.states.fields import FieldError, check_not_late, shortened
from parvis.states.stages import Nature
from parvis.states.words import Sentence

CALL_UNKNOWN = Sentence(
    fr="L’appel « {value} » n’existe pas ; appels connus : {known}.",
    en="Call “{value}” does not exist; known calls: {known}.",
)
NO_CALL_OPEN = Sentence(
    fr="Aucun appel annuel n’était ouvert le {day} : remplissez la colonne « appel » ; appels connus : "
    "{known}.",
    en="No annual call was open on {day}: fill the “appel” column; known calls: {known}.",
)
SEVERAL_CALLS_OPEN = Sentence(
    fr="Plusieurs appels annuels étaient ouverts le {day} : remplissez la colonne « appel » avec l’un de "
    "{known}.",
    en="Several annual calls were open on {day}: fill the “appel” column with one of {known}.",
)
EARLY = Sentence(
    fr="Déposé le {submitted}, avant l’ouverture de l’appel {call} le {opening} : vérifiez la date.",
    en="Deposited on {submitted}, before call {call} opened on {opening}: check the date.",
)
LATE_NEXT = Sentence(
    fr="Déposé le {submitted}, après la dernière clôture, le {deadline} ; l’appel suivant, {call}, ouvre le {opening}.",
    en="Deposited on {submitted}, after the last closing, {deadline}; the next call, {call}, opens on {opening}.",
)
FUTURE = Sentence(
    fr="La date de dépôt, {day}, est après le jour de l’import, {today} : vérifiez l’année.",
    en="The day of deposit, {day}, is after the day of the import, {today}: check the year.",
)
NATURE_REFUSED = Sentence(
    fr="L’appel {call} ne reçoit pas cette nature de demande : vérifiez la nature ou l’appel.",
    en="Call {call} does not take this kind of request: check the kind or the call.",
)
NONE_KNOWN = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCall:
    """A call a deposit can be made to; days are Paris days, closing days are still in time."""

    code: str
    opens_on: date
    closes_on: date | None = None
    """None: open until further notice."""
    renewal_closes_on: date | None = None
    """When renewals close on another day than new actions."""
    school_closes_on: date | None = None
    """When schools close on another day than others."""
    annual: bool = False
    """True for the call that takes the deposits naming none."""
    takes_over: bool = False
    """True for the silent call that takes what was deposited before any annual call of the contract."""
    natures: Collection[Nature] = tuple(Nature)
    partners_allowed: bool = True
    pays_through_lead: bool = False
    """The lead would be paid for its partners, which the law forbids without a clause (CGCT L1611-4)."""

    def deadline(self, nature: Nature | None, *, school: bool = False) -> date | None:
        """The last day for such a request; the latest of all when its nature is not said."""
        if school and self.school_closes_on:
            return self.school_closes_on
        renewal = self.renewal_closes_on or self.closes_on
        match nature:
            case Nature.RENEWAL:
                return renewal
            case Nature.NEW:
                return self.closes_on
            case None:
                days = [day for day in (self.closes_on, renewal, self.school_closes_on) if day]
                return max(days) if self.closes_on and renewal else None

    def open_on(self, day: date) -> bool:
        """True when some deposit could be made on `day`."""
        last = self.deadline(None)
        return self.opens_on <= day and (last is None or day <= last)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFunder:
    """A funder of the contract and the other names files give it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """What a file is checked against."""

    today: date
    """The day of the import in Paris: no deposit is later."""
    calls: tuple[KnownCall, ...]
    qpvs: frozenset[str] = frozenset()
    challenges: frozenset[str] = frozenset()
    funders: tuple[KnownFunder, ...] = ()
    chosen_call: str | None = None
    """The call of the deposits that name none, when whoever imports says it."""
    schools: frozenset[str] = frozenset()
    """SIRET and SIREN of schools, which have their own closing days."""

    def is_school(self, siret: str) -> bool:
        """Whether this number is that of a school, or of a place of one."""
        return siret in self.schools or siret[:9] in self.schools

    def opening_after(self, call: KnownCall, day: date, nature: Nature | None) -> KnownCall | None:
        """The next call of the same sort that opens after `day` and takes such a request."""
        ahead = [
            other
            for other in self.calls
            if other.opens_on > day
            and other.annual == call.annual
            and not other.takes_over
            and (nature is None or nature in other.natures)
        ]
        return min(ahead, key=lambda other: other.opens_on, default=None)

    def funder(self, name: str) -> KnownFunder | None:
        """The funder with this code, name or alias, whatever its case and accents."""
        return _by_every_name(self.funders).get(plain(name))

    def call_named(self, code: str) -> KnownCall:
        """The call with this code, whatever its case.

        Raises:
            FieldError: `call_unknown`, naming the known calls.
        """
        for call in self.calls:
            if plain(call.code) == plain(code):
                return call
        raise FieldError("call_unknown", CALL_UNKNOWN, value=shortened(code), known=_codes(self.calls))

    def call_by_default(self, day: date) -> KnownCall:
        """The call chosen for the file, else the annual call open on `day`, else the one that takes history over.

        Raises:
            FieldError: `call_unknown` when there is none, `call_ambiguous` when there are several.
        """
        if self.chosen_call is not None:
            return self.call_named(self.chosen_call)
        annual = [call for call in self.calls if call.annual and call.open_on(day)] or self._taking_over(day)
        if not annual:
            raise FieldError("call_unknown", NO_CALL_OPEN, day=day, known=_codes(self.calls))
        if len(annual) > 1:
            raise FieldError("call_ambiguous", SEVERAL_CALLS_OPEN, day=day, known=_codes(annual))
        return annual[0]

    def _taking_over(self, day: date) -> list[KnownCall]:
        first = min((call.opens_on for call in self.calls if call.annual), default=None)
        if first is None or day >= first:
            return []
        return [call for call in self.calls if call.takes_over and call.open_on(day)]

    def check_not_future(self, day: date) -> None:
        """Stop a deposit made after the day of its import.

        Raises:
            FieldError: `date_future`.
        """
        if day > self.today:
            raise FieldError("date_future", FUTURE, day=day, today=self.today)


def check_call_takes(
    call: KnownCall, context: ImportContext, *, day: date, nature: Nature | None, school: bool = False
) -> None:
    """Stop a deposit its call does not take: before it opens, after it closes, or of another nature.

    One that comes too late is told what opens next, if that is known.

    Raises:
        FieldError: `early_submission`, `late_submission`, `nature_refused`.
    """
    if day < call.opens_on:
        raise FieldError("early_submission", EARLY, submitted=day, call=call.code, opening=call.opens_on)
    if nature is not None and nature not in call.natures:
        raise FieldError("nature_refused", NATURE_REFUSED, call=call.code)
    deadline = call.deadline(nature, school=school)
    if deadline is None:
        return
    if day > deadline and (after := context.opening_after(call, day, nature)):
        said = {"submitted": day, "deadline": deadline, "call": after.code, "opening": after.opens_on}
        raise FieldError("late_submission", LATE_NEXT, **said)
    check_not_late(submitted=day, deadline=deadline)


def plain(text: str) -> str:
    """`text` in lower case, without accents, its other signs as single underscores: how names are compared."""
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE")).casefold()
    kept = "".join(char for char in letters if not unicodedata.combining(char))
    return re.sub(r"[^0-9a-z]+", "_", kept).strip("_")


@lru_cache(maxsize=8)
def _by_every_name(funders: tuple[KnownFunder, ...]) -> dict[str, KnownFunder]:
    return {plain(name): funder for funder in funders for name in (*funder.aliases, funder.name, funder.code)}


def _codes(calls: Iterable[KnownCall]) -> list[str]:
    return sorted(call.code for call in calls) or [NONE_KNOWN]
