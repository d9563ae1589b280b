"""The PDF minutes: the same facts as the session, in an accessible archive document, the same of the same."""

from dataclasses import replace

from parvis.documents.minutes_pages import minutes_data, minutes_pdf
from parvis.states.outcomes import Outcome
from tests.documents.pdf import structure
from tests.documents.test_minutes_docx import FULL, decision, minutes


def test_the_minutes_are_accessible_archivable_and_the_same_of_the_same():
    pdf = minutes_pdf(FULL)

    found = structure(pdf)
    assert (found.ua_part, found.archive, found.language) == ("1", "2A", "fr-FR")
    assert pdf == minutes_pdf(FULL)
    assert found.bookmarks == [
        "Procès-verbal", "Membres", "Déports", "Relevé des décisions", "Dossiers financés (1)", "Dossiers ajournés (1)",
        "Dossiers rejetés (1)", "Enveloppes",
    ]  # fmt: skip


def test_each_decision_says_its_amounts_conditions_votes_and_recusals():
    data = minutes_data(FULL)

    funded = data["groups"][0]["decisions"][0]
    assert funded["amounts"] == [("Ville", "8\u202f000\u202f€", "6\u202f000\u202f€")]
    assert funded["lines"] == [
        ("Conditions\u202f:", "Ouvrir le samedi."), ("Vote\u202f:", "5 pour, 1 contre, 0\u00a0abstention."),
        ("Déport\u202f:", "Max Noir."),
    ]  # fmt: skip
    assert data["groups"][1]["decisions"][0]["lines"] == [("Motif\u202f:", "Le budget est à préciser.")]
    assert data["recusals"] == [("Max Noir", "n°\u00a01 (ANNUEL-2027-00001)")]
    assert data["total"] == ("", "3\u00a0dossiers", "", "24\u202f000\u202f€", "6\u202f000\u202f€")


def test_a_substitute_says_for_whom_and_a_missing_quorum_says_what_follows():
    data = minutes_data(replace(FULL, quorate=False))

    assert ("Ana Petit", "suppléant", "présent, pour Max Noir") in data["members"]
    assert "le comité ne délibère pas" in data["opening"][0]


def test_a_session_that_examined_nothing_or_only_recommended_has_minutes():
    empty = minutes_pdf(replace(minutes(), members=(), envelopes=(), quorum_seats=0))
    advice = minutes_data(minutes(decision(1, Outcome.RECOMMEND)))

    assert structure(empty).bookmarks == ["Procès-verbal", "Relevé des décisions"]
    assert advice["given"] == "Recommandé"
