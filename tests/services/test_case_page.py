"""What the page of a case shows to each role: what they may do, what blocks it, what only others may do."""

from parvis.services.case_page import CasePage, case_page
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment
from tests.statements import counted


def page(
    desk: Desk,
    case_id: int,
    role: Role = Role.INSTRUCTOR,
    *,
    at: str = "2026-06-02",
    funder: int | None = None,
) -> CasePage:
    with desk.database.transaction() as session:
        return case_page(session, case_id, role=role, funder_id=funder, language="fr", at=moment(at))


def blocked(shown: CasePage) -> dict[str, list[str]]:
    return {str(form.action): [reason.code for reason in form.blocked] for form in shown.forms}


def funder(desk: Desk, code: str) -> int:
    return int(desk.value("SELECT id FROM funders WHERE code = %(code)s", code=code))


def test_an_action_that_only_waits_for_its_form_is_not_blocked(desk):
    case = desk.submitted_case()

    shown = blocked(page(desk, case))

    assert shown["request_documents"] == []
    assert shown["declare_ineligible"] == []
    assert shown["assess"] == []


def test_an_action_blocked_by_the_case_says_what_would_unblock_it(desk):
    case = desk.submitted_case()

    shown = page(desk, case)

    instruct = next(form for form in shown.forms if form.action == Action.INSTRUCT)
    assert [reason.code for reason in instruct.blocked] == [
        "documents_complete",
        "eligibility_checked",
        "assessed",
    ]
    assert "Statuts" in str(instruct.blocked[0].sentence)


def test_what_only_others_may_do_is_told_apart_and_the_machine_is_not_people(desk):
    case = desk.case_awaiting_documents(reply_by="2026-06-30")

    shown = page(desk, case, Role.MANAGER)

    assert {str(form.action) for form in shown.forms} == {"assign"}
    assert "lapse" not in {str(other.action) for other in shown.elsewhere}
    complete = next(other for other in shown.elsewhere if other.action == Action.COMPLETE)
    assert complete.by == (Role.APPLICANT, Role.INSTRUCTOR)


def test_a_funder_is_offered_an_opinion_only_when_theirs_is_awaited(desk):
    case = desk.submitted_case()
    desk.move(case, Action.ASK_OPINIONS, given=Given(funder_ids=(funder(desk, "etat"),)))

    asked = blocked(page(desk, case, Role.FUNDER, funder=funder(desk, "etat")))
    not_asked = blocked(page(desk, case, Role.FUNDER, funder=funder(desk, "ville")))

    assert asked == {"give_opinion": []}
    assert not_asked == {"give_opinion": ["opinion_asked"]}


def test_scheduling_is_blocked_when_no_open_sitting_covers_the_case(desk):
    case = desk.ready_case()
    desk.move(case, Action.INSTRUCT)

    assert blocked(page(desk, case))["schedule"] == []
    desk.run("UPDATE committees SET agenda_open = false")
    assert blocked(page(desk, case))["schedule"] == ["committee_covers"]


def test_the_sittings_to_choose_cover_the_case_and_are_to_come(desk):
    nord = desk.submitted_case(qpvs=("QN08003M",))

    assert [choice.name for choice in page(desk, nord).choices.sittings] == ["Comité de pilotage"]
    assert page(desk, nord, at="2026-09-16").choices.sittings == ()


def test_the_same_action_of_another_year_is_found_by_its_title_among_the_cases_of_the_organisation(desk):
    case = desk.submitted_case(title="Atelier cuisine des habitants 2026")
    before = desk.submitted_case(title="Ateliers cuisine des habitants (2025)")
    other = desk.submitted_case(title="Sorties à la mer")
    desk.submitted_case(title="Atelier cuisine des habitants", siret="39277132100038", organisation="Autre")

    shown = page(desk, case)

    assert [line.id for line in shown.same_action] == [before]
    assert [line.id for line in shown.other_cases] == [other]


def test_letters_sent_and_to_come_are_listed_with_who_receives_them(desk):
    case = desk.case_awaiting_documents(reply_by="2026-06-30")

    letters = page(desk, case).letters

    reminders = [letter for letter in letters if letter.stage == "due"]
    owed = [letter for letter in letters if letter.stage == "owed"]
    assert {letter.template for letter in owed} == {"acknowledge", "documents_requested"}
    assert {letter.name for letter in owed} == {"Association Exemple"}
    assert all(letter.code.startswith("r") and letter.at > moment("2026-06-02") for letter in reminders)
    assert reminders


def test_the_grid_shows_the_points_given(desk):
    case = desk.submitted_case()
    desk.move(case, Action.ASSESS, given=Given(score=20, points=(("public", 5),)))

    shown = {line.criterion.code: line.points for line in page(desk, case).grid}

    assert shown["public"] == 5
    assert shown["capacity"] is None


def test_the_page_of_a_case_costs_the_same_number_of_statements_however_much_it_holds(desk):
    small, large = desk.submitted_case(), desk.ready_case()
    for number in range(20):
        desk.submitted_case(title=f"Autre action {number}")

    with counted(desk.database) as of_small:
        page(desk, small)
    with counted(desk.database) as of_large:
        page(desk, large)

    assert of_small.count == of_large.count <= 27
