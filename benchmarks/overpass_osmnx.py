"""The other side of `overpass.py`, for an interpreter with OSMnx: the same by `features_from_polygon`."""

import json
import sys
import tempfile
import time

import osmnx
import shapely

task = json.load(sys.stdin)
osmnx.settings.overpass_url = task["address"]
osmnx.settings.overpass_rate_limit = False
osmnx.settings.doh_url_template = None
polygon = shapely.box(*task["box"]).buffer(0.001)


def timed() -> float:
    began = time.perf_counter()
    osmnx.features.features_from_polygon(polygon, task["tags"])
    return time.perf_counter() - began


with tempfile.TemporaryDirectory() as name:
    osmnx.settings.cache_folder = name
    osmnx.settings.use_cache = False
    fetched = [timed() for _ in range(task["times"])]
    osmnx.settings.use_cache = True
    timed()
    read = [timed() for _ in range(task["times"])]
    table = osmnx.features.features_from_polygon(polygon, task["tags"])
areas = zip(table.index, table.geometry, strict=True)
features = {f"{kind[0]}{number}": shape.area for (kind, number), shape in areas}
print(json.dumps({"fetched": fetched, "read": read, "features": features}))
