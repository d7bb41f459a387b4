"""Where somebody can go from where she is: by known answers on the small municipality and on drawn streets."""

import numpy as np
import pytest

from meetingplaces.metrics.audience import audience_told, meant_for
from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.near import FITS, Asked, answer, area_at, in_rd, street_near, ways_from
from meetingplaces.metrics.selection import counting
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import app_folder, norms_path

NORMS = load_norms(norms_path())
HERE = (5.9, 52.4965)


@pytest.fixture(scope="module")
def places(built_bundle):
    return built_bundle.places()


def names(places, rows):
    return [places["name"].iat[row] for row in rows]


def test_what_is_unknown_is_in_a_group_of_its_own(places, categories):
    found = answer(places, Asked(wheelchair=True), categories)
    assert names(places, found.rows["yes"]) == ["Bibliotheek West"]
    assert "Buurthuis <b>De Spil</b> & Co" in names(places, found.rows["unknown"])
    assert all(found.unknown(row) == ["wheelchair"] for row in found.rows["unknown"])


def test_every_place_is_in_exactly_one_group_and_no_amenity_is(places, categories):
    everyone = Asked(free=True, wheelchair=True, wishes=frozenset({"seat", "toilet"}), restricted=True)
    found = answer(places, everyone, categories)
    rows = sorted(np.concatenate([found.rows[fit] for fit in FITS]))
    assert rows == np.flatnonzero(places["weight"] != "amenity").tolist()


def test_a_place_answers_as_its_worst_condition(places, categories):
    asked = Asked(settings=frozenset({"indoor"}), wheelchair=True)
    found = answer(places, asked, categories)
    park = int(np.flatnonzero(places["name"] == "Grenspark")[0])
    assert park in found.rows["no"]
    assert (found.unmet(park), found.unknown(park)) == (["setting"], ["wheelchair"])


def test_who_wants_neither_indoors_nor_outdoors_is_given_nothing(places, categories):
    found = answer(places, Asked(settings=frozenset()), categories)
    assert (len(found.rows["yes"]), len(found.rows["unknown"])) == (0, 0)


def test_places_with_a_threshold_are_shown_on_request_or_for_coffee(places, categories):
    cafe = "Café 't Hoekje"
    plain = answer(places, Asked(), categories)
    assert cafe not in [name for fit in FITS for name in names(places, plain.rows[fit])]
    for asked in (Asked(restricted=True), Asked(wishes=frozenset({"coffee"}))):
        assert cafe in names(places, answer(places, asked, categories).rows["yes"])
    both = Asked(wishes=frozenset({"coffee", "no_purchase"}))
    assert cafe in names(places, answer(places, both, categories).rows["no"])


def test_a_seat_nobody_wrote_down_is_unknown_and_never_absent(places, categories):
    found = answer(places, Asked(wishes=frozenset({"seat"})), categories)
    assert len(found.rows["no"]) == 0
    assert "Grenspark" in names(places, found.rows["yes"])
    assert "Bibliotheek West" in names(places, found.rows["unknown"])


def test_with_a_dog_one_goes_where_it_is_welcome_and_may_ask_where_nobody_knows(places, categories):
    told = {"Grenspark": "leashed", "Bibliotheek West": "no", "Buurthuis <b>De Spil</b> & Co": "outside"}
    dogs = [told.get(name, "unknown") for name in places["name"]]
    found = answer(places.assign(dogs=dogs), Asked(wishes=frozenset({"dog"})), categories)
    assert names(places, found.rows["yes"]) == ["Grenspark"]
    assert names(places, found.rows["no"]) == ["Bibliotheek West"]
    assert "Buurthuis <b>De Spil</b> & Co" in names(places, found.rows["unknown"])
    assert {tuple(found.unknown(row)) for row in found.rows["unknown"]} == {("dog",)}


@pytest.mark.parametrize(
    ("written", "groups"),
    [
        ("senior", {"older"}),
        ("juvenile;child", {"young", "children"}),
        ("0-12", {"children"}),
        ("2-18", {"children", "young"}),
        ("12+", {"young", "older"}),
        ("everyone", {"children", "young", "older"}),
        ("zzz", set()),
    ],
)
def test_whom_a_place_is_for_is_read_from_words_and_ages(written, groups):
    assert audience_told(written) == groups


def test_what_is_written_of_whom_goes_before_the_kind_of_place(places, categories):
    by_name = dict(zip(places["name"], range(len(places)), strict=True))
    older, children = meant_for(places, "older", categories), meant_for(places, "children", categories)
    centre_for_seniors, playground = by_name['=HYPERLINK("http://example.org")'], by_name["Speeltuin De Wip"]
    assert older.sure[centre_for_seniors]
    assert not older.perhaps[playground]
    assert children.sure[playground]
    assert not children.perhaps[centre_for_seniors]
    assert older.sure[by_name["Grenspark"]]


def test_nearest_comes_first_as_the_crow_flies_where_there_are_no_streets(places, categories):
    ways = ways_from(in_rd(*HERE), places)
    rows = answer(places, Asked(), categories, ways=ways).rows["yes"]
    assert not ways.on_foot.any()
    assert (np.diff(ways.metres[rows]) >= 0).all()


def walked(built_bundle, places, profile):
    walk = built_bundle.walking()
    return ways_from(in_rd(*HERE), places, OnFoot(places, walk, NORMS.profile(profile)))


@pytest.mark.parametrize("profile", ["adult", "wheelchair"])
def test_on_foot_is_never_shorter_than_the_crow_flies(built_bundle, places, profile):
    ways = walked(built_bundle, places, profile)
    straight = ways_from(in_rd(*HERE), places).metres
    assert ways.on_foot.any()
    assert (ways.metres[ways.on_foot] >= straight[ways.on_foot] - 0.01).all()
    assert (ways.metres[~ways.on_foot] == straight[~ways.on_foot]).all()


def test_from_a_home_it_is_as_far_as_the_kept_distance_of_that_home():
    """The way there is the way back: what was measured from homes is what a visitor at that door is told."""
    bundle = open_bundle(app_folder() / "mapdata", "GM0166")
    places, walk = bundle.places(), bundle.walking()
    on_foot = OnFoot(places, walk, NORMS.profile())
    playgrounds = np.flatnonzero((places["category"] == "playground") & counting(places))
    kept = walk.reach["playground"].to_numpy()
    for home in np.flatnonzero(np.isfinite(kept))[::5000]:
        metres = on_foot.to_each_place(on_foot.homes.of(np.array([home]))).perhaps
        assert metres[playgrounds].min() == pytest.approx(kept[home], abs=0.01)


def test_someone_with_a_rollator_never_walks_less_with_rests_than_without(built_bundle, places):
    walk = built_bundle.walking()
    on_foot = OnFoot(places, walk, NORMS.profile("rollator"))
    metres = on_foot.to_each_place(on_foot.entrances(np.arange(len(places)) == 0).of(np.array([0])))
    assert (metres.sure >= metres.perhaps).all()
    assert np.isfinite(metres.perhaps).any()


def test_a_position_has_a_neighbourhood_and_a_street(built_bundle):
    assert area_at(in_rd(5.895, 52.5), built_bundle.neighbourhoods()) == "BU99990001"
    assert area_at(in_rd(4.9, 52.37), built_bundle.neighbourhoods()) is None
    network = built_bundle.network()
    assert street_near(in_rd(5.9, 52.4965), network) == "Woonerf"
    assert street_near(in_rd(5.9, 52.6), network) is None
