"""What can be wrong with a journal or its anchors, and what is said of it: what, where, what to do."""

from dataclasses import dataclass
from enum import StrEnum

from parvis.states.journal import Subject
from parvis.states.words import Sentence


class FaultKind(StrEnum):
    """How a journal, its subject's own row or an anchor was changed behind the application's back."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    BACKWARDS = "backwards"
    HEAD = "head"
    VERSION = "version"
    STAGE = "stage"
    CASE_MISSING = "case_missing"
    COMMITTEE_MISSING = "committee_missing"
    AGREEMENT_MISSING = "agreement_missing"
    ANCHOR_MISSING = "anchor_missing"
    ANCHOR_ALTERED = "anchor_altered"
    FILE_MISSING = "file_missing"
    FILE_ALTERED = "file_altered"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing wrong. `seq` is the line of the case or of the sitting, `anchor` the anchor that tells."""

    kind: FaultKind
    sentence: Sentence
    case_id: int | None = None
    reference: str = ""
    seq: int | None = None
    anchor: int | None = None
    committee_id: int | None = None
    agreement_id: int | None = None


def line_fault(
    kind: FaultKind, key: tuple[Subject, int], reference: str, seq: int, anchor: int | None = None,
    **values: object,
) -> Fault:  # fmt: skip
    """A fault of a journal, at line `seq`; `values` fill the rest of the sentence."""
    subject, number = key
    what = _NAMES[subject]
    filled = {"what": what, "reference": reference, "id": number, "seq": seq, "anchor": anchor, **values}
    whose = {each: number if subject is each else None for each in Subject}
    return Fault(
        kind, _told(kind, filled, subject), whose[Subject.CASE], reference, seq, anchor, whose[Subject.COMMITTEE],
        whose[Subject.AGREEMENT],
    )  # fmt: skip


def anchor_fault(kind: FaultKind, number: int) -> Fault:
    """A fault of an anchor, in the database or in its file."""
    return Fault(kind, _told(kind, {"anchor": number}), anchor=number)


def _told(kind: FaultKind, values: dict[str, object], subject: Subject = Subject.CASE) -> Sentence:
    said = _OF_OTHERS.get((subject, kind), _WHAT[kind])
    what, then = said.fill(**values), _THEN.get(kind, _KEEP)
    return Sentence(f"{what.fr} {then.fr}", f"{what.en} {then.en}")


GONE = {
    Subject.CASE: FaultKind.CASE_MISSING,
    Subject.COMMITTEE: FaultKind.COMMITTEE_MISSING,
    Subject.AGREEMENT: FaultKind.AGREEMENT_MISSING,
}

_NAMES = {
    Subject.CASE: Sentence("Dossier", "Case"),
    Subject.COMMITTEE: Sentence("Séance", "Session"),
    Subject.AGREEMENT: Sentence("Convention", "Agreement"),
}

