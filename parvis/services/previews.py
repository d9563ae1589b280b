"""A template tried on a real case: what it would say, with nothing kept."""

from datetime import datetime

from parvis.documents.letter_fields import LISTS, Fields, TemplateKind, examples
from parvis.documents.word_letters import fill_template
from parvis.models.queries.letter_facts import Decision
from parvis.models.session import Session
from parvis.services.cases import find_case
from parvis.services.decision_documents import LETTERS, acting_grants
from parvis.services.letter_content import fields, read
from parvis.services.word_templates import template

_ACTIONS = {kind: action for action, kind in LETTERS.items()}


def preview(
    session: Session, kind: TemplateKind, case: str, *, at: datetime, content: bytes | None = None
) -> bytes:
    """The document a case would get from its template, or from `content`.

    What the case does not have yet (a decision, an amount) is filled with an example.

    Raises:
        NoSuchCaseError: no case has this name.
        WordTemplateError: the template cannot be filled in.
    """
    found = find_case(session, case)
    told = read(session, Decision(found.id, found.version + 1, _ACTIONS.get(kind, "fund"), at, "{}"))
    grants = acting_grants(told) if kind in (TemplateKind.GRANT_ORDER, TemplateKind.AGREEMENT) else []
    said = fields(told, grants[0] if grants else None, reference=found.reference, at=at)
    chosen = content or template(session, told.case.contract_id, told.case.call_id, kind)
    decided = any(grant.granted_cents for grant in told.grants)
    return fill_template(chosen, _with_examples(said, amounts=not decided))


def _with_examples(said: Fields, *, amounts: bool) -> Fields:
    """The fields with examples where the case says nothing; the money of a case not decided yet is all examples."""
    shown = examples()
    filled: Fields = {}
    for group, values in said.items():
        example = shown[group]
        if isinstance(values, dict) and isinstance(example, dict):
            replaced = amounts and group in ("autorite", "montants")
            filled[group] = dict(example) if replaced else {
                name: value or (example[name] if group in ("decision", "comite", "bilan") else value)
                for name, value in values.items()
            }  # fmt: skip
        else:
            filled[group] = example if group in LISTS and (amounts or not values) else values
    return filled
