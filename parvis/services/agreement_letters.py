"""What the letters about agreements of several years say: the agreement as its reader sees it, days as dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.models.queries.agreements import agreement_frames
from parvis.models.queries.letters import Unwritten
from parvis.models.session import Session
from parvis.notifications.context import AgreementView
from parvis.services.agreement_writing import door_of, renewal_call
from parvis.states.agreement_calendar import renewal_calendar
from parvis.states.agreement_stages import STAGE_WORDS, AgreementStage
from parvis.states.contract import Contract


@dataclass(frozen=True, slots=True)
class AgreementSeen:
    """An agreement as a letter shows it, where it stands and where its page is."""

    view: AgreementView
    stage: str

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/conventions/{self.view['reference']}"


def seen(
    session: Session, unwritten: Sequence[Unwritten], contracts: Mapping[int, Contract]
) -> dict[int, AgreementSeen]:
    """The agreements of these letters, by id."""
    contract_of = {letter.agreement_id: letter.contract_id for letter in unwritten if letter.agreement_id}
    found = {}
    for frame in agreement_frames(session, sorted(contract_of)) if contract_of else ():
        contract = contracts[contract_of[frame.id]]
        opened = frame.entered_on if frame.stage == AgreementStage.IN_RENEWAL else None
        door = door_of(renewal_call(contract, frame.ends_on))
        steps = renewal_calendar(frame.ends_on, contract.agreements, opened, door)
        view: AgreementView = {
            "reference": frame.reference, "title": frame.title, "starts_on": frame.starts_on,
            "ends_on": frame.ends_on, "evaluation_on": steps.evaluation_on, "request_on": steps.request_on,
            "decision_on": steps.decision_on,
        }  # fmt: skip
        found[frame.id] = AgreementSeen(view, frame.stage)
    return found


_DAYS = ("last_day", "new_end")


def agreement_data(data: Mapping[str, Any], agreement: AgreementSeen, letter: Unwritten) -> dict[str, Any]:
    """What the facts of a letter become: days as dates, the stage in words."""
    said: dict[str, Any] = {
        name: date.fromisoformat(data[name]) for name in _DAYS if isinstance(data.get(name), str)
    }
    if years := data.get("years"):
        said["years"] = [
            {**year, **{name: date.fromisoformat(year[name]) for name in ("starts_on", "ends_on")}}
            for year in years
        ]
    if letter.template == "agreement_late":
        said["stage_label"] = STAGE_WORDS[agreement.stage].say(letter.language)
    return said
