"""A move as a program says it, as the fields of the form of that move: so that both are read by the same rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from parvis.services.case_page import Choices, SittingChoice
from parvis.states.asking import ASKS, Field
from parvis.states.fields import plain_amount
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.api.moves_shapes import MoveBody, PartShare
from parvis.web.errors import FieldError, WrongInputError
from parvis.web.forms import Typed
from parvis.web.parts import PART

NAMES: Mapping[Field, str] = {
    Field.REASON: "reason", Field.DOCUMENTS: "documents", Field.REPLY_BY: "reply_by", Field.DUE_ON: "due_on",
    Field.COMMITTEE: "sitting_id", Field.INSTRUCTOR: "instructor_id", Field.AMOUNTS: "amounts",
    Field.CONDITIONS: "conditions", Field.OPINION: "opinion", Field.PROPOSED: "proposed_cents",
    Field.FUNDERS: "funders", Field.POINTS: "points", Field.CONTACT_ON: "contact_on", Field.STARTS_ON: "starts_on",
    Field.ENDS_ON: "ends_on", Field.INSTALMENT: "instalment",
    Field.PARTNER: "partner_id", Field.PARTNER_EMAIL: "partner_email",
    Field.PARTNER_SIRET: "partner_siret", Field.PARTNER_NAME: "partner_name", Field.SIGNER: "signer",
    Field.SIGNER_QUALITY: "signer_quality", Field.PARTS: "parts",
}  # fmt: skip
"""What the API calls each field of a form."""

NOT_ASKED = Sentence("cette action ne le demande pas", "this move does not ask for it")
SAID_TWICE = Sentence("dit deux fois : n’en garder qu’un", "said twice: keep one")
UNKNOWN_CODE = Sentence("code inconnu : {codes}", "unknown code: {codes}")


def typed(body: MoveBody, choices: Choices, documents: Sequence[str]) -> Typed:
    """What the form of this move would have sent. `documents` are the codes of the check-list.

    Raises:
        WrongInputError: fields the move does not ask for, codes nothing has.
    """
    asked = {NAMES[each.field] for each in ASKS[body.action]}
    sent = {name for name in MoveBody.model_fields if name != "action" and getattr(body, name) is not None}
    funders = [funder.code for funder in choices.funders]
    faults = [FieldError(name, NOT_ASKED) for name in sorted(sent - asked)]
    faults += _unknown("funders", body.funders or (), funders)
    faults += _unknown("amounts", [share.funder for share in body.amounts or ()], funders)
    parts = body.parts or ()
    faults += _unknown("parts", [part.association for part in parts], [each.who for each in choices.payees])
    faults += _unknown("parts", [part.funder for part in parts], funders)
    faults += _twice(parts)
    final = any(each.final for each in ASKS[body.action])
    grid = choices.evaluation if final else choices.grid
    faults += _unknown("points", body.points or (), [line.criterion.code for line in grid])
    if faults:
        raise WrongInputError(*faults)
    return Typed({name: values for name, values in _values(body, choices, documents).items() if values})


def as_offered(body: MoveBody, choices: Choices) -> Choices:
    """The same choices, with the sitting and the person of this move: to know a request again once it was served."""
    sittings = [SittingChoice(body.sitting_id, "", "", date.min, None)] if body.sitting_id else []
    officers = [(body.instructor_id, "")] if body.instructor_id else []
    return replace(choices, sittings=(*choices.sittings, *sittings), officers=(*choices.officers, *officers))


def _values(body: MoveBody, choices: Choices, documents: Sequence[str]) -> dict[str, list[str]]:
    ids = {funder.code: str(funder.id) for funder in choices.funders}
    named = body.documents or []
    values: dict[Field | str, list[str]] = {
        Field.REASON: [body.reason or ""], Field.CONDITIONS: [body.conditions or ""],
        Field.DOCUMENTS: [code for code in named if code in documents],
        forms.OTHER_DOCUMENTS: ["\n".join(" ".join(word.split()) for word in named if word not in documents)],
        Field.REPLY_BY: [body.reply_by.isoformat()] if body.reply_by else [],
        Field.DUE_ON: [body.due_on.isoformat()] if body.due_on else [],
        Field.CONTACT_ON: [body.contact_on.isoformat()] if body.contact_on else [],
        Field.STARTS_ON: [body.starts_on.isoformat()] if body.starts_on else [],
        Field.ENDS_ON: [body.ends_on.isoformat()] if body.ends_on else [],
        Field.INSTALMENT: [body.instalment] if body.instalment else [],
        Field.PARTNER: [str(body.partner_id)] if body.partner_id else [],
        Field.PARTNER_EMAIL: [body.partner_email or ""],
        Field.PARTNER_SIRET: [body.partner_siret or ""],
        Field.PARTNER_NAME: [body.partner_name or ""],
        Field.SIGNER: [body.signer or ""],
        Field.SIGNER_QUALITY: [body.signer_quality or ""],
        Field.COMMITTEE: [str(body.sitting_id)] if body.sitting_id else [],
        Field.INSTRUCTOR: [str(body.instructor_id)] if body.instructor_id else [],
        Field.OPINION: [body.opinion] if body.opinion else [],
        Field.PROPOSED: [] if body.proposed_cents is None else [plain_amount(body.proposed_cents)],
        Field.FUNDERS: [ids[code] for code in body.funders or ()],
    }  # fmt: skip
    shares = {forms.AMOUNT + share.funder: [plain_amount(share.amount_cents)] for share in body.amounts or ()}
    points = {forms.POINTS + code: [str(value)] for code, value in (body.points or {}).items()}
    parts = {
        f"{PART}{part.association}_{part.funder}": [plain_amount(part.amount_cents)]
        for part in body.parts or ()
    }
    return {**{str(name): list(map(str, said)) for name, said in values.items()}, **shares, **parts, **points}


def renamed(wrong: WrongInputError) -> WrongInputError:
    """The same faults, by the names of the API."""
    return WrongInputError(*(FieldError(_name(fault.name), fault.sentence) for fault in wrong.fields))


def _name(field: str) -> str:
    for beginning, name in ((forms.AMOUNT, "amounts."), (forms.POINTS, "points.")):
        if field.startswith(beginning):
            return name + field.removeprefix(beginning)
    if field.startswith(PART) and field not in set(Field):
        return "parts." + field.removeprefix(PART).replace("_", ".", 1)
    if field == forms.OTHER_DOCUMENTS:
        return NAMES[Field.DOCUMENTS]
    return NAMES[Field(field)] if field in set(Field) else field


def _twice(parts: Sequence[PartShare]) -> list[FieldError]:
    said = [(part.association, part.funder) for part in parts]
    twice = sorted({f"parts.{who}.{code}" for who, code in said if said.count((who, code)) > 1})
    return [FieldError(name, SAID_TWICE) for name in twice]


def _unknown(name: str, said: Iterable[str], known: Iterable[str]) -> list[FieldError]:
    odd = sorted(set(said) - set(known))
    return [FieldError(name, UNKNOWN_CODE.fill(codes=odd))] if odd else []
