"""Homes, entrances, distances and the walking network as plain tables, so that they can be stored as Parquet."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from meetingplaces.model.crs import RD_NEW
from meetingplaces.model.errors import SchemaError
from meetingplaces.model.network import WalkNetwork
from meetingplaces.model.walking import WalkingContent


def check_walking(content: WalkingContent) -> None:
    """Find that the tables fit each other.

    Raises
    ------
    SchemaError
        A home has no distances, a home or entrance is on an edge that is not in the network, or the barriers are in
        another reference system than RD New.
    """
    if len(content.reach) != len(content.homes):
        raise SchemaError("reach to write", "rows", f"{len(content.homes)}, one per home", str(len(content.reach)))
    if content.barriers.crs is None or content.barriers.crs.to_epsg() != int(RD_NEW.removeprefix("EPSG:")):
        raise SchemaError("barriers to write", "column geometry", RD_NEW, str(content.barriers.crs))
    edges = len(content.network.edges)
    for name, table in (("homes", content.homes), ("entrances", content.entrances)):
        lowest, highest = table["edge"].min(), table["edge"].max()
        if len(table) and not (lowest >= -1 and highest < edges):
            raise SchemaError(f"{name} to write", "column edge", f"-1 to {edges - 1}", f"{lowest} to {highest}")


def tables_of(network: WalkNetwork) -> dict[Literal["nodes", "edges", "segments"], pd.DataFrame]:
    """Three tables, `nodes`, `edges` and `segments`, with all of the network: positions in RD New, metres."""
    starts, ends = network.segment_xy[:, 0], network.segment_xy[:, 1]
    nodes = {"x": network.node_xy[:, 0], "y": network.node_xy[:, 1]}
    edges = {"first": network.edges[:, 0], "last": network.edges[:, 1], "length_m": network.length_m}
    names = pd.Categorical.from_codes(network.name_index.tolist(), pd.Index(list(network.names), dtype="str"))
    told = {"flags": network.flags, "surface": network.surface, "name": names}
    segments = {"x": starts[:, 0], "y": starts[:, 1], "end_x": ends[:, 0], "end_y": ends[:, 1]}
    place = {"edge": network.segment_edge, "along_m": network.segment_along_m}
    return {
        "nodes": pd.DataFrame({**nodes, "flags": network.node_flags, "component": network.component}),
        "edges": pd.DataFrame({**edges, **told}),
        "segments": pd.DataFrame({**segments, **place}),
    }


def network_from(nodes: pd.DataFrame, edges: pd.DataFrame, segments: pd.DataFrame) -> WalkNetwork:
    """The network that `tables_of` made these tables of, number for number."""
    name = edges["name"].astype("category")
    return WalkNetwork(
        node_xy=nodes[["x", "y"]].to_numpy(np.float64),
        node_flags=nodes["flags"].to_numpy(np.uint8),
        component=nodes["component"].to_numpy(np.int32),
        edges=edges[["first", "last"]].to_numpy(np.int32),
        length_m=edges["length_m"].to_numpy(np.float64),
        flags=edges["flags"].to_numpy(np.uint8),
        surface=edges["surface"].to_numpy(np.uint8),
        name_index=np.asarray(name.cat.codes, dtype=np.int32),
        names=tuple(str(one) for one in name.cat.categories),
        segment_xy=segments[["x", "y", "end_x", "end_y"]].to_numpy(np.float64).reshape(-1, 2, 2),
        segment_edge=segments["edge"].to_numpy(np.int32),
        segment_along_m=segments["along_m"].to_numpy(np.float64),
    )
