"""Pictures of the main pages over the demonstration, light and dark, wide and narrow: `make screenshots`."""

import io
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from datetime import time as hour
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from parvis.models.queries import session_cases as queries
from parvis.models.queries.access import end_all_sessions
from parvis.models.session import Database
from parvis.notifications.mailbox import LocalMailbox
from parvis.services import bulk, jobs, visitors, wiring
from parvis.services.links import Guest
from parvis.services.opening import open_contract
from parvis.services.rehearsal.demonstration import ensure_demonstration
from parvis.services.sessions import decisions, room
from parvis.services.settings import Settings
from parvis.states.calendar import local_instant
from parvis.states.facts import By, Given
from parvis.states.quorum import Attendance
from parvis.states.stages import Action, Role
from parvis.web.app import make_app
from parvis.web.site import Site
from tests.browser.conftest import FLAGS

IMAGES = Path(__file__).parents[2] / "docs" / "images"
COLOURS, MOST_BYTES = 64, 150_000
LOOKS = {"clair": (1366, False), "sombre": (1366, True), "etroit": (390, False)}
INSTRUCTOR, FUNDER = "samira.benali@amiens-metropole.example", "nathalie.roussel@amiens-metropole.example"
MANAGER, FINANCE = "philippe.masson@amiens-metropole.example", "aurelie.fontaine@amiens-metropole.example"
MEMBER = "elue.cohesion@amiens-metropole.example"
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
HOUR = hour(15)
SECRETARY = "florence.delattre@amiens-metropole.example"


BUSIEST, DRAFTING, OWNER, NOBODY = "busiest", "drafting", "owner", "nobody"
FOUND = {
    "case": "SELECT reference FROM cases c JOIN people p ON p.id = c.instructor_id WHERE c.stage = 'submitted'"
    f" AND p.email = '{INSTRUCTOR}' AND c.opinions_due_at IS NOT NULL ORDER BY c.id LIMIT 1",
    "sitting": "SELECT a.committee_id FROM agenda_items a JOIN committees m ON m.id = a.committee_id"
    " WHERE a.left_at IS NULL AND m.held_at IS NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    "held": "SELECT m.committee_id FROM minutes m JOIN agenda_items a USING (committee_id)"
    " GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 1",
    "agreement": "SELECT reference FROM agreements WHERE stage = 'in_renewal' ORDER BY ends_on, id LIMIT 1",
    "letter": "SELECT 'r' || id FROM timers WHERE settled_at IS NULL AND template IS NOT NULL ORDER BY due_at LIMIT 1",
    "draft": "SELECT reference FROM cases WHERE stage = 'draft' ORDER BY id LIMIT 1",
    "purse": "SELECT id FROM envelopes ORDER BY committed_cents DESC, id LIMIT 1",
    "lot": "SELECT number FROM payment_lots ORDER BY number LIMIT 1",
    "unsure": "SELECT organisation_id FROM bank_details WHERE state = 'asked' ORDER BY id LIMIT 1",
    "reported": "SELECT reference FROM cases c JOIN reports r ON r.case_id = c.id WHERE r.state = 'accepted'"
    " ORDER BY c.id DESC LIMIT 1",
    "mine": "SELECT c.reference FROM cases c JOIN cases o USING (organisation_id) WHERE c.stage = 'funded'"
    " GROUP BY c.id ORDER BY count(*) DESC, c.id DESC LIMIT 1",
    OWNER: "SELECT c.organisation_id FROM cases c JOIN cases o USING (organisation_id) WHERE c.stage = 'funded'"
    " GROUP BY c.id ORDER BY count(*) DESC, c.id DESC LIMIT 1",
    BUSIEST: "SELECT organisation_id FROM cases GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    DRAFTING: "SELECT organisation_id FROM cases WHERE stage = 'draft' ORDER BY id LIMIT 1",
}
"""What of the demonstration is looked at, and which organisations look, by name."""
PAGES = (
    ("accueil", INSTRUCTOR, "/"),
    ("dossiers", INSTRUCTOR, "/dossiers?etape=submitted"),
    ("dossier", INSTRUCTOR, "/dossiers/{case}"),
    ("avis", FUNDER, "/avis"),
    ("seance", SECRETARY, "/seances/{sitting}"),
    ("programmation", SECRETARY, "/seances/{sitting}/programmation"),
    ("conventions", MANAGER, "/conventions"),
    ("convention", MANAGER, "/conventions/{agreement}"),
    ("proces-verbal", SECRETARY, "/seances/{held}/proces-verbal"),
    ("lettres", INSTRUCTOR, "/lettres"),
    ("tableau-de-bord", MANAGER, "/tableau-de-bord"),
    ("evaluation", MANAGER, "/evaluation"),
    ("administration", MANAGER, "/administration"),
    ("appels", MANAGER, "/administration/appels"),
    ("compte", INSTRUCTOR, "/mon-compte"),
    ("porteur", BUSIEST, "/mes-dossiers"),
    ("demande", BUSIEST, "/mes-dossiers/nouvelle"),
    ("lettre", INSTRUCTOR, "/lettres/{letter}"),
    ("personnes", MANAGER, "/administration/personnes"),
    ("modeles", MANAGER, "/administration/modeles"),
    ("journal", MANAGER, "/administration/journal"),
    ("formulaire", DRAFTING, "/mes-dossiers/{draft}/demande/budget"),
    ("ma-demande", OWNER, "/mes-dossiers/{mine}"),
    ("bilan", OWNER, "/mes-dossiers/{mine}/bilan/comptes"),
    ("bilan-accepte", MANAGER, "/dossiers/{reported}"),
    ("membre", MEMBER, "/seances/{sitting}"),
    ("interets", MEMBER, "/seances/{sitting}/interets"),
    ("enveloppes", MANAGER, "/enveloppes"),
    ("enveloppe", MANAGER, "/enveloppes/{purse}"),
    ("financements", MANAGER, "/financements"),
    ("paiements", FINANCE, "/paiements"),
    ("lot-ordres", FINANCE, "/paiements/lots/{lot}"),
    ("comptes", FINANCE, "/coordonnees-bancaires"),
    ("compte-a-confirmer", FINANCE, "/coordonnees-bancaires/{unsure}"),
    ("tresorerie", FINANCE, "/paiements/tresorerie/2026"),
    ("jours-feries", MANAGER, "/administration/jours-feries"),
    ("donnees-ouvertes", NOBODY, "/donnees-ouvertes"),
    ("connexion", NOBODY, "/connexion"),
)
"""Name of the picture, who looks, the address."""


