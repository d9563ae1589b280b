"""From the content of a packet to what its template lays out: French words, shown amounts, cleaned texts."""

from collections import Counter
from typing import Any

from parvis.documents import packet_money
from parvis.documents.clean import line, paragraphs
from parvis.documents.figures import column, count, day, euros, full_day, hour, percent, short_day, siret
from parvis.documents.packet import Ask, BudgetLine, CasePage, Changes, Mark, Packet, PacketContent, Past
from parvis.states.stages import NATURE_WORDS, OPINION_WORDS, STAGE_WORDS

LONGEST_SUMMARY = 2_600
"""Characters of a summary, of a note: a case takes one or two pages; the whole text stays in the case."""
LONGEST_NOTE = 1_000
HEAD = 50
"""Characters of a name at the head or the foot of a page, which have one line."""

KINDS = {"technical": "Comité technique", "steering": "Comité de pilotage"}
NO_OPINION = "en attente"
CONFIDENTIAL = (
    "Document préparatoire réservé aux membres du comité : il contient des données d’associations et de personnes, "
    "et ne se diffuse pas avant la décision."
)
HIDDEN = (
    "Cet exemplaire ne comporte pas {hidden}, pour déport (article L2131-11 du code général des collectivités "
    "territoriales). Les montants et les totaux n’en tiennent pas compte."
)


def packet_data(packet: Packet) -> dict[str, Any]:
    """What `packet.typ` lays out."""
    content = packet.content
    cases = [_case(case) for case in content.cases]
    return {
        "title": line(f"Dossier de séance – {content.committee} – {day(content.held_on)}"),
        "author": line(content.city),
        "head": [line(content.city, HEAD), line(content.contract, HEAD)],
        "foot": f"{line(content.committee, HEAD)} – {full_day(content.held_on)}, {hour(content.starts_at)}"
                f" – version {packet.version}",
        "cover": _cover(packet),
        "agenda": {"points": _points(packet)},
        "changes": _changes(packet.changes),
        "money": packet_money.money_data(content),
        "summary": _summary(content),
        "cases": cases,
        "annexes": _annexes(content),
    }  # fmt: skip


def _cover(packet: Packet) -> dict[str, Any]:
    content = packet.content
    copy_for = ", ".join(map(line, content.copy_for)) or "membres sans déport (exemplaire commun)"
    asked = sum(case.requested_cents for case in content.cases)
    proposed = [case.proposed_cents for case in content.cases if case.proposed_cents is not None]
    rows = [("Nature", KINDS[content.kind])]
    rows += [("Présidence", line(content.chair))] if content.chair else []
    rows += [("Lieu", line(content.room))] if content.room else []
    rows += [("Exemplaire", copy_for), ("Version", f"{packet.version}, du {day(packet.prepared_on)}")]
    hidden = HIDDEN.format(hidden=count(content.hidden, "dossier", "dossiers")) if content.hidden else None
    return {
        "city": line(content.city), "contract": line(content.contract), "committee": line(content.committee),
        "when": f"{full_day(content.held_on).capitalize()}, {hour(content.starts_at)}", "rows": rows,
        "video": content.video_url, "video-shown": line(content.video_url),
        "figures": [
            (str(len(content.cases)), "dossier à l’ordre du jour" if len(content.cases) < 2
             else "dossiers à l’ordre du jour"),
            (euros(asked), "demandés"), (euros(sum(proposed) if proposed else None), "proposés"),
        ],
        "notice": line(hidden) if hidden else None, "confidential": line(CONFIDENTIAL),
    }  # fmt: skip


def _points(packet: Packet) -> list[str]:
    content = packet.content
    examined = count(len(content.cases), "dossier", "dossiers") if content.cases else "aucun dossier"
    points = [
        f"Appel des membres, quorum ({content.quorum_percent} % des membres) et déports",
        "Situation des enveloppes",
        f"Examen des demandes : {examined}",
    ]
    if packet.changes:
        points.insert(1, f"Ce qui a changé depuis la version {packet.changes.since_version}")
    return [line(point) for point in (*points, "Questions diverses")]


