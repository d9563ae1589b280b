"""A refused case that says everywhere whom it is about, and where a word is still to be found."""

import json
from pathlib import Path

from parvis.services import bank, files, jobs
from parvis.services.bank_keys import Ring, new_key
from parvis.services.committee_journal import record_event
from parvis.services.imports.deposit import Contact
from parvis.services.settings import Settings
from parvis.states.bank import Account
from parvis.states.facts import By, Given
from parvis.states.sitting_events import SittingEvent
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment
from tests.services.files.samples import pdf

WHO, MAIL, PHONE = "Zéphyrine Quatrepoint", "zephyrine@quatrepoint.example", "06 98 76 54 32"
IBAN = "FR1420041010050500013M02606"
WORDS = (WHO, MAIL, PHONE, "Quatrepoint", IBAN, IBAN[-4:])
MANAGER = By("person:4", Role.MANAGER)
BEFORE, AFTER = moment("2031-09-14"), moment("2031-09-17")
"""Five years after the refusal of 15 September 2026: not yet, and then."""


def refused_case(desk: Desk, chosen: Settings) -> int:
    """A case refused on 15 September 2026; another one, of another association, stays beside it."""
    contact = Contact(name=WHO, email=MAIL, phone=PHONE)
    case = desk.submitted_case(
        title=f"Atelier de {WHO}", summary=f"Appeler {WHO}", contacts=(contact,), email=MAIL, phone=PHONE,
        address=f"chez {WHO}", organisation="Les Voisins",
    )  # fmt: skip
    desk.submitted_case(
        siret="35600000000048", email="autre@asso.example", organisation="Autre", title="Autre action"
    )
    said = Given(documents=("rib", f"Attestation de {WHO}"), reply_by=moment("2026-06-30").date())
    desk.move(case, Action.REQUEST_DOCUMENTS, at="2026-06-02", given=said)
    jobs.send_letters(desk.database, chosen, lambda: moment("2026-06-02 12:00"), by="test")
    _papers(desk, chosen, case)
    desk.run("UPDATE documents SET received_at = now() WHERE case_id = %(id)s", id=case)
    desk.move(case, Action.COMPLETE, at="2026-06-03")
    desk.move(case, Action.CHECK_ELIGIBILITY, at="2026-06-03")
    desk.move(case, Action.ASSESS, at="2026-06-03", given=Given(score=70))
    desk.move(case, Action.INSTRUCT, at="2026-06-03")
    desk.move(case, Action.SCHEDULE, at="2026-06-03", given=Given(committee_id=desk.committee("copil")))
    desk.hold_session()
    desk.move(
        case,
        Action.REJECT,
        at="2026-09-15",
        role=Role.SECRETARY,
        given=Given(reason=f"{WHO} le sait : {PHONE}"),
    )
    for statement in FILLED.split(";"):
        desk.run(statement, id=case, who=WHO, mail=MAIL)
    jobs.send_letters(desk.database, chosen, lambda: moment("2026-09-16"), by="test")
    (chosen.inbox / "done").mkdir(parents=True)
    (chosen.inbox / "done" / "depots.csv").write_text(f"{WHO};{MAIL}", "utf-8")
    return case


def _papers(desk: Desk, chosen: Settings, case: int) -> None:
    shelf = files.shelf(chosen)
    with desk.database.transaction() as session:
        files.attach(
            session,
            shelf,
            case,
            files.checked(shelf, f"CV de {WHO}.txt", f"{WHO} {PHONE}".encode()),
            by=MANAGER,
            at=BEFORE,
        )
        files.attach(session, shelf, case, files.checked(shelf, "statuts.pdf", pdf(1)), by=MANAGER, at=BEFORE)
        ring = Ring([new_key()])
        bank.ask(
            session,
            ring,
            1,
            Account(IBAN, WHO),
            by=By("organisation:1", Role.APPLICANT),
            at=moment("2026-06-02"),
        )
        record_event(
            session, desk.committee("copil"), SittingEvent.CASE_REMOVED, {"case": case, "reason": f"Voir {WHO}"},
            by=MANAGER, at=moment("2026-06-02"),
        )  # fmt: skip


FILLED = """
UPDATE fundings SET opinion_comment = %(who)s WHERE case_id = %(id)s;
UPDATE budget_lines SET label = %(who)s WHERE case_id = %(id)s;
INSERT INTO notes (case_id, key, version, made_at, made_by) VALUES (%(id)s, 'k', 1, now(), 1);
INSERT INTO note_texts (note_id, version, body, writer, began_at, saved_at, saved_by)
SELECT id, 1, %(who)s, 'w', now(), now(), 1 FROM notes;
INSERT INTO portal_events (case_id, position, at, kind, status, by) VALUES (%(id)s, 1, now(), 'a', 'b', %(who)s);
INSERT INTO interests (person_id, case_id, ground, detail, status, reason, at, by)
VALUES (2, %(id)s, 'leader', %(who)s, 'dismissed', %(who)s, now(), 'person:3');
INSERT INTO reports (case_id, kind, state, answers, corrections, people)
VALUES (%(id)s, 'final', 'accepted', jsonb_build_object('a', %(who)s::text), %(who)s::text, 40);
INSERT INTO session_decisions (committee_id, case_id, outcome, reason, version, saved_by, saved_at)
SELECT committee_id, case_id, 'reject', %(who)s, 1, 'person:3', now() FROM agenda_items WHERE case_id = %(id)s;
INSERT INTO organisations (siret, name) VALUES ('41816609600069', 'Partenaire');
INSERT INTO partners (case_id, organisation_id, requested_cents, email, answers, state, signed_by)
SELECT %(id)s, id, 5, %(mail)s, jsonb_build_object('a', %(who)s::text), 'confirmed', %(who)s::text
  FROM organisations WHERE name = 'Partenaire';
INSERT INTO tasks (key, case_id, kind, title_fr, title_en, opened_at)
VALUES ('t', %(id)s, 'call', %(who)s::text, %(who)s::text, now());
INSERT INTO suppressions (address, letter_id, status, said, since, lifted_at)
SELECT address, min(id), '5.1.1', %(who)s, now(), now() FROM letters WHERE address = %(mail)s GROUP BY 1;
INSERT INTO packets (committee_id, version, hidden, content, content_hash, pages, file_id, built_at)
SELECT i.committee_id, 1, '{}', %(who)s, sha256('a'), 1, f.id, now()
  FROM agenda_items i JOIN files f ON f.case_id = i.case_id AND f.name = 'statuts.pdf' WHERE i.case_id = %(id)s
"""
"""Names where services would put them on the way."""


def found(desk: Desk, folder: Path, words: tuple[str, ...] = WORDS) -> list[str]:
    """Every table and every file that says one of these words."""
    tables = desk.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    said = [
        f"{table}: {word}" for (table,) in tables for word in words
        if desk.value(f"SELECT count(*) FROM {table} t WHERE strpos(t::text, %(w)s) > 0 OR strpos(t::text, %(e)s) > 0",
                      w=word, e=json.dumps(word).strip('"'))
    ]  # fmt: skip
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        content = file.name.encode() + file.read_bytes()
        said += [f"{file.name}: {word}" for word in words if word.encode() in content]
    return said
