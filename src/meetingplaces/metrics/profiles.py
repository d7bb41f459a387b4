"""The walking network as someone walks it who does not pass steps, kerbs, sand and the like."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from meetingplaces.model.network import EdgeFlag, NodeFlag, Surface, WalkNetwork
from meetingplaces.model.norms import Hindrance

_FLAGS: dict[Hindrance, EdgeFlag] = {"steps": EdgeFlag.STEPS, "steep": EdgeFlag.STEEP, "unlit": EdgeFlag.UNLIT}
_SURFACES: dict[Hindrance, Surface] = {"loose": Surface.LOOSE, "rough": Surface.ROUGH}
_POINTS: dict[Hindrance, NodeFlag] = {"obstacle": NodeFlag.OBSTACLE, "raised_kerb": NodeFlag.RAISED_KERB}


def closed_edges(network: WalkNetwork, to: Collection[Hindrance]) -> NDArray[np.bool_]:
    """Which edges are known to be closed to someone hindered so. What is not known closes nothing."""
    flags = sum(_FLAGS[one] for one in _FLAGS.keys() & set(to))
    surfaces = [int(_SURFACES[one]) for one in _SURFACES.keys() & set(to)]
    return np.asarray((network.flags & flags > 0) | np.isin(network.surface, surfaces), dtype=bool)


def closed_nodes(network: WalkNetwork, to: Collection[Hindrance]) -> NDArray[np.bool_]:
    """Which nodes are known to be closed to someone hindered so."""
    return np.asarray(network.node_flags & sum(_POINTS[one] for one in _POINTS.keys() & set(to)) > 0, dtype=bool)


def as_walked(network: WalkNetwork, to: Collection[Hindrance]) -> WalkNetwork:
    """The network where closed edges lead nowhere and closed nodes are not passed.

    What is closed is cut loose, as the streets are at a shut gate: numbers of edges and of open nodes stay what they
    were, so that what was joined stays joined, and new nodes come at the end. One still gets from either side up to a
    closed node. `component` tells of the network before.
    """
    loose = closed_nodes(network, to)[network.edges] | closed_edges(network, to)[:, None]
    ends, cut = network.edges.ravel().copy(), np.flatnonzero(loose.ravel())
    copies = ends[cut]
    ends[cut] = len(network.node_xy) + np.arange(len(cut))
    return replace(
        network,
        node_xy=np.concatenate([network.node_xy, network.node_xy[copies]]),
        node_flags=np.concatenate([network.node_flags, network.node_flags[copies]]),
        component=np.concatenate([network.component, network.component[copies]]),
        edges=ends.reshape(-1, 2),
    )
