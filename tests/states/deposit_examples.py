"""What makes the guards before and around a deposit hold, and fail; those about partners with them."""

from datetime import timedelta

from parvis.states.arrivals import Arrival
from parvis.states.facts import ASK_AGAIN
from tests.states.changes import TODAY, TOMORROW, YESTERDAY, Examples, brings, known, together
from tests.states.partner_examples import PARTNER_EXAMPLES

MEETING = Arrival(contact_first=True, officers=("Inès Roy (ines@ville.example)",))

DEPOSIT_EXAMPLES: dict[str, Examples] = {
    **PARTNER_EXAMPLES,
    "wave_open": Examples(
        (brings(arrival=None), brings(arrival=Arrival())),
        (
            brings(arrival=Arrival(open=False, closed_on=YESTERDAY)),
            brings(
                arrival=Arrival(open=False, closed_on=YESTERDAY, next_title="Appel", next_opens_on=TOMORROW)
            ),
        ),
    ),
    "officer_contacted": Examples(
        (
            brings(arrival=None),
            brings(arrival=Arrival()),
            together(brings(arrival=MEETING), known(contacted_on=TODAY)),
        ),
        (brings(arrival=MEETING), together(brings(arrival=MEETING), known(contact_asked_on=TODAY))),
    ),
    "contact_expected": Examples(
        (brings(arrival=MEETING),),
        (brings(arrival=Arrival()), brings(arrival=None), known(contacted_on=TODAY)),
    ),
    "contact_not_asked_lately": Examples(
        (known(contact_asked_on=None), known(contact_asked_on=TODAY - ASK_AGAIN)),
        (known(contact_asked_on=TODAY), known(contact_asked_on=TODAY - ASK_AGAIN + timedelta(days=1))),
    ),
    "contact_dated": Examples(
        (brings(contact_on=TODAY), brings(contact_on=YESTERDAY)),
        (brings(contact_on=None), brings(contact_on=TOMORROW)),
    ),
}
