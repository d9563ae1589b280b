"""Facts for the proofs of asking again and of renewing: for each guard, what makes it hold and what makes it fail."""

from parvis.states.renewals import Renewal
from parvis.states.words import Sentence
from tests.states.changes import Examples, brings, known, one

RENEWAL_EXAMPLES: dict[str, Examples] = {
    "not_anonymised": one(known(anonymised=False), known(anonymised=True)),
    "previous_reports_in": one(
        brings(late_reports=()),
        brings(late_reports=(Sentence("A-1, attendu le 30 juin", "A-1, due on 30 June"),)),
    ),
    "not_of_agreement": one(brings(renewal=Renewal(2027)), brings(renewal=Renewal(2027, of_agreement=True))),
    "renewed_already": one(
        brings(renewal=Renewal(2027)), brings(renewal=Renewal(2027, follower="ANNUEL-2027-00004"))
    ),
    "call_takes_renewal": Examples(
        (brings(renewal=Renewal(2027, "annuel-2027")),), (brings(renewal=Renewal(2027)), brings(renewal=None))
    ),
    "reports_in": one(
        brings(renewal=Renewal(2027, "annuel-2027")),
        brings(renewal=Renewal(2027, awaited=("ANNUEL-2025-00031",))),
    ),
}
