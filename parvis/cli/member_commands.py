"""`parvis committee declare`, `confirm`, `dismiss`, `excuse`, `change`, `cancel`: members, and the sitting itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.here import here_of
from parvis.cli.options import DATE, TEXT, As, ByRole, Json, option
from parvis.cli.output import dump, say
from parvis.cli.sitting_options import CaseOf, Member, SittingOf, Why, sitting_of
from parvis.cli.values import WrongUseError, day
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.session import Session
    from parvis.services.cases import Found
    from parvis.states.contract import Sitting

Interests = Annotated[
    list[str] | None,
    option(
        "--interest",
        shown=Sentence("RÉFÉRENCE=TEXTE", "REFERENCE=TEXT"),
        said=Sentence(
            "Un dossier, et ce qui lie le membre à lui ; à répéter ; sans elle, rien à déclarer.",
            "A case, and what ties the member to it; to be repeated; without it, nothing to declare.",
        ),
    ),
]

DECLARED_NONE = Sentence("{name} : aucun intérêt déclaré.", "{name}: no interest declared.")
DECLARED = Sentence(
    "{name} : intérêt déclaré dans {references}.", "{name}: interest declared in {references}."
)
CONFIRMED = Sentence("{name} ne se prononce pas sur {reference}.", "{name} does not weigh {reference}.")
DISMISSED = Sentence(
    "Rien n’empêche {name} de se prononcer sur {reference}.",
    "Nothing keeps {name} from weighing {reference}.",
)
EXCUSED = Sentence(
    "{name} est excusé. Suppléants convoqués : {count}.", "{name} is excused. Substitutes summoned: {count}."
)
CHANGED = Sentence("Séance changée. Membres avertis : {count}.", "Session changed. Members told: {count}.")
CANCELLED = Sentence(
    "La séance du {held_on} est annulée. Dossiers déplacés : {count}.",
    "The session of {held_on} is cancelled. Cases moved: {count}.",
)
NOT_SAID = Sentence(
    "« {value} » ne se lit pas : écrire la référence, « = », puis ce qui lie le membre au dossier.",
    "“{value}” cannot be read: write the reference, “=”, then what ties the member to the case.",
)


def declare(
    context: typer.Context, *, sitting: SittingOf, member: Member, as_: As = None, role: ByRole = None,
    interest: Interests = None, json: Json = False,
) -> None:  # fmt: skip
    """Record what a member declares: interests, or none."""
    del json
    from parvis.services import interests
    from parvis.services.people import acting

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, person, at = actor(session, as_, role), acting(session, member), here.now()
        said = [_interest(session, typed) for typed in interest or []]
        found = sitting_of(session, sitting, at)
        interests.declare(
            session, found.id, person.person_id, {case.id: why for case, why in said}, by=who.by, at=at
        )
    references = [case.reference for case, _ in said]
    if here.json:
        dump({"member": member, "declared_at": at, "interests": references})
        return
    say(
        here,
        DECLARED if references else DECLARED_NONE,
        style="green",
        name=person.name,
        references=references,
    )


def _interest(session: "Session", typed: str) -> "tuple[Found, str]":
    from parvis.services.cases import find_case

    reference, sign, why = typed.partition("=")
    if not sign:
        raise WrongUseError("--interest", NOT_SAID.fill(value=typed))
    return find_case(session, reference.strip()), why.strip()


def confirm(
    context: typer.Context, *, sitting: SittingOf, member: Member, ref: CaseOf, as_: As = None, role: ByRole = None,
    reason: Why = "", json: Json = False,
) -> None:  # fmt: skip
    """Confirm that a member does not weigh a case."""
    del json
    from parvis.services import interests

    _settle(
        context, interests.confirm, ("confirmed", CONFIRMED), sitting=sitting, member=member, ref=ref, as_=as_,
        role=role, reason=reason,
    )  # fmt: skip


def dismiss(
    context: typer.Context, *, sitting: SittingOf, member: Member, ref: CaseOf, as_: As = None, role: ByRole = None,
    reason: Why = "", json: Json = False,
) -> None:  # fmt: skip
    """Say, with the reason, that nothing keeps a member from weighing a case."""
    del json
    from parvis.services import interests

    _settle(
        context, interests.dismiss, ("dismissed", DISMISSED), sitting=sitting, member=member, ref=ref, as_=as_,
        role=role, reason=reason,
    )  # fmt: skip


def _settle(
    context: typer.Context, settle: Callable[..., object], said: tuple[str, Sentence], *,
    sitting: str, member: str, ref: str, as_: str | None, role: str | None, reason: str,
) -> None:  # fmt: skip
    """Settle the conflict of a member and a case; `said` is its new status, and the sentence that tells it."""
    from parvis.services.cases import find_case
    from parvis.services.people import acting

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, at = actor(session, as_, role), here.now()
        person, case = acting(session, member), find_case(session, ref)
        found = sitting_of(session, sitting, at)
        settle(session, found.id, person.person_id, case.id, reason=reason, by=who.by, at=at)
    status, sentence = said
    if here.json:
        dump({"member": member, "reference": case.reference, "status": status})
        return
    say(here, sentence, style="green", name=person.name, reference=case.reference)


def excuse(
    context: typer.Context, *, sitting: SittingOf, member: Member, as_: As = None, role: ByRole = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Record that a member will not come."""
    del json
    from parvis.services import sitting_changes
    from parvis.services.people import acting

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, person, at = actor(session, as_, role), acting(session, member), here.now()
        found = sitting_of(session, sitting, at)
        told = sitting_changes.excuse(session, found.id, person.person_id, by=who.by, at=at)
    if here.json:
        dump({"member": member, "attendance": "excused", "summoned": told.summoned})
        return
    say(here, EXCUSED, style="green", name=person.name, count=told.summoned)


