"""The history of a case as people read it: the portal's steps, the moves and the letters, in plain words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from parvis.models.queries import histories as queries
from parvis.models.queries.histories import HistoryLine, Names, PortalStep, SentLetter
from parvis.models.session import Session
from parvis.services import history_values as values
from parvis.states.portals import status_words
from parvis.states.redaction import ANONYMISE, RECTIFY, SALT
from parvis.states.stages import ACTION_WORDS, ROLE_WORDS, Action, Opinion, Role
from parvis.states.words import Cents, Sentence, shown


class Origin(StrEnum):
    """Where an entry of the history comes from."""

    PORTAL = "portal"
    JOURNAL = "journal"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened, in the reader's language; `at` is aware UTC, `stage` where it left the case.

    `seq` and `stage` belong to lines of the journal only.
    """

    at: datetime
    who: str
    what: str
    details: tuple[str, ...]
    origin: Origin
    seq: int | None = None
    stage: str | None = None


def history(session: Session, case_id: int, language: str) -> list[HistoryEntry]:
    """All that happened to a case, oldest first; empty when there is no such case."""
    names = queries.names(session, case_id)
    told = [_step(step, language) for step in queries.portal_steps(session, case_id)]
    told += [_line(line, names, language) for line in queries.journal_lines(session, case_id)]
    told += [_letter(letter, language) for letter in queries.sent_letters(session, case_id)]
    return sorted(told, key=lambda entry: (entry.at, _ORDER[entry.origin], entry.seq or 0))


_ORDER = {Origin.PORTAL: 0, Origin.JOURNAL: 1, Origin.LETTER: 2}


def _step(step: PortalStep, language: str) -> HistoryEntry:
    what = _ON_THE_PORTAL.fill(status=status_words(step.status)).say(language)
    return HistoryEntry(step.at, step.by or _PORTAL.say(language), what, (), Origin.PORTAL)


def _letter(letter: SentLetter, language: str) -> HistoryEntry:
    what = _LETTER_SENT.fill(subject=letter.subject).say(language)
    to = _TO.fill(name=letter.name or letter.address, address=letter.address).say(language)
    told = (to,) if letter.address else ()
    return HistoryEntry(letter.at, _MACHINE[Role.DISPATCHER].say(language), what, told, Origin.LETTER)


def _line(told: HistoryLine, names: Names, language: str) -> HistoryEntry:
    line = told.line
    what = _DONE.get(line.action) or ACTION_WORDS.get(line.action) or line.action.replace("_", " ")
    details = [sentence.say(language) for sentence in _details(line.action, json.loads(line.details), names)]
    who = _who(told, language)
    return HistoryEntry(
        line.at, who, shown(what, language), tuple(details), Origin.JOURNAL, seq=line.seq, stage=line.target
    )


def _who(told: HistoryLine, language: str) -> str:
    role = ROLE_WORDS.get(told.line.role, told.line.role)
    if told.actor_name:
        return _SOMEBODY.fill(name=told.actor_name, role=role).say(language)
    return _MACHINE.get(told.line.role, _SOMEBODY.fill(name=told.line.actor, role=role)).say(language)


def _details(action: str, details: Mapping[str, Any], names: Names) -> list[Sentence]:
    if action == ANONYMISE:
        return values.anonymised(details)
    if action == RECTIFY:
        return values.rectified(details)
    told = [
        _OF_ACTION.get((action, key), words).fill(it=read(details[key], names))
        for key, (words, read) in _TOLD.items()
        if key in details
    ]
    if due_on := details.get("due_on"):
        told.append(_DUE.get(action, _DUE_ON).fill(it=date.fromisoformat(due_on)))
    others = sorted(details.keys() - _TOLD.keys() - {"due_on", "next_held_on", SALT})  # both said already
    return told + [_OTHER.fill(name=key.replace("_", " "), it=str(details[key])) for key in others]


def _as_it_is(value: object, names: Names) -> object:  # noqa: ARG001
    return value