def _changes(changes: Changes | None) -> dict[str, Any] | None:
    if changes is None:
        return None
    since = f"depuis la version {changes.since_version}, du {day(changes.since_on)}"
    intro = f"Rien n’a changé {since}." if changes.none else f"Cette page dit ce qui a changé {since}."
    return {
        "intro": line(intro),
        "added": [(line(reference), line(title)) for reference, title in changes.added],
        "withdrawn": [(line(reference), line(title)) for reference, title in changes.withdrawn],
        "changed": [
            (line(one.reference), line(one.what), line(one.title), line(one.before), line(one.after))
            for one in changes.changed
        ],
        "others": [line(other) for other in changes.others],
    }


def _summary(content: PacketContent) -> dict[str, Any]:
    asked = [case.requested_cents for case in content.cases]
    proposed = [case.proposed_cents for case in content.cases]
    shown_asked, shown_proposed = (
        column([*asked, sum(asked)]),
        column([*proposed, sum(filter(None, proposed))]),
    )
    rows = [
        (str(case.position), _anchor(case), line(case.reference), line(case.title), line(case.organisation),
         ", ".join(map(line, case.neighbourhoods)) or "—", wanted, given, _opinions(case.asks), _score(case, ""))
        for case, wanted, given in zip(content.cases, shown_asked[:-1], shown_proposed[:-1], strict=True)
    ]  # fmt: skip
    total = ("", count(len(rows), "dossier", "dossiers"), "", shown_asked[-1], shown_proposed[-1], "", "")
    return {"rows": rows, "total": total}


def _opinions(asks: tuple[Ask, ...]) -> str:
    """The opinions of a case, counted: `2 favorables`, `1 réservé`; a dash while none is in."""
    counted = Counter(ask.opinion for ask in asks if ask.opinion)
    said = [
        f"{number}\u00a0{OPINION_WORDS[opinion].fr}{'s' if number > 1 else ''}"
        for opinion, number in ((opinion, counted[opinion]) for opinion in OPINION_WORDS) if number
    ]  # fmt: skip
    return "\n".join(said) or "—"


def _case(case: CasePage) -> dict[str, Any]:
    asked, proposed = (
        column(ask.requested_cents for ask in case.asks),
        column(ask.proposed_cents for ask in case.asks),
    )
    return {
        "anchor": _anchor(case),
        "heading": f"{line(case.reference)} – {line(case.title)}",
        "left": _left(case), "right": _right(case),
        "summary": paragraphs(case.summary, LONGEST_SUMMARY) or ["Le dépôt n’a pas de résumé."],
        "where": _where(case),
        "partners": [(line(name), euros(cents)) for name, cents in case.partners],
        "asks": [
            (line(ask.funder), wanted, OPINION_WORDS[ask.opinion].fr if ask.opinion else NO_OPINION, given,
             " ".join(paragraphs(ask.comment, LONGEST_NOTE)))
            for ask, wanted, given in zip(case.asks, asked, proposed, strict=True)
        ],
        "asked": ("Total", euros(sum(ask.requested_cents for ask in case.asks)), "", euros(case.proposed_cents), ""),
        "budget": _budget(case),
        "marks": list(map(_mark, case.marks)),
        "marked": any(mark.points is not None for mark in case.marks),
        "commented": any(mark.comment for mark in case.marks),
        "score": _score(case, " / 100"),
        "past": _past(case.past),
        "notes": [part for note in case.notes for part in paragraphs(note, LONGEST_NOTE)],
        "papers": _papers(case),
    }  # fmt: skip


def _mark(mark: Mark) -> tuple[str, str, str, str]:
    points = "—" if mark.points is None else f"{mark.points} / {mark.maximum}"
    return line(mark.label), f"{mark.weight}\u202f%", points, line(mark.comment)


def _anchor(case: CasePage) -> str:
    return f"dossier-{case.position}"


def _score(case: CasePage, out_of: str) -> str:
    return "—" if case.score is None else f"{case.score}{out_of}"


def _left(case: CasePage) -> list[tuple[str, str]]:
    period = f"du {short_day(case.starts_on)} au {short_day(case.ends_on)}"
    if not (case.starts_on and case.ends_on):
        only = case.ends_on or case.starts_on
        period = ("jusqu’au " if case.ends_on else "dès le ") + short_day(only) if only else "—"
    rows = [
        ("Porteur", line(case.organisation)), ("SIRET", siret(line(case.siret))),
        ("Appel", line(case.call)), *([("Vague", line(case.wave))] if case.wave else []),
        ("Nature", NATURE_WORDS[case.nature].fr), ("Période", period),
    ]  # fmt: skip
    return rows + ([("Instruction", line(case.instructor))] if case.instructor else [])


