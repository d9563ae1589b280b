"""The journal of a sitting as people read it: what happened, who did it, to which case, in plain words."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.queries.committee_journal import ToldEvent, case_references, events
from parvis.models.queries.people import names
from parvis.models.session import Session
from parvis.states.outcomes import OUTCOME_WORDS
from parvis.states.quorum import ATTENDANCE_WORDS
from parvis.states.sitting_events import EVENT_WORDS, SittingEvent
from parvis.states.stages import ROLE_WORDS, Role
from parvis.states.words import Cents, Sentence

MOST_NAMED = 8

HIDDEN = Sentence("un dossier qui ne vous est pas montré", "a case that is not shown to you")
SOMEBODY = Sentence("quelqu’un", "somebody")
CASES = Sentence("{cases}", "{cases}")
AND_MORE = Sentence("{cases} et {count} autres", "{cases} and {count} others")
ABOUT = Sentence("{case} : {reason}", "{case}: {reason}")
REASON = Sentence("Motif : {reason}", "Reason: {reason}")
PERSON = Sentence("{person}, {case}", "{person}, {case}")
PERSON_REASON = Sentence("{person}, {case} : {reason}", "{person}, {case}: {reason}")
NO_INTEREST = Sentence("{person} : aucun intérêt", "{person}: no interest")
INTERESTS = Sentence("{person} : {cases}", "{person}: {cases}")
VERSION = Sentence("Version {version}, {pages} pages", "Version {version}, {pages} pages")
PROGRAMMED = Sentence("« {name} » : {cases} dossiers, {total}", "“{name}”: {cases} cases, {total}")
SAID = Sentence("{case} : {outcome}", "{case}: {outcome}")
GRANTED = Sentence("{case} : {outcome}, {total}", "{case}: {outcome}, {total}")
FORGOTTEN = Sentence("{case} : décision effacée", "{case}: decision deleted")
CAME = Sentence("{came} : {people}", "{came}: {people}")
COUNTED = Sentence("{outcome} : {count}", "{outcome}: {count}")
LETTERS = Sentence(
    "Membres convoqués : {summoned} ; avertis d’un changement : {changed} ; d’une annulation : {cancelled}",
    "Members summoned: {summoned}; told of a change: {changed}; of a cancellation: {cancelled}",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to a sitting; `who` is a name or a role, `at` aware UTC."""

    seq: int
    at: datetime
    who: str | Sentence
    what: Sentence
    details: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    cases: Mapping[int, str]
    people: Mapping[str, str]
    hidden: Collection[int]

    def case(self, case_id: int) -> str | Sentence:
        return HIDDEN if case_id in self.hidden else self.cases.get(case_id, str(case_id))

    def person(self, person_id: int | str) -> str | Sentence:
        return self.people.get(f"person:{person_id}", SOMEBODY)

    def listed(self, case_ids: Collection[int]) -> Sentence:
        named = [self.case(case_id) for case_id in case_ids]
        if len(named) <= MOST_NAMED:
            return CASES.fill(cases=named)
        return AND_MORE.fill(
            cases=CASES.fill(cases=named[: MOST_NAMED - 1]), count=len(named) - MOST_NAMED + 1
        )


def story(session: Session, committee_id: int, *, hidden: Collection[int] = ()) -> list[Told]:
    """All that happened to a sitting, the latest first; cases `hidden` from the reader are not named."""
    lines = events(session, committee_id)
    read = [(line, json.loads(line.event.details)) for line in lines]
    found = _Names(
        case_references(session, (case for line, said in read for case in _cases(line.event.action, said))),
        names(
            session,
            [f"person:{person}" for line, said in read for person in _people(line.event.action, said)],
        ),
        hidden,
    )
    return [_told(line, said, found) for line, said in reversed(read)]


def _told(line: ToldEvent, said: Mapping[str, Any], found: _Names) -> Told:
    event = line.event
    action = SittingEvent(event.action)
    who = line.actor_name or ROLE_WORDS[Role(event.role)]
    details = _DETAILS.get(action, _reason)(said, found)
    return Told(event.seq, event.at, who, EVENT_WORDS[action], tuple(details))


