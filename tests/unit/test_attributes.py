"""Every row of the attribute table of the design's `categories.md`."""

import pandas as pd
import pytest
from samples import classified, kind_of, row_of, tagged

CENTRE = "amenity=community_centre"


# --- access -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        ("yes", "public"),
        ("permissive", "public"),
        ("customers", "customers"),
        ("permit", "members"),
        ("members", "members"),
        ("unknown", "unknown"),
        ("hotel", "unknown"),
        ("Yes", "public"),
    ],
)
def test_access_as_tagged(tmp_path, access, expected):
    assert row_of(tmp_path, f"{CENTRE},access={access}")["access"] == expected


@pytest.mark.parametrize("access", ["private", "no", "students", "private;customers"])
def test_what_is_not_open_is_dropped_and_counted(tmp_path, access):
    found = classified(tmp_path, tagged(f"{CENTRE},access={access}"))
    assert (len(found.places), dict(found.dropped)) == (0, {"private": 1})


def test_the_strictest_of_a_list_of_access_values_decides(tmp_path):
    assert row_of(tmp_path, f"{CENTRE},access=yes;customers")["access"] == "customers"
    assert row_of(tmp_path, f"{CENTRE},access=yes; permissive")["access"] == "public"


@pytest.mark.parametrize(
    "tags", ["leisure=park", "place=square", "leisure=playground", "amenity=bench", "amenity=library", CENTRE]
)
def test_without_an_access_tag_it_is_assumed_public_where_that_is_usual(tmp_path, tags):
    assert row_of(tmp_path, tags)["access"] == "assumed_public"


@pytest.mark.parametrize(
    "tags", ["amenity=cafe", "amenity=restaurant", "leisure=outdoor_seating", "leisure=indoor_play"]
)
@pytest.mark.parametrize("access", ["", ",access=yes", ",access=customers"])
def test_a_place_where_one_must_buy_something_is_never_public(tmp_path, tags, access):
    assert row_of(tmp_path, tags + access)["access"] == "customers"


def test_a_cafe_for_members_or_a_private_one_stays_so(tmp_path):
    assert row_of(tmp_path, "amenity=cafe,access=members")["access"] == "members"
    assert kind_of(tmp_path, "amenity=cafe,access=private") == "dropped: private"


def test_a_clubhouse_that_says_it_is_open_to_all_is_public(tmp_path):
    assert row_of(tmp_path, "club=scout,access=yes")["access"] == "public"


def test_the_access_of_a_food_bank_is_by_referral(tmp_path):
    assert row_of(tmp_path, "amenity=social_facility,social_facility=food_bank")["access"] == "referral"


# --- fee and charge ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cost", ["fee=no", "fee=0", "charge=0", "charge=0 EUR", "charge=€ 0", "charge=0.00€", "fee=No"]
)
def test_free_as_tagged(tmp_path, cost):
    assert row_of(tmp_path, f"amenity=library,{cost}")["fee"] == "no"


@pytest.mark.parametrize("cost", ["fee=yes", "fee=2 EUR", "charge=3.50 EUR", "charge=10 EUR", "fee=Mo-Fr"])
def test_not_free_as_tagged(tmp_path, cost):
    assert row_of(tmp_path, f"amenity=library,{cost}")["fee"] == "yes"


@pytest.mark.parametrize("cost", ["fee=unknown", "fee=donation"])
def test_a_fee_that_says_nothing_certain_is_unknown(tmp_path, cost):
    assert row_of(tmp_path, f"amenity=library,{cost}")["fee"] == "unknown"


@pytest.mark.parametrize("tags", ["leisure=park", "leisure=playground", "place=square", "amenity=bench"])
def test_outdoor_core_places_and_seats_are_assumed_free(tmp_path, tags):
    assert row_of(tmp_path, tags)["fee"] == "assumed_no"


@pytest.mark.parametrize(
    "tags",
    [CENTRE, "amenity=library", "leisure=dog_park", "amenity=toilets", "leisure=playground,access=customers"],
)
def test_elsewhere_a_missing_fee_is_unknown(tmp_path, tags):
    assert row_of(tmp_path, tags)["fee"] == "unknown"


