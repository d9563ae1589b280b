"""Pictures of the main pages over the demonstration, light and dark, wide and narrow: `make screenshots`."""

import io
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from parvis.models.session import Database
from parvis.notifications.mailbox import LocalMailbox
from parvis.services import visitors, wiring
from parvis.services.links import Guest
from parvis.services.opening import open_contract
from parvis.services.rehearsal.demonstration import ensure_demonstration
from parvis.services.settings import Settings
from parvis.web.app import make_app
from parvis.web.site import Site
from tests.browser.conftest import FLAGS

IMAGES = Path(__file__).parents[2] / "docs" / "images"
COLOURS, MOST_BYTES = 64, 150_000
LOOKS = {"clair": (1366, False), "sombre": (1366, True), "etroit": (390, False)}
INSTRUCTOR, FUNDER = "samira.benali@amiens-metropole.example", "nathalie.roussel@amiens-metropole.example"
MANAGER = "philippe.masson@amiens-metropole.example"
SECRETARY = "florence.delattre@amiens-metropole.example"


BUSIEST = "SELECT organisation_id FROM cases GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
RENEWING = "SELECT reference FROM agreements WHERE stage = 'in_renewal' ORDER BY ends_on, id LIMIT 1"


def main() -> None:
    """Play the demonstration in a folder that is dropped afterwards, and take the pictures."""
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
            with (
                _served(Site(opened.database, settings, lambda: at)) as address,
                sync_playwright() as playwright,
            ):
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=list(FLAGS)
                )
                for name, guest, path in _pages(opened.database):
                    with opened.database.transaction() as session:
                        secret = visitors.sign_in(session, guest, browser="screenshots", at=at)
                    _shoot(browser, secret, address + path, name)
                browser.close()


def _pages(database: Database) -> Iterator[tuple[str, Guest, str]]:
    with database.transaction() as session:
        people = dict(session.exec_driver_sql("SELECT email, id FROM people").tuples().all())
        case = session.exec_driver_sql(
            "SELECT reference FROM cases c JOIN people p ON p.id = c.instructor_id WHERE p.email = %(email)s"
            " AND c.stage = 'submitted' AND c.opinions_due_at IS NOT NULL ORDER BY c.id LIMIT 1",
            {"email": INSTRUCTOR},
        ).scalar_one()
        sitting = session.exec_driver_sql(
            "SELECT a.committee_id FROM agenda_items a JOIN committees m ON m.id = a.committee_id"
            " WHERE a.left_at IS NULL AND m.held_at IS NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).scalar_one()
        agreement = session.exec_driver_sql(RENEWING).scalar_one()
        organisation = session.exec_driver_sql(BUSIEST).scalar_one()
        held = session.exec_driver_sql(
            "SELECT m.committee_id FROM minutes m JOIN agenda_items a USING (committee_id)"
            " GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 1"
        ).scalar_one()
    instructor, funder, secretary, manager = (
        Guest(people[email]) for email in (INSTRUCTOR, FUNDER, SECRETARY, MANAGER)
    )
    yield "accueil", instructor, "/"
    yield "dossiers", instructor, "/dossiers?etape=submitted"
    yield "dossier", instructor, f"/dossiers/{case}"
    yield "avis", funder, "/avis"
    yield "seance", secretary, f"/seances/{sitting}"
    yield "programmation", secretary, f"/seances/{sitting}/programmation"
    yield "conventions", manager, "/conventions"
    yield "convention", manager, f"/conventions/{agreement}"
    yield "proces-verbal", secretary, f"/seances/{held}/proces-verbal"
    yield "lettres", instructor, "/lettres"
    yield "tableau-de-bord", manager, "/tableau-de-bord"
    yield "evaluation", manager, "/evaluation"
    yield "administration", manager, "/administration"
    yield "appels", manager, "/administration/appels"
    yield "compte", instructor, "/mon-compte"
    yield "porteur", Guest(organisation_id=organisation), "/mes-dossiers"
    yield "demande", Guest(organisation_id=organisation), "/mes-dossiers/nouvelle"


def _shoot(browser: Browser, secret: str, address: str, name: str) -> None:
    for look, (width, dark) in LOOKS.items():
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="fr-FR"
        )
        context.add_cookies([{"name": "parvis", "value": secret, "url": address}])
        page = context.new_page()
        page.goto(address)
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
    main()
