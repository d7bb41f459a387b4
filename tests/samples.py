"""Small OpenStreetMap and CBS files as text, read by the tests through the real readers.

Everything lies near 5.9° E, 52.5° N. There 0.001° is 68 m eastward and 111 m northward.
"""

import json
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd

from meetingplaces.model.categories import Categories, load_categories
from meetingplaces.model.provenance import Snapshot
from meetingplaces.pipeline.classify import Classified, classify
from meetingplaces.sources.osm_extract import OsmExtract, read_extract
from meetingplaces.storage.locations import categories_path

# Corners of three nested squares: n11-n14 of 0.08 ha, n21-n24 of 0.8 ha, n31-n34 of 12 ha. n1 is the middle of all.
CORNERS = """
n1 x5.9 y52.5
n11 x5.8998 y52.49987
n12 x5.9002 y52.49987
n13 x5.9002 y52.50013
n14 x5.8998 y52.50013
n21 x5.8993 y52.4996
n22 x5.9007 y52.4996
n23 x5.9007 y52.5004
n24 x5.8993 y52.5004
n31 x5.8975 y52.4984
n32 x5.9025 y52.4984
n33 x5.9025 y52.5016
n34 x5.8975 y52.5016
"""
SHAPES = {
    "point": "n99 x5.9 y52.5 T{tags}",
    "line": "w99 T{tags} Nn11,n12",
    "tiny": "w99 T{tags} Nn11,n12,n13,n14,n11",
    "small": "w99 T{tags} Nn21,n22,n23,n24,n21",
    "large": "w99 T{tags} Nn31,n32,n33,n34,n31",
}


@cache
def all_categories() -> Categories:
    return load_categories(categories_path())


def opl_file(path: Path, text: str) -> Path:
    """OPL with the lines in the order that every real extract has: nodes, ways, relations."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    path.write_text("\n".join(sorted(lines, key=lambda line: "nwr".index(line[0]))) + "\n", encoding="utf-8")
    return path


def extract_of(folder: Path, text: str) -> OsmExtract:
    path = opl_file(folder / "extract.opl", text)
    return read_extract(Snapshot.of_file(path), all_categories().tag_wishes())


def classified(folder: Path, text: str) -> Classified:
    return classify(extract_of(folder, text).features, all_categories())


def places_of(folder: Path, text: str) -> gpd.GeoDataFrame:
    return classified(folder, text).places


def tagged(tags: str, shape: str = "point") -> str:
    """OPL of one feature n99 or w99 in the middle. Spaces in tag values may be written as spaces."""
    return CORNERS + SHAPES[shape].format(tags=tags.replace(" ", "%20%"))


def kind_of(folder: Path, tags: str, shape: str = "point", around: str = "") -> str:
    """What becomes of one feature: `category weight setting access`, `dropped: reason`, or `no place`.

    `around` is OPL of what else there is.
    """
    found = classified(folder, tagged(tags, shape) + "\n" + around)
    everything = pd.concat([found.places, found.living_streets], ignore_index=True)
    own = everything[everything["place_id"].isin(["osm/n99", "osm/w99"])]
    if len(own):
        return " ".join(own.iloc[0][["category", "weight", "setting", "access"]])
    return f"dropped: {next(iter(found.dropped))}" if found.dropped else "no place"


def row_of(folder: Path, tags: str, shape: str = "point") -> pd.Series:
    """The row of the one feature, which must be a place."""
    places = places_of(folder, tagged(tags, shape))
    return places.set_index("place_id", drop=False).loc["osm/n99" if shape == "point" else "osm/w99"]


def square(west: float, south: float, east: float, north: float) -> list[list[list[float]]]:
    """A ring in degrees."""
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def buurt(code: str, name: str, ring: list[list[list[float]]], residents: int | None = 1000) -> dict[str, object]:
    """One neighbourhood as a GeoJSON feature, field names as CBS gives them; None is written as CBS does: -99997."""
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": ring},
        "properties": {
            "buurtcode": code,
            "buurtnaam": name,
            "gemeentecode": f"GM{code[2:6]}",
            "gemeentenaam": "Driedorp",
            "water": "NEE",
            "aantal_inwoners": -99997 if residents is None else residents,
            "jaar": 2024,
        },
    }


def areas_file(path: Path, *buurten: dict[str, object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": buurten}), encoding="utf-8")
    return path


# --- a whole municipality ---------------------------------------------------------------------------------------------

MUNICIPALITY = "GM9999"
WEST, EAST, FAR = "BU99990001", "BU99990002", "BU99990003"
# West and East share the border 5.9; of FAR only the western half lies inside the extract.
BUURTEN = (
    buurt(WEST, "Dorp West", square(5.89, 52.495, 5.9, 52.505), 2000),
    buurt(EAST, "Dorp Oost", square(5.9, 52.495, 5.91, 52.505), None),
    buurt(FAR, "Buitengebied", square(5.91, 52.495, 5.93, 52.505), 50),
)
MUNICIPALITY_OPL = """
n1 x5.88 y52.49
n2 x5.92 y52.51