_OPINIONS: dict[str, Sentence] = {
    Opinion.FAVOURABLE: Sentence("favorable", "favourable"),
    Opinion.RESERVED: Sentence("réservé", "reserved"),
    Opinion.UNFAVOURABLE: Sentence("défavorable", "unfavourable"),
}
_TOLD: dict[str, tuple[Sentence, Callable[[Any, Names], object]]] = {
    "funder_id": (Sentence("Financeur : {it}", "Funder: {it}"), lambda i, names: names.funders.get(i, i)),
    "opinion": (Sentence("Avis : {it}", "Opinion: {it}"), lambda value, names: _OPINIONS.get(value, value)),
    "proposed_cents": (
        Sentence("Montant proposé : {it}", "Amount proposed: {it}"),
        lambda cents, names: Cents(cents),
    ),
    "funder_ids": (
        Sentence("Financeurs : {it}", "Funders: {it}"),
        lambda ids, names: [names.funders.get(i, str(i)) for i in ids],
    ),
    "amounts": (Sentence("Montants accordés : {it}", "Amounts granted: {it}"), values.amounts),
    "part_amounts": (Sentence("Parts : {it}", "Parts: {it}"), values.parts),
    "conditions": (Sentence("Conditions : {it}", "Conditions: {it}"), _as_it_is),
    "score": (Sentence("Note : {it}", "Score: {it}"), _as_it_is),
    "points": (Sentence("Points : {it}", "Points: {it}"), values.points),
    "instructor_id": (
        Sentence("Instructeur : {it}", "Instructor: {it}"),
        lambda i, names: names.people.get(i, i),
    ),
    "committee_id": (Sentence("Comité : {it}", "Committee: {it}"), values.committee),
    "next_committee_id": (Sentence("Prochain comité : {it}", "Next committee: {it}"), values.committee),
    "documents": (
        Sentence("Pièces : {it}", "Documents: {it}"),
        lambda codes, names: [names.documents.get(code, code) for code in codes],
    ),
    "reply_by": (
        Sentence("Réponse attendue au plus tard le {it}", "Reply expected by {it}"),
        lambda day, names: date.fromisoformat(day),
    ),
    "starts_on": (
        Sentence("Début : {it}", "Start: {it}"),
        lambda day, names: date.fromisoformat(day),
    ),
    "ends_on": (
        Sentence("Fin : {it}", "End: {it}"),
        lambda day, names: date.fromisoformat(day),
    ),
    "instalment": (Sentence("Versement : {it}", "Instalment: {it}"), _as_it_is),
    "payment_ids": (Sentence("Versements n° {it}", "Payments no. {it}"), _as_it_is),
    "paid_on": (
        Sentence("Payé le {it}", "Paid on {it}"),
        lambda day, names: date.fromisoformat(day),
    ),
    "spent_cents": (Sentence("Dépenses : {it}", "Spent: {it}"), lambda cents, names: Cents(cents)),
    "balance_cents": (
        Sentence("Reste à verser : {it}", "Left to pay: {it}"),
        lambda cents, names: Cents(cents),
    ),
    "repay_cents": (
        Sentence("À reverser : {it}", "To be paid back: {it}"),
        lambda cents, names: Cents(cents),
    ),
    "signed_document": (Sentence("Document : {it}", "Document: {it}"), _as_it_is),
    "signed_on": (
        Sentence("Signé le {it}", "Signed on {it}"),
        lambda day, names: date.fromisoformat(day),
    ),
    "partner": (Sentence("Partenaire : {it}", "Partner: {it}"), _as_it_is),
    "renewed_as": (Sentence("Dossier suivant : {it}", "Next case: {it}"), _as_it_is),
    "partner_siret": (Sentence("SIRET : {it}", "SIRET: {it}"), _as_it_is),
    "partner_email": (Sentence("Écrit à {it}", "Written to {it}"), _as_it_is),
    "signer": (Sentence("Signé par {it}", "Signed by {it}"), _as_it_is),
    "signer_quality": (Sentence("En qualité de : {it}", "As: {it}"), _as_it_is),
    "contact_on": (
        Sentence("Échange du {it}", "Contact of {it}"),
        lambda day, names: date.fromisoformat(day),
    ),
    "missed_wave": (Sentence("Arrivé après la clôture : {it}", "Came after the closing of: {it}"), _as_it_is),
    "sha256": (Sentence("Empreinte SHA-256 : {it}", "SHA-256: {it}"), _as_it_is),
    "undertaken": (
        Sentence("Engagement : {it}", "Undertaken: {it}"),
        lambda code, names: _UNDERTAKEN.get(code, code),
    ),
    "told": (Sentence("{it}", "{it}"), values.told),
    "reason": (Sentence("Motif : {it}", "Reason: {it}"), _as_it_is),
}
_OF_ACTION: dict[tuple[str, str], Sentence] = {
    (Action.ACCEPT_INTERIM, "balance_cents"): Sentence("À verser : {it}", "To be paid: {it}"),
    (Action.ADD_PARTNER, "amounts"): Sentence("Part demandée : {it}", "Share asked: {it}"),
    (Action.RECOMMEND, "amounts"): Sentence("Montants proposés : {it}", "Amounts proposed: {it}"),
    (Action.RECOMMEND_AMOUNTS, "amounts"): Sentence("Montants réservés : {it}", "Amounts reserved: {it}"),
}
_UNDERTAKEN: dict[str, Sentence] = {
    "report": Sentence("compte rendu certifié exact", "the report is certified true"),
    "republican": Sentence(
        "contrat d’engagement républicain (décret 2021-1947)", "republican commitment (decree 2021-1947)"
    ),
}
_CORRECTED = Sentence("Corrections attendues au plus tard le {it}", "Corrections expected by {it}")
_DUE: dict[str, Sentence] = {
    Action.ASK_OPINIONS: Sentence("Avis attendus au plus tard le {it}", "Opinions expected by {it}"),
    Action.ASK_CORRECTIONS: _CORRECTED,
    Action.ASK_INTERIM: Sentence("Attendu au plus tard le {it}", "Expected by {it}"),
    Action.CORRECT_INTERIM: _CORRECTED,
    Action.GIVE_NOTICE: Sentence("La mise en demeure expire le {it}", "The notice expires on {it}"),
}
_DUE_ON = Sentence("Échéance : {it}", "Due: {it}")
_OTHER = Sentence("{name} : {it}", "{name}: {it}")
_SOMEBODY = Sentence("{name} ({role})", "{name} ({role})")
_MACHINE: dict[str, Sentence] = {
    Role.CLOCK: Sentence("Parvis, à l’échéance", "Parvis, when due"),
    Role.IMPORTER: Sentence("Parvis, à l’import", "Parvis, importing"),
    Role.DISPATCHER: Sentence("Parvis, à l’expédition", "Parvis, sending"),
}
_PORTAL = Sentence("Portail", "Portal")
_ON_THE_PORTAL = Sentence("Sur le portail : {status}", "On the portal: {status}")
_LETTER_SENT = Sentence("Lettre envoyée : « {subject} »", "Letter sent: “{subject}”")
_TO = Sentence("À {name}, {address}", "To {name}, {address}")
_DONE: dict[str, Sentence] = {
    ANONYMISE: values.ANONYMISED,
    RECTIFY: values.RECTIFIED,
    Action.SUBMIT: Sentence("Dossier déposé", "Case submitted"),
    Action.REQUEST_DOCUMENTS: Sentence("Pièces demandées", "Documents requested"),
    Action.COMPLETE: Sentence("Dossier complet", "Case complete"),
    Action.LAPSE: Sentence("Dossier caduc, faute de réponse", "Case lapsed, for want of a reply"),
    Action.DECLARE_INELIGIBLE: Sentence("Dossier déclaré irrecevable", "Case declared ineligible"),
    Action.INSTRUCT: Sentence("Instruction close", "Instruction closed"),
    Action.SCHEDULE: Sentence("Inscrit à l’ordre du jour", "Put on the agenda"),
    Action.UNSCHEDULE: Sentence("Retiré de l’ordre du jour", "Taken off the agenda"),
    Action.CARRY: Sentence("Reporté à une autre séance", "Carried to another session"),
    Action.RECOMMEND: Sentence("Avis du comité technique", "Advice of the technical committee"),
    Action.RECOMMEND_AMOUNTS: Sentence(
        "Montants recommandés au comité", "Amounts recommended to the committee"
    ),
    Action.DEFER: Sentence("Décision ajournée", "Decision deferred"),
    Action.FUND: Sentence("Subvention accordée", "Grant awarded"),
    Action.REJECT: Sentence("Subvention refusée", "Grant refused"),
    Action.WITHDRAW: Sentence("Dossier retiré", "Case withdrawn"),
    Action.EVALUATE: Sentence("Évaluation close", "Evaluation closed"),
    Action.RECLAIM: Sentence("Reversement demandé", "Repayment required"),
    Action.REOPEN: Sentence("Dossier rouvert", "Case reopened"),
    Action.ASK_CONTACT: Sentence("Échange préalable demandé", "First contact asked for"),
    Action.RECORD_CONTACT: Sentence("Échange préalable noté", "First contact recorded"),
    Action.ADD_PARTNER: Sentence("Partenaire ajouté", "Partner added"),
    Action.INVITE_PARTNER: Sentence("Partenaire invité", "Partner invited"),
    Action.CONFIRM_PARTNER: Sentence(
        "Part du partenaire confirmée et signée", "Partner’s part confirmed and signed"
    ),
    Action.DECLINE_PARTNER: Sentence("Partenaire : a décliné", "Partner: declined"),
    Action.WITHDRAW_PARTNER: Sentence("Partenaire retiré", "Partner withdrawn"),
    Action.WRITE_CLAUSE: Sentence("Clause de reversement écrite", "Sub-granting clause written"),
    Action.ASSIGN: Sentence("Dossier confié à un instructeur", "Case given to an instructor"),
    Action.RECEIVE_DOCUMENTS: Sentence("Pièces reçues", "Documents received"),
    Action.EXTEND_REPLY: Sentence("Délai de réponse prolongé", "Reply date extended"),
    Action.CHECK_ELIGIBILITY: Sentence("Recevabilité vérifiée", "Eligibility checked"),
    Action.ASSESS: Sentence("Grille d’évaluation remplie", "Assessment filled in"),
    Action.ASK_OPINIONS: Sentence("Avis demandés aux financeurs", "Opinions asked of the funders"),
    Action.GIVE_OPINION: Sentence("Avis rendu", "Opinion given"),
    Action.RECORD_SILENCE: Sentence(
        "Silence gardé deux mois : il vaut refus (CRPA, art. L231-4, 3°)",
        "Two months of silence: it means refusal (CRPA, art. L231-4, 3°)",
    ),
    Action.RECEIVE_REPORT: Sentence("Bilan reçu", "Report received"),
    Action.ACCEPT_REPORT: Sentence("Bilan accepté", "Report accepted"),
    Action.SETTLE_BALANCE: Sentence("Subvention soldée", "Balance settled"),
    Action.GIVE_NOTICE: Sentence("Mise en demeure", "Formal notice given"),
    Action.RECORD_NOT_CARRIED_OUT: Sentence(
        "Action non réalisée, constatée", "Action recorded as not carried out"
    ),
    Action.ATTEST_NOT_CARRIED_OUT: Sentence(
        "Non-réalisation attestée par le porteur", "The applicant attests that it was not carried out"
    ),
    Action.ASK_CORRECTIONS: Sentence("Corrections du bilan demandées", "Corrections of the report asked for"),
    Action.ASK_NEW_DATES: Sentence("Autres dates demandées", "Other dates asked for"),
    Action.GRANT_NEW_DATES: Sentence("Nouvelles dates accordées", "New dates granted"),
    Action.REFUSE_NEW_DATES: Sentence("Nouvelles dates refusées", "New dates refused"),
    Action.ASK_INTERIM: Sentence("Bilan intermédiaire demandé", "Interim report asked for"),
    Action.RECEIVE_INTERIM: Sentence("Bilan intermédiaire reçu", "Interim report received"),
    Action.CORRECT_INTERIM: Sentence(
        "Corrections du bilan intermédiaire demandées", "Corrections of the interim report asked for"
    ),
    Action.ACCEPT_INTERIM: Sentence("Bilan intermédiaire accepté", "Interim report accepted"),
    Action.WAIVE_INTERIM: Sentence("Dispense de bilan intermédiaire", "Interim report waived"),
    Action.RECORD_PAYMENT: Sentence("Versement enregistré", "Payment recorded"),
    Action.RENEW: Sentence("Action reconduite", "Action renewed"),
    Action.TAKE_OFF_FILE: Sentence("Fichier retiré du dossier", "File taken off the case"),
    Action.RECORD_SIGNATURE: Sentence("Signature enregistrée", "Signature recorded"),
    Action.UPDATE_FROM_PORTAL: Sentence(
        "Suivi de la plateforme du dépôt", "Follows the platform of the deposit"
    ),
    Action.TAKE_FROM_PORTAL: Sentence(
        "Repris de la plateforme du dépôt", "Taken from the platform of the deposit"
    ),
    Action.KEEP_AGAINST_PORTAL: Sentence(
        "Gardé, malgré la plateforme du dépôt", "Kept, whatever the platform of the deposit says"
    ),
}
