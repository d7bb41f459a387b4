"""Every row of the indoor table of the design's `categories.md`: what belongs to it, and the trap it names."""

import pytest
from samples import CORNERS, kind_of, places_of

CENTRE = "amenity=community_centre"
SOCIAL = "amenity=social_facility,social_facility"

RECOGNISED = [
    # Buurthuis / wijkcentrum
    (f"{CENTRE},name=De Schalm", "neighbourhood_centre core indoor assumed_public"),
    ("amenity=community_center", "neighbourhood_centre core indoor assumed_public"),
    (f"{SOCIAL}=community_centre,name=Reyersdam", "neighbourhood_centre core indoor assumed_public"),
    ("amenity=social_facility,name=Wijkcentrum Oost", "neighbourhood_centre core indoor assumed_public"),
    # Dorpshuis, with the subtype or by name
    (f"{CENTRE},community_centre=village_hall", "village_hall core indoor assumed_public"),
    (f"{CENTRE},name=Dorpshuis De Kern", "village_hall core indoor assumed_public"),
    (f"{CENTRE},name=MFA De Rank", "village_hall core indoor assumed_public"),
    (f"{CENTRE},name=MFC Kampen", "village_hall core indoor assumed_public"),
    (f"{CENTRE},name=Multifunctioneel Centrum De Toekomst", "village_hall core indoor assumed_public"),
    (f"{CENTRE},name=Kulturhus Wijhe", "village_hall core indoor assumed_public"),
    (f"{CENTRE},name=Noaberhoes", "village_hall core indoor assumed_public"),
    (f"{CENTRE},alt_name=Dorpshuis", "village_hall core indoor assumed_public"),
    # Ontmoetingscentrum
    (f"{CENTRE},community_centre=community_hall", "meeting_centre core indoor assumed_public"),
    (f"{CENTRE},name=Ontmoetingscentrum Noord", "meeting_centre core indoor assumed_public"),
    # Parochiezaal
    (f"{CENTRE},community_centre=parish_hall", "parish_hall core indoor assumed_public"),
    # Jongerencentrum, old spellings too
    (f"{CENTRE},community_centre=youth_centre", "youth_centre core indoor assumed_public"),
    ("amenity=youth_centre", "youth_centre core indoor assumed_public"),
    ("amenity=youth_center", "youth_centre core indoor assumed_public"),
    # Family, cultural, LGBTQ
    (f"{CENTRE},community_centre=family_centre", "family_centre core indoor assumed_public"),
    (f"{CENTRE},community_centre=cultural_centre", "cultural_centre secondary indoor unknown"),
    (f"{CENTRE},community_centre=lgbtq", "lgbtq_centre secondary indoor unknown"),
    # Clubgebouw
    (f"{CENTRE},community_centre=club_home", "clubhouse secondary indoor members"),
    ("club=scout,name=Henk Brunt Groep", "clubhouse secondary indoor members"),
    # Social centre
    ("amenity=social_centre", "social_centre secondary indoor unknown"),
    # Inloophuis, buurtkamer, huiskamer van de wijk: by name
    (f"{CENTRE},name=Inloophuis De Bron", "drop_in core indoor assumed_public"),
    (f"{CENTRE},name=Ontmoet elkaar", "drop_in core indoor assumed_public"),
    (f"{CENTRE},name=Buurtkamer Zuid", "drop_in core indoor assumed_public"),
    (f"{CENTRE},name=Huis van de Wijk", "drop_in core indoor assumed_public"),
    (f"{CENTRE},name=Trefpunt", "drop_in core indoor assumed_public"),
    (f"{SOCIAL}=outreach,name=Huiskamer van de wijk", "drop_in core indoor assumed_public"),
    (f"{SOCIAL}=day_care,name=Odensehuis", "drop_in core indoor assumed_public"),
    (f"{SOCIAL}=outreach,name=Repair Café", "drop_in core indoor assumed_public"),
    (f"{SOCIAL}=outreach,name=Stichting Philadelphia", "support_point secondary indoor unknown"),
    # Dagbesteding
    (f"{SOCIAL}=day_care,social_facility:for=senior", "day_care secondary indoor referral"),
    # Voedselbank
    (f"{SOCIAL}=food_bank", "food_support secondary indoor referral"),
    (f"{SOCIAL}=soup_kitchen", "food_support secondary indoor referral"),
    # Bibliotheek, spelotheek
    ("amenity=library,name=Openbare Bibliotheek", "library core indoor assumed_public"),
    ("amenity=toy_library", "toy_library core indoor assumed_public"),
    # Worship, the same word for every religion
    ("amenity=place_of_worship,religion=christian", "place_of_worship secondary indoor unknown"),
    ("amenity=place_of_worship,religion=muslim", "place_of_worship secondary indoor unknown"),
    # Culture and makers
    ("amenity=arts_centre", "arts_centre secondary indoor unknown"),
    ("amenity=theatre", "theatre secondary indoor customers"),
    ("amenity=events_venue", "commercial_hall secondary indoor customers"),
    ("leisure=hackerspace", "maker_space secondary indoor members"),
    # Sport indoors
    ("leisure=sports_hall", "sports_hall secondary indoor members"),
    ("leisure=sports_centre,name=Sporthal De Reeve", "sports_hall secondary indoor members"),
    ("leisure=indoor_play", "indoor_play secondary indoor customers"),
    # Horeca
    ("amenity=cafe", "cafe secondary indoor customers"),
    ("amenity=pub", "cafe secondary indoor customers"),
    ("amenity=ice_cream", "cafe secondary indoor customers"),
    ("amenity=food_court", "cafe secondary indoor customers"),
    ("amenity=restaurant", "restaurant secondary indoor customers"),
    # Kringloop
    ("shop=charity", "charity_shop secondary indoor assumed_public"),
    ("shop=second_hand", "charity_shop secondary indoor assumed_public"),
]

