"""What makes the guards about partners hold, and fail."""

from dataclasses import replace
from typing import Any

from parvis.states.facts import Grant
from parvis.states.partners import Coalition, Part, PartnerState
from tests.states.changes import Examples, brings, known, one, together

AWAITED = Part(7, "35600000000048", "Centre social", PartnerState.INVITED, (("etat", 100),))
SIGNED = Part(7, "35600000000048", "Centre social", PartnerState.CONFIRMED, (("etat", 100),))
GONE = Part(7, "35600000000048", "Centre social", PartnerState.WITHDRAWN)


GRANTED = (Grant("État", 80, 200, None, "etat"),)


def partner(part: Part, **how: Any):
    """The move is about this partner."""
    return brings(partner_id=7, coalition=Coalition((part,), **how))


JOINING = Part(9, "21800019600131", "Régie", PartnerState.NAMED, (("etat", 900),))


def joins(part: Part):
    """This association joins a case of two that asks 10 € of the State, 1 € of it for its partner."""
    asks = (("etat", "État", 1_000),)
    there = Coalition((SIGNED,), allowed=True, lead_siret="21800019600123", asks=asks)
    return brings(joining=part, coalition=there, partner_id=None)


PARTNER_EXAMPLES: dict[str, Examples] = {
    "partners_confirmed": one(known(awaited_partners=()), known(awaited_partners=("Centre social",))),
    "partner_known": Examples(
        (partner(AWAITED), partner(SIGNED)),
        (partner(GONE), brings(partner_id=None, coalition=None), brings(partner_id=8, coalition=Coalition((SIGNED,)))),
    ),
    "partner_awaited": Examples(
        (together(partner(AWAITED), known(awaited_partners=("Centre social",), awaited_partner_ids=(7,))),),
        (partner(SIGNED), partner(GONE), brings(partner_id=None, coalition=None)),
    ),
    "signer_named": Examples(
        (brings(signer="Zoé Petit", signer_quality="présidente"),),
        (brings(signer=""), brings(signer="Zoé Petit", signer_quality=" "), brings(signer="", signer_quality="élue")),
    ),
    "sub_granting_clause": Examples(
        (brings(coalition=None), partner(SIGNED), partner(SIGNED, through_lead=True, clause=True),
         partner(GONE, through_lead=True)),
        (partner(SIGNED, through_lead=True),),
    ),
    "parts_add_up": Examples(
        (
            brings(coalition=None, part_amounts=()),
            together(partner(SIGNED), brings(grants=GRANTED, part_amounts=(("35600000000048", "etat", 40),))),
        ),
        (
            together(partner(SIGNED), brings(grants=GRANTED, part_amounts=(("35600000000048", "etat", 81),))),
            together(partner(SIGNED), brings(grants=GRANTED, part_amounts=(("21800019600123", "etat", 1),))),
        ),
    ),
    "partners_allowed": one(partner(SIGNED, allowed=True), partner(SIGNED)),
    "partner_new": Examples(
        (joins(JOINING),),
        (brings(joining=None), joins(replace(JOINING, siret="35600000000048")),
         joins(replace(JOINING, siret="21800019600123"))),
    ),
    "share_fits": Examples(
        (joins(JOINING),), (brings(joining=None), joins(replace(JOINING, asked=())),
                            joins(replace(JOINING, asked=(("etat", 901),)))),
    ),
    "coordinated": Examples((partner(SIGNED),), (brings(coalition=None), partner(GONE))),
}  # fmt: skip