def main(names: Collection[str]) -> None:
    """Play the demonstration in a folder that is dropped afterwards, and take these pictures, or all."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_folder=Path(folder), public_url="", database_url=None, database_owner_url=None
        )
        with wiring.opened(settings) as opened:
            at = wiring.now()
            open_contract(opened.database, settings, at)
            ensure_demonstration(
                opened.database, settings, at, LocalMailbox(settings.mailbox), lambda *_: None
            )
            jobs.publish_open_data(opened.database, at)
            jobs.anchor_journal(opened.database, settings.anchors, at)
            clock = Clock(at)
            with (
                _served(Site(opened.database, settings, clock)) as address,
                sync_playwright() as playwright,
            ):
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=[*FLAGS, "--lang=fr-FR"],
                    env={**os.environ, "LANGUAGE": "fr"},
                )  # fmt: skip
                pages = [_pages(opened.database), _many_at_once(opened.database, at)]
                for name, guest, path, act in chain(*pages, _under_way(opened.database, clock)):
                    if names and name not in names:
                        continue
                    secret = _entered(opened.database, guest, clock())
                    _shoot(browser, secret, address + path, name, act)
                browser.close()


@dataclass
class Clock:
    """The application's clock, set to a day of the story."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


Act: TypeAlias = Callable[[Page], None]
Shot: TypeAlias = tuple[str, Guest | None, str, Act]


def _entered(database: Database, guest: Guest | None, at: datetime) -> str:
    """The secret of a session, the same person's others ended; empty for nobody."""
    if guest is None:
        return ""
    with database.transaction() as session:
        if guest.person_id is not None:
            end_all_sessions(session, guest.person_id, at=at)
        return visitors.sign_in(session, guest, browser=BROWSER, at=at)


def _as_it_is(_: Page) -> None:
    """Take the page as it opens."""


