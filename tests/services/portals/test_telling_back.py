"""What the State's portal is told: statuses and decisions in the shape of its own dossiers."""

import json
from pathlib import Path
from typing import Any

from parvis.models.queries.contracts import write_contract
from parvis.services.contracts import read_contract
from parvis.services.imports.portal_shape import Dossier
from parvis.services.intake import import_file
from parvis.services.portals.settling import view
from parvis.services.portals.telling_back import tell_back
from tests.services.desk import Desk, moment

ROOT = Path(__file__).parents[3]
PORTAL = (ROOT / "tests" / "data" / "portal" / "dossier.json").read_bytes()


def test_what_the_portal_brought_goes_back_with_where_it_stands_and_what_each_funder_gave(database):
    contract = read_contract(ROOT / "contracts" / "amiens.yaml")
    with database.transaction() as session:
        contract_id = write_contract(session, contract, digest="test", at=moment("2026-01-01")).contract_id
    desk = Desk(database, contract_id)
    import_file(database, None, "dossier.json", PORTAL, moment("2026-11-23"))
    desk.run("UPDATE cases SET stage = 'funded', decided_on = '2026-11-20'")
    desk.run(
        "UPDATE fundings g SET granted_cents = 700050 FROM funders f"
        " WHERE f.id = g.funder_id AND f.name LIKE '13-ETAT%%'"
    )

    with database.transaction() as session:
        told = tell_back(session, None)
        shown: Any = view(session, 1)

    [dossier] = json.loads(told.text)
    read: Any = Dossier.model_validate(dossier)
    assert (read.reference, read.virtual_status, told.count) == ("REF_FINANCEMENT", "VOTE", 1)
    lines = {line.libelle.value: line.financement for line in read.plans[0].recette.postes[0].lignes}
    voted = lines["13-ETAT-POLITIQUE-VILLE"]
    assert (voted.statut, voted.montant_vote.ht, voted.date_decision) == (
        "VOTE", 7000.5, "2026-11-19T23:00:00.000Z",
    )  # fmt: skip
    assert {f.statut for name, f in lines.items() if name != "13-ETAT-POLITIQUE-VILLE"} == {"REFUSED"}
    assert (shown.platform.fr, shown.status.fr) == ("Le portail de l’État", "bilan transmis")
