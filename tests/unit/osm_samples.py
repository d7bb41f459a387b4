"""Small OpenStreetMap files for the tests of the reader, as text that can be read."""

from pathlib import Path

import osmium
import pytest
import shapely

from meetingplaces.model.errors import FormatError
from meetingplaces.model.provenance import Snapshot
from meetingplaces.sources.osm_extract import OsmExtract, TagWishes, read_extract

WISHES: TagWishes = {
    "leisure": frozenset({"park", "playground", "pitch", "garden"}),
    "amenity": frozenset({"bench", "library", "cafe"}),
    "highway": frozenset({"pedestrian", "living_street"}),
    "sport": frozenset({"petanque"}),
    "club": None,
}
# A square of 4 nodes, a smaller one inside it, and one that lies apart.
NODES = """
n1 x5.0 y52.0
n2 x5.4 y52.0
n3 x5.4 y52.4
n4 x5.0 y52.4
n5 x5.1 y52.1
n6 x5.2 y52.1
n7 x5.2 y52.2
n8 x5.1 y52.2
"""
XML = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="Overpass API">
<note>The data included in this document is from www.openstreetmap.org.</note>
<meta osm_base="2024-03-01T12:30:00Z"/>
  <bounds minlat="52.0" minlon="5.0" maxlat="52.5" maxlon="5.5"/>
  <node id="1" lat="52.1" lon="5.1" version="2" timestamp="2020-05-04T18:00:00Z"><tag k="amenity" v="bench"/></node>
  <node id="2" lat="52.2" lon="5.2" version="1"/>
</osm>
"""


def read_file(path: Path, wishes: TagWishes = WISHES) -> OsmExtract:
    return read_extract(Snapshot.of_file(path), wishes)


def shape(extract: OsmExtract, osm_id: str) -> shapely.Geometry:
    return extract.features.set_index("osm_id").geometry[osm_id]


def written(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def pbf(path: Path, text: str, **options: str) -> Path:
    header = osmium.io.Header()
    for name, value in options.items():
        header.set(name, value)
    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
        for thing in osmium.FileProcessor(osmium.io.FileBuffer(text.strip().encode() + b"\n", "opl")):
            writer.add(thing)
    return path


def failure(path: Path) -> FormatError:
    with pytest.raises(FormatError) as caught:
        read_file(path)
    assert caught.value.file == str(path)
    return caught.value
