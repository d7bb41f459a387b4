"""Places that move or keep a timetable: where they are when, and what is said of a broken file."""

from datetime import datetime
from pathlib import Path

import pytest

from meetingplaces.metrics.distances import OnFoot
from meetingplaces.metrics.moving import MovingStops, presences
from meetingplaces.metrics.near import FITS, Asked, answer, in_rd, ways_from, ways_to_points
from meetingplaces.metrics.opening import AMSTERDAM
from meetingplaces.model.errors import SchemaError
from meetingplaces.model.moving import MovingPlace, load_moving
from meetingplaces.model.norms import load_norms
from meetingplaces.storage.locations import norms_path

BUS = """\
version: 1
places:
  - name: Soepbus
    kind: rijdende huiskamer
    setting: sheltered
    {season}
    stops:
      - {{where: Dorpsplein, hours: "{hours}", longitude: {longitude}, latitude: 52.55}}
      - {{where: Kerk, hours: Th 14:00-16:00, longitude: 5.91, latitude: 52.56}}
"""


MARKET = {
    "name": "Markt", "kind": "weekmarkt", "setting": "outdoor", "access": "public", "free": True, "wheelchair": False,
    "dogs": True, "stops": [{"where": "Plein", "hours": "Sa 09:00-16:00", "longitude": 5.9, "latitude": 52.5}],
}  # fmt: skip


def written(folder: Path, hours="Tu 10:00-12:00", season="", longitude="5.9") -> Path:
    path = folder / "GM9999.moving.yaml"
    path.write_text(BUS.format(hours=hours, season=season, longitude=longitude), encoding="utf-8")
    return path


def bus(folder: Path, **fields: str) -> tuple[MovingPlace, ...]:
    return load_moving(written(folder, **fields))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def told(places, moment: str) -> list[tuple[str, str, str | None]]:
    return [
        (one.stop.where, one.state, one.change and f"{one.change[0]:%a %H:%M} {one.change[1]}")
        for one in presences(places, at(moment))
    ]


def test_a_bus_is_at_the_stop_of_the_day_and_then_at_the_next(tmp_path):
    places = bus(tmp_path)
    assert told(places, "2026-11-24T11:00") == [
        ("Dorpsplein", "open", "Tue 12:00 closed"),
        ("Kerk", "closed", "Thu 14:00 open"),
    ]
    assert told(places, "2026-11-24T12:00")[0] == ("Kerk", "closed", "Thu 14:00 open")
    assert told(places, "2026-11-26T15:59")[0] == ("Kerk", "open", "Thu 16:00 closed")


def test_out_of_season_it_does_not_come(tmp_path):
    places = bus(tmp_path, season="season: Apr-Sep")
    assert told(places, "2026-08-04T11:00")[0] == ("Dorpsplein", "open", "Tue 12:00 closed")
    assert {state for _, state, _ in told(places, "2026-11-24T11:00")} == {"closed"}


def test_a_season_holds_for_every_rule_of_the_hours(tmp_path):
    [place] = bus(tmp_path, season="season: Apr-Sep", hours="Tu 10:00-12:00; Fr 09:00-10:00")
    assert place.hours_at(place.stops[0]) == "Apr-Sep Tu 10:00-12:00; Apr-Sep Fr 09:00-10:00"


def test_on_a_public_holiday_nobody_knows(tmp_path):
    places = bus(tmp_path, hours="Mo 10:00-12:00")
    assert ("Dorpsplein", "unknown") in [one[:2] for one in told(places, "2026-04-06T11:00")]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"hours": "dinsdagochtend"}, "places.0.stops.0.hours"),
        ({"hours": "24/7"}, "places.0.stops.0.hours"),
        ({"hours": "Tu 25:99-26:00"}, "places.0.stops.0.hours"),
        ({"season": "season: zomer"}, "places.0.season"),
        ({"season": "website: javascript:alert(1)"}, "places.0.website"),
        ({"season": "wheels: 4"}, "places.0.wheels"),
        ({"longitude": "52.5"}, "places.0.stops.0.longitude"),
        ({"longitude": ".nan"}, "places.0.stops.0.longitude"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(tmp_path, fields, where):
    path = written(tmp_path, **fields)
    with pytest.raises(SchemaError) as caught:
        load_moving(path)
    assert (caught.value.file, caught.value.where) == (str(path), where)


def test_a_place_without_a_stop_is_nowhere(tmp_path):
    path = tmp_path / "GM9999.moving.yaml"
    path.write_text("version: 1\nplaces: [{name: a, kind: b, setting: outdoor, stops: []}]", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load_moving(path)
    assert caught.value.where == "places.0.stops"


def test_what_is_not_written_of_a_moving_place_is_unknown_and_what_is_answers_the_question(tmp_path, categories):
    silent, market = bus(tmp_path)[0], MovingPlace.model_validate(MARKET)
    stops = MovingStops.of([silent, market])
    asked = Asked(free=True, wheelchair=True, wishes=frozenset({"dog", "no_purchase", "coffee"}))
    found = answer(stops.table, asked, categories)
    assert stops.table["place_id"].tolist() == ["moving/0-0", "moving/0-1", "moving/1-0"]
    assert [found.rows[fit].tolist() for fit in FITS] == [[], [0, 1], [2]]
    assert found.unknown(0) == ["free", "wheelchair", "no_purchase", "coffee", "dog"]
    assert (found.unmet(2), found.unknown(2)) == (["wheelchair"], ["coffee"])


def test_a_moving_place_with_a_threshold_is_left_out_until_asked_for(categories):
    stops = MovingStops.of([MovingPlace.model_validate({**MARKET, "access": "members"})])
    assert sum(len(rows) for rows in answer(stops.table, Asked(), categories).rows.values()) == 0
    assert len(answer(stops.table, Asked(restricted=True), categories).rows["yes"]) == 1


def test_a_municipality_without_moving_places_has_an_empty_table(categories):
    stops = MovingStops.of([])
    assert [len(rows) for rows in answer(stops.table, Asked(free=True), categories).rows.values()] == [0, 0, 0]
    assert len(ways_to_points(in_rd(5.9, 52.5), stops.table).metres) == 0


def test_the_way_to_a_stop_goes_along_the_streets_as_that_to_a_place_does(built_bundle):
    places, walk = built_bundle.places(), built_bundle.walking()
    here, profile = in_rd(5.9, 52.4965), load_norms(norms_path()).profile("rollator")
    on_foot = OnFoot(places, walk, profile)
    points = places.set_geometry(places.geometry.representative_point())
    of_places, of_points = ways_from(here, places, on_foot), ways_to_points(here, points, on_foot)
    nodes = (places["place_id"].str.startswith("osm/n") & of_places.on_foot).to_numpy(bool)
    assert nodes.sum() == 4
    assert of_points.on_foot[nodes].all()
    assert of_points.metres[nodes] == pytest.approx(of_places.metres[nodes], abs=0.5)
    assert (of_points.rested[nodes] == of_places.rested[nodes]).all()
