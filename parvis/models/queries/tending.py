"""What a database needs at night that PostgreSQL does not do by itself."""

from parvis.models.parts import TEND
from parvis.models.session import Session


def analyze_cut(session: Session) -> bool:
    """Count again, over all parts, what the journal and the letters are planned by; False when they are whole.

    PostgreSQL tends each part by itself, never the table they make. The owner's function does it: ours may not.
    """
    cut = session.exec_driver_sql(
        "SELECT to_regproc(%(name)s) IS NOT NULL", {"name": f"public.{TEND}"}
    ).scalar_one()
    if cut:
        session.exec_driver_sql(f"SELECT public.{TEND}()")
    return bool(cut)
