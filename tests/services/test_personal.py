"""What a person may ask about their data: a copy that leaves nothing out, a correction that holds everywhere."""

import json
import zipfile
from io import BytesIO

import pytest

from parvis.models.queries.access import add_session
from parvis.models.queries.drafts import save_step
from parvis.services import drafts, histories, jobs, journal
from parvis.services.imports.deposit import Contact
from parvis.services.personal.copying import NothingHeldError, copy
from parvis.services.personal.rectifying import RectificationRefusedError, rectify
from parvis.services.settings import Settings
from parvis.states.access import SESSION_LASTS
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment

MANAGER = By("person:4", Role.MANAGER)
OLD, NEW = "zoe@asso.example", "zoe.martin@asso.example"
AT = moment("2026-06-10")


@pytest.fixture
def case(desk: Desk, tmp_path) -> int:
    """A case whose contact and organisation are reached at one address, a letter gone, another written and waiting."""
    case = desk.submitted_case(
        email=OLD, contacts=(Contact(name="Zoé Martin", email=OLD, phone="06 00 00 00 01"),)
    )
    jobs.send_letters(
        desk.database, Settings(data_folder=tmp_path), lambda: moment("2026-06-01 12:00"), by="test"
    )
    desk.move(case, Action.REQUEST_DOCUMENTS, at="2026-06-02",
              given=Given(documents=("rib",), reply_by=moment("2026-06-30").date()))  # fmt: skip
    return case


def test_a_copy_holds_the_roles_letters_contacts_and_acts_of_a_person_and_where_else_they_are_named(
    desk: Desk, case: int
):
    desk.run("UPDATE cases SET summary = 'Appeler Zoé Martin' WHERE id = %(id)s", id=case)
    with desk.database.transaction() as session:
        add_session(
            session, b"s", person_id=1, organisation_id=None, browser="Firefox", at=AT, lasts=SESSION_LASTS
        )
        contact = copy(session, OLD.upper(), contract_id=None, by=MANAGER, at=AT, contact="dpo@ville.example")
        officer = copy(
            session, "ines@ville.example", contract_id=None, by=MANAGER, at=AT, contact="dpo@ville.example"
        )
        with pytest.raises(NothingHeldError):
            copy(session, "personne@ailleurs.example", contract_id=None, by=MANAGER, at=AT, contact="")

    with zipfile.ZipFile(BytesIO(contact.content)) as made:
        said = json.loads(made.read("donnees.json"))
        shown = made.read("donnees.html").decode()
        assert "dpo@ville.example" in made.read("LISEZMOI.txt").decode()
    assert [one["phone"] for one in said["data"]["contacts"]] == ["06 00 00 00 01"]
    assert [one["name"] for one in said["data"]["organisations"]] == ["Association Exemple"]
    assert len(said["data"]["letters"]) == 1
    assert said["mentions"]["cases"] == 1
    assert "06 00 00 00 01" in shown
    assert "Lettres envoyées" in shown
    assert officer.parts["person"] == 1
    assert officer.parts["sessions"] == 1
    assert officer.parts["acts"] == 1
    assert "contacts" not in officer.parts
    assert desk.rows("SELECT action, subject, details::text FROM data_journal ORDER BY id")[0][:2] == (
        "export", "organisation:1"
    )  # fmt: skip


def test_a_correction_holds_everywhere_is_journaled_without_the_data_and_letters_follow(
    desk: Desk, case: int, tmp_path
):
    desk.run("UPDATE letters SET address = %(old)s WHERE stage = 'owed'", old=OLD)

    with desk.database.transaction() as session:
        made = rectify(
            session,
            OLD,
            contract_id=None,
            name="Zoé Dupré",
            new_email=NEW,
            phone="06 00 00 00 02",
            by=MANAGER,
            at=AT,
        )
    jobs.send_letters(desk.database, Settings(data_folder=tmp_path), lambda: moment("2026-06-11"), by="test")

    assert (made.people, made.organisations, made.cases, made.letters) == (0, 1, 1, 1)
    assert desk.rows("SELECT email, phone FROM organisations") == [(NEW, "06 00 00 00 02")]
    assert desk.value("SELECT contact FROM cases") == {
        "name": "Zoé Dupré",
        "email": NEW,
        "phone": "06 00 00 00 02",
    }
    assert desk.rows("SELECT address FROM letters ORDER BY id") == [(OLD,), (NEW,)], (
        "what left stays as it left"
    )
    said = json.dumps(
        [
            str(row)
            for row in desk.rows(
                "SELECT details FROM journal UNION ALL SELECT details::text FROM data_journal"
            )
        ]
    )
    assert "Dupré" not in said
    assert NEW not in said


def test_a_case_tells_that_its_contact_was_corrected_and_which_fields_and_goes_on(desk: Desk, case: int):
    with desk.database.transaction() as session:
        rectify(session, OLD, contract_id=None, name="Zoé Dupré", phone="06 00 00 00 02", by=MANAGER, at=AT)
    desk.move(case, Action.RECEIVE_DOCUMENTS, at="2026-06-12", given=Given(documents=("statuts", "rib")))

    with desk.database.transaction() as session:
        told = histories.history(session, case, "fr")
        sound = journal.verify(session).sound

    [line] = [one for one in told if one.what == "Coordonnées rectifiées, sur demande"]
    assert line.details[0].endswith("nom et téléphone")
    assert sound


@pytest.mark.parametrize(
    ("values", "by", "field"),
    [
        ({"name": "Zoé"}, By("person:1", Role.INSTRUCTOR), ""),
        ({}, MANAGER, ""),
        ({"new_email": "pas une adresse"}, MANAGER, "email"),
        ({"new_email": "max@ville.example"}, MANAGER, "email"),
    ],
)
def test_a_correction_nobody_may_make_or_that_says_nothing_usable_is_refused(desk: Desk, values, by, field):
    with pytest.raises(RectificationRefusedError) as refused, desk.database.transaction() as session:
        rectify(session, "ines@ville.example", contract_id=None, **values, by=by, at=AT)

    assert refused.value.field == field
    assert desk.value("SELECT count(*) FROM data_journal") == 0


def test_the_contact_typed_in_an_open_draft_is_copied_and_corrected_too(desk: Desk):
    desk.submitted_case()
    typist, typed = By("organisation:1", Role.APPLICANT), "Zoe@asso.example "
    with desk.database.transaction() as session:
        reference = drafts.start(session, 1, "annuel-2026/new", "Atelier vélo", by=typist, at=AT)
        [draft] = session.exec_driver_sql(
            "SELECT id FROM cases WHERE reference = %(r)s", {"r": reference}
        ).scalars()
        said = {"nom": ["Zoé Martin"], "courriel": [typed], "telephone": ["06"], "rna": ["W801234567"]}
        save_step(session, draft, "contact", said, at=AT, by="organisation:1")

    with desk.database.transaction() as session:
        copied = copy(session, OLD, contract_id=None, by=MANAGER, at=AT, contact="")
        made = rectify(session, OLD, contract_id=None, name="Zoé Dupré", new_email=NEW, by=MANAGER, at=AT)
        sound = journal.verify(session).sound

    assert (copied.parts["drafts"], made.cases, sound) == (1, 1, True)
    assert desk.rows(
        "SELECT answers -> 'contact', contact FROM drafts d JOIN cases c ON c.id = d.case_id"
    ) == [({"nom": ["Zoé Dupré"], "courriel": [NEW], "telephone": ["06"], "rna": ["W801234567"]}, {})]
