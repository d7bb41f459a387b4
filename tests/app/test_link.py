"""A link and the state it stands for: there and back, and what junk does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from link_states import CHOICES, MUNICIPALITIES, PATIENT, states

from meetingplaces.ui.link import from_query, share_query, to_query
from meetingplaces.ui.squeezing import squeezed
from meetingplaces.ui.view_state import ViewState


@PATIENT
@given(states())
def test_a_link_gives_the_state_back(state):
    read = from_query(to_query(state, MUNICIPALITIES[0]), CHOICES)
    assert (read.state, read.ignored) == (state, [])


@PATIENT
@given(states())
def test_a_link_needs_no_encoding(state):
    for name, value in to_query(state, MUNICIPALITIES[0]).items():
        allowed = "-._~" + (" :,;+" if name == "tijden" else "")
        assert all(sign.isascii() and (sign.isalnum() or sign in allowed) for sign in name + value)


def test_the_default_state_has_an_empty_link():
    assert to_query(ViewState("GM0166"), "GM0166") == {}
    assert to_query(ViewState("GM9999"), "GM0166") == {"gemeente": "GM9999"}


NAMES = st.sampled_from([
    "gemeente", "buurt", "waar", "soort", "niveau", "drempel", "plek", "maat", "groep", "afstand", "loper", "eis",
    "moment", "klassen", "aantal", "met", "weging", "erbij", "dicht", "tijden", "beste", "omstandigheden",
    "eerder", "taal", "kort", "wanneer", "wens", "voor", "vanaf", "kaart", "bij", "beeld", "stand", "keuze", "notities",
    "v", "zzz",
])  # fmt: skip


@given(st.dictionaries(NAMES | st.text(max_size=8), st.text(max_size=30)))
def test_junk_never_raises_and_is_named(query):
    read = from_query(query, CHOICES)
    assert read.state.municipality in MUNICIPALITIES
    assert set(read.ignored) <= set(query)
    assert "zzz" in read.ignored or "zzz" not in query


def test_good_parameters_survive_beside_bad_ones():
    read = from_query({"gemeente": "gm0166", "buurt": "<script>", "waar": "buiten.mars", "niveau": "kern"}, CHOICES)
    assert read.state == ViewState("GM0166", level="core")
    assert read.ignored == ["buurt", "waar"]


def test_a_place_of_another_municipality_is_not_this_ones():
    assert from_query({"gemeente": "GM0166", "dicht": "osm-n9"}, CHOICES).ignored == ["dicht"]


def test_a_place_that_is_gone_stays_in_the_state_so_that_the_page_can_say_so():
    read = from_query({"gemeente": "GM0166", "plek": "osm-n9", "bij": "5.9142_52.558"}, CHOICES)
    assert read.state == ViewState("GM0166", place="osm/n9", place_at=(5.9142, 52.558))
    assert read.ignored == []


def test_a_link_to_send_says_its_version_and_names_the_municipality():
    assert share_query(ViewState("GM0166"), "map") == {"v": "1", "gemeente": "GM0166"}
    query = share_query(ViewState("GM0166", place="osm/n1", place_at=(5.9, 52.5581)), "map")
    assert query == {"v": "1", "gemeente": "GM0166", "plek": "osm-n1", "bij": "5.9_52.5581"}
    assert from_query(query, CHOICES).ignored == []


def test_a_link_of_a_version_to_come_says_that_it_may_be_misunderstood():
    assert from_query({"v": "2", "niveau": "kern"}, CHOICES).ignored == ["v"]


def test_parameters_of_streamlit_itself_are_left_alone():
    assert from_query({"embed": "true"}, CHOICES).ignored == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("afstand", "49"), ("afstand", "2001"), ("afstand", "5e2"), ("afstand", "٣٠٠"), ("aantal", "8"),
        ("erbij", "5.9_52.5_park"), ("erbij", "5.900000_52.500000_pub"), ("erbij", "nan_52.500000_park"),
        ("erbij", "~".join(f"5.90000{n}_52.500000_park" for n in range(10)) + "~5.910000_52.500000_park"),
        ("met", ".".join(["BU016600A0"] * 2)), ("met", "BU99990001"), ("dicht", "osm-n9"), ("moment", "xx.evening"),
        ("moment", "ma.night"), ("tijden", "osm-n1_<script>"), ("tijden", "osm-n1_" + "Mo " * 40), ("beste", "4"),
        ("bij", "5.9"), ("bij", "5.91234_52.5"), ("bij", "nan_52.5"), ("bij", "99.9_52.5"),
        ("beeld", "5.9_52.5"), ("beeld", "5.9_52.5_40"),
        ("stand", "2023-13-01.0123abcd"), ("stand", "2023-01-30.xyz"), ("keuze", "ja"), ("v", "2"),
        ("notities", "%%%"), ("notities", "AAAA"), ("notities", "A" * 2001), ("plek", "<script>"), ("plek", "x"),
        ("weging", "gap-6"), ("weging", "gap"), ("omstandigheden", "storm"), ("loper", "x"),
        ("eerder", "2024-05"), ("eerder", "../.."),
        ("kort", "%%%"), ("kort", "AAAA"), ("kort", "A" * 4001), ("kort", squeezed("waar")),
        ("kort", squeezed("a" * 20_001)),
    ],
)  # fmt: skip
def test_what_a_planner_cannot_have_chosen_is_left_out(name, text):
    read = from_query({"gemeente": "GM0166", name: text}, CHOICES)
    assert (read.state, read.ignored) == (ViewState("GM0166"), [name])
