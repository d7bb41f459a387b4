"""A Geofabrik on this machine: an index, extracts of provinces with checksums, and daily changes."""

import gzip
import hashlib
import json
from pathlib import Path

import osmium
import shapely
from fault_server import FaultServer, Reply, ranged

HEADER = {"osmosis_replication_timestamp": "2026-11-20T20:21:00Z", "sorting": "Type_then_ID"}
UPDATES = "/overijssel-updates"


def extract_file(path: Path, opl: str, sequence: int | None = 2839) -> Path:
    """A PBF file with OPL lines in it, whose header says which changes it holds."""
    header = osmium.io.Header()
    header.add_box(osmium.osm.Box(5.0, 52.0, 6.5, 53.0))
    for name, value in HEADER.items():
        header.set(name, value)
    if sequence is not None:
        header.set("osmosis_replication_base_url", "https://elsewhere.example.org/never-asked")
        header.set("osmosis_replication_sequence_number", str(sequence))
    lines = [line.strip() for line in opl.splitlines() if line.strip()]
    text = "\n".join(sorted(lines, key=lambda line: "nwr".index(line[0]))) + "\n"
    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
        for thing in osmium.FileProcessor(osmium.io.FileBuffer(text.encode(), "opl")):
            writer.add(thing)
    return path


class GeofabrikStandIn:
    """Tells `server` to answer as Geofabrik does; `address` is that of its index."""

    def __init__(self, server: FaultServer, extract: Path, updates: bool = True) -> None:
        self.server = server
        self.address = server.url + "/index-v1.json"
        self.pbf = "/overijssel-latest.osm.pbf"
        country, province = shapely.box(3, 50, 8, 54), shapely.box(5, 52, 6.5, 53)
        regions = [
            self._region("netherlands", country, "/netherlands-latest.osm.pbf"),
            self._region("overijssel", province, self.pbf),
            self._region("without-a-file", shapely.box(5.5, 52.4, 6, 52.7), None),
        ]
        if updates:
            regions[1]["properties"]["urls"]["updates"] = server.url + UPDATES
        server.on("/index-v1.json", Reply(body=json.dumps({"features": regions}).encode()))
        self.publish(extract)
        self.changed(2839)

    def publish(self, extract: Path) -> None:
        body = extract.read_bytes()
        self.server.on(self.pbf, ranged(body, f'"{len(body)}"'))
        self.server.on(self.pbf + ".md5", Reply(body=f"{hashlib.md5(body).hexdigest()}  x.osm.pbf\n".encode()))

    def changed(self, sequence: int, change: str = "") -> None:
        """A new day: the state moves to `sequence`, whose changes are XML inside osmChange."""
        body = f'<?xml version="1.0"?><osmChange version="0.6">{change}</osmChange>'
        number = f"{sequence:09}"
        place = f"{UPDATES}/{number[:3]}/{number[3:6]}/{number[6:]}"
        state = f"# original OSM minutely\ntimestamp=2026-11-21T20\\:20\\:51Z\nsequenceNumber={sequence}\n"
        self.server.on(f"{UPDATES}/state.txt", Reply(body=state.encode()))
        self.server.on(f"{place}.state.txt", Reply(body=state.encode()))
        self.server.on(f"{place}.osc.gz", Reply(body=gzip.compress(body.encode())))

    def _region(self, name: str, outline: shapely.Geometry, pbf: str | None) -> dict:
        urls = {} if pbf is None else {"pbf": self.server.url + pbf}
        geometry = json.loads(shapely.to_geojson(outline))
        return {"type": "Feature", "properties": {"id": name, "urls": urls}, "geometry": geometry}
