"""What the rules know of a case when they decide: facts in, nothing looked up."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from parvis.states.acting import By, Grant
from parvis.states.arrivals import NOT_ANNOUNCED, Arrival
from parvis.states.calendar import paris_day
from parvis.states.partners import Coalition, Part, parts_wrong
from parvis.states.payments import Settlement
from parvis.states.renewals import Renewal
from parvis.states.stages import KIND_WORDS, CommitteeKind, Stage
from parvis.states.words import Cents, Sentence

__all__ = ["ASK_AGAIN", "NOTHING", "By", "Facts", "Given", "Grant"]


@dataclass(frozen=True, slots=True)
class Given:
    """What the person acting brings with the action; each action looks at its own fields only.

    `amounts` are cents by funder code; `grants` the same once the envelopes were read; `points` are those of the
    criteria (by code) that make the `score`. A recommended case goes on to the sitting `next_committee_id`, held on
    `next_held_on`; to none yet when they are not said. A signature is of the bytes of a stored document: `sha256`, in
    hexadecimal; so is a file taken off. `undertaken` is what the applicant binds itself to. `contact_on` is the day an
    officer and the applicant talked; `arrival` how a draft falls in its call, once read.
    `late_reports` are reports the applicant owes of other cases; `settlement` what an accepted report leaves to pay,
    in all `balance_cents` and to be paid back `repay_cents`; `paying` the payments an instalment is made of, and
    `nothing_left` says that none remains after them; payments named one by one are `payment_ids`, made on `paid_on`.
    `partner_id` is the partner a move is about, one of the `coalition` once read; `signer` signs for it, as its
    `signer_quality`. `part_amounts` are what the committee says of parts: SIRET or `lead`, funder, cents. Who joins is
    said by `partner_siret`, `partner_name` and `amounts`, then `joining` once looked up. `renewal` is the request that
    would follow for the next year, `agreement_with` those whose grant takes an agreement (SIRET or `lead`), once looked
    up. What another platform `told`: each point, what Parvis had and what is said there, as the journal keeps them.
    """

    reason: str = ""
    undertaken: str = ""
    documents: tuple[str, ...] = ()
    reply_by: date | None = None
    committee_id: int | None = None
    committee_covers: bool = False
    next_committee_id: int | None = None
    next_held_on: date | None = None
    amounts: tuple[tuple[str, int], ...] = ()
    grants: tuple[Grant, ...] = ()
    conditions: str = ""
    opinion: str = ""
    funder_id: int | None = None
    funder_ids: tuple[int, ...] = ()
    proposed_cents: int | None = None
    score: int | None = None
    points: tuple[tuple[str, int], ...] = ()
    instructor_id: int | None = None
    due_on: date | None = None
    signed_document: str = ""
    sha256: str = ""
    signed_on: date | None = None
    contact_on: date | None = None
    arrival: Arrival | None = None
    overlaps: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    instalment: str = ""
    late_reports: tuple[Sentence, ...] = ()
    settlement: Settlement | None = None
    spent_cents: int | None = None
    balance_cents: int | None = None
    repay_cents: int | None = None
    paying: tuple[int, ...] = ()
    nothing_left: bool = False
    payment_ids: tuple[int, ...] = ()
    paid_on: date | None = None
    partner_id: int | None = None
    partner_email: str = ""
    signer: str = ""
    signer_quality: str = ""
    part_amounts: tuple[tuple[str, str, int], ...] = ()
    partner_siret: str = ""
    partner_name: str = ""
    joining: Part | None = None
    coalition: Coalition | None = None
    renewal: Renewal | None = None
    agreement_with: tuple[str, ...] = ()
    told: tuple[tuple[str, str, str], ...] = ()

    @property
    def signature(self) -> str:
        """Who signs for a partner, with the quality in which they do."""
        return ", ".join(said for each in (self.signer, self.signer_quality) if (said := each.strip()))


NOTHING = Given()

SHORT = Sentence("« {name} » (reste {left}, il manque {short})", "“{name}” ({left} left, {short} short)")
_TICK = timedelta.resolution
ASK_AGAIN = timedelta(days=7)
"""A contact asked for is not asked for again before so long (a setting no source confirms)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A case as the guards see it. Instants are aware UTC, dates are Paris days, amounts are cents."""

    case_id: int
    stage: Stage
    version: int
    at: datetime
    reference: str = ""
    entered_on: date | None = None
    entered_version: int = 0
    # the call
    decides: str = CommitteeKind.STEERING
    opens_on: date | None = None
    closes_on: date | None = None
    # the deposit
    deposited_on: date | None = None
    organisation_identified: bool = True
    contact_asked_on: date | None = None
    contacted_on: date | None = None
    instructor_id: int | None = None
    # instruction
    missing_documents: tuple[str, ...] = ()
    requested_documents: tuple[str, ...] = ()
    reply_by: date | None = None
    eligibility_checked: bool = False
    assessed: bool = False
    awaited_opinions: tuple[str, ...] = ()
    awaited_funders: tuple[int, ...] = ()
    opinions_due_at: datetime | None = None
    awaited_partners: tuple[str, ...] = ()
    awaited_partner_ids: tuple[int, ...] = ()
    partners_due_on: date | None = None
    partner_ids: tuple[int, ...] = ()  # those who take part and were written to
    # the statutory clock (CRPA L231-4 3°)
    clock_started_on: date | None = None
    clock_paused_on: date | None = None
    clock_paused_days: int = 0
    # committee
    committee_id: int | None = None
    committee_name: str = ""
    committee_kind: str = ""
    held_on: date | None = None
    agenda_open: bool = False
    session_held: bool = False
    quorate: bool = False
    recusals_recorded: bool = False
    # after the decision
    starts_on: date | None = None
    ends_on: date | None = None
    interim_due_on: date | None = None
    interim_received_on: date | None = None
    report_due_on: date | None = None
    report_received_on: date | None = None
    report_accepted: bool = False
    balance_settled: bool = False
    notice_expires_on: date | None = None
    not_carried_out: bool = False
    corrections_due_on: date | None = None
    new_dates_asked_on: date | None = None
    new_starts_on: date | None = None
    new_ends_on: date | None = None
    anonymised: bool = False
    given: Given = field(default=NOTHING)

    @property
    def today(self) -> date:
        """The Paris day of `at`."""
        return paris_day(self.at)

    @property
    def opinions_due_on(self) -> date | None:
        """The last day for opinions; `opinions_due_at` is the instant when it is over."""
        return paris_day(self.opinions_due_at - _TICK) if self.opinions_due_at else None

    @property
    def closings(self) -> tuple[date, ...]:
        """The days a draft may still be submitted by, the nearest first; those of the call where waves are not read."""
        if self.given.arrival is not None:
            return self.given.arrival.closings
        return (self.closes_on,) if self.closes_on else ()

    @property
    def closed_on(self) -> date | None:
        """The last day such a request could be submitted."""
        return self.given.arrival.closed_on if self.given.arrival else self.closes_on

    @property
    def next_opening(self) -> Sentence:
        """When something opens again for such a request, in a sentence."""
        return self.given.arrival.next_opening if self.given.arrival else NOT_ANNOUNCED

    @property
    def officers(self) -> tuple[str, ...]:
        """Whom to meet before submitting a new action."""
        return self.given.arrival.officers if self.given.arrival else ()

    @property
    def contact_missing(self) -> bool:
        """An officer has to be met first, and no contact is recorded."""
        arrival = self.given.arrival
        return arrival is not None and arrival.contact_first and self.contacted_on is None

    @property
    def ask_again_on(self) -> date | None:
        """The first day a contact may be asked for again."""
        return self.contact_asked_on + ASK_AGAIN if self.contact_asked_on else None

    @property
    def overlaps(self) -> tuple[str, ...]:
        """The agreements that run already where this case would give one."""
        return self.given.overlaps

    @property
    def part(self) -> Part | None:
        """The partner a move is about, with its part."""
        coalition = self.given.coalition
        return coalition.part(self.given.partner_id) if coalition else None

    @property
    def partner_names(self) -> tuple[str, ...]:
        """Those who take part beside the lead."""
        coalition = self.given.coalition
        return tuple(each.name for each in coalition.taking_part) if coalition else ()

    @property
    def shares_wrong(self) -> list[Sentence]:
        """Why the share of the association that joins cannot be."""
        given = self.given
        return (given.coalition or Coalition()).shares_wrong(given.joining)

    @property
    def parts_wrong(self) -> list[Sentence]:
        """Why what the committee says of the parts of associations cannot be."""
        coalition = self.given.coalition
        grants = [
            (each.code, each.funder, each.amount_cents, each.requested_cents) for each in self.given.grants
        ]
        return parts_wrong(grants, coalition.taking_part if coalition else (), self.given.part_amounts)

    @property
    def pays_through_lead(self) -> bool:
        """The lead would be paid for its partners too."""
        coalition = self.given.coalition
        return coalition is not None and coalition.through_lead and bool(coalition.taking_part)

    @property
    def clause_written(self) -> bool:
        """The agreement says that the lead may grant on."""
        return self.given.coalition is not None and self.given.coalition.clause

    @property
    def report_expected_on(self) -> date | None:
        """The last day for the final report: that of its corrections once they are asked for."""
        return self.corrections_due_on or self.report_due_on

    @property
    def late_reports(self) -> tuple[Sentence, ...]:
        """Reports the applicant owes of other cases, and since when."""
        return self.given.late_reports

    @property
    def follower(self) -> str:
        """The case that renews this one already."""
        return self.given.renewal.follower if self.given.renewal else ""

    @property
    def awaited_reports(self) -> tuple[str, ...]:
        """The cases of its organisation whose report is due."""
        return self.given.renewal.awaited if self.given.renewal else ()

    @property
    def renewal_year(self) -> int:
        """The year its renewal would be for."""
        return self.given.renewal.year if self.given.renewal else 0

    @property
    def decider(self) -> Sentence:
        """The kind of committee whose word is final for this call."""
        return KIND_WORDS[self.decides]

    @property
    def over_requested(self) -> list[str]:
        """Funders whose grant is more than what was asked of them."""
        return [grant.funder for grant in self.given.grants if grant.amount_cents > grant.requested_cents]

    @property
    def over_envelope(self) -> list[Sentence]:
        """The envelopes too small for what would be taken of them: what each has left, and lacks."""
        return [
            SHORT.fill(
                name=grant.envelope or grant.funder, left=Cents(grant.available_cents),
                short=Cents(grant.amount_cents - grant.available_cents),
            )
            for grant in self.given.grants
            if grant.available_cents is not None and grant.amount_cents > grant.available_cents
        ]  # fmt: skip
