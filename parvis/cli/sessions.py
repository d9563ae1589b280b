"""`parvis session open`, `attend`, `decide`, `adopt` and `close`: what the secretary records while a committee sits."""

from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli import session_options as o
from parvis.cli.acting import actor
from parvis.cli.entries import Entry, Section
from parvis.cli.here import Here, here_of
from parvis.cli.move_options import Amounts, Conditions, Parts, Reason
from parvis.cli.options import REFERENCE, As, ByRole, Json, argument
from parvis.cli.output import dump, say
from parvis.cli.session_status import minutes, show_quorum, status
from parvis.cli.values import WrongUseError, chosen, day, parts, shares, whole
from parvis.states.outcomes import OUTCOME_WORDS, Draft, Outcome, Votes
from parvis.states.quorum import ATTENDANCE_WORDS, Attendance
from parvis.states.words import Cents, Sentence

if TYPE_CHECKING:
    from parvis.models.queries.committees import Sitting
    from parvis.models.session import Session
    from parvis.services.sessions.decisions import Decided

OPENED = Sentence("{name}, séance du {held_on} : ouverte.", "{name}, session of {held_on}: open.")
DECIDED = Sentence(
    "{reference} : {outcome}, {total} (version {version})",
    "{reference}: {outcome}, {total} (version {version})",
)
SAID = Sentence("{reference} : {outcome} (version {version})", "{reference}: {outcome} (version {version})")
FORGOTTEN = Sentence("{reference} : rien n’est plus dit.", "{reference}: nothing is said any more.")
KEPT = Sentence("Décisions gardées : {count}.", "Decisions kept: {count}.")
CLOSED = Sentence(
    "Séance close. {outcomes}. Procès-verbal, version {minutes}.",
    "Session closed. {outcomes}. Minutes, version {minutes}.",
)
ONE = Sentence("{outcome} : {count}", "{outcome}: {count}")
BAD_VOTES = Sentence(
    "« {value} » ne se lit pas : voix pour, contre et abstentions, 7/2/1.",
    "“{value}” cannot be read: votes for, against and abstentions, 7/2/1.",
)
CASE_AND_DECISION = Sentence(
    "Nommer le dossier et sa décision, ou donner un tableau : --file.",
    "Name the case and its decision, or give a table: --file.",
)
References = Annotated[
    list[str] | None,
    argument(
        shown=REFERENCE,
        said=Sentence(
            "Ces dossiers seulement ; sinon tous ceux qui attendent.", "These cases only; else all that wait."
        ),
    ),
]


