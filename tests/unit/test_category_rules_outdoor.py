"""Every row of the outdoor table of the design's `categories.md`: what belongs to it, and the trap it names."""

import pytest
from samples import kind_of

GARDEN = "leisure=garden"
ALLOTMENTS = "landuse=allotments"
PEDESTRIAN = "highway=pedestrian,area=yes"
PUBLIC = "outdoor assumed_public"

RECOGNISED = [
    # Park
    ("large", "leisure=park,name=Stadspark", f"park core {PUBLIC}"),
    ("large", "leisure=park", f"park core {PUBLIC}"),
    ("small", "leisure=park,name=Parkje Zuid", f"park core {PUBLIC}"),
    # Plantsoen
    ("small", "leisure=park,name=Groenhof", f"plantsoen core {PUBLIC}"),
    ("large", "leisure=park,name=Waterplantsoen", f"plantsoen core {PUBLIC}"),
    ("small", f"{GARDEN},access=yes", "plantsoen core outdoor public"),
    ("small", f"{GARDEN},access=permissive,garden:type=botanical", "plantsoen core outdoor public"),
    ("small", f"{GARDEN},operator:type=public", f"plantsoen core {PUBLIC}"),
    # Brink
    ("small", "landuse=village_green", f"village_green core {PUBLIC}"),
    ("large", "leisure=common", f"village_green core {PUBLIC}"),
    # Plein
    ("small", "place=square,name=Brink", f"square core {PUBLIC}"),
    ("point", "place=square", f"square core {PUBLIC}"),
    ("tiny", f"{PEDESTRIAN},name=Botermarkt", f"square core {PUBLIC}"),
    ("small", f"{PEDESTRIAN},name=Plantage", f"square core {PUBLIC}"),
    ("small", PEDESTRIAN, f"pedestrian_area secondary {PUBLIC}"),
    # Buurttuin
    ("small", f"{GARDEN},garden:type=community", f"community_garden core {PUBLIC}"),
    ("small", f"{ALLOTMENTS},name=Buurttuin De Es", f"community_garden core {PUBLIC}"),
    ("small", f"{ALLOTMENTS},name=Pluktuin", f"community_garden core {PUBLIC}"),
    ("small", f"{ALLOTMENTS},name=Gemeenschapstuin", f"community_garden core {PUBLIC}"),
    ("small", f"{ALLOTMENTS},name=Voedseltuin", f"community_garden core {PUBLIC}"),
    ("small", f"{ALLOTMENTS},name=Stadstuin", f"community_garden core {PUBLIC}"),
    ("small", f"{ALLOTMENTS},name=Moestuin Oost", f"community_garden core {PUBLIC}"),
    ("small", f"{GARDEN},name=Buurttuin De Es", f"community_garden core {PUBLIC}"),
    # Volkstuinpark
    ("large", ALLOTMENTS, "allotments secondary outdoor unknown"),
    ("large", f"{ALLOTMENTS},access=yes", "open_allotments core outdoor public"),
    ("large", f"{ALLOTMENTS},access=permissive", "open_allotments core outdoor public"),
    # Speeltuin, speelplek
    ("tiny", "leisure=playground", f"playground core {PUBLIC}"),
    ("point", "leisure=playground,playground=swing", f"playground core {PUBLIC}"),
    ("small", "leisure=playground,fee=yes", f"play_garden core {PUBLIC}"),
    ("small", "leisure=playground,operator=Speeltuinvereniging Oost", f"play_garden core {PUBLIC}"),
    ("small", "leisure=playground,name=Speeltuin De Wip", f"play_garden core {PUBLIC}"),
    # Speelbos
    ("small", "leisure=playground,playground=forest", f"play_forest core {PUBLIC}"),
    ("small", "leisure=playground,name=Natuurspeelplaats", f"play_forest core {PUBLIC}"),
    # Schoolplein
    ("small", "leisure=schoolyard,access=yes", "schoolyard secondary outdoor public"),
    ("small", "leisure=schoolyard,access=permissive", "schoolyard secondary outdoor public"),
    # Jeu de boules
    ("tiny", "leisure=pitch,sport=boules", f"boules core {PUBLIC}"),
    ("tiny", "leisure=pitch,sport=boules,boules=petanque", f"boules core {PUBLIC}"),
    # Schaak, tafeltennis, fitness
    ("point", "leisure=pitch,sport=table_tennis", f"games secondary {PUBLIC}"),
    ("point", "leisure=pitch,sport=chess", f"games secondary {PUBLIC}"),
    ("point", "leisure=picnic_table,sport=chess", f"games secondary {PUBLIC}"),
    ("point", "leisure=fitness_station", f"fitness secondary {PUBLIC}"),
    # Trapveld, basketbal, skate
    ("tiny", "leisure=pitch,sport=soccer", f"ball_pitch secondary {PUBLIC}"),
    ("tiny", "leisure=pitch,sport=basketball", f"ball_pitch secondary {PUBLIC}"),
    ("tiny", "leisure=pitch,sport=skateboard", f"ball_pitch secondary {PUBLIC}"),
    ("tiny", "leisure=pitch", f"ball_pitch secondary {PUBLIC}"),
    # Hangplek / JOP
    ("point", "playground=youth_bench", f"youth_spot secondary {PUBLIC}"),
    ("point", "amenity=shelter,name=JOP Zuid", f"youth_spot secondary {PUBLIC}"),
    ("point", "amenity=shelter,name=Jongerenontmoetingsplek", f"youth_spot secondary {PUBLIC}"),
    # Bankje
    ("point", "amenity=bench,backrest=yes", f"bench amenity {PUBLIC}"),
    ("line", "amenity=bench", f"bench amenity {PUBLIC}"),
    ("point", "amenity=lounger", f"bench amenity {PUBLIC}"),
    ("point", "amenity=bench,name=Babbelbankje", f"seating_spot secondary {PUBLIC}"),
    ("point", "amenity=bench,description=Dit is een kletsbankje", f"seating_spot secondary {PUBLIC}"),
    # Picknicktafel, BBQ, vuurplaats
    ("point", "leisure=picnic_table", f"picnic_table amenity {PUBLIC}"),
    ("point", "tourism=picnic_table", f"picnic_table amenity {PUBLIC}"),
    ("point", "amenity=bbq", f"barbecue amenity {PUBLIC}"),
    ("point", "leisure=firepit", f"barbecue amenity {PUBLIC}"),
    ("point", "tourism=picnic_site", f"picnic_site secondary {PUBLIC}"),
    # Beschutting, kiosk
    ("point", "amenity=shelter,shelter_type=gazebo", "pavilion secondary sheltered assumed_public"),
    ("point", "amenity=shelter,shelter_type=picnic_shelter", "pavilion secondary sheltered assumed_public"),
    ("point", "leisure=bandstand", "bandstand secondary sheltered assumed_public"),
    ("point", "amenity=shelter", "shelter amenity sheltered assumed_public"),
    # Terras, markt
    ("tiny", "leisure=outdoor_seating", "terrace secondary outdoor customers"),
    ("small", "amenity=marketplace", f"marketplace secondary {PUBLIC}"),
    # Boekenruilkast, geefkast
    ("point", "amenity=public_bookcase", f"book_exchange amenity {PUBLIC}"),
    ("point", "amenity=give_box", f"book_exchange amenity {PUBLIC}"),
    # Kinderboerderij
    ("small", "tourism=zoo,zoo=petting_zoo", f"petting_zoo core {PUBLIC}"),
    ("point", "tourism=zoo,name=Kinderboerderij Cantecleer", f"petting_zoo core {PUBLIC}"),
    # Honden-, zwem-, strandplek
    ("small", "leisure=dog_park", f"dog_park secondary {PUBLIC}"),
    ("small", "leisure=swimming_area", f"swimming_spot secondary {PUBLIC}"),
    ("small", "leisure=beach_resort", f"swimming_spot secondary {PUBLIC}"),
    ("small", "natural=beach", f"swimming_spot secondary {PUBLIC}"),
    # Recreatie, natuur
    ("large", "landuse=recreation_ground", "recreation_area secondary outdoor unknown"),
    ("large", "leisure=nature_reserve", "nature_area secondary outdoor unknown"),
    # Support
    ("point", "amenity=toilets", f"toilets amenity {PUBLIC}"),
    ("point", "amenity=drinking_water", f"drinking_water amenity {PUBLIC}"),
    ("point", "highway=street_lamp", f"street_lamp amenity {PUBLIC}"),
    # Stoep, woonerf
    ("line", "highway=living_street", f"living_street context {PUBLIC}"),
]

