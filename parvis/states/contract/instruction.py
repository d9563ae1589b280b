"""What a call asks before deciding and how it pays after: eligibility, documents, grid, instalments, waves."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from parvis.states.contract.values import Amount, Code, Day, QpvCode, Setting, Share, Text
from parvis.states.stages import Nature
from parvis.states.words import Sentence


class Label(Setting):
    """A name people read, in both languages; a file may give the French alone."""

    fr: Text
    en: Text

    @property
    def sentence(self) -> Sentence:
        """The name as a sentence, to be said in a reader's language."""
        return Sentence(self.fr, self.en)

    @model_validator(mode="before")
    @classmethod
    def _french_alone(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"fr": value, "en": value}
        if isinstance(value, dict) and "fr" in value:
            return {"en": value["fr"], **value}
        return value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core_schema))
        schema["required"] = ["fr"]
        return {"anyOf": [{"type": "string"}, dict(schema)]}


class When(StrEnum):
    """For which cases a document is required."""

    ALWAYS = "always"
    RENEWAL = "renewal"
    NEW = "new"


class PaidOn(StrEnum):
    """What makes an instalment payable."""

    NOTIFICATION = "notification"
    INTERIM_REPORT = "interim_report"
    REPORT = "report"


class Underspend(StrEnum):
    """What a call gives when an action cost less than its budget: in proportion, or the whole grant all the same."""

    PRO_RATA = "pro_rata"
    IN_FULL = "in_full"


class Eligibility(Setting):
    """What makes a case admissible.

    `republican_commitment` is law (décret 2021-1947), so is `previous_report_first` (Cerfa 12156, notice: the
    last report comes before a new request). `minimum_qpv_share` is the part of the public that lives in the
    neighbourhoods: "mainly" in Amiens, read as half (unverified). `contact_officer_first`: new actions only.
    """

    neighbourhood_required: bool = True
    minimum_qpv_share: Share = Decimal("0.5")
    republican_commitment: bool = True
    contact_officer_first: bool = False
    previous_report_first: bool = True


class RequiredDocument(Setting):
    """A document of the check-list. One that is `still_valid` a year later is taken up by a renewal."""

    code: Code
    label: Label
    when: When = When.ALWAYS
    still_valid: bool = False

    def needed_for(self, nature: Nature) -> bool:
        """Whether a case of this nature must hold it."""
        return self.when == When.ALWAYS or str(self.when) == str(nature)


class Criterion(Setting):
    """A line of the assessment grid: points from 0 to `maximum`, counting for `weight` out of 100."""

    code: Code
    label: Label
    weight: Annotated[int, Field(strict=True, ge=1, le=100)]
    maximum: Annotated[int, Field(strict=True, ge=1, le=100)] = 5


class Instalment(Setting):
    """A part of the grant and what makes it payable."""

    code: Code
    share: Share
    on: PaidOn


class PlaceShare(Setting):
    """The least part of all that is given which goes to a neighbourhood."""

    neighbourhood: QpvCode
    share: Share


class Programming(Setting):
    """What a programming drawn up before a committee keeps to (settings no source fixes).

    A case that is given anything is given at least `least_cents`; proposals are whole multiples of `step_cents`;
    `shares` are the least parts of neighbourhoods.
    """

    least_cents: Amount = 1_000_00
    step_cents: Annotated[int, Field(strict=True, ge=1_00, le=10_000_00)] = 100_00
    shares: tuple[PlaceShare, ...] = ()


class Closes(Setting):
    """The last days to deposit in a wave: fixed days, never rolled. Renewals and schools follow `new` unless said."""

    new: Day
    renewal: Day | None = None
    school: Day | None = None


class Wave(Setting):
    """A cut-off inside a call that stays open, and the day its committee decides."""

    code: Code
    title: Text
    closes: Closes
    decides_on: Day | None = None

    @property
    def last_closing(self) -> date:
        """The last day on which the wave takes anybody but schools."""
        return max(self.closes.new, self.closes.renewal or self.closes.new)

    def closing(self, nature: Nature, *, school: bool = False) -> date:
        """The last day to deposit for a case of this nature; a school has its own day whatever the nature."""
        if school and self.closes.school:
            return self.closes.school
        if nature == Nature.RENEWAL and self.closes.renewal:
            return self.closes.renewal
        return self.closes.new


def _document(
    code: str, fr: str, en: str, when: When = When.ALWAYS, *, still_valid: bool = False
) -> RequiredDocument:
    return RequiredDocument(code=code, label=Label(fr=fr, en=en), when=when, still_valid=still_valid)


def _criterion(code: str, fr: str, en: str, weight: int = 20) -> Criterion:
    return Criterion(code=code, label=Label(fr=fr, en=en), weight=weight)


LAST_REPORT = "last_report"
"""The code of the report of the action before, which nobody hands in twice."""

DOCUMENTS = (
    _document("statutes", "Statuts", "Statutes", still_valid=True),
    _document("declaration_receipt", "Récépissé de déclaration", "Declaration receipt", still_valid=True),
    _document("leaders", "Liste des dirigeants", "List of leaders"),
    _document("rib", "Relevé d’identité bancaire (RIB)", "Bank details (RIB)", still_valid=True),
    _document("accounts", "Derniers comptes annuels approuvés", "Last approved yearly accounts"),
    _document("global_budget", "Budget prévisionnel global", "Global budget"),
    _document("project_budget", "Budget prévisionnel de l’action", "Budget of the action"),
    _document(
        "republican_commitment",
        "Contrat d’engagement républicain signé",
        "Signed republican commitment",
        still_valid=True,
    ),
    _document(LAST_REPORT, "Bilan de l’action précédente", "Report of the previous action", When.RENEWAL),
)
"""Asked by default: what the calls of Rosny and Montpellier list, and Cerfa 12156."""

GRID = (
    _criterion("capacity", "Capacité du porteur", "Capacity of the applicant"),
    _criterion("presence", "Présence dans le quartier", "Presence in the neighbourhood"),
    _criterion("feasibility", "Faisabilité dans le calendrier", "Feasibility within the calendar"),
    _criterion("public", "Publics touchés", "People reached"),
    _criterion("priorities", "Réponse aux priorités du contrat", "Answer to the contract’s priorities"),
)
"""The criteria of Cap Excellence 2023, which gives no weights: equal here (unverified)."""

EVALUATION = (
    _criterion("carried_out", "Réalisation au regard du projet", "Carried out as planned", 25),
    _criterion(
        "people", "Publics touchés, habitants des quartiers", "People reached, of the neighbourhoods", 25
    ),
    _criterion("effects", "Effets pour les habitants", "Effects for residents", 25),
    _criterion("means", "Usage des moyens", "Use of the means", 25),
)
"""What the annual evaluation of an agreement looks at: conformity, public, effects, means (unverified weights)."""

PAYMENTS = (
    Instalment(code="advance", share=Decimal("0.8"), on=PaidOn.NOTIFICATION),
    Instalment(code="balance", share=Decimal("0.2"), on=PaidOn.REPORT),
)
"""Four fifths at once, the rest on the report (unverified)."""
