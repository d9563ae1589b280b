"""The money of an invented proposal: what it asks, from whom, and a budget that balances (Cerfa 12156)."""

from random import Random

from parvis.services.imports.deposit import BudgetLine, Side
from parvis.states.contract import Call, Contract, Funder, FunderKind, Instrument

STEP_CENTS = 50_00
LEAST_CENTS = 1_500_00
USUAL_CENTS = {
    Instrument.ANNUAL: 15_400_00,
    Instrument.SPECIFIC: 11_000_00,
    Instrument.AGREEMENT: 85_000_00,
}
"""What an action of usual weight asks, in all: with a part refused, grants average about 12,750 €."""

PULL: dict[FunderKind, float] = {
    FunderKind.METROPOLIS: 1.0,
    FunderKind.STATE: 0.95,
    FunderKind.CITY: 0.6,
    FunderKind.CAF: 0.35,
    FunderKind.DEPARTMENT: 0.35,
    FunderKind.REGION: 0.25,
    FunderKind.LANDLORD: 0.08,
    FunderKind.BANK: 0.03,
    FunderKind.OTHER: 0.2,
}
SUBSIDY_ACCOUNTS: dict[FunderKind, str] = {
    FunderKind.STATE: "74etat",
    FunderKind.REGION: "74region",
    FunderKind.DEPARTMENT: "74dep",
    FunderKind.METROPOLIS: "74epci",
    FunderKind.CITY: "74com",
    FunderKind.CAF: "74orgasoc",
}
OTHER_SUBSIDIES = "74x"

CHARGES = (
    ("604", "Prestations de services", 14),
    ("601", "Achats matières et fournitures", 9),
    ("613", "Locations", 6),
    ("616", "Assurance", 2),
    ("622", "Rémunérations intermédiaires et honoraires", 8),
    ("623", "Publicité, publication", 2),
    ("625", "Déplacements, Missions", 5),
    ("641", "Rémunération des personnels", 38),
    ("645", "Charges sociales", 16),
)
VOLUNTEERS = ("864", "Personnel bénévole", "870", "Bénévolat")
OWN = (
    ("70x", "Vente de produits finis, de marchandises, prestations de services", 45),
    ("756", "Cotisations", 25),
    ("758", "Dons manuels - Mécénat", 30),
)


def requested(chance: Random, call: Call, weight: float) -> int:
    """What an action of this weight asks all its funders for, in cents."""
    drawn = USUAL_CENTS[call.instrument] * weight * chance.lognormvariate(0, 0.42)
    return max(LEAST_CENTS, rounded(drawn))


def total_cost(chance: Random, call: Call, requested_cents: int) -> int:
    """A cost of which the request is a part that public money may pay."""
    ceiling = float(call.co_funding_ceiling)
    part = chance.uniform(max(0.3, ceiling - 0.25), max(0.3, ceiling))
    return max(requested_cents, rounded(requested_cents / part))


def asked(
    chance: Random, contract: Contract, call: Call, challenges: tuple[str, ...], cents: int
) -> tuple[tuple[str, int], ...]:
    """Three to seven funders and what each is asked, in cents; the whole is `cents`."""
    regular = contract.funders_asked(call)
    pulls = {
        funder.code: _pull(funder, call, challenges, regular=funder in regular) for funder in contract.funders
    }
    wanted = min(len(pulls), chance.choices((3, 4, 5, 6, 7), (34, 30, 20, 11, 5))[0], max(1, cents // 400_00))
    chosen = sorted(pulls, key=lambda code: (-pulls[code] * chance.uniform(0.55, 1.45), code))[:wanted]
    return _shared(chance, chosen, pulls, cents)


def budget(
    chance: Random, funders: dict[str, Funder], asks: tuple[tuple[str, int], ...], total_cents: int
) -> tuple[BudgetLine, ...]:
    """Lines whose charges and produits are both `total_cents`, plus volunteers' time on both sides."""
    volunteers = rounded(total_cents * chance.uniform(0.04, 0.15))
    subsidies = [
        BudgetLine(
            side=Side.PRODUIT, label=funders[code].name, amount_cents=cents,
            account=SUBSIDY_ACCOUNTS.get(funders[code].kind, OTHER_SUBSIDIES),
        )
        for code, cents in asks
    ]  # fmt: skip
    own = total_cents - sum(cents for _, cents in asks)
    return (
        *_lines(Side.CHARGE, CHARGES, total_cents),
        BudgetLine(side=Side.CHARGE, account=VOLUNTEERS[0], label=VOLUNTEERS[1], amount_cents=volunteers),
        *subsidies,
        *_lines(Side.PRODUIT, OWN, own),
        BudgetLine(side=Side.PRODUIT, account=VOLUNTEERS[2], label=VOLUNTEERS[3], amount_cents=volunteers),
    )


def rounded(cents: float, step: int = STEP_CENTS) -> int:
    """The nearest multiple of `step` cents."""
    return round(cents / step) * step


def _pull(funder: Funder, call: Call, challenges: tuple[str, ...], *, regular: bool) -> float:
    for_this = {envelope.funder for envelope in call.envelopes if envelope.challenge in challenges}
    pull = PULL[funder.kind]
    if funder.code in for_this:
        return max(pull, 0.5)
    return pull if regular else pull / 2


def _shared(
    chance: Random, codes: list[str], pulls: dict[str, float], cents: int
) -> tuple[tuple[str, int], ...]:
    weights = {code: max(0.15, pulls[code]) * chance.uniform(0.6, 1.4) for code in codes}
    whole = sum(weights.values())
    parts = {code: max(10_00, int(cents * weights[code] / whole) // 10_00 * 10_00) for code in codes[1:]}
    return ((codes[0], cents - sum(parts.values())), *parts.items())


def _lines(side: Side, accounts: tuple[tuple[str, str, int], ...], total_cents: int) -> list[BudgetLine]:
    """Parts of `total_cents` in whole tens of euros, the remainder on the last line; empty lines are left out."""
    weights = sum(weight for _, _, weight in accounts)
    cents = [rounded(total_cents * weight / weights, 10_00) for _, _, weight in accounts[:-1]]
    cents.append(total_cents - sum(cents))
    return [
        BudgetLine(side=side, account=account, label=label, amount_cents=amount)
        for (account, label, _), amount in zip(accounts, cents, strict=True)
        if amount > 0
    ]
