"""The closed sets of a case's life: stages, actions and roles, with the words people read for them."""

from enum import StrEnum

from parvis.states.words import Sentence


class Stage(StrEnum):
    """Where a case stands. The spine is submitted → instructed → committee → funded → evaluated."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INCOMPLETE = "incomplete"
    INSTRUCTED = "instructed"
    COMMITTEE = "committee"
    FUNDED = "funded"
    EVALUATED = "evaluated"
    INELIGIBLE = "ineligible"
    LAPSED = "lapsed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RECLAIMED = "reclaimed"


class Action(StrEnum):
    """What someone does to a case: the first part moves it, the second records a fact where it stands."""

    SUBMIT = "submit"
    REQUEST_DOCUMENTS = "request_documents"
    COMPLETE = "complete"
    LAPSE = "lapse"
    DECLARE_INELIGIBLE = "declare_ineligible"
    INSTRUCT = "instruct"
    SCHEDULE = "schedule"
    DEFER = "defer"
    FUND = "fund"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    EVALUATE = "evaluate"
    RECLAIM = "reclaim"
    REOPEN = "reopen"
    UNSCHEDULE = "unschedule"

    ASK_CONTACT = "ask_contact"
    RECORD_CONTACT = "record_contact"
    ADD_PARTNER = "add_partner"
    INVITE_PARTNER = "invite_partner"
    CONFIRM_PARTNER = "confirm_partner"
    DECLINE_PARTNER = "decline_partner"
    WITHDRAW_PARTNER = "withdraw_partner"
    WRITE_CLAUSE = "write_clause"
    ASSIGN = "assign"
    RECEIVE_DOCUMENTS = "receive_documents"
    EXTEND_REPLY = "extend_reply"
    CHECK_ELIGIBILITY = "check_eligibility"
    ASSESS = "assess"
    ASK_OPINIONS = "ask_opinions"
    GIVE_OPINION = "give_opinion"
    RECORD_SILENCE = "record_silence"
    CARRY = "carry"
    RECOMMEND = "recommend"
    RECOMMEND_AMOUNTS = "recommend_amounts"
    RECEIVE_REPORT = "receive_report"
    ACCEPT_REPORT = "accept_report"
    SETTLE_BALANCE = "settle_balance"
    GIVE_NOTICE = "give_notice"
    RECORD_NOT_CARRIED_OUT = "record_not_carried_out"
    ATTEST_NOT_CARRIED_OUT = "attest_not_carried_out"
    ASK_CORRECTIONS = "ask_corrections"
    ASK_NEW_DATES = "ask_new_dates"
    GRANT_NEW_DATES = "grant_new_dates"
    REFUSE_NEW_DATES = "refuse_new_dates"
    ASK_INTERIM = "ask_interim"
    RECEIVE_INTERIM = "receive_interim"
    CORRECT_INTERIM = "correct_interim"
    ACCEPT_INTERIM = "accept_interim"
    WAIVE_INTERIM = "waive_interim"
    RECORD_PAYMENT = "record_payment"
    RECORD_SIGNATURE = "record_signature"
    TAKE_OFF_FILE = "take_off_file"
    RENEW = "renew"
    UPDATE_FROM_PORTAL = "update_from_portal"
    TAKE_FROM_PORTAL = "take_from_portal"
    KEEP_AGAINST_PORTAL = "keep_against_portal"


class Role(StrEnum):
    """Who acts. `clock`, `importer` and `dispatcher` are the machine's own hands."""

    APPLICANT = "applicant"
    INSTRUCTOR = "instructor"
    FUNDER = "funder"
    MEMBER = "member"
    SECRETARY = "secretary"
    MANAGER = "manager"
    FINANCE = "finance"
    ADMINISTRATOR = "administrator"
    IMPORTER = "importer"
    CLOCK = "clock"
    DISPATCHER = "dispatcher"


class Opinion(StrEnum):
    """A funder's opinion on a case."""

    FAVOURABLE = "favourable"
    RESERVED = "reserved"
    UNFAVOURABLE = "unfavourable"


class CommitteeKind(StrEnum):
    """A technical committee recommends, a steering committee decides, unless a call says otherwise."""

    TECHNICAL = "technical"
    STEERING = "steering"


