"""Two cities in one database, each with everything a route can be about: what is one's own, and what is another's."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from parvis.documents.packet import PacketContent
from parvis.models.session import Session
from parvis.services import agreement_documents, files, scenarios, tokens, visitors
from parvis.services.files import Shelf
from parvis.services.imports.deposit import PartnerShare
from parvis.services.links import Guest
from parvis.services.packet_content import read_content
from parvis.services.sessions import closing, decisions, room
from parvis.states.access import OF_PROGRAMS
from parvis.states.facts import By, Given
from parvis.states.outcomes import Draft, Outcome
from parvis.states.quorum import Attendance
from parvis.states.stages import Action, Role
from tests.services.agreement_desk import AgreementDesk
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.files.samples import png
from tests.services.session_desk import SECRETARY

NOW = moment("2026-06-10")
SIRETS = {"a": "41816609600051", "b": "35600000000048", "c": "55203253400646"}
ROLES = (
    Role.INSTRUCTOR, Role.FUNDER, Role.MEMBER, Role.SECRETARY, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR,
)  # fmt: skip
OWN_WORDS = {
    "change_bank": {"change": "refuser"}, "try_template": {"kind": "refusal_letter"},
    "act_on_agreement": {"action": "review_year"}, "change_scenario": {"change": "effacer"},
}  # fmt: skip
"""Words in addresses of one route, that are others elsewhere."""
OTHER = "other"
"""One more instructor, who keeps things of their own."""


@dataclass(frozen=True)
class City:
    """One contract, and what of each kind is in it; `of` is what one person has, by their role."""

    letter: str
    desk: Desk
    things: dict[str, Any]
    of: dict[str, dict[str, Any]]

    def email(self, role: str) -> str:
        """Who is in this role."""
        return f"{role}@{self.letter}.example"


def city(letter: str, desk: Desk, shelf: Shelf) -> City:
    """A city with cases at hand, a session to come and one that is closed, letters, tasks; and what people keep."""
    mine = Desk.opened(desk.database, _contract(letter))
    mine.numbers = desk.numbers
    ahead, over = (mine.committee(f"{name}-{letter}") for name in ("copil", "clos"))
    about = {"call": f"annuel-{letter}", **_association(letter)}
    on_agenda, waiting = _case(mine, ahead, about), mine.submitted_case(**about)
    other_siret = {**about, **_association("c" if letter == "a" else "a")}
    things = {
        "reference": _reference(mine, on_agenda), "case_id": on_agenda, "waiting": _reference(mine, waiting),
        "unfunded": _reference(mine, mine.submitted_case(**about, funders=())),
        "elsewhere": _reference(mine, mine.submitted_case(**other_siret)),
        "part": _reference(mine, mine.submitted_case(
            **other_siret, partners=(PartnerShare(siret=SIRETS[letter], requested_cents=100_000),))),
        "organisation_id": mine.value("SELECT id FROM organisations WHERE siret = %(s)s", s=SIRETS[letter]),
        "partner_id": mine.value("SELECT id FROM organisations WHERE siret = %(s)s", s=SIRETS[letter]),
        "siret": SIRETS[letter], "sitting_id": ahead, "over": over, "call": f"annuel-{letter}",
        "file_id": _attach(mine, shelf, on_agenda), "other_file": _attach(mine, shelf, waiting),
        "letter": mine.value("SELECT 'l' || min(id) FROM letters WHERE case_id = %(id)s", id=waiting),
        "task_id": mine.value(
            "INSERT INTO tasks (key, case_id, kind, title_fr, title_en, opened_at)"
            " VALUES (%(key)s, %(id)s, 'call', 'Appeler', 'Call', now()) RETURNING id", key=letter, id=waiting),
        "of_city": mine.value(_OF_CITY, code=f"ville-{letter}"),
    }  # fmt: skip
    things |= _envelopes(mine)
    drafts = {"draft": SIRETS[letter], "other_draft": other_siret["siret"]}
    things |= {name: _draft(mine, siret, about) for name, siret in drafts.items()}
    things["scenario_id"] = _scenario(mine, ahead)
    organisation = mine.value("SELECT organisation_id FROM cases WHERE id = %(id)s", id=on_agenda)
    agreement = AgreementDesk(mine).taken_over("2026-01-05", organisation_id=organisation)
    things["agreement"] = mine.value("SELECT reference FROM agreements WHERE id = %(id)s", id=agreement)
    things["agreement_file"] = _paper_of_agreement(mine, shelf, agreement)
    things |= _lot_and_endpoint(mine, letter)
    things |= _papers(mine, ahead) | _closed_session(mine, letter, about) | _batch(mine, waiting)
    return City(
        letter,
        mine,
        things,
        {role: _kept(mine, f"{role}@{letter}.example", role) for role in (*ROLES, OTHER)},
    )


def _association(letter: str) -> dict[str, str]:
    """One that says the same name in every city: it is one for all of them."""
    return {"siret": SIRETS[letter], "organisation": f"Association {letter}"}


def _endpoint(desk: Desk, name: str) -> int:
    """A tool that would be told, were it not paused."""
    return int(desk.value(
        "INSERT INTO webhook_endpoints (contract_id, name, url, types, state, made_at, made_by)"
        " VALUES (%(c)s, %(name)s, 'https://outil.example/', '[\"case.*\"]', 'paused', now(), 'x') RETURNING id",
        c=desk.contract_id, name=name))  # fmt: skip


def _lot_and_endpoint(desk: Desk, letter: str) -> dict[str, Any]:
    return {
        "number": _lot(desk, 1 if letter == "a" else 2),
        "endpoint_id": _endpoint(desk, f"ville-{letter}"),
    }


def _lot(desk: Desk, number: int) -> int:
    """A lot of no payments; its number is none of the other city’s."""
    return int(desk.value(
        "INSERT INTO payment_lots (contract_id, number, key, made_at, made_by, sealed)"
        " VALUES (%(c)s, %(n)s, %(k)s, now(), 'person:1', '') RETURNING number",
        c=desk.contract_id, n=number, k=f"lot-{number}"))  # fmt: skip


def _batch(desk: Desk, case: int) -> dict[str, int]:
    """A batch of what has reached the end of its time, and the one thing in it."""
    batch = desk.value(
        "INSERT INTO retention_batches (contract_id, kind, final, months, proposed_at)"
        " VALUES (%(c)s, 'refused', 'destroyed', 60, now()) RETURNING id", c=desk.contract_id)  # fmt: skip
    into = "INSERT INTO retention_items (batch_id, case_id) VALUES (%(batch)s, %(case)s) RETURNING id"
    item = desk.value(into, batch=batch, case=case)
    return {"batch_id": batch, "item_id": item}


def _envelopes(desk: Desk) -> dict[str, int]:
    """The one of the funder of the city's account, and another's."""
    of = "SELECT e.id FROM envelopes e JOIN funders f ON f.id = e.funder_id WHERE contract_id = %(c)s AND code = %(f)s"
    names = (("envelope_id", "etat"), ("other_envelope", "ville"))
    return {name: desk.value(of, c=desk.contract_id, f=funder) for name, funder in names}


def _scenario(desk: Desk, sitting: int) -> int:
    with desk.database.transaction() as session:
        return scenarios.begin(session, sitting, "Vide", scenarios.Source.NOTHING, by=SECRETARY, at=NOW)


def _contract(letter: str) -> dict[str, object]:
    people: list[dict[str, object]] = [
        {"email": f"{role}@{letter}.example", "name": f"{role.capitalize()} {letter}", "role": role,
         **({"funder": "etat"} if role == Role.FUNDER else {})}
        for role in ROLES
    ]  # fmt: skip
    people.append({"email": f"other@{letter}.example", "name": "Une autre", "role": "instructor"})
    members = [{"person": f"member@{letter}.example", "role": "chair"}]
    committees = [
        {"code": f"{code}-{letter}", "name": f"{code}-{letter}", "kind": "steering", "covers": "all", "held_on": [day],
         "members": members}
        for code, day in (("copil", "2026-09-15"), ("clos", "2026-06-09"))
    ]  # fmt: skip
    committees.append(
        {
            "code": f"sans-{letter}",
            "name": f"sans-{letter}",
            "kind": "technical",
            "covers": "all",
            "held_on": ["2026-10-01"],
        }
    )
    call = {**CONTRACT["calls"][0], "code": f"annuel-{letter}"}
    return {
        **CONTRACT,
        "code": f"ville-{letter}",
        "people": people,
        "committees": committees,
        "calls": [call],
    }


def _case(desk: Desk, sitting: int, about: dict[str, Any]) -> int:
    case = desk.submitted_case(**about)
    desk.move(case, Action.RECEIVE_DOCUMENTS, given=Given(documents=("statuts", "rib")))
    for action, given in ((Action.CHECK_ELIGIBILITY, Given()), (Action.ASSESS, Given(score=70))):
        desk.move(case, action, given=given)
    desk.move(case, Action.INSTRUCT)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=sitting))
    return case


def _closed_session(desk: Desk, letter: str, about: dict[str, Any]) -> dict[str, Any]:
    sitting, held = desk.committee(f"clos-{letter}"), moment("2026-06-09 15:00")
    case = _case(desk, sitting, about)
    member = desk.value("SELECT id FROM people WHERE email = %(e)s", e=f"member@{letter}.example")
    with desk.database.transaction() as session:
        room.open_session(session, sitting, by=SECRETARY, at=held)
        room.attend(session, sitting, {member: Attendance.PRESENT}, by=SECRETARY, at=held)
        decisions.save(
            session, sitting, case, Draft(Outcome.REJECT, reason="Hors sujet"), by=SECRETARY, at=held
        )
        closing.close(session, sitting, by=SECRETARY, at=held)
    return {"minutes_file": desk.value(_FILE, committee=sitting, name="pv.pdf", kind="minutes")}


_OF_CITY = """
WITH failed AS (
    INSERT INTO letters (contract_id, rule, occurrence, recipient, template, name, owed_at, not_before, stage)
    SELECT id, 'welcome', code, 'manager', 'digest', code, now(), now(), 'failed' FROM contracts WHERE code = %(code)s)
