"""Requests typed here: begun in a call that is open, saved step by step, submitted once nothing blocks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.queries import deposits as deposit_queries
from parvis.models.queries import drafts as queries
from parvis.models.queries.applicant import call_of_case
from parvis.models.queries.contracts import contract_by_id, read_contract
from parvis.models.queries.drafts import DraftRow
from parvis.models.session import Session
from parvis.services import deadlines, deposits, files
from parvis.services.advance import advance
from parvis.services.draft_answers import Answers, Offered, Read, kept, read_answers
from parvis.services.imports.deposit import Deposit, Source
from parvis.services.stamped import DraftChangedError, stamp, to_write
from parvis.states.arrivals import Kind, arrive
from parvis.states.calendar import paris_day
from parvis.states.contract import Call, Contract
from parvis.states.facts import ASK_AGAIN, By, Given
from parvis.states.stages import Action, Nature
from parvis.states.words import Sentence

__all__ = [
    "Draft", "DraftChangedError", "DraftRefusedError", "NoSuchDraftError", "OpenCall", "next_opening", "open_calls",
    "open_draft", "save", "stamp", "start", "submit", "take_off",
]  # fmt: skip

MOST_DRAFTS = 20
"""How many drafts one organisation has at once (a setting no source confirms)."""

TOO_MANY = Sentence(
    "Déjà {count} brouillons : en déposer ou en retirer un avant d’en commencer un autre.",
    "{count} drafts already: submit or withdraw one before beginning another.",
)
CLOSED = Sentence(
    "Cet appel ne reçoit pas cette demande aujourd’hui : en choisir un autre.",
    "This call does not take this request today: choose another one.",
)
COMMITMENT = Sentence(
    "cocher l’engagement : la loi le demande pour toute subvention (décret 2021-1947)",
    "tick the commitment: the law asks for it for every grant (decree 2021-1947)",
)
TO_FINISH = Sentence("Il reste {count} réponses à corriger.", "{count} answers are still to be corrected.")


class NoSuchDraftError(Exception):
    """This case is no draft typed here, or no longer."""


class DraftRefusedError(Exception):
    """This cannot be done with a draft now; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that takes a kind of request today, until the end of `closes_on`."""

    code: str
    title: str
    nature: Nature
    closes_on: date | None

    @property
    def key(self) -> str:
        """What a form sends to choose it."""
        return f"{self.code}/{self.nature}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands: its row, its call, what it chooses among, and what its answers say."""

    row: DraftRow
    call: Call
    offered: Offered
    read: Read
    school: bool = False

    def values(self, step: str) -> Mapping[str, Sequence[str]]:
        """The answers of a step, word for word."""
        return self.row.answers.get(step, {})

    def closes_on(self, today: date) -> date | None:
        """The last day to submit it; None while the call stays open."""
        return self.call.closing_for(today, Nature(self.row.nature), school=self.school)

    @property
    def ask_again_on(self) -> date | None:
        """The first day its officer may be asked again for a contact; None where none was asked for."""
        asked = self.row.contact_asked_on
        return asked + ASK_AGAIN if asked else None

    @property
    def meets_officer(self) -> bool:
        """Whether an officer is met before it is submitted."""
        return self.row.nature == Nature.NEW and self.call.eligibility.contact_officer_first


def open_calls(session: Session, organisation_id: int, *, at: datetime) -> list[OpenCall]:
    """The calls that take a request of an organisation today, once for each kind; those that close first come first."""
    found = read_contract(session)
    if found is None:
        return []
    today, school = paris_day(at), _is_school(session, found[1], organisation_id)
    calls = [
        OpenCall(call.code, call.title, nature, call.closing_for(today, nature, school=school))
        for call in found[1].calls
        for nature in call.accepts
        if _takes(call, nature, today, school=school)
    ]
    return sorted(calls, key=lambda each: (each.closes_on or date.max, each.code, each.nature != Nature.NEW))


def next_opening(session: Session, *, at: datetime) -> tuple[str, date] | None:
    """Title and first day of the call that opens next, for whoever finds none open."""
    found = read_contract(session)
    ahead = [call for call in (found[1].calls if found else ()) if call.opens_on > paris_day(at)]
    call = min(ahead, key=lambda each: each.opens_on, default=None)
    return (call.title, call.opens_on) if call else None


def start(session: Session, organisation_id: int, key: str, title: str, *, by: By, at: datetime) -> str:
    """Begin a draft in an open call; its reference.

    Raises:
        DraftRefusedError: no such call takes such a request today, or there are too many drafts.
    """
    found = read_contract(session)
    code, _, nature = key.rpartition("/")
    if found is None or key not in {each.key for each in open_calls(session, organisation_id, at=at)}:
        raise DraftRefusedError(CLOSED)
    if queries.count_drafts(session, organisation_id) >= MOST_DRAFTS:
        raise DraftRefusedError(TOO_MANY.fill(count=MOST_DRAFTS))
    call_id, _ = deposit_queries.calls_by_code(session, found[0])[code]
    call = next(call for call in found[1].calls if call.code == code)
    number = deposit_queries.next_numbers(session, call_id, 1)
    reference = f"{code.upper()}-{number:05d}"
    row = {
        "call_id": call_id, "organisation_id": organisation_id, "reference": reference, "external_id": reference,
        "source": Source.FORM, "content_hash": "", "title": title, "summary": "", "nature": nature,
        "requested_cents": 0, "total_cost_cents": 0, "contact": {},
    }  # fmt: skip
    case_id = deposit_queries.write_cases(session, [row], at=at)[reference]
    documents = [
        {"case_id": case_id, "code": document.code, "label": document.label.fr, "received_at": None}
        for document in call.documents_for(Nature(nature))
    ]
    deposit_queries.write_children(session, found[0], {"documents": documents})
    queries.add_draft(session, case_id, {"action": {"titre": [title]}}, at=at, by=by.actor)
    deadlines.replan(session, [case_id], at=at)
    return reference