n10 x5.891 y52.496 Tamenity=library,name=Bibliotheek%20%West,opening_hours=Mo-Fr%20%10:00-17:00,wheelchair=yes
n11 x5.892 y52.497 Tamenity=community_centre,name=Buurthuis%20%<b>De%20%Spil</b>%20%&%20%Co,wheelchair=limited,fee=no
n12 x5.893 y52.498 Tamenity=community_centre,name=%3d%HYPERLINK("http://example.org"),community_centre:for=senior
n13 x5.894 y52.499 Tamenity=cafe,name=Café%20%'t%20%Hoekje
n14 x5.905 y52.499 Tamenity=place_of_worship,name=Dorpskerk
n15 x5.906 y52.5 Tsocial_facility=nursing_home,amenity=social_facility
n16 x5.911 y52.4965 Tleisure=playground,name=Speeltuin%20%De%20%Wip,access=yes,fee=yes,min_age=2,max_age=12
n17 x5.8895 y52.5 Tleisure=playground,name=Net%20%erbuiten
n18 x5.88 y52.509 Tleisure=playground,name=Te%20%ver%20%weg

n20 x5.8996 y52.5 Tamenity=bench,backrest=yes,lit=yes
n21 x5.9003 y52.5002 Tleisure=picnic_table
n22 x5.907 y52.503 Tamenity=bench
n23 x5.9071 y52.503 Tamenity=bench
n24 x5.9072 y52.503 Tamenity=bench
n25 x5.9015 y52.4968 Tamenity=toilets,wheelchair=no
n26 x5.8962 y52.5032 Tamenity=shelter,shelter_type=gazebo,bench=yes

n31 x5.899 y52.4995
n32 x5.901 y52.4995
n33 x5.901 y52.501
n34 x5.899 y52.501
n41 x5.902 y52.502
n42 x5.904 y52.502
n43 x5.904 y52.503
n44 x5.902 y52.503
n45 x5.9025 y52.5022
n46 x5.9028 y52.5022
n47 x5.9028 y52.5024
n48 x5.9025 y52.5024
n51 x5.8935 y52.5012
n52 x5.8945 y52.5012
n53 x5.8945 y52.5018
n54 x5.8935 y52.5018
n61 x5.898 y52.4965
n62 x5.902 y52.4965
n71 x5.891 y52.5028
n72 x5.892 y52.5028
n73 x5.892 y52.5034
n74 x5.891 y52.5034

w30 Tleisure=park,name=Grenspark Nn31,n32,n33,n34,n31
w40 Tamenity=school,name=De%20%Regenboog Nn41,n42,n43,n44,n41
w41 Tleisure=playground Nn45,n46,n47,n48,n45
w50 Tplace=square,name=Dorpsplein Nn51,n52,n53,n54,n51
w51 Thighway=pedestrian,area=yes Nn51,n52,n53,n54,n51
w60 Thighway=living_street,name=Woonerf Nn61,n62
w70 Tleisure=garden,garden:type=community,name=Pluktuin Nn71,n72,n73,n74,n71
"""


def municipality_files(folder: Path) -> tuple[Path, Path]:
    """The extract and the areas file of the made-up municipality GM9999 Driedorp."""
    folder.mkdir(parents=True, exist_ok=True)
    return opl_file(folder / "driedorp.opl", MUNICIPALITY_OPL), areas_file(folder / "driedorp.geojson", *BUURTEN)
