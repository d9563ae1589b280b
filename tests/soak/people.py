"""Who lives in the city: clients of each role, without a screen, that follow links and send what they type."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import unescape
from threading import Event, Lock, Thread
from typing import Any

import httpx

from parvis.states.calendar import paris_day
from tests.services.files.samples import pdf
from tests.soak.city import CALL, ORGANISATIONS, PEOPLE, City, siret

NUMBERED = re.compile(r"(?<=/)[A-Z]*[-0-9A-Z]*[0-9]+(?=/|$)")
LINK = re.compile(r'href="(/[^"#]*)')
ELSEWHERE = ("/deconnexion", "/langue", "/static", "/lien", "/bienvenue", "/connexion/oidc")
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
NOTE = re.compile(r'<form[^>]*data-note[^>]*#etat-nouvelle".*?</form>', re.DOTALL)
CASE = re.compile(r'href="(/dossiers/[A-Z0-9-]+)["?]')
STAMP = re.compile(r'name="tampon" value="(\w+)"')
POINTS = dict.fromkeys(("capacity", "presence", "feasibility", "public", "priorities"), 4)


@dataclass
class Heard:
    """What all were answered: counts, the seconds they took with when, and what should never be answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    did: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    cut: Counter[bool] = field(default_factory=Counter)
    seconds: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def answer(self, response: httpx.Response, begun: float) -> None:
        """Note an answer."""
        with self.lock:
            self.statuses[response.status_code] += 1
            self.seconds.append((begun, time.monotonic() - begun))
            if 400 <= response.status_code < 500:
                path = NUMBERED.sub("…", response.request.url.path)
                self.refused[f"{response.status_code} {response.request.method} {path}"] += 1
            if response.status_code >= 500:
                self.fault(f"{response.request.method} {response.request.url} {response.status_code}")

    def fault(self, said: str) -> None:
        """Note what should never be."""
        self.faults.append(f"{datetime.now(UTC):%H:%M:%S} {said}")


@dataclass
class Somebody:
    """One person or program in front of one server; `spared` when nobody kills it."""

    city: City
    heard: Heard
    address: str
    chance: random.Random
    spared: bool
    pace: float
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.address, timeout=60, headers={"accept-language": "fr"})

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """Ask; None when the server went away, which a spared one never does."""
        headers = {"origin": self.address, **more.pop("headers", {})}
        time.sleep(self.pace * self.chance.uniform(0.5, 1.5))
        begun = time.monotonic()
        try:
            response = self.client.request(method, path, headers=headers, **more)
        except httpx.TransportError as error:
            with self.heard.lock:
                self.heard.cut[self.spared] += 1
                if self.spared:
                    self.heard.fault(f"{method} {path} {type(error).__name__}")
            time.sleep(2)
            return None
        self.heard.answer(response, begun)
        return response

    def read(self, path: str) -> str:
        """A page; nothing when there is none."""
        response = self.ask("GET", path)
        return response.text if response is not None and response.status_code == 200 else ""

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response | None:
        """Send a form."""
        return self.ask("POST", path, data=data or {}, **more)

    def wander(self, page: str, steps: int) -> None:
        """Follow links of pages, whichever come."""
        for _ in range(steps):
            links = [unescape(link) for link in LINK.findall(page)]
            links = [link for link in links if not link.startswith(ELSEWHERE)]
            if not links:
                return
            page = self.read(self.chance.choice(links))

    def does(self, what: str) -> None:
        """Count something done."""
        with self.heard.lock:
            self.heard.did[what] += 1


def officer(me: Somebody) -> None:
    """Read the queue and a case, leave a note, look around."""
    page = me.read(me.chance.choice(["/dossiers", "/dossiers?etape=submitted", "/dossiers?q=atelier", "/"]))
    if cases := CASE.findall(page):
        path = me.chance.choice(cases)
        shown = me.read(path)
        if form := NOTE.search(shown):
            hidden = dict(HIDDEN.findall(form.group()))
            told = me.post(f"{path}/notes", hidden | {"texte": f"Vu le {datetime.now(UTC):%H:%M:%S}."})
            if told is not None and told.status_code == 303:
                me.does("note")
        me.wander(shown, 2)
    me.wander(page, 2)


def reader(*paths: str) -> Callable[[Somebody], None]:
    """Somebody who looks at these pages, and around them."""

    def look(me: Somebody) -> None:
        me.wander(me.read(me.chance.choice(paths)), 3)

    return look


def applicant(me: Somebody) -> None:
    """Begin a request, fill it, attach a file, submit it, look at it; sometimes give it up."""
    begun = me.post("/mes-dossiers/nouvelle", {"appel": f"{CALL}/new", "titre": "Atelier vélo"})
    if begun is None or begun.status_code != 303:
        me.wander(me.read("/mes-dossiers"), 3)
        return
    draft = begun.headers["location"].removesuffix("/demande/action")
    for step, fields in _answers(_today()).items():
        stamp = STAMP.search(me.read(f"{draft}/demande/{step}"))
        me.post(f"{draft}/demande/{step}", {"tampon": stamp[1] if stamp else "", **fields})
    me.post(f"{draft}/demande/pieces/fichiers", files={"piece_rib": ("rib.pdf", pdf())})
    me.read(f"{draft}/demande/recapitulatif")
    done = me.post(f"{draft}/depot", {"engagement": "oui"})
    if done is not None and done.status_code == 303:
        me.does("request submitted")
    me.wander(me.read(draft), 2)


def _today() -> date:
    return paris_day(datetime.now(UTC))


