"""Writing letters out: the text of an owed letter, from its facts and the case's, once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from parvis.models.queries import dispatch, suppressions
from parvis.models.queries import letters as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.dispatch import Claimed
from parvis.models.queries.letters import Unwritten
from parvis.models.session import Session
from parvis.notifications.context import CaseView, LetterContext, LetterData
from parvis.notifications.kinds import LETTERS
from parvis.notifications.outgoing import message_id
from parvis.notifications.render import (
    LetterFactsError,
    LetterTemplateError,
    Overrides,
    Rendered,
    Source,
    render,
)
from parvis.notifications.trouble import CAME_BACK as CAME_BACK_KEPT
from parvis.notifications.trouble import NO_ADDRESS as NO_ADDRESS_KEPT
from parvis.notifications.trouble import NOT_WRITTEN as NOT_WRITTEN_KEPT
from parvis.services.agreement_letters import AgreementSeen, agreement_data, seen
from parvis.services.bounces import CAME_BACK
from parvis.states.calendar import paris_day
from parvis.states.contract import Contract
from parvis.states.seats import SEAT_WORDS
from parvis.states.stages import STAGE_WORDS
from parvis.states.words import Sentence, appointment

NO_ADDRESS = Sentence(
    "Appeler {name} : aucune adresse pour la lettre « {letter} » ({reference}).",
    "Call {name}: no address for the letter “{letter}” ({reference}).",
)
NOT_WRITTEN = Sentence(
    "Corriger le modèle « {letter} » : la lettre à {name} ({reference}) ne peut pas s’écrire.",
    "Mend the template “{letter}”: the letter to {name} ({reference}) cannot be written.",
)


@dataclass(frozen=True, slots=True)
class Wrote:
    """What writing out did: letters written, left to a digest, and impossible to write (a task says so)."""

    written: int = 0
    digested: int = 0
    failed: int = 0

    def __add__(self, other: "Wrote") -> "Wrote":
        return Wrote(self.written + other.written, self.digested + other.digested, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Around:
    """What a batch of letters needs beside their own rows."""

    contracts: dict[int, Contract]
    documents: dict[int, list[tuple[str, str]]]
    money: dict[int, list[queries.CaseMoney]]
    overrides: dict[int, Overrides]
    agreements: dict[int, AgreementSeen]
    held: frozenset[str] = frozenset()


def claim_due(
    session: Session, *, by: str, at: datetime, lease: timedelta, limit: int, link: str = ""
) -> tuple[Wrote, list[Claimed]]:
    """Take at most `limit` letters whose time has come, under a lease, writing the text of those that have none.

    A text is written once and never again. A letter without an address, or whose template is broken, fails alone
    and leaves a task. `link` is the address of the application, before `/dossiers/REFERENCE`.
    """
    to_write, written = queries.lock_due(session, at=at, limit=limit)
    unwritten = queries.unwritten(session, to_write) if to_write else []
    to_digest = [letter.id for letter in unwritten if letter.digest]
    if to_digest:
        queries.keep_for_digest(session, to_digest)
    texts, failed = _texts(session, [letter for letter in unwritten if not letter.digest], link, at=at)
    held = suppressions.held_letters(session, written) if written else frozenset()
    for letter in queries.unwritten(session, sorted(held)) if held else ():
        _fail(session, letter, CAME_BACK.fill(**_named(letter)), CAME_BACK_KEPT, at=at)
    leaving = [letter_id for letter_id in written if letter_id not in held]
    claimed = dispatch.claim(session, leaving, texts, by=by, at=at, lease=lease)
    return Wrote(len(texts), len(to_digest), failed + len(held)), claimed


def _texts(
    session: Session, unwritten: Sequence[Unwritten], link: str, *, at: datetime
) -> tuple[list[queries.Text], int]:
    """The texts of these letters, and how many cannot be written."""
    if not unwritten:
        return [], 0
    around = gather(session, unwritten)
    texts = []
    for letter in unwritten:
        text = _text(letter, around, link)
        if isinstance(text, tuple):
            _fail(session, letter, text[0], text[1], at=at)
        else:
            texts.append(text)
    return texts, len(unwritten) - len(texts)


def gather(session: Session, unwritten: Sequence[Unwritten]) -> Around:
    """Read once what the letters of a batch share or need."""
    cases = [letter.case_id for letter in unwritten if letter.case_id is not None]
    contracts = {letter.contract_id for letter in unwritten}
    known = {contract_id: contract_by_id(session, contract_id) for contract_id in sorted(contracts)}
    return Around(
        known,
        queries.awaited_documents(session, cases) if cases else {},
        queries.case_money(session, cases) if cases else {},
        _overrides(session, sorted({letter.call_id for letter in unwritten if letter.call_id is not None})),
        seen(session, unwritten, known),
        suppressions.held_among(session, {letter.address for letter in unwritten}),
    )


def written_out(letter: Unwritten, around: Around, link: str = "") -> Rendered:
    """The letter as its recipient would read it.

    Raises:
        LetterFactsError: the letter lacks a fact its template needs.
        LetterTemplateError: the template is broken.
    """
    overrides = around.overrides.get(letter.call_id or 0)
    return render(letter.template, letter.language, context(letter, around, link), overrides)


def context(letter: Unwritten, around: Around, link: str = "") -> LetterContext:
    """Everything a template may name, for this letter."""
    contract = around.contracts[letter.contract_id]
    sender = contract.sender
    return {
        "recipient": {"name": letter.name, "email": letter.address, "role": letter.recipient.partition(":")[0]},
        "case": cast("CaseView | None", _case(letter)),
        "agreement": around.agreements[letter.agreement_id].view if letter.agreement_id else None,
        "organisation": {"name": letter.organisation or ""},
        "call": {"code": letter.call_code or "", "title": letter.call_title or ""},
        "contract": {
            "name": contract.name, "sender_name": sender.name, "reply_to": sender.reply_to or sender.email,
            "phone": sender.phone, "address": sender.address,
        },
        "officer": {"name": letter.officer_name, "email": letter.officer_email},
        "link": link + path if link and (path := _path(letter, around)) else "",
        "data": _data(letter, around),
    }  # fmt: skip


def _path(letter: Unwritten, around: Around) -> str:
    """Where the letter leads: to what its own secret address opens, else to its case, a part of it, an agreement."""
    if path := letter.data.get("path"):
        return str(path)
    if letter.agreement_id:
        return around.agreements[letter.agreement_id].path
    if letter.reference and letter.recipient.startswith("partner:"):
        return f"/mes-dossiers/{letter.reference}/partenaire"
    return f"/dossiers/{letter.reference}" if letter.reference else ""


def letter_key(contract: Contract, letter: Unwritten) -> str:
    """What makes a letter the only one of its kind: contract, case, rule, occurrence, recipient."""
    parts = (contract.code, letter.reference or "", letter.rule, letter.occurrence, letter.recipient)
    return "/".join(parts)


def mail_domain(contract: Contract) -> str:
    """The domain letters of a contract are identified in."""
    return contract.sender.email.rpartition("@")[2]


def _named(letter: Unwritten) -> dict[str, str]:
    """A letter as the title of a task names it."""
    kind = LETTERS[letter.template].description.fr if letter.template in LETTERS else letter.template
    return {"name": letter.name or "—", "reference": letter.reference or "—", "letter": kind}


def _text(letter: Unwritten, around: Around, link: str) -> queries.Text | tuple[Sentence, str]:
    """The text of a letter; or why it has none, as a task says it and as is kept."""
    said = _named(letter)
    if not letter.address:
        return NO_ADDRESS.fill(**said), NO_ADDRESS_KEPT
    if letter.address.lower() in around.held:
        return CAME_BACK.fill(**said), CAME_BACK_KEPT
    contract = around.contracts[letter.contract_id]
    try:
        rendered = written_out(letter, around, link)
    except (LetterFactsError, LetterTemplateError):
        return NOT_WRITTEN.fill(**said), NOT_WRITTEN_KEPT
    identity = message_id(letter_key(contract, letter), mail_domain(contract))
    return queries.Text(
        letter.id, letter.address, letter.name, letter.language, rendered.subject, rendered.text, rendered.html,
        rendered.fingerprint, identity,
    )  # fmt: skip


def _overrides(session: Session, call_ids: Sequence[int]) -> dict[int, Overrides]:
    found: dict[int, dict[tuple[str, str], Source]] = defaultdict(dict)
    for call_id, name, language, *parts in queries.own_templates(session, call_ids) if call_ids else ():
        found[call_id][name, language] = Source(*parts)
    return dict(found)


def _fail(session: Session, letter: Unwritten, why: Sentence, kept: str, *, at: datetime) -> None:
    dispatch.refuse(session, letter.id, error=kept)
    dispatch.open_task(
        session, key=f"letter/{letter.id}", case_id=letter.case_id, kind="letter", recipient="instructor",
        title_fr=why.fr, title_en=why.en, at=at,
        contract_id=letter.contract_id if letter.case_id is None else None,
    )  # fmt: skip


def _case(letter: Unwritten) -> dict[str, Any] | None:
    if letter.case_id is None:
        return None
    names = (
        "reference", "title", "summary", "stage", "requested_cents", "starts_on", "ends_on", "deposited_on",
    )  # fmt: skip
    return {name: getattr(letter, name) for name in names}


_DAYS = (
    "deadline", "reply_by", "report_due", "interim_due", "next_due", "decides_on", "missed_on", "contact_on", "ends_on",
)  # fmt: skip


def _data(letter: Unwritten, around: Around) -> LetterData:
    """The facts of the letter as the templates want them: days as dates, and what the case's rows add."""
    data: dict[str, Any] = dict(letter.data)
    deadline = data.get("deadline")
    if letter.template in ("documents_reminder", "lapsed"):
        data.setdefault("reply_by", deadline or _iso(letter.reply_by))
        awaited = around.documents.get(letter.case_id or 0, [])
        data.setdefault("documents", [{"code": code, "label": label} for code, label in awaited])
    if letter.template in ("report_reminder", "report_late", "new_dates_refused"):
        data.setdefault("report_due", deadline or _iso(letter.report_due_on))
    if letter.template == "stage_late":
        stage = STAGE_WORDS.get(letter.stage or "")
        data["stage_label"] = stage.say(letter.language) if stage else ""
        data["waiting_since"] = paris_day(letter.entered_at) if letter.entered_at else None
    if letter.agreement_id:
        data |= agreement_data(data, around.agreements[letter.agreement_id], letter)
    data |= _money(letter, around, data)
    for name in _DAYS:
        if isinstance(data.get(name), str):
            data[name] = date.fromisoformat(data[name])
    if isinstance(data.get("anchored_at"), str):
        data["anchored_at"] = datetime.fromisoformat(data["anchored_at"])
    data |= _sitting(data, letter.language)
    if items := data.get("items"):
        data["items"] = [
            {**section, "lines": [_digest_line(line) for line in section["lines"]]} for section in items
        ]
    if committee := data.get("committee"):
        data["committee"] = {**committee, "held_on": date.fromisoformat(committee["held_on"])}
    return cast("LetterData", data)


