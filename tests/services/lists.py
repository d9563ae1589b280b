"""What tests of lists of cases say instead of filters, viewers and pages."""

from typing import Any

from parvis.services import queue
from parvis.services.queue import Filter, Order, Page, Viewer
from parvis.states.queue import Sort
from tests.services.desk import Desk, moment

NEWEST = Order(Sort.DEPOSITED, descending=True)
ANYBODY = Viewer()


def page(
    desk: Desk, at: str = "2026-06-02", *, order: Order = NEWEST, viewer: Viewer = ANYBODY,
    places: dict[str, Any] | None = None, limit: int = 50, **wanted: Any,
) -> Page:  # fmt: skip
    with desk.database.transaction() as session:
        return queue.read_page(
            session, Filter(**wanted), order, viewer, at=moment(at), limit=limit, **(places or {})
        )


def listed(desk: Desk, at: str = "2026-06-02", **asked: Any) -> list[str]:
    return [row.title for row in page(desk, at, **asked).rows]


def person(desk: Desk, name: str) -> Viewer:
    with desk.database.transaction() as session:
        (person_id,) = queue.people_called(session, name)
        viewer = queue.viewer_of(session, person_id)
    assert viewer
    return viewer
