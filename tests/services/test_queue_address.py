"""A list in an address: read, written back, never failing; and saved under a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.services import queue, views
from parvis.services.queue import Filter, Order
from parvis.services.queue_address import read_address, read_query, write_query
from parvis.services.views import ViewRefusedError
from parvis.states.queue import Place, Sort
from parvis.states.search import bare_words, patterns
from parvis.states.stages import Stage
from tests.services.desk import moment
from tests.services.lists import listed, person

FILTERS = st.builds(
    Filter,
    stages=st.lists(st.sampled_from(list(Stage)), unique=True, max_size=3).map(tuple),
    calls=st.lists(st.text("abc-2027&=é", min_size=1, max_size=8), unique=True, max_size=3).map(tuple),
    instructors=st.lists(st.integers(1, 10**9), unique=True, max_size=3).map(tuple),
    mine=st.booleans(), unassigned=st.booleans(), late=st.booleans(), opinion_awaited=st.booleans(),
    needs_me=st.booleans(), least_cents=st.none() | st.integers(0, 10**9), most_cents=st.none() | st.integers(0, 10**9),
    text=st.text("aé' %&;#+", max_size=20).map(str.strip),
)  # fmt: skip
ORDERS = st.builds(Order, st.sampled_from(list(Sort)), st.booleans())
ODD = st.text(st.characters(), max_size=30)


@given(wanted=FILTERS, order=ORDERS)
def test_what_is_written_in_an_address_is_read_back(wanted, order):
    read = read_query(write_query(wanted, order, ("note", "reference")))

    assert (read.wanted, read.order, read.columns, read.problems) == (
        wanted,
        order,
        ("note", "reference"),
        (),
    )


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "etape",
                "appel",
                "min",
                "max",
                "instructeur",
                "tri",
                "sens",
                "apres",
                "avant",
                "q",
                "avis",
                "colonnes",
            ]
        ),
        st.lists(
            ODD | st.sampled_from(["-1", "1e9", "12.1.x", "1.0.infinity", "9999999999999999999.0.1"]),
            max_size=3,
        ),
    )
)
def test_no_address_fails(parameters):  # fmt: skip
    read = read_address(parameters)

    assert read_query(write_query(read.wanted, read.order)).wanted == read.wanted


@pytest.mark.parametrize("query", ["a=1&" * 300, "%ff%fe", "q=%00", "min=abc&tri=rien&etape=nulle"])
def test_an_odd_query_is_a_list_all_the_same(desk, query):
    read = read_query(query)

    assert (
        listed(desk, **{name: getattr(read.wanted, name) for name in ("text", "stages", "least_cents")}) == []
    )


def test_what_cannot_be_read_is_said_and_left_out():
    read = read_query("min=beaucoup&etape=nulle&etape=submitted&tri=x&instructeur=bob")

    assert [name for name, _ in read.problems] == ["etape", "tri", "min", "instructeur"]
    assert read.wanted == Filter(stages=(Stage.SUBMITTED,))


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    "key", ["x", "2026-13-01", "1e5", "99999999999999999999", "", "infinity", "2026-01-01", "12"]
)
def test_a_place_typed_by_hand_never_reaches_the_database_unread(desk, sort, key):
    desk.submitted_case()
    tri = {"deadline": "echeance", "amount": "montant", "deposited": "depot", "score": "note", "stage": "etape",
           "opinion": "avis", "reference": "reference"}[sort]  # fmt: skip

    read = read_address({"tri": [tri], "apres": [f"1.0.{key}"]})

    with desk.database.transaction() as session:
        viewer = queue.Viewer()
        queue.read_page(session, read.wanted, read.order, viewer, at=moment("2026-06-02"), after=read.after)


def test_a_place_is_written_as_it_is_read():
    place = Place(12, 3, "ANNUEL.2026-00001")

    assert Place.read(str(place)) == place
    assert Place.read("12") is Place.read("") is Place.read("-1.2.3") is None


@given(st.text())
def test_words_are_bare_in_python_and_in_the_database_alike(text):
    assert bare_words(bare_words(text)) == bare_words(text)
    assert all(pattern.count("%") == 2 for pattern in patterns(text))


def test_every_sign_is_bared_in_the_database_as_in_python(desk):
    letters = "".join(chr(code) for code in range(1, 0x2500) if not 0xD800 <= code < 0xE000) + "ﬁ𝔘Ⅳ㎏"
    words = " ".join(letters)

    assert desk.value("SELECT bare_words(%(words)s)", words=words) == bare_words(words)


def test_mine_is_whoever_looks(desk):
    desk.submitted_case(title="Un")

    assert listed(desk, viewer=person(desk, "inès"), mine=True) == ["Un"]
    assert listed(desk, viewer=person(desk, "max"), mine=True) == []


def test_a_view_is_ones_own_until_it_is_shared(desk):
    ines, max_ = person(desk, "inès"), person(desk, "max")
    assert ines.person_id
    assert max_.person_id
    with desk.database.transaction() as session:
        views.keep_view(session, ines.person_id, "Mes retards", "retard=oui&instructeur=moi&x=1", shared=False,
                        at=moment("2026-06-02"))  # fmt: skip
        views.keep_view(session, max_.person_id, " Gros   montants ", "?min=20000&tri=montant&sens=desc",
                        shared=True, at=moment("2026-06-02"))  # fmt: skip
        mine, his = views.views_of(session, ines), views.views_of(session, max_)

    assert [(view.name, view.query, view.owner) for view in mine] == [
        ("Mes retards", "instructeur=moi&retard=oui", "Inès Roy"),
        ("Gros montants", "min=20000&tri=montant&sens=desc", "Max Noir"),
    ]
    assert [view.name for view in his] == ["Gros montants"]


def test_a_view_saved_again_replaces_the_one_of_that_name_and_only_its_owner_deletes_it(desk):
    ines, max_ = person(desk, "inès"), person(desk, "max")
    assert ines.person_id
    assert max_.person_id
    with desk.database.transaction() as session:
        first = views.keep_view(
            session, ines.person_id, "V", "retard=oui", shared=True, at=moment("2026-06-02")
        )
        again = views.keep_view(
            session, ines.person_id, "V", "q=jardin", shared=True, at=moment("2026-06-03")
        )

        assert first == again
        assert [view.query for view in views.views_of(session, max_)] == ["q=jardin"]
        assert not views.drop_view(session, max_.person_id, again)
        assert views.drop_view(session, ines.person_id, again)
        assert views.views_of(session, ines) == []


@pytest.mark.parametrize("name", ["", "  \0 ", "x" * 81])
def test_a_view_needs_a_name(desk, name):
    ines = person(desk, "inès")
    assert ines.person_id

    with desk.database.transaction() as session, pytest.raises(ViewRefusedError):
        views.keep_view(session, ines.person_id, name, "", shared=False, at=moment("2026-06-02"))


def test_nobody_saves_more_than_fifty_views(desk):
    ines = person(desk, "inès")
    assert ines.person_id

    with desk.database.transaction() as session:
        for number in range(50):
            views.keep_view(session, ines.person_id, f"V{number}", "", shared=False, at=moment("2026-06-02"))
        with pytest.raises(ViewRefusedError):
            views.keep_view(session, ines.person_id, "De trop", "", shared=False, at=moment("2026-06-02"))
        views.keep_view(session, ines.person_id, "V3", "q=x", shared=False, at=moment("2026-06-02"))
