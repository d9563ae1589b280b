"""How the history of a case shows what its journal keeps: a sitting, amounts, parts, points."""

from collections.abc import Mapping
from typing import Any

from parvis.models.queries.histories import Names
from parvis.services.portals.words import told_words
from parvis.states.partners import LEAD, THE_LEAD
from parvis.states.redaction import REDACTED
from parvis.states.words import Cents, Sentence

ANONYMISED = Sentence(
    "Anonymisé, au terme de sa durée de conservation", "Anonymised, the time it is kept for being over"
)
_BATCH = Sentence("Lot n° {batch}", "Batch no. {batch}")
_VISA = Sentence("Référence des Archives : {reference}", "Reference of the Archives: {reference}")
_LOST = Sentence(
    "Lignes de ce journal dont les mots écrits sont effacés : {count} ; l’empreinte de chacune reste",
    "Lines of this journal whose written words are erased: {count}; the hash of each stays",
)


RECTIFIED = Sentence("Coordonnées rectifiées, sur demande", "Contact details corrected, on request")
_FIELDS = {
    "name": Sentence("nom", "name"),
    "email": Sentence("adresse", "address"),
    "organisation_email": Sentence("adresse de l’organisme", "address of the organisation"),
    "phone": Sentence("téléphone", "phone"),
}
_CORRECTED = Sentence("Corrigé : {fields}", "Corrected: {fields}")
_WHY = Sentence("Motif : {reason}", "Reason: {reason}")


def rectified(details: Mapping[str, Any]) -> list[Sentence]:
    """Which fields of the contact were corrected, and why if that was said."""
    told = [_CORRECTED.fill(fields=[_FIELDS.get(each, each) for each in details.get("codes", ())])]
    return told + ([_WHY.fill(reason=details["reason"])] if details.get("reason") else [])


def anonymised(details: Mapping[str, Any]) -> list[Sentence]:
    """What the line of an anonymisation tells: its batch, the reference of the Archives, how many lines lost words."""
    told = [_BATCH.fill(batch=details["batch"])] if "batch" in details else []
    told += [_VISA.fill(reference=details["reference"])] if details.get("reference") else []
    return [*told, _LOST.fill(count=len(details.get(REDACTED, {})))]


def committee(committee_id: int, names: Names) -> object:
    """A sitting by its name and its day."""
    known = names.committees.get(committee_id)
    return (
        Sentence("{name}, le {day}", "{name}, {day}").fill(name=known[0], day=known[1])
        if known
        else committee_id
    )


def amounts(given: list[tuple[str, int]], names: Names) -> list[Sentence]:
    """Amounts, each with its funder."""
    each = Sentence("{funder} ({amount})", "{funder} ({amount})")
    return [
        each.fill(funder=names.funders_by_code.get(code, code), amount=Cents(cents)) for code, cents in given
    ]


def parts(given: list[tuple[str, str, int]], names: Names) -> list[Sentence]:
    """Parts, each with its association and its funder."""
    each = Sentence("{who}, {funder} ({amount})", "{who}, {funder} ({amount})")
    return [
        each.fill(
            who=THE_LEAD if who == LEAD else who,
            funder=names.funders_by_code.get(code, code),
            amount=Cents(cents),
        )
        for who, code, cents in given
    ]


def points(given: list[tuple[str, int]], names: Names) -> list[Sentence]:
    """Points, each with its criterion."""
    each = Sentence("{criterion} {points}", "{criterion} {points}")
    return [
        each.fill(criterion=label.sentence if (label := names.criteria.get(code)) else code, points=value)
        for code, value in given
    ]


def told(given: list[tuple[str, str, str]], names: Names) -> Sentence:
    """What a platform said, each point with what Parvis had."""
    each = [told_words(*point, names.funders_by_code) for point in given]
    return Sentence(" ; ".join(one.fr for one in each), "; ".join(one.en for one in each))
