"""A small city whose call is deposited on Démarche numérique, and the platform itself on 127.0.0.1."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parvis.models.session import Database
from parvis.services.demarches.jobs import CallFollowed, follow_demarches
from parvis.services.settings import Settings
from tests.services.demarches.there import There, served
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.files.samples import pdf

AMOUNT, TITLE = "Je demande ce montant de subventions", "Intitulé du projet"
FORM: dict[str, Any] = {
    "number": 11223344,
    "fields": {
        "title": TITLE, "requested": AMOUNT, "total_cost": "Coût total de l'opération (en euros HT)",
        "starts_on": "Date de commencement de l'opération", "phone": "TEST_ID_MjkzNDQwMQ==",
        "ends_on": "Date prévisionnelle d'achèvement de l'opération", "contact": "Nom",
        "neighbourhoods": "Zonage spécifique : le projet est il situé dans l'une des zones suivantes ?",
    },
    "requested_to": "etat",
    "documents": {"statuts": "Justificatifs des dépenses prévisionnelles"},
}  # fmt: skip


@dataclass
class House:
    """The city, the platform, and what runs between them."""

    desk: Desk
    there: There
    settings: Settings

    def run(self, at: str = "2026-06-01", *, page: int = 100, **how: Any) -> CallFollowed:
        """The hourly job."""
        [done] = follow_demarches(
            self.desk.database, self.settings, moment(at), platform=self.there.platform(page), **how
        )
        return done


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    with served() as there:
        yield make_house(database, tmp_path, there)


def make_house(database: Database, folder: Path, there: There, **form: Any) -> House:
    call = {**CONTRACT["calls"][0], "opens_on": "2024-01-01", "demarche": {**FORM, **form}}
    desk = Desk.opened(database, {**CONTRACT, "calls": [call]})
    there.add(7, "2026-05-20T08:00:00Z")
    there.keep("exemple.pdf", pdf())
    return House(desk, there, Settings(data_folder=folder, demarche_token="jeton"))  # type: ignore[arg-type]
