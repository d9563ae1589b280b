"""What another platform says of a case: its statuses and our stages, what it owns, where the two differ. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from parvis.states.details import Plain
from parvis.states.stages import NATURE_WORDS, Stage
from parvis.states.words import Sentence

Said = Mapping[str, Plain]
"""What is said of a case, by key: the name of a field, with the code of a funder after it where each is asked."""


class Platform(StrEnum):
    """Where a case may have been deposited other than here."""

    PORTAL = "portal"
    DEMARCHE = "demarche"


PLATFORM_WORDS: dict[str, Sentence] = {
    Platform.PORTAL: Sentence("Le portail de l’État", "The State’s portal"),
    Platform.DEMARCHE: Sentence("Démarche numérique", "Démarche numérique"),
}
THE_FILE = Sentence("Le fichier importé", "The imported file")


class PortalField(StrEnum):
    """What is compared."""

    STATUS = "status"
    TITLE = "title"
    SUMMARY = "summary"
    CONTACT = "contact"
    NATURE = "nature"
    SIRET = "siret"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    BENEFICIARIES = "beneficiaries"
    QPV_SHARE = "qpv_share_percent"
    TOTAL_COST = "total_cost_cents"
    REQUESTED = "requested_cents"
    ASKED = "asked"
    BUDGET = "budget"
    NEIGHBOURHOODS = "neighbourhoods"
    CHALLENGES = "challenges"


FIELD_WORDS: dict[str, Sentence] = {
    PortalField.STATUS: Sentence("Statut", "Status"),
    PortalField.TITLE: Sentence("Intitulé", "Title"),
    PortalField.SUMMARY: Sentence("Résumé", "Summary"),
    PortalField.CONTACT: Sentence("Contact", "Contact"),
    PortalField.NATURE: Sentence("Nature", "Kind"),
    PortalField.SIRET: Sentence("SIRET du porteur", "SIRET of the applicant"),
    PortalField.STARTS_ON: Sentence("Début de l’action", "Start of the action"),
    PortalField.ENDS_ON: Sentence("Fin de l’action", "End of the action"),
    PortalField.BENEFICIARIES: Sentence("Bénéficiaires", "Beneficiaries"),
    PortalField.QPV_SHARE: Sentence("Part en quartier prioritaire", "Share in priority neighbourhoods"),
    PortalField.TOTAL_COST: Sentence("Coût total", "Total cost"),
    PortalField.REQUESTED: Sentence("Montant demandé", "Amount requested"),
    PortalField.ASKED: Sentence("Demandé à {funder}", "Asked of {funder}"),
    PortalField.BUDGET: Sentence("Budget", "Budget"),
    PortalField.NEIGHBOURHOODS: Sentence("Quartiers", "Neighbourhoods"),
    PortalField.CHALLENGES: Sentence("Défis", "Challenges"),
}

FOLLOWED = frozenset(
    {
        PortalField.TITLE,
        PortalField.SUMMARY,
        PortalField.CONTACT,
        PortalField.STARTS_ON,
        PortalField.ENDS_ON,
        PortalField.BENEFICIARIES,
        PortalField.QPV_SHARE,
    }
)
"""What the applicant words on its platform: followed by itself until somebody here examines the case or changes it."""

DISCREET = frozenset({PortalField.SUMMARY, PortalField.CONTACT, PortalField.BUDGET})
"""What the journal names without its values: too long, or about a person, whom the journal could not forget."""

ONLY_SHOWN = frozenset({PortalField.STATUS, PortalField.NATURE, PortalField.SIRET})
"""What is never taken with a click: it would need a move, another wave, another applicant."""

FOLLOWS_IN = frozenset({Stage.SUBMITTED, Stage.INCOMPLETE})
TAKES_IN = frozenset({Stage.SUBMITTED, Stage.INCOMPLETE, Stage.INSTRUCTED, Stage.COMMITTEE})


@dataclass(frozen=True, slots=True)
class Difference:
    """A point on which a platform and Parvis say otherwise."""

    key: str
    theirs: Plain
    ours: Plain

    @property
    def field(self) -> PortalField:
        """What it is about."""
        return field_of(self.key)


def in_order(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """Differences in the order of the fields, whatever the order they are kept in."""
    fields = list(PortalField)
    return tuple(sorted(found, key=lambda each: (fields.index(each.field), each.key)))


def field_of(key: str) -> PortalField:
    """The field of a key."""
    return PortalField(key.partition(":")[0])


def asked_key(funder: str) -> str:
    """The key of what is asked of a funder."""
    return f"{PortalField.ASKED}:{funder}"


def differences(said: Said, ours: Said, kept: Said) -> tuple[Difference, ...]:
    """Where a platform says something else than Parvis, but for what somebody chose to keep in spite of it.

    What the platform does not say, or leaves empty, empties nothing here.
    """
    return tuple(
        Difference(key, theirs, ours.get(key))
        for key, theirs in _whole(said, ours)
        if theirs != ours.get(key) and not (key in kept and kept[key] == theirs)
    )


def _whole(said: Said, ours: Said) -> Iterator[tuple[str, Plain]]:
    """What is said, a funder no longer asked for anything being asked nothing."""
    asks = any(field_of(key) is PortalField.ASKED for key in said)
    for key, theirs in said.items():
        if theirs not in ("", None, [], {}):
            yield key, theirs
    for key in ours:
        if asks and field_of(key) is PortalField.ASKED and key not in said:
            yield key, 0


def followed(before: Said, said: Said, ours: Said) -> tuple[Difference, ...]:
    """What is new on the platform and was left here as the platform had said it before: what it still owns."""
    return tuple(
        each
        for each in differences(said, ours, {})
        if each.field in FOLLOWED and (before.get(each.key) or None) == (each.ours or None)
    )


PORTAL_STATUSES: dict[str, Sentence] = {
    "BEGIN": Sentence("dossier commencé", "case begun"),
    "REQUESTED": Sentence("demande en cours de saisie", "request being written"),
    "WAITING_FOR_CERTIFICATE": Sentence("attestation attendue", "certificate awaited"),
    "TRANSMITTED": Sentence("demande transmise", "request transmitted"),
    "SUPPORTED": Sentence("demande prise en charge", "request taken up"),
    "ACCEPTABLE": Sentence("demande recevable", "request admissible"),
    "UNACCEPTABLE": Sentence("demande non recevable", "request not admissible"),
    "VOTE": Sentence("subvention votée", "grant voted"),
    "REFUSED": Sentence("demande refusée", "request refused"),
    "READY_TO_JUSTIFY": Sentence("bilan à saisir", "report to be written"),
    "JUSTIFIED": Sentence("bilan transmis", "report transmitted"),
    "en_construction": Sentence("en construction", "under construction"),
    "en_instruction": Sentence("en instruction", "under examination"),
    "accepte": Sentence("accepté", "accepted"),
    "refuse": Sentence("refusé", "refused"),
    "sans_suite": Sentence("classé sans suite", "closed without action"),
    "supprime": Sentence("supprimé par l’usager", "deleted by the applicant"),
}
"""The words of the platforms as their own pages show them; another status is shown as it is."""

_HERE = (Stage.SUBMITTED, Stage.INCOMPLETE, Stage.INSTRUCTED, Stage.COMMITTEE)
_GRANTED = (Stage.FUNDED, Stage.EVALUATED, Stage.RECLAIMED)
_STAGES: dict[str, tuple[Stage, ...]] = {
    "BEGIN": (Stage.DRAFT,),
    "REQUESTED": (Stage.DRAFT,),
    "WAITING_FOR_CERTIFICATE": (Stage.DRAFT,),
    "TRANSMITTED": _HERE[:2],
    "SUPPORTED": _HERE,
    "ACCEPTABLE": _HERE,
    "UNACCEPTABLE": (Stage.INELIGIBLE, Stage.LAPSED),
    "VOTE": _GRANTED,
    "REFUSED": (Stage.REJECTED,),
    "READY_TO_JUSTIFY": (Stage.FUNDED,),
    "JUSTIFIED": _GRANTED,
    "en_construction": _HERE[:2],
    "en_instruction": _HERE,
    "accepte": _GRANTED,
    "refuse": (Stage.REJECTED, Stage.INELIGIBLE),
    "sans_suite": (Stage.WITHDRAWN, Stage.LAPSED, Stage.INELIGIBLE),
    "supprime": (Stage.WITHDRAWN,),
}
_ENDS = frozenset({
    "UNACCEPTABLE", "VOTE", "REFUSED", "READY_TO_JUSTIFY", "JUSTIFIED", "accepte", "refuse", "sans_suite", "supprime",
})  # fmt: skip
"""Statuses that end something: a platform ahead of Parvis is news, one that is behind is not."""

_STATUS_OF: dict[Platform, dict[Stage, str]] = {
    Platform.PORTAL: {
        Stage.SUBMITTED: "TRANSMITTED", Stage.INCOMPLETE: "SUPPORTED", Stage.INSTRUCTED: "ACCEPTABLE",
        Stage.COMMITTEE: "ACCEPTABLE", Stage.FUNDED: "VOTE", Stage.EVALUATED: "JUSTIFIED", Stage.RECLAIMED: "JUSTIFIED",
        Stage.INELIGIBLE: "UNACCEPTABLE", Stage.LAPSED: "UNACCEPTABLE", Stage.REJECTED: "REFUSED",
        Stage.WITHDRAWN: "UNACCEPTABLE",
    },
    Platform.DEMARCHE: {
        Stage.SUBMITTED: "en_construction", Stage.INCOMPLETE: "en_construction", Stage.INSTRUCTED: "en_instruction",
        Stage.COMMITTEE: "en_instruction", Stage.FUNDED: "accepte", Stage.EVALUATED: "accepte",
        Stage.RECLAIMED: "accepte", Stage.INELIGIBLE: "refuse", Stage.REJECTED: "refuse", Stage.LAPSED: "sans_suite",
        Stage.WITHDRAWN: "sans_suite",
    },
}  # fmt: skip


def stages_of(status: str) -> tuple[Stage, ...]:
    """The stages a case may be at here while a platform gives it this status; none for a status nobody knows."""
    return _STAGES.get(_bare(status), ())


def status_of(stage: str, platform: Platform) -> str | None:
    """The status a platform gives a case of this stage; None for a draft, which no platform has."""
    return _STATUS_OF[platform].get(Stage(stage))


def contradicts(status: str, stage: str) -> bool:
    """Whether a platform has ended what goes on here, or ended it otherwise."""
    return _bare(status) in _ENDS and Stage(stage) not in stages_of(status)


def status_words(status: str) -> Sentence | str:
    """A status as people read it."""
    return PORTAL_STATUSES.get(_bare(status), status)


def nature_words(nature: str) -> Sentence | str:
    """A kind of request as people read it."""
    return NATURE_WORDS.get(nature, nature)


def _bare(status: str) -> str:
    return status.removeprefix("JUSTIFICATION_")
