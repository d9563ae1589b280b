"""The reports of cases: asked for with the decision, typed, received, corrected, settled."""

from collections.abc import Sequence

from parvis.models.session import Session


def ask_reports(session: Session, case_id: int, kinds: Sequence[str]) -> None:
    """Ask for reports of these kinds; one that is open already is not asked for twice."""
    session.exec_driver_sql(
        """
        INSERT INTO reports (case_id, kind, state) SELECT %(id)s, unnest(%(kinds)s::text[]), 'asked'
        ON CONFLICT (case_id, kind) WHERE state NOT IN ('accepted', 'refused') DO NOTHING
        """,
        {"id": case_id, "kinds": [str(kind) for kind in kinds]},
    )
