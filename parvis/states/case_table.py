"""The table of moves of a case, read top to bottom like a rulebook. What is not here is refused."""

from parvis.states import committee_guards as c
from parvis.states import deposit_guards as d
from parvis.states import guards as g
from parvis.states import interim_guards as i
from parvis.states import partner_guards as p
from parvis.states import renewal_guards as n
from parvis.states import report_guards as r
from parvis.states.facts import Facts
from parvis.states.partner_table import PARTNER_MOVES
from parvis.states.portal_table import PORTAL_MOVES
from parvis.states.stages import ACTION_WORDS, STAGE_WORDS, Action
from parvis.states.stages import Action as A
from parvis.states.stages import Role as R
from parvis.states.stages import Stage as S
from parvis.states.table import Care, Clock, Letter, Move, Table
from parvis.states.words import Sentence

TO_APPLICANT = "applicant"
TO_INSTRUCTOR = "instructor"
TO_MANAGER = "manager"
TO_FUNDERS = "funders"  # one letter to each funder whose opinion is asked
TO_PARTNERS = "partners"  # one letter to each partner who takes part and was written to

NOT_DECIDED = (S.DRAFT, S.SUBMITTED, S.INCOMPLETE, S.INSTRUCTED, S.COMMITTEE)

_PARTNERS_TOLD = Letter("partner_told", TO_PARTNERS)

