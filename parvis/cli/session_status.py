"""`parvis session status` and `minutes`: a session as it stands, and what its minutes say."""

from typing import TYPE_CHECKING

import typer
from rich.text import Text

from parvis.cli import session_options as o
from parvis.cli.failures import NotThereError
from parvis.cli.here import Here, here_of
from parvis.cli.options import Json
from parvis.cli.output import dump, euros, kept, row, say, short_day, show, table
from parvis.cli.values import day
from parvis.states.outcomes import OUTCOME_WORDS
from parvis.states.sitting_table import SITTINGS
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.sessions.picture import CasePicture, Picture
    from parvis.services.sessions.room import Room
    from parvis.states.minutes import Minutes

TITLE = Sentence("{name}, séance du {held_on} : {stage}.", "{name}, session of {held_on}: {stage}.")
QUORUM = Sentence(
    "Voix : {seats} ; présentes : {present} ; il en faut {needed}.",
    "Votes: {seats}; present: {present}; {needed} needed.",
)
REACHED = Sentence("Quorum atteint.", "Quorum reached.")
NOT_REACHED = Sentence("Quorum non atteint.", "No quorum.")
CASES = (
    Sentence("N°", "No."), Sentence("Dossier", "Case"), Sentence("Demandé", "Requested"),
    Sentence("Proposé", "Proposed"), Sentence("Décision", "Decision"), Sentence("Montant", "Amount"),
    Sentence("Version", "Version"),
)  # fmt: skip
ENVELOPES = (
    Sentence("Enveloppe", "Envelope"), Sentence("Reste", "Left"), Sentence("Sur la table", "On the table"),
    Sentence("Après", "After"),
)  # fmt: skip
LEAVING = Sentence("se déportent : {names}", "recused: {names}")
BLOCKED = Sentence("Ce qui empêche de clore :", "What keeps it from closing:")
READY = Sentence("Rien n’empêche de clore la séance.", "Nothing keeps the session from closing.")
NO_MINUTES = Sentence(
    "La séance du {held_on} n’est pas close : elle n’a pas encore de procès-verbal.",
    "The session of {held_on} is not closed: it has no minutes yet.",
)
DECIDED = (
    Sentence("N°", "No."), Sentence("Dossier", "Case"), Sentence("Décision", "Decision"),
    Sentence("Montant", "Amount"), Sentence("Motif ou conditions", "Reason or conditions"),
)  # fmt: skip


def status(context: typer.Context, *, code: o.Code, date: o.On, json: Json = False) -> None:
    """Show where a session stands."""
    del json
    from parvis.services.committees import find_sitting
    from parvis.services.sessions.picture import picture

    here = here_of(context)
    on, at = day("DATE", date), here.now()
    with here.database() as database, database.transaction() as session:
        seen = picture(session, find_sitting(session, code, on, at=at).id, at=at)
    if here.json:
        dump(_as_json(seen))
        return
    _print(here, seen)


def _as_json(seen: "Picture") -> dict[str, object]:
    room = seen.room
    return {
        "committee": room.row.code, "held_on": room.row.held_on, "stage": room.stage, "version": room.row.version,
        "quorum": room.quorum, "quorate": room.quorate, "members": room.members,
        "cases": [{"case": one.case, "proposed": one.proposed, "recused": one.recused, "quorum": one.quorum}
                  for one in seen.cases],
        "envelopes": [{"funder": one.funder, "call": one.call, "year": one.year, "total_cents": one.total_cents,
                       "left_cents": one.left_cents, "on_table_cents": one.on_table_cents,
                       "left_after_cents": one.left_after_cents} for one in seen.balances],
        "outcomes": seen.outcomes, "undecided": seen.undecided, "blocked": seen.blocked,
    }  # fmt: skip


def _print(here: Here, seen: "Picture") -> None:
    row_ = seen.room.row
    say(
        here, TITLE, style="bold", name=row_.name, held_on=row_.held_on, stage=SITTINGS.words[seen.room.stage]
    )
    show_quorum(here, seen.room)
    made = table(*map(here.say, CASES), right=[0, 2, 3, 5, 6], whole=[4])
    for one in seen.cases:
        row(made, *_cells(here, one))
    show(made)
    if seen.balances:
        left = table(*map(here.say, ENVELOPES), right=[1, 2, 3])
        for purse in seen.balances:
            cells = (purse.left_cents, purse.on_table_cents, purse.left_after_cents)
            short = purse.left_after_cents < 0
            row(left, f"{purse.name}, {purse.call}", *(euros(cents, here) for cents in cells),
                style="red" if short else "")  # fmt: skip
        show(left)
    if seen.blocked:
        say(here, BLOCKED)
        for blocked in seen.blocked:
            for reason in blocked.reasons:
                show(f"  {blocked.reference} : {here.say(reason.sentence)}")
    elif seen.cases:
        say(here, READY, style="green")


def _cells(here: Here, one: "CasePicture") -> list[str | Text]:
    case, saved = one.case, one.case.saved
    about = Text(kept(f"{case.reference} {case.title}")).append(kept(f"\n{case.organisation}"), "dim")
    if one.recused:
        about.append(kept(f"\n{here.say(LEAVING, names=one.recused)}"), "dim")
    return [
        str(case.position), about, euros(case.requested_cents, here),
        euros(one.proposed.total_cents or None, here) if one.proposed else "—",
        here.say(OUTCOME_WORDS[saved.draft.outcome]) if saved else "—",
        euros(saved.draft.total_cents, here) if saved and saved.draft.amounts else "",
        str(saved.version) if saved else "0",
    ]  # fmt: skip


def show_quorum(here: Here, room: "Room") -> None:
    """Say how many votes are in the room and whether that is enough."""
    quorum = room.quorum
    if quorum.seats:
        say(here, QUORUM, seats=quorum.seats, present=quorum.present, needed=quorum.needed)
    say(here, REACHED if room.quorate else NOT_REACHED)


def minutes(context: typer.Context, *, code: o.Code, date: o.On, json: Json = False) -> None:
    """Give the content of the minutes of a closed session."""
    del json
    from parvis.services.committees import find_sitting
    from parvis.services.sessions.minutes import read_minutes

    here = here_of(context)
    on = day("DATE", date)
    with here.database() as database, database.transaction() as session:
        sitting = find_sitting(session, code, on, at=here.now())
        said = read_minutes(session, sitting.id)
    if said is None:
        raise NotThereError(NO_MINUTES.fill(held_on=sitting.held_on))
    if here.json:
        dump(said)
        return
    _print_minutes(here, said)


def _print_minutes(here: Here, said: "Minutes") -> None:
    closed = SITTINGS.words["closed"]
    say(here, TITLE, style="bold", name=said.committee, held_on=said.held_on, stage=closed)
    if said.quorum_seats:
        say(here, QUORUM, seats=said.quorum_seats, present=said.quorum_present, needed=said.quorum_needed)
    say(here, REACHED if said.quorate else NOT_REACHED)
    made = table(*map(here.say, DECIDED), right=[0, 3], whole=[2])
    for one in said.decisions:
        told = "\n".join(filter(None, [one.reason, one.conditions, short_day(one.next_session)]))
        if one.recused:
            told = "\n".join(filter(None, [told, here.say(LEAVING, names=one.recused)]))
        amount = euros(one.total_cents, here) if one.total_cents else ""
        row(
            made,
            str(one.position),
            f"{one.reference} {one.title}",
            here.say(OUTCOME_WORDS[one.outcome]),
            amount,
            told,
        )
    show(made)
