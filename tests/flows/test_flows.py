"""The flows under a real Prefect server: what they do, leave to see, and do not do twice."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow

from parvis.flows.advance_deadlines import advance_deadlines
from parvis.flows.apply_retention import apply_retention
from parvis.flows.fill_agendas import fill_agendas
from parvis.flows.import_deposits import import_deposits
from parvis.flows.morning_digest import morning_digest
from parvis.flows.prepare_packets import prepare_packets
from parvis.flows.publish_open_data import NothingPublishedError, publish_open_data
from parvis.flows.renew_agreements import renew_agreements
from parvis.flows.send_letters import MailServerAwayError, send_letters
from parvis.flows.watch_health import watch_health
from parvis.flows.watch_journal import JournalNotSoundError, watch_journal
from parvis.flows.write_papers import write_papers
from parvis.models.databases import AdministrationError
from parvis.services.agreement_sweeps import Renewing
from parvis.services.deadlines import Fired
from parvis.services.digests import Digested
from parvis.services.jobs import Prepared
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.flows.prefect_server import PrefectServer
from tests.services.agreement_desk import AgreementDesk
from tests.services.desk import Desk, moment
from tests.services.smtp_server import listening
from tests.services.tampering import Tamperer
from tests.services.test_open_data import city, grant, rewrite

pytestmark = pytest.mark.prefect

NOBODY = "postgresql+psycopg://parvis_owner@127.0.0.1:1/parvis"


def test_due_timers_are_fired_once_and_shown(office: Desk, prefect_server: PrefectServer):
    lapsing = office.case_awaiting_documents(reply_by="2026-06-30")
    office.case_awaiting_documents(reply_by="2026-08-31")

    fired = advance_deadlines(moment("2026-07-01 00:00"))
    shown = prefect_server.counts("advance-deadlines")
    again = advance_deadlines(moment("2026-07-01 00:00"))

    assert fired == Fired(moved=1, owed=0, superseded=fired.superseded)
    assert office.stage(lapsing) == "lapsed"
    assert (shown["Dossiers avec une échéance à jouer"], shown["Étapes franchies par l’horloge"]) == (1, 1)
    assert again == Fired()
    assert prefect_server.counts("advance-deadlines")["Étapes franchies par l’horloge"] == 0


def test_instructed_cases_reach_the_agenda_once_and_it_closes_in_time(
    office: Desk, prefect_server: PrefectServer
):
    case = office.ready_case()
    office.move(case, Action.INSTRUCT)

    filled = fill_agendas(moment("2026-06-02"))
    shown = prefect_server.counts("fill-agendas")
    again = fill_agendas(moment("2026-06-02"))

    assert (filled.added, shown["Dossiers inscrits à un ordre du jour"], again.added) == (1, 1, 0)
    assert office.stage(case) == "committee"


def test_letters_leave_once_for_the_mailbox_and_are_counted(
    office: Desk, prefect_server: PrefectServer, tmp_path
):
    office.submitted_case()

    sent = send_letters()
    shown = prefect_server.counts("send-letters")
    again = send_letters()

    assert (sent.wrote.written, sent.accepted, shown["Parties"]) == (1, 1, 1)
    assert len(list((tmp_path / "mailbox" / "new").iterdir())) == 1
    assert (again.wrote.written, again.accepted) == (0, 0)


def test_a_mail_server_away_fails_the_run_and_the_letters_leave_later(
    office: Desk, prefect_server: PrefectServer, monkeypatch
):
    office.submitted_case()
    monkeypatch.setenv("PARVIS_SMTP_URL", "smtp://127.0.0.1:1")

    with pytest.raises(MailServerAwayError):
        send_letters()
    with listening() as post:
        monkeypatch.setenv("PARVIS_SMTP_URL", post.url)
        office.run("UPDATE letters SET not_before = owed_at")
        sent = send_letters()

    assert sent.accepted == len(post.messages) == 1
    assert [run.state_name for run in prefect_server.runs("send-letters")][:2] == ["Completed", "Failed"]


def test_the_digest_of_a_morning_is_owed_once_and_never_at_night(office: Desk, prefect_server: PrefectServer):
    office.submitted_case("2026-06-01")

    at_night = morning_digest(moment("2026-06-02 06:00"))
    in_the_morning = morning_digest(moment("2026-06-02 07:30"))
    again = morning_digest(moment("2026-06-02 09:00"))
    on_sunday = morning_digest(moment("2026-06-07 07:30"))

    assert (at_night, again, on_sunday) == (Digested(), Digested(), Digested())
    assert in_the_morning.people == 1
    assert office.value("SELECT count(*) FROM letters WHERE template = 'digest'") == 1


def test_files_of_the_watched_folder_are_imported_or_refused_each_with_its_line(
    office: Desk, prefect_server: PrefectServer, tmp_path: Path
):
    at = moment("2026-06-01")
    head = "external_id;siret;titre;montant_demande;date_depot\n"
    good = head + "A-1;41816609600051;Café des parents;4 500,00 €;20/05/2026\n"
    drop(tmp_path / "inbox" / "bon.csv", good, at)
    drop(tmp_path / "inbox" / "faux.csv", good.replace("4 500,00 €", "-5"), at)

    imported = import_deposits(at)
    rows = prefect_server.artifact("import-deposits")
    again = import_deposits(at)

    assert (imported.created, imported.refused) == (1, 1)
    assert [(row["Fichier"], row["Résultat"]) for row in rows] == [
        ("bon.csv", "accepté"),
        ("faux.csv", "refusé"),
    ]
    assert (tmp_path / "inbox" / "done" / "bon.csv.txt").exists()
    assert (tmp_path / "inbox" / "refused" / "faux.csv.txt").exists()
    assert again.arrivals == ()


def test_a_sound_journal_is_anchored_and_the_administrator_told(
    office: Desk, prefect_server: PrefectServer, tmp_path: Path
):
    office.run(
        "INSERT INTO people (contract_id, email, name, role)"
        " VALUES (%(id)s, 'ada@ville.example', 'Ada', 'administrator')",
        id=office.contract_id,
    )
    office.submitted_case()
    office.run(
        "INSERT INTO sign_ups (token_hash, siret, name, email, made_at, expires_at)"
        " SELECT sha256(e::text::bytea), '1', 'A', 'a@a.example', e, e FROM unnest(%(e)s::timestamptz[]) e",
        e=[moment("2026-05-25 03:00"), moment("2026-05-27 03:00")],
    )

    watched = watch_journal(moment("2026-06-02 03:15"))
    again = watch_journal(moment("2026-06-02 04:00"))

    assert watched.anchored
    assert again.anchored
    assert (watched.anchored.number, watched.anchored.recorded, again.anchored.recorded) == (1, True, False)
    assert len(list((tmp_path / "anchors").glob("anchor-*.json"))) == 1
    assert office.value("SELECT count(*) FROM letters WHERE template = 'journal_anchor'") == 1
    assert office.rows("SELECT expires_at FROM sign_ups") == [(moment("2026-05-27 03:00"),)]
    rows = {row["Journal"]: row["Valeur"] for row in prefect_server.artifact("watch-journal")}
    assert rows["Première anomalie"] == "aucune"
    assert rows["Racine"] == watched.anchored.root.hex()


def test_a_journal_changed_behind_the_application_fails_the_run_and_is_not_anchored(
    office: Desk, prefect_server: PrefectServer, tamperer: Tamperer, tmp_path: Path
):
    case_id = office.submitted_case()
    tamperer.run("UPDATE journal SET actor = 'nobody' WHERE case_id = %(id)s AND seq = 1", id=case_id)

    with pytest.raises(JournalNotSoundError, match="ANNUEL-2026-00001"):
        watch_journal(moment("2026-06-02 03:15"))

    assert not (tmp_path / "anchors").exists()
    rows = {row["Journal"]: row["Valeur"] for row in prefect_server.artifact("watch-journal")}
    assert "ANNUEL-2026-00001" in rows["Première anomalie"]


def test_a_run_that_finds_the_database_away_fails_and_the_next_one_catches_up(
    office: Desk, prefect_server: PrefectServer, monkeypatch
):
    case_id = office.case_awaiting_documents(reply_by="2026-06-30")
    there = os.environ["PARVIS_DATABASE_URL"]

    monkeypatch.setenv("PARVIS_DATABASE_URL", NOBODY)
    with pytest.raises(AdministrationError):
        advance_deadlines(moment("2026-07-01 00:00"))
    monkeypatch.setenv("PARVIS_DATABASE_URL", there)
    caught_up = advance_deadlines(moment("2026-07-01 00:10"))

    assert caught_up.moved == 1
    assert office.stage(case_id) == "lapsed"
    assert [run.state_name for run in prefect_server.runs("advance-deadlines")][:2] == ["Completed", "Failed"]


def test_decisions_get_their_documents_once(office: Desk, prefect_server: PrefectServer):
    case_id = office.case_in_committee()
    office.hold_session()
    office.move(case_id, Action.REJECT, at="2026-09-15", role=Role.SECRETARY, given=Given(reason="Non."))

    made = write_papers(moment("2026-09-15 10:05"))
    again = write_papers(moment("2026-09-15 10:15"))

    assert (made.decisions, made.documents) == (1, 1)
    assert (again.decisions, again.documents) == (0, 0)


def test_agreements_are_renewed_each_morning_and_quietly_the_second_time(
    office: Desk, prefect_server: PrefectServer
):
    AgreementDesk(office).taken_over("2026-01-05")

    first = renew_agreements(moment("2026-01-06 06:15"))
    again = renew_agreements(moment("2026-01-06 06:25"))

    assert (first.moved, first.requests) == (1, 0)  # no call takes renewals in this city
    assert again == Renewing()


def test_grants_are_published_each_month_or_the_run_says_whose_siret_is_missing(
    office: Desk, prefect_server: PrefectServer
):
    office.fill(100_000_000)
    grant(office, 3_000_000)

    with pytest.raises(NothingPublishedError, match="il manque le SIRET de État"):
        publish_open_data(moment("2026-10-01 05:30"))
    rewrite(office, city())
    [made] = publish_open_data(moment("2026-10-01 05:40"))
    [again] = publish_open_data(moment("2026-10-01 05:50"))

    assert [(each.made, each.number, each.rows) for each in (made, again)] == [(True, 1, 1), (False, 1, 1)]
    assert prefect_server.artifact("publish-open-data")[0]["Lignes"] == 1


@pytest.mark.parametrize(
    "flow",
    [
        advance_deadlines,
        apply_retention,
        fill_agendas,
        send_letters,
        morning_digest,
        import_deposits,
        publish_open_data,
        renew_agreements,
        watch_health,
        watch_journal,
        write_papers,
    ],
)
def test_an_instant_without_its_time_zone_is_refused(
    flow: Flow[..., Any], office: Desk, prefect_server: PrefectServer
):
    with pytest.raises(ValueError, match="time zone"):
        flow(datetime(2026, 6, 1, 9))  # noqa: DTZ001


def test_what_is_at_the_end_of_its_time_is_proposed_and_shown_and_nothing_goes_unasked(
    office: Desk, prefect_server: PrefectServer
):
    case = office.submitted_case()
    office.move(case, Action.WITHDRAW, role=Role.APPLICANT)

    made = apply_retention(moment("2032-06-01"))
    shown = prefect_server.counts("apply-retention")
    again = apply_retention(moment("2032-06-01"))

    assert (made.done.done, [each.items for each in made.proposed], again.proposed) == (0, [1], ())
    assert shown["Anonymisés"] == 0
    assert [count for label, count in shown.items() if label.endswith("Dossiers sans suite")] == [1]


def drop(path: Path, content: str, at: datetime) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    long_before = at.timestamp() - 600
    os.utime(path, (long_before, long_before))


def test_packets_due_are_built_once_and_their_letters_owed(office: Desk, prefect_server: PrefectServer):
    office.case_in_committee()
    office.run(
        "INSERT INTO committee_members (committee_id, person_id, role) SELECT m.id, p.id, 'chair'"
        " FROM committees m, people p WHERE m.code = 'copil' AND p.email = 'lea@ville.example'"
    )

    early = prepare_packets(moment("2026-09-08 06:00"))
    done = prepare_packets(moment("2026-09-09 06:00"))
    shown = prefect_server.counts("prepare-packets")
    again = prepare_packets(moment("2026-09-10 06:00"))

    assert early == Prepared()
    assert done == Prepared(sittings=1, built=1, letters=1)
    assert (shown["Exemplaires établis"], shown["Lettres dues aux membres"]) == (1, 1)
    assert again == Prepared(sittings=1, unchanged=1)
