"""What the actions of reports, dates and notices ask of whoever does them. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from parvis.states.asked import DELAY_OF_CALL, KEPT, TOLD, Asked, Field
from parvis.states.stages import Action
from parvis.states.words import Sentence

_CORRECTIONS = (
    replace(TOLD, label=Sentence("Ce qui est à corriger", "What to correct")),
    Asked(
        Field.DUE_ON,
        Sentence("Corrections au plus tard le", "Corrections by"),
        required=False,
        answers=("corrections_date_ahead",),
        hint=DELAY_OF_CALL,
    ),
)

REPORT_ASKS: Mapping[Action, tuple[Asked, ...]] = {
    Action.ASK_INTERIM: (
        Asked(
            Field.DUE_ON,
            Sentence("Attendu au plus tard le", "Expected by"),
            required=False,
            answers=("interim_date_ahead",),
            hint=DELAY_OF_CALL,
        ),
        replace(TOLD, label=Sentence("Ce qui est attendu", "What is expected"), required=False, answers=()),
    ),
    Action.RECEIVE_INTERIM: (),
    Action.CORRECT_INTERIM: _CORRECTIONS,
    Action.ACCEPT_INTERIM: (),
    Action.WAIVE_INTERIM: (KEPT,),
    Action.RECEIVE_REPORT: (),
    Action.ACCEPT_REPORT: (),
    Action.SETTLE_BALANCE: (),
    Action.GIVE_NOTICE: (
        TOLD,
        Asked(
            Field.DUE_ON,
            Sentence("Expire le", "Expires on"),
            required=False,
            answers=("notice_date_ahead",),
            hint=DELAY_OF_CALL,
        ),
    ),
    Action.RECORD_NOT_CARRIED_OUT: (KEPT,),
    Action.ATTEST_NOT_CARRIED_OUT: (
        Asked(Field.REASON, Sentence("Ce qui s’est passé", "What happened"), answers=("reason_given",)),
    ),
    Action.ASK_CORRECTIONS: _CORRECTIONS,
    Action.ASK_NEW_DATES: (
        Asked(
            Field.STARTS_ON,
            Sentence("Nouveau début", "New start"),
            required=False,
            answers=("later_end_given",),
        ),
        Asked(Field.ENDS_ON, Sentence("Nouvelle fin", "New end"), answers=("later_end_given",)),
        Asked(
            Field.REASON,
            Sentence("Pourquoi ces dates changent", "Why the dates change"),
            answers=("reason_given",),
        ),
    ),
}
