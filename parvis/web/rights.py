"""Who may do what: one line a route. A route without a line answers nobody, and a test says so."""

from collections.abc import Collection

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from parvis.services.measures import Refusal
from parvis.services.tokens import MOST_REQUESTS
from parvis.services.visitors import Visitor, limit
from parvis.states.access import Scope
from parvis.states.stages import Role as R
from parvis.web.errors import NotHereError, OutOfScopeError, SignInNeededError
from parvis.web.noting import refused, route_name
from parvis.web.site import Here, Visit
from parvis.web.who import (
    APPLICANT,
    EVERYBODY,
    MOVES_MONEY,
    ON_CASES,
    PEOPLE,
    SEES_MONEY,
    SIGNED_IN,
    STAFF,
    STAFF_AND_APPLICANT,
    STEERS,
    WHO_IMPORTS,
    WHO_PAYS,
    WHO_PROGRAMS,
    WHO_SITS,
    Right,
    only,
    writing,
)

__all__ = ["EVERYBODY", "RIGHTS", "SIGNED_IN", "Right", "admitted", "may"]

_REPORTS = dict.fromkeys((
    "send_report", "my_report", "attest_not_carried_out", "ask_new_dates", "report_gaps", "attach_to_report",
    "submit_report", "report_step", "save_report", "send_interim", "my_interim", "interim_gaps", "attach_to_interim",
    "submit_interim", "interim_step", "save_interim",
), APPLICANT)  # fmt: skip
RIGHTS: dict[str, Right] = {
    "health": EVERYBODY,
    "alive": EVERYBODY,
    "measures": EVERYBODY,  # who bears the token of the settings, and nobody else
    "wellbeing": STEERS,
    "open_data": EVERYBODY,  # published for all (décret 2017-779)
    "open_data_file": EVERYBODY,
    "static": EVERYBODY,
    "language": EVERYBODY,
    "sign_in": EVERYBODY,
    "ask_for_link": EVERYBODY,
    "give_password": EVERYBODY,
    "enter_demonstration": EVERYBODY,
    "open_link": EVERYBODY,
    "use_link": EVERYBODY,
    "join": EVERYBODY,
    "ask_to_join": EVERYBODY,
    "find_association": EVERYBODY,
    "open_welcome": EVERYBODY,
    "use_welcome": EVERYBODY,
    "open_address": EVERYBODY,
    "use_address": EVERYBODY,
    "leave_for_provider": EVERYBODY,
    "come_from_provider": EVERYBODY,
    "signed_out": EVERYBODY,
    "sign_out": SIGNED_IN,
    "home": SIGNED_IN,
    "cases": ON_CASES,
    "case": SIGNED_IN,  # letters lead there: an applicant goes on to the page of their own
    "choose_bulk": STAFF,
    "start_bulk": STAFF,
    "bulk_run": STAFF,
    "go_on_bulk": STAFF,
    "take_back_bulk": STAFF,
    "export_cases": ON_CASES,
    "keep_view": ON_CASES,
    "choose_columns": ON_CASES,
    "mark_unread": ON_CASES,
    "drop_view": ON_CASES,
    "case_amounts": ON_CASES,
    "act_on_case": ON_CASES,
    "case_archive": STAFF,
    "compare_applicant": STAFF,
    "case_file": ON_CASES,
    "preview_file": ON_CASES,
    "file_picture": ON_CASES,
    "take_off_file": only(R.INSTRUCTOR, R.MANAGER),
    "attach_file": STAFF,
    "settle_difference": only(R.INSTRUCTOR, R.MANAGER),
    "notes": STAFF,
    "save_note": STAFF,
    "my_cases": APPLICANT,
    "my_case": APPLICANT,
    "my_file": APPLICANT,
    "new_draft": APPLICANT,
    "start_draft": APPLICANT,
    "draft_step": APPLICANT,
    "save_draft": APPLICANT,
    "attach_to_draft": APPLICANT,
    "remove_from_draft": APPLICANT,
    "submit_draft": APPLICANT,
    "ask_contact": APPLICANT,
    "my_part": APPLICANT,
    "save_part": APPLICANT,
    "send_part_documents": APPLICANT,
    "confirm_part": APPLICANT,
    "leave_part": APPLICANT,
    "add_partner": APPLICANT,
    "invite_partner": APPLICANT,
    "send_documents": APPLICANT,
    "declare_complete": APPLICANT,
    **_REPORTS,
    "ask_withdrawal": APPLICANT,
    "withdraw_case": APPLICANT,
    "opinions": only(R.FUNDER),
    "give_opinions": only(R.FUNDER),
    "sittings": WHO_SITS,
    "sitting": WHO_SITS,
    "packet": WHO_SITS,
    "packet_preview": WHO_SITS,
    "sitting_file": only(R.SECRETARY, R.MANAGER, R.ADMINISTRATOR),
    "interests": WHO_SITS,
    "declare_interests": WHO_SITS,
    "order_agenda": only(R.SECRETARY),
    "change_agenda": only(R.SECRETARY),
    "build_packet": only(R.SECRETARY),
    "packet_version": only(R.SECRETARY, R.MANAGER, R.ADMINISTRATOR),
    "packet_file": only(R.SECRETARY, R.MANAGER, R.ADMINISTRATOR),
    "annexes": WHO_SITS,
    "agenda_case": WHO_SITS,
    "agenda_file": WHO_SITS,
    "scenarios": WHO_PROGRAMS,
    "begin_scenario": WHO_PROGRAMS,
    "scenario": WHO_PROGRAMS,
    "save_scenario": WHO_PROGRAMS,
    "change_scenario": WHO_PROGRAMS,
    "session": only(R.SECRETARY),
    "open_session": only(R.SECRETARY),
    "attend_session": only(R.SECRETARY),
    "decide": only(R.SECRETARY),
    "adopt_proposals": only(R.SECRETARY),
    "close_session": only(R.SECRETARY),
    "closing": only(R.SECRETARY),
    "minutes": WHO_SITS,
    "minutes_file": WHO_SITS,
    "payments": only(R.FINANCE, R.MANAGER),
    "cash_plan": only(R.FINANCE, R.MANAGER),
    "cash_file": only(R.FINANCE, R.MANAGER),
    "make_lot": only(R.FINANCE),
    "import_payments": only(R.FINANCE),
    "lot": only(R.FINANCE, R.MANAGER),
    "lot_file": only(R.FINANCE),
    "cancel_lot": only(R.FINANCE),
    "my_association": APPLICANT,
    "save_my_association": APPLICANT,
    "ask_my_address": APPLICANT,
    "give_up_my_address": APPLICANT,
    "correct_my_contact": APPLICANT,
    "organisation": only(R.INSTRUCTOR, R.MANAGER),
    "correct_address": only(R.INSTRUCTOR, R.MANAGER),
    "my_bank": APPLICANT,
    "ask_my_bank": APPLICANT,
    "bank_list": WHO_PAYS,
    "bank": WHO_PAYS,
    "change_bank": WHO_PAYS,  # the second person is of finance, or the manager: services/bank.py
    "envelopes": SEES_MONEY,
    "envelope": SEES_MONEY,
    "transfer_envelope": MOVES_MONEY,
    "adjust_envelope": MOVES_MONEY,
    "fundings": SEES_MONEY,
    "fundings_file": SEES_MONEY,
    "agreements": STAFF_AND_APPLICANT,
    "agreement": STAFF_AND_APPLICANT,
    "act_on_agreement": STAFF_AND_APPLICANT,  # what each may do, the table of agreements says
    "agreement_file": STAFF_AND_APPLICANT,
    "preview_agreement_file": STAFF_AND_APPLICANT,
    "agreement_picture": STAFF_AND_APPLICANT,
    "give_evaluation": only(R.INSTRUCTOR, R.MANAGER, R.APPLICANT),
    "attach_to_agreement": only(R.SECRETARY, R.INSTRUCTOR, R.MANAGER),
    "renew_case": only(R.INSTRUCTOR, R.MANAGER, R.APPLICANT),
    "dashboard": STAFF,
    "latest_evaluation": STAFF,
    "evaluation": STAFF,
    "evaluation_report": STAFF,
    "evaluation_tables": STAFF,
    "letters": STAFF,
    "letter": STAFF,
    "letter_as_mail": STAFF,
    "snooze_letter": STAFF,
    "drop_letter": STAFF,
    "resend_letter": STAFF,
    "finish_task": STAFF,
    "restore_address": STAFF,
    "administration": STEERS,
    "people": STEERS,
    "person": STEERS,
    "unlink_identity": only(R.ADMINISTRATOR),
    "end_sessions": only(R.ADMINISTRATOR),
    "send_link": only(R.ADMINISTRATOR),
    "calls": STEERS,
    "call_letters": STEERS,
    "letter_html": STEERS,
    "contract_file": STEERS,
    "check_contract": STEERS,
    "holidays": STEERS,
    "word_templates": STEERS,
    "upload_template": STEERS,
    "try_template": STEERS,
    "jobs": STEERS,
    "run_job": only(R.ADMINISTRATOR),
    "proof": STEERS,
    "verify_journal": only(R.ADMINISTRATOR),
    "demarches": STEERS,
    "webhooks": STEERS,
    "register_webhook": STEERS,
    "webhook": STEERS,
    "change_webhook": STEERS,
    "rotate_webhook": STEERS,
    "act_on_webhook": STEERS,
    "my_data": SIGNED_IN,
    "copy_my_data": SIGNED_IN,
    "personal_data": STEERS,
    "copy_personal_data": STEERS,
    "rectify_personal_data": STEERS,
    "retention": STEERS,
    "retention_batch": STEERS,
    "approve_batch": only(R.MANAGER),
    "give_up_batch": only(R.MANAGER),
    "hold_item": only(R.MANAGER),
    "calendar": EVERYBODY,  # the secret is in the address
    "account": PEOPLE,
    "end_session": PEOPLE,
    "end_identity": PEOPLE,
    "make_token": PEOPLE,
    "revoke_token": PEOPLE,
    "make_calendar": PEOPLE,
    "choose_preferences": PEOPLE,
    "api_reference": EVERYBODY,
    "api_openapi": EVERYBODY,
    "api_me": ON_CASES,
    "api_tasks": ON_CASES,
    "api_cases": ON_CASES,
    "api_case": ON_CASES,
    "api_history": ON_CASES,
    "api_moves": ON_CASES,
    "api_move": writing(ON_CASES),
    "api_give_opinion": writing(only(R.FUNDER)),
    "api_documents": ON_CASES,
    "api_file": ON_CASES,
    "api_attach_file": writing(STAFF),
    "api_sittings": WHO_SITS,
    "api_sitting": WHO_SITS,
    "api_import_deposits": writing(WHO_IMPORTS, Scope.IMPORT),
}
"""By name of the route. What a role sees inside a page is the services' to say: `services/visibility.py`."""


