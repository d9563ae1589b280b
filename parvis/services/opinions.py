"""Opinions of a funder: what waits for one, what was said, and giving one or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import opinions as queries
from parvis.models.queries.opinions import AwaitedOpinion, GivenOpinion
from parvis.models.session import Session
from parvis.services.advance import Advanced, Refused, Request, advance_many
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Opinion

__all__ = ["MOST", "AwaitedOpinion", "GivenOpinion", "Said", "awaited", "give", "given"]

MOST = 200
"""How many cases the page of a funder holds; giving these makes room for the next."""


@dataclass(frozen=True, slots=True)
class Said:
    """An opinion on one case as its page showed it; `proposed_cents` None when no amount is proposed."""

    case_id: int
    expected_version: int | None
    opinion: Opinion
    proposed_cents: int | None = None
    comment: str = ""


def awaited(session: Session, funder_id: int, person_id: int | None = None) -> list[AwaitedOpinion]:
    """The cases that wait for this funder's opinion, the most pressing first; the first `MOST`.

    Those hidden from the person of it who looks (`person_id`) are left out.
    """
    return queries.awaited_opinions(session, funder_id, person_id=person_id, limit=MOST)


def given(
    session: Session, funder_id: int, person_id: int | None = None, *, limit: int = MOST
) -> list[GivenOpinion]:
    """The opinions this funder gave, the latest first; as `awaited`, none on a case hidden from the person."""
    return queries.given_opinions(session, funder_id, person_id=person_id, limit=limit)


def give(
    session: Session, funder_id: int, said: Sequence[Said], *, by: By, at: datetime
) -> list[Advanced | Refused]:
    """Give several opinions at once: a result per case, in their order; one refused leaves the others given."""
    requests = [
        Request(
            each.case_id,
            Given(
                opinion=each.opinion,
                funder_id=funder_id,
                proposed_cents=each.proposed_cents,
                reason=each.comment,
            ),
            each.expected_version,
        )
        for each in said
    ]
    return advance_many(session, requests, Action.GIVE_OPINION, by=by, at=at) if requests else []
