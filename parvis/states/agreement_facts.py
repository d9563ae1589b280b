"""What the rules know of an agreement when they decide: facts in, nothing looked up."""

from dataclasses import dataclass, field
from datetime import date, datetime

from parvis.states.agreement_calendar import Door, years_of
from parvis.states.agreement_stages import AgreementStage
from parvis.states.calendar import paris_day


@dataclass(frozen=True, slots=True)
class AgreementGiven:
    """What the person acting brings; each action looks at its own fields only. `amounts` are cents by funder code.

    `on` is the day said with the action: of a signature, of the end of an approval, of a review, of an early end.
    `document` is the name a file was kept under, `sha256` its bytes in hexadecimal, `edition` how many files of the
    same paper there are with it, and `amendment` the one it is of: none for the agreement itself. `payment_ids` name
    the payments that are made; without them, all that can be made of the year, or of the agreement.
    """

    reason: str = ""
    on: date | None = None
    year: int | None = None
    amounts: tuple[tuple[str, int], ...] = ()
    result: str = ""
    new_end: date | None = None
    document: str = ""
    amendment: int | None = None
    edition: int | None = None
    sha256: str = ""
    payment_ids: tuple[int, ...] = ()


NOTHING_SAID = AgreementGiven()


@dataclass(frozen=True, slots=True)
class YearAmount:
    """What one funder (code, name) gives in a year, in cents."""

    funder: str
    name: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year of an agreement: the first is firm, the next are indicative until confirmed. `number` counts from 1.

    `kept` is what an amendment cannot take back: paid, ordered, or granted by the case of the agreement.
    """

    number: int
    starts_on: date
    ends_on: date
    firm: bool
    reviewed_on: date | None = None
    amounts: tuple[YearAmount, ...] = ()
    kept: tuple[YearAmount, ...] = ()

    @property
    def total_cents(self) -> int:
        """What all funders give in this year."""
        return sum(amount.amount_cents for amount in self.amounts)


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """An agreement as the guards see it. Instants are aware UTC, dates are Paris days, amounts are cents.

    `granted`: a committee funded it, or it was taken over as it stood. `successor` and `request` are references:
    the agreement that follows, and the case that asks for it; `renewal_call` is the title of the call that case
    would be in, which takes it from `call_opens_on` to `call_closes_on`, its `door` being the first of its closings.
    A request is closed once withdrawn or refused. `payable` are the payments that can be recorded, of those spoken of.
    """

    agreement_id: int
    stage: AgreementStage
    version: int
    at: datetime
    reference: str = ""
    starts_on: date = date.min
    ends_on: date = date.max
    entered_on: date | None = None
    entered_version: int = 0
    granted: bool = False
    renews: bool = False
    signed_on: date | None = None
    approval_ends_on: date | None = None
    years: tuple[Year, ...] = ()
    renewal_opens_on: date | None = None
    evaluation_received_on: date | None = None
    awaited_reports: tuple[str, ...] = ()
    renewal_call: str = ""
    call_opens_on: date | None = None
    call_closes_on: date | None = None
    door: Door | None = None
    request: str = ""
    request_sent: bool = False
    request_closed: bool = False
    successor: str = ""
    overlaps: tuple[str, ...] = ()
    amendments: int = 0
    payable: tuple[int, ...] = ()
    given: AgreementGiven = field(default=NOTHING_SAID)

    @property
    def today(self) -> date:
        """The Paris day of `at`."""
        return paris_day(self.at)

    @property
    def year(self) -> Year | None:
        """The year that is spoken of, when the agreement has it."""
        return next((year for year in self.years if year.number == self.given.year), None)

    @property
    def year_numbers(self) -> list[int]:
        """The numbers of its years."""
        return [year.number for year in self.years]

    @property
    def amended_numbers(self) -> list[int]:
        """The numbers of its years once an amendment has moved its end."""
        if self.given.new_end is None:
            return self.year_numbers
        return [number for number, _ in enumerate(years_of(self.starts_on, self.given.new_end), 1)]

    @property
    def kept_back(self) -> tuple[YearAmount, ...]:
        """What an amendment as given would take back though it cannot: of the year it changes, of those it removes."""
        given = dict(self.given.amounts)
        less = (
            each
            for each in (self.year.kept if self.year and given else ())
            if given.get(each.funder, 0) < each.amount_cents
        )
        removed = (
            each for year in self.years if year.number not in self.amended_numbers for each in year.kept
        )
        return (*less, *removed)

    @property
    def indicative_years(self) -> list[int]:
        """The numbers of the years whose amounts are not firm."""
        return [year.number for year in self.years if not year.firm]
