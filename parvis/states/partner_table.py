"""The rows of the table of cases about partners, and what they change, cancel and plan."""

from datetime import timedelta

from parvis.states import guards as g
from parvis.states import partner_guards as p
from parvis.states.contract import TimeRules
from parvis.states.details import Plain, Value
from parvis.states.facts import Facts
from parvis.states.stages import Action as A
from parvis.states.stages import Role as R
from parvis.states.stages import Stage as S
from parvis.states.table import Letter, Move
from parvis.states.words import Sentence

_NOT_DECIDED = (S.SUBMITTED, S.INCOMPLETE, S.INSTRUCTED, S.COMMITTEE)
_LEFT = (Letter("partner_left", "applicant"), Letter("partner_left", "instructor"))

PARTNER_MOVES: tuple[Move[Facts], ...] = (
    Move(A.ADD_PARTNER, (S.SUBMITTED, S.INCOMPLETE), None, (R.APPLICANT, R.INSTRUCTOR),
         only_if=(p.PARTNERS_ALLOWED, p.PARTNER_NEW, p.SHARE_FITS),
         letters=(Letter("partner_added", "applicant"),),
         then=Sentence("sa part se prend sur celle du porteur ; une lettre au partenaire, avec un lien",
                       "its share is taken from that of the lead; a letter to the partner, with a link")),
    Move(A.INVITE_PARTNER, (S.SUBMITTED, S.INCOMPLETE), None, (R.APPLICANT, R.INSTRUCTOR),
         only_if=(p.PARTNER_KNOWN, p.PARTNER_AWAITED),
         then=Sentence("une lettre au partenaire, avec un lien", "a letter to the partner, with a link")),
    Move(A.CONFIRM_PARTNER, (S.SUBMITTED, S.INCOMPLETE), None, (R.APPLICANT, R.INSTRUCTOR),
         only_if=(p.PARTNER_AWAITED, p.SIGNER_NAMED),
         letters=(Letter("partner_confirmed", "applicant"),)),
    Move(A.DECLINE_PARTNER, (S.SUBMITTED, S.INCOMPLETE), None, (R.APPLICANT,),
         only_if=(p.PARTNER_AWAITED, g.REASON_GIVEN), letters=_LEFT,
         then=Sentence("sa part quitte la demande", "its share leaves the request")),
    Move(A.WITHDRAW_PARTNER, (*_NOT_DECIDED, S.FUNDED), None, (R.APPLICANT, R.INSTRUCTOR),
         only_if=(p.PARTNER_KNOWN, g.REASON_GIVEN), letters=_LEFT,
         then=Sentence("sa part quitte la demande ; après décision, elle est libérée, ses versements annulés",
                       "its share leaves the request; after the decision it is released, its payments cancelled")),
    Move(A.WRITE_CLAUSE, (*_NOT_DECIDED,), None, (R.INSTRUCTOR, R.MANAGER),
         only_if=(p.COORDINATED, g.REASON_GIVEN),
         then=Sentence("le porteur peut reverser leur part aux partenaires (CGCT, L1611-4)",
                       "the lead may pass their share on to the partners (CGCT L1611-4)")),
)  # fmt: skip

OF_ONE_PARTNER = frozenset({A.INVITE_PARTNER, A.CONFIRM_PARTNER, A.DECLINE_PARTNER, A.WITHDRAW_PARTNER})
ABOUT_PARTNERS = OF_ONE_PARTNER | {A.WRITE_CLAUSE, A.ADD_PARTNER}


def due(facts: Facts, times: TimeRules) -> dict[str, Value]:
    """The day by which partners answer, once a case is submitted or one is invited again."""
    return {"partners_due_on": facts.today + timedelta(days=times.partner_days)}


def cancelled(action: str, facts: Facts, after: Facts) -> str | None:
    """The beginning of the timers a move about partners ends; those of all when the date moves."""
    if action in (A.INVITE_PARTNER, A.ADD_PARTNER):
        return "partner:" if after.partners_due_on != facts.partners_due_on else None
    return f"partner:{facts.given.partner_id}:" if action in OF_ONE_PARTNER else None


def told(action: str, facts: Facts) -> dict[str, Plain]:
    """What letters about a partner say."""
    if action == A.ADD_PARTNER and (joining := facts.given.joining):
        return {"partner": joining.name, "total_cents": joining.asked_cents}
    part = facts.part
    if action not in OF_ONE_PARTNER or part is None:
        return {}
    return {
        "partner": part.name, "signer": facts.given.signature, "total_cents": part.asked_cents,
        "declined": action == A.DECLINE_PARTNER, "granted_cents": part.granted_cents,
        "awaited": [name for name in facts.awaited_partners if name != part.name],
    }  # fmt: skip
