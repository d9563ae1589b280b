"""A funder's opinions: what waits, who else answered, many at once, never twice."""

from parvis.services import opinions
from parvis.services.advance import Advanced, Refused
from parvis.services.opinions import Said
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Opinion, Role
from tests.services.desk import Desk, moment

PAUL = By("person:2", Role.FUNDER)


def funder(desk: Desk, code: str) -> int:
    return int(desk.value("SELECT id FROM funders WHERE code = %(code)s", code=code))


def asked(desk: Desk, *codes: str, due: str = "2026-06-20") -> int:
    case = desk.submitted_case()
    ids = tuple(funder(desk, code) for code in codes)
    desk.move(case, Action.ASK_OPINIONS, given=Given(funder_ids=ids, due_on=moment(due).date()))
    return case


def awaited(desk: Desk, code: str) -> list[opinions.AwaitedOpinion]:
    with desk.database.transaction() as session:
        return opinions.awaited(session, funder(desk, code))


def give(desk: Desk, *said: Said, code: str = "etat") -> list[Advanced | Refused]:
    with desk.database.transaction() as session:
        return opinions.give(session, funder(desk, code), said, by=PAUL, at=moment("2026-06-05"))


def test_a_funder_sees_the_cases_that_wait_for_it_the_most_pressing_first(desk):
    later = asked(desk, "etat", due="2026-06-30")
    sooner = asked(desk, "etat", "ville", due="2026-06-20")
    asked(desk, "ville")

    waiting = awaited(desk, "etat")

    assert [line.case_id for line in waiting] == [sooner, later]
    assert (waiting[0].others_in, waiting[0].others_asked) == (0, 1)
    assert waiting[0].requested_cents == 500_000


def test_an_opinion_given_leaves_the_list_and_the_others_see_that_it_came_in(desk):
    case = asked(desk, "etat", "ville")

    give(desk, Said(case, desk.version(case), Opinion.FAVOURABLE, 400_000, "Bon projet"))

    assert awaited(desk, "etat") == []
    assert awaited(desk, "ville")[0].others_in == 1
    with desk.database.transaction() as session:
        told = opinions.given(session, funder(desk, "etat"))[0]
    assert (told.opinion, told.proposed_cents, told.comment) == ("favourable", 400_000, "Bon projet")


def test_many_opinions_are_given_at_once_each_with_its_own_words(desk):
    cases = [asked(desk, "etat") for _ in range(3)]
    kinds = [Opinion.FAVOURABLE, Opinion.RESERVED, Opinion.UNFAVOURABLE]

    results = give(
        desk, *(Said(case, None, kind, comment=kind) for case, kind in zip(cases, kinds, strict=True))
    )

    assert all(isinstance(result, Advanced) for result in results)
    kept = desk.rows(
        "SELECT opinion, opinion_comment FROM fundings WHERE opinion IS NOT NULL ORDER BY case_id"
    )
    assert kept == [(kind, kind) for kind in kinds]


def test_one_refused_leaves_the_others_given(desk):
    fine, changed, not_asked = asked(desk, "etat"), asked(desk, "etat"), asked(desk, "ville")

    results = give(
        desk,
        Said(fine, desk.version(fine), Opinion.FAVOURABLE),
        Said(changed, desk.version(changed) - 1, Opinion.FAVOURABLE),
        Said(not_asked, None, Opinion.FAVOURABLE),
        Said(10**9, None, Opinion.FAVOURABLE),
    )

    assert isinstance(results[0], Advanced)
    codes = [result.reasons[0].code for result in results[1:] if isinstance(result, Refused)]
    assert codes == ["stale", "opinion_asked", "not_found"]


def test_an_opinion_is_given_once(desk):
    case = asked(desk, "etat")
    give(desk, Said(case, None, Opinion.FAVOURABLE))

    again = give(desk, Said(case, None, Opinion.UNFAVOURABLE))

    assert isinstance(again[0], Refused)
    assert (
        desk.value("SELECT opinion FROM fundings WHERE case_id = %(id)s AND opinion IS NOT NULL", id=case)
        == "favourable"
    )