def _sitting(data: dict[str, Any], language: str) -> dict[str, Any]:
    """What a member reads of a sitting, in their language: when it begins, as what they sit."""
    said = {}
    if starts_at := data.pop("starts_at", None):
        said["when"] = appointment(datetime.fromisoformat(starts_at), language)
    if seat := data.pop("seat", None):
        said["seat_label"] = SEAT_WORDS[seat].say(language)
    return said


def _money(letter: Unwritten, around: Around, data: dict[str, Any]) -> dict[str, Any]:
    lines = around.money.get(letter.case_id or 0, [])
    if letter.template == "closed":
        return {"total_cents": sum(line.paid_cents for line in lines)}
    if letter.template == "reclaimed":
        return {"total_cents": sum(line.back_cents for line in lines)}
    if letter.template == "formal_notice":
        return {"total_cents": sum(line.granted_cents or 0 for line in lines)}
    if letter.template in ("opinion_requested", "opinion_reminder"):
        asked = [line for line in lines if letter.recipient == f"funder:{line.funder_id}"]
        return {"grants": [{"funder": line.funder, "amount_cents": line.requested_cents} for line in asked]}
    return {"grants": data["grants"]} if "grants" in data else {}


def _digest_line(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "on": date.fromisoformat(line["on"]) if line["on"] else None}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
