"""The phases of what a contract holds, on a day: how much is in each, and what is at the end of its time."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import retention as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.retention import Counts, Due
from parvis.models.queries.traces import count_traces
from parvis.models.session import Session
from parvis.states.calendar import paris_day
from parvis.states.contract.retention import Phases
from parvis.states.retention import Kind, Trace
from parvis.states.words import Sentence

MOST_SHOWN = 200

GOES: dict[Kind, Sentence] = {
    Kind.GRANTED: Sentence(
        "Partent : contacts, résumé, réponses, notes, avis rédigés, lettres, fichiers, motifs écrits. "
        "Restent : montants, étapes, dates, quartiers, défis, indicateurs, intitulé publié, journal et ses empreintes.",
        "Go: contacts, summary, answers, notes, written opinions, letters, files, written reasons. "
        "Stay: amounts, stages, dates, neighbourhoods, challenges, indicators, published title, journal and hashes.",
    ),
    Kind.REFUSED: Sentence(
        "Partent : contacts, intitulé, résumé, réponses, notes, avis rédigés, lettres, fichiers, motifs écrits. "
        "Restent : montants demandés, étapes, dates, quartiers, défis, journal et ses empreintes.",
        "Go: contacts, title, summary, answers, notes, written opinions, letters, files, written reasons. "
        "Stay: amounts asked for, stages, dates, neighbourhoods, challenges, journal and its hashes.",
    ),
    Kind.DRAFTS: Sentence(
        "Partent : réponses, intitulé, fichiers, lettres. Restent : l’existence du brouillon et ses dates.",
        "Go: answers, title, files, letters. Stay: that the draft was there, and its dates.",
    ),
    Kind.AGREEMENTS: Sentence(
        "Partent : lettres, fichiers, notes de revue, motifs d’avenant. "
        "Restent : années, montants, versements, journal.",
        "Go: letters, files, notes of reviews, reasons of amendments. Stay: years, amounts, instalments, journal.",
    ),
    Kind.PACKETS: Sentence(
        "Partent : les dossiers de séance et leurs annexes. Restent : le procès-verbal et le journal de la séance.",
        "Go: the packets and their annexes. Stay: the minutes and the journal of the sitting.",
    ),
    Kind.PEOPLE: Sentence(
        "Partent : nom, adresse, sessions, identités, mot de passe, vues, lettres reçues. "
        "Reste : ce qui a été fait, sous un numéro.",
        "Go: name, address, sessions, identities, password, views, letters received. "
        "Stays: what was done, under a number.",
    ),
}


@dataclass(frozen=True, slots=True)
class KindPreview:
    """One kind: its rule, how much is in each phase, what is at the end of its time (the oldest), what that means."""

    kind: Kind
    phases: Phases
    counts: Counts
    due: tuple[Due, ...]

    @property
    def goes(self) -> Sentence:
        """What is erased and what stays."""
        return GOES[self.kind]


@dataclass(frozen=True, slots=True)
class TracePreview:
    """What goes by itself: its rule, and how many rows or files of it are past their time."""

    trace: Trace
    phases: Phases
    due: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything a contract holds, by kind; nothing is changed by looking."""

    kinds: tuple[KindPreview, ...]
    traces: tuple[TracePreview, ...]


def preview(
    session: Session,
    contract_id: int,
    *,
    at: datetime,
    kinds: tuple[Kind, ...] = tuple(Kind),
    most: int = MOST_SHOWN,
) -> Preview:
    """What the rules of a contract say of all it holds on the Paris day of `at`; `most` of each kind listed at most."""
    rules, today = contract_by_id(session, contract_id).retention, paris_day(at)
    seen = []
    for kind in kinds:
        phases = rules.of(kind)
        counts = queries.count_phases(
            session, contract_id, kind, active=phases.active_months, months=phases.months, today=today
        )
        due = queries.due(session, contract_id, kind, months=phases.months, today=today, limit=most)
        seen.append(KindPreview(kind, phases, counts, tuple(due)))
    months = {trace: rules.of(trace).months for trace in Trace}
    passed = count_traces(session, months, at=at)
    traces = tuple(TracePreview(trace, rules.of(trace), passed[trace]) for trace in Trace if trace in passed)
    return Preview(tuple(seen), traces)
