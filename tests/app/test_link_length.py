"""Links to send to others: short whatever is chosen, about the page they lead to, and readable for ever."""

from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from link_states import CHOICES, KINDS, NOTES, PATIENT, PLACES, changes, plain_states

from meetingplaces.ui.frame import PAGES
from meetingplaces.ui.link import LONGEST, PAGE_FIELDS, from_query, outgrows, share_query
from meetingplaces.ui.link.words import WORDS
from meetingplaces.ui.view_state import Camera, Edition, Moment, Spot, ViewState

SITE = "https://kaart.gemeente-voorbeeld.example"
ADDRESSES = {name: address for pages in PAGES.values() for name, address, _ in pages}
CAMERA, EDITION = Camera(5.1234, 52.1234, 15.25), Edition("2026-11-03", "0123abcd")


def link_to(page, state):
    """The longest link that the share button of a page gives: with each of its options."""
    added = ViewState("", camera=None if state.camera else CAMERA, edition=None if state.edition else EDITION)
    options = {name: text for name, text in share_query(added, page).items() if name in {"beeld", "stand"}}
    return f"{SITE}/{ADDRESSES[page]}?{urlencode(share_query(replace(state, notes=()), page) | options)}"


def refused(before, after, changed):
    return any(outgrows(before, after, page) for page, fields in PAGE_FIELDS.items() if changed in fields)


def tried(state, several):
    """The state after those changes that are not refused."""
    for change in several:
        [(name, more)] = change.items()
        after = replace(state, **{name: type(more)(dict.fromkeys((*getattr(state, name), *more)))})
        state = state if refused(state, after, name) else after
    return state


def shown_on(page, state):
    return {name: getattr(state, name) for name in PAGE_FIELDS[page]}


def test_every_page_says_what_a_link_to_it_holds():
    assert set(PAGE_FIELDS) == set(ADDRESSES)
    fields = set(vars(ViewState("")))
    assert set().union(*PAGE_FIELDS.values()) == fields


@PATIENT
@given(state=plain_states(), notes=NOTES)
def test_a_link_brings_others_to_what_the_page_showed(state, notes):
    state = replace(state, notes=notes)
    for page in PAGE_FIELDS:
        read = from_query(share_query(state, page), CHOICES)
        assert (shown_on(page, read.state), read.ignored) == (shown_on(page, state), [])


@settings(PATIENT, max_examples=200)
@given(state=plain_states())
def test_a_link_is_short_whatever_is_chosen(state):
    assert max(len(link_to(page, state)) for page in PAGE_FIELDS) <= LONGEST


@PATIENT
@given(plain_states(), plain_states(), st.sampled_from(sorted(vars(ViewState("")))))
def test_without_a_scenario_no_choice_is_ever_refused(state, other, name):
    assert not refused(state, replace(state, **{name: getattr(other, name)}), name)


@settings(PATIENT, max_examples=200)
@given(state=plain_states(), several=changes())
def test_a_scenario_is_as_large_as_its_link_can_carry(state, several):
    state = tried(state, several)
    assert len(link_to("whatif", state)) <= LONGEST
    read = from_query(share_query(state, "whatif"), CHOICES)
    assert (shown_on("whatif", read.state), read.ignored) == (shown_on("whatif", state), [])
    for name in ("added", "closed", "hours"):
        fewer = replace(state, **{name: type(getattr(state, name))(list(getattr(state, name))[1:])})
        assert not refused(state, fewer, name)


def test_a_link_carries_ten_places_that_come_and_eight_that_close_beside_what_a_planner_asks():
    asked = ViewState(
        "GM0166", frozenset({"indoor", "sheltered"}), group="residents_65_plus", budget_m=550, profile="rollator",
        needs=frozenset({"free", "wheelchair"}), moment=Moment(7, "afternoon"), best_count=3,
    )  # fmt: skip
    asked = replace(asked, neighbourhood=None, categories=frozenset(KINDS[:3]))
    spots = [{"added": (Spot(KINDS[n * 7], 5.9 + n * 0.001357, 52.55 + n * 0.000321),)} for n in range(10)]
    closing = [{"closed": frozenset({place})} for place in PLACES["GM0166"][:8]]
    state = tried(asked, [*spots, *closing])
    assert (len(state.added), len(state.closed)) == (10, 8)


