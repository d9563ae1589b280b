"""Ways in, as closed sets: what a link by letter opens, and how long each way lasts."""

from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What a secret address is for."""

    SIGN_IN = "sign_in"
    DECLARE = "declare"  # a member's interests in the cases of a sitting
    PACKET = "packet"  # a member's packet of a sitting
    CASE = "case"  # an applicant's case
    PARTNER = "partner"  # a partner's part of a coordinated proposal


ONCE = frozenset({Purpose.SIGN_IN})
"""Links that open one session and no more; the others open until they expire."""

SIGN_IN_LASTS = timedelta(minutes=30)
SESSION_LASTS = timedelta(hours=12)
SESSION_IDLES = timedelta(hours=2)
"""A session ends after so long, and sooner when nothing was asked for so long (settings no source confirms)."""
