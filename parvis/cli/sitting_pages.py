"""`parvis committee show`, `members` and `conflicts`: a sitting read on the screen."""

from typing import TYPE_CHECKING

import typer
from rich.text import Text

from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import Json
from parvis.cli.output import dump, euros, grid, kept, plain, row, say, short_instant, show, table
from parvis.cli.sitting_options import SittingOf, sitting_of
from parvis.states.interests import GROUND_WORDS, STANDING_WORDS
from parvis.states.quorum import ATTENDANCE_WORDS
from parvis.states.seats import SEAT_WORDS
from parvis.states.words import Sentence, appointment

if TYPE_CHECKING:
    from parvis.models.queries.committees import SittingCard
    from parvis.models.queries.interests import InterestLine
    from parvis.models.queries.members import SeatLine

WHEN = Sentence("Date", "Date")
PLACE = Sentence("Lieu", "Place")
VIDEO = Sentence("Visioconférence", "Video link")
AGENDA = Sentence("Ordre du jour", "Agenda")
OPEN = Sentence("ouvert, se clôt le {day}", "open, closes on {day}")
CLOSED = Sentence("clos", "closed")
UNLISTED = Sentence(
    "Le contrat ne prévoit plus cette séance : l’annuler, ou l’y remettre.",
    "The contract no longer plans this session: cancel it, or put it back.",
)
CANCELLED = Sentence("séance annulée", "session cancelled")
TAKEN = Sentence("{taken} dossiers", "{taken} cases")
TAKEN_OF = Sentence("{taken} dossiers sur {capacity}", "{taken} cases of {capacity}")
VERSION = Sentence("version {version}", "version {version}")
AGENDA_COLUMNS = (
    Sentence("N°", "No."), Sentence("Référence", "Reference"), Sentence("Dossier", "Case"),
    Sentence("Quartiers", "Neighbourhoods"), Sentence("Demandé", "Requested"),
)  # fmt: skip
MEMBER_COLUMNS = (
    Sentence("Membre", "Member"), Sentence("Qualité", "Seat"), Sentence("Voix", "Vote"),
    Sentence("Convoqué", "Summoned"), Sentence("Intérêts", "Interests"), Sentence("Présence", "Attendance"),
)  # fmt: skip
CONFLICT_COLUMNS = (
    Sentence("Membre", "Member"), Sentence("Dossier", "Case"), Sentence("Pourquoi", "Why"),
    Sentence("Suite", "Outcome"),
)  # fmt: skip
YES, NO = Sentence("oui", "yes"), Sentence("non", "no")
FOR = Sentence("pour {name}", "for {name}")
DECLARED = Sentence("déclarés le {at}", "declared {at}")
GROWN = Sentence("sauf {references}, inscrits depuis", "but {references}, added since")
NOT_DECLARED = Sentence("non déclarés", "not declared")
RECUSED = Sentence("{count} déports", "{count} recusals")
ONE_RECUSED = Sentence("1 déport", "1 recusal")
EMPTY = Sentence("Aucun dossier à l’ordre du jour.", "No case on the agenda.")
NOBODY = Sentence("Aucun membre : les ajouter dans le contrat.", "No member: add them to the contract.")
NO_CONFLICT = Sentence("Aucun conflit d’intérêts connu.", "No conflict of interest known.")


def show_sitting(context: typer.Context, *, sitting: SittingOf, json: Json = False) -> None:
    """Show a sitting: when and where, its agenda, its members and what they declared."""
    del json
    from parvis.models.queries import agendas, interests, members
    from parvis.models.queries.committees import sitting_card

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = sitting_of(session, sitting, here.now())
        card = sitting_card(session, found.id)
        lines = agendas.agenda(session, found.id)
        seats = members.seats(session, found.id)
        conflicts = interests.of_sitting(session, found.id)
    if here.json:
        dump({**plain(card), "agenda": lines, "members": seats, "interests": conflicts})
        return
    _print_card(here, card)
    if not lines:
        say(here, EMPTY)
    else:
        made = table(*map(here.say, AGENDA_COLUMNS), right=[0, 4], whole=[1])
        for line in lines:
            title = Text(kept(line.title)).append(kept(f"\n{line.organisation}"), "dim")
            if line.note:
                title.append(kept(f"\n{line.note}"), "dim")
            row(made, str(line.position), line.reference, title, ", ".join(line.neighbourhoods),
                euros(line.requested_cents, here))  # fmt: skip
        show(made)
    if seats:
        show("")
        _print_members(here, seats)
    if conflicts:
        show("")
        _print_conflicts(here, conflicts)


