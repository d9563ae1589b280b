"""Every letter Parvis writes: to whom, about what, and the facts it cannot do without."""

from dataclasses import dataclass, replace
from enum import StrEnum

from parvis.notifications.context import (
    AgreementView,
    CallView,
    CaseView,
    ContractView,
    LetterContext,
    LetterData,
    OfficerView,
    OrganisationView,
    Recipient,
)
from parvis.notifications.samples import sample
from parvis.states.words import Sentence

__all__ = ["FIELDS", "LETTERS", "Audience", "LetterKind", "missing_facts", "sample"]


class Audience(StrEnum):
    """Who reads a letter; `concerned`, the applicant and who follows its case."""

    APPLICANT = "applicant"
    FUNDER = "funder"
    INSTRUCTOR = "instructor"
    MANAGER = "manager"
    MEMBER = "member"
    STAFF = "staff"
    CONCERNED = "concerned"


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of letter: `required` and `optional` name the keys of `data`; no other key may be used."""

    name: str
    audience: Audience
    description: Sentence
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    about_a_case: bool = True
    decision: bool = False
    about_an_agreement: bool = False

    @property
    def allowed(self) -> frozenset[str]:
        """Every key of `data` a template of this letter may use."""
        return self.required | self.optional


FIELDS: dict[str, frozenset[str]] = {
    "recipient": frozenset(Recipient.__annotations__),
    "case": frozenset(CaseView.__annotations__),
    "agreement": frozenset(AgreementView.__annotations__),
    "organisation": frozenset(OrganisationView.__annotations__),
    "call": frozenset(CallView.__annotations__),
    "contract": frozenset(ContractView.__annotations__),
    "officer": frozenset(OfficerView.__annotations__),
    "link": frozenset(),
    "data": frozenset(LetterData.__annotations__),
}


def missing_facts(kind: LetterKind, context: LetterContext) -> list[str]:
    """The keys `kind` requires and `context` does not give, in alphabetical order; a None is not given."""
    missing = [f"data.{key}" for key in sorted(kind.required) if context["data"].get(key) is None]
    if kind.about_a_case and context["case"] is None:
        missing.insert(0, "case")
    if kind.about_an_agreement and context["agreement"] is None:
        missing.insert(0, "agreement")
    return missing


def _kind(
    name: str, audience: Audience, description: Sentence, required: str = "", optional: str = "", *,
    about_a_case: bool = True, decision: bool = False,
) -> LetterKind:  # fmt: skip
    keys = frozenset(required.split()), frozenset(optional.split())
    return LetterKind(name, audience, description, *keys, about_a_case, decision)


def _agreement(
    name: str, audience: Audience, description: Sentence, required: str = "", optional: str = ""
) -> LetterKind:
    kind = _kind(name, audience, description, required, optional, about_a_case=False)
    return replace(kind, about_an_agreement=True)


_A = Audience
_KINDS = (
    _kind("acknowledge", _A.APPLICANT,
          Sentence("Accusé de réception d’une demande", "A request has been received"),
          "deadline", "wave decides_on missed_wave missed_on"),
    _kind("contact_requested", _A.INSTRUCTOR,
          Sentence("Un porteur demande un échange avant de déposer", "An applicant asks for a contact first"),
          "", "reason"),
    _kind("contact_recorded", _A.APPLICANT,
          Sentence("Échange préalable noté, dépôt ouvert", "First contact recorded, submission open"),
          "contact_on reason"),
    _kind("partner_invited", _A.APPLICANT,
          Sentence("Invitation d’un partenaire à confirmer sa part", "Invitation of a partner to confirm its part"),
          "path deadline total_cents"),
    _kind("partner_reminder", _A.APPLICANT,
          Sentence("Rappel à un partenaire qui n’a pas répondu", "Reminder to a partner who has not answered"),
          "deadline", "late days_late"),
    _kind("partner_confirmed", _A.APPLICANT,
          Sentence("Un partenaire a confirmé sa part", "A partner confirmed its part"),
          "partner signer total_cents", "awaited declined granted_cents reason"),
    _kind("partner_added", _A.APPLICANT,
          Sentence("Un partenaire rejoint le dossier", "A partner joins the case"), "partner total_cents"),
    _kind("partner_left", _A.CONCERNED,
          Sentence("Un partenaire décline ou se retire", "A partner declines or withdraws"),
          "partner total_cents declined", "reason signer awaited granted_cents"),
    _kind("partner_told", _A.APPLICANT,
          Sentence("Ce que devient le dossier, dit à un partenaire", "What becomes of the case, told to a partner"),
          "outcome", "reason committee reply_by documents", decision=True),
    _kind("partner_granted", _A.APPLICANT,
          Sentence("Part de la subvention d’un partenaire", "A partner’s share of the grant"),
          "total_cents", "conditions agreement", decision=True),
    _kind("documents_requested", _A.APPLICANT,
          Sentence("Pièces à fournir", "Documents to send"), "documents reply_by", "reason"),
    _kind("documents_reminder", _A.APPLICANT,
          Sentence("Rappel des pièces à fournir", "Reminder of the documents to send"), "documents reply_by"),
    _kind("draft_closing", _A.APPLICANT,
          Sentence("Brouillon non déposé, clôture proche", "Draft not submitted, closing is near"), "deadline"),
    _kind("lapsed", _A.APPLICANT,
          Sentence("Caducité : les pièces ne sont pas arrivées à temps", "Lapse: the documents did not arrive in time"),
          "reply_by", "documents", decision=True),
    _kind("ineligible", _A.APPLICANT,
          Sentence("Demande non recevable", "Request not eligible"), "reason", decision=True),
    _kind("deferred", _A.APPLICANT,
          Sentence("Décision reportée par le comité", "Decision deferred by the committee"), "reason", "committee"),
    _kind("granted", _A.APPLICANT,
          Sentence("Subvention accordée", "Grant awarded"),
          "grants total_cents report_due", "conditions committee agreement parts through_lead interim_due",
          decision=True),
    _kind("rejected", _A.APPLICANT,
          Sentence("Subvention refusée", "Grant refused"), "reason", "committee", decision=True),
    _kind("withdrawn", _A.APPLICANT,
          Sentence("Retrait d’une demande", "A request is withdrawn"), "", "reason"),
    _kind("closed", _A.APPLICANT,
          Sentence("Action évaluée, dossier soldé", "Action evaluated, case closed"),
          "", "total_cents score reason"),
    _kind("action_renewed", _A.APPLICANT,
          Sentence("Reconduction préparée, à compléter", "Renewal prepared, to be completed"),
          "request next_call path", "deadline"),
    _kind("interim_asked", _A.APPLICANT,
          Sentence("Bilan intermédiaire demandé", "Interim report asked for"), "deadline", "reason"),
    _kind("interim_received", _A.APPLICANT,
          Sentence("Accusé de réception d’un bilan intermédiaire", "An interim report has been received")),
    _kind("interim_corrections", _A.APPLICANT,
          Sentence("Bilan intermédiaire à corriger", "Interim report to be corrected"), "reason deadline"),
    _kind("interim_accepted", _A.APPLICANT,
          Sentence("Bilan intermédiaire accepté, et ce qu’il libère", "Interim report accepted, and what it releases"),
          "balance_cents deadline", "next_due"),
    _kind("interim_reminder", _A.APPLICANT,
          Sentence("Rappel du bilan intermédiaire", "Reminder of the interim report"), "deadline late", "days_late"),
    _kind("report_received", _A.APPLICANT,
          Sentence("Accusé de réception d’un bilan", "A report has been received")),
    _kind("report_corrections", _A.APPLICANT,
          Sentence("Bilan à corriger", "Report to be corrected"), "reason deadline"),
    _kind("report_accepted", _A.APPLICANT,
          Sentence("Bilan accepté, et ce qui reste à verser", "Report accepted, and what is left to pay"),
          "balance_cents repay_cents deadline"),
    _kind("not_carried_out_noted", _A.APPLICANT,
          Sentence("Attestation de non-réalisation reçue", "Attestation that the action did not take place"),
          "reason"),
    _kind("new_dates_granted", _A.APPLICANT,
          Sentence("Nouvelles dates accordées", "New dates granted"),
          "ends_on report_due"),
    _kind("new_dates_refused", _A.APPLICANT,
          Sentence("Nouvelles dates refusées", "New dates refused"),
          "reason report_due"),
    _kind("formal_notice", _A.APPLICANT,
          Sentence("Mise en demeure", "Formal notice"),
          "reason deadline total_cents"),
    _kind("reclaimed", _A.APPLICANT,
          Sentence("Reversement demandé", "Repayment required"),
          "reason total_cents", "", decision=True),
    _kind("recovery_order", _A.APPLICANT,
          Sentence("Ordre de reversement, joint", "Recovery order, enclosed"),
          "order funder total_cents", "deadline", decision=True),
    _kind("reopened", _A.APPLICANT,
          Sentence("Dossier rouvert", "Case reopened"),
          "reason", "stage_label"),
    _kind("report_reminder", _A.APPLICANT,
          Sentence("Rappel du bilan, avant ou après sa date", "Reminder of the report, before or after its date"),
          "report_due late", "days_late"),
    _kind("opinion_requested", _A.FUNDER,
          Sentence("Avis demandé à un financeur", "Opinion asked of a funder"),
          "deadline", "grants"),
    _kind("opinion_reminder", _A.FUNDER,
          Sentence("Rappel d’un avis attendu", "Reminder of an opinion awaited"),
          "deadline", "late days_late grants"),
    _kind("statutory_warning", _A.INSTRUCTOR,
          Sentence("Le silence va valoir refus", "Silence is about to mean refusal"),
          "deadline"),
    _kind("statutory_silence", _A.STAFF,
          Sentence("Le silence vaut refus depuis cette date", "Silence has meant refusal since this date"),
          "deadline"),
    _kind("stage_late", _A.STAFF,
          Sentence("Un dossier attend depuis trop longtemps", "A case has been waiting too long"),
          "stage_label waiting_since", "days_late deadline"),
    _kind("report_late", _A.STAFF,
          Sentence("Bilan attendu et non reçu", "Report due and not received"),
          "report_due", "days_late"),
    _kind("interim_late", _A.STAFF,
          Sentence("Bilan intermédiaire attendu et non reçu", "Interim report due and not received"),
          "deadline", "days_late"),
    _kind("summons", _A.MEMBER,
          Sentence("Convocation à une séance, ou ce qui y change", "Summons to a session, or what changes of it"),
          "committee when seat_label deadline",
          "room video_url cases changed titular substitute", about_a_case=False),
    _kind("summons_cancelled", _A.MEMBER,
          Sentence("Séance annulée, ou membre qui n’y siège plus", "Session cancelled, or member who sits no more"),
          "committee when", "reason", about_a_case=False),
    _kind("interests_reminder", _A.MEMBER,
          Sentence("Rappel : déclarer ses intérêts avant la séance", "Reminder: declare interests before the session"),
          "committee when deadline cases", "new", about_a_case=False),
    _kind("payments_late", _A.MANAGER,
          Sentence("Versements en retard", "Late payments"),
          "cases total_cents deadline path", "days_late new", about_a_case=False),
    _kind("digest", _A.STAFF,
          Sentence("Récapitulatif du matin", "Morning digest"),
          "items", about_a_case=False),
    _kind("sign_in", _A.STAFF,
          Sentence("Lien pour entrer dans Parvis", "Link to sign in to Parvis"),
          "path minutes", about_a_case=False),
    _kind("identity_linked", _A.STAFF,
          Sentence("Une identité est liée à votre accès", "An identity is linked to your access"),
          "path provider email", about_a_case=False),
    _kind("applicant_link", _A.APPLICANT,
          Sentence("Lien d’un organisme vers ses demandes", "Link of an organisation to its requests"),
          "path minutes", "joining", about_a_case=False),
    _kind("address_link", _A.APPLICANT,
          Sentence("Lien qui prouve une nouvelle adresse", "Link that proves a new address"),
          "address path minutes", about_a_case=False),
    _kind("address_asked", _A.APPLICANT,
          Sentence("Changement d’adresse demandé, dit à l’ancienne", "Change of address asked for, told to the old"),
          "address when minutes", "browser path", about_a_case=False),
    _kind("address_changed", _A.APPLICANT,
          Sentence("Adresse d’un organisme changée", "Address of an organisation changed"),
          "address when", "by_service reason path", about_a_case=False),
    _kind("bank_details", _A.APPLICANT,
          Sentence("Coordonnées bancaires d’un organisme, demandées, confirmées ou refusées",
                   "Bank details of an organisation, asked for, confirmed or refused"),
          "account step", "reason path", about_a_case=False),
    _kind("packet_ready", _A.MEMBER,
          Sentence("Dossier de séance prêt, ou modifié", "The packet of a session is ready, or has changed"),
          "committee hour minute version pages path", "room changes enclosed", about_a_case=False),
    _kind("journal_anchor", _A.STAFF,
          Sentence("Ancre du journal, à garder hors de Parvis", "Anchor of the journal, to keep outside Parvis"),
          "anchor anchored_at root file digest cases lines", about_a_case=False),
    _kind("out_of_order", _A.STAFF,
          Sentence("L’installation est en panne quelque part", "Something of the installation is out of order"),
          "code name_fr name_en seen_fr seen_en todo_fr todo_en", about_a_case=False),
    _agreement("agreement_active", _A.APPLICANT,
               Sentence("Convention en vigueur, ou renouvelée", "An agreement is in force, or renewed"),
               "years", "renews"),
    _agreement("renewal_opened", _A.APPLICANT,
               Sentence("Renouvellement d’une convention : ses étapes", "Renewal of an agreement: its steps"),
               "", "reports"),
    _agreement("evaluation_reminder", _A.APPLICANT,
               Sentence("Rappel de l’auto-évaluation", "Reminder of the self-evaluation"),
               "deadline", "late days_late"),
    _agreement("request_reminder", _A.APPLICANT,
               Sentence("Rappel de la demande de renouvellement", "Reminder of the renewal request"),
               "deadline", "late days_late"),
    _agreement("renewal_ready", _A.APPLICANT,
               Sentence("Demande de renouvellement préparée", "Renewal request prepared"), "request", "deadline path"),
    _agreement("agreement_ended", _A.APPLICANT, Sentence("Fin d’une convention", "End of an agreement")),
    _agreement("agreement_terminated", _A.APPLICANT,
               Sentence("Résiliation d’une convention", "Termination of an agreement"),
               "reason last_day", "never_began"),
    _agreement("agreement_amended", _A.APPLICANT,
               Sentence("Avenant à une convention", "Amendment of an agreement"),
               "reason version", "new_end year grants total_cents"),
    _agreement("agreement_year", _A.APPLICANT,
               Sentence("Montants d’une année confirmés", "Amounts of a year confirmed"), "year grants total_cents"),
    _agreement("approval_reminder", _A.APPLICANT,
               Sentence("Rappel de l’agrément de la CAF", "Reminder of the CAF approval"),
               "deadline", "late days_late"),
    _agreement("review_reminder", _A.INSTRUCTOR,
               Sentence("Revue annuelle d’une convention à tenir", "Yearly review of an agreement to hold"),
               "deadline", "late days_late"),
    _agreement("agreement_late", _A.STAFF,
               Sentence("Une étape d’une convention est passée", "A step of an agreement has passed"),
               "stage_label deadline", "late days_late"),
)  # fmt: skip

LETTERS: dict[str, LetterKind] = {kind.name: kind for kind in _KINDS}
