"""The names a report gives to codes: stages, rules, letters, actions, reasons."""

from datetime import date

from babel.dates import format_date

from parvis.notifications.kinds import LETTERS as LETTER_KINDS
from parvis.states import agreement_guards, deposit_guards, guards
from parvis.states.agreement_stages import ACTION_WORDS as AGREEMENT_WORDS
from parvis.states.case_table import CARE
from parvis.states.stages import ACTION_WORDS, ROLE_WORDS, STAGE_WORDS, Stage
from parvis.states.table import Guard
from parvis.states.words import Sentence

OPEN = tuple(str(stage) for stage in CARE)
EXITS = (
    *(stage for stage in OPEN if stage != Stage.DRAFT),
    *(
        str(stage)
        for stage in (Stage.INELIGIBLE, Stage.LAPSED, Stage.WITHDRAWN, Stage.REJECTED, Stage.RECLAIMED)
    ),
)
REACHED = {
    Stage.SUBMITTED: Sentence("Déposés", "Submitted"),
    Stage.INSTRUCTED: Sentence("Instruits", "Instructed"),
    Stage.COMMITTEE: Sentence("Passés en comité", "Taken to a committee"),
    Stage.FUNDED: Sentence("Financés", "Funded"),
    Stage.EVALUATED: Sentence("Évalués", "Evaluated"),
}
ENDED = Sentence("à la fin : {stage}", "at the end: {stage}")

WHOLE = {
    "to_decision": Sentence("du dépôt à la décision", "from deposit to decision"),
    "to_report": Sentence("du dépôt au bilan", "from deposit to report"),
    "to_closing": Sentence("du dépôt à la clôture", "from deposit to closing"),
}
AT_STAGE = Sentence("au stade « {stage} »", "at stage “{stage}”")

QUORUMS = {True: Sentence("oui", "yes"), False: Sentence("non", "no"), None: Sentence("à venir", "to come")}

RULES = {
    "contact": (Sentence("Échange avant le dépôt", "Contact before the deposit"),
                Sentence("l’instructeur n’avait pas rappelé le porteur", "the officer had not called the applicant")),
    "partner": (Sentence("Confirmation d’un partenaire", "A partner’s confirmation"),
                Sentence("un partenaire n’avait pas répondu", "a partner had not answered")),
    "check": (Sentence("Vérification du dépôt", "Checking the deposit"),
              Sentence("l’instructeur n’avait pas vérifié la recevabilité", "the officer had not checked eligibility")),
    "instruct": (Sentence("Instruction", "Instruction"),
                 Sentence("le dossier restait à instruire", "the case was still to be instructed")),
    "schedule": (Sentence("Inscription à un comité", "Reaching a committee"),
                 Sentence("le dossier instruit n’était à aucun ordre du jour", "the instructed case was on no agenda")),
    "decide": (Sentence("Décision après la séance", "Decision after the session"),
               Sentence("la décision n’était pas enregistrée", "the decision was not recorded")),
    "report": (Sentence("Bilan du porteur", "Applicant’s report"),
               Sentence("le bilan est arrivé après sa date, ou jamais", "the report came after its date, or never")),
    "evaluate": (Sentence("Évaluation", "Evaluation"),
                 Sentence("le bilan reçu attendait d’être examiné", "the report received waited to be examined")),
    "reclaim": (Sentence("Reversement", "Recovery"),
                Sentence("l’action non réalisée attendait un titre", "the action not carried out awaited recovery")),
    "notice": (Sentence("Mise en demeure", "Formal notice"),
               Sentence("la mise en demeure avait expiré", "the formal notice had expired")),
    "draft": (Sentence("Brouillon", "Draft"),
              Sentence("le brouillon n’a pas été déposé", "the draft was not submitted")),
    "decision": (Sentence("Décision sur un renouvellement", "Decision on a renewal"),
                 Sentence("aucun comité n’avait décidé de la convention suivante",
                          "no committee had decided on the next agreement")),
    "approval": (Sentence("Agrément de la CAF", "Approval by the CAF"),
                 Sentence("l’agrément du centre avait pris fin", "the approval of the centre had ended")),
    "silence": (Sentence("Silence de l’administration", "Statutory silence"),
                Sentence("deux mois sans décision valent refus (CRPA, art. L231-4)",
                         "two months without a decision mean refusal (CRPA, art. L231-4)")),
    "reply": (Sentence("Pièces du porteur", "Applicant’s documents"),
              Sentence("les pièces ne sont pas arrivées, le dossier est caduc",
                       "the documents did not come, the case lapsed")),
    "opinion": (Sentence("Avis d’un financeur", "Funder’s opinion"),
                Sentence("l’avis est venu après sa date, ou jamais", "the opinion came after its date, or never")),
}  # fmt: skip


OTHER_REFUSALS = {
    "not_from_here": Sentence(
        "pas possible au stade où en était le dossier", "not possible at the stage the case was at"
    ),
    "not_your_role": Sentence("revient à quelqu’un d’autre", "is for somebody else"),
    "stale": Sentence("le dossier avait changé entre-temps", "the case had changed meanwhile"),
}


_GUARDS = {
    guard.code: guard
    for module in (agreement_guards, deposit_guards, guards)
    for guard in vars(module).values()
    if isinstance(guard, Guard)
}


def stage(code: str) -> Sentence:
    """The word for a stage."""
    return STAGE_WORDS[Stage(code)]


def reached(code: str) -> Sentence:
    """The cases that came to a stage."""
    return REACHED[Stage(code)]


def ended(code: str) -> Sentence:
    """The cases that stood at a stage when the rehearsal ended."""
    return ENDED.fill(stage=stage(code))


def owner(code: str) -> Sentence:
    """Whose turn it is at a stage."""
    return ROLE_WORDS[CARE[code].owner]


def delay(code: str) -> Sentence:
    """What a delay is counted between."""
    return WHOLE[code] if code in WHOLE else AT_STAGE.fill(stage=stage(code))


def rule(code: str) -> Sentence:
    """The deadline a rule stands for."""
    return RULES[code][0] if code in RULES else Sentence(code, code)


def rule_meaning(code: str) -> Sentence:
    """What happened when it was missed."""
    return RULES[code][1] if code in RULES else Sentence(code, code)


def letter(template: str) -> Sentence:
    """What a letter is."""
    return LETTER_KINDS[template].description if template in LETTER_KINDS else Sentence(template, template)


def action(code: str) -> Sentence:
    """The word for an action."""
    return ACTION_WORDS.get(code) or AGREEMENT_WORDS.get(code, Sentence(code, code))


def refusal(code: str) -> Sentence:
    """Why a move was refused: what the guard asked for and did not find."""
    if code in OTHER_REFUSALS:
        return OTHER_REFUSALS[code]
    guard = _GUARDS.get(code)
    return LACKING.fill(asked=guard.condition) if guard else Sentence(code, code)


LACKING = Sentence("il fallait : {asked}", "it took: {asked}")


def month(first: date) -> Sentence:
    """A month in full: `janvier 2027`."""
    return Sentence(
        format_date(first, "MMMM y", locale="fr_FR"), format_date(first, "MMMM y", locale="en_GB")
    )


def quorum(*, quorate: bool | None) -> Sentence:
    """Whether a sitting had its quorum; None when it has not been held."""
    return QUORUMS[quorate]
