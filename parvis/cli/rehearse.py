"""`parvis rehearse`: a call played on a virtual clock before it opens."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from parvis.cli.entries import Entry
from parvis.cli.errors import tell
from parvis.cli.exits import ExitCode
from parvis.cli.failed import Failed
from parvis.cli.here import Here, here_of
from parvis.cli.machine_failures import technical, why_database
from parvis.cli.options import CODE, DATE, FILE, NUMBER, Json, argument, option
from parvis.cli.output import console, dump, kept, say
from parvis.cli.values import WrongUseError, day, whole
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.rehearsal.figures import Figures
    from parvis.services.rehearsal.play import Scenario
    from parvis.states.contract import Contract

MOST_CASES = 10_000
USUAL_CASES = 100
MOST_AGREEMENTS = 500

PLAYING = Sentence("Répétition de {call}", "Rehearsing {call}")
BACKWARDS = Sentence(
    "La répétition finirait le {last}, avant de commencer le {first} : changer l’une des deux dates.",
    "The rehearsal would end on {last}, before it begins on {first}: change one of the two dates.",
)
NOTHING = Sentence(
    "L’appel « {call} » ne reçoit aucun dépôt entre le {first} et le {last} : il est ouvert du {opens} au {closes}.",
    "The call “{call}” takes no deposit between {first} and {last}: it is open from {opens} to {closes}.",
)
NO_ROOM = Sentence(
    "Le compte de PARVIS_DATABASE_URL ne peut pas créer la base de la répétition ({reason}) : lui donner le droit "
    "CREATEDB, ou donner à PARVIS_DATABASE_OWNER_URL un compte qui l’a.",
    "The account of PARVIS_DATABASE_URL may not create the rehearsal’s database ({reason}): give it the right "
    "CREATEDB, or name an account that has it in PARVIS_DATABASE_OWNER_URL.",
)
NO_END = Sentence("une date non fixée", "a date not set")
WRITTEN = Sentence("Rapport écrit dans {file}.", "Report written to {file}.")
KEPT = Sentence("Base gardée : {address}", "Database kept: {address}")

Calls = Annotated[
    list[str],
    argument(
        shown=CODE,
        said=Sentence(
            "Le code d’un ou de plusieurs appels du fichier du contrat, comme annuel-2027, ou de ceux qui leur "
            "succéderont, comme annuel-2029.",
            "The code of one or more calls of the contract’s file, like annuel-2027, or of those that will follow "
            "them, like annuel-2029.",
        ),
    ),
]
From = Annotated[
    str | None,
    option(
        "--from", shown=DATE,
        said=Sentence(
            "Le premier jour joué ; l’ouverture de l’appel sinon.",
            "The first day played; else the day the call opens.",
        ),
    ),
]  # fmt: skip
To = Annotated[
    str | None,
    option(
        "--to", shown=DATE,
        said=Sentence(
            "Le dernier jour joué ; sinon la fin du mois qui suit la date des bilans.",
            "The last day played; else the end of the month after reports are due.",
        ),
    ),
]  # fmt: skip
Cases = Annotated[
    str | None,
    option(
        "--cases", shown=NUMBER,
        said=Sentence("Combien de dépôts inventer (100 sinon).", "How many deposits to invent (else 100)."),
    ),
]  # fmt: skip
Seed = Annotated[
    str | None,
    option(
        "--seed", shown=NUMBER,
        said=Sentence(
            "La graine du hasard (1 sinon) ; la même graine redonne le même rapport.",
            "The seed of chance (else 1); the same seed gives the same report again.",
        ),
    ),
]  # fmt: skip
Html = Annotated[
    str | None,
    option(
        "--html", shown=FILE,
        said=Sentence("Écrit aussi le rapport en page HTML.", "Writes the report as an HTML page as well."),
    ),
]  # fmt: skip
Keep = Annotated[
    bool,
    option(
        "--keep",
        said=Sentence(
            "Garde la base de la répétition, pour la regarder ; effacée sinon.",
            "Keeps the rehearsal’s database, to look at it; dropped otherwise.",
        ),
    ),
]


Yearly = Annotated[
    bool,
    option(
        "--yearly",
        said=Sentence(
            "Rouvre chaque année les appels annuels nommés, jusqu’au dernier jour joué.",
            "Opens the annual calls named again every year, until the last day played.",
        ),
    ),
]


Agreements = Annotated[
    str | None,
    option(
        "--agreements", shown=NUMBER,
        said=Sentence(
            "Combien de conventions de plusieurs années inventer, à évaluer et à renouveler (aucune sinon).",
            "How many agreements of several years to invent, to evaluate and renew (else none).",
        ),
    ),
]  # fmt: skip


Packets = Annotated[
    bool,
    option(
        "--packets/--no-packets",
        said=Sentence(
            "Établit vraiment les dossiers de séance, puis les oublie ; plus lent.",
            "Really builds the packets of the sessions, then forgets them; slower.",
        ),
    ),
]


def rehearse(
    context: typer.Context, *, calls: Calls, first: From = None, last: To = None, cases: Cases = None,
    seed: Seed = None, html: Html = None, keep: Keep = False, packets: Packets = False, yearly: Yearly = False,
    agreements: Agreements = None, json: Json = False,
) -> None:  # fmt: skip
    """Play calls with invented people, and report what would have happened; real cases are not touched."""
    del json
    from parvis.services.contracts import read_contract
    from parvis.services.rehearsal.page import page
    from parvis.services.rehearsal.report import report

    here = here_of(context)
    contract = read_contract(here.settings.contract)
    scenario = _scenario(contract, calls, first, last, cases=cases, seed=seed)
    several = whole("--agreements", agreements, least=0, most=MOST_AGREEMENTS) if agreements else 0
    scenario = replace(scenario, packets=packets, yearly=yearly, agreements=several)
    figures, kept_at = _played(here, contract, scenario, keep=keep)
    written = report(figures)
    if html is not None:
        Path(html).write_text(page(written, here.language), encoding="utf-8", newline="\n")
    if here.json:
        dump(figures)
        return
    from parvis.cli.rehearsal_report import print_report

    print_report(console(), written, here)
    if html is not None:
        say(here, WRITTEN, file=html)
    if kept_at:
        say(here, KEPT, address=kept_at)


def _scenario(
    contract: "Contract",
    codes: list[str],
    first: str | None,
    last: str | None,
    *,
    cases: str | None,
    seed: str | None,
) -> "Scenario":
    from parvis.services.intake import UnknownCallError
    from parvis.services.rehearsal.play import Scenario
    from parvis.services.rehearsal.years import named

    found = {code: named(contract, code) for code in codes}
    rules = [call for call in found.values() if call is not None]
    for code, call in found.items():
        if call is None:
            raise UnknownCallError(code, tuple(each.code for each in contract.calls if not each.silent))
    begins = day("--from", first) if first else min(call.opens_on for call in rules)
    ends = day("--to", last) if last else max(date(c.year + c.duration_years, 7, 31) for c in rules)
    if ends < begins:
        raise WrongUseError("--to", BACKWARDS.fill(first=begins, last=ends))
    return Scenario(
        tuple(dict.fromkeys(codes)), begins, ends,
        whole("--cases", cases, most=MOST_CASES) if cases else USUAL_CASES,
        whole("--seed", seed, least=0, most=999_999_999) if seed else 1,
    )  # fmt: skip


def _played(here: Here, contract: "Contract", scenario: "Scenario", *, keep: bool) -> tuple["Figures", str]:
    from parvis.models.databases import AdministrationError
    from parvis.services import wiring
    from parvis.services.rehearsal.play import NothingToRehearseError
    from parvis.services.rehearsal.running import run
    from parvis.services.rehearsal.years import named

    titles = [call.title for code in scenario.calls if (call := named(contract, code)) is not None]
    with wiring.server(here.settings) as server_url, _progress(here) as bar:
        task = bar.add_task(kept(here.say(PLAYING, call=", ".join(titles))), total=None)
        try:
            return run(
                server_url, contract, scenario, keep=keep,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )  # fmt: skip
        except NothingToRehearseError as error:
            said = NOTHING.fill(
                call=error.call.title, first=scenario.first, last=scenario.last,
                opens=error.call.opens_on, closes=error.call.closes_on or NO_END,
            )  # fmt: skip
            raise WrongUseError("--from", said) from None
        except AdministrationError as error:
            said = NO_ROOM.fill(reason=why_database(str(error)))
            tell(here, Failed(ExitCode.INVALID, "no_scratch_database", said, (technical(str(error)),)))
            raise typer.Exit(ExitCode.INVALID) from None


def _progress(here: Here) -> Progress:
    out = console(error=True)
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        console=out, transient=True, disable=here.json or not out.is_terminal,
    )  # fmt: skip


ENTRIES = (
    Entry(
        "rehearse", rehearse,
        Sentence(
            "Répète un appel avant de l’ouvrir, avec des personnes inventées, et dit ce qui se serait passé.",
            "Rehearses a call before it opens, with invented people, and says what would have happened.",
        ),
    ),
)  # fmt: skip