_WHAT: dict[FaultKind, Sentence] = {
    FaultKind.EDITED: Sentence(
        "{what} {reference}, ligne {seq} : elle ne correspond plus à son empreinte ; cette ligne, "
        "ou l’empreinte de la précédente, a été modifiée après coup.",
        "{what} {reference}, line {seq}: it no longer fits its hash; this line, or the hash of the one "
        "before, was changed afterwards.",
    ),
    FaultKind.DELETED: Sentence(
        "{what} {reference}, ligne {seq} : cette ligne a été supprimée au milieu du journal.",
        "{what} {reference}, line {seq}: this line was deleted from the middle of the journal.",
    ),
    FaultKind.INSERTED: Sentence(
        "{what} {reference}, ligne {seq} : cette ligne a été ajoutée après coup.",
        "{what} {reference}, line {seq}: this line was added afterwards.",
    ),
    FaultKind.SWAPPED: Sentence(
        "{what} {reference}, ligne {seq} : cette ligne a échangé sa place avec une autre.",
        "{what} {reference}, line {seq}: this line was swapped with another.",
    ),
    FaultKind.TRUNCATED: Sentence(
        "{what} {reference}, ligne {seq} : cette ligne et celles qui la suivaient ont été supprimées.",
        "{what} {reference}, line {seq}: this line and those after it were deleted.",
    ),
    FaultKind.REWRITTEN: Sentence(
        "{what} {reference}, ligne {seq} : ce n’est pas la ligne qu’atteste l’ancre n° {anchor} ; "
        "le journal a été réécrit, à partir de la ligne {first} au plus tôt.",
        "{what} {reference}, line {seq}: this is not the line anchor no. {anchor} vouches for; the "
        "journal was rewritten, from line {first} at the earliest.",
    ),
    FaultKind.BACKWARDS: Sentence(
        "{what} {reference}, ligne {seq} : elle est datée du {at}, alors que la précédente est du {before}.",
        "{what} {reference}, line {seq}: it is dated {at}, while the one before is dated {before}.",
    ),
    FaultKind.HEAD: Sentence(
        "{what} {reference}, ligne {seq} : le dossier garde l’empreinte d’une autre dernière "
        "ligne ; le dossier ou la fin de son journal a été modifié hors de Parvis.",
        "{what} {reference}, line {seq}: the case holds the hash of another last line; the case or the "
        "end of its journal was changed outside Parvis.",
    ),
    FaultKind.VERSION: Sentence(
        "{what} {reference}, ligne {seq} : le journal s’arrête à cette ligne, le dossier en annonce "
        "{version} ; le dossier a été modifié hors de Parvis.",
        "{what} {reference}, line {seq}: the journal ends at this line, the case says {version}; the "
        "case was changed outside Parvis.",
    ),
    FaultKind.STAGE: Sentence(
        "{what} {reference}, ligne {seq} : le dossier est « {stage} », la dernière ligne de son "
        "journal dit « {target} » ; le dossier a été modifié hors de Parvis.",
        "{what} {reference}, line {seq}: the case is “{stage}”, the last line of its journal says "
        "“{target}”; the case was changed outside Parvis.",
    ),
    FaultKind.CASE_MISSING: Sentence(
        "Dossier n° {id} : il a été supprimé, son journal ou ses ancres en gardent la trace.",
        "Case no. {id}: it was deleted; its journal or its anchors still show it.",
    ),
    FaultKind.COMMITTEE_MISSING: Sentence(
        "Séance n° {id} : elle a été supprimée, son journal ou ses ancres en gardent la trace.",
        "Session no. {id}: it was deleted; its journal or its anchors still show it.",
    ),
    FaultKind.AGREEMENT_MISSING: Sentence(
        "Convention n° {id} : elle a été supprimée, son journal ou ses ancres en gardent la trace.",
        "Agreement no. {id}: it was deleted; its journal or its anchors still show it.",
    ),
    FaultKind.ANCHOR_MISSING: Sentence(
        "Ancre n° {anchor} : elle manque dans la base.",
        "Anchor no. {anchor}: it is missing from the database.",
    ),
    FaultKind.ANCHOR_ALTERED: Sentence(
        "Ancre n° {anchor} : ce que la base en garde a été modifié.",
        "Anchor no. {anchor}: what the database holds of it was changed.",
    ),
    FaultKind.FILE_MISSING: Sentence(
        "Ancre n° {anchor} : son fichier manque dans le dossier des ancres.",
        "Anchor no. {anchor}: its file is missing from the folder of anchors.",
    ),
    FaultKind.FILE_ALTERED: Sentence(
        "Ancre n° {anchor} : son fichier a été modifié.",
        "Anchor no. {anchor}: its file was changed.",
    ),
}

