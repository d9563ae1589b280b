"""A field of the form of an action: its name, its label, what it answers. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from parvis.states.words import Sentence


class Field(StrEnum):
    """Something a person brings with an action; the same names as in `Given`."""

    REASON = "reason"
    DOCUMENTS = "documents"
    REPLY_BY = "reply_by"
    COMMITTEE = "committee_id"
    AMOUNTS = "amounts"
    CONDITIONS = "conditions"
    OPINION = "opinion"
    PROPOSED = "proposed_cents"
    FUNDERS = "funder_ids"
    POINTS = "points"
    INSTRUCTOR = "instructor_id"
    DUE_ON = "due_on"
    CONTACT_ON = "contact_on"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    INSTALMENT = "instalment"
    PARTNER = "partner_id"
    PARTNER_SIRET = "partner_siret"
    PARTNER_NAME = "partner_name"
    PARTNER_EMAIL = "partner_email"
    SIGNER = "signer"
    SIGNER_QUALITY = "signer_quality"
    PARTS = "part_amounts"


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of the form of an action. `answers` are the guards that only what is typed in it can satisfy.

    Points are those of the assessment, or, `final`, of the evaluation.
    """

    field: Field
    label: Sentence
    required: bool = True
    hint: Sentence | None = None
    answers: tuple[str, ...] = ()
    final: bool = False


REASON_LABEL = Sentence("Motif", "Reason")
READ_BY_APPLICANT = Sentence("Le porteur le lira tel quel.", "The applicant will read it as it is.")
READ_INSIDE = Sentence("Gardé au journal du dossier.", "Kept in the journal of the case.")
DELAY_OF_CALL = Sentence("Vide : le délai de l’appel.", "Empty: the delay of the call.")
TOLD = Asked(Field.REASON, REASON_LABEL, hint=READ_BY_APPLICANT, answers=("reason_given",))
KEPT = Asked(Field.REASON, REASON_LABEL, hint=READ_INSIDE, answers=("reason_given",))
