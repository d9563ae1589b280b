"""Recovery orders as PDF pages: what an organisation pays back to one funder, why, and how to contest it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.documents.amounts_in_words import euros_in_words
from parvis.documents.clean import line, paragraphs
from parvis.documents.figures import NONE, day, euros, siret
from parvis.documents.typeset import typeset_all

HEAD = ("", "Prévu", "Constaté")
LAW = (
    "Vu la loi n° 2000-321 du 12 avril 2000 relative aux droits des citoyens dans leurs relations avec les "
    "administrations, notamment ses articles 9-1 et 10 ;"
)
DEADLINE = (
    "Le comptable public qui recouvre cette somme vous adresse un avis des sommes à payer : il indique comment payer, "
    "et à qui demander un échelonnement. La somme est attendue au plus tard le {due_on}."
)
NO_DEADLINE = (
    "Le comptable public qui recouvre cette somme vous adresse un avis des sommes à payer : il indique comment payer, "
    "avant quelle date, et à qui demander un échelonnement."
)
REMEDIES = (
    "Vous pouvez contester cette décision dans les deux mois qui suivent sa réception : soit par un recours gracieux, "
    "en nous écrivant vos raisons ; soit devant le tribunal administratif dans le ressort duquel siège l’autorité qui "
    "l’a prise, par courrier ou sur www.telerecours.fr. Un recours gracieux formé dans ce délai conserve celui de "
    "saisir le tribunal, à compter de notre réponse ou du silence gardé pendant deux mois, qui vaut refus."
)
LONGEST_REASON = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryContent:
    """What a recovery order says; amounts in cents. Costs are None where no report told them."""

    name: str
    made_on: date
    city: str
    contract: str
    authority: str
    organisation: str
    siret: str
    address: str
    reference: str
    title: str
    decided_on: date | None
    reason: str
    planned_cents: int | None
    spent_cents: int | None
    granted_cents: int
    paid_cents: int
    repay_cents: int
    due_on: date | None


def recovery_pdfs(orders: Sequence[RecoveryContent], *, stamped_at: datetime) -> list[bytes]:
    """The PDF of each of these orders; the same order the same day gives the same bytes.

    Raises:
        TypesettingError: one of them cannot be made; none is given.
    """
    return (
        typeset_all("letter.typ", [recovery_data(each) for each in orders], stamped_at=stamped_at)
        if orders
        else []
    )


def recovery_data(said: RecoveryContent) -> dict[str, Any]:
    """What `letter.typ` lays out."""
    due = DEADLINE.format(due_on=day(said.due_on)) if said.due_on else NO_DEADLINE
    title = line(f"Ordre de reversement n° {said.name}")
    whom = [said.organisation, f"SIRET {siret(said.siret)}", *said.address.splitlines()]
    parts: list[dict[str, Any]] = [
        _texts("bold", said.authority), _texts("right", *whom), _texts("title", title),
        _texts("p", f"Contrat de ville : {said.contract}. Dossier {said.reference}, « {said.title} »."),
        _texts("p", LAW), _texts("p", _decided(said)), _texts("p", _considering(said)),
        *([{"look": "quote", "texts": paragraphs(said.reason, LONGEST_REASON)}] if said.reason else []),
        {"look": "table", "head": HEAD, "rows": _rows(said)},
        _texts("bold_center", "Ordonne :"),
        _texts("p", f"{said.organisation} reverse la somme de {_exact(said.repay_cents)} "
                    f"({euros_in_words(said.repay_cents)}) au financeur suivant : {said.authority}."),
        _texts("p", due),
        _texts("right", f"Établi le {day(said.made_on)}", "", f"Pour {said.authority},", "", "",
               "(nom, qualité et signature)"),
        _texts("heading", "Voies et délais de recours"), _texts("p", REMEDIES),
    ]  # fmt: skip
    return {"title": title, "author": line(said.city), "foot": title, "act": True, "parts": parts}


def _texts(look: str, *texts: str) -> dict[str, Any]:
    return {"look": look, "texts": [line(each, 2_000) for each in texts]}


def _decided(said: RecoveryContent) -> str:
    when = f" le {day(said.decided_on)}" if said.decided_on else ""
    return f"Vu la subvention accordée{when} à {said.organisation} (financeur : {said.authority}) ;"


def _considering(said: RecoveryContent) -> str:
    if said.reason:
        return "Considérant le motif suivant :"
    if said.spent_cents is None:
        return "Considérant que ce qui a été versé dépasse ce qui est dû,"
    return (
        "Considérant que l’action a coûté moins que son budget, et que la subvention suit les dépenses constatées au "
        "compte rendu financier,"
    )


def _rows(said: RecoveryContent) -> list[tuple[str, str, str]]:
    due = said.paid_cents - said.repay_cents
    costs = [("Dépenses de l’action", _or_none(said.planned_cents), _or_none(said.spent_cents))]
    return [
        *(costs if said.spent_cents is not None else []),
        (line(f"Subvention ({said.authority})"), _exact(said.granted_cents), _exact(due)),
        ("Versé", NONE, _exact(said.paid_cents)),
        ("À reverser", NONE, _exact(said.repay_cents)),
    ]


def _exact(cents: int) -> str:
    return euros(cents, whole=False)


def _or_none(cents: int | None) -> str:
    return NONE if cents is None else _exact(cents)
