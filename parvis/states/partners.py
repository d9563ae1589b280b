"""Coordinated proposals: who takes part, with which share of each funder's money, exact to the cent. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from parvis.states.words import Cents, Sentence


class PartnerState(StrEnum):
    """Where a partner stands: named by the lead, invited by letter, confirmed by its signature, or gone."""

    NAMED = "named"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


AWAITED = frozenset({PartnerState.NAMED, PartnerState.INVITED})
TAKES_PART = AWAITED | {PartnerState.CONFIRMED}

PARTNER_WORDS: dict[str, Sentence] = {
    PartnerState.NAMED: Sentence("à inviter", "to be invited"),
    PartnerState.INVITED: Sentence("invité, confirmation attendue", "invited, confirmation awaited"),
    PartnerState.CONFIRMED: Sentence("confirmé", "confirmed"),
    PartnerState.DECLINED: Sentence("a décliné", "declined"),
    PartnerState.WITHDRAWN: Sentence("s’est retiré", "withdrew"),
}

SHARES_OVER = Sentence(
    "{funder} : les parts des partenaires font {shares}, pour {asked} demandés",
    "{funder}: the shares of the partners make {shares}, for {asked} asked",
)

LEAD = "lead"
PartAmounts = Sequence[tuple[str, str, int]]
"""What a committee says of parts: SIRET of a partner, or `LEAD`; code of a funder; cents."""
NO_SHARE = Sentence("aucun montant n’est écrit", "no amount is written")
THE_LEAD = Sentence("le porteur", "the lead")
PARTS_GAP = Sentence(
    "{funder} : les parts font {parts} pour {granted} accordés, soit {gap} d’écart ; vider un champ laisse le reste "
    "à qui il revient",
    "{funder}: the parts make {parts} for {granted} granted, a gap of {gap}; empty a field to leave it what remains",
)
PART_OVER = Sentence(
    "{funder} : {who}, pour qui {asked} sont demandés, aurait {given}",
    "{funder}: {who}, for whom {asked} are asked, would have {given}",
)
PART_UNKNOWN = Sentence(
    "ni partenaire du dossier, ni financeur qui donne : {odd}",
    "neither a partner of the case nor a funder who gives: {odd}",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A partner and its part: by funder (its code), what is asked for it and what it was granted, in cents."""

    organisation_id: int
    siret: str
    name: str
    state: PartnerState
    asked: tuple[tuple[str, int], ...] = ()
    granted: tuple[tuple[str, int], ...] = ()

    @property
    def takes_part(self) -> bool:
        """Whether it is still of the proposal."""
        return self.state in TAKES_PART

    @property
    def asked_cents(self) -> int:
        """Its share of the request."""
        return sum(cents for _, cents in self.asked)

    @property
    def granted_cents(self) -> int:
        """What it was granted."""
        return sum(cents for _, cents in self.granted)


@dataclass(frozen=True, slots=True)
class Coalition:
    """The partners of a proposal, and how they are paid: `through_lead` as the call wants it, with a `clause` or not.

    `allowed` says whether the call takes partners; `asks` what the case asks (funder: code, name; cents).
    Nobody grants on what was granted unless the agreement says so (CGCT L1611-4).
    """

    parts: tuple[Part, ...] = ()
    through_lead: bool = False
    clause: bool = False
    allowed: bool = False
    lead_siret: str = ""
    lead_name: str = ""
    asks: tuple[tuple[str, str, int], ...] = ()

    def part(self, organisation_id: int | None) -> Part | None:
        """The part of an organisation."""
        return next((each for each in self.parts if each.organisation_id == organisation_id), None)

    def shares_wrong(self, joining: Part | None) -> list[Sentence]:
        """Why the share of an association that joins cannot be: it is more than what is asked for the lead."""
        if joining is None or joining.asked_cents <= 0:
            return [NO_SHARE]
        asks = {code: cents for code, _, cents in self.asks}
        shares = [dict(each.asked) for each in (*self.taking_part, joining)]
        return overdrawn(asks, shares, {code: name for code, name, _ in self.asks})

    @property
    def taking_part(self) -> tuple[Part, ...]:
        """Those who are still of the proposal."""
        return tuple(each for each in self.parts if each.takes_part)


@dataclass(frozen=True, slots=True)
class Payee:
    """Who shares a grant: `who` is `LEAD` or the SIRET of a partner; by funder (its code), what is asked for it."""

    who: str
    name: str
    asked: Mapping[str, int]
    organisation_id: int | None = None


def payees(coalition: Coalition | None, asks: Mapping[str, int]) -> tuple[Payee, ...]:
    """Who shares what a case is granted: its lead, then each partner; nobody where it has no partner.

    `asks` is what the case asks of each funder (its code), in cents.
    """
    parts = coalition.taking_part if coalition else ()
    if coalition is None or not parts:
        return ()
    of_lead = {code: _asked_for(code, cents, parts)[0] for code, cents in asks.items()}
    return (
        Payee(LEAD, coalition.lead_name, of_lead),
        *(Payee(part.siret, part.name, dict(part.asked), part.organisation_id) for part in parts),
    )