def test_a_link_leaves_out_what_its_page_makes_no_use_of():
    weighed = ViewState("GM0166", weights=(("gap", 5),), with_map=True, categories=frozenset({"park"}))
    assert share_query(weighed, "near") == {"v": "1", "gemeente": "GM0166", "kaart": "ja"}
    assert share_query(weighed, "priorities") == {"v": "1", "gemeente": "GM0166", "soort": "park", "weging": "gap-5"}


def test_only_a_long_link_is_packed_and_own_notes_never_are():
    many = ViewState("GM0166", categories=frozenset(KINDS[:30]))
    assert set(share_query(replace(many, categories=frozenset(KINDS[:5])), "map")) == {"v", "gemeente", "soort"}
    assert set(share_query(many, "map")) == {"v", "kort"}
    assert from_query({**share_query(many, "map"), "stand": "2026-11-03.0123abcd"}, CHOICES).state == replace(
        many, edition=EDITION
    )


OLD = {
    "gemeente=GM0166&buurt=BU016600A0&waar=binnen.overdekt&soort=park.square&niveau=kern&drempel=ja&taal=en": {
        "neighbourhood": "BU016600A0", "settings": {"indoor", "sheltered"}, "categories": {"park", "square"},
        "level": "core", "restricted": True, "language": "en",
    },
    "gemeente=GM0166&maat=gap&groep=65plus&afstand=550&loper=rollator&eis=gratis&moment=zo.afternoon&klassen=natuurlijk"
    "&aantal=7&met=BU016600A0.BU016601A1&weging=share-5.residents_65_plus_share-1&beste=2&omstandigheden=regen": {
        "measure": "gap", "group": "residents_65_plus", "budget_m": 550, "profile": "rollator", "needs": {"free"},
        "moment": Moment(7, "afternoon"), "classing": "natural", "class_count": 7,
        "compared": ("BU016600A0", "BU016601A1"), "weights": (("share", 5), ("residents_65_plus_share", 1)),
        "best_count": 2, "circumstances": {"rain"},
    },
    "gemeente=GM0166&erbij=5.912345_52.551234_park~5.900000_52.500000_square&dicht=osm-n7919777777"
    "&tijden=osm-n7919777777_Mo-Fr 09:00-17:00": {
        "added": (Spot("park", 5.912345, 52.551234), Spot("square", 5.9, 52.5)), "closed": {"osm/n7919777777"},
        "hours": (("osm/n7919777777", "Mo-Fr 09:00-17:00"),),
    },
    "gemeente=GM0166&plek=osm-n7919777777&bij=5.9142_52.558&beeld=5.9_52.55_15.25&stand=2026-11-03.0123abcd": {
        "place": "osm/n7919777777", "place_at": (5.9142, 52.558), "camera": Camera(5.9, 52.55, 15.25),
        "edition": EDITION,
    },
    "gemeente=GM0166&wanneer=zondag&wens=toilet.zitplek&voor=ouderen&vanaf=5.9142_52.5580&kaart=ja&keuze=vast": {
        "when": "sunday", "wishes": {"toilet", "seat"}, "audience": "older", "with_map": True, "fixed": True,
    },
    "gemeente=GM0166&groep=kinderen&voor=jongeren": {"group": "residents_0_14", "audience": "young"},
    "gemeente=GM0166&groep=jongeren&voor=kinderen": {"group": "residents_15_24", "audience": "children"},
}  # fmt: skip


@pytest.mark.parametrize("text", OLD)
def test_a_link_of_version_1_is_read_for_ever(text):
    query = {"v": "1", **dict(pair.split("=", 1) for pair in text.split("&"))}
    read = from_query(query, CHOICES)
    assert read.ignored == []
    assert {name: getattr(read.state, name) for name in OLD[text]} == OLD[text]


PACKED = "QwoaA0MzM6gopCAHl9mwzIC10IIUQYgSAZIdYZUKpIoxAtdupgA"


def test_a_packed_link_of_version_1_is_read_for_ever():
    read = from_query({"v": "1", "kort": PACKED}, CHOICES)
    assert read.ignored == []
    kinds = frozenset({"bench", "cafe", "library", "neighbourhood_centre", "park", "playground", "square"})
    assert read.state == ViewState("GM0166", categories=kinds, weights=(("share", 2), ("gap", 5)))


def test_the_words_that_packed_links_are_read_with_never_change():
    assert sha256(WORDS.encode()).hexdigest()[:16] == "310445053cf0f267"