KIND_WORDS: dict[str, Sentence] = {
    CommitteeKind.TECHNICAL: Sentence("comité technique", "technical committee"),
    CommitteeKind.STEERING: Sentence("comité de pilotage", "steering committee"),
}


class Nature(StrEnum):
    """A new action, or the renewal of last year's."""

    NEW = "new"
    RENEWAL = "renewal"


STAGE_WORDS: dict[str, Sentence] = {
    Stage.DRAFT: Sentence("brouillon", "draft"),
    Stage.SUBMITTED: Sentence("déposé", "submitted"),
    Stage.INCOMPLETE: Sentence("incomplet", "incomplete"),
    Stage.INSTRUCTED: Sentence("instruit", "instructed"),
    Stage.COMMITTEE: Sentence("en comité", "in committee"),
    Stage.FUNDED: Sentence("financé", "funded"),
    Stage.EVALUATED: Sentence("évalué", "evaluated"),
    Stage.INELIGIBLE: Sentence("irrecevable", "ineligible"),
    Stage.LAPSED: Sentence("caduc", "lapsed"),
    Stage.REJECTED: Sentence("rejeté", "rejected"),
    Stage.WITHDRAWN: Sentence("retiré", "withdrawn"),
    Stage.RECLAIMED: Sentence("à reverser", "reclaimed"),
}

ACTION_WORDS: dict[str, Sentence] = {
    Action.SUBMIT: Sentence("déposer", "submit"),
    Action.REQUEST_DOCUMENTS: Sentence("demander des pièces", "request documents"),
    Action.COMPLETE: Sentence("déclarer complet", "declare complete"),
    Action.LAPSE: Sentence("constater la caducité", "lapse"),
    Action.DECLARE_INELIGIBLE: Sentence("déclarer irrecevable", "declare ineligible"),
    Action.INSTRUCT: Sentence("clore l’instruction", "instruct"),
    Action.SCHEDULE: Sentence("inscrire à l’ordre du jour", "schedule"),
    Action.DEFER: Sentence("ajourner", "defer"),
    Action.FUND: Sentence("financer", "fund"),
    Action.REJECT: Sentence("rejeter", "reject"),
    Action.WITHDRAW: Sentence("retirer", "withdraw"),
    Action.EVALUATE: Sentence("clore l’évaluation", "evaluate"),
    Action.RECLAIM: Sentence("demander le reversement", "reclaim"),
    Action.REOPEN: Sentence("rouvrir", "reopen"),
    Action.UNSCHEDULE: Sentence("retirer de l’ordre du jour", "take off the agenda"),
    Action.ASK_CONTACT: Sentence("demander un échange", "ask for a contact"),
    Action.RECORD_CONTACT: Sentence("noter l’échange préalable", "record the first contact"),
    Action.ADD_PARTNER: Sentence("ajouter un partenaire", "add a partner"),
    Action.INVITE_PARTNER: Sentence("inviter un partenaire", "invite a partner"),
    Action.CONFIRM_PARTNER: Sentence("confirmer la part d’un partenaire", "confirm a partner’s part"),
    Action.DECLINE_PARTNER: Sentence("décliner la participation", "decline to take part"),
    Action.WITHDRAW_PARTNER: Sentence("retirer un partenaire", "withdraw a partner"),
    Action.WRITE_CLAUSE: Sentence("écrire la clause de reversement", "write the sub-granting clause"),
    Action.ASSIGN: Sentence("confier à un instructeur", "assign"),
    Action.RECEIVE_DOCUMENTS: Sentence("recevoir des pièces", "receive documents"),
    Action.EXTEND_REPLY: Sentence("prolonger le délai de réponse", "extend the reply date"),
    Action.CHECK_ELIGIBILITY: Sentence("vérifier la recevabilité", "check eligibility"),
    Action.ASSESS: Sentence("remplir la grille", "assess"),
    Action.ASK_OPINIONS: Sentence("demander les avis", "ask opinions"),
    Action.GIVE_OPINION: Sentence("donner un avis", "give an opinion"),
    Action.RECORD_SILENCE: Sentence("constater le silence", "record silence"),
    Action.CARRY: Sentence("reporter à une autre séance", "carry to another session"),
    Action.RECOMMEND: Sentence("donner l’avis du comité", "give the committee’s advice"),
    Action.RECOMMEND_AMOUNTS: Sentence("recommander des montants", "recommend amounts"),
    Action.RECEIVE_REPORT: Sentence("recevoir le bilan", "receive the report"),
    Action.ACCEPT_REPORT: Sentence("accepter le bilan", "accept the report"),
    Action.SETTLE_BALANCE: Sentence("solder", "settle the balance"),
    Action.GIVE_NOTICE: Sentence("mettre en demeure", "give formal notice"),
    Action.RECORD_NOT_CARRIED_OUT: Sentence("constater la non-réalisation", "record non-realisation"),
    Action.ATTEST_NOT_CARRIED_OUT: Sentence("attester la non-réalisation", "attest non-realisation"),
    Action.ASK_CORRECTIONS: Sentence(
        "demander des corrections du bilan", "ask for corrections of the report"
    ),
    Action.ASK_NEW_DATES: Sentence("demander d’autres dates", "ask for other dates"),
    Action.GRANT_NEW_DATES: Sentence("accorder les nouvelles dates", "grant the new dates"),
    Action.REFUSE_NEW_DATES: Sentence("refuser les nouvelles dates", "refuse the new dates"),
    Action.ASK_INTERIM: Sentence("demander un bilan intermédiaire", "ask for an interim report"),
    Action.RECEIVE_INTERIM: Sentence("recevoir le bilan intermédiaire", "receive the interim report"),
    Action.CORRECT_INTERIM: Sentence(
        "demander des corrections du bilan intermédiaire", "ask for corrections of the interim report"
    ),
    Action.ACCEPT_INTERIM: Sentence("accepter le bilan intermédiaire", "accept the interim report"),
    Action.WAIVE_INTERIM: Sentence("dispenser du bilan intermédiaire", "waive the interim report"),
    Action.RECORD_PAYMENT: Sentence("enregistrer un versement", "record a payment"),
    Action.RECORD_SIGNATURE: Sentence("enregistrer une signature", "record a signature"),
    Action.TAKE_OFF_FILE: Sentence("retirer un fichier", "take a file off"),
    Action.RENEW: Sentence("reconduire l’action", "renew the action"),
    Action.UPDATE_FROM_PORTAL: Sentence("suivre le portail", "follow the portal"),
    Action.TAKE_FROM_PORTAL: Sentence("reprendre ce que dit le portail", "take what the portal says"),
    Action.KEEP_AGAINST_PORTAL: Sentence("garder ce que dit Parvis", "keep what Parvis says"),
}

