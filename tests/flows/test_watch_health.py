"""The job that looks whether all is well: what it leaves on Prefect's page, and who is written to."""

import pytest

from parvis.flows.watch_health import OutOfOrderError, watch_health
from parvis.states.health import Level
from tests.flows.prefect_server import PrefectServer
from tests.services.desk import Desk, moment

pytestmark = pytest.mark.prefect


def test_the_house_is_looked_at_and_what_is_out_of_order_fails_the_run_and_is_written_to_who_watches(
    office: Desk, prefect_server: PrefectServer
):
    office.submitted_case(at="2026-06-01")

    well = watch_health(moment("2026-06-01 09:01"))
    with pytest.raises(OutOfOrderError, match=r"Échéances.*advance-deadlines"):
        watch_health(moment("2026-12-01"))

    states = {row["Quoi"]: row["État"] for row in prefect_server.artifact("watch-health")}
    assert {one.code: one.level for one in well.findings}["deadlines"] == Level.WELL
    assert states["Échéances"] == "En panne"
    told = office.rows("SELECT DISTINCT occurrence FROM letters WHERE rule = 'out_of_order' ORDER BY 1")
    assert ("deadlines/2026-12-01",) in told
