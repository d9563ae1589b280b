"""The flow that follows Démarche numérique, under a real Prefect server."""

import pytest

from parvis.flows.follow_demarches import follow_demarches
from tests.flows.prefect_server import PrefectServer
from tests.services.demarches.conftest import FORM
from tests.services.demarches.there import TOKEN, served
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.files.samples import pdf

pytestmark = pytest.mark.prefect


def test_forms_are_read_every_hour_and_without_a_token_there_is_nothing_to_do(
    office: Desk, prefect_server: PrefectServer, monkeypatch: pytest.MonkeyPatch
):
    assert follow_demarches(moment("2026-06-01")) == []
    assert "jeton" in prefect_server.artifact("follow-demarches")[0]["Arrêt"]

    office.run("UPDATE contracts SET digest = ''")
    call = {**CONTRACT["calls"][0], "opens_on": "2024-01-01", "demarche": FORM}
    Desk.opened(office.database, {**CONTRACT, "calls": [call]})
    with served() as there:
        there.add(7, "2026-05-20T08:00:00Z")
        there.keep("exemple.pdf", pdf())
        monkeypatch.setenv("PARVIS_DEMARCHE_URL", f"{there.address}/api/v2/graphql")
        monkeypatch.setenv("PARVIS_DEMARCHE_TOKEN", TOKEN)
        [done] = follow_demarches(moment("2026-06-01"))

    [row] = prefect_server.artifact("follow-demarches")
    assert (row["Appel"], row["Créés"], row["Fichiers gardés"]) == ("annuel-2026", 1, 2)
    assert done.round.created == ("ANNUEL-2026-00001",)
