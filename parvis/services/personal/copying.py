"""A copy of all that is held on one person, in one zip: JSON for a program, a page to read, and what each means."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO
from typing import Any

from parvis.models.queries import data_journal, personal
from parvis.models.queries.personal import Known, Part
from parvis.models.session import Session
from parvis.states.calendar import paris_day
from parvis.states.facts import By
from parvis.states.words import Language, Sentence, day

DATA, PAGE, READ_ME = "donnees.json", "donnees.html", "LISEZMOI.txt"
_OLDEST = (1980, 1, 1, 0, 0, 0)

NOBODY = Sentence(
    "Rien n’est gardé sous l’adresse « {email} ».", "Nothing is held under the address “{email}”."
)
TEXT = """Données personnelles gardées sous l’adresse {email}, le {day}.
Droit d’accès : règlement (UE) 2016/679 (RGPD), article 15.

donnees.html   tout, à lire dans un navigateur
donnees.json   le même, pour un programme ; instants en UTC

N’y sont pas : les empreintes des secrets (mots de passe, liens, jetons), qui ne disent rien de vous, et les IBAN,
chiffrés, dont seuls les derniers signes sont montrés. « mentions » dit où votre nom ou votre adresse est écrit
ailleurs, dans le texte d’un dossier, d’une lettre ou d’un compte rendu : le service vous en remet la copie, sans les
données d’autrui.

Rectifier (article 16), s’opposer ou se plaindre : écrivez à {contact}, puis, sans réponse, à la CNIL (cnil.fr).
"""
MENTIONS = Sentence(
    "Mentions ailleurs, à relire par le service", "Mentions elsewhere, for the service to read"
)


class NothingHeldError(Exception):
    """Nothing is held under an address."""

    def __init__(self, email: str) -> None:
        super().__init__(email)
        self.sentence = NOBODY.fill(email=email)


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy: who it is about, its parts with how many rows each, where else a name is written, and the zip."""

    subjects: tuple[str, ...]
    parts: Mapping[str, int]
    mentions: Mapping[str, int]
    content: bytes


def copy(
    session: Session, email: str, *, contract_id: int | None, by: By, at: datetime, contact: str
) -> Copied:  # fmt: skip
    """Copy all that is held under an address, and note in the register that it was; `contact` answers questions.

    Of one contract, or of all for the person themself.

    Raises:
        NothingHeldError: nothing is.
    """
    who = personal.known(session, email, contract_id)
    parts = personal.held(session, who)
    if not parts:
        raise NothingHeldError(email)
    elsewhere = personal.mentions(session, [who.email, *who.names])
    content = _zipped(who, parts, elsewhere, at=at, contact=contact)
    for subject in who.subjects[:1] or ["address"]:
        details = {"parts": {part.code: len(part.rows) for part in parts}}
        data_journal.note_event(
            session, contract_id, "export", subject, details, actor=by.actor, role=by.role, at=at
        )
    counted = {part.code: len(part.rows) for part in parts}
    return Copied(tuple(who.subjects), counted, dict(elsewhere), content)


def _zipped(
    who: Known, parts: Sequence[Part], elsewhere: Sequence[tuple[str, int]], *, at: datetime, contact: str
) -> bytes:  # fmt: skip
    told = {part.code: list(part.rows) for part in parts}
    everything = {"email": who.email, "at": at.isoformat(), "data": told, "mentions": dict(elsewhere)}
    read_me = TEXT.format(email=who.email, day=paris_day(at).isoformat(), contact=contact)
    files = {
        READ_ME: read_me.encode(), DATA: json.dumps(everything, ensure_ascii=False, indent=1).encode(),
        PAGE: _page(who, parts, elsewhere, at=at).encode(),
    }  # fmt: skip
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _OLDEST), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}h2{margin-top:2rem}.s{overflow-x:auto}"
)


def _page(who: Known, parts: Sequence[Part], elsewhere: Sequence[tuple[str, int]], *, at: datetime) -> str:
    title = f"Données gardées sous l’adresse {who.email}, le {day(paris_day(at), Language.FR)}"
    body = "".join(
        f"<h2>{escape(part.title.fr)} ({len(part.rows)})</h2>{_table(part.rows)}" for part in parts
    )
    if elsewhere:
        rows = [{"où": table, "combien": count} for table, count in elsewhere]
        body += f"<h2>{escape(MENTIONS.fr)}</h2>{_table(rows)}"
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )


LABELS: Mapping[str, str] = {
    "name": "nom", "email": "adresse électronique", "phone": "téléphone", "address": "adresse", "role": "rôle",
    "reference": "dossier", "title": "intitulé", "stage": "étape", "subject": "objet", "body_text": "texte", "at": "le",
    "made_at": "fait le", "seen_at": "vu le", "sent_at": "parti le", "owed_at": "dû le", "browser": "navigateur",
    "method": "demande", "path": "page", "status": "réponse", "action": "acte", "details": "détails", "body": "texte",
    "organisation": "organisme", "funder": "financeur", "language": "langue", "delivery": "envoi",
    "active": "en fonction",
}  # fmt: skip


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    heads = "".join(
        f'<th scope="col">{escape(LABELS.get(name, name.replace("_", " ")))}</th>' for name in rows[0]
    )
    lines = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row.values()) + "</tr>" for row in rows
    )
    return f'<div class="s" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'


def _cell(value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "oui" if value else "non"
    said = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return escape(said).replace("\n", "<br>")
