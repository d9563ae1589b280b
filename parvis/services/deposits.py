"""Receiving deposits: new cases written and submitted, all of them or none; what is already there stays."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from parvis.models.queries import deposits as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.drafts import fill_case
from parvis.models.session import Session
from parvis.services.advance import Refused, Request, advance_many
from parvis.services.funder_codes import funder_code
from parvis.services.imports.deposit import Deposit, Source
from parvis.services.partner_rows import partner_documents, partner_rows
from parvis.services.portals.following import follow, remember
from parvis.states.contract import Call, Contract
from parvis.states.facts import By
from parvis.states.stages import Action, Nature, Role
from parvis.states.words import Sentence

IMPORTER = By("importer", Role.IMPORTER)


@dataclass(frozen=True, slots=True)
class Received:
    """What an import did: references of the cases created, left as they were, and different from what is held.

    Those `updated` had something their platform owns; one of them may differ on something else as well.
    """

    created: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    diverging: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    warnings: tuple[tuple[str, Sentence], ...] = ()

    @property
    def known(self) -> int:
        """How many cases were there already."""
        return len({*self.unchanged, *self.diverging, *self.updated})


class DepositRefusedError(Exception):
    """The table refused to take a deposit in; nothing was written. `reasons` by external id."""

    def __init__(self, refused: dict[str, tuple[Sentence, ...]]) -> None:
        super().__init__(", ".join(refused))
        self.refused = refused


@dataclass(slots=True)
class _Desk:
    """What receiving needs at hand: the contract, who instructs, ids by code."""

    contract_id: int
    contract: Contract
    load: dict[int, int] = field(default_factory=dict)
    covering: dict[int, frozenset[str]] = field(default_factory=dict)
    schools: frozenset[str] = frozenset()

    def officer_for(self, qpvs: Sequence[str]) -> int | None:
        """The least loaded instructor in charge of one of these neighbourhoods, or of all."""
        able = [who for who, codes in self.covering.items() if not codes or codes & set(qpvs)]
        chosen = min(able or self.load, key=lambda who: (self.load[who], who), default=None)
        if chosen is not None:
            self.load[chosen] += 1
        return chosen


def receive(session: Session, contract_id: int, arrived: Sequence[Deposit], *, at: datetime) -> Received:
    """Write new cases and submit them; of a deposit already held, only what its platform owns follows.

    The same deposit again changes nothing. What it says otherwise than Parvis is remembered, told, and not written.

    Raises:
        DepositRefusedError: the table refuses one of them; the caller's transaction has to be given up.
    """
    desk = _open_desk(session, contract_id, [deposit.siret for deposit in arrived])
    calls = queries.calls_by_code(session, contract_id)
    by_call: dict[str, list[Deposit]] = defaultdict(list)
    for deposit in arrived:
        by_call[deposit.call].append(deposit)
    created: list[str] = []
    again: dict[str, list[str]] = {"unchanged": [], "diverging": [], "updated": []}
    for code, group in by_call.items():
        call_id, document = calls[code]
        held = queries.held_cases(session, call_id, [deposit.external_id for deposit in group])
        for deposit in group:
            if known := held.get(deposit.external_id):
                _again(session, known, deposit, again, at=at)
        new = [deposit for deposit in group if deposit.external_id not in held]
        if new:
            created += _write(session, desk, call_id, Call.model_validate(document), new, at=at)
    warnings = tuple((deposit.external_id, warning) for deposit in arrived for warning in deposit.warnings)
    said_again = {head: tuple(references) for head, references in again.items()}
    return Received(tuple(created), warnings=warnings, **said_again)


def _again(
    session: Session, known: queries.Held, deposit: Deposit, again: dict[str, list[str]], *, at: datetime
) -> None:
    """Follow a deposit of a case that is held, when it says something new; note under each head what became of it."""
    updated, differs = False, known.differs
    if known.content_hash != deposit.content_hash and not known.anonymised:
        followed = follow(session, known.case_id, known.reference, deposit, at=at)
        updated, differs = followed.updated, followed.differs
    if updated:
        again["updated"].append(known.reference)
    if differs:
        again["diverging"].append(known.reference)
    if not updated and not differs:
        again["unchanged"].append(known.reference)


def fill(
    session: Session, case_id: int, deposit: Deposit, call: Call, *, contract_id: int, call_id: int
) -> None:
    """Write what a deposit typed here says on the case its draft has been; its documents are there already."""
    desk = _open_desk(session, contract_id, [deposit.siret])
    organisations = queries.write_organisations(session, _organisations([deposit]))
    funders = queries.write_funders(session, contract_id, _unknown_funders([deposit]))
    row = _case_row(
        desk, call, deposit, call_id=call_id, reference="", organisations=organisations,
        waves=queries.waves_by_code(session, call_id),
    )  # fmt: skip
    fill_case(session, case_id, row)
    children = _children(call, [(case_id, deposit)], organisations, funders)
    theirs = partner_documents(call, case_id, deposit)
    queries.write_children(session, contract_id, {**children, "documents": theirs})


def _open_desk(session: Session, contract_id: int, sirets: Sequence[str]) -> _Desk:
    contract = contract_by_id(session, contract_id)
    areas = {person.email: frozenset(person.neighbourhoods) for person in contract.people}
    desk = _Desk(contract_id, contract, schools=queries.known_schools(session, sirets))
    for person_id, email, load in queries.instructors(session, contract_id):
        desk.load[person_id] = load
        desk.covering[person_id] = areas.get(email, frozenset())
    return desk


def _write(
    session: Session, desk: _Desk, call_id: int, call: Call, new: Sequence[Deposit], *, at: datetime
) -> list[str]:
    organisations = queries.write_organisations(session, _organisations(new))
    funders = queries.write_funders(session, desk.contract_id, _unknown_funders(new))
    waves = queries.waves_by_code(session, call_id)
    first = queries.next_numbers(session, call_id, len(new))
    references = [f"{call.code.upper()}-{first + index:05d}" for index in range(len(new))]
    rows = [
        _case_row(
            desk,
            call,
            deposit,
            call_id=call_id,
            reference=reference,
            organisations=organisations,
            waves=waves,
        )
        for deposit, reference in zip(new, references, strict=True)
    ]
    ids = queries.write_cases(session, rows, at=at)
    case_ids = [ids[reference] for reference in references]
    pairs = list(zip(case_ids, new, strict=True))
    queries.write_children(session, desk.contract_id, _children(call, pairs, organisations, funders))
    remember(session, pairs, at=at)
    _submit(session, pairs, at=at)
    return references


def _submit(session: Session, pairs: Sequence[tuple[int, Deposit]], *, at: datetime) -> None:
    requests = [Request(case_id) for case_id, _ in pairs]
    results = advance_many(session, requests, Action.SUBMIT, by=IMPORTER, at=at)
    refused = {
        deposit.external_id: tuple(reason.sentence for reason in result.reasons)
        for (_, deposit), result in zip(pairs, results, strict=True)
        if isinstance(result, Refused)
    }
    if refused:
        raise DepositRefusedError(refused)


def _organisations(new: Iterable[Deposit]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for deposit in new:
        for partner in deposit.partners:
            rows.setdefault(partner.siret, {"siret": partner.siret, "name": partner.siret})
        rows[deposit.siret] = {
            "siret": deposit.siret, "rna": deposit.rna, "name": deposit.organisation or deposit.siret,
            "email": deposit.email or "", "phone": deposit.phone or "", "address": deposit.address or "",
            "school": deposit.school,
        }  # fmt: skip
    bare = {"rna": None, "email": "", "phone": "", "address": "", "school": False}
    return [{**bare, **row} for row in rows.values()]


def _unknown_funders(new: Iterable[Deposit]) -> list[dict[str, str]]:
    names = {ask.name for deposit in new for ask in deposit.funders if ask.code is None}
    return [{"code": funder_code(name), "name": name} for name in sorted(names)]


def _case_row(
    desk: _Desk, call: Call, deposit: Deposit, *, call_id: int, reference: str,
    organisations: dict[str, int], waves: dict[str, int],
) -> dict[str, Any]:  # fmt: skip
    nature = deposit.nature or Nature.NEW
    school = deposit.school or deposit.siret in desk.schools or desk.contract.is_school(deposit.siret)
    wave = call.wave_for(deposit.deposited_on, nature, school=school)
    contact = deposit.contacts[0] if deposit.contacts else None
    return {
        "call_id": call_id, "wave_id": waves.get(wave.code) if wave else None,
        "organisation_id": organisations[deposit.siret], "instructor_id": desk.officer_for(deposit.qpvs),
        "reference": reference, "external_id": deposit.external_id, "source": deposit.source,
        "content_hash": deposit.content_hash, "title": deposit.title, "summary": deposit.summary or "",
        "nature": nature, "starts_on": deposit.starts_on, "ends_on": deposit.ends_on,
        "requested_cents": deposit.requested_cents,
        "total_cost_cents": deposit.total_cost_cents or 0, "beneficiaries": deposit.beneficiaries,
        "qpv_share_percent": deposit.qpv_share_percent, "deposited_on": deposit.deposited_on,
        "contact": {"name": contact.name, "email": contact.email, "phone": contact.phone} if contact else {},
    }  # fmt: skip


def _children(
    call: Call, pairs: Sequence[tuple[int, Deposit]], organisations: dict[str, int], funders: dict[str, int]
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for case_id, deposit in pairs:
        rows["neighbourhoods"] += [{"case_id": case_id, "code": code} for code in deposit.qpvs]
        rows["challenges"] += [{"case_id": case_id, "code": code} for code in deposit.challenges]
        rows["documents"] += [*_documents(call, case_id, deposit), *partner_documents(call, case_id, deposit)]
        rows["budget"] += [
            {"case_id": case_id, "position": position, "side": line.side, "account": line.account,
             "label": line.label, "amount_cents": line.amount_cents}
            for position, line in enumerate(deposit.budget)
        ]  # fmt: skip
        rows["fundings"] += _fundings(case_id, deposit, funders)
        rows["partners"] += partner_rows(call, case_id, deposit, organisations)
        rows["history"] += [
            {"case_id": case_id, "position": position, "at": event.at, "kind": event.kind,
             "status": event.status, "by": event.by or ""}
            for position, event in enumerate(deposit.history)
        ]  # fmt: skip
    return rows


def _documents(call: Call, case_id: int, deposit: Deposit) -> list[dict[str, Any]]:
    """The check-list; the portal transmits a case only with its documents, so they count as received."""
    received = deposit.deposited_at if deposit.source == Source.PORTAL else None
    return [
        {"case_id": case_id, "code": document.code, "label": document.label.fr, "received_at": received}
        for document in call.documents_for(Nature(deposit.nature or Nature.NEW))
    ]


def _fundings(case_id: int, deposit: Deposit, funders: dict[str, int]) -> list[dict[str, Any]]:
    asked: dict[int, dict[str, Any]] = {}
    for ask in deposit.funders:
        funder_id = funders[ask.code or funder_code(ask.name)]
        row = asked.setdefault(
            funder_id,
            {"case_id": case_id, "funder_id": funder_id, "requested_cents": 0, "portal": ask.status or ""},
        )
        row["requested_cents"] += ask.requested_cents
    return list(asked.values())
