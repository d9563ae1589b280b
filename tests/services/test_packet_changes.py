"""What a version of a packet says that the one before did not."""

from dataclasses import fields, replace
from datetime import date, time

import pytest

from parvis.documents.packet import Ask, CasePage, Changes, PacketContent, Past
from parvis.services.packet_changes import compare, summed_up
from tests.documents.contents import case, content


def changes(before: PacketContent, now: PacketContent) -> Changes:
    return compare(before, now, since_version=1, since_on=date(2026, 11, 20))


def with_case(**changed: object) -> PacketContent:
    return replace(content(0), cases=(case(1, **changed), case(2)))


def test_the_same_content_has_no_changes():
    assert changes(content(3), content(3)).none
    assert summed_up(changes(content(3), content(3))).startswith("rien n’a changé depuis la version 1")


def test_cases_added_and_withdrawn_are_named_and_the_rest_of_the_agenda_is_not():
    before, now = (
        replace(content(0), cases=(case(1), case(2))),
        replace(content(0), cases=(case(2, position=1), case(3, position=2))),
    )

    found = changes(before, now)

    assert [reference for reference, _ in found.added] == ["ANNUEL-2027-00003"]
    assert [reference for reference, _ in found.withdrawn] == ["ANNUEL-2027-00001"]
    assert (found.changed, found.others) == ((), ())
    assert summed_up(found) == "1\u00a0dossier ajouté, 1\u00a0dossier retiré"


def test_a_changed_amount_an_opinion_and_a_score_are_said_before_and_after():
    first, *others = case(1).asks
    asks = (replace(first, proposed_cents=1_234_00, opinion="favourable"), *others)

    found = changes(with_case(), with_case(asks=asks, score=99))

    said = {change.what: (change.before, change.after) for change in found.changed}
    assert said["Proposé : État"][1] == "1\u202f234\u202f€"
    assert said["Avis : État"][1] == "favorable"
    assert said["Note d’instruction"] == ("47", "99")
    assert {change.reference for change in found.changed} == {"ANNUEL-2027-00001"}


def test_a_funder_that_comes_or_goes_is_said():
    asks = (*case(1).asks, Ask("Banque des Territoires", 500_00))

    came = changes(with_case(), with_case(asks=asks)).changed
    went = changes(with_case(asks=asks), with_case()).changed

    assert [(change.what, change.after) for change in came] == [
        ("Demandé à : Banque des Territoires", "500\u202f€")
    ]
    assert [(change.what, change.after) for change in went] == [
        ("Demandé à : Banque des Territoires", "0\u202f€")
    ]


OTHER_VALUES: dict[str, object] = {
    "title": "Autre", "organisation": "Autre", "siret": "35600000000048", "call": "Autre", "wave": "Autre",
    "nature": "new",
    "instructor": "Autre", "starts_on": None, "ends_on": None, "requested_cents": 1, "total_cost_cents": 1,
    "beneficiaries": 1, "qpv_share_percent": 1, "summary": "Autre", "neighbourhoods": (), "challenges": (),
    "partners": (("Autre", 1),), "asks": (), "charges": (), "produits": (), "score": None, "marks": (), "notes": (),
    "past": Past("X", "Y", "rejected", None, 0), "papers": (),
}  # fmt: skip


def test_every_field_of_a_case_has_a_situation_below():
    assert OTHER_VALUES.keys() | {"position", "reference"} == {each.name for each in fields(CasePage)}


@pytest.mark.parametrize("field", OTHER_VALUES)
def test_no_field_of_a_case_changes_silently(field):
    assert changes(with_case(), with_case(**{field: OTHER_VALUES[field]})).changed


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("held_on", date(2026, 12, 17), "Date : jeudi\u00a017\u00a0décembre\u00a02026, 14\u00a0h\u00a030"),
        ("starts_at", time(9), "9\u00a0h (avant"),
        ("room", "Salle B", "Lieu : Salle B (avant : Hôtel de Ville"),
        ("video_url", "", "Visioconférence : — (avant"),
        ("chair", "Autre", "Présidence : Autre"),
        ("quorum_percent", 60, "Quorum : 60 % (avant : 50 %)"),
        ("copy_for", ("Fatou Diallo",), "Exemplaire : Fatou Diallo"),
        ("envelopes", (), "Enveloppe État : retirée"),
    ],
)
def test_a_change_of_the_sitting_itself_is_said(field, value, said):
    found = changes(content(1), replace(content(1), **{field: value}))

    assert any(said in other for other in found.others)


def test_another_order_of_the_same_cases_is_said_once():
    found = changes(
        replace(content(0), cases=(case(1), case(2))),
        replace(content(0), cases=(case(2, position=1), case(1, position=2))),
    )

    assert (found.others, found.changed) == (("L’ordre des dossiers a changé.",), ())


def test_an_envelope_more_committed_is_said_with_both_amounts():
    first, *others = content(1).envelopes
    now = replace(content(1), envelopes=(replace(first, committed_cents=12_000_000), *others))

    (said,) = changes(content(1), now).others

    assert said == "Enveloppe État, engagée : 120\u202f000\u202f€ (avant : 110\u202f000\u202f€)"
