"""Contents of documents to typeset: a sitting like many, and the same with every text replaced."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, time
from typing import Any

from parvis.documents.packet import (
    Ask,
    BudgetLine,
    CasePage,
    Change,
    Changes,
    EnvelopeState,
    Mark,
    Packet,
    PacketContent,
    Paper,
    Past,
)

TITLES = ("Ateliers cuisine entre voisins", "Chantier jeunes : repeindre le hall",
          "Marche exploratoire des femmes, puis fresque avec les habitants")  # fmt: skip
FUNDERS = ("État", "Amiens Métropole", "Ville d’Amiens", "Département de la Somme", "CAF de la Somme")
NEIGHBOURHOODS = ("Etouvie", "Amiens Nord", "Pierre Rollin", "Marcel Paul - Salamandre")
CHARGES = (("60", "Achats"), ("61", "Services extérieurs"), ("62", "Autres services extérieurs"),
           ("64", "Charges de personnel"), ("65", "Autres charges de gestion courante"),
           ("86", "Emplois des contributions volontaires"))  # fmt: skip
CRITERIA = ("Capacité du porteur", "Présence dans le quartier", "Faisabilité dans le calendrier", "Publics touchés",
            "Réponse aux priorités du contrat")  # fmt: skip
SUMMARY = (
    "L'action réunit des habitants de tous âges, une fois par semaine, avec une diététicienne et deux médiatrices. "
    "Peut-on garantir sa pérennité ? Le plan joint au dossier l'établit : trois partenaires s'engagent par écrit. "
    "L’évaluation reposera sur des indicateurs simples : fréquentation, répartition par âge, satisfaction."
)

PAST = Past(
    "ANNUEL-2026-00031", "Appel à projets annuel 2026", "funded", date(2026, 5, 28), 1_200_000, "received"
)


def case(number: int = 1, **changes: Any) -> CasePage:
    """One case, its figures drawn from its place on the agenda."""
    asked = 300_000 + 50_000 * (number % 7)
    asks = tuple(
        Ask(funder, asked, ("favourable", "reserved", "unfavourable", None)[(number + index) % 4],
            asked - 50_000 * index if index < 3 else None,
            "Montant à revoir au vu des comptes." if index == 1 else "")
        for index, funder in enumerate(FUNDERS[: 2 + number % 3])
    )  # fmt: skip
    total = sum(ask.requested_cents for ask in asks) * 3 // 2
    share = total // len(CHARGES)
    charges = tuple(
        BudgetLine(account, label, share if index else total - share * (len(CHARGES) - 1))
        for index, (account, label) in enumerate(CHARGES)
    )
    own = total - sum(ask.requested_cents for ask in asks)
    produits = (BudgetLine("70", "Ventes et participations", own),
                *(BudgetLine("74", f"Subvention – {ask.funder}", ask.requested_cents) for ask in asks))  # fmt: skip
    page = CasePage(
        position=number, reference=f"ANNUEL-2027-{number:05}", title=TITLES[number % 3],
        organisation=("Association Les Deux Rives", "Centre social et culturel d’Étouvie",
                      "Régie de quartier Nord – Insertion et services de proximité")[number % 3],
        siret="41816609600051", call="Appel à projets annuel 2027", wave="Première vague",
        nature="renewal" if number % 2 else "new", instructor="Samira Benali",
        starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
        requested_cents=sum(ask.requested_cents for ask in asks), total_cost_cents=total,
        beneficiaries=40 + number, qpv_share_percent=80, summary=f"{SUMMARY}\n{SUMMARY}" * (1 + number % 2),
        neighbourhoods=NEIGHBOURHOODS[number % 4 :][: 1 + number % 2],
        challenges=(("D04", "Favoriser la réussite des enfants et des jeunes de 0 à 25 ans"),),
        asks=asks, charges=charges, produits=produits, score=40 + (number * 7) % 60,
        marks=tuple(Mark(label, 20, 5, (number + index) % 6) for index, label in enumerate(CRITERIA)),
        notes=("Le porteur a été reçu le 3 novembre ; le budget a été revu.",),
        past=PAST if number % 2 else None,
        papers=(Paper("Statuts", received=True, file="statuts.pdf"), Paper("RIB", received=False)),
    )  # fmt: skip
    return replace(page, **changes)


def content(cases: int = 3, **changes: Any) -> PacketContent:
    """A sitting of the steering committee with so many cases."""
    envelopes = tuple(
        EnvelopeState(
            funder, "Annuel 2027", "", 45_000_000 - 8_000_000 * index, 11_000_000, 22_500_000, 12_000_000
        )
        for index, funder in enumerate(FUNDERS)
    )
    whole = PacketContent(
        city="Amiens Métropole", contract="Contrat de ville Engagements Quartiers 2030",
        committee="Comité de pilotage", kind="steering", held_on=date(2026, 12, 10), starts_at=time(14, 30),
        room="Hôtel de Ville d’Amiens, salle du Conseil", video_url="https://visio.amiens-metropole.example/pilotage",
        chair="Martine Hubert", envelopes=envelopes, cases=tuple(map(case, range(1, cases + 1))),
    )  # fmt: skip
    return replace(whole, **changes)


CHANGES = Changes(
    1, date(2026, 11, 20),
    added=(("ANNUEL-2027-00002", TITLES[1]),), withdrawn=(("ANNUEL-2027-00075", "Jardin partagé"),),
    changed=(Change("ANNUEL-2027-00003", TITLES[0], "Proposé par l’État", "8 000 €", "7 500 €"),),
    others=("Lieu : Hôtel de Ville d’Amiens, salle du Conseil",),
)  # fmt: skip


def packet(
    cases: int = 3, *, version: int = 1, changes: Changes | None = None, **content_changes: Any
) -> Packet:
    """The packet of that sitting."""
    return Packet(content=content(cases, **content_changes), version=version, prepared_on=date(2026, 11, 25),
                  changes=changes)  # fmt: skip


CODES = frozenset({"kind", "nature", "opinion", "outcome", "report", "video_url"})
"""Fields that hold our own words, not somebody's text."""


def with_every_text(value: Any, text: str) -> Any:
    """The same content with `text` wherever somebody could have written something."""
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{
            each.name: with_every_text(getattr(value, each.name), text)
            for each in fields(value) if each.name not in CODES
        })  # fmt: skip
    if isinstance(value, tuple):
        return tuple(with_every_text(each, text) for each in value)
    return text if isinstance(value, str) else value