# --- opening hours ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", ["24/7", "sunrise-sunset", "Mo-Fr 09:00-17:00; SH off", '"op afspraak"'])
def test_opening_hours_are_kept_as_written(tmp_path, hours):
    escaped = hours.replace('"', "%22%")
    assert row_of(tmp_path, f"{CENTRE},opening_hours={escaped}")["opening_hours"] == hours


def test_missing_opening_hours_are_unknown_for_a_community_centre_and_a_park_alike(tmp_path):
    assert pd.isna(row_of(tmp_path, CENTRE)["opening_hours"])
    assert pd.isna(row_of(tmp_path, "leisure=park")["opening_hours"])


# --- wheelchair -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (",wheelchair=yes", "yes"),
        (",wheelchair=designated", "yes"),
        (",wheelchair=limited", "limited"),
        (",wheelchair=no", "no"),
        (",wheelchair=maybe", "unknown"),
        ("", "unknown"),
        (",toilets:wheelchair=yes", "unknown"),
    ],
)
def test_wheelchair_has_four_states(tmp_path, tag, expected):
    assert row_of(tmp_path, CENTRE + tag)["wheelchair"] == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("amenity=cafe,dog=yes", "yes"),
        ("amenity=cafe,dog=leashed", "leashed"),
        ("amenity=cafe,dog=outside", "outside"),
        ("amenity=cafe,dog=No", "no"),
        ("amenity=cafe,dog=on_request", "unknown"),
        ("amenity=cafe,dog=leashed;outside", "unknown"),
        ("amenity=cafe", "unknown"),
        ("leisure=park,dog=outside,name=P", "yes"),
        ("leisure=park,dog=leashed,name=P", "leashed"),
        ("leisure=park,name=P", "unknown"),
        ("leisure=dog_park", "yes"),
        ("leisure=dog_park,dog=leashed", "leashed"),
    ],
)
def test_a_dog_may_come_only_where_somebody_wrote_so_or_the_place_is_made_for_dogs(tmp_path, tags, expected):
    assert row_of(tmp_path, tags)["dogs"] == expected


def test_toilets_may_say_wheelchair_in_two_ways(tmp_path):
    assert row_of(tmp_path, "amenity=toilets,toilets:wheelchair=yes")["wheelchair"] == "yes"
    assert row_of(tmp_path, "amenity=toilets,wheelchair=no,toilets:wheelchair=yes")["wheelchair"] == "no"
    assert "toilet" in row_of(tmp_path, f"{CENTRE},toilets:wheelchair=yes")["provides"]
    assert "toilet" not in row_of(tmp_path, f"{CENTRE},toilets:wheelchair=no")["provides"]


# --- inside, outside, dry ---------------------------------------------------------------------------------------------


def test_an_outdoor_place_with_a_roof_is_dry_outside(tmp_path):
    assert row_of(tmp_path, "leisure=picnic_table,covered=yes")["setting"] == "sheltered"
    assert row_of(tmp_path, "leisure=picnic_table,covered=no")["setting"] == "outdoor"
    assert row_of(tmp_path, "amenity=library,covered=yes")["setting"] == "indoor"


def test_an_outdoor_kind_that_stands_indoors_is_indoor(tmp_path):
    assert row_of(tmp_path, "amenity=bench,indoor=yes")["setting"] == "indoor"
    assert row_of(tmp_path, "leisure=playground,indoor=yes")["setting"] == "indoor"


# --- meeting quality --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "provided"),
    [
        ("bench=yes", "seat"),
        ("lit=yes", "light"),
        ("shelter=yes", "shelter"),
        ("drinking_water=yes", "water"),
        ("toilets=yes", "toilet"),
        ("picnic_table=yes", "table"),
    ],
)
def test_what_a_place_says_it_has(tmp_path, tag, provided):
    assert row_of(tmp_path, f"leisure=park,{tag}")["provides"] == [provided]


