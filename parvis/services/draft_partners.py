"""The partners step of a draft: who, for how much of whose money, where to write."""

from functools import partial
from typing import TYPE_CHECKING

from parvis.services.imports.deposit import PartnerShare
from parvis.states import fields
from parvis.states.fields import Raw
from parvis.states.partners import overdrawn
from parvis.states.words import Cents, Sentence

if TYPE_CHECKING:
    from parvis.services.draft_answers import Offered, Read, Step

MOST_PARTNERS = 12
PARTNER, SHARE = "partenaire_siret_", "partenaire_montant_"
NAME, ADDRESS, OF_FUNDER = "partenaire_nom_", "partenaire_courriel_", "partenaire_financeur_"

OWN_SIRET = Sentence("c’est votre propre SIRET", "this is your own SIRET")
TWICE = Sentence("ce partenaire est déjà dans la liste", "this partner is in the list already")
FUNDERS_GAP = Sentence(
    "les montants par financeur font {total}, la part dit {share}",
    "the amounts by funder make {total}, the share says {share}",
)
SHARES_TOO_LARGE = Sentence(
    "les parts des partenaires, {shares}, dépassent le montant demandé, {requested}",
    "the shares of the partners, {shares}, are more than what is asked for, {requested}",
)


def _cents(value: Raw) -> int:
    return fields.amount(value, zero_allowed=True)


def read_partners(step: "Step", offered: "Offered", read: "Read") -> None:
    """The partners of a draft and their shares, with what is to be corrected."""
    shares: list[PartnerShare] = []
    for row in range(1, MOST_PARTNERS + 1):
        named, share = f"{PARTNER}{row}", f"{SHARE}{row}"
        if not step.one(named) and not step.one(share):
            continue
        siret, cents = step.require(named, fields.siret), step.require(share, fields.amount)
        address = step.take(f"{ADDRESS}{row}", fields.email) or ""
        name = step.take(f"{NAME}{row}", partial(fields.text, max_length=200))
        by_funder = _by_funder(step, offered, row, cents or 0)
        if siret == offered.siret:
            step.note(named, OWN_SIRET)
        elif siret in {each.siret for each in shares}:
            step.note(named, TWICE)
        elif siret and cents:
            read.partner_names[siret] = name or siret
            shares.append(
                PartnerShare(siret=siret, requested_cents=cents, email=address, by_funder=by_funder)
            )
    read.partners = tuple(shares)
    asks = {ask.code or ask.name: ask.requested_cents for ask in read.funders}
    names = dict(offered.funders)
    for over in overdrawn(asks, [dict(each.by_funder) for each in shares], names) if read.funders else ():
        step.note("partenaires", over)
    total = sum(each.requested_cents for each in shares)
    if read.funders and total > read.requested_cents:
        step.note(
            "partenaires", SHARES_TOO_LARGE.fill(shares=Cents(total), requested=Cents(read.requested_cents))
        )


def _by_funder(step: "Step", offered: "Offered", row: int, whole: int) -> tuple[tuple[str, int], ...]:
    """What of a share is asked of each funder, where the lead says; to the cent the share itself."""
    said = [(code, step.take(f"{OF_FUNDER}{code}_{row}", _cents) or 0) for code, _ in offered.funders]
    found = tuple((code, cents) for code, cents in said if cents)
    total = sum(cents for _, cents in found)
    if found and total != whole:
        step.note(f"{SHARE}{row}", FUNDERS_GAP.fill(total=Cents(total), share=Cents(whole)))
    return found
