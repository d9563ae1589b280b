"""Files that come in while the antivirus does not answer: nothing waits with it in the database, nothing comes in."""

import time
from socket import socket

from parvis.models.session import Database
from parvis.services.settings import Settings
from parvis.web.site import Site
from tests.services.agreement_desk import AgreementDesk
from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.services.files.test_clamd import listening, read_stream
from tests.web.application import application
from tests.web.browser import Browser, Clock

OPEN = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


def test_no_transaction_is_open_while_the_antivirus_hangs_and_what_it_did_not_look_at_is_refused(
    desk: Desk, owner_database: Database, settings: Settings, clock: Clock
):
    seen: list[int] = []

    def hangs(daemon: socket) -> None:
        read_stream(daemon)
        time.sleep(0.1)
        with owner_database.transaction() as session:
            seen.append(session.exec_driver_sql(OPEN).scalar_one())

    case = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-01")
    AgreementDesk(desk).taken_over("2026-01-05")
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    with listening(hangs) as address:
        protected = settings.model_copy(update={"antivirus": address})
        browser = Browser(application(Site(desk.database, protected, clock)), desk, clock)
        ines, asso = browser.as_person("ines@ville.example"), browser.as_applicant("41816609600051")
        answers = [
            ines.post(f"/dossiers/{reference}/fichiers", files={"fichier": ("rib.pdf", pdf())}),
            asso.post(f"/mes-dossiers/{reference}/pieces", files={"piece_rib": ("rib.pdf", pdf())}),
            ines.post("/conventions/CONV-00001/fichiers", {}, files={"fichier": ("signee.pdf", pdf())}),
        ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert all("L’antivirus ne répond pas" in answer.text for answer in answers)
    assert seen == [0] * 3
    assert desk.value("SELECT count(*) FROM files") == 0