INSERT INTO tasks (key, contract_id, kind, title_fr, title_en, opened_at)
SELECT code, id, 'call', code, code, now() FROM contracts WHERE code = %(code)s RETURNING id
"""
"""What is of a contract and about no case: a letter that failed, and a task."""
_FILE = """
INSERT INTO files (committee_id, kind, name, media_type, size, sha256, added_at, added_by)
SELECT %(committee)s, %(kind)s, %(name)s, media_type, size, sha256, now(), 'person:1' FROM files LIMIT 1 RETURNING id
"""


def _papers(desk: Desk, sitting: int) -> dict[str, Any]:
    paper = desk.value(_FILE, committee=sitting, name="dossier.pdf", kind="packet")
    with desk.database.transaction() as session:
        said = (
            TypeAdapter(PacketContent)
            .dump_json(read_content(session, sitting, hidden=(), copy_for=[]))
            .decode()
        )
    packet = desk.value(
        "INSERT INTO packets (committee_id, version, hidden, content, content_hash, pages, file_id, built_at)"
        " VALUES (%(sitting)s, 1, '{}', %(said)s, sha256('{}'), 1, %(file)s, now()) RETURNING id",
        sitting=sitting, file=paper, said=said,
    )  # fmt: skip
    return {"sitting_file": paper, "packet_id": packet}


def _attach(desk: Desk, shelf: Shelf, case: int) -> int:
    file = files.checked(shelf, f"piece-{case}.png", png())
    organisation = desk.value("SELECT organisation_id FROM cases WHERE id = %(id)s", id=case)
    with desk.database.transaction() as session:
        by = By(f"organisation:{organisation}", Role.APPLICANT)
        return files.attach(session, shelf, case, file, by=by, at=NOW).id


def _paper_of_agreement(desk: Desk, shelf: Shelf, agreement: int) -> int:
    file, day = files.checked(shelf, "convention.png", png()), NOW.date()
    with desk.database.transaction() as session:
        return agreement_documents.add(
            session, shelf, agreement, file, by=SECRETARY, at=NOW, signed_on=day
        ).file.id


def _draft(desk: Desk, siret: str, about: dict[str, Any]) -> str:
    """A request this organisation has begun."""
    known = {number: letter for letter, number in SIRETS.items()}
    case = desk.submitted_case(**{**about, **_association(known[siret])})
    desk.run("DELETE FROM timers WHERE case_id = %(id)s", id=case)
    desk.run("UPDATE cases SET stage = 'draft' WHERE id = %(id)s", id=case)
    return _reference(desk, case)


def _reference(desk: Desk, case: int) -> str:
    return str(desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))


def _kept(desk: Desk, email: str, role: str) -> dict[str, Any]:
    person = int(desk.value("SELECT id FROM people WHERE email = %(email)s", email=email))
    view = desk.value(
        "INSERT INTO views (person_id, name, query, saved_at) VALUES (%(p)s, 'La mienne', '', now()) RETURNING id",
        p=person,
    )
    run = desk.value(
        "INSERT INTO bulk_runs (key, request_hash, actor, role, action, given, wait_seconds, asked_at)"
        " VALUES (%(key)s, '', %(actor)s, %(role)s, 'assign', '{}', 600, %(at)s) RETURNING id",
        key=email, actor=f"person:{person}", role="instructor" if role == OTHER else role, at=NOW,
    )  # fmt: skip
    identity = desk.value(
        "INSERT INTO identities (person_id, issuer, subject, linked_at, seen_at)"
        " VALUES (%(p)s, 'https://id.example', %(email)s, now(), now()) RETURNING id",
        p=person, email=email,
    )  # fmt: skip
    with desk.database.transaction() as session:
        secret, spare = (_sign_in(session, person) for _ in range(2))
        token = tokens.make(
            session, person, name="script", scopes=OF_PROGRAMS, lasts=timedelta(days=9), at=NOW
        )
    return {
        "person_id": person, "view_id": view, "identity_id": identity, "run_id": run, "token_id": token.line.id,
        "token": token.secret,
        "secret": secret, "spare": spare,
        "session_id": desk.value("SELECT max(id) FROM web_sessions WHERE person_id = %(p)s", p=person),
    }  # fmt: skip


def _sign_in(session: Session, person: int) -> str:
    return visitors.sign_in(session, Guest(person), browser="test", at=NOW)


def shelf_of(folder: Path) -> Shelf:
    """Where an application with this data folder keeps its files."""
    return Shelf(folder / "files")
