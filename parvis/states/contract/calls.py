"""A call for projects: its dates, what it accepts, asks, weighs and pays, and the checks between them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from parvis.states.contract.demarche import Demarche
from parvis.states.contract.instruction import (
    DOCUMENTS,
    EVALUATION,
    GRID,
    PAYMENTS,
    Criterion,
    Eligibility,
    Instalment,
    Programming,
    RequiredDocument,
    Underspend,
    Wave,
)
from parvis.states.contract.times import TimeRules
from parvis.states.contract.values import (
    Amount,
    Code,
    Day,
    Folder,
    Note,
    Problem,
    QpvCode,
    Setting,
    Share,
    Text,
    duplicates,
    refuse,
)
from parvis.states.stages import CommitteeKind, Nature
from parvis.states.words import Sentence

CLOSES_BEFORE_OPENING = Sentence(
    "L’appel se clôt le {closes}, avant de s’ouvrir le {opens} : changer « closes_on » ou « opens_on ».",
    "The call closes on {closes}, before it opens on {opens}: change “closes_on” or “opens_on”.",
)
WAVE_BEFORE_CALL = Sentence(
    "La vague se clôt le {closes}, avant l’ouverture de l’appel le {opens} : changer l’une des deux dates.",
    "The wave closes on {closes}, before the call opens on {opens}: change one of the two dates.",
)
WAVE_AFTER_CALL = Sentence(
    "La vague se clôt le {closes}, après la clôture de l’appel le {last} : changer l’une des deux dates.",
    "The wave closes on {closes}, after the call closes on {last}: change one of the two dates.",
)
DECIDES_TOO_EARLY = Sentence(
    "La vague décide le {decides} et reçoit des dossiers jusqu’au {closes} : décider après cette date.",
    "The wave decides on {decides} and takes deposits until {closes}: decide after that date.",
)
WEIGHTS = Sentence(
    "Les poids de la grille font {total} : les changer pour qu’ils fassent 100.",
    "The weights of the grid add up to {total}: change them so that they add up to 100.",
)
SHARES = Sentence(
    "Les parts des versements font {total}\u202f% : les changer pour qu’elles fassent 100\u202f%.",
    "The shares of the payments add up to {total}%: change them so that they add up to 100%.",
)
SAME_ENVELOPE = Sentence(
    "Cette enveloppe a le même financeur, le même quartier et le même défi que la n° {first} : les réunir.",
    "This envelope has the same funder, neighbourhood and challenge as number {first}: merge them.",
)


LATER_ENVELOPE = Sentence(
    "Une enveloppe d’une autre année paie les conventions de l’appel : elle se donne à un appel à conventions, pour "
    "une de ses années suivantes ({years}), sans quartier ni défi.",
    "An envelope of another year pays the agreements of the call: it is given to a call for agreements, for one of "
    "its later years ({years}), with no neighbourhood nor challenge.",
)


class Instrument(StrEnum):
    """What a call leads to; the life of a case is the same."""

    AGREEMENT = "agreement"
    ANNUAL = "annual"
    SPECIFIC = "specific"


class Envelope(Setting):
    """What a funder puts into a call, in cents, perhaps for one neighbourhood or one challenge.

    `year`: it pays a later year of the agreements of the call, once that year is confirmed; no case takes from it.
    """

    funder: Code
    total_cents: Amount
    neighbourhood: QpvCode | None = None
    challenge: Code | None = None
    year: int | None = None


class Call(Setting):
    """A call for projects. With no `closes_on` it stays open; its days are fixed and never roll.

    `silent` is a take-over of history: it owes no letter and plans no timer. `funders` are asked by default;
    none means every funder that gives opinions. `evaluation` is the grid of the last step, once the report is
    accepted, and `underspend` what becomes of the grant of an action that cost less than its budget (unverified). An
    agreement is required above `agreement_threshold_cents` (loi 2000-321 art. 10). `co_funding_ceiling` is the
    largest part of a cost that public money may pay, and `decides` the committee whose word is final (both
    unverified). `letters_folder` holds the templates that replace the usual ones for this call. Each partner is paid
    directly; `pays_through_lead` pays the lead for all, and a case is then funded only once the clause of its
    agreement is written (CGCT L1611-4). `aid_scheme` and `notified_to_eu` are told with the essential data of its
    grants (décret 2017-779). `demarche` is the form of Démarche numérique where it is deposited too.
    """

    code: Code
    title: Text
    instrument: Instrument
    year: Annotated[int, Field(strict=True, ge=2000, le=2100)]
    duration_years: Annotated[int, Field(strict=True, ge=1, le=6)] = 1
    opens_on: Day
    closes_on: Day | None = None
    silent: bool = False
    accepts: Annotated[tuple[Nature, ...], Field(min_length=1)] = (Nature.NEW, Nature.RENEWAL)
    partners_allowed: bool = False
    pays_through_lead: bool = False
    waves: tuple[Wave, ...] = ()
    eligibility: Eligibility = Eligibility()
    required_documents: tuple[RequiredDocument, ...] = DOCUMENTS
    grid: tuple[Criterion, ...] = GRID
    evaluation: tuple[Criterion, ...] = EVALUATION
    underspend: Underspend = Underspend.PRO_RATA
    funders: tuple[Code, ...] = ()
    decides: CommitteeKind = CommitteeKind.STEERING
    co_funding_ceiling: Share = Decimal("0.8")
    agreement_threshold_cents: Amount = 2_300_000
    payment_schedule: tuple[Instalment, ...] = PAYMENTS
    envelopes: tuple[Envelope, ...] = ()
    programming: Programming = Programming()
    letters_folder: Folder | None = None
    aid_scheme: Note = ""
    notified_to_eu: bool = False
    times: TimeRules = TimeRules()
    demarche: Demarche | None = None

    def documents_for(self, nature: Nature) -> tuple[RequiredDocument, ...]:
        """The check-list of a case of this nature."""
        return tuple(document for document in self.required_documents if document.needed_for(nature))

    def wave_for(self, day: date, nature: Nature, *, school: bool = False) -> Wave | None:
        """The wave a deposit of this day falls in: the first one not yet closed for it; None when all are."""
        ahead = [wave for wave in self.waves if wave.closing(nature, school=school) >= day]
        return min(ahead, key=lambda wave: wave.closing(nature, school=school), default=None)

    def missed_wave(
        self, day: date, nature: Nature, *, school: bool = False, begun_on: date | None = None
    ) -> Wave | None:
        """The wave a deposit of this day comes too late for; None when it was not meant for one that is closed.

        It was, when it was begun while that wave still took it, or when the wave still takes others.
        """
        closed = [wave for wave in self.waves if wave.closing(nature, school=school) < day]
        late = [
            wave
            for wave in closed
            if wave.last_closing >= day
            or (begun_on is not None and begun_on <= wave.closing(nature, school=school))
        ]
        return max(late, key=lambda wave: wave.closing(nature, school=school), default=None)

    def closing_for(self, day: date, nature: Nature, *, school: bool = False) -> date | None:
        """The last day to deposit for someone who starts on `day`: of its wave, else of the call; None when open."""
        wave = self.wave_for(day, nature, school=school)
        return wave.closing(nature, school=school) if wave else self.closes_on

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse(
            [
                *duplicates("waves", (wave.code for wave in self.waves)),
                *duplicates("required_documents", (document.code for document in self.required_documents)),
                *duplicates("grid", (criterion.code for criterion in self.grid)),
                *duplicates("evaluation", (criterion.code for criterion in self.evaluation)),
                *duplicates("payment_schedule", (instalment.code for instalment in self.payment_schedule)),
                *duplicates("funders", self.funders, key=None),
                *_dates(self),
                *_sums(self),
                *_envelopes(self),
            ]
        )
        return self


def _dates(call: Call) -> Iterator[Problem]:
    last = call.closes_on
    if last and last < call.opens_on:
        yield Problem(("closes_on",), last, CLOSES_BEFORE_OPENING.fill(closes=last, opens=call.opens_on))
        return
    for index, wave in enumerate(call.waves):
        closings = {name: day for name in ("new", "renewal", "school") if (day := getattr(wave.closes, name))}
        for name, day in closings.items():
            path = ("waves", index, "closes", name)
            if day < call.opens_on:
                yield Problem(path, day, WAVE_BEFORE_CALL.fill(closes=day, opens=call.opens_on))
            if last and day > last:
                yield Problem(path, day, WAVE_AFTER_CALL.fill(closes=day, last=last))
        latest = max(closings.values())
        if wave.decides_on and wave.decides_on <= latest:
            sentence = DECIDES_TOO_EARLY.fill(decides=wave.decides_on, closes=latest)
            yield Problem(("waves", index, "decides_on"), wave.decides_on, sentence)


def _sums(call: Call) -> Iterator[Problem]:
    for name, grid in (("grid", call.grid), ("evaluation", call.evaluation)):
        weights = sum(criterion.weight for criterion in grid)
        if grid and weights != 100:
            yield Problem((name,), weights, WEIGHTS.fill(total=weights))
    shares = sum((instalment.share for instalment in call.payment_schedule), Decimal(0))
    if call.payment_schedule and shares != 1:
        yield Problem(
            ("payment_schedule",), str(shares), SHARES.fill(total=f"{(shares * 100).normalize():f}")
        )


def _envelopes(call: Call) -> Iterator[Problem]:
    first: dict[tuple[str, str | None, str | None, int], int] = {}
    later = range(call.year + 1, call.year + call.duration_years + 1)
    for index, envelope in enumerate(call.envelopes):
        year = envelope.year or call.year
        if year != call.year and (
            call.instrument is not Instrument.AGREEMENT
            or year not in later
            or envelope.neighbourhood
            or envelope.challenge
        ):
            sentence = LATER_ENVELOPE.fill(years=f"{later[0]}-{later[-1]}")
            yield Problem(("envelopes", index, "year"), year, sentence)
        before = first.setdefault((envelope.funder, envelope.neighbourhood, envelope.challenge, year), index)
        if before != index:
            yield Problem(("envelopes", index), envelope.funder, SAME_ENVELOPE.fill(first=before + 1))