def _pages(database: Database) -> Iterator[Shot]:
    with database.transaction() as session:
        people = dict(session.exec_driver_sql("SELECT email, id FROM people").tuples().all())
        found = {name: session.exec_driver_sql(one).scalar_one() for name, one in FOUND.items()}
    guests: dict[str, Guest | None] = {NOBODY: None}
    guests |= {name: Guest(people[name]) for _, name, _ in PAGES if name in people}
    guests |= {name: Guest(organisation_id=found[name]) for name in (BUSIEST, DRAFTING, OWNER)}
    for name, who, path in PAGES:
        yield name, guests[who], path.format_map(found), _as_it_is


def _many_at_once(database: Database, at: datetime) -> Iterator[Shot]:
    """What a bulk action would do, one that is under way and one that is done."""
    with database.transaction() as session:
        person = session.exec_driver_sql(
            "SELECT id FROM people WHERE email = %(email)s", {"email": INSTRUCTOR}
        ).scalar_one()
        waiting = list(
            session.exec_driver_sql(
                "SELECT id FROM cases WHERE stage = 'submitted' ORDER BY id LIMIT 24"
            ).scalars()
        )
        by, given = By(f"person:{person}", Role.INSTRUCTOR), Given(instructor_id=person)
        going, over = (
            bulk.ask(session, some, Action.ASSIGN, by=by, given=given, key=key, at=at)
            for key, some in (("1", waiting[:12]), ("2", waiting[12:]))
        )
    with suppress(_EnoughError):
        bulk.proceed(database, going.id, at=at, batch=5, progress=_enough)
    bulk.proceed(database, over.id, at=at)
    yield "lot-apercu", Guest(person), "/dossiers?etape=submitted", _look_at_four
    yield "lot-en-cours", Guest(person), f"/lots/{going.id}", _as_it_is
    yield "lot-resultat", Guest(person), f"/lots/{over.id}", _as_it_is


class _EnoughError(Exception):
    """A run is left where it is, for its picture."""


def _enough(_: object) -> None:
    raise _EnoughError


def _look_at_four(page: Page) -> None:
    for box in page.locator("tbody input[type=checkbox]").all()[:4]:
        box.check()
    page.get_by_role("button", name="Agir sur les dossiers cochés").click()
    page.get_by_label("Que faire de tous ces dossiers ?").select_option("request_documents")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Voir ce qui se passera").click()
    page.locator("summary", has_text="Pas ceux-ci").click()


def _under_way(database: Database, clock: Clock) -> Iterator[Shot]:
    """A session on its day: everybody came, half of its agenda is decided."""
    with database.transaction() as session:
        sitting, day = session.exec_driver_sql(
            "SELECT m.id, m.held_on FROM agenda_items a JOIN committees m ON m.id = a.committee_id"
            " WHERE a.left_at IS NULL AND m.held_at IS NULL AND m.kind = 'steering'"
            " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).one()
        secretary = session.exec_driver_sql(
            "SELECT id FROM people WHERE email = %(email)s", {"email": SECRETARY}
        ).scalar_one()
        by, clock.at = By(f"person:{secretary}", Role.SECRETARY), local_instant(day, HOUR)
        room.open_session(session, sitting, by=by, at=clock.at)
        here = room.attend_rest(session, sitting, Attendance.PRESENT, by=by, at=clock.at)
        table = queries.on_table(session, sitting)
        proposed = decisions.proposals(session, here, table)
        half = [case.case_id for case in table if case.case_id in proposed][: len(table) // 2]
        decisions.save_as_proposed(session, sitting, by=by, at=clock.at, only=half)
    yield "seance-en-cours", Guest(secretary), f"/seances/{sitting}/seance", _as_it_is


def _shoot(browser: Browser, secret: str, address: str, name: str, act: Act) -> None:
    for look, (width, dark) in LOOKS.items():
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="fr-FR"
        )
        if secret:
            context.add_cookies([{"name": "parvis", "value": secret, "url": address}])
        page = context.new_page()
        page.goto(address)
        act(page)
        _keep(page.screenshot(), IMAGES / f"page-{name}-{look}.png")
        context.close()


def _keep(picture: bytes, path: Path) -> None:
    """Write a picture with as many colours as a page needs: a third of the bytes, and no eye tells."""
    with Image.open(io.BytesIO(picture)) as drawn:
        few = drawn.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path.name}: {path.stat().st_size} bytes, more than {MOST_BYTES}")


@contextmanager
def _served(site: Site) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        server = uvicorn.Server(uvicorn.Config(make_app(site), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    main(sys.argv[1:])