def open_(
    context: typer.Context, *, code: o.Code, date: o.On, quorate: o.Quorate = None, as_: As = None,
    role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Open a session."""
    del json
    from parvis.services.sessions.room import open_session

    here = here_of(context)
    at = here.now()
    with here.acting() as database, database.transaction() as session:
        sitting = _sitting(here, session, code, date)
        room = open_session(session, sitting.id, by=actor(session, as_, role).by, at=at, quorate=quorate)
    if here.json:
        dump(
            {
                "committee": sitting.code,
                "held_on": sitting.held_on,
                "stage": room.stage,
                "quorum": room.quorum,
            }
        )
        return
    say(here, OPENED, style="green", name=sitting.name, held_on=sitting.held_on)
    show_quorum(here, room)


def attend(
    context: typer.Context, *, code: o.Code, date: o.On, present: o.Present = None, excused: o.Excused = None,
    absent: o.Absent = None, rest: o.Rest = None, as_: As = None, role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Record who came."""
    del json
    from parvis.services.sessions.room import attend as record
    from parvis.services.sessions.room import attend_rest

    here = here_of(context)
    at = here.now()
    named = {Attendance.PRESENT: present, Attendance.EXCUSED: excused, Attendance.ABSENT: absent}
    others = chosen("--rest", rest, Attendance, ATTENDANCE_WORDS) if rest else None
    with here.acting() as database, database.transaction() as session:
        sitting = _sitting(here, session, code, date)
        by = actor(session, as_, role).by
        came = {
            _person(session, email): said
            for said, typed in named.items()
            for each in typed or ()
            for email in filter(None, map(str.strip, each.split(",")))
        }
        room = record(session, sitting.id, came, by=by, at=at)
        if others is not None:
            room = attend_rest(session, sitting.id, others, by=by, at=at)
    if here.json:
        dump({"members": room.members, "quorum": room.quorum, "quorate": room.quorate})
        return
    show_quorum(here, room)


def _person(session: "Session", email: str) -> int:
    from parvis.services.people import acting

    return acting(session, email).person_id


def decide(
    context: typer.Context, *, code: o.Code, date: o.On, case: o.Case = None, decision: o.OutcomeOption = None,
    amount: Amounts = None, part: Parts = None, reason: Reason = "", conditions: Conditions = "",
    votes: o.VotesOption = None, if_version: o.Seen = None, undo: o.Undo = False, file: o.DecisionFile = None,
    as_: As = None, role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Keep what the committee says of a case, or of all those of a table."""
    del json
    from parvis.services.cases import find_case
    from parvis.services.sessions import decisions

    here = here_of(context)
    at = here.now()
    expected = whole("--if-version", if_version, least=0, most=999_999) if if_version else None
    with here.acting() as database, database.transaction() as session:
        sitting = _sitting(here, session, code, date)
        by = actor(session, as_, role).by
        if file is not None:
            from parvis.services.sessions.decisions_file import read_table_for

            drafts = read_table_for(session, sitting.id, file.name, file.read_bytes())
            kept = decisions.save_block(session, sitting.id, drafts, by=by, at=at)
            _show_kept(here, kept)
            return
        if case is None or (decision is None and not undo):
            raise WrongUseError("", CASE_AND_DECISION)
        found = find_case(session, case)
        if undo:
            decisions.take_back(session, sitting.id, found.id, by=by, at=at, expected_version=expected)
            _show_forgotten(here, found.reference)
            return
        draft = Draft(
            chosen("DECISION", decision or "", Outcome, OUTCOME_WORDS), shares("--amount", amount or []),
            reason, conditions, _votes(votes), parts("--part", part or []),
        )  # fmt: skip
        one = decisions.save(session, sitting.id, found.id, draft, by=by, at=at, expected_version=expected)
    _show_one(here, one)


def adopt(
    context: typer.Context, *, code: o.Code, date: o.On, cases: References = None, except_: o.Apart = None,
    votes: o.VotesOption = None, as_: As = None, role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Keep what is proposed for every case that waits, or for these: one vote for all."""
    del json
    from parvis.services.cases import find_cases
    from parvis.services.sessions.decisions import save_as_proposed

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        sitting = _sitting(here, session, code, date)
        only = {case.id for case in find_cases(session, cases)} if cases else None
        apart = {case.id for case in find_cases(session, except_)} if except_ else set()
        kept = save_as_proposed(
            session, sitting.id, by=actor(session, as_, role).by, at=here.now(), only=only, apart=apart,
            votes=_votes(votes),
        )  # fmt: skip
    _show_kept(here, kept)


def close(
    context: typer.Context,
    *,
    code: o.Code,
    date: o.On,
    as_: As = None,
    role: ByRole = None,
    json: Json = False,
) -> None:
    """Close a session: every decision is applied and the minutes are written, or nothing is."""
    del json
    from parvis.services.sessions.closing import close as end

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        sitting = _sitting(here, session, code, date)
        closed = end(session, sitting.id, by=actor(session, as_, role).by, at=here.now())
    if here.json:
        dump(closed)
        return
    said = [
        ONE.fill(outcome=OUTCOME_WORDS[outcome], count=count) for outcome, count in closed.outcomes.items()
    ]
    say(here, CLOSED, style="green", outcomes=said, minutes=closed.minutes)


def _sitting(here: Here, session: "Session", code: str, on: str) -> "Sitting":
    from parvis.services.committees import find_sitting

    return find_sitting(session, code, day("DATE", on), at=here.now())


def _votes(typed: str | None) -> Votes | None:
    from parvis.services.sessions.decisions_file import parse_votes

    if typed is None:
        return None
    votes = parse_votes(typed)
    if votes is None:
        raise WrongUseError("--votes", BAD_VOTES.fill(value=typed))
    return votes


def _show_one(here: Here, one: "Decided") -> None:
    if here.json:
        dump(one)
        return
    words = OUTCOME_WORDS[one.draft.outcome]
    if one.draft.amounts:
        total = Cents(one.draft.total_cents)
        say(here, DECIDED, reference=one.reference, outcome=words, total=total, version=one.version)
    else:
        say(here, SAID, reference=one.reference, outcome=words, version=one.version)


def _show_kept(here: Here, kept: "list[Decided]") -> None:
    if here.json:
        dump({"decisions": kept})
        return
    for one in kept:
        _show_one(here, one)
    say(here, KEPT, style="green", count=len(kept))


def _show_forgotten(here: Here, reference: str) -> None:
    if here.json:
        dump({"reference": reference, "decision": None})
        return
    say(here, FORGOTTEN, reference=reference)


SECTION = Section(
    "session",
    Sentence("Tenir une séance : présences, décisions, clôture.", "Holding a session: attendance, decisions, closing."),
    (
        Entry("status", status, Sentence("Montre où en est la séance : présences, dossiers, enveloppes.",
                                         "Shows where the session stands: attendance, cases, envelopes.")),
        Entry("open", open_, Sentence("Ouvre la séance, le jour venu.", "Opens the session, its day come.")),
        Entry("attend", attend, Sentence("Relève les présences ; le quorum suit.",
                                         "Records who came; the quorum follows.")),
        Entry("decide", decide, Sentence("Garde ce que dit le comité d’un dossier, ou d’un tableau de dossiers.",
                                         "Keeps what the committee says of a case, or of a table of cases.")),
        Entry("adopt", adopt, Sentence("Garde ce qui est proposé pour les dossiers qui attendent, d’un seul vote.",
                                       "Keeps what is proposed for the cases that wait, with one vote.")),
        Entry("close", close, Sentence("Clôt la séance : applique toutes les décisions, écrit le procès-verbal.",
                                       "Closes the session: applies every decision, writes the minutes.")),
        Entry("minutes", minutes, Sentence("Donne le contenu du procès-verbal.", "Gives the content of the minutes.")),
    ),
)  # fmt: skip