def pro_rata(cents: int, weights: Sequence[int]) -> list[int]:
    """`cents` by these weights: whole cents that add up to it, each less than a cent from its exact part.

    What rounding leaves goes to the largest remainders, the first of equals; nothing is shared by weights of nothing.
    """
    whole = sum(weights)
    if whole <= 0:
        return [0 for _ in weights]
    parts = [cents * weight // whole for weight in weights]
    left = cents - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(cents * weights[i] % whole), i))
    for index in order[:left]:
        parts[index] += 1
    return parts


def spread(shares: Sequence[int], asks: Mapping[str, int]) -> list[dict[str, int]]:
    """Each share of a request over its funders, in proportion of what each is asked, never more than it is asked."""
    left = dict(asks)
    found = []
    for share in shares:
        parts = pro_rata(min(share, sum(left.values())), list(left.values()))
        mine = {funder: cents for funder, cents in zip(left, parts, strict=True) if cents}
        left = {funder: cents - mine.get(funder, 0) for funder, cents in left.items()}
        found.append(mine)
    return found


def shared_out(
    funder: str, cents: int, asked: int, parts: Sequence[Part], said: PartAmounts = ()
) -> list[tuple[int | None, int]]:
    """What a funder grants, by who receives it: the lead (None) for what is not a partner’s, then each of them.

    Pro rata of what is asked for each; those of whom something is `said` get that, the others share what is left.
    """
    typed = {who: amount for who, code, amount in said if code == funder}
    names = [LEAD, *(part.siret for part in parts)]
    weights = _asked_for(funder, asked, parts)
    left = cents - sum(typed.values())
    free = [0 if name in typed else weight for name, weight in zip(names, weights, strict=True)]
    rest = pro_rata(max(0, left), free)
    receivers: list[int | None] = [None, *(part.organisation_id for part in parts)]
    amounts = [typed.get(name, amount) for name, amount in zip(names, rest, strict=True)]
    return [(who, amount) for who, amount in zip(receivers, amounts, strict=True) if amount]


def parts_wrong(
    grants: Sequence[tuple[str, str, int, int]], parts: Sequence[Part], said: PartAmounts
) -> list[Sentence]:
    """Why amounts said by association cannot be: `grants` are code, name, cents given and asked of each funder."""
    if not said:
        return []
    known = {LEAD, *(part.siret for part in parts)}
    given = {code for code, *_ in grants}
    odd = [f"{who}/{code}" for who, code, _ in said if who not in known or code not in given]
    if odd:
        return [PART_UNKNOWN.fill(odd=odd)]
    return [fault for grant in grants for fault in _parts_of_funder_wrong(grant, parts, said)]


def _parts_of_funder_wrong(
    grant: tuple[str, str, int, int], parts: Sequence[Part], said: PartAmounts
) -> list[Sentence]:
    code, name, cents, asked = grant
    if not any(of == code for _, of, _ in said):
        return []
    shared = dict(shared_out(code, cents, asked, parts, said))
    total = sum(shared.values())
    if total != cents:
        return [
            PARTS_GAP.fill(
                funder=name, parts=Cents(total), granted=Cents(cents), gap=Cents(abs(total - cents))
            )
        ]
    whose: list[tuple[int | None, str | Sentence]] = [
        (None, THE_LEAD), *((part.organisation_id, part.name) for part in parts)
    ]  # fmt: skip
    return [
        PART_OVER.fill(funder=name, who=who, given=Cents(shared.get(receiver, 0)), asked=Cents(most))
        for (receiver, who), most in zip(whose, _asked_for(code, asked, parts), strict=True)
        if shared.get(receiver, 0) > most
    ]


def _asked_for(funder: str, asked: int, parts: Sequence[Part]) -> list[int]:
    """What a funder is asked for the lead, then for each partner."""
    shares = [dict(part.asked).get(funder, 0) for part in parts]
    return [max(0, asked - sum(shares)), *shares]


def overdrawn(
    asks: Mapping[str, int], shares: Sequence[Mapping[str, int]], names: Mapping[str, str]
) -> list[Sentence]:
    """By funder, why the shares of partners are more than it is asked for; empty when they are not."""
    funders = dict.fromkeys(code for share in shares for code in share)
    totals = {code: sum(share.get(code, 0) for share in shares) for code in funders}
    return [
        SHARES_OVER.fill(funder=names.get(code, code), shares=Cents(total), asked=Cents(asks.get(code, 0)))
        for code, total in totals.items()
        if total > asks.get(code, 0)
    ]
