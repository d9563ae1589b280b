"""The closed sets of an agreement's life: stages, actions, results of a review, with the words people read for them."""

from enum import StrEnum

from parvis.states.words import Sentence


class AgreementStage(StrEnum):
    """Where an agreement stands. Renewed, it runs to its end: the one that follows is there already."""

    DRAFT = "draft"
    ACTIVE = "active"
    IN_RENEWAL = "in_renewal"
    RENEWED = "renewed"
    ENDED = "ended"
    TERMINATED = "terminated"


class AgreementAction(StrEnum):
    """What someone does to an agreement: the first part moves it, the second records a fact where it stands."""

    ACTIVATE = "activate"
    OPEN_RENEWAL = "open_renewal"
    RENEW = "renew"
    END = "end"
    TERMINATE = "terminate"

    SIGN = "sign"
    CONFIRM_YEAR = "confirm_year"
    REVIEW_YEAR = "review_year"
    RECORD_APPROVAL = "record_approval"
    AMEND = "amend"
    RECEIVE_EVALUATION = "receive_evaluation"
    WRITE_REQUEST = "write_request"
    FILE_DOCUMENT = "file_document"
    RECORD_PAYMENT = "record_payment"


class Review(StrEnum):
    """What a yearly review says."""

    ON_COURSE = "on_course"
    TO_ADJUST = "to_adjust"
    NOT_ON_COURSE = "not_on_course"


STAGE_WORDS: dict[str, Sentence] = {
    AgreementStage.DRAFT: Sentence("à signer", "to sign"),
    AgreementStage.ACTIVE: Sentence("en vigueur", "active"),
    AgreementStage.IN_RENEWAL: Sentence("en renouvellement", "in renewal"),
    AgreementStage.RENEWED: Sentence("renouvelée", "renewed"),
    AgreementStage.ENDED: Sentence("terminée", "ended"),
    AgreementStage.TERMINATED: Sentence("résiliée", "terminated"),
}

ACTION_WORDS: dict[str, Sentence] = {
    AgreementAction.ACTIVATE: Sentence("faire entrer en vigueur", "bring into force"),
    AgreementAction.OPEN_RENEWAL: Sentence("ouvrir le renouvellement", "open the renewal"),
    AgreementAction.RENEW: Sentence("constater le renouvellement", "renew"),
    AgreementAction.END: Sentence("constater la fin", "end"),
    AgreementAction.TERMINATE: Sentence("résilier", "terminate"),
    AgreementAction.SIGN: Sentence("enregistrer la signature", "record the signature"),
    AgreementAction.CONFIRM_YEAR: Sentence("confirmer une année", "confirm a year"),
    AgreementAction.REVIEW_YEAR: Sentence("faire la revue d’une année", "review a year"),
    AgreementAction.RECORD_APPROVAL: Sentence("noter l’agrément", "record the approval"),
    AgreementAction.AMEND: Sentence("passer un avenant", "amend"),
    AgreementAction.RECEIVE_EVALUATION: Sentence("recevoir l’auto-évaluation", "receive the self-evaluation"),
    AgreementAction.WRITE_REQUEST: Sentence(
        "écrire la demande de renouvellement", "write the renewal request"
    ),
    AgreementAction.FILE_DOCUMENT: Sentence("verser un document", "file a document"),
    AgreementAction.RECORD_PAYMENT: Sentence("enregistrer un versement", "record a payment"),
}

REVIEW_WORDS: dict[str, Sentence] = {
    Review.ON_COURSE: Sentence("conforme à ce qui était prévu", "as planned"),
    Review.TO_ADJUST: Sentence("à ajuster", "to adjust"),
    Review.NOT_ON_COURSE: Sentence("engagements non tenus", "commitments not kept"),
}