TRAPS = [
    # Grass, shrubs and verges are no places.
    ("small", "landuse=grass", "no place"),
    ("small", "natural=shrubbery", "no place"),
    # A square is often only the name of a street, and a shopping street drawn as an area is no square.
    ("line", "highway=pedestrian,name=Hanzeplein", "no place"),
    ("small", f"{PEDESTRIAN},name=Oudestraat", f"pedestrian_area secondary {PUBLIC}"),
    ("small", f"{PEDESTRIAN},name=Straatweg-plein", f"square core {PUBLIC}"),
    # The Dutch label of a community garden is "Volkstuin", and the two are mixed.
    ("small", f"{GARDEN},garden:type=community,name=Volkstuinvereniging De Es", "allotments secondary outdoor unknown"),
    ("small", f"{GARDEN},garden:type=community,name=Tuincomplex Oost", "allotments secondary outdoor unknown"),
    ("large", f"{ALLOTMENTS},name=Moestuinvereniging Oost", "allotments secondary outdoor unknown"),
    (
        "small",
        f"{GARDEN},garden:type=community,name=Volkstuin Noord,access=yes",
        "open_allotments core outdoor public",
    ),
    ("large", f"{ALLOTMENTS},access=private", "dropped: private"),
    # A garden is private unless it says otherwise.
    ("small", GARDEN, "dropped: garden_without_public_access"),
    ("small", f"{GARDEN},garden:type=residential", "dropped: garden_without_public_access"),
    ("small", f"{GARDEN},access=private", "dropped: garden_without_public_access"),
    # A playground that says it is free is no staffed speeltuin; one indoors is not outside.
    ("small", "leisure=playground,fee=no", f"playground core {PUBLIC}"),
    ("small", "leisure=playground,indoor=yes", "indoor_play secondary indoor customers"),
    ("small", "leisure=playground,access=students", "dropped: private"),
    # A schoolyard is open only when it says so.
    ("small", "leisure=schoolyard", "dropped: assumed_private_schoolyard"),
    ("small", "leisure=schoolyard,access=no", "dropped: private"),
    ("small", "leisure=schoolyard,access=unknown", "dropped: assumed_private_schoolyard"),
    # Club pitches: by access, by size or by sport.
    ("tiny", "leisure=pitch,sport=soccer,access=private", "dropped: private"),
    ("tiny", "leisure=pitch,sport=soccer,access=members", "dropped: club_sport_pitch"),
    ("small", "leisure=pitch,sport=soccer", "dropped: club_sport_pitch"),
    ("tiny", "leisure=pitch,sport=tennis", "dropped: club_sport_pitch"),
    # A bus shelter is no youth spot, and no shelter for those who meet.
    ("point", "amenity=shelter,shelter_type=public_transport", "dropped: transport_shelter"),
    # A zoo is not a petting zoo.
    ("large", "tourism=zoo,name=Dierenpark", "dropped: commercial_zoo"),
    # Buurt and wijk in OpenStreetMap are not CBS areas, and no places.
    ("large", "place=neighbourhood,name=De Erven", "no place"),
    ("point", "place=quarter,name=Brunnepe", "no place"),
]


def id_of(value: str) -> str:
    return value.replace("/", "")


@pytest.mark.parametrize(("shape", "tags", "expected"), RECOGNISED, ids=id_of)
def test_an_outdoor_place_is_recognised(tmp_path, shape, tags, expected):
    assert kind_of(tmp_path, tags, shape) == expected


@pytest.mark.parametrize(("shape", "tags", "expected"), TRAPS, ids=id_of)
def test_an_outdoor_trap_is_avoided(tmp_path, shape, tags, expected):
    assert kind_of(tmp_path, tags, shape) == expected