def test_not_saying_and_saying_no_both_give_nothing_to_use(tmp_path):
    assert row_of(tmp_path, "leisure=park")["provides"] == []
    assert row_of(tmp_path, "leisure=park,bench=no,lit=no")["provides"] == []


# --- audience, freshness, contact -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "audience"),
    [
        ("community_centre:for=senior", "senior"),
        ("community_centre:for=senior;family", "senior;family"),
        ("social_facility:for=dementia", "dementia"),
        ("min_age=2,max_age=12", "2-12"),
        ("max_age=12", "0-12"),
        ("min_age=12", "12+"),
        ("community_centre:for=child,min_age=4", "child; 4+"),
    ],
)
def test_for_whom_it_says_it_is(tmp_path, tags, audience):
    assert row_of(tmp_path, f"{CENTRE},{tags}")["audience"] == audience


@pytest.mark.parametrize(
    ("tag", "day"),
    [
        ("check_date=2024-05-06", "2024-05-06"),
        ("survey:date=2023-01-02", "2023-01-02"),
        ("check_date=0202-05-06", "0202-05-06"),
    ],
)
def test_the_day_of_the_last_survey(tmp_path, tag, day):
    assert row_of(tmp_path, f"{CENTRE},{tag}")["checked_on"].date().isoformat() == day


@pytest.mark.parametrize("tag", ["check_date=2024-05", "check_date=yesterday", "note=x"])
def test_a_survey_without_a_full_date_is_unknown(tmp_path, tag):
    assert pd.isna(row_of(tmp_path, f"{CENTRE},{tag}")["checked_on"])


def test_the_last_edit_is_known_when_the_extract_says_so(tmp_path):
    places = classified(
        tmp_path, "n1 v2 t2024-05-06T07:08:09Z x5.9 y52.5 Tamenity=library\nn2 x5.9 y52.5 Tamenity=library"
    ).places
    assert str(places["last_edit_on"][0].date()) == "2024-05-06"
    assert pd.isna(places["last_edit_on"][1])


@pytest.mark.parametrize(
    ("tag", "website"),
    [
        ("website=https://example.org/a?b%3d%1", "https://example.org/a?b=1"),
        ("contact:website=http://example.org", "http://example.org"),
        ("website=javascript:alert(1)", None),
        ("website=example.org", None),
        ("website=https://example.org/%22%onclick", None),
        ("website=www.x.nl,url=https://example.org", "https://example.org"),
    ],
)
def test_only_a_real_web_address_becomes_a_link(tmp_path, tag, website):
    found = row_of(tmp_path, f"{CENTRE},{tag}")["website"]
    assert (None if pd.isna(found) else found) == website


def test_the_address_needs_street_and_number(tmp_path):
    full = "addr:street=Oudestraat,addr:housenumber=216,addr:postcode=8261CA,addr:city=Kampen"
    assert row_of(tmp_path, f"{CENTRE},{full}")["address"] == "Oudestraat 216, 8261CA Kampen"
    assert row_of(tmp_path, f"{CENTRE},addr:street=Dorpsweg,addr:housenumber=1a")["address"] == "Dorpsweg 1a"
    assert pd.isna(row_of(tmp_path, f"{CENTRE},addr:street=Oudestraat")["address"])


def test_a_name_of_only_blanks_is_no_name_and_the_dutch_name_will_do(tmp_path):
    assert pd.isna(row_of(tmp_path, f"{CENTRE},name=  ")["name"])
    assert row_of(tmp_path, f"{CENTRE},name:nl=De Spil")["name"] == "De Spil"


# --- lists of values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sport", ["soccer;boules", "soccer; boules", "boules;tennis"])
def test_any_member_of_a_list_of_values_counts(tmp_path, sport):
    assert kind_of(tmp_path, f"leisure=pitch,sport={sport}", "tiny").startswith("boules core")


def test_the_kind_that_stands_first_wins_when_a_feature_is_of_several(tmp_path):
    assert kind_of(tmp_path, "amenity=community_centre;library").startswith("neighbourhood_centre")
    assert kind_of(tmp_path, "amenity=library,leisure=playground").startswith("library")
