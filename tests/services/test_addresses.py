"""The address of an organisation: asked for and proved, or corrected by the service; what follows and what ends."""

from datetime import timedelta

import pytest

from parvis.models.queries import forgetting, personal, suppressions
from parvis.models.queries.suppressions import SentLetter
from parvis.services import addresses, applicants, histories, journal, links, visitors
from parvis.services.addresses import AddressRefusedError
from parvis.services.imports.deposit import Contact
from parvis.services.letters import claim_due
from parvis.services.links import Gone, Guest, LinkGoneError
from parvis.services.personal.rectifying import rectify
from parvis.states.access import PROOF_LASTS, Purpose
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from parvis.states.words import Language
from tests.services.desk import Desk, moment

OLD, NEW, OTHER, LEO = "contact@asso.example", "bureau@asso.example", "autre@asso.example", "leo@asso.example"
AT, LEASE = moment("2026-06-10"), timedelta(minutes=5)
INES, MANAGER = By("person:1", Role.INSTRUCTOR), By("person:4", Role.MANAGER)
WHY = "Boîte fermée, demandé au téléphone"


@pytest.fixture
def case(desk: Desk) -> int:
    """A case whose contact and organisation are reached at one address; no letter waits."""
    made = desk.submitted_case(contacts=(Contact(name="Zoé Martin", email=OLD, phone="06 00 00 00 01"),))
    desk.run("UPDATE letters SET stage = 'dropped'")
    return made


def ask(desk: Desk, email: str = NEW, at=AT) -> str:
    """The secret of the letter that proves an address just asked for."""
    with desk.database.transaction() as session:
        addresses.ask(session, 1, email, browser="Firefox, Windows", at=at)
    last = "SELECT data ->> 'path' FROM letters WHERE template = 'address_link' ORDER BY id DESC LIMIT 1"
    return str(desk.value(last)).removeprefix(addresses.PATH)


def prove(desk: Desk, secret: str, at=AT) -> None:
    with desk.database.transaction() as session:
        assert addresses.prove(session, secret, at=at) == Guest(organisation_id=1)


def correct(desk: Desk, email: str = NEW, reason: str = WHY, by: By = INES) -> None:
    with desk.database.transaction() as session:
        addresses.correct(session, 1, email, reason, contract_id=desk.contract_id, by=by, at=AT)


def hold(desk: Desk, address: str = OLD) -> None:
    """A letter came back from this address."""
    letter = SentLetter(
        desk.value("SELECT min(id) FROM letters"), None, desk.contract_id, address, "Asso", "Objet"
    )
    with desk.database.transaction() as session:
        suppressions.suppress(session, letter, status="5.1.1", said="User unknown", at=AT)


def told(desk: Desk) -> list[tuple[str, str]]:
    """The letters about addresses, and where each goes."""
    return desk.rows(
        "SELECT template, data ->> 'email' FROM letters WHERE template LIKE 'address%%' ORDER BY id"
    )


def address(desk: Desk) -> tuple[str, str]:
    [row] = desk.rows("SELECT email, email_source FROM organisations WHERE id = 1")
    return row


def gone(desk: Desk, secret: str, at=AT) -> Gone:
    with pytest.raises(LinkGoneError) as refused, desk.database.transaction() as session:
        addresses.prove(session, secret, at=at)
    return refused.value.why


def test_a_new_address_counts_once_its_letter_is_followed_and_the_old_one_is_told_before_and_after(
    desk: Desk, case
):
    secret = ask(desk)

    assert address(desk) == (OLD, "deposit")
    assert told(desk) == [("address_link", NEW), ("address_asked", OLD)]
    assert secret not in str(desk.rows("SELECT * FROM address_changes"))
    prove(desk, secret)

    assert address(desk) == (NEW, "proved")
    assert told(desk)[2:] == [("address_changed", OLD), ("address_changed", NEW)]
    assert gone(desk, secret) == Gone.USED
    assert desk.rows("SELECT action, subject, actor, details::text FROM data_journal") == [
        ("rectify", "organisation:1", "organisation:1", '{"fields": ["email"]}')
    ]
    with desk.database.transaction() as session:
        assert journal.verify(session).sound


def test_the_letters_say_who_asked_when_and_what_to_do(desk: Desk, case):
    prove(desk, ask(desk))

    with desk.database.transaction() as session:
        _, claimed = claim_due(session, by="t", at=AT, lease=LEASE, limit=9, link="https://p.example")

    link, notice, before, after = claimed
    assert "https://p.example/nouvelle-adresse/" in link.body_text
    assert (
        "Le mercredi 10 juin 2026 à 9\u00a0h, quelqu’un entré dans l’espace de Association Exemple (Firefox, Windows)"
        in (notice.body_text)
    )
    assert "annulez la demande" in notice.body_text
    assert "https://p.example/nouvelle-adresse/" not in notice.body_text
    assert [(one.address, NEW in one.body_text) for one in (before, after)] == [(OLD, True), (NEW, True)]


