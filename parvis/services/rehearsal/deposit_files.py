"""The files invented applicants send: rows of the import sheet, dossiers as the State's portal exports them."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from parvis.services.imports.deposit import BudgetLine, Side
from parvis.services.imports.spreadsheet import COLUMNS
from parvis.services.rehearsal.proposals import Proposal
from parvis.states.contract import Contract, Funder
from parvis.states.stages import Nature

_POSTS = 2  # an account's post is its first two digits
_SUBSIDIES = "74"


def sheet(proposals: Sequence[Proposal]) -> bytes:
    """The import sheet as Excel saves it in French: UTF-8 with its mark, semicolons, CRLF."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_row(proposal) for proposal in proposals)
    return written.getvalue().encode("utf-8-sig")


def portal_export(contract: Contract, proposals: Sequence[Proposal]) -> bytes:
    """A list of dossiers in the portal's JSON."""
    funders = {funder.code: funder for funder in contract.funders}
    dossiers = [_dossier(proposal, funders) for proposal in proposals]
    return json.dumps(dossiers, ensure_ascii=False, indent=1).encode()


def _row(proposal: Proposal) -> dict[str, str]:
    return {
        "external_id": proposal.external_id,
        "siret": proposal.association.siret,
        "titre": proposal.title,
        "montant_demande": _euros(proposal.requested_cents),
        "date_depot": _day(proposal.deposited_on),
        "appel": proposal.call,
        "rna": proposal.association.rna,
        "porteur": proposal.association.name,
        "courriel": proposal.association.email or "",
        "resume": proposal.summary,
        "qpv": "|".join(proposal.neighbourhoods),
        "defis": "|".join(proposal.challenges),
        "debut": _day(proposal.starts_on),
        "fin": _day(proposal.ends_on),
        "cout_total": _euros(proposal.total_cents),
        "nature": "renouvellement" if proposal.nature is Nature.RENEWAL else "premiere",
        "financeurs": "|".join(f"{code}={_euros(cents)}" for code, cents in proposal.asked),
        "partenaires": "|".join(f"{siret}={_euros(cents)}" for siret, cents in proposal.partners),
        "beneficiaires": str(proposal.beneficiaries),
        "part_qpv": f"{proposal.qpv_share_percent} %",
    }


def _euros(cents: int) -> str:
    """`12 345,50`, as an accountant types it."""
    return f"{cents // 100:,}".replace(",", " ") + (f",{cents % 100:02d}" if cents % 100 else "")


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _dossier(proposal: Proposal, funders: dict[str, Funder]) -> dict[str, Any]:
    who = proposal.association
    return {
        "reference": proposal.external_id,
        "dateDemande": _instant(proposal.deposited_at),
        "status": "TRANSMITTED",
        "virtualStatus": "TRANSMITTED",
        "history": _history(proposal),
        "objet": {"value": proposal.title},
        "description": {"value": proposal.summary},
        "intituleProjet": proposal.title,
        "demandeur": {
            "reference": f"T{who.siret}",
            "titlePure": who.name,
            "SIRET": {"SIREN": who.siret[:9], "NIC": who.siret[9:], "complet": who.siret},
            "thematiques-tiers-association": {"codeRNA": who.rna},
            "courrielsValues": [who.email] if who.email else [],
            "adresse": who.address,
            "situationPrincipale": {"expand": {"telephones": [{"value": who.phone}]}},
        },
        "exerciceBudgetaire": proposal.starts_on.year,
        "planFinancement": [_plan(proposal, funders)],
        "frequence": "RENOUVELLEMENT" if proposal.nature is Nature.RENEWAL else "PREMIERE_DEMANDE",
        "periodeRealisation": {
            "dateDebut": proposal.starts_on.isoformat(),
            "dateFin": proposal.ends_on.isoformat(),
        },
        "localisations": [{"libelle": code} for code in proposal.neighbourhoods],
    }


def _history(proposal: Proposal) -> dict[str, Any]:
    user = {"title": proposal.association.president}
    begun = proposal.deposited_at - timedelta(days=6, hours=2)
    certified = proposal.deposited_at - timedelta(minutes=20)
    steps = (
        (begun, "REQUESTED"),
        (certified, "WAITING_FOR_CERTIFICATE"),
        (proposal.deposited_at, "TRANSMITTED"),
    )
    return {
        "begin": {"user": user, "date": _instant(begun)},
        "events": [
            {"type": "STATUS", "date": _instant(at), "reference": status, "user": user}
            for at, status in steps
        ],
    }


def _plan(proposal: Proposal, funders: dict[str, Funder]) -> dict[str, Any]:
    charges = [line for line in proposal.budget if line.side is Side.CHARGE]
    income = [line for line in proposal.budget if line.side is Side.PRODUIT]
    own = [line for line in income if not line.account.startswith(_SUBSIDIES)]
    subsidies = {
        "reference": _SUBSIDIES,
        "libelle": {"value": "74 - Subventions d'exploitation"},
        "sousPostes": [],
        "lignes": [_subsidy(line, code, funders) for line, (code, _) in _subsidised(proposal, income)],
    }
    return {
        "depense": {"postes": _posts(charges), "montant": _money(charges)},
        "recette": {"postes": [*_posts(own), subsidies], "montant": _money(income)},
        "periode": {"exercice": proposal.starts_on.year},
        "current": True,
    }


def _subsidised(proposal: Proposal, income: Sequence[BudgetLine]) -> list[tuple[BudgetLine, tuple[str, int]]]:
    lines = [line for line in income if line.account.startswith(_SUBSIDIES)]
    return list(zip(lines, proposal.asked, strict=True))


def _subsidy(line: BudgetLine, code: str, funders: dict[str, Funder]) -> dict[str, Any]:
    funder = funders[code]
    return {
        **_line(line),
        "financement": {"financeur": {"title": funder.aliases[0] if funder.aliases else funder.name}},
    }


def _posts(lines: Sequence[BudgetLine]) -> list[dict[str, Any]]:
    posts: dict[str, list[BudgetLine]] = {}
    for line in lines:
        posts.setdefault(line.account[:_POSTS], []).append(line)
    return [{"reference": post, "lignes": [_line(line) for line in inside]} for post, inside in posts.items()]


def _line(line: BudgetLine) -> dict[str, Any]:
    return {
        "reference": line.account,
        "libelle": {"value": line.label},
        "montant": {"ht": _number(line.amount_cents)},
    }


def _money(lines: Sequence[BudgetLine]) -> dict[str, Any]:
    return {"ht": _number(sum(line.amount_cents for line in lines))}


def _number(cents: int) -> int | float:
    return cents / 100 if cents % 100 else cents // 100


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
