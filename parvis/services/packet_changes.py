"""What a version of a packet says that the one before did not. Every difference is named, or said to be there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from parvis.documents.figures import count, day, euros, full_day, hour, short_day
from parvis.documents.packet import Ask, CasePage, Change, Changes, EnvelopeState, PacketContent
from parvis.states.stages import NATURE_WORDS, OPINION_WORDS

CHANGED = "modifié"
NOTHING = "—"
AWAITED = "en attente"


def compare(before: PacketContent, now: PacketContent, *, since_version: int, since_on: date) -> Changes:
    """The changes of `now` since the version that said `before`."""
    old = {case.reference: case for case in before.cases}
    new = {case.reference: case for case in now.cases}
    return Changes(
        since_version, since_on,
        added=tuple((case.reference, case.title) for case in now.cases if case.reference not in old),
        withdrawn=tuple((case.reference, case.title) for case in before.cases if case.reference not in new),
        changed=tuple(
            change for case in now.cases if case.reference in old for change in _case(old[case.reference], case)
        ),
        others=tuple(_others(before, now)),
    )  # fmt: skip


def _case(old: CasePage, new: CasePage) -> Iterator[Change]:
    told = [
        Change(new.reference, new.title, *words)
        for words in (*_figures(old, new), *_asks(old, new), *_rest(old, new))
    ]
    if not told and replace(old, position=new.position) != new:
        told = [Change(new.reference, new.title, "Contenu", NOTHING, CHANGED)]
    yield from told


Words = tuple[str, str, str]


def _figures(old: CasePage, new: CasePage) -> Iterator[Words]:
    pairs = (
        ("Intitulé", old.title, new.title),
        ("Porteur", old.organisation, new.organisation),
        ("Nature", NATURE_WORDS[old.nature].fr, NATURE_WORDS[new.nature].fr),
        ("Coût total", euros(old.total_cost_cents), euros(new.total_cost_cents)),
        ("Demandé, en tout", euros(old.requested_cents), euros(new.requested_cents)),
        ("Note d’instruction", _number(old.score), _number(new.score)),
        ("Bénéficiaires", _number(old.beneficiaries), _number(new.beneficiaries)),
        ("Début", short_day(old.starts_on), short_day(new.starts_on)),
        ("Fin", short_day(old.ends_on), short_day(new.ends_on)),
        ("Quartiers", ", ".join(old.neighbourhoods) or NOTHING, ", ".join(new.neighbourhoods) or NOTHING),
        ("Instruction", old.instructor or NOTHING, new.instructor or NOTHING),
    )
    yield from (pair for pair in pairs if pair[1] != pair[2])


def _asks(old: CasePage, new: CasePage) -> Iterator[Words]:
    before = {ask.funder: ask for ask in old.asks}
    after = {ask.funder: ask for ask in new.asks}
    for funder in (*after, *(name for name in before if name not in after)):
        was, is_now = before.get(funder, Ask(funder, 0)), after.get(funder, Ask(funder, 0))
        if was.requested_cents != is_now.requested_cents:
            yield f"Demandé à : {funder}", euros(was.requested_cents), euros(is_now.requested_cents)
        if was.opinion != is_now.opinion:
            yield f"Avis : {funder}", _opinion(was), _opinion(is_now)
        if was.proposed_cents != is_now.proposed_cents:
            yield f"Proposé : {funder}", euros(was.proposed_cents), euros(is_now.proposed_cents)
        if was.comment != is_now.comment and was.opinion == is_now.opinion:
            yield f"Observations : {funder}", NOTHING, CHANGED


def _rest(old: CasePage, new: CasePage) -> Iterator[Words]:
    parts = (
        ("Résumé", old.summary, new.summary), ("Défis", old.challenges, new.challenges),
        ("Budget", (old.charges, old.produits), (new.charges, new.produits)),
        ("Partenaires", old.partners, new.partners), ("Grille d’évaluation", old.marks, new.marks),
        ("Notes", old.notes, new.notes), ("Action de l’an passé", old.past, new.past),
    )  # fmt: skip
    yield from ((what, NOTHING, CHANGED) for what, was, is_now in parts if was != is_now)
    if old.papers != new.papers:
        had, has = (sum(paper.received for paper in case.papers) for case in (old, new))
        files = tuple(sum(bool(paper.file) for paper in case.papers) for case in (old, new))
        if had != has:
            yield "Pièces reçues", str(had), str(has)
        elif files[0] != files[1]:
            yield "Fichiers joints", str(files[0]), str(files[1])
        else:
            yield "Pièces", NOTHING, CHANGED


def _others(old: PacketContent, new: PacketContent) -> Iterator[str]:
    if (old.held_on, old.starts_at) != (new.held_on, new.starts_at):
        was, is_now = (f"{full_day(each.held_on)}, {hour(each.starts_at)}" for each in (old, new))
        yield f"Date : {is_now} (avant : {was})"
    pairs = (
        ("Lieu", old.room, new.room), ("Visioconférence", old.video_url, new.video_url),
        ("Présidence", old.chair, new.chair), ("Comité", old.committee, new.committee),
        ("Exemplaire", ", ".join(old.copy_for), ", ".join(new.copy_for)),
        ("Quorum", f"{old.quorum_percent} %", f"{new.quorum_percent} %"),
    )  # fmt: skip
    for what, was, is_now in pairs:
        if was != is_now:
            yield f"{what} : {is_now or NOTHING} (avant : {was or NOTHING})"
    common = {case.reference for case in old.cases} & {case.reference for case in new.cases}
    orders = [[case.reference for case in each.cases if case.reference in common] for each in (old, new)]
    if orders[0] != orders[1]:
        yield "L’ordre des dossiers a changé."
    yield from _envelopes(old.envelopes, new.envelopes)


def _envelopes(old: tuple[EnvelopeState, ...], new: tuple[EnvelopeState, ...]) -> Iterator[str]:
    before = {(one.funder, one.call, one.scope): one for one in old}
    for one in new:
        was = before.get((one.funder, one.call, one.scope))
        name = f"Enveloppe {one.funder}" + (f" – {one.scope}" if one.scope else "")
        if was is None:
            yield f"{name} : nouvelle, {euros(one.total_cents)}"
            continue
        for what, amounts in (
            ("votée", (was.total_cents, one.total_cents)), ("engagée", (was.committed_cents, one.committed_cents)),
        ):  # fmt: skip
            if amounts[0] != amounts[1]:
                yield f"{name}, {what} : {euros(amounts[1])} (avant : {euros(amounts[0])})"
    gone = before.keys() - {(one.funder, one.call, one.scope) for one in new}
    yield from (f"Enveloppe {funder} : retirée" for funder, _, _ in sorted(gone))


def _opinion(ask: Ask) -> str:
    return OPINION_WORDS[ask.opinion].fr if ask.opinion else AWAITED


def _number(value: int | None) -> str:
    return NOTHING if value is None else str(value)


def summed_up(changes: Changes) -> str:
    """The changes in one line, for a letter."""
    if changes.none:
        return f"rien n’a changé depuis la version {changes.since_version}, du {day(changes.since_on)}"
    modified = len({change.reference for change in changes.changed})
    said = [
        count(number, f"dossier {word}", f"dossiers {word}s")
        for number, word in (
            (len(changes.added), "ajouté"),
            (len(changes.withdrawn), "retiré"),
            (modified, "modifié"),
        )
        if number
    ]
    return ", ".join(said) or "autres changements"
