"""How long a letter waits before its next try."""

import hashlib

SHORTEST_SECONDS = 60
LONGEST_SECONDS = 6 * 3600


def backoff_seconds(attempt: int, key: str) -> int:
    """Seconds before the try that follows `attempt` (1 for the first): doubled each time, from 1 min to 6 h.

    A third is drawn from `key`, so that letters deferred together do not come back together and the same
    letter always waits the same.
    """
    doubled: int = SHORTEST_SECONDS << min(max(attempt, 1) - 1, 16)
    steady = min(doubled, LONGEST_SECONDS * 2 // 3)
    drawn = int.from_bytes(hashlib.sha256(f"{key}\n{attempt}".encode()).digest()[:4], "big") / 2**32
    return steady + int(steady * drawn / 2)