def open_draft(session: Session, case_id: int, *, lock: bool = False) -> Draft:
    """A draft, and what its answers say now.

    Raises:
        NoSuchDraftError: it is submitted, or was never typed here.
    """
    row = queries.read_draft(session, case_id, lock=lock)
    if row is None:
        raise NoSuchDraftError(str(case_id))
    call = call_of_case(session, case_id)
    contract = contract_by_id(session, row.contract_id)
    offered = _offered(contract, call, row.siret)
    school = row.school or contract.is_school(row.siret)
    return Draft(row, call, offered, read_answers(row.answers, offered), school)


def save(
    session: Session, case_id: int, step: str, typed: Mapping[str, Sequence[str]], expected: str, *,
    by: By, at: datetime,
) -> str:  # fmt: skip
    """Keep a step as it was typed, whatever it is worth; the stamp of what is kept.

    Raises:
        NoSuchDraftError: it is no draft any more.
        DraftChangedError: it was saved elsewhere since the content stamped `expected`, and says something else.
    """
    draft = open_draft(session, case_id, lock=True)
    there, values = draft.values(step), kept(typed, draft.offered, step)
    if to_write(there, values, expected):
        queries.save_step(session, case_id, step, values, at=at, by=by.actor)
        title = _read(draft, step, values).title if step == "action" else None
        if title:
            queries.name_draft(session, case_id, title)
    return stamp(values)


def take_off(session: Session, case_id: int, file_id: int, *, by: By, at: datetime) -> None:
    """Take a file off a draft; the document it was for is awaited again when no other file is there for it.

    Raises:
        NoSuchDraftError: it is no draft any more: what was submitted stays.
        NoSuchFileError: it has no such file, or no longer.
    """
    open_draft(session, case_id, lock=True)
    there = {line.id: line for line in files.list_files(session, case_ids=[case_id])}
    line = there.pop(file_id, None)
    if line is None:
        raise files.NoSuchFileError(str(file_id))
    files.remove(session, line, by=by, at=at)
    if line.document_code and line.document_code not in {other.document_code for other in there.values()}:
        queries.await_document(session, case_id, line.document_code)


def submit(session: Session, case_id: int, *, committed: bool, by: By, at: datetime) -> None:
    """Make a draft a case: its rows written and the move made, together or not at all.

    Raises:
        NoSuchDraftError: it is no draft any more.
        DraftRefusedError: something is still to be corrected, or the commitment is not taken.
        MoveRefusedError: the table says no: the call is closed, for example.
    """
    draft = open_draft(session, case_id, lock=True)
    if draft.read.faults:
        raise DraftRefusedError(TO_FINISH.fill(count=len(draft.read.faults)))
    if draft.call.eligibility.republican_commitment and not committed:
        raise DraftRefusedError(COMMITMENT)
    deposit = _deposit(draft, at)
    ids = {"contract_id": draft.row.contract_id, "call_id": draft.row.call_id}
    deposits.fill(session, case_id, deposit, draft.call, **ids)
    queries.name_unknown(session, draft.read.partner_names)
    given = Given(undertaken="republican" if committed else "")
    advance(session, case_id, Action.SUBMIT, by=by, at=at, given=given)


def _takes(call: Call, nature: Nature, today: date, *, school: bool) -> bool:
    return not call.silent and arrive(call, today, Kind(nature, school)).open


def _is_school(session: Session, contract: Contract, organisation_id: int) -> bool:
    siret, school = queries.siret_and_school(session, organisation_id)
    return school or contract.is_school(siret)


def _offered(contract: Contract, call: Call, siret: str) -> Offered:
    asked = call.funders or tuple(funder.code for funder in contract.funders if funder.asks_opinion)
    return Offered(
        siret,
        tuple((each.code, f"{each.name} ({each.commune})") for each in contract.neighbourhoods),
        tuple((each.code, each.label) for each in contract.challenges),
        tuple((each.code, each.name) for each in contract.funders if each.code in asked),
        call.partners_allowed,
        call.eligibility.neighbourhood_required,
    )


def _read(draft: Draft, step: str, values: Mapping[str, Sequence[str]]) -> Read:
    answers: Answers = {**draft.row.answers, step: values}
    return read_answers(answers, draft.offered)


def _deposit(draft: Draft, at: datetime) -> Deposit:
    row, read = draft.row, draft.read
    return Deposit(
        source=Source.FORM, external_id=row.external_id, call=draft.call.code, siret=row.siret,
        title=read.title or "", requested_cents=read.requested_cents, deposited_at=at, deposited_on=paris_day(at),
        nature=Nature(row.nature), rna=read.rna, organisation=row.organisation,
        email=row.email or (read.contact.email if read.contact else None),
        contacts=(read.contact,) if read.contact else (), summary=read.summary, qpvs=read.qpvs,
        challenges=read.challenges, starts_on=read.starts_on, ends_on=read.ends_on,
        total_cost_cents=read.cost_cents, beneficiaries=read.beneficiaries,
        qpv_share_percent=read.qpv_share_percent, funders=read.funders, partners=read.partners, budget=read.budget,
    )  # fmt: skip
