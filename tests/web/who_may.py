"""Who may ask for what, written by hand from the guide of each role: the table of rights has another to agree with.

A route that writes has to be here: who adds one says a second time, and by name, who may. Whose the *object* of a
route may be is not here but in `every_route.py` and `two_cities.py`.
"""

from parvis.states.stages import Role

SAID = """
# Money that leaves: finance sends orders and records what was paid; the manager looks (finance.md)
finance                     make_lot cancel_lot import_payments lot_file
finance manager             payments lot cash_plan cash_file
# An account is typed by an officer and confirmed by finance or the manager, never shown to others (finance.md)
instructor finance manager  bank_list bank change_bank
applicant                   my_bank ask_my_bank
# Envelopes: whoever steers or pays moves money; a funder looks at its own (responsable.md, financeur.md)
finance manager             transfer_envelope adjust_envelope
staff funder                envelopes envelope fundings fundings_file
# A committee: its secretary alone leads it; what others' copies hide is for those who prepare it (secretaire.md)
secretary                   order_agenda change_agenda build_packet
secretary                   session open_session attend_session decide adopt_proposals closing close_session
secretary manager administrator  sitting_file packet_version packet_file
secretary manager administrator  scenarios begin_scenario scenario save_scenario change_scenario
instructor funder member secretary manager administrator  declare_interests interests packet annexes
instructor funder member secretary manager administrator  minutes minutes_file
# A funder speaks for its own house (financeur.md)
funder                      opinions give_opinions api_give_opinion
# Cases: the table of moves says which move is whose; notes, archives and files added are the service's (instructeur.md)
staff funder member         act_on_case mark_unread keep_view choose_columns drop_view export_cases api_move
staff                       notes save_note attach_file case_archive api_attach_file
staff                       choose_bulk start_bulk bulk_run go_on_bulk take_back_bulk
instructor secretary manager administrator  api_import_deposits
# Letters and tasks are the service's (instructeur.md)
staff                       letters letter letter_as_mail snooze_letter drop_letter resend_letter finish_task
staff                       restore_address
# How the year went is the service's (responsable.md)
staff                       dashboard evaluation evaluation_report evaluation_tables
# Agreements (responsable.md, association.md); what each may do there, their table of moves says
staff applicant             act_on_agreement agreement_file
instructor secretary manager  attach_to_agreement
instructor manager applicant  give_evaluation renew_case
# What the portal says again is settled by who follows the case (instructeur.md)
instructor manager          settle_difference take_off_file
# What a register of associations says is read by the service
staff                       compare_applicant
# The house: the manager reads, tries and brings templates; the administrator acts (administrateur.md)
manager administrator       administration people person calls proof jobs check_contract upload_template
manager administrator       webhooks webhook register_webhook change_webhook rotate_webhook act_on_webhook
# What is held: the manager approves what goes; both look, copy and correct for a person (protection-des-donnees.md)
manager administrator       retention retention_batch personal_data copy_personal_data rectify_personal_data
manager                     approve_batch give_up_batch hold_item
administrator               unlink_identity end_sessions send_link run_job verify_journal
# One's own access: people of the contract (README.md); an organisation has no token and no password
staff funder member         account end_session end_identity make_token revoke_token make_calendar choose_preferences
# An organisation's own requests are its own, and nobody acts there in its name (association.md)
applicant                   my_cases my_case my_file start_draft save_draft attach_to_draft remove_from_draft
applicant                   submit_draft
applicant                   ask_contact save_part send_part_documents confirm_part leave_part add_partner invite_partner
applicant                   send_documents declare_complete send_report attest_not_carried_out ask_new_dates report_gaps
applicant                   attach_to_report submit_report save_report withdraw_case
applicant                   send_interim interim_gaps attach_to_interim submit_interim save_interim
# how it is reached as well; the service corrects an address for one that lost its mailbox (instructeur.md)
applicant                   my_association save_my_association ask_my_address give_up_my_address
applicant                   correct_my_contact
instructor manager          organisation correct_address
# Going out is everybody's who came in
staff funder member applicant  sign_out
# and so are one's own data (README.md)
staff funder member applicant  my_data copy_my_data
"""
"""Lines of roles, then names of routes; `staff` are the five roles of the service."""
STAFF = ("instructor", "secretary", "manager", "finance", "administrator")
_WORDS = {"staff": STAFF, **{role.value: (role.value,) for role in Role}}


def _read(said: str) -> dict[str, frozenset[Role]]:
    read: dict[str, frozenset[Role]] = {}
    for line in said.strip().splitlines():
        words = [] if line.startswith("#") else line.split()
        roles = frozenset(Role(role) for word in words if word in _WORDS for role in _WORDS[word])
        for name in (word for word in words if word not in _WORDS):
            if name in read:
                raise ValueError(name)
            read[name] = roles
    return read


WHO_MAY = _read(SAID)
"""By name of the route: the roles let in, and no other."""
