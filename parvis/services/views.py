"""Saved views: a list under a name, one's own or shared with everybody of the contract.

A view is the query of an address. Opened, it is read with the eyes of whoever opens it: `moi` is that person, and what
they may not see is left out. Sharing a view shares a question, never its answers.
"""

from datetime import datetime

from parvis.models.queries import views
from parvis.models.queries.views import View
from parvis.models.session import Session
from parvis.services.queue_address import read_query, write_query
from parvis.states.queue import Viewer
from parvis.states.words import Sentence

__all__ = ["MOST", "View", "ViewRefusedError", "drop_view", "keep_view", "views_of"]

MOST = 50
LONGEST = 80
NO_NAME = Sentence(
    "Donner un nom à la vue, de 80 lettres au plus.", "Give the view a name, of 80 letters at most."
)
TOO_MANY = Sentence(
    "Vous avez déjà 50 vues : en supprimer une d’abord.", "You have 50 views already: delete one first."
)


class ViewRefusedError(Exception):
    """A view that cannot be saved: `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def views_of(session: Session, viewer: Viewer) -> list[View]:
    """One's own views, then those shared in the contract."""
    return views.views_of(session, viewer.person_id) if viewer.person_id is not None else []


def keep_view(session: Session, person_id: int, name: str, query: str, *, shared: bool, at: datetime) -> int:
    """Save a list under a name, in place of one's own of that name; the id of the view.

    Only what a list understands is kept of the query.

    Raises:
        ViewRefusedError: no name, or too many views.
    """
    called = " ".join(name.replace("\0", "").split())
    if not called or len(called) > LONGEST:
        raise ViewRefusedError(NO_NAME)
    said = read_query(query)
    kept = write_query(said.wanted, said.order, said.columns)
    view_id = views.keep_view(session, person_id, called, kept, shared=shared, most=MOST, at=at)
    if view_id is None:
        raise ViewRefusedError(TOO_MANY)
    return view_id


def drop_view(session: Session, person_id: int, view_id: int) -> bool:
    """Forget one's own view; False when one has no such view."""
    return views.drop_view(session, person_id, view_id)
