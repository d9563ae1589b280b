"""The queue as each role sees it: what waits for them, what is theirs to see, what is new to them."""

import pytest

from parvis.services import queue
from parvis.services.imports.deposit import FunderAsk
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.lists import listed, page, person


def test_an_instructor_needs_to_look_at_what_waits_for_them(desk):
    ines = person(desk, "inès")
    desk.submitted_case(title="Déposé")
    waiting = desk.case_awaiting_documents("2026-07-30")
    other = desk.submitted_case(title="À un autre")
    desk.run("UPDATE cases SET title = 'Pièces' WHERE id = %(id)s", id=waiting)
    desk.run("UPDATE cases SET instructor_id = NULL WHERE id = %(id)s", id=other)

    assert listed(desk, viewer=ines, needs_me=True) == ["Déposé"]

    desk.move(waiting, Action.RECEIVE_DOCUMENTS, at="2026-06-03", given=Given(documents=("rib",)))

    assert listed(desk, viewer=ines, needs_me=True) == ["Pièces", "Déposé"]


def test_a_manager_needs_to_look_at_what_is_late_or_nobodys(desk):
    manager = person(desk, "max")
    desk.submitted_case(title="À l’heure", at="2026-06-20")
    desk.submitted_case(title="En retard", at="2026-06-01")
    nobodys = desk.submitted_case(title="À personne", at="2026-06-21")
    desk.run("UPDATE cases SET instructor_id = NULL WHERE id = %(id)s", id=nobodys)

    assert listed(desk, "2026-06-24", viewer=manager, needs_me=True) == ["À personne", "En retard"]


def test_a_secretary_needs_to_look_at_what_is_in_committee(desk):
    desk.case_in_committee()
    desk.submitted_case()

    assert len(listed(desk, viewer=person(desk, "léa"), needs_me=True)) == 1


def test_a_funder_sees_what_it_is_asked_for_and_what_waits_for_its_opinion(desk):
    paul = person(desk, "paul")
    state = (FunderAsk(name="État", code="etat", requested_cents=800_000),)
    city = (FunderAsk(name="Ville", code="ville", requested_cents=800_000),)
    asked = desk.submitted_case(title="Avis demandé", funders=state)
    desk.submitted_case(title="Pas encore", funders=state)
    desk.submitted_case(title="À la ville", funders=city)
    desk.run("UPDATE fundings SET opinion_asked_at = now() WHERE case_id = %(id)s", id=asked)

    assert listed(desk, viewer=paul) == ["Pas encore", "Avis demandé"]
    assert listed(desk, viewer=paul, needs_me=True) == ["Avis demandé"]


def test_a_member_sees_the_agendas_they_sit_for_and_never_a_case_they_are_recused_from(desk):
    first, second = desk.case_in_committee(), desk.case_in_committee()
    desk.submitted_case()
    desk.run("UPDATE people SET role = 'member' WHERE name = 'Paul Petit'")
    paul = person(desk, "paul")
    assert listed(desk, viewer=paul) == []

    desk.run(
        "INSERT INTO committee_members (committee_id, person_id, role) VALUES (%(committee)s, %(person)s, 'elected')",
        committee=desk.committee("copil"), person=paul.person_id,
    )  # fmt: skip
    seen = {row.id for row in page(desk, viewer=paul).rows}
    desk.run(
        "INSERT INTO interests (person_id, case_id, ground, at, by) VALUES (%(p)s, %(c)s, 'declared', now(), 'x')",
        p=paul.person_id, c=first,
    )  # fmt: skip

    assert seen == {first, second}
    assert [row.id for row in page(desk, viewer=paul).rows] == [second]
    desk.run("UPDATE interests SET status = 'dismissed', reason = 'Homonyme'")
    assert len(page(desk, viewer=paul).rows) == 2


def test_what_happened_since_a_case_was_opened_or_moved_is_marked_by_kind_for_whoever_looks_after_it(desk):
    ines = person(desk, "inès")
    case = desk.submitted_case()
    assert page(desk, viewer=ines).rows[0].news == ("deposit",)

    with desk.database.transaction() as session:
        queue.mark_seen(session, ines.person_id or 0, [case], at=moment("2026-06-02"))
    assert page(desk, viewer=ines).rows[0].news == ()

    desk.run("UPDATE fundings SET opinion_asked_at = now()")
    state = desk.value("SELECT id FROM funders WHERE code = 'etat'")
    given = Given(funder_id=state, opinion="reserved")
    desk.move(case, Action.GIVE_OPINION, role=Role.FUNDER, given=given)  # by person:1, who is Inès
    assert ines.person_id == 1
    assert page(desk, viewer=ines).rows[0].news == ()
    max_noir = person(desk, "max")
    assert page(desk, viewer=max_noir).rows[0].news == ()  # Inès looks after this case

    desk.run("UPDATE cases SET instructor_id = %(max)s", max=max_noir.person_id)
    assert page(desk, viewer=max_noir).rows[0].news == ("deposit", "opinion")
    assert page(desk, viewer=ines).rows[0].news == ()

    desk.run("UPDATE cases SET instructor_id = %(ines)s", ines=ines.person_id)
    with desk.database.transaction() as session:
        queue.mark_unseen(session, ines.person_id or 0, [case])
    assert page(desk, viewer=ines).rows[0].news == ("deposit",)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"neighbourhoods": ("qn08003m",)}, ["Un"]), ({"challenges": ("D01",)}, ["Deux"]),
        ({"funders": ("ville",)}, ["Deux"]), ({"calls": ("ANNUEL-2026",)}, ["Deux", "Un"]),
        ({"calls": ("autre",)}, []), ({"funders": ("etat",), "opinion_awaited": True}, ["Deux"]),
        ({"funders": ("etat", "ville"), "opinion_awaited": True}, ["Deux"]),
    ],
)  # fmt: skip
def test_one_code_of_ones_contract_finds_what_several_would(desk, wanted, found):
    state = (FunderAsk(name="État", code="etat", requested_cents=800_000),)
    desk.submitted_case(title="Un", qpvs=("QN08001M", "QN08003M"), funders=state)
    asked = desk.submitted_case(title="Deux", challenges=("D01",))
    desk.move(asked, Action.ASK_OPINIONS)

    assert listed(desk, viewer=person(desk, "max"), **wanted) == listed(desk, **wanted) == found


def test_cases_of_another_contract_are_not_listed(desk):
    desk.submitted_case(title="Ici")
    desk.run("UPDATE cases SET reference = 'ICI-00001'")  # both contracts number their annual call of 2026
    other = {**CONTRACT, "code": "autre", "people": [
        {"email": "zoe@autre.example", "name": "Zoé Autre", "role": "manager"},
    ]}  # fmt: skip
    there = Desk.opened(desk.database, other)
    desk.run("UPDATE calls SET code = 'annuel-b' WHERE contract_id = %(id)s", id=there.contract_id)
    there.receive(there.deposit(call="annuel-b", title="Ailleurs", external_id="B-1"))

    assert listed(desk, viewer=person(desk, "max")) == ["Ici"]
    assert listed(desk, viewer=person(desk, "zoé")) == ["Ailleurs"]
    assert listed(desk, viewer=person(desk, "zoé"), neighbourhoods=("QN08001M",)) == ["Ailleurs"]
