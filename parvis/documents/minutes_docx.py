"""The minutes of a session as a Word document: the same content as the PDF, for whoever completes or quotes it."""

from collections.abc import Sequence
from datetime import datetime

from docx.document import Document

from parvis.documents.word_style import blank, foot, grid, keep_with_next, paragraph, saved
from parvis.states.minutes import Minutes, MinutesDecision, MinutesMember
from parvis.states.outcomes import OUTCOME_WORDS, Outcome
from parvis.states.quorum import ATTENDANCE_WORDS
from parvis.states.seats import SEAT_WORDS
from parvis.states.words import PARIS, day, money, shown

_HEADINGS = {
    Outcome.FUND: "Dossiers financés", Outcome.RECOMMEND: "Dossiers recommandés", Outcome.DEFER: "Dossiers ajournés",
    Outcome.CARRY: "Dossiers reportés à la séance suivante", Outcome.REJECT: "Dossiers rejetés",
    Outcome.NOT_RECOMMENDED: "Dossiers non recommandés",
}  # fmt: skip


def minutes_docx(said: Minutes) -> bytes:
    """The document of these minutes; the same minutes, the same bytes."""
    title = f"Procès-verbal – {said.committee} – {day(said.held_on)}"
    made = blank(title)
    paragraph(made, said.city, weight="bold")
    paragraph(made, said.contract)
    paragraph(made, f"Procès-verbal de la séance du {day(said.held_on)}", style="Title")
    paragraph(made, said.committee, weight="bold")
    _opening(made, said)
    _members(made, said.members)
    _summary(made, said)
    for outcome, heading in _HEADINGS.items():
        if decisions := said.of(outcome):
            paragraph(made, f"{heading} ({len(decisions)})", style="Heading 1")
            keep_with_next(made)
            for decision in decisions:
                _decision(made, decision)
    _envelopes(made, said)
    paragraph(made, "Le président de séance,\n\n\n\nLe secrétaire,\n\n\n", align="right")
    foot(made, f"{said.committee} · {day(said.held_on)}")
    return saved(made)


def _opening(made: Document, said: Minutes) -> None:
    where = " · ".join(filter(None, (said.room, said.video_url)))
    held = f"Séance ouverte à {_clock(said.opened_at)}, levée à {_clock(said.closed_at)}"
    paragraph(made, f"{held}{f', {where}' if where else ''}.")
    if said.secretary:
        paragraph(made, f"Secrétaire de séance : {said.secretary}.")
    if said.quorum_seats:
        counted = f"{said.quorum_present} voix présentes ou représentées sur {said.quorum_seats}"
        reached = "le quorum est atteint" if said.quorate else "le quorum n’est pas atteint"
        paragraph(made, f"Quorum : {counted}, pour {said.quorum_needed} nécessaires ; {reached}.")
    else:
        paragraph(made, f"Quorum : {'atteint' if said.quorate else 'non atteint'}.")


def _members(made: Document, members: Sequence[MinutesMember]) -> None:
    if not members:
        return
    paragraph(made, "Membres", style="Heading 1")
    keep_with_next(made)
    rows = [(member.name, _seat(member), _presence(member)) for member in members]
    grid(made, ("Nom", "Qualité", "Présence"), rows, (6, 5, 5.4))


def _seat(member: MinutesMember) -> str:
    role = SEAT_WORDS[member.role].fr
    return role if member.votes else f"{role}, sans voix"


def _presence(member: MinutesMember) -> str:
    told = ATTENDANCE_WORDS[member.attendance].fr
    if member.stands_for:
        return f"{told}, pour {member.stands_for}"
    return f"{told}, remplacé par {member.replaced_by}" if member.replaced_by else told


def _summary(made: Document, said: Minutes) -> None:
    paragraph(made, "Décisions", style="Heading 1")
    keep_with_next(made)
    rows = [
        (str(one.position), f"{one.reference}\n{one.title}\n{one.organisation}",
         OUTCOME_WORDS[one.outcome].fr, money(one.requested_cents), money(one.total_cents) if one.total_cents else "—")
        for one in said.decisions
    ]  # fmt: skip
    grid(made, ("N°", "Dossier", "Décision", "Demandé", "Accordé"), rows, (1.1, 7.2, 3, 2.6, 2.6))


def _decision(made: Document, said: MinutesDecision) -> None:
    paragraph(made, f"{said.position}. {said.title} ({said.reference})", style="Heading 2")
    keep_with_next(made)
    asked = f"{said.organisation}, {said.call}. Demandé : {money(said.requested_cents)}."
    paragraph(made, asked)
    if said.total_cents:
        rows = [(one.name, money(one.requested_cents), money(one.amount_cents)) for one in said.amounts]
        rows.append(("Total", money(said.requested_cents), money(said.total_cents)))
        grid(made, ("Financeur", "Demandé", "Accordé"), rows, (9, 3.7, 3.7))
    for label, text in (("Motif", said.reason), ("Conditions", said.conditions)):
        if text:
            paragraph(made, f"{label} : {text}")
    if said.next_session:
        paragraph(made, f"Repris à la séance du {day(said.next_session)}.")
    if said.votes:
        votes = said.votes
        abstained = f"{votes.abstentions} abstention{'s' if votes.abstentions > 1 else ''}"
        paragraph(made, f"Vote : {votes.in_favour} pour, {votes.against} contre, {abstained}.")
    if said.recused:
        verb = "n’ont pris part" if len(said.recused) > 1 else "n’a pris part"
        where = "ni au débat ni à la décision (CGCT, article L. 2131-11)."
        paragraph(made, f"Déport : {shown(said.recused)} {verb} {where}")


def _envelopes(made: Document, said: Minutes) -> None:
    if not said.envelopes:
        return
    paragraph(made, "Enveloppes", style="Heading 1")
    keep_with_next(made)
    rows = [
        (
            one.name,
            f"{one.call} · {one.year}",
            money(one.total_cents),
            money(one.before_cents),
            money(one.after_cents),
        )
        for one in said.envelopes
    ]
    grid(made, ("Financeur", "Appel", "Total", "Reste avant", "Reste après"), rows, (4.4, 3.6, 2.8, 2.8, 2.8))


def _clock(at: datetime) -> str:
    return at.astimezone(PARIS).strftime("%H h %M")