def _cases(action: str, said: Mapping[str, Any]) -> Iterator[int]:
    if "case" in said:
        yield said["case"]
    if action == SittingEvent.CANCELLED:
        yield from (case for case, _ in said.get("cases", ()))
    else:
        yield from said.get("cases", ())
    yield from (case for _, case in said.get("found", ()))


def _people(action: str, said: Mapping[str, Any]) -> Iterator[int | str]:
    if "person" in said:
        yield said["person"]
    yield from (person for person, _ in said.get("found", ()))
    if action == SittingEvent.ATTENDANCE:
        yield from (person for person in said if person.isdigit())


def _reason(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    del found
    if said.get("reason"):
        yield REASON.fill(reason=said["reason"])


def _of_cases(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    if said.get("cases"):
        yield found.listed(said["cases"])


def _of_case(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    if said["case"] in found.hidden:
        yield HIDDEN
    else:
        yield ABOUT.fill(case=found.case(said["case"]), reason=said.get("reason") or "—")


def _conflicts(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    for person, case in said["found"]:
        yield PERSON.fill(person=found.person(person), case=found.case(case))


def _declared(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    person = found.person(said["person"])
    if said["cases"]:
        yield INTERESTS.fill(person=person, cases=found.listed(said["cases"]))
    else:
        yield NO_INTEREST.fill(person=person)


def _settled(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    person, case = found.person(said["person"]), found.case(said["case"])
    if said.get("reason"):
        yield PERSON_REASON.fill(person=person, case=case, reason=said["reason"])
    else:
        yield PERSON.fill(person=person, case=case)


def _packet(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    del found
    yield VERSION.fill(version=said["version"], pages=said["pages"])


def _programmed(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    del found
    yield PROGRAMMED.fill(name=said["name"], cases=said["count"], total=Cents(said["cents"]))


def _decision(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    case = found.case(said["case"])
    if said["case"] in found.hidden:
        yield HIDDEN
    elif said["outcome"] is None:
        yield FORGOTTEN.fill(case=case)
    elif said.get("amounts"):
        total = Cents(sum(cents for _, cents in said["amounts"]))
        yield GRANTED.fill(case=case, outcome=OUTCOME_WORDS[said["outcome"]], total=total)
    else:
        yield SAID.fill(case=case, outcome=OUTCOME_WORDS[said["outcome"]])


def _attendance(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    came: dict[str, list[str | Sentence]] = defaultdict(list)
    if "person" in said:
        came[said["attendance"]].append(found.person(said["person"]))
    for person, attendance in said.items():
        if person.isdigit():
            came[attendance].append(found.person(person))
    for attendance, people in came.items():
        yield CAME.fill(came=ATTENDANCE_WORDS[attendance], people=people)


def _closed(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    del found
    for outcome, count in said.get("outcomes", {}).items():
        yield COUNTED.fill(outcome=OUTCOME_WORDS[outcome], count=count)


def _summoned(said: Mapping[str, Any], found: _Names) -> Iterator[Sentence]:
    del found
    yield LETTERS.fill(**{name: said.get(name, 0) for name in ("summoned", "changed", "cancelled")})


_DETAILS: Mapping[SittingEvent, Callable[[Mapping[str, Any], _Names], Iterator[Sentence]]] = {
    SittingEvent.AGENDA_FILLED: _of_cases,
    SittingEvent.AGENDA_CLOSED: _of_cases,
    SittingEvent.CASE_CARRIED: _of_case,
    SittingEvent.CASE_REMOVED: _of_case,
    SittingEvent.CONFLICTS_FOUND: _conflicts,
    SittingEvent.INTERESTS_DECLARED: _declared,
    SittingEvent.RECUSAL_CONFIRMED: _settled,
    SittingEvent.RECUSAL_DISMISSED: _settled,
    SittingEvent.PACKET_BUILT: _packet,
    SittingEvent.PROGRAMMED: _programmed,
    SittingEvent.DECISION: _decision,
    SittingEvent.ATTENDANCE: _attendance,
    SittingEvent.CLOSED: _closed,
    SittingEvent.SUMMONED: _summoned,
}
"""What each event says of itself; the others give their reason, if there is one."""
