"""The table of moves of an agreement of several years, read top to bottom like a rulebook."""

from parvis.states import agreement_guards as g
from parvis.states.agreement_facts import AgreementFacts
from parvis.states.agreement_stages import ACTION_WORDS, STAGE_WORDS, AgreementAction, AgreementStage
from parvis.states.case_table import TO_APPLICANT
from parvis.states.stages import Role as R
from parvis.states.table import Care, Letter, Move, Table
from parvis.states.words import Sentence

S, A = AgreementStage, AgreementAction
RUNNING = (S.ACTIVE, S.IN_RENEWAL)
BEGUN = (*RUNNING, S.RENEWED, S.ENDED)
OFFICERS = (R.INSTRUCTOR, R.MANAGER)
FILING = (R.SECRETARY, R.INSTRUCTOR, R.MANAGER)

MOVES: tuple[Move[AgreementFacts], ...] = (
    Move(A.ACTIVATE, (S.DRAFT,), S.ACTIVE, (R.IMPORTER,), only_if=(g.GRANTED,),
         then=Sentence("reprise telle quelle, sans lettre", "taken over as it stands, without a letter")),
    Move(A.ACTIVATE, (S.DRAFT,), S.ACTIVE, (R.SECRETARY, R.MANAGER, R.CLOCK),
         only_if=(g.GRANTED, g.IN_FORCE),
         letters=(Letter("agreement_active", TO_APPLICANT),),
         then=Sentence("année 1 ferme, suivantes indicatives", "year 1 firm, the next indicative")),
    Move(A.OPEN_RENEWAL, (S.ACTIVE,), S.IN_RENEWAL, OFFICERS, only_if=(g.NOT_OVER,),
         letters=(Letter("renewal_opened", TO_APPLICANT),),
         then=Sentence("l’auto-évaluation est demandée", "the self-evaluation is asked for")),
    Move(A.OPEN_RENEWAL, (S.ACTIVE,), S.IN_RENEWAL, (R.CLOCK,), only_if=(g.RENEWAL_TIME, g.NOT_OVER),
         letters=(Letter("renewal_opened", TO_APPLICANT),),
         then=Sentence("l’auto-évaluation est demandée", "the self-evaluation is asked for")),
    Move(A.RENEW, RUNNING, S.RENEWED, (R.SECRETARY, R.MANAGER, R.CLOCK), only_if=(g.FOLLOWED,),
         then=Sentence("elle court jusqu’à son dernier jour", "it runs to its last day")),
    Move(A.END, RUNNING, S.ENDED, (R.IMPORTER,), only_if=(g.OVER,),
         then=Sentence("reprise telle quelle, sans lettre", "taken over as it stands, without a letter")),
    Move(A.END, RUNNING, S.ENDED, (R.MANAGER, R.CLOCK), only_if=(g.OVER,),
         letters=(Letter("agreement_ended", TO_APPLICANT),)),
    Move(A.TERMINATE, (S.DRAFT, *RUNNING), S.TERMINATED, (R.MANAGER,), only_if=(g.REASON_GIVEN, g.ENDS_WITHIN),
         letters=(Letter("agreement_terminated", TO_APPLICANT),),
         then=Sentence("un projet abandonné n’a couru aucun jour", "one given up as a draft never ran a day")),
)  # fmt: skip

RECORDS: tuple[Move[AgreementFacts], ...] = (
    Move(A.SIGN, (S.DRAFT, *RUNNING), None, (R.SECRETARY, R.MANAGER), only_if=(g.SIGNED_BY_NOW,)),
    Move(A.CONFIRM_YEAR, RUNNING, None, (R.MANAGER, R.FINANCE), only_if=(g.YEAR_NAMED, g.YEAR_INDICATIVE),
         letters=(Letter("agreement_year", TO_APPLICANT),),
         then=Sentence("montants fermes ; ses versements sont dus quand elle commence, le reste après sa revue",
                       "firm amounts; its payments are due once it begins, the rest once it is reviewed")),
    Move(A.REVIEW_YEAR, BEGUN, None, OFFICERS, only_if=(g.YEAR_NAMED, g.YEAR_BEGUN, g.REVIEWED),
         then=Sentence("le reste de l’année est à verser, sauf engagements non tenus",
                       "the rest of the year is due, unless commitments are not kept")),
    Move(A.RECORD_PAYMENT, (*BEGUN, S.TERMINATED), None, (R.FINANCE,), only_if=(g.PAYMENT_DUE, g.PAID_BY_NOW),
         then=Sentence("le jour et la référence de la comptabilité sont gardés",
                       "the day and the reference of the accounts are kept")),
    Move(A.RECORD_APPROVAL, (S.DRAFT, *RUNNING), None, (*OFFICERS, R.IMPORTER), only_if=(g.APPROVAL_DATED,),
         then=Sentence("ses rappels sont reprogrammés", "its reminders are planned anew")),
    Move(A.AMEND, RUNNING, None, (R.SECRETARY, R.MANAGER),
         only_if=(g.REASON_GIVEN, g.CHANGES_SOMETHING, g.YEAR_KEPT, g.END_AHEAD, g.PAID_KEPT),
         letters=(Letter("agreement_amended", TO_APPLICANT),),
         then=Sentence("l’avenant prend le numéro suivant", "the amendment takes the next number")),
    Move(A.RECEIVE_EVALUATION, (S.IN_RENEWAL,), None, (R.APPLICANT, *OFFICERS)),
    Move(A.WRITE_REQUEST, (S.IN_RENEWAL,), None, OFFICERS,
         only_if=(g.NO_REQUEST, g.REPORTS_IN, g.CALL_TAKES),
         letters=(Letter("renewal_ready", TO_APPLICANT),),
         then=Sentence("un dossier en brouillon reprend ce qui est connu", "a draft case takes up what is known")),
    Move(A.WRITE_REQUEST, (S.IN_RENEWAL,), None, (R.CLOCK,),
         only_if=(g.NEVER_ASKED, g.REPORTS_IN, g.CALL_TAKES),
         letters=(Letter("renewal_ready", TO_APPLICANT),),
         then=Sentence("un dossier en brouillon reprend ce qui est connu", "a draft case takes up what is known")),
    Move(A.FILE_DOCUMENT, tuple(S), None, FILING,
         only_if=(g.DOCUMENT_BROUGHT, g.AMENDMENT_MADE, g.SIGNED_IF_SAID),
         then=Sentence("une version de plus ; les précédentes restent", "one more version; those before stay")),
)  # fmt: skip

CARE: dict[str, Care] = {
    S.DRAFT: Care(R.SECRETARY, Sentence("date de début", "start date")),
    S.ACTIVE: Care(R.INSTRUCTOR, Sentence("première étape du renouvellement", "first step of the renewal")),
    S.IN_RENEWAL: Care(R.INSTRUCTOR,
                       Sentence("étapes du renouvellement, puis fin", "steps of the renewal, then the end")),
}  # fmt: skip

AGREEMENTS = Table[AgreementFacts](
    name="agreement",
    title=Sentence("Convention", "Agreement"),
    initial=S.DRAFT,
    stages=S,
    actions=A,
    words={**STAGE_WORDS, **ACTION_WORDS},
    moves=MOVES + RECORDS,
    care=CARE,
)