TRAPS = [
    # A commercial party hall is tagged as a community centre.
    (f"{CENTRE},name=Partycentrum De Zon", "commercial_hall secondary indoor customers"),
    (f"{CENTRE},name=Zalencentrum De Zon", "commercial_hall secondary indoor customers"),
    (f"{CENTRE},operator:type=private", "commercial_hall secondary indoor customers"),
    # A name that merely contains the letters of "mfa" is no village hall.
    (f"{CENTRE},name=Omfalos", "neighbourhood_centre core indoor assumed_public"),
    # What the subtype says beats what the name suggests.
    (f"{CENTRE},community_centre=youth_centre,name=Jongerenhuiskamer", "youth_centre core indoor assumed_public"),
    # Care homes and food banks with an inviting name stay what they are.
    (f"{SOCIAL}=nursing_home,name=De Ontmoeting", "dropped: residential_care"),
    (f"{SOCIAL}=group_home,name=Huiskamer", "dropped: residential_care"),
    (f"{SOCIAL}=food_bank,name=Voedselbank en inloop", "food_support secondary indoor referral"),
    # Residential care is not public, but its restaurant is a restaurant.
    (f"{SOCIAL}=assisted_living", "dropped: residential_care"),
    (f"{SOCIAL}=homeless_shelter", "dropped: residential_care"),
    ("amenity=nursing_home", "dropped: residential_care"),
    ("amenity=restaurant,name=Grand Café van het zorgcentrum", "restaurant secondary indoor customers"),
    # A library for members of a university or organisation is not everyone's.
    ("amenity=library,access=private", "dropped: private"),
    ("amenity=library,name=Universiteitsbibliotheek", "dropped: academic_library"),
    # The canteen of a sports hall is not a place of its own, a tennis park is not a hall.
    ("leisure=sports_centre,name=Tennispark KJLTC", "sports_ground secondary outdoor members"),
    # A town hall is not a community centre, a club that is a café is a café.
    ("amenity=townhall", "dropped: town_hall"),
    ("club=social,amenity=pub", "cafe secondary indoor customers"),
    # Not places at all.
    ("shop=supermarket", "no place"),
    ("amenity=fast_food", "no place"),
]


@pytest.mark.parametrize(("tags", "expected"), RECOGNISED)
def test_an_indoor_place_is_recognised(tmp_path, tags, expected):
    assert kind_of(tmp_path, tags) == expected


@pytest.mark.parametrize(("tags", "expected"), TRAPS)
def test_an_indoor_trap_is_avoided(tmp_path, tags, expected):
    assert kind_of(tmp_path, tags) == expected


def test_a_sports_centre_is_a_hall_as_a_building_and_grounds_as_an_area(tmp_path):
    assert kind_of(tmp_path, "leisure=sports_centre,building=yes", "small").startswith("sports_hall secondary indoor")
    assert kind_of(tmp_path, "leisure=sports_centre", "large").startswith("sports_ground secondary outdoor")


def test_a_library_on_a_campus_is_left_out_unless_it_says_it_is_public(tmp_path):
    campus = "w31 Tamenity=university Nn31,n32,n33,n34,n31"
    assert kind_of(tmp_path, "amenity=library", around=campus) == "dropped: inside_campus_grounds"
    assert kind_of(tmp_path, "amenity=library,access=yes", around=campus).startswith("library core")


def test_a_kind_guessed_from_a_name_is_marked_as_inferred(tmp_path):
    places = places_of(
        tmp_path,
        "n1 x5.9 y52.5 Tamenity=community_centre,name=Inloophuis\nn2 x5.91 y52.5 Tamenity=community_centre",
    )
    assert places.set_index("place_id")["inferred"].to_dict() == {"osm/n1": True, "osm/n2": False}


def test_village_hall_library_and_pub_in_one_building_are_three_places(tmp_path):
    places = places_of(
        tmp_path,
        CORNERS
        + """
        w1 Tbuilding=yes,amenity=community_centre,name=Dorpshuis Nn11,n12,n13,n14,n11
        n2 x5.9 y52.5 Tamenity=library
        n3 x5.9001 y52.5 Tamenity=pub
        """,
    )
    assert sorted(places["category"]) == ["cafe", "library", "village_hall"]
