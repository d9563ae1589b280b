"""What the cells of the import sheet mean beyond plain fields: nature, challenges, shares of funders and partners."""

from collections.abc import Collection, Iterable, Sequence

from parvis.services.imports.context import ImportContext, KnownCall, plain
from parvis.services.imports.deposit import FunderAsk, PartnerShare
from parvis.states.fields import FieldError, Raw, amount, shortened, siret, text
from parvis.states.stages import Nature
from parvis.states.words import Cents, Sentence

_NATURES = {
    "premiere": Nature.NEW,
    "premiere_demande": Nature.NEW,
    "nouvelle": Nature.NEW,
    "renouvellement": Nature.RENEWAL,
    "reconduction": Nature.RENEWAL,
}

NATURE_UNKNOWN = Sentence(
    fr="« {value} » n’est pas une nature de demande : écrivez « premiere » ou « renouvellement ».",
    en="“{value}” is not a kind of request: write “premiere” or “renouvellement”.",
)
CHALLENGE_UNKNOWN = Sentence(
    fr="Le défi « {value} » n’est pas dans ce contrat de ville ; défis connus : {known}.",
    en="Challenge “{value}” is not in this city contract; known challenges: {known}.",
)
FUNDER_UNKNOWN = Sentence(
    fr="Le financeur « {value} » n’est pas dans ce contrat de ville ; financeurs connus : {known}.",
    en="Funder “{value}” is not in this city contract; known funders: {known}.",
)
PAIR_FORMAT = Sentence(
    fr="« {value} » ne suit pas la forme attendue, {form} : mettez le signe = entre les deux.",
    en="“{value}” does not have the expected form, {form}: put the = sign between the two.",
)
LISTED_TWICE = Sentence(
    fr="« {value} » figure deux fois dans la même cellule : ne le gardez qu’une fois.",
    en="“{value}” is twice in the same cell: keep it once.",
)
FUNDER_FORM = Sentence(fr="code=montant", en="code=amount")
PARTNER_FORM = Sentence(fr="siret=montant", en="siret=amount")
NONE_KNOWN = "—"
PARTNERS_NOT_TAKEN = Sentence(
    fr="L’appel {call} ne prend pas de partenaires : vider la colonne, chaque organisme dépose sa demande.",
    en="Call {call} takes no partners: empty the column, each association submits its own request.",
)
SHARES_TOO_LARGE = Sentence(
    fr="Les parts des partenaires font {shares}, pour {requested} demandés en tout.",
    en="The shares of the partners make {shares}, for {requested} asked in all.",
)


def nature(value: Raw) -> Nature:
    """First request or renewal.

    Raises:
        FieldError: `nature_unknown`.
    """
    written = text(value, max_length=50)
    known = _NATURES.get(plain(written))
    if known is None:
        raise FieldError("nature_unknown", NATURE_UNKNOWN, value=shortened(written))
    return known


def challenge(item: str, known: Collection[str]) -> str:
    """The code of a challenge of the contract, as the contract writes it.

    Raises:
        FieldError: `challenge_unknown`.
    """
    for code in known:
        if plain(code) == plain(item):
            return code
    raise FieldError(
        "challenge_unknown", CHALLENGE_UNKNOWN, value=shortened(item), known=sorted(known) or NONE_KNOWN
    )


def funder_ask(item: str, context: ImportContext) -> FunderAsk:
    """What one funder is asked, from `code=amount`.

    Raises:
        FieldError: `pair_format`, `funder_unknown`, and those of an amount.
    """
    name, written = _pair(item, FUNDER_FORM)
    funder = context.funder(name)
    if funder is None:
        known = sorted(funder.code for funder in context.funders) or NONE_KNOWN
        raise FieldError("funder_unknown", FUNDER_UNKNOWN, value=shortened(name), known=known)
    return FunderAsk(name=funder.name, code=funder.code, requested_cents=amount(written))


def partner_share(item: str) -> PartnerShare:
    """What is asked for one partner, from `siret=amount`.

    Raises:
        FieldError: `pair_format`, and those of a SIRET and of an amount.
    """
    number, written = _pair(item, PARTNER_FORM)
    return PartnerShare(siret=siret(number), requested_cents=amount(written))


def check_listed_once(names: Iterable[str]) -> None:
    """Stop a list that names the same thing twice: nobody can tell whether its amounts add up.

    Raises:
        FieldError: `listed_twice`.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise FieldError("listed_twice", LISTED_TWICE, value=shortened(name))
        seen.add(name)


def check_partners(shares: Sequence[PartnerShare], call: KnownCall | None, *, requested_cents: int) -> None:
    """Stop partners of a call that takes none, and shares that are more than what is asked for.

    Raises:
        FieldError: `partners_not_taken`, `shares_too_large`.
    """
    if shares and call and not call.partners_allowed:
        raise FieldError("partners_not_taken", PARTNERS_NOT_TAKEN, call=call.code)
    total = sum(share.requested_cents for share in shares)
    if requested_cents and total > requested_cents:
        raise FieldError(
            "shares_too_large", SHARES_TOO_LARGE, shares=Cents(total), requested=Cents(requested_cents)
        )


def _pair(item: str, form: Sentence) -> tuple[str, str]:
    name, sign, written = item.partition("=")
    if not (sign and name.strip() and written.strip()):
        raise FieldError("pair_format", PAIR_FORMAT, value=shortened(item), form=form)
    return name.strip(), written.strip()
