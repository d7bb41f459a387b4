"""Our side of `overpass.py`: fetch the answer through the door, check and keep it, and read the features."""

import json
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from meetingplaces.model.categories import merged_wishes
from meetingplaces.sources.endpoints import Endpoints
from meetingplaces.sources.http import Door
from meetingplaces.sources.overpass import Overpass
from meetingplaces.sources.overpass_answer import read_overpass
from meetingplaces.sources.overpass_query import OverpassQuestion

task = json.load(sys.stdin)
wishes = {key: None if values is True else frozenset(values) for key, values in task["tags"].items()}
question = OverpassQuestion(tuple(task["box"]), merged_wishes([wishes]), {})
door = Door(Endpoints(private_hosts={urlsplit(task["address"]).netloc}))
fetched, read = [], []
with tempfile.TemporaryDirectory() as name:
    overpass = Overpass(door, (task["address"] + "/interpreter",), Path(name))
    for _ in range(task["times"]):
        began = time.perf_counter()
        snapshot = overpass.fetch(question, Path(name), "osm.zip")
        middle = time.perf_counter()
        table = read_overpass(snapshot, question).features
        read.append(time.perf_counter() - middle)
        fetched.append(time.perf_counter() - began)
features = {row.osm_id: row.geometry.area for row in table.itertuples()}
print(json.dumps({"fetched": fetched, "read": read, "features": features}))