def _right(case: CasePage) -> list[tuple[str, str]]:
    share = percent(case.requested_cents, case.total_cost_cents)
    proposed = case.proposed_cents
    granted = f" ({percent(proposed, case.requested_cents)} du demandé)" if proposed is not None else ""
    rows = [
        ("Coût total", euros(case.total_cost_cents)), ("Demandé", f"{euros(case.requested_cents)} ({share} du coût)"),
        ("Proposé", euros(proposed) + granted), ("Note", _score(case, " / 100")),
    ]  # fmt: skip
    if case.beneficiaries is not None:
        rows.append(("Bénéficiaires", count(case.beneficiaries, "personne", "personnes")))
        if case.beneficiaries:
            rows.append(
                ("Par personne", euros(round(case.total_cost_cents / case.beneficiaries / 100) * 100))
            )
    return rows


def _where(case: CasePage) -> list[str]:
    named = [f"Quartiers : {', '.join(map(line, case.neighbourhoods))}"] if case.neighbourhoods else []
    if named and case.qpv_share_percent is not None:
        named[0] += f" ({case.qpv_share_percent} % du public en quartier prioritaire)"
    said = [line(text) for text in named] + [
        f"{line(code)} – {line(label)}" for code, label in case.challenges
    ]
    return said or ["Ni quartier ni défi n’est indiqué."]


def _budget(case: CasePage) -> dict[str, Any]:
    sides = [case.charges, case.produits]
    totals = [sum(each.amount_cents for each in side) for side in sides]
    shown = [
        column([*(each.amount_cents for each in side), total])
        for side, total in zip(sides, totals, strict=True)
    ]
    rows = [
        [
            cell
            for side, amounts in zip(sides, shown, strict=True)
            for cell in _budget_cells(side, amounts, index)
        ]
        for index in range(max(map(len, sides)))
    ]
    gap = totals[0] - totals[1]
    note = f"Le budget n’est pas équilibré : écart de {euros(abs(gap))}." if gap else None
    return {
        "rows": rows,
        "total": ("Total", shown[0][-1], "Total", shown[1][-1]),
        "note": line(note) if note else None,
    }


def _budget_cells(side: tuple[BudgetLine, ...], amounts: list[str], index: int) -> tuple[str, str]:
    return (_account(side[index]), amounts[index]) if index < len(side) else ("", "")


def _account(one: BudgetLine) -> str:
    return f"{line(one.account)} {line(one.label)}".strip()


def _past(past: Past | None) -> list[str]:
    if past is None:
        return []
    outcome = STAGE_WORDS[past.outcome].fr
    decided = f" le {day(past.decided_on)}" if past.decided_on else ""
    granted = f" ; {euros(past.granted_cents)} accordés" if past.granted_cents else ""
    report = {"accepted": "bilan accepté", "received": "bilan reçu, pas encore accepté", "awaited": "bilan attendu",
              "none": "pas de bilan reçu"}[past.report]  # fmt: skip
    return [line(f"{past.reference} ({past.call}) : {outcome}{decided}{granted} ; {report}.")]


def _papers(case: CasePage) -> str | None:
    if not case.papers:
        return None
    missing = [line(paper.label) for paper in case.papers if not paper.received]
    received = len(case.papers) - len(missing)
    said = f"Pièces reçues : {received} sur {len(case.papers)}"
    return line(f"{said} ; manque : {', '.join(missing)}." if missing else f"{said}.")


def _annexes(content: PacketContent) -> dict[str, Any]:
    rows = [
        (line(case.reference), line(paper.label), line(paper.file))
        for case in content.cases for paper in case.papers if paper.file
    ]  # fmt: skip
    intro = (
        "Les pièces ci-dessous sont réunies dans le volume des annexes, dans l’ordre de ce dossier."
        if rows else "Aucun fichier n’est joint aux dossiers de cette séance."
    )  # fmt: skip
    return {"intro": intro, "rows": rows}
