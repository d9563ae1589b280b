"""The configuration of a city contract: closed models, their defaults, and the checks between them."""

from parvis.states.contract.agreements import AgreementRules
from parvis.states.contract.calls import Call, Envelope, Instrument
from parvis.states.contract.city import Contract
from parvis.states.contract.committees import Committee, Seat, SeatRole, Sitting
from parvis.states.contract.forward import roll_forward
from parvis.states.contract.instruction import (
    Closes,
    Criterion,
    Eligibility,
    Instalment,
    Label,
    PaidOn,
    RequiredDocument,
    Wave,
    When,
)
from parvis.states.contract.members import (
    Challenge,
    Delivery,
    Funder,
    FunderKind,
    Neighbourhood,
    OpenData,
    Person,
    Sender,
)
from parvis.states.contract.times import TimeRules
from parvis.states.stages import CommitteeKind

__all__ = [
    "AgreementRules",
    "Call",
    "Challenge",
    "Closes",
    "Committee",
    "CommitteeKind",
    "Contract",
    "Criterion",
    "Delivery",
    "Eligibility",
    "Envelope",
    "Funder",
    "FunderKind",
    "Instalment",
    "Instrument",
    "Label",
    "Neighbourhood",
    "OpenData",
    "PaidOn",
    "Person",
    "RequiredDocument",
    "Seat",
    "SeatRole",
    "Sender",
    "Sitting",
    "TimeRules",
    "Wave",
    "When",
    "roll_forward",
]