def _answers(today: date) -> dict[str, dict[str, object]]:
    first, last = today + timedelta(days=5), date(today.year, 12, 31)
    return {
        "action": {
            "titre": "Atelier vélo", "resume": "On répare.\nEnsemble.", "qpv": ["QN08001M"], "defis": "D01",
            "debut": f"{min(first, last)}", "fin": f"{last}", "beneficiaires": "40", "part_qpv": "60",
        },
        "budget": {
            "charge_604": "1 000,00 €", "charge_641": "2000,50", "charge_864": "300", "produit_756": "500,50",
            "produit_870": "300", "financeur_etat": "1500", "financeur_ville": "1000",
        },
        "contact": {"nom": "Zoé Petit", "courriel": "zoe@asso.example", "telephone": "03 22 00 00 00"},
    }  # fmt: skip


def program(me: Somebody) -> None:
    """Move cases on, one step each: what a script of the service does by the API."""
    found = me.ask(
        "GET", "/api/v1/cases", params={"etape": me.chance.choice(["submitted", "incomplete", "instructed"])}
    )
    if found is None or found.status_code != 200:
        return
    items = found.json()["items"]
    for item in me.chance.sample(items, min(3, len(items))):
        path = f"/api/v1/cases/{item['reference']}"
        for action, brought in _next_steps(item["stage"], me.chance):
            case = me.ask("GET", path)
            if case is None or case.status_code != 200:
                return
            tag = {"if-match": case.headers["etag"]}
            done = me.ask("POST", f"{path}/moves", json={"action": action, **brought}, headers=tag)
            if done is not None and done.status_code == 200:
                me.does(action)


def _next_steps(stage: str, chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    soon = f"{_today() + timedelta(days=15)}"
    if stage == "submitted":
        if chance.random() < 0.3:
            yield "request_documents", {"documents": ["rib", "Devis"], "reply_by": soon}
            return
        yield "receive_documents", {"documents": ["statuts", "rib"]}
        yield "check_eligibility", {}
        yield "ask_opinions", {"funders": ["etat"], "due_on": soon}
        yield "assess", {"points": POINTS}
        yield "instruct", {}
    elif stage == "incomplete":
        yield "receive_documents", {"documents": ["statuts", "rib", "Devis"]}
        yield "complete", {}
    else:
        yield "withdraw", {"reason": "Reporté"}


def funder(me: Somebody) -> None:
    """Give an opinion on what waits for one, on the page."""
    page = me.read("/avis")
    cases = re.findall(r'name="version_(\d+)" value="(\d+)"', page)
    fields: dict[str, Any] = {}
    for case, version in cases[:2]:
        fields |= {f"avis_{case}": "favourable", f"version_{case}": version}
    if fields:
        done = me.post("/avis", fields)
        if done is not None and done.status_code == 303:
            me.does("opinion")
    me.wander(page, 2)


def anonymous(me: Somebody) -> None:
    """Nobody known: the way in, public pages, what a supervisor asks."""
    me.client.cookies.clear()
    for path in ("/connexion", "/sante", "/sante/vivant", "/inscription", "/donnees-ouvertes", "/dossiers"):
        me.read(path)


@dataclass
class Crowd:
    """All of them, each in a thread of its own."""

    city: City
    heard: Heard
    servers: dict[str, bool]
    """The addresses of servers, and whether each is spared."""
    pace: float
    ended: Event = field(default_factory=Event)
    threads: list[Thread] = field(default_factory=list)

    def come(self) -> None:
        """Begin."""
        for number, (act, cookie, token) in enumerate(self._who()):
            for address, spared in self.servers.items():
                one = Somebody(
                    self.city, self.heard, address, random.Random(f"{self.city.chance.random()}{number}"), spared,
                    self.pace,
                )  # fmt: skip
                if cookie:
                    one.client.cookies.set("parvis", cookie())
                if token:
                    one.client.headers["authorization"] = f"Bearer {token}"
                self.threads.append(Thread(target=self._live, args=(one, act), daemon=True))
        for thread in self.threads:
            thread.start()

    def leave(self) -> None:
        """End, each after what it was doing."""
        self.ended.set()
        for thread in self.threads:
            thread.join(120)

    def _who(self) -> Iterator[tuple[Callable[[Somebody], None], Callable[[], str] | None, str]]:
        acts = {
            "instructor": officer, "funder": funder,
            "secretary": reader("/seances", "/", "/lettres", "/dossiers?etape=committee"),
            "manager": reader("/tableau-de-bord", "/enveloppes", "/financements", "/evaluation", "/administration"),
            "finance": reader("/paiements", "/enveloppes", "/coordonnees-bancaires", "/"),
            "administrator": reader("/administration", "/administration/etat", "/administration/personnes"),
        }  # fmt: skip
        for role, emails in PEOPLE.items():
            for email in emails:
                yield acts[role], lambda email=email: self.city.cookie(email), ""  # type: ignore[misc]
        for number in self.city.chance.sample(range(ORGANISATIONS), 3):
            yield applicant, lambda number=number: self.city.applicant(siret(number)), ""  # type: ignore[misc]
        yield program, None, self.city.token(PEOPLE["instructor"][0])
        yield anonymous, None, ""

    def _live(self, one: Somebody, act: Callable[[Somebody], None]) -> None:
        try:
            while not self.ended.is_set():
                act(one)
        except Exception as error:
            with self.heard.lock:
                self.heard.fault(f"somebody stopped: {act.__name__}: {error!r}")
            raise
        finally:
            one.client.close()