_OF_OTHERS: dict[tuple[Subject, FaultKind], Sentence] = {
    (Subject.AGREEMENT, FaultKind.HEAD): Sentence(
        "{what} {reference}, ligne {seq} : la convention garde l’empreinte d’une autre dernière ligne ; "
        "la convention ou la fin de son journal a été modifiée hors de Parvis.",
        "{what} {reference}, line {seq}: the agreement holds the hash of another last line; the agreement "
        "or the end of its journal was changed outside Parvis.",
    ),
    (Subject.AGREEMENT, FaultKind.VERSION): Sentence(
        "{what} {reference}, ligne {seq} : le journal s’arrête à cette ligne, la convention en annonce "
        "{version} ; la convention a été modifiée hors de Parvis.",
        "{what} {reference}, line {seq}: the journal ends at this line, the agreement says {version}; the "
        "agreement was changed outside Parvis.",
    ),
    (Subject.AGREEMENT, FaultKind.STAGE): Sentence(
        "{what} {reference}, ligne {seq} : la convention est « {stage} », la dernière ligne de son "
        "journal dit « {target} » ; la convention a été modifiée hors de Parvis.",
        "{what} {reference}, line {seq}: the agreement is “{stage}”, the last line of its journal says "
        "“{target}”; the agreement was changed outside Parvis.",
    ),
    (Subject.COMMITTEE, FaultKind.HEAD): Sentence(
        "{what} {reference}, ligne {seq} : la séance garde l’empreinte d’une autre dernière ligne ; "
        "la séance ou la fin de son journal a été modifiée hors de Parvis.",
        "{what} {reference}, line {seq}: the session holds the hash of another last line; the session "
        "or the end of its journal was changed outside Parvis.",
    ),
    (Subject.COMMITTEE, FaultKind.VERSION): Sentence(
        "{what} {reference}, ligne {seq} : le journal s’arrête à cette ligne, la séance en annonce "
        "{version} ; la séance a été modifiée hors de Parvis.",
        "{what} {reference}, line {seq}: the journal ends at this line, the session says {version}; the "
        "session was changed outside Parvis.",
    ),
}

_KEEP = Sentence(
    "Ne rien corriger : garder une copie de la base, prévenir l’administrateur, comparer avec la "
    "dernière sauvegarde saine.",
    "Correct nothing: keep a copy of the database, tell the administrator, compare with the last "
    "sound backup.",
)
_THEN: dict[FaultKind, Sentence] = {
    FaultKind.BACKWARDS: Sentence(
        "Vérifier l’horloge du serveur à ces deux dates : si elle était fausse, ancrer le journal accepte "
        "ces dates ; si elle était juste, la ligne a été antidatée.",
        "Check the server’s clock on both dates: if it was wrong, anchoring the journal accepts these "
        "dates; if it was right, the line was backdated.",
    ),
    FaultKind.ANCHOR_MISSING: Sentence(
        "Si Parvis a été arrêté pendant l’ancrage, la rétablir d’après son fichier ; sinon elle a été "
        "supprimée : garder d’abord une copie de la base.",
        "If Parvis was stopped while anchoring, restore it from its file; otherwise it was deleted: first "
        "keep a copy of the database.",
    ),
    FaultKind.ANCHOR_ALTERED: Sentence(
        "Garder une copie de la base ; comparer la racine de cette ancre avec celle que les "
        "administrateurs ont reçue par courriel.",
        "Keep a copy of the database; compare this anchor’s root with the one the administrators "
        "received by mail.",
    ),
    FaultKind.FILE_MISSING: Sentence(
        "Le reprendre d’une sauvegarde, ou le récrire d’après la base ; sa racine doit être celle "
        "que les administrateurs ont reçue par courriel.",
        "Take it from a backup, or write it again from the database; its root has to be the one the "
        "administrators received by mail.",
    ),
    FaultKind.FILE_ALTERED: Sentence(
        "Le reprendre d’une sauvegarde ; sa racine doit être celle que les administrateurs ont reçue "
        "par courriel.",
        "Take it from a backup; its root has to be the one the administrators received by mail.",
    ),
}
