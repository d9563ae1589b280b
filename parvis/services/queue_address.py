"""A list in an address: which cases, in which order, read from its parameters and written back, French words and codes.

Nothing in an address can fail: what cannot be read is left out, and said.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import parse_qs, urlencode

from parvis.states import fields
from parvis.states.queue import Filter, Order, Place, Sort
from parvis.states.stages import Stage
from parvis.states.words import Sentence

Parameters = Mapping[str, Sequence[str]]

MINE, NOBODY, YES = "moi", "aucun", "oui"
NOT_READ = Sentence("« {value} » ne se comprend pas : ce filtre est laissé de côté.",
                    "“{value}” cannot be understood: this filter is left out.")  # fmt: skip
_MOST = 20  # values of one kind, and letters of a search: more is somebody's play
_LETTERS = 200

STAGE, CALL, WAVE, PLACE, CHALLENGE, FUNDER = "etape", "appel", "vague", "quartier", "defi", "financeur"
OPINION, OFFICER, LATE, LEAST, MOST, TEXT, TODAY = "avis", "instructeur", "retard", "min", "max", "q", "pour"
UNDONE = "non_realise"
SORT, WAY, AFTER, BEFORE, COLUMNS = "tri", "sens", "apres", "avant", "colonnes"
_LISTS = {CALL: "calls", WAVE: "waves", PLACE: "neighbourhoods", CHALLENGE: "challenges", FUNDER: "funders"}
_SORTS = {
    "echeance": Sort.DEADLINE, "montant": Sort.AMOUNT, "depot": Sort.DEPOSITED, "reference": Sort.REFERENCE,
    "note": Sort.SCORE, "etape": Sort.STAGE, "avis": Sort.OPINION,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """What an address asks for. `after` or `before` is where in the list; `problems` is what could not be read."""

    wanted: Filter = field(default_factory=Filter)
    order: Order = field(default_factory=Order)
    after: Place | None = None
    before: Place | None = None
    columns: tuple[str, ...] = ()
    problems: tuple[tuple[str, Sentence], ...] = ()


def read_query(query: str) -> Address:
    """The list that the query of an address asks for; the whole list when it is no query."""
    try:
        return read_address(parse_qs(query.removeprefix("?"), max_num_fields=200))
    except ValueError:
        return Address()


def read_address(parameters: Parameters) -> Address:
    """The list that the parameters of an address ask for."""
    problems: list[tuple[str, Sentence]] = []

    def read(name: str, value: Callable[[str], object]) -> object | None:
        typed = _said(parameters, name)
        if not typed:
            return None
        try:
            return value(typed[0])
        except (ValueError, KeyError, fields.FieldError):
            problems.append((name, NOT_READ.fill(value=typed[0][:80])))
            return None

    stages = _known(parameters, STAGE, {*Stage}, problems)
    sort = read(SORT, _SORTS.__getitem__)
    order = Order(sort if isinstance(sort, Sort) else Sort.DEADLINE, _said(parameters, WAY)[:1] == ["desc"])
    officers = _said(parameters, OFFICER)
    least, most = read(LEAST, _cents), read(MOST, _cents)
    wanted = Filter(
        stages=tuple(Stage(stage) for stage in stages),
        opinion_awaited=bool(_said(parameters, OPINION)),
        instructors=tuple(_people(officers, problems)), mine=MINE in officers, unassigned=NOBODY in officers,
        late=bool(_said(parameters, LATE)), not_carried_out=bool(_said(parameters, UNDONE)),
        needs_me=_said(parameters, TODAY)[:1] == [MINE],
        least_cents=least if isinstance(least, int) else None, most_cents=most if isinstance(most, int) else None,
        text=" ".join(_said(parameters, TEXT)[:1])[:_LETTERS],
        **{field: tuple(_said(parameters, name)) for name, field in _LISTS.items()},
    )  # fmt: skip
    places = [read(name, lambda typed: read_place(typed, order)) for name in (AFTER, BEFORE)]
    after, before = (place if isinstance(place, Place) else None for place in places)
    columns = tuple(filter(None, ",".join(_said(parameters, COLUMNS)).split(",")))[: 2 * _MOST]
    return Address(wanted, order, after, None if after else before, columns, tuple(problems))


def write_query(wanted: Filter, order: Order = Order(), columns: Iterable[str] = ()) -> str:  # noqa: B008 - frozen
    """The query of the address of a list, always the same for the same list; empty when it asks for nothing."""
    said: list[tuple[str, str]] = [(STAGE, stage) for stage in wanted.stages]
    said += [(name, value) for name, field in _LISTS.items() for value in getattr(wanted, field)]
    said += [(OPINION, "attendu")] * wanted.opinion_awaited
    said += [(OFFICER, str(person)) for person in wanted.instructors]
    said += [(OFFICER, MINE)] * wanted.mine
    said += [(OFFICER, NOBODY)] * wanted.unassigned + [(LATE, YES)] * wanted.late
    said += [(UNDONE, YES)] * wanted.not_carried_out
    bounds = ((LEAST, wanted.least_cents), (MOST, wanted.most_cents))
    said += [(name, _euros(cents)) for name, cents in bounds if cents is not None]
    said += [(TEXT, wanted.text)] if wanted.text else []
    said += [(TODAY, MINE)] * wanted.needs_me
    if order.sort != Sort.DEADLINE:
        said.append((SORT, next(word for word, sort in _SORTS.items() if sort == order.sort)))
    said += [(WAY, "desc")] * order.descending
    if chosen := ",".join(columns):
        said.append((COLUMNS, chosen))
    return urlencode(said)


def read_place(typed: str, order: Order) -> Place:
    """The place in a list that an address says.

    Raises:
        ValueError: it is not one of this order.
    """
    place = Place.read(typed)
    if place is None:
        raise ValueError(typed)
    match order.sort:
        case Sort.AMOUNT | Sort.SCORE:
            if abs(int(place.key)) >= 2**63 or (order.sort == Sort.SCORE and abs(int(place.key)) >= 2**31):
                raise ValueError(typed)
        case Sort.REFERENCE:
            pass
        case _ if place.key not in ("infinity", "-infinity"):
            (datetime if order.sort == Sort.OPINION else date).fromisoformat(place.key)
        case _:
            pass
    return place


def _said(parameters: Parameters, name: str) -> list[str]:
    said = (
        each.encode("utf-8", "replace").decode() for each in parameters.get(name, ())
    )  # no half of a sign
    typed = (each.replace("\0", "").strip() for each in said)
    return [each for each in dict.fromkeys(typed) if each][:_MOST]


def _known(
    parameters: Parameters, name: str, known: set[Stage], problems: list[tuple[str, Sentence]]
) -> list[str]:
    typed = _said(parameters, name)
    problems += [(name, NOT_READ.fill(value=each[:80])) for each in typed if each not in known]
    return [each for each in typed if each in known]


def _people(typed: list[str], problems: list[tuple[str, Sentence]]) -> Iterable[int]:
    for each in typed:
        if each.isascii() and each.isdigit() and len(each) <= 18:
            yield int(each)
        elif each not in (MINE, NOBODY):
            problems.append((OFFICER, NOT_READ.fill(value=each[:80])))


def _cents(typed: str) -> int:
    return fields.amount(typed, zero_allowed=True)


def _euros(cents: int) -> str:
    whole, part = divmod(cents, 100)
    return f"{whole},{part:02}" if part else str(whole)
