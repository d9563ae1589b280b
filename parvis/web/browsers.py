"""A browser in two words, from what it says of itself: `Firefox, Windows`."""

_NAMES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser(said: str) -> str:
    """The browser and its machine, the first of each it names; what names neither is said as it is."""
    known = [next((name for mark, name in marks if mark in said), "") for marks in (_NAMES, _MACHINES)]
    return ", ".join(filter(None, known)) or said