def change(
    context: typer.Context, *, sitting: SittingOf,
    date: Annotated[
        str | None, option("--date", shown=DATE, said=Sentence("Le nouveau jour.", "The new day."))
    ] = None,
    time: Annotated[
        str | None, option("--time", shown=Sentence("HH:MM", "HH:MM"), said=Sentence("La nouvelle heure, à Paris.",
                                                                   "The new hour, in Paris."))
    ] = None,
    room: Annotated[
        str | None, option("--room", shown=TEXT, said=Sentence("La nouvelle salle.", "The new room."))
    ] = None,
    video: Annotated[
        str | None,
        option("--video", shown=TEXT, said=Sentence("Le nouveau lien de visioconférence.", "The new video link.")),
    ] = None,
    as_: As = None, role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Change when or where a sitting takes place; members already summoned are told."""
    del json
    from parvis.services import sitting_changes

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, at = actor(session, as_, role), here.now()
        found = sitting_of(session, sitting, at)
        new = _new({"day": day("--date", date) if date else found.held_on, "starts_at": time, "room": room,
                    "video_url": video or None})  # fmt: skip
        told = sitting_changes.move(
            session, found.id, held_on=new.day, starts_at=new.starts_at, room=new.room,
            video_url="" if video == "" else new.video_url, by=who.by, at=at,
        )  # fmt: skip
    if here.json:
        dump({"sitting": f"{found.code}/{new.day}", "told": told.changed})
        return
    say(here, CHANGED, style="green", count=told.changed)


def cancel(
    context: typer.Context, *, sitting: SittingOf, as_: As = None, role: ByRole = None, reason: Why = "",
    json: Json = False,
) -> None:  # fmt: skip
    """Cancel a sitting: its cases go to the next one, its members are told."""
    del json
    from parvis.services import sitting_changes

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, at = actor(session, as_, role), here.now()
        found = sitting_of(session, sitting, at)
        moved = sitting_changes.cancel(session, found.id, reason=reason, by=who.by, at=at)
    if here.json:
        dump({"sitting": f"{found.code}/{found.held_on}", "cancelled": True, "cases": moved})
        return
    say(here, CANCELLED, style="green", held_on=found.held_on, count=moved)


def _new(said: dict[str, object]) -> "Sitting":
    """A sitting as said, its values read as those of a contract file are."""
    from pydantic import ValidationError

    from parvis.states.contract import Sitting

    try:
        return Sitting.model_validate(said)
    except ValidationError as error:
        wrong = error.errors()[0]
        options = {"starts_at": "--time", "video_url": "--video", "room": "--room"}
        sentence = Sentence(wrong["ctx"]["fr"], wrong["ctx"]["en"])
        raise WrongUseError(options[str(wrong["loc"][-1])], sentence) from None


ENTRIES = (
    Entry(
        "declare",
        declare,
        Sentence("Enregistre ce qu’un membre déclare : des intérêts, ou aucun.",
                 "Records what a member declares: interests, or none."),
    ),
    Entry(
        "confirm",
        confirm,
        Sentence("Confirme un déport : le membre ne reçoit pas le dossier.",
                 "Confirms a recusal: the member does not receive the case."),
    ),
    Entry(
        "dismiss",
        dismiss,
        Sentence("Écarte un conflit d’intérêts, avec son motif.", "Dismisses a conflict of interest, with its reason."),
    ),
    Entry(
        "excuse",
        excuse,
        Sentence("Note qu’un membre ne viendra pas ; son suppléant est convoqué.",
                 "Notes that a member will not come; the substitute is summoned."),
    ),
    Entry(
        "change",
        change,
        Sentence("Change le jour, l’heure ou le lieu d’une séance ; les membres convoqués sont avertis.",
                 "Changes the day, hour or place of a session; members already summoned are told."),
    ),
    Entry(
        "cancel",
        cancel,
        Sentence("Annule une séance : ses dossiers passent à la suivante, ses membres sont avertis.",
                 "Cancels a session: its cases go to the next one, its members are told."),
    ),
)  # fmt: skip