async def admitted(request: Request, here: Here) -> None:
    """Let a request through to its route, or not.

    Raises:
        SignInNeededError: somebody who is signed in might be let through.
        NotHereError: this role is not, and is not told whether there is anything.
        OutOfScopeError: the role is, the token is not.
        TooManyAttemptsError: the programs of this person ask too often.
    """
    right = RIGHTS.get(route_name(request))
    if right is None:
        raise NotHereError
    role = here.visitor.role if here.visitor else None
    if right.admits(role):
        if here.visitor is not None and here.visitor.scopes is not None:
            await run_in_threadpool(_check_token, here, here.visitor, right)
        return
    if role is None:
        raise SignInNeededError
    refused(request, Refusal.RIGHTS)
    raise NotHereError


def _check_token(here: Visit, visitor: Visitor, right: Right) -> None:
    """A program asks within the scopes of its token, and not too often."""
    with here.database.one_write() as session:
        limit(session, f"api:{visitor.person_id}", most=MOST_REQUESTS, at=here.at)
    if right.roles is not None and right.scope not in (visitor.scopes or ()):
        raise OutOfScopeError(right.scope)


def may(here: Here, names: Collection[str]) -> frozenset[str]:
    """Those of the routes this visitor may ask for: what a page offers."""
    role = here.visitor.role if here.visitor else None
    return frozenset(name for name in names if name in RIGHTS and RIGHTS[name].admits(role))