def test_the_secret_opens_until_its_second_and_another_request_takes_the_place_of_the_one_before(
    desk: Desk, case
):
    first = ask(desk)
    second = ask(desk, OTHER)

    assert gone(desk, first) == Gone.UNKNOWN
    assert gone(desk, second, AT + PROOF_LASTS) == Gone.EXPIRED
    prove(desk, second, AT + PROOF_LASTS - timedelta(seconds=1))
    assert address(desk) == (OTHER, "proved")


def test_a_request_that_is_given_up_or_overtaken_by_the_service_opens_nothing(desk: Desk, case):
    one = ask(desk)
    with desk.database.transaction() as session:
        addresses.give_up(session, 1, at=AT)
        assert addresses.standing(session, 1, at=AT).asked is None
    assert gone(desk, one) == Gone.USED

    other = ask(desk)
    correct(desk, OTHER)
    assert gone(desk, other) == Gone.USED
    assert address(desk) == (OTHER, "service")


@pytest.mark.parametrize("typed", ["", "pas une adresse", "a@b.fr,c@d.fr", OLD.upper()])
def test_what_is_no_address_or_is_the_one_of_today_is_refused_and_nothing_is_owed(desk: Desk, case, typed):
    with pytest.raises(AddressRefusedError) as refused:
        ask(desk, typed)

    assert refused.value.field == "courriel"
    assert told(desk) == []


def test_the_old_mailbox_opens_nothing_any_more(desk: Desk, case):
    with desk.database.transaction() as session:
        inside = visitors.sign_in(session, Guest(organisation_id=1), browser="", at=AT)
        path = links.offer(
            session, Guest(organisation_id=1), Purpose.CASE, case, expires_at=AT + PROOF_LASTS, at=AT
        )

    prove(desk, ask(desk))

    with desk.database.transaction() as session:
        assert visitors.who(session, inside, at=AT) is None
        with pytest.raises(LinkGoneError):
            links.consume(session, path.removeprefix(links.PATH), at=AT)
        assert [applicants.ask_for_link(session, each, at=AT) for each in (OLD, NEW)] == [0, 1]
    assert desk.value("SELECT contact ->> 'email' FROM cases") == NEW


def test_the_contact_of_a_case_that_was_somebody_else_stays_and_cases_under_way_tell_what_changed(
    desk: Desk, case
):
    other = desk.submitted_case(contacts=(Contact(name="Léo", email=LEO),))
    over = desk.submitted_case(contacts=(Contact(name="Léo", email=LEO),))
    desk.move(over, Action.WITHDRAW, role=Role.APPLICANT)

    correct(desk)

    assert desk.rows("SELECT contact ->> 'email' FROM cases ORDER BY id") == [(NEW,), (LEO,), (LEO,)]
    with desk.database.transaction() as session:
        said = [[one for one in histories.history(session, each, "fr") if one.what.startswith("Coordonnées")]
                for each in (case, other, over)]  # fmt: skip
        assert journal.verify(session).sound
    assert [[detail.rpartition("\u202f: ")[2] for one in lines for detail in one.details] for lines in said] == [
        ["adresse de l’organisme et adresse", WHY], ["adresse de l’organisme", WHY], []
    ]  # fmt: skip
    assert "Inès Roy" in said[0][0].who


def test_letters_that_wait_or_failed_lately_leave_for_the_new_address_which_is_not_held(desk: Desk, case):
    desk.move(case, Action.REQUEST_DOCUMENTS, at="2026-06-02",
              given=Given(documents=("rib",), reply_by=moment("2026-06-30").date()))  # fmt: skip
    hold(desk)
    with desk.database.transaction() as session:
        assert claim_due(session, by="t", at=AT, lease=LEASE, limit=9)[0].failed == 1
    desk.run("""INSERT INTO letters (case_id, rule, occurrence, recipient, template, data, owed_at, not_before, stage)
                SELECT case_id, 'old', '1', recipient, template, data, '2026-04-01', '2026-04-01', 'failed'
                  FROM letters WHERE template = 'documents_requested'""")
    task = "INSERT INTO tasks (key, case_id, kind, title_fr, title_en, opened_at)"
    desk.run(f"{task} VALUES (%(key)s, %(case)s, 'returned', '', '', now())", key=f"address/{OLD}", case=case)

    correct(desk)
    with desk.database.transaction() as session:
        wrote, claimed = claim_due(session, by="t", at=AT, lease=LEASE, limit=9)

    assert wrote.failed == 0
    assert desk.rows("SELECT template, address FROM letters WHERE stage = 'sending' ORDER BY template") == [
        ("address_changed", NEW), ("documents_requested", NEW)
    ]  # fmt: skip
    assert len(claimed) == 2, "nothing to the address letters came back from"
    assert desk.value("SELECT stage FROM letters WHERE rule = 'old'") == "failed"
    assert (
        desk.value("SELECT count(*) FROM tasks WHERE done_at IS NULL AND kind IN ('letter', 'returned')") == 0
    )
    assert desk.value("SELECT count(*) FROM suppressions WHERE lifted_at IS NULL") == 1


