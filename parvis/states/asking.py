"""What each action asks of whoever does it: the fields of its form, the same for pages and API. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from parvis.states.asked import (
    DELAY_OF_CALL,
    KEPT,
    READ_BY_APPLICANT,
    READ_INSIDE,
    REASON_LABEL,
    TOLD,
    Asked,
    Field,
)
from parvis.states.portal_table import ABOUT_PORTALS
from parvis.states.report_asking import REPORT_ASKS
from parvis.states.stages import Action
from parvis.states.words import Sentence

__all__ = ["ASKS", "Asked", "Field"]


_NOTE = Asked(Field.REASON, Sentence("Commentaire", "Comment"), required=False, hint=READ_INSIDE)
_SITTING = Asked(
    Field.COMMITTEE,
    Sentence("Séance", "Session"),
    hint=Sentence("Celles dont l’ordre du jour est ouvert.", "Those whose agenda is open."),
    answers=("committee_covers", "agenda_open"),
)
_AMOUNTS = Asked(
    Field.AMOUNTS,
    Sentence("Montant par financeur", "Amount of each funder"),
    answers=("amount_granted", "within_request", "within_envelope"),
)
_PARTS = Asked(
    Field.PARTS,
    Sentence("Part de chaque organisme", "Part of each association"),
    required=False,
    hint=Sentence(
        "Vide : chacun reçoit en proportion de ce qui est demandé pour lui. Un montant écrit est gardé ; les autres se "
        "partagent le reste.",
        "Empty: each gets in proportion of what is asked for it. An amount written is kept; the others share what is "
        "left.",
    ),
    answers=("parts_add_up",),
)
_DOCUMENTS = Asked(Field.DOCUMENTS, Sentence("Pièces", "Documents"), answers=("document_named",))

_PARTNER = Asked(
    Field.PARTNER, Sentence("Partenaire", "Partner"), answers=("partner_known", "partner_awaited")
)

_AWAITED = replace(_PARTNER, answers=("partner_awaited",))

_PARTNER_EMAIL = Asked(
    Field.PARTNER_EMAIL,
    Sentence("Son adresse électronique", "Its e-mail address"),
    required=False,
    hint=Sentence(
        "Une adresse déjà connue de l’organisme passe avant.",
        "An address the organisation has comes first.",
    ),
)

ASKS: Mapping[Action, tuple[Asked, ...]] = {
    Action.SUBMIT: (),
    Action.REQUEST_DOCUMENTS: (
        _DOCUMENTS,
        Asked(
            Field.REPLY_BY,
            Sentence("Réponse au plus tard le", "Reply by"),
            required=False,
            hint=DELAY_OF_CALL,
            answers=("reply_date_ahead",),
        ),
    ),
    Action.COMPLETE: (),
    Action.LAPSE: (),
    Action.DECLARE_INELIGIBLE: (TOLD,),
    Action.INSTRUCT: (),
    Action.SCHEDULE: (_SITTING,),
    Action.UNSCHEDULE: (KEPT,),
    Action.DEFER: (TOLD,),
    Action.FUND: (
        _AMOUNTS,
        _PARTS,
        Asked(Field.CONDITIONS, Sentence("Conditions", "Conditions"), required=False, hint=READ_BY_APPLICANT),
    ),
    Action.REJECT: (TOLD,),
    Action.WITHDRAW: (_NOTE,),
    Action.EVALUATE: (
        Asked(
            Field.POINTS,
            Sentence("Points par critère", "Points by criterion"),
            answers=("evaluation_scored",),
            final=True,
        ),
        Asked(
            Field.REASON,
            Sentence("Conclusion", "Conclusion"),
            hint=READ_BY_APPLICANT,
            answers=("conclusion_given",),
        ),
    ),
    Action.RECLAIM: (TOLD,),
    Action.REOPEN: (TOLD,),
    Action.ASK_CONTACT: (
        Asked(
            Field.REASON,
            Sentence("Message à l’instructeur", "Message to the officer"),
            required=False,
            hint=Sentence(
                "L’action en deux mots, et quand vous joindre.",
                "The action in a few words, and when to reach you.",
            ),
        ),
    ),
    Action.RECORD_CONTACT: (
        Asked(
            Field.CONTACT_ON, Sentence("Jour de l’échange", "Day of the contact"), answers=("contact_dated",)
        ),
        Asked(
            Field.REASON,
            Sentence("Ce qui s’est dit, en bref", "What was said, in short"),
            hint=READ_BY_APPLICANT,
            answers=("reason_given",),
        ),
    ),
    Action.ADD_PARTNER: (
        Asked(Field.PARTNER_SIRET, Sentence("Son SIRET", "Its SIRET"), answers=("partner_new",)),
        Asked(Field.PARTNER_NAME, Sentence("Son nom", "Its name")),
        replace(_PARTNER_EMAIL, required=False),
        Asked(
            Field.AMOUNTS,
            Sentence("Sa part, par financeur", "Its share, by funder"),
            hint=Sentence(
                "Prise sur ce qui est demandé pour le porteur.", "Taken from what is asked for the lead."
            ),
            answers=("share_fits",),
        ),
    ),
    Action.INVITE_PARTNER: (
        _PARTNER,
        _PARTNER_EMAIL,
    ),
    Action.CONFIRM_PARTNER: (
        _AWAITED,
        Asked(
            Field.SIGNER,
            Sentence("Signé par", "Signed by"),
            hint=Sentence("D’après le document signé reçu.", "From the signed document received."),
            answers=("signer_named",),
        ),
        Asked(
            Field.SIGNER_QUALITY,
            Sentence("En qualité de", "As"),
            hint=Sentence("Présidente, trésorier, directeur…", "President, treasurer, director…"),
            answers=("signer_named",),
        ),
    ),
    Action.DECLINE_PARTNER: (_AWAITED, TOLD),
    Action.WITHDRAW_PARTNER: (replace(_PARTNER, answers=("partner_known",)), TOLD),
    Action.WRITE_CLAUSE: (
        Asked(
            Field.REASON,
            Sentence("La clause de la convention", "The clause of the agreement"),
            hint=Sentence(
                "Telle que la convention l’écrit : qui reçoit, combien, pour quoi.",
                "As the agreement words it: who receives, how much, what for.",
            ),
            answers=("reason_given",),
        ),
    ),
    Action.ASSIGN: (
        Asked(Field.INSTRUCTOR, Sentence("Instructeur", "Instructor"), answers=("officer_named",)),
    ),
    Action.RECEIVE_DOCUMENTS: (_DOCUMENTS,),
    Action.EXTEND_REPLY: (
        Asked(
            Field.REPLY_BY,
            Sentence("Nouvelle date de réponse", "New reply date"),
            answers=("later_reply_date",),
        ),
    ),
    Action.CHECK_ELIGIBILITY: (),
    Action.ASSESS: (
        Asked(Field.POINTS, Sentence("Points par critère", "Points by criterion"), answers=("score_given",)),
    ),
    Action.ASK_OPINIONS: (
        Asked(
            Field.FUNDERS,
            Sentence("Financeurs à consulter", "Funders to ask"),
            answers=("funders_to_ask",),
        ),
        Asked(
            Field.DUE_ON,
            Sentence("Avis au plus tard le", "Opinions by"),
            required=False,
            hint=DELAY_OF_CALL,
        ),
    ),
    Action.GIVE_OPINION: (
        Asked(Field.OPINION, Sentence("Avis", "Opinion"), answers=("opinion_given",)),
        Asked(Field.PROPOSED, Sentence("Montant proposé (€)", "Amount proposed (€)"), required=False),
        Asked(Field.REASON, Sentence("Commentaire", "Comment"), required=False),
    ),
    Action.RECORD_SILENCE: (),
    Action.CARRY: (replace(_SITTING, answers=(*_SITTING.answers, "other_session")), KEPT),
    Action.RECOMMEND: (
        Asked(
            Field.OPINION, Sentence("Avis du comité", "Advice of the committee"), answers=("advice_given",)
        ),
        Asked(
            Field.AMOUNTS,
            Sentence("Montant par financeur", "Amount of each funder"),
            required=False,
            answers=("within_request", "within_envelope"),
        ),
        Asked(Field.REASON, REASON_LABEL, required=False),
    ),
    Action.RECOMMEND_AMOUNTS: (
        replace(_AMOUNTS, answers=("amount_recommended", "within_request", "within_envelope")),
        Asked(
            Field.REASON,
            Sentence("Ce qui justifie ces montants", "What justifies these amounts"),
            hint=Sentence(
                "Gardé au journal du dossier et de l’enveloppe ; les montants sont réservés jusqu’à la décision.",
                "Kept in the journals of the case and of the envelope; the amounts are reserved until the decision.",
            ),
            answers=("reason_given",),
        ),
    ),
    **REPORT_ASKS,
    Action.GRANT_NEW_DATES: (),
    Action.REFUSE_NEW_DATES: (TOLD,),
    Action.RECORD_PAYMENT: (
        Asked(
            Field.INSTALMENT,
            Sentence("Versement", "Instalment"),
            required=False,
            answers=("payment_due",),
            hint=Sentence("Vide : tout ce qui est à verser.", "Empty: all that is due."),
        ),
        Asked(
            Field.REASON,
            Sentence("Référence du mandat", "Reference of the payment"),
            required=False,
            hint=READ_INSIDE,
        ),
    ),
    Action.RENEW: (),
    Action.TAKE_OFF_FILE: (),  # done on the file itself: services/taking_off.py
    Action.RECORD_SIGNATURE: (),  # done on the document itself: services/signatures.py
    **dict.fromkeys(ABOUT_PORTALS, ()),  # done where what differs is known: services/portals
}
"""By action, in the order of the form."""
