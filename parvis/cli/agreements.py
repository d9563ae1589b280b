"""`parvis agreement`: reading agreements of several years, taking them over, letting the clock pass."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from parvis.cli import agreement_files, agreement_moves
from parvis.cli.agreement_moves import Ref
from parvis.cli.entries import Entry, Section
from parvis.cli.here import Here, here_of
from parvis.cli.options import DATE, FILE, TEXT, At, Json, Limit, argument, option
from parvis.cli.output import dump, euros, kept, plain, row, say, short_day, short_instant, show, table
from parvis.cli.story import option_json, print_history
from parvis.cli.values import chosen, day, instant, whole
from parvis.states.agreement_stages import REVIEW_WORDS, STAGE_WORDS, AgreementStage
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.agreement_pages import AgreementPage

NONE_FOUND = Sentence("Aucune convention.", "No agreement.")
COLUMNS = (
    Sentence("Référence", "Reference"), Sentence("Stade", "Stage"),
    Sentence("Convention, organisme", "Agreement, organisation"),
    Sentence("Cette année", "This year"), Sentence("Fin", "End"), Sentence("Échéance", "Due"),
)  # fmt: skip
HEAD = Sentence("{reference} : {stage} (version {version})", "{reference}: {stage} (version {version})")
RUNS = Sentence("Du {starts} au {ends}", "From {starts} to {ends}")
YEARS = (
    Sentence("Année", "Year"), Sentence("Du", "From"), Sentence("Au", "To"), Sentence("Montant", "Amount"),
    Sentence("État", "State"), Sentence("Revue", "Review"),
)  # fmt: skip
FIRM, INDICATIVE = Sentence("ferme", "firm"), Sentence("indicatif", "indicative")
STEPS = Sentence(
    "Renouvellement : ouvert le {opens_on}, auto-évaluation le {evaluation_on}, demande le {request_on}, "
    "décision le {decision_on}",
    "Renewal: opened {opens_on}, self-evaluation {evaluation_on}, request {request_on}, decision {decision_on}",
)
REQUEST = Sentence("Demande de renouvellement : {reference}", "Renewal request: {reference}")
FOLLOWED = Sentence("Suivie de : {reference}", "Followed by: {reference}")
APPROVAL = Sentence("Agrément de la CAF jusqu’au {day}", "CAF approval until {day}")
AWAITED = Sentence("Bilans attendus : {reports}", "Reports awaited: {reports}")
AMENDED = Sentence("Avenant {number}, le {day} : {reason}", "Amendment {number}, {day}: {reason}")
TAKEN = Sentence(
    "Reprises : {created}. Déjà là : {unchanged}.", "Taken over: {created}. Already there: {unchanged}."
)
DRY = Sentence("Vérifié, rien n’est écrit.", "Checked; nothing is written.")
DID = Sentence(
    "Étapes franchies : {moved} ; demandes écrites : {requests} ; lettres dues : {owed} ; refus : {refused}",
    "Steps made: {moved}; requests written: {requests}; letters owed: {owed}; refused: {refused}",
)

Stages = Annotated[
    list[str] | None,
    option(
        "--stage", shown=TEXT, said=Sentence("À ce stade (peut se répéter).", "At this stage (repeatable).")
    ),
]
EndsBy = Annotated[
    str | None,
    option(
        "--ends-by",
        shown=DATE,
        said=Sentence("Dont la fin vient au plus tard ce jour-là.", "Ending by that day."),
    ),
]
Search = Annotated[
    str,
    option(
        "--search",
        shown=TEXT,
        said=Sentence("Des mots du titre ou de l’organisme.", "Words of the title or organisation."),
    ),
]
Csv = Annotated[
    Path,
    argument(
        shown=FILE,
        said=Sentence("Le fichier CSV ; une ligne par convention.", "The CSV file; a line an agreement."),
    ),
]
DryRun = Annotated[
    bool,
    option("--dry-run", said=Sentence("Vérifie seulement, n’écrit rien.", "Only checks; writes nothing.")),
]


def list_agreements(
    context: typer.Context, *, stage: Stages = None, ends_by: EndsBy = None, search: Search = "", limit: Limit = None,
    json: Json = False,
) -> None:  # fmt: skip
    """List agreements, those that end first coming first."""
    del json
    from parvis.models.queries.agreement_pages import list_agreements as read
    from parvis.states.calendar import paris_day

    here = here_of(context)
    stages = [chosen("--stage", each, AgreementStage, STAGE_WORDS) for each in stage or []]
    most = whole("--limit", limit) if limit else 50
    last = day("--ends-by", ends_by) if ends_by else None
    with here.database() as database, database.transaction() as session:
        found = read(
            session, today=paris_day(here.now()), stages=stages, ends_by=last, words=search, limit=most
        )
    if here.json:
        dump({"agreements": found})
        return
    if not found:
        say(here, NONE_FOUND)
        return
    made = table(*map(here.say, COLUMNS), right=[3], whole=[0, 1, 4, 5])
    for each in found:
        about = Text(kept(each.title)).append(kept(f"\n{each.organisation}"), "dim")
        stage_word = STAGE_WORDS[each.stage].say(here.language)
        row(made, each.reference, stage_word, about, euros(each.year_cents, here), short_day(each.ends_on),
            short_day(each.due_on))  # fmt: skip
    show(made)


def show_agreement(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """Show an agreement whole."""
    del json
    from parvis.services import agreement_pages

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        page = agreement_pages.page(session, agreement_pages.find(session, ref), at=here.now())
    if here.json:
        dump({**plain(page), "options": [option_json(here, each) for each in page.options]})
    else:
        _print_page(here, page)


def _print_page(here: Here, page: "AgreementPage") -> None:
    line = page.row
    say(
        here,
        HEAD,
        style="bold",
        reference=line.reference,
        stage=STAGE_WORDS[line.stage],
        version=line.version,
    )
    show(Text(kept(f"{line.title} · {line.organisation}")))
    say(here, RUNS, starts=line.starts_on, ends=line.ends_on)
    notes = {each.number: each for each in page.reviews}
    made = table(*map(here.say, YEARS), right=[3], whole=[1, 2])
    for year in page.years:
        review = here.say(REVIEW_WORDS[notes[year.number].review]) if year.number in notes else ""
        row(made, str(year.number), short_day(year.starts_on), short_day(year.ends_on),
            euros(year.total_cents, here), here.say(FIRM if year.firm else INDICATIVE), review)  # fmt: skip
    show(made)
    steps = page.steps
    say(here, STEPS, opens_on=steps.opens_on, evaluation_on=steps.evaluation_on, request_on=steps.request_on,
        decision_on=steps.decision_on)  # fmt: skip
    for sentence, values in (
        (REQUEST, {"reference": line.request}), (FOLLOWED, {"reference": line.followed_by}),
        (APPROVAL, {"day": line.approval_ends_on}), (AWAITED, {"reports": page.awaited_reports}),
    ):  # fmt: skip
        if any(values.values()):
            say(here, sentence, **values)
    for each in page.amendments:
        say(here, AMENDED, number=each.number, day=short_instant(each.made_at), reason=each.reason)


def history(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """Tell all that happened to an agreement, oldest first."""
    del json
    from parvis.services import agreement_pages

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        entries = agreement_pages.history(session, agreement_pages.find(session, ref), here.language)
    if here.json:
        dump({"reference": ref, "history": plain(entries)})
        return
    print_history(entries)


def import_agreements(
    context: typer.Context, file: Csv, dry_run: DryRun = False, at: At = None, json: Json = False
) -> None:
    """Take over the agreements of a CSV file, all of them or none."""
    del json
    from parvis.services.agreement_imports import import_agreements as take_over

    here = here_of(context)
    content = file.read_bytes()
    moment = instant("--at", at) if at else here.now()
    with here.contract() as database:
        taken = take_over(database, content, at=moment, dry_run=dry_run)
    if here.json:
        dump(
            {
                "file": str(file),
                "written": not dry_run,
                "created": taken.created,
                "unchanged": taken.unchanged,
            }
        )
        return
    say(here, TAKEN, style="green", created=len(taken.created), unchanged=len(taken.unchanged))
    if dry_run:
        say(here, DRY)


def renew(context: typer.Context, at: At = None, json: Json = False) -> None:
    """Do now what the daily job does: steps due, renewal requests, reminders."""
    del json
    from parvis.services.jobs import renew_agreements

    here = here_of(context)
    moment = instant("--at", at) if at else here.now()
    with here.acting() as database:
        did = renew_agreements(database, moment)
    if here.json:
        dump(did)
        return
    say(here, DID, moved=did.moved, requests=did.requests, owed=did.owed, refused=did.refused)


SECTION = Section(
    "agreement",
    Sentence(
        "Les conventions de plusieurs années et leurs renouvellements.",
        "Agreements of several years, and their renewals.",
    ),
    (
        Entry("list", list_agreements,
              Sentence("Liste les conventions, de la première à finir à la dernière.",
                       "Lists agreements, those that end first coming first.")),
        Entry("show", show_agreement, Sentence("Montre une convention en entier.", "Shows an agreement whole.")),
        *agreement_moves.ENTRIES,
        *agreement_files.ENTRIES,
        Entry("history", history,
              Sentence("Raconte tout ce qui est arrivé à une convention.", "Tells all that happened to an agreement.")),
        Entry("import", import_agreements,
              Sentence("Reprend les conventions d’un fichier CSV, toutes ou aucune, sans lettre.",
                       "Takes over the agreements of a CSV file, all or none, without a letter."),
              (Sentence("Colonnes (et une par financeur, à son code, pour le montant annuel)",
                        "Columns (and one a funder, named by its code, for the yearly amount)"),
               {"reference": Sentence("son numéro (obligatoire)", "its number (required)"),
                "siret": Sentence("de l’organisme (obligatoire)", "of the organisation (required)"),
                "organisme": Sentence("son nom (obligatoire)", "its name (required)"),
                "titre": Sentence("celui de la convention (obligatoire)", "that of the agreement (required)"),
                "debut, fin": Sentence("premier et dernier jour (obligatoires)", "first and last day (required)"),
                "objet": Sentence("ce qui la distingue d’une autre du même organisme", "what tells it from another"),
                "courriel, signee_le, agrement_caf, instructeur": Sentence("facultatives", "optional"),
                "quartiers, defis": Sentence("codes, séparés par « | »", "codes, separated by “|”"),
                "resume, personnes, part_qpv, contact, contact_courriel": Sentence(
                    "repris par la demande de renouvellement", "taken up by the renewal request")})),
        Entry("renew", renew,
              Sentence("Fait maintenant ce que fait la tâche du matin : étapes, demandes, rappels.",
                       "Does now what the morning job does: steps, requests, reminders.")),
    ),
)  # fmt: skip
