"""The minutes of a session as PDF pages: the same content as the Word document, to sign, publish and keep."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from parvis.documents.clean import line, paragraphs
from parvis.documents.figures import column, count, day, euros, full_day, hour
from parvis.documents.typeset import typeset
from parvis.states.minutes import Minutes, MinutesDecision, MinutesMember
from parvis.states.outcomes import OUTCOME_WORDS, Outcome
from parvis.states.quorum import ATTENDANCE_WORDS
from parvis.states.seats import SEAT_WORDS
from parvis.states.words import PARIS, shown

HEADINGS = {
    Outcome.FUND: "Dossiers financés", Outcome.RECOMMEND: "Dossiers recommandés", Outcome.DEFER: "Dossiers ajournés",
    Outcome.CARRY: "Dossiers reportés à la séance suivante", Outcome.REJECT: "Dossiers rejetés",
    Outcome.NOT_RECOMMENDED: "Dossiers non recommandés",
}  # fmt: skip
RECUSAL_LAW = (
    "Les membres ci-dessous ont quitté la salle pour ces dossiers et n’ont pris part ni au débat ni à la décision "
    "(article L2131-11 du code général des collectivités territoriales)."
)
CLERK = "Le secrétariat de séance"
GRANTED, RECOMMENDED = "Accordé", "Recommandé"
LONGEST_REASON = 4_000
LONG = 1_500


def minutes_pdf(said: Minutes) -> bytes:
    """The PDF of these minutes, dated when the session closed; the same minutes, the same bytes.

    Raises:
        TypesettingError: it cannot be made.
    """
    return typeset("minutes.typ", minutes_data(said), stamped_at=said.closed_at)


def minutes_data(said: Minutes) -> dict[str, Any]:
    """What `minutes.typ` lays out."""
    given = GRANTED if any(one.outcome is Outcome.FUND for one in said.decisions) else RECOMMENDED
    return {
        "title": line(f"Procès-verbal – {said.committee} – {day(said.held_on)}"), "author": line(said.city),
        "head": [line(said.city, 50), line(said.contract, 50)],
        "foot": f"{line(f'Procès-verbal – {said.committee}', 60)} – {full_day(said.held_on)}",
        "contract": line(said.contract), "committee": line(said.committee),
        "when": f"Séance du {full_day(said.held_on)}",
        **_opening(said),
        "members": [_member(member) for member in said.members],
        "recusals": _recusals(said), "recusal-law": line(RECUSAL_LAW),
        "summary": _summary(said.decisions), "total": _total(said.decisions), "given": given,
        "groups": [
            {"heading": f"{heading} ({len(found)})", "decisions": [_decision(one) for one in found]}
            for outcome, heading in HEADINGS.items() if (found := said.of(outcome))
        ],
        "envelopes": _envelopes(said),
        "signatures": ["La présidence de séance", ", ".join(filter(None, (CLERK, line(said.secretary))))],
    }  # fmt: skip


def _opening(said: Minutes) -> dict[str, Any]:
    left = [("Ouverture", _clock(said.opened_at)), ("Clôture", _clock(said.closed_at))]
    left += [("Lieu", line(said.room))] if said.room else []
    left += [("Visio", line(said.video_url))] if said.video_url else []
    present = sum(member.attendance == "present" for member in said.members)
    right = [
        ("Quorum", "atteint" if said.quorate else "non atteint"),
        ("Présents", f"{present} sur {len(said.members)}"),
        ("Dossiers", str(len(said.decisions))),
    ]  # fmt: skip
    right += [("Secrétaire", line(said.secretary))] if said.secretary else []
    counted = (
        f"Quorum : {count(said.quorum_present, 'voix présente ou représentée', 'voix présentes ou représentées')} sur "
        f"{said.quorum_seats}, pour {said.quorum_needed} nécessaires ; "
        f"{'le quorum est atteint' if said.quorate else 'le quorum n’est pas atteint, le comité ne délibère pas'}."
    )
    return {"left": left, "right": right, "opening": [line(counted)] if said.quorum_seats else []}


def _member(member: MinutesMember) -> tuple[str, str, str]:
    seat = SEAT_WORDS[member.role].fr + ("" if member.votes else ", sans voix")
    told = ATTENDANCE_WORDS[member.attendance].fr
    if member.stands_for:
        told += f", pour {member.stands_for}"
    elif member.replaced_by:
        told += f", remplacé par {member.replaced_by}"
    return line(member.name), line(seat), line(told)


def _recusals(said: Minutes) -> list[tuple[str, str]]:
    cases: dict[str, list[str]] = defaultdict(list)
    for decision in said.decisions:
        for name in decision.recused:
            cases[name].append(f"n°\u00a0{decision.position} ({decision.reference})")
    return [(line(name), line(", ".join(named), 2_000)) for name, named in cases.items()]


def _summary(decisions: tuple[MinutesDecision, ...]) -> list[tuple[str, ...]]:
    asked = column(one.requested_cents for one in decisions)
    given = column(one.total_cents or None for one in decisions)
    return [
        (str(one.position), line(one.reference), line(one.title), line(one.organisation),
         OUTCOME_WORDS[one.outcome].fr, wanted, granted)
        for one, wanted, granted in zip(decisions, asked, given, strict=True)
    ]  # fmt: skip


def _total(decisions: tuple[MinutesDecision, ...]) -> tuple[str, ...]:
    asked = sum(one.requested_cents for one in decisions)
    given = sum(one.total_cents for one in decisions)
    return "", count(len(decisions), "dossier", "dossiers"), "", euros(asked), euros(given)


def _decision(one: MinutesDecision) -> dict[str, Any]:
    asked = column(each.requested_cents for each in one.amounts)
    given = column(each.amount_cents for each in one.amounts)
    lines = [("Motif :", " ".join(paragraphs(one.reason, LONGEST_REASON))),
             ("Conditions :", " ".join(paragraphs(one.conditions, LONGEST_REASON)))]  # fmt: skip
    if one.next_session:
        lines.append(("Suite :", f"repris à la séance du {day(one.next_session)}."))
    if one.votes:
        votes = one.votes
        abstained = count(votes.abstentions, "abstention", "abstentions")
        lines.append(("Vote :", f"{votes.in_favour} pour, {votes.against} contre, {abstained}."))
    if one.recused:
        lines.append(("Déport :", f"{shown([*map(line, one.recused)])}."))
    return {
        "heading": f"{one.position}. {line(one.reference)} – {line(one.title)}",
        "about": line(f"{one.organisation}, {one.call}. Demandé : {euros(one.requested_cents)}.", 500),
        "amounts": [(line(each.name), wanted, granted)
                    for each, wanted, granted in zip(one.amounts, asked, given, strict=True)],
        "given": GRANTED if one.outcome is Outcome.FUND else RECOMMENDED,
        "total": ("Total", euros(sum(each.requested_cents for each in one.amounts)), euros(one.total_cents)),
        "lines": [(line(label), said) for label, said in lines if said],
        "long": len(one.reason) + len(one.conditions) > LONG,
    }  # fmt: skip


def _envelopes(said: Minutes) -> list[tuple[str, ...]]:
    columns = [column(getattr(one, name) for one in said.envelopes)
               for name in ("total_cents", "before_cents", "after_cents")]  # fmt: skip
    return [
        (line(one.name), f"{line(one.call)}, {one.year}", *(each[index] for each in columns))
        for index, one in enumerate(said.envelopes)
    ]


def _clock(at: datetime) -> str:
    return hour(at.astimezone(PARIS).time())
