"""A walking network as plain tables and back, so that it can be stored as Parquet."""

from __future__ import annotations

import numpy as np
import pandas as pd

from meetingplaces.model.network import WalkNetwork


def tables_of(network: WalkNetwork) -> dict[str, pd.DataFrame]:
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
