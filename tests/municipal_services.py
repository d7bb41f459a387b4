"""Small municipal services for tests: the right answers of each protocol for the same three benches in Kampen."""

import json
from dataclasses import dataclass
from typing import Any

from fault_server import Asked, FaultServer, Reply

from meetingplaces.model.municipal import MunicipalSource

BENCHES = [("1", "Bank een", 5.911, 52.555), ("2", "Bank twee", 5.912, 52.556), ("3", "Bank drie", 5.913, 52.557)]
FIRST_IN_RD = (190_524.0, 507_615.0)
"""Where the first bench is in RD New, give or take ten metres."""


def source(protocol: str, url: str | None, **more: Any) -> MunicipalSource:
    """A source with the benches of Kampen; `more` overrides."""
    facts: dict[str, Any] = {
        "source_id": "kampen_benches",
        "title": "Banken",
        "municipalities": ["GM0166"],
        "publisher": "Gemeente Kampen",
        "protocol": protocol,
        "url": url,
        "fields": {"record_id": "NR", "name": "NAAM"},
        "kind": "bench",
        "attribution": "Bron: Gemeente Kampen",
    }
    return MunicipalSource.model_validate({**facts, **more})


def feature(number: str, name: str, x: float, y: float, *, own: bool = True) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [x, y]}
    told = {"type": "Feature", "geometry": point, "properties": {"NR": number, "NAAM": name}}
    return {**told, "id": f"bank.{number}"} if own else told


def collection(*benches: tuple[str, str, float, float], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [feature(*bench) for bench in benches], **more}


def body(content: Any) -> Reply:
    return Reply(body=json.dumps(content).encode())


LAYER = {
    "name": "Banken",
    "objectIdField": "NR",
    "maxRecordCount": 2,
    "supportedQueryFormats": "JSON, geoJSON",
    "advancedQueryCapabilities": {"supportsPagination": True},
    "fields": [{"name": "NR", "type": "esriFieldTypeOID"}, {"name": "NAAM", "type": "esriFieldTypeString"}],
    "editingInfo": {"lastEditDate": 1_767_225_600_000},
}


def esri_page(benches: list[tuple[str, str, float, float]], **more: Any) -> dict[str, Any]:
    features = [{"attributes": {"NR": int(n), "NAAM": name}, "geometry": {"x": x, "y": y}} for n, name, x, y in benches]
    reference = {"spatialReference": {"wkid": 4326}, "geometryType": "esriGeometryPoint", "fields": LAYER["fields"]}
    return {**reference, "features": features, **more}


def arcgis(server: FaultServer, **layer: Any) -> MunicipalSource:
    """Two features a page; without paging when told so, then by lists of identifiers."""

    def query(asked: Asked) -> Reply:
        if asked.query.get("returnIdsOnly") == ["true"]:
            return body({"objectIdFieldName": "NR", "objectIds": [1, 2, 3]})
        if "objectIds" in asked.query:
            wanted = asked.query["objectIds"][0].split(",")
            return body(esri_page([bench for bench in BENCHES if bench[0] in wanted]))
        start = int(asked.query.get("resultOffset", ["0"])[0])
        count = min(int(asked.query.get("resultRecordCount", ["2"])[0]), 2)
        page, more = BENCHES[start : start + count], start + count < len(BENCHES)
        if asked.query.get("f") == ["json"]:
            return body(esri_page(page, exceededTransferLimit=more))
        return body(collection(*page, properties={"exceededTransferLimit": more}))

    server.on("/Banken/FeatureServer/0", body({**LAYER, **layer}))
    server.on("/Banken/FeatureServer/0/query", query)
    return source("arcgis", f"{server.url}/Banken/FeatureServer/0")


def wfs(server: FaultServer, **more: Any) -> MunicipalSource:
    """Full pages that are one short, as some servers give them, until one is empty."""

    def items(asked: Asked) -> Reply:
        start = int(asked.query.get("startIndex", ["0"])[0])
        page = BENCHES[start : start + 2] if "startIndex" in asked.query else BENCHES
        return body(collection(*page, numberMatched="unknown", timeStamp=f"page {start}"))

    server.on("/wfs", items)
    return source("wfs", f"{server.url}/wfs", layer="kampen:banken", **more)


def ogc(server: FaultServer, **more: Any) -> MunicipalSource:
    def items(asked: Asked) -> Reply:
        if "cursor" in asked.query:
            return body(collection(BENCHES[2], numberReturned=1, links=[]))
        links = [{"rel": "next", "href": f"{server.url}/items?cursor=Dv4%7CNwyr1Q&f=json&limit=2"}]
        return body(collection(*BENCHES[:2], numberReturned=2, links=links))

    server.on("/items", items)
    return source("ogc", f"{server.url}/items", **more)


def opendatasoft(server: FaultServer) -> MunicipalSource:
    server.on("/datasets/banken", body({"metas": {"default": {"modified": "2026-01-01T03:00:00+00:00"}}}))
    server.on("/datasets/banken/exports/geojson", body(collection(*BENCHES)))
    return source("opendatasoft", f"{server.url}/datasets", layer="banken")


def opendatasoft_v1(server: FaultServer) -> MunicipalSource:
    def search(asked: Asked) -> Reply:
        start = int(asked.query.get("start", ["0"])[0])
        records = [
            {
                "recordid": f"r{n}",
                "fields": {"NR": n, "NAAM": name, "geo_point_2d": [y, x]},
                "geometry": {"type": "Point", "coordinates": [x, y]},
            }
            for n, name, x, y in BENCHES[start : start + 2]
        ]
        return body({"nhits": 3, "records": records})

    server.on("/search/", search)
    return source("opendatasoft_v1", f"{server.url}/search/", layer="banken")


def amsterdam(server: FaultServer) -> MunicipalSource:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
    server.on("/v1/banken/", body(collection(*BENCHES, crs=crs, _links=[])))
    return source("amsterdam", f"{server.url}/v1/banken/")


CSV = "NR;NAAM;X;Y\n" + "".join(f"{n};{name};{x};{y}\n".replace(".", ",") for n, name, x, y in BENCHES)


def ckan(server: FaultServer) -> MunicipalSource:
    resource = {"name": "Banken", "format": "http://publications.europa.eu/file-type/CSV", "url": f"{server.url}/b.csv"}
    result = {"resources": [{**resource, "last_modified": "2026-01-01T10:00:00"}]}
    server.on("/api/3/action/package_show", body({"success": True, "result": result}))
    server.on("/b.csv", Reply(body=CSV.encode()))
    return source("ckan", f"{server.url}/api/3/action", layer="banken", version="csv")


def file(server: FaultServer) -> MunicipalSource:
    server.on("/banken.csv", Reply(body=CSV.encode()))
    return source("file", f"{server.url}/banken.csv")


@dataclass(frozen=True)
class Service:
    """How to start one, where it is asked first and where it gives its places."""

    start: Any
    first: str
    places: str


SERVICES = {
    "arcgis": Service(arcgis, "/Banken/FeatureServer/0", "/Banken/FeatureServer/0/query"),
    "wfs": Service(wfs, "/wfs", "/wfs"),
    "ogc": Service(ogc, "/items", "/items"),
    "opendatasoft": Service(opendatasoft, "/datasets/banken", "/datasets/banken/exports/geojson"),
    "opendatasoft_v1": Service(opendatasoft_v1, "/search/", "/search/"),
    "amsterdam": Service(amsterdam, "/v1/banken/", "/v1/banken/"),
    "ckan": Service(ckan, "/api/3/action/package_show", "/b.csv"),
    "file": Service(file, "/banken.csv", "/banken.csv"),
}
