"""The pages of money of a packet: envelopes, what neighbourhoods ask, how scores spread, with their charts in words."""

from collections import defaultdict
from itertools import compress
from typing import Any

from parvis.documents.clean import line
from parvis.documents.figures import column, count, euros
from parvis.documents.packet import EnvelopeState, PacketContent

NOTE = (
    "Reste : enveloppe votée, moins ce qui est engagé ou réservé à d’autres dossiers, moins ce qui est proposé à cette "
    "séance."
)
NO_ENVELOPE = "Aucune enveloppe n’est inscrite pour les appels de cette séance."
SEVERAL = "Plusieurs quartiers"
NOWHERE = "Sans quartier"
_BIN = 10


def money_data(content: PacketContent) -> dict[str, Any]:
    """The table of envelopes and its charts."""
    states = content.envelopes
    return {
        **_table(states),
        "note": line(NOTE), "none": line(NO_ENVELOPE),
        "envelopes": _envelope_chart(states), "neighbourhoods": _neighbourhood_chart(content),
        "scores": _score_chart(content),
    }  # fmt: skip


def _table(states: tuple[EnvelopeState, ...]) -> dict[str, Any]:
    columns = [[getattr(state, name) for state in states] for name in
               ("total_cents", "held_cents", "requested_cents", "proposed_cents", "left_cents")]  # fmt: skip
    whole = [not state.part for state in states]
    shown = [column([*amounts, sum(compress(amounts, whole))]) for amounts in columns]
    rows = [[_name(state), *(each[index] for each in shown)] for index, state in enumerate(states)]
    return {"rows": rows, "total": ["Total", *(each[-1] for each in shown)]}


def _name(state: EnvelopeState) -> str:
    name = f"{state.funder} – {state.scope}" if state.scope else state.funder
    return line(f"dont {name}" if state.part else name)


def _envelope_chart(states: tuple[EnvelopeState, ...]) -> dict[str, Any]:
    longest = max((max(s.total_cents, s.held_cents + s.proposed_cents) for s in states), default=0) or 1
    rows, told = [], []
    for state in states:
        over = max(-state.left_cents, 0)
        said = f"dépassement {euros(over)}" if over else f"reste {euros(state.left_cents)}"
        told.append(
            f"{_name(state)} : {euros(state.held_cents)} engagés ou réservés, {euros(state.proposed_cents)} proposés "
            f"sur {euros(state.total_cents)}, {said}"
        )
        rows.append({
            "label": _name(state), "said": line(said), "total": state.total_cents / longest,
            "committed": state.held_cents / longest,
            "proposed": max(state.proposed_cents - over, 0) / longest, "over": over / longest,
        })  # fmt: skip
    caption = line("Ce que la séance prendrait à chaque enveloppe")
    return {"rows": rows, "caption": caption, "alt": line(f"{caption}. {' ; '.join(told)}.")}


def _neighbourhood_chart(content: PacketContent) -> dict[str, Any] | None:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for case in content.cases:
        names = case.neighbourhoods
        row = sums[SEVERAL if len(names) > 1 else line(names[0]) if names else NOWHERE]
        row[0] += case.requested_cents
        row[1] += case.proposed_cents or 0
        row[2] += 1
    longest = max((max(asked, proposed) for asked, proposed, _ in sums.values()), default=0)
    if not longest:
        return None
    ordered = sorted(sums.items(), key=lambda item: (item[0] in {SEVERAL, NOWHERE}, item[0]))
    rows = [
        {"label": f"{name} ({number})", "asked": asked / longest, "proposed": proposed / longest,
         "asked-said": euros(asked), "proposed-said": euros(proposed)}
        for name, (asked, proposed, number) in ordered
    ]  # fmt: skip
    told = [f"{name} : {count(number, 'dossier', 'dossiers')}, {euros(asked)} demandés, {euros(proposed)} proposés"
            for name, (asked, proposed, number) in ordered]  # fmt: skip
    caption = line("Demandé et proposé par quartier (nombre de dossiers)")
    return {"rows": rows, "caption": caption, "alt": line(f"{caption}. {' ; '.join(told)}.")}


def _score_chart(content: PacketContent) -> dict[str, Any] | None:
    scores = [case.score for case in content.cases if case.score is not None]
    if not scores:
        return None
    counts = [0] * (100 // _BIN)
    for score in scores:
        counts[min(max(score, 0), 99) // _BIN] += 1
    bins = [
        {"label": f"{low}–{low + _BIN - 1 if low < 100 - _BIN else 100}", "count": counts[low // _BIN],
         "share": counts[low // _BIN] / max(counts)}
        for low in range(0, 100, _BIN)
    ]  # fmt: skip
    told = [
        f"de {each['label']} : {count(int(str(each['count'])), 'dossier', 'dossiers')}"
        for each in bins
        if each["count"]
    ]
    caption = line("Dossiers selon leur note d’instruction, sur 100")
    return {"bins": bins, "caption": caption, "alt": line(f"{caption}. {' ; '.join(told)}.")}