def test_a_letter_written_and_put_off_is_written_anew_to_the_new_address(desk: Desk, case):
    desk.run(
        "UPDATE letters SET stage = 'owed', address = %(old)s, rendered_at = now(), body_text = 'x'", old=OLD
    )

    prove(desk, ask(desk))
    with desk.database.transaction() as session:
        _, claimed = claim_due(session, by="t", at=AT, lease=LEASE, limit=9)

    assert {one.address for one in claimed if one.case_id == case} == {NEW}


def test_an_address_proved_or_corrected_stays_whatever_a_deposit_says(desk: Desk, case):
    correct(desk)
    desk.submitted_case(email=OTHER)
    assert address(desk) == (NEW, "service")

    desk.run("UPDATE organisations SET email_source = 'space'")
    desk.submitted_case(email=OTHER)
    assert address(desk) == (OTHER, "deposit")

    with desk.database.transaction() as session:
        rectify(session, OTHER, contract_id=None, new_email=OLD, by=MANAGER, at=AT)
    desk.submitted_case(email=OTHER)
    assert address(desk) == (OLD, "service")


@pytest.mark.parametrize(
    ("said", "by", "field"),
    [
        ((NEW, ""), INES, "motif"), ((NEW, "x" * 401), INES, "motif"), (("x", WHY), INES, "courriel"),
        ((OLD, WHY), MANAGER, "courriel"), ((NEW, WHY), By("person:3", Role.SECRETARY), ""),
    ],
)  # fmt: skip
def test_the_service_corrects_an_address_for_a_reason_and_by_whom_it_may(desk: Desk, case, said, by, field):
    with pytest.raises(AddressRefusedError) as refused:
        correct(desk, said[0], said[1], by)

    assert refused.value.field == field
    assert (address(desk), told(desk)) == ((OLD, "deposit"), [])


def test_both_addresses_are_told_that_the_service_corrected_it_and_why(desk: Desk, case):
    correct(desk)

    assert told(desk) == [("address_changed", OLD), ("address_changed", NEW)]
    with desk.database.transaction() as session:
        _, claimed = claim_due(session, by="t", at=AT, lease=LEASE, limit=9)
    assert all(f": {WHY}" in one.body_text and "notre service" in one.body_text for one in claimed)


def test_telephone_and_language_are_changed_at_once_and_a_number_too_long_is_refused(desk: Desk, case):
    with desk.database.transaction() as session:
        addresses.choose(session, 1, phone="06 12", language=Language.EN)
    with pytest.raises(AddressRefusedError), desk.database.transaction() as session:
        addresses.choose(session, 1, phone="0" * 41, language=Language.FR)

    assert desk.rows("SELECT phone, language FROM organisations") == [("06 12", "en")]


def test_what_was_asked_for_is_told_to_its_person_forgotten_a_week_on_and_with_its_organisation(
    desk: Desk, case
):
    ask(desk)
    with desk.database.transaction() as session:
        [part] = [
            one
            for one in personal.held(session, personal.known(session, OLD))
            if one.code == "address_changes"
        ]
        assert part.rows[0]["email"] == NEW
        over = AT + PROOF_LASTS + applicants.FORGOTTEN_AFTER
        kept = [
            applicants.forget_expired(session, at=over + each) for each in (timedelta(), timedelta(seconds=1))
        ]
    assert kept == [0, 1]

    correct(desk)
    ask(desk, OTHER)
    desk.run("UPDATE cases SET anonymised_at = now()")
    with desk.database.transaction() as session:
        forgetting.forget_organisations(session, case_id=case, agreement_id=None, at=AT)
    assert address(desk) == ("", "deposit")
    assert desk.value("SELECT count(*) FROM address_changes") == 0
