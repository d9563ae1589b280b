"""What the calendar weighs on: how many open cases have a deadline on each day of a stretch."""

from datetime import date

from parvis.models.session import Session


def deadlines_by_day(session: Session, contract_id: int, first: date, last: date) -> dict[date, int]:
    """By day, the open cases of a contract with a deadline on it, from `first` to `last`."""
    rows = session.exec_driver_sql(
        """
        SELECT t.deadline, count(DISTINCT t.case_id)
          FROM timers t JOIN cases c ON c.id = t.case_id JOIN calls k ON k.id = c.call_id
         WHERE t.settled_at IS NULL AND t.deadline BETWEEN %(first)s AND %(last)s AND k.contract_id = %(contract)s
         GROUP BY 1
        """,
        {"contract": contract_id, "first": first, "last": last},
    )
    return dict(rows.tuples().all())
