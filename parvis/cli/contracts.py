"""`parvis contract check`, `show`, `schema` and `roll`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from parvis.cli.entries import Entry, Section
from parvis.cli.here import Here, here_of
from parvis.cli.options import CODE, FILE, NUMBER, Json, argument, option
from parvis.cli.output import dump, kept, row, say, short_day, show, table
from parvis.cli.values import whole
from parvis.states.words import Cents, Sentence

if TYPE_CHECKING:
    from parvis.states.contract import Call, Contract

GOOD = Sentence(
    "« {file} » peut servir : {calls} appels, {funders} financeurs, {people} personnes, {committees} comités.",
    "“{file}” can be used: {calls} calls, {funders} funders, {people} people, {committees} committees.",
)
COLUMNS = (
    Sentence("Appel", "Call"), Sentence("Dépôts", "Deposits"), Sentence("Enveloppes", "Envelopes"),
)  # fmt: skip
OPEN_ENDED = Sentence("depuis le {opens}", "since {opens}")
WINDOW = Sentence("{opens} – {closes}", "{opens} – {closes}")
WAVE = Sentence("{title} : {new}", "{title}: {new}")
WITH_RENEWALS = Sentence("{title} : {new} (reconductions {renewal})", "{title}: {new} (renewals {renewal})")
SILENT = Sentence("sans lettre ni échéance", "no letter, no deadline")

File = Annotated[
    str | None,
    argument(
        shown=FILE,
        said=Sentence(
            "Le contrat ; celui de PARVIS_CONTRACT sinon.", "The contract; that of PARVIS_CONTRACT otherwise."
        ),
    ),
]


def check(context: typer.Context, *, file: File = None, json: Json = False) -> None:
    """Check a contract file."""
    del json
    here = here_of(context)
    path, contract = _read(here, file)
    counts = {
        "calls": len(contract.calls), "funders": len(contract.funders), "people": len(contract.people),
        "committees": len(contract.committees),
    }  # fmt: skip
    if here.json:
        dump({"file": path, "code": contract.code, **counts})
    else:
        say(here, GOOD, style="green", file=str(path), **counts)


def show_contract(context: typer.Context, *, file: File = None, json: Json = False) -> None:
    """Show a contract: its calls, their dates and their money."""
    del json
    here = here_of(context)
    _, contract = _read(here, file)
    if here.json:
        sys.stdout.write(contract.model_dump_json(indent=2) + "\n")
        return
    show(Text(kept(contract.name), "bold"), Text(kept(contract.city), "dim"), "")
    made = table(*map(here.say, COLUMNS), right=[2])
    for call in contract.calls:
        total = sum(envelope.total_cents for envelope in call.envelopes)
        name = Text(kept(call.title)).append(kept(f"\n{call.code}"), "cyan")
        row(
            made,
            name,
            _dates(here, call),
            here.say(Sentence("{it}", "{it}"), it=Cents(total)) if total else "—",
        )
    show(Padding(made, (0, 0, 0, 0)))


def _dates(here: Here, call: "Call") -> Text:
    opens = short_day(call.opens_on)
    window = (
        WINDOW.fill(opens=opens, closes=short_day(call.closes_on))
        if call.closes_on
        else OPEN_ENDED.fill(opens=opens)
    )
    said = Text(kept(here.say(window)))
    for wave in call.waves:
        new, renewal = short_day(wave.closes.new), short_day(wave.closes.renewal)
        sentence = WITH_RENEWALS if renewal else WAVE
        said.append(kept("\n" + here.say(sentence, title=wave.title, new=new, renewal=renewal)), "dim")
    if call.silent:
        said.append(kept("\n" + here.say(SILENT)), "dim")
    return said


def schema(context: typer.Context) -> None:
    """Print the JSON Schema of a contract file."""
    from parvis.services.contracts import schema_text

    del context
    sys.stdout.write(schema_text())


def roll(
    context: typer.Context, *,
    code: Annotated[str, argument(shown=CODE, said=Sentence("L’appel à reprendre.", "The call to roll forward."))],
    year: Annotated[
        str, option("--year", shown=NUMBER, said=Sentence("L’année du nouvel appel.", "The year of the new call."))
    ],
    file: File = None,
) -> None:  # fmt: skip
    """Print a call as it would be in another year, to add to the contract."""
    from parvis.services.contracts.rolling import rolled_text
    from parvis.services.intake import UnknownCallError

    here = here_of(context)
    _, contract = _read(here, file)
    wanted = whole("--year", year, least=2000, most=2100)
    known = {call.code.lower(): call.code for call in contract.calls}
    if code.lower() not in known:
        raise UnknownCallError(code, tuple(known.values()))
    sys.stdout.write(rolled_text(contract, known[code.lower()], wanted))


def _read(here: Here, file: str | None) -> "tuple[Path, Contract]":
    from parvis.services.contracts import read_contract

    path = Path(file) if file else here.settings.contract
    return path, read_contract(path)


SECTION = Section(
    "contract",
    Sentence("Le contrat de ville : son fichier, ses appels.", "The city contract: its file, its calls."),
    (
        Entry(
            "check",
            check,
            Sentence(
                "Vérifie un fichier de contrat, erreur par erreur.", "Checks a contract file, error by error."
            ),
        ),
        Entry(
            "show",
            show_contract,
            Sentence(
                "Montre les appels d’un contrat, leurs dates, leurs enveloppes.",
                "Shows the calls of a contract, their dates, their envelopes.",
            ),
        ),
        Entry(
            "schema",
            schema,
            Sentence("Écrit le schéma JSON d’un contrat.", "Writes the JSON Schema of a contract."),
        ),
        Entry(
            "roll",
            roll,
            Sentence(
                "Écrit un appel tel qu’il serait une autre année, à ajouter au contrat.",
                "Writes a call as it would be in another year, to add to the contract.",
            ),
        ),
    ),
)
