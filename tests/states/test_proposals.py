"""What is proposed for a case before the committee speaks."""

from parvis.states.outcomes import Ask, Draft, Outcome, Votes
from parvis.states.proposals import propose

STATE = Ask("etat", "État", 5_000, "favourable", 4_000)
CITY = Ask("ville", "Ville", 3_000, "reserved", 9_000)
NO = Ask("caf", "CAF", 2_000, "unfavourable", 2_000)
SILENT = Ask("region", "Région", 2_000)


def test_funders_propose_what_they_would_give_up_to_what_they_are_asked():
    proposed = propose((STATE, CITY, NO, SILENT), None, decides=True)

    assert proposed == Draft(Outcome.FUND, (("etat", 4_000), ("ville", 3_000)))


def test_before_a_committee_that_advises_they_propose_a_recommendation():
    proposed = propose((STATE,), None, decides=False)

    assert proposed is not None
    assert proposed.outcome is Outcome.RECOMMEND


def test_nothing_is_proposed_where_nobody_would_give():
    assert propose((NO, SILENT), None, decides=True) is None
    assert propose((), None, decides=True) is None


def test_the_advice_of_the_technical_committee_goes_before_what_funders_propose():
    advice = Draft(Outcome.RECOMMEND, (("etat", 2_500),), conditions="Évaluer.", votes=Votes(4, 0))

    assert propose((STATE, CITY), advice, decides=True) == Draft(
        Outcome.FUND, (("etat", 2_500),), conditions="Évaluer."
    )


def test_an_unfavourable_advice_proposes_a_refusal_with_its_reason():
    assert propose((STATE,), Draft(Outcome.NOT_RECOMMENDED, reason="Hors sujet."), decides=True) == Draft(
        Outcome.REJECT, reason="Hors sujet."
    )


def test_an_advice_is_cut_to_what_is_asked_now():
    advice = Draft(Outcome.RECOMMEND, (("etat", 9_000), ("gone", 100)))

    assert propose((STATE,), advice, decides=True) == Draft(Outcome.FUND, (("etat", 5_000),))