MOVES: tuple[Move[Facts], ...] = (
    Move(
        A.SUBMIT, (S.DRAFT,), S.SUBMITTED, (R.APPLICANT,),
        only_if=(g.CALL_OPEN, d.WAVE_OPEN, g.IDENTIFIED, d.OFFICER_CONTACTED, r.REPORTS_IN),
        letters=(Letter("acknowledge", TO_APPLICANT),), clock=Clock.START,
    ),
    Move(  # deposited elsewhere: what is late is for its instructor to see, and no reason to lose a deposit
        A.SUBMIT, (S.DRAFT,), S.SUBMITTED, (R.IMPORTER,),
        only_if=(g.CALL_OPEN, d.WAVE_OPEN, g.IDENTIFIED, d.OFFICER_CONTACTED),
        letters=(Letter("acknowledge", TO_APPLICANT),), clock=Clock.START,
    ),
    Move(
        A.REQUEST_DOCUMENTS, (S.SUBMITTED,), S.INCOMPLETE, (R.INSTRUCTOR,),
        only_if=(g.DOCUMENT_NAMED, g.REPLY_DATE_AHEAD),
        letters=(Letter("documents_requested", TO_APPLICANT),), clock=Clock.PAUSE,
    ),
    Move(
        A.COMPLETE, (S.INCOMPLETE,), S.SUBMITTED, (R.APPLICANT, R.INSTRUCTOR, R.CLOCK),
        only_if=(g.REQUESTED_RECEIVED,), clock=Clock.RESUME,
        then=Sentence("l’échéancier le fait à la date de réponse", "the clock does so on the reply date"),
    ),
    Move(
        A.LAPSE, (S.INCOMPLETE,), S.LAPSED, (R.CLOCK,),
        only_if=(g.REPLY_DATE_PASSED, g.STILL_AWAITED),
        letters=(Letter("lapsed", TO_APPLICANT), _PARTNERS_TOLD), clock=Clock.STOP,
    ),
    Move(
        A.DECLARE_INELIGIBLE, (S.SUBMITTED,), S.INELIGIBLE, (R.INSTRUCTOR,),
        only_if=(g.REASON_GIVEN,),
        letters=(Letter("ineligible", TO_APPLICANT), _PARTNERS_TOLD), clock=Clock.STOP,
    ),
    Move(
        A.INSTRUCT, (S.SUBMITTED,), S.INSTRUCTED, (R.INSTRUCTOR,),
        only_if=(g.COMPLETE, p.PARTNERS_CONFIRMED, g.ELIGIBILITY_CHECKED, g.ASSESSED, g.OPINIONS_IN),
    ),
    Move(
        A.SCHEDULE, (S.INSTRUCTED,), S.COMMITTEE, (R.INSTRUCTOR, R.SECRETARY, R.CLOCK),
        only_if=(c.COMMITTEE_COVERS, c.AGENDA_OPEN),
    ),
    Move(
        A.UNSCHEDULE, (S.COMMITTEE,), S.INSTRUCTED, (R.INSTRUCTOR, R.SECRETARY),
        only_if=(g.REASON_GIVEN, c.NOT_HELD),
        then=Sentence("quitte l’ordre du jour, sans lettre", "leaves the agenda, without a letter"),
    ),
    Move(
        A.DEFER, (S.COMMITTEE,), S.INSTRUCTED, (R.SECRETARY,),
        only_if=(g.REASON_GIVEN,),
        letters=(Letter("deferred", TO_APPLICANT), _PARTNERS_TOLD),
    ),
    Move(
        A.FUND, (S.COMMITTEE,), S.FUNDED, (R.SECRETARY,),
        only_if=(
            c.ON_AGENDA, c.COMMITTEE_DECIDES, c.SESSION_HELD, c.QUORATE, c.RECUSALS_RECORDED,
            g.AMOUNT_GRANTED, g.WITHIN_REQUEST, g.WITHIN_ENVELOPE, c.NO_OVERLAP, p.CLAUSE_WRITTEN, p.PARTS_ADD_UP,
        ),
        letters=(Letter("granted", TO_APPLICANT),), clock=Clock.STOP,
        then=Sentence("engagement sur l’enveloppe ; date du bilan ; convention",
                      "envelope committed; report date set; agreement"),
    ),
    Move(
        A.REJECT, (S.COMMITTEE,), S.REJECTED, (R.SECRETARY,),
        only_if=(c.ON_AGENDA, c.COMMITTEE_DECIDES, c.SESSION_HELD, c.QUORATE, g.REASON_GIVEN),
        letters=(Letter("rejected", TO_APPLICANT), _PARTNERS_TOLD), clock=Clock.STOP,
    ),
    Move(
        A.WITHDRAW, NOT_DECIDED, S.WITHDRAWN, (R.APPLICANT, R.INSTRUCTOR),
        letters=(Letter("withdrawn", TO_APPLICANT), _PARTNERS_TOLD), clock=Clock.STOP,
        then=Sentence("quitte l’ordre du jour", "leaves the agenda"),
    ),
    Move(
        A.EVALUATE, (S.FUNDED,), S.EVALUATED, (R.INSTRUCTOR,),
        only_if=(g.REPORT_ACCEPTED, g.BALANCE_SETTLED, r.EVALUATION_SCORED, r.CONCLUSION_GIVEN),
        letters=(Letter("closed", TO_APPLICANT),),
    ),
    Move(
        A.RECLAIM, (S.FUNDED,), S.RECLAIMED, (R.FINANCE,),
        only_if=(g.NOTICE_EXPIRED_OR_NOT_DONE, g.REASON_GIVEN),
        letters=(Letter("reclaimed", TO_APPLICANT),),
        then=Sentence("titre de recette ; enveloppe libérée", "recovery order; envelope released"),
    ),
    Move(
        A.REOPEN, (S.INELIGIBLE, S.LAPSED), S.SUBMITTED, (R.MANAGER,),
        only_if=(g.REASON_GIVEN, g.NOT_ANONYMISED),
        letters=(Letter("reopened", TO_APPLICANT), _PARTNERS_TOLD), clock=Clock.START,
    ),
    Move(
        A.REOPEN, (S.REJECTED,), S.INSTRUCTED, (R.MANAGER,),
        only_if=(g.REASON_GIVEN, g.NOT_ANONYMISED),
        letters=(Letter("reopened", TO_APPLICANT), _PARTNERS_TOLD), clock=Clock.START,
    ),
)  # fmt: skip

