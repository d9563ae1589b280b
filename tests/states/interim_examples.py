"""Facts about reports and their dates: what makes their guards hold, and fail."""

from tests.states.changes import TODAY, TOMORROW, YESTERDAY, Examples, brings, known, one

INTERIM_EXAMPLES: dict[str, Examples] = {
    "file_named": Examples(
        (brings(signed_document="rib.pdf", sha256="00"),),
        (brings(signed_document="rib.pdf", sha256=""), brings(signed_document="", sha256="00")),
    ),
    "report_not_accepted": one(known(report_accepted=False), known(report_accepted=True)),
    "new_dates_asked": one(known(new_ends_on=TOMORROW), known(new_ends_on=None)),
    "interim_awaited": one(known(interim_due_on=YESTERDAY), known(interim_due_on=None)),
    "interim_received": one(known(interim_received_on=TODAY), known(interim_received_on=None)),
    "no_interim_awaited": Examples(
        (known(interim_due_on=None, report_received_on=None),),
        (known(interim_due_on=TODAY), known(interim_due_on=None, report_received_on=TODAY)),
    ),
    "interim_date_ahead": Examples(
        (brings(due_on=None), brings(due_on=TOMORROW)), (brings(due_on=TODAY), brings(due_on=YESTERDAY))
    ),
}