ROLE_WORDS: dict[str, Sentence] = {
    Role.APPLICANT: Sentence("porteur de projet", "applicant"),
    Role.INSTRUCTOR: Sentence("instructeur", "instructor"),
    Role.FUNDER: Sentence("financeur", "funder"),
    Role.MEMBER: Sentence("membre de comité", "committee member"),
    Role.SECRETARY: Sentence("secrétaire du comité", "committee secretary"),
    Role.MANAGER: Sentence("responsable", "manager"),
    Role.FINANCE: Sentence("service financier", "finance"),
    Role.ADMINISTRATOR: Sentence("administrateur", "administrator"),
    Role.IMPORTER: Sentence("import", "importer"),
    Role.CLOCK: Sentence("échéancier", "clock"),
    Role.DISPATCHER: Sentence("expédition", "dispatcher"),
}

OPINION_WORDS: dict[str, Sentence] = {
    Opinion.FAVOURABLE: Sentence("favorable", "favourable"),
    Opinion.RESERVED: Sentence("réservé", "reserved"),
    Opinion.UNFAVOURABLE: Sentence("défavorable", "unfavourable"),
}

NATURE_WORDS: dict[str, Sentence] = {
    Nature.NEW: Sentence("nouvelle action", "new action"),
    Nature.RENEWAL: Sentence("reconduction", "renewal"),
}

NO_SITTING = Sentence("en attente d’une séance", "waiting for a session")
"""What a case recommended while no deciding sitting is planned shows in place of its committee."""