def show_members(context: typer.Context, *, sitting: SittingOf, json: Json = False) -> None:
    """Show who sits, who was summoned, who declared."""
    del json
    from parvis.models.queries import members

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        seats = members.seats(session, sitting_of(session, sitting, here.now()).id)
    if here.json:
        dump({"members": seats})
    elif seats:
        _print_members(here, seats)
    else:
        say(here, NOBODY)


def show_conflicts(context: typer.Context, *, sitting: SittingOf, json: Json = False) -> None:
    """Show what may keep members from weighing cases, those to settle first."""
    del json
    from parvis.models.queries import interests

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = interests.of_sitting(session, sitting_of(session, sitting, here.now()).id)
    if here.json:
        dump({"interests": found})
    elif found:
        _print_conflicts(here, found)
    else:
        say(here, NO_CONFLICT)


def _print_card(here: Here, card: "SittingCard") -> None:
    from parvis.states.calendar import clear_days_before, local_instant

    made = grid()
    if card.cancelled_at is not None:
        agenda = here.say(CANCELLED)
    elif card.agenda_open:
        agenda = here.say(OPEN, day=clear_days_before(card.held_on, card.lead_days))
    else:
        agenda = here.say(CLOSED)
    taken = (TAKEN_OF if card.capacity else TAKEN).fill(taken=card.taken, capacity=card.capacity)
    when = appointment(local_instant(card.held_on, card.starts_at), here.language)
    row(made, here.say(WHEN), when)
    if card.room:
        row(made, here.say(PLACE), card.room)
    if card.video_url:
        row(made, here.say(VIDEO), card.video_url)
    row(made, here.say(AGENDA), f"{here.say(taken)}, {agenda} ({here.say(VERSION, version=card.version)})")
    show(Text(kept(card.name), "bold"), made, "")
    if card.planned_on is None and card.held_at is None and card.cancelled_at is None:
        say(here, UNLISTED, style="yellow")


def _print_members(here: Here, seats: "list[SeatLine]") -> None:
    made = table(*map(here.say, MEMBER_COLUMNS), whole=[2])
    for seat in seats:
        name = Text(kept(seat.person)).append(kept(f"\n{seat.email}"), "dim")
        role = here.say(SEAT_WORDS[seat.role])
        if seat.titular:
            role = f"{role} {here.say(FOR, name=seat.titular)}"
        declared = (
            here.say(DECLARED, at=short_instant(seat.declared_at))
            if seat.declared_at
            else here.say(NOT_DECLARED)
        )
        if seat.declared_at and seat.undeclared:
            declared = f"{declared}, {here.say(GROWN, references=list(seat.undeclared))}"
        if seat.recused:
            told = ONE_RECUSED if seat.recused == 1 else RECUSED
            declared = f"{declared}, {here.say(told, count=seat.recused)}"
        row(
            made, name, role, here.say(YES if seat.votes else NO), short_instant(seat.invited_at) or "—", declared,
            here.say(ATTENDANCE_WORDS[seat.attendance]),
        )  # fmt: skip
    show(made)


def _print_conflicts(here: Here, found: "list[InterestLine]") -> None:
    made = table(*map(here.say, CONFLICT_COLUMNS), whole=[])
    for one in found:
        case = Text(kept(one.reference)).append(kept(f"\n{one.title}"), "dim")
        outcome = here.say(STANDING_WORDS[one.status])
        if one.reason:
            outcome = f"{outcome} ({one.reason})"
        row(made, one.person, case, here.say(GROUND_WORDS[one.ground], detail=one.detail), outcome)
    show(made)


ENTRIES = (
    Entry(
        "show",
        show_sitting,
        Sentence(
            "Montre une séance : son ordre du jour, ses membres, leurs déclarations.",
            "Shows a session: its agenda, its members, their declarations.",
        ),
    ),
    Entry(
        "members",
        show_members,
        Sentence(
            "Montre qui siège, qui est convoqué, qui a déclaré ses intérêts.",
            "Shows who sits, who was summoned, who declared interests.",
        ),
    ),
    Entry(
        "conflicts",
        show_conflicts,
        Sentence(
            "Montre ce qui peut empêcher un membre de se prononcer sur un dossier.",
            "Shows what may keep a member from weighing a case.",
        ),
    ),
)