RECORDS: tuple[Move[Facts], ...] = (
    Move(A.ASK_CONTACT, (S.DRAFT,), None, (R.APPLICANT,), only_if=(d.CONTACT_EXPECTED, d.NOT_ASKED_LATELY),
         letters=(Letter("contact_requested", TO_INSTRUCTOR),),
         then=Sentence("une tâche pour l’instructeur", "a task for the officer")),
    Move(A.RECORD_CONTACT, (S.DRAFT,), None, (R.INSTRUCTOR, R.MANAGER), only_if=(d.CONTACT_DATED, g.REASON_GIVEN),
         letters=(Letter("contact_recorded", TO_APPLICANT),),
         then=Sentence("le dépôt s’ouvre", "submission opens")),
    Move(A.ASSIGN, (*NOT_DECIDED, S.FUNDED), None, (R.INSTRUCTOR, R.MANAGER, R.IMPORTER), only_if=(g.OFFICER_NAMED,)),
    Move(A.RECEIVE_DOCUMENTS, (S.DRAFT, S.SUBMITTED, S.INCOMPLETE), None, (R.APPLICANT, R.INSTRUCTOR, R.IMPORTER),
         only_if=(g.DOCUMENT_NAMED,)),
    Move(A.EXTEND_REPLY, (S.INCOMPLETE,), None, (R.INSTRUCTOR,), only_if=(g.LATER_REPLY_DATE,)),
    Move(A.CHECK_ELIGIBILITY, (S.SUBMITTED,), None, (R.INSTRUCTOR,)),
    Move(A.ASSESS, (S.SUBMITTED, S.INSTRUCTED), None, (R.INSTRUCTOR,), only_if=(g.SCORED,)),
    Move(A.ASK_OPINIONS, (S.SUBMITTED,), None, (R.INSTRUCTOR,), only_if=(g.FUNDERS_TO_ASK,),
         letters=(Letter("opinion_requested", TO_FUNDERS),)),
    Move(A.GIVE_OPINION, (S.SUBMITTED, S.INCOMPLETE), None, (R.FUNDER,), only_if=(g.OPINION_ASKED, g.OPINION_GIVEN)),
    Move(A.RECORD_SILENCE, (S.SUBMITTED, S.INSTRUCTED, S.COMMITTEE), None, (R.CLOCK,),
         only_if=(g.CLOCK_DUE,),
         letters=(Letter("statutory_silence", TO_INSTRUCTOR), Letter("statutory_silence", TO_MANAGER))),
    Move(A.CARRY, (S.COMMITTEE,), None, (R.SECRETARY, R.CLOCK),
         only_if=(g.REASON_GIVEN, c.OTHER_SITTING, c.COMMITTEE_COVERS, c.AGENDA_OPEN),
         then=Sentence("passe à l’ordre du jour d’une autre séance", "goes on the agenda of another session")),
    Move(A.RECOMMEND, (S.COMMITTEE,), None, (R.SECRETARY,),
         only_if=(c.COMMITTEE_ADVISES, c.SESSION_HELD, c.QUORATE, c.RECUSALS_RECORDED, c.ADVICE_GIVEN,
                  g.WITHIN_REQUEST, g.WITHIN_ENVELOPE),
         then=Sentence(
             "montants réservés ; passe à l’ordre du jour du prochain comité de pilotage qui couvre ses quartiers",
             "amounts reserved; goes on the agenda of the next steering committee that covers its neighbourhoods")),
    Move(A.RECOMMEND_AMOUNTS, (S.COMMITTEE,), None, (R.INSTRUCTOR, R.SECRETARY, R.MANAGER),
         only_if=(c.SESSION_TO_BEGIN, c.AMOUNT_RECOMMENDED, g.WITHIN_REQUEST, g.WITHIN_ENVELOPE, g.REASON_GIVEN),
         then=Sentence("montants réservés, et proposés à la séance",
                       "amounts reserved, and proposed to the session")),
    Move(A.ASK_INTERIM, (S.FUNDED,), None, (R.INSTRUCTOR, R.MANAGER),
         only_if=(i.NONE_AWAITED, r.REPORT_OPEN, i.INTERIM_DATE_AHEAD),
         letters=(Letter("interim_asked", TO_APPLICANT),)),
    Move(A.RECEIVE_INTERIM, (S.FUNDED,), None, (R.APPLICANT, R.INSTRUCTOR), only_if=(i.INTERIM_AWAITED,),
         letters=(Letter("interim_received", TO_APPLICANT),)),
    Move(A.CORRECT_INTERIM, (S.FUNDED,), None, (R.INSTRUCTOR,),
         only_if=(i.INTERIM_RECEIVED, g.REASON_GIVEN, r.CORRECTIONS_DATE_AHEAD),
         letters=(Letter("interim_corrections", TO_APPLICANT),),
         then=Sentence("le bilan intermédiaire revient au porteur", "the interim report goes back to the applicant")),
    Move(A.ACCEPT_INTERIM, (S.FUNDED,), None, (R.INSTRUCTOR,), only_if=(i.INTERIM_RECEIVED,),
         letters=(Letter("interim_accepted", TO_APPLICANT),),
         then=Sentence("les versements qui l’attendent sont à faire", "the instalments that wait for it are due")),
    Move(A.WAIVE_INTERIM, (S.FUNDED,), None, (R.INSTRUCTOR, R.MANAGER), only_if=(i.INTERIM_AWAITED, g.REASON_GIVEN),
         then=Sentence("ce qui l’attendait se verse avec le solde", "what waited for it is paid with the balance")),
    Move(A.RECEIVE_REPORT, (S.FUNDED,), None, (R.APPLICANT, R.INSTRUCTOR), only_if=(r.REPORT_OPEN,),
         letters=(Letter("report_received", TO_APPLICANT),)),
    Move(A.ASK_CORRECTIONS, (S.FUNDED,), None, (R.INSTRUCTOR,),
         only_if=(g.REPORT_RECEIVED, r.REPORT_OPEN, g.REASON_GIVEN, r.CORRECTIONS_DATE_AHEAD),
         letters=(Letter("report_corrections", TO_APPLICANT),),
         then=Sentence("le bilan revient au porteur", "the report goes back to the applicant")),
    Move(A.ACCEPT_REPORT, (S.FUNDED,), None, (R.INSTRUCTOR,), only_if=(g.REPORT_RECEIVED, r.REPORT_OPEN),
         letters=(Letter("report_accepted", TO_APPLICANT),),
         then=Sentence("solde calculé sur les dépenses, puis à verser", "balance worked out from the costs, then due")),
    Move(A.RECORD_PAYMENT, (S.FUNDED, S.RECLAIMED), None, (R.FINANCE,), only_if=(r.PAYMENT_DUE,),
         then=Sentence("soldé quand il ne reste rien à verser", "settled once nothing is left to pay")),
    Move(A.SETTLE_BALANCE, (S.FUNDED,), None, (R.FINANCE,), only_if=(g.REPORT_ACCEPTED,),
         then=Sentence("tout ce qui reste est versé ou recouvré", "all that is left is paid or recovered")),
    Move(A.ASK_NEW_DATES, (S.FUNDED,), None, (R.APPLICANT, R.INSTRUCTOR),
         only_if=(r.REPORT_OPEN, r.LATER_END, g.REASON_GIVEN)),
    Move(A.GRANT_NEW_DATES, (S.FUNDED,), None, (R.INSTRUCTOR,), only_if=(r.NEW_DATES_ASKED,),
         letters=(Letter("new_dates_granted", TO_APPLICANT),),
         then=Sentence("nouvelle date du bilan", "new date of the report")),
    Move(A.REFUSE_NEW_DATES, (S.FUNDED,), None, (R.INSTRUCTOR,), only_if=(r.NEW_DATES_ASKED, g.REASON_GIVEN),
         letters=(Letter("new_dates_refused", TO_APPLICANT),)),
    Move(A.ATTEST_NOT_CARRIED_OUT, (S.FUNDED,), None, (R.APPLICANT,), only_if=(r.REPORT_OPEN, g.REASON_GIVEN),
         letters=(Letter("not_carried_out_noted", TO_APPLICANT),),
         then=Sentence("ce qui n’est pas versé est annulé", "what is not paid is cancelled")),
    Move(A.GIVE_NOTICE, (S.FUNDED,), None, (R.FINANCE,), only_if=(g.REASON_GIVEN, g.NOTICE_DATE_AHEAD),
         letters=(Letter("formal_notice", TO_APPLICANT),)),
    Move(A.RECORD_SIGNATURE, (S.INSTRUCTED, S.COMMITTEE, S.FUNDED, S.REJECTED), None, (R.SECRETARY, R.MANAGER),
         only_if=(g.DOCUMENT_TO_SIGN, g.SIGNED_BY_NOW)),
    Move(A.TAKE_OFF_FILE, tuple(stage for stage in S if stage != S.DRAFT), None, (R.INSTRUCTOR, R.MANAGER),
         only_if=(g.FILE_NAMED, g.REASON_GIVEN),
         then=Sentence("sa pièce est de nouveau attendue ; le fichier reste au coffre, hors du dossier",
                       "its document is awaited again; the file is kept, off the case")),
    Move(A.RENEW, (S.FUNDED, S.EVALUATED), None, (R.INSTRUCTOR, R.MANAGER), only_if=n.MAY_BE_RENEWED,
         letters=(Letter("action_renewed", TO_APPLICANT),),
         then=Sentence("un brouillon pour l’appel suivant reprend ce qui est connu",
                       "a draft for the next call takes up what is known")),
    Move(A.RENEW, (S.FUNDED, S.EVALUATED), None, (R.APPLICANT,), only_if=n.MAY_BE_RENEWED,
         then=Sentence("un brouillon pour l’appel suivant reprend ce qui est connu",
                       "a draft for the next call takes up what is known")),
    Move(A.RECORD_NOT_CARRIED_OUT, (S.FUNDED,), None, (R.INSTRUCTOR, R.FINANCE),
         only_if=(r.REPORT_NOT_ACCEPTED, g.REASON_GIVEN)),
)  # fmt: skip

