"""Who may do what: one line a route. A route without a line answers nobody, and a test says so."""

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from parvis.services.tokens import MOST_REQUESTS
from parvis.services.visitors import Visitor, limit
from parvis.states.access import Scope
from parvis.states.stages import Role as R
from parvis.web.errors import NotHereError, OutOfScopeError, SignInNeededError
from parvis.web.site import Here, Visit


@dataclass(frozen=True, slots=True)
class Right:
    """Who may ask: everybody (`roles` None), or those signed in in one of `roles`; a program, with a `scope`."""

    roles: frozenset[R] | None
    scope: Scope = Scope.READ

    def admits(self, role: str | None) -> bool:
        """Whether somebody in this role (None: nobody signed in) may ask."""
        return self.roles is None or role in self.roles


def _only(*roles: R) -> Right:
    return Right(frozenset(roles))


def _writing(right: Right, scope: Scope = Scope.WRITE) -> Right:
    return Right(right.roles, scope)


EVERYBODY = Right(None)
SIGNED_IN = _only(
    R.APPLICANT, R.INSTRUCTOR, R.FUNDER, R.MEMBER, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR
)
STAFF = _only(R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR)
ON_CASES = _only(
    R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR, R.FUNDER, R.MEMBER
)  # what each may do there the table of moves says; which cases there are for them, `services/visibility.py`
STEERS = _only(R.MANAGER, R.ADMINISTRATOR)  # those who look at how the house runs
WHO_SITS = _only(R.INSTRUCTOR, R.FUNDER, R.MEMBER, R.SECRETARY, R.MANAGER, R.ADMINISTRATOR)
APPLICANT = _only(R.APPLICANT)
SEES_MONEY = _only(
    R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR, R.FUNDER
)  # a funder sees its own purse alone
MOVES_MONEY = _only(R.MANAGER, R.FINANCE)
STAFF_AND_APPLICANT = _only(
    R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR, R.APPLICANT
)  # an organisation sees its own

PEOPLE = ON_CASES  # people of a contract, with an account of their own
WHO_PROGRAMS = _only(R.SECRETARY, R.MANAGER, R.ADMINISTRATOR)
WHO_PAYS = _only(R.INSTRUCTOR, R.MANAGER, R.FINANCE)
WHO_IMPORTS = _only(R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.ADMINISTRATOR)

RIGHTS: dict[str, Right] = {
    "health": EVERYBODY,
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
    "open_welcome": EVERYBODY,
    "use_welcome": EVERYBODY,
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
    "case_file": ON_CASES,
    "preview_file": ON_CASES,
    "file_picture": ON_CASES,
    "attach_file": STAFF,
    "settle_difference": _only(R.INSTRUCTOR, R.MANAGER),
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
    "send_report": APPLICANT,
    "my_report": APPLICANT,
    "attest_not_carried_out": APPLICANT,
    "ask_new_dates": APPLICANT,
    "report_gaps": APPLICANT,
    "attach_to_report": APPLICANT,
    "submit_report": APPLICANT,
    "report_step": APPLICANT,
    "save_report": APPLICANT,
    "ask_withdrawal": APPLICANT,
    "withdraw_case": APPLICANT,
    "opinions": _only(R.FUNDER),
    "give_opinions": _only(R.FUNDER),
    "sittings": WHO_SITS,
    "sitting": WHO_SITS,
    "packet": WHO_SITS,
    "packet_preview": WHO_SITS,
    "sitting_file": _only(R.SECRETARY, R.MANAGER, R.ADMINISTRATOR),
    "interests": WHO_SITS,
    "declare_interests": WHO_SITS,
    "order_agenda": _only(R.SECRETARY),
    "change_agenda": _only(R.SECRETARY),
    "build_packet": _only(R.SECRETARY),
    "packet_version": _only(R.SECRETARY, R.MANAGER, R.ADMINISTRATOR),
    "packet_file": _only(R.SECRETARY, R.MANAGER, R.ADMINISTRATOR),
    "annexes": WHO_SITS,
    "agenda_case": WHO_SITS,
    "agenda_file": WHO_SITS,
    "scenarios": WHO_PROGRAMS,
    "begin_scenario": WHO_PROGRAMS,
    "scenario": WHO_PROGRAMS,
    "save_scenario": WHO_PROGRAMS,
    "change_scenario": WHO_PROGRAMS,
    "session": _only(R.SECRETARY),
    "open_session": _only(R.SECRETARY),
    "attend_session": _only(R.SECRETARY),
    "decide": _only(R.SECRETARY),
    "adopt_proposals": _only(R.SECRETARY),
    "close_session": _only(R.SECRETARY),
    "closing": _only(R.SECRETARY),
    "minutes": WHO_SITS,
    "minutes_file": WHO_SITS,
    "payments": _only(R.FINANCE, R.MANAGER),
    "cash_plan": _only(R.FINANCE, R.MANAGER),
    "cash_file": _only(R.FINANCE, R.MANAGER),
    "make_lot": _only(R.FINANCE),
    "import_payments": _only(R.FINANCE),
    "lot": _only(R.FINANCE, R.MANAGER),
    "lot_file": _only(R.FINANCE),
    "cancel_lot": _only(R.FINANCE),
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
    "give_evaluation": _only(R.INSTRUCTOR, R.MANAGER, R.APPLICANT),
    "attach_to_agreement": _only(R.SECRETARY, R.INSTRUCTOR, R.MANAGER),
    "renew_case": _only(R.INSTRUCTOR, R.MANAGER, R.APPLICANT),
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
    "unlink_identity": _only(R.ADMINISTRATOR),
    "end_sessions": _only(R.ADMINISTRATOR),
    "send_link": _only(R.ADMINISTRATOR),
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
    "run_job": _only(R.ADMINISTRATOR),
    "proof": STEERS,
    "verify_journal": _only(R.ADMINISTRATOR),
    "webhooks": STEERS,
    "register_webhook": STEERS,
    "webhook": STEERS,
    "change_webhook": STEERS,
    "rotate_webhook": STEERS,
    "act_on_webhook": STEERS,
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
    "api_move": _writing(ON_CASES),
    "api_give_opinion": _writing(_only(R.FUNDER)),
    "api_documents": ON_CASES,
    "api_file": ON_CASES,
    "api_attach_file": _writing(STAFF),
    "api_sittings": WHO_SITS,
    "api_sitting": WHO_SITS,
    "api_import_deposits": _writing(WHO_IMPORTS, Scope.IMPORT),
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
    right = RIGHTS.get(_name(request))
    if right is None:
        raise NotHereError
    role = here.visitor.role if here.visitor else None
    if right.admits(role):
        if here.visitor is not None and here.visitor.scopes is not None:
            await run_in_threadpool(_check_token, here, here.visitor, right)
        return
    if role is None:
        raise SignInNeededError
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


def _name(request: Request) -> str:
    route = request.scope.get("route")
    return str(getattr(route, "name", ""))