CARE: dict[str, Care] = {
    S.DRAFT: Care(R.APPLICANT, Sentence("date de clôture de la vague", "closing date of the wave")),
    S.SUBMITTED: Care(R.INSTRUCTOR,
                      Sentence("délai de vérification, puis d’instruction", "delay to check, then to instruct")),
    S.INCOMPLETE: Care(R.APPLICANT, Sentence("date de réponse, puis caducité", "reply date, then lapse")),
    S.INSTRUCTED: Care(R.INSTRUCTOR, Sentence("délai d’inscription à un comité", "delay to reach a committee")),
    S.COMMITTEE: Care(R.SECRETARY, Sentence("délai de décision après la séance", "delay to decide after the session")),
    S.FUNDED: Care(R.INSTRUCTOR,
                   Sentence("date du bilan, puis délai d’évaluation", "report date, then delay to evaluate")),
}  # fmt: skip

CASES = Table[Facts](
    name="case",
    title=Sentence("Dossier", "Case"),
    initial=S.DRAFT,
    stages=S,
    actions=A,
    words={**STAGE_WORDS, **ACTION_WORDS},
    moves=MOVES + RECORDS + PARTNER_MOVES + PORTAL_MOVES,
    care=CARE,
)

# what the clock does when its move is refused: where everything has arrived, the reply date completes the case
INSTEAD: dict[str, Action] = {A.LAPSE: A.COMPLETE}

CLOCK_RUNS = frozenset({S.SUBMITTED, S.INSTRUCTED, S.COMMITTEE})

NOT_UNDER_WAY = frozenset({S.DRAFT, *CASES.finals})
