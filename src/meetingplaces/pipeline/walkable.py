"""What may be walked in the Netherlands, and what a way's tags say about walking it."""

from __future__ import annotations

import re

from meetingplaces.model.categories import Tags
from meetingplaces.model.network import EdgeFlag, NodeFlag, Surface

# After the table for the Netherlands on the OpenStreetMap wiki (OSM tags for routing/Access restrictions): everything
# but motorways and roads for motor vehicles only is open to walkers, cycle tracks included (RVV 1990 art. 4: where
# there is no footpath, walkers use the cycle track).
_WALKED = frozenset({
    "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified",
    "residential", "living_street", "service", "track", "path", "footway", "pedestrian", "cycleway", "steps", "road",
    "platform",
})  # fmt: skip
_WALKED_IF_SAID = frozenset({"bridleway", "busway"})
_WALKED_AREAS = frozenset({"pedestrian", "footway", "path", "living_street", "platform"})
_FOOT_YES = frozenset({"yes", "designated", "permissive", "official", "destination", "customers"})
_FOOT_NO = frozenset({"no", "private", "use_sidepath", "discouraged"})
_ACCESS_NO = frozenset({
    "no", "private", "residents", "employees", "permit", "military", "agricultural", "forestry", "delivery",
})  # fmt: skip
_GATES = frozenset({"gate", "lift_gate", "swing_gate", "sliding_gate", "door", "wicket_gate", "fence", "wall", "hedge"})
_OBSTACLES = frozenset({
    "stile", "kissing_gate", "turnstile", "full-height_turnstile", "cycle_barrier", "cattle_grid", "log", "step",
    "motorcycle_barrier", "horse_stile", "squeeze",
})  # fmt: skip
_SURFACES = {
    **dict.fromkeys(("asphalt", "concrete", "paving_stones", "concrete:plates", "concrete:lanes", "paved", "metal",
                     "wood", "rubber", "tartan", "bricks", "brick"), Surface.SMOOTH),
    **dict.fromkeys(("sett", "cobblestone", "unhewn_cobblestone", "compacted", "fine_gravel", "grass_paver", "shells",
                     "metal_grid", "stepping_stones"), Surface.ROUGH),
    **dict.fromkeys(("gravel", "sand", "grass", "dirt", "ground", "earth", "mud", "unpaved", "woodchips", "pebblestone",
                     "clay", "rock"), Surface.LOOSE),
}  # fmt: skip
# Steeper than 1 in 16 is not advised for ramps of some length (CROW, Richtlijn toegankelijkheid).
_STEEP_PERCENT = 6.25


def may_be_walked(tags: Tags, *, area: bool = False) -> bool:
    """Whether a `highway` may be walked: its kind, unless `foot` or `access` says otherwise; `foot` is the last word.

    With `area` it is a surface, which is walked along its outline. Ferries carry no `highway` and are not walked.
    """
    kind, foot = tags.get("highway", ""), tags.get("foot", "")
    if tags.get("motorroad") == "yes" or foot in _FOOT_NO or tags.get("indoor") == "yes":
        return False
    if foot not in _FOOT_YES and tags.get("access") in _ACCESS_NO:
        return False
    if area:
        return kind in _WALKED_AREAS
    return kind in _WALKED or (kind in _WALKED_IF_SAID and foot in _FOOT_YES)


def edge_flags(tags: Tags) -> EdgeFlag:
    """What the tags of a way say that matters to some walkers."""
    tunnel = tags.get("tunnel", "no")
    told = {
        EdgeFlag.STEPS: tags.get("highway") == "steps",
        EdgeFlag.COVERED: tags.get("covered", "no") != "no" or tunnel != "no",
        EdgeFlag.LIT: tags.get("lit", "no") not in {"no", "disused", "unknown"},
        EdgeFlag.UNLIT: tags.get("lit") in {"no", "disused"},
        EdgeFlag.STEEP: _incline_percent(tags.get("incline", "")) > _STEEP_PERCENT,
        EdgeFlag.UNDERGROUND: tunnel in {"yes", "passage"},
    }
    return EdgeFlag(sum(flag for flag, holds in told.items() if holds))


def surface_of(tags: Tags) -> Surface:
    """How a way is paved, as far as tagged."""
    return _SURFACES.get(tags.get("surface", ""), Surface.UNKNOWN)


def stops_walkers(tags: Tags) -> bool:
    """Whether a barrier on a way lets nobody through: a gate that is locked or private.

    Not bollards: `access=no` on those is meant for cars.
    """
    foot, access = tags.get("foot", ""), tags.get("access", "")
    if foot in _FOOT_YES:
        return False
    shut = tags.get("locked") == "yes" or access in _ACCESS_NO
    return foot in {"no", "private"} or (tags.get("barrier") in _GATES and shut)


def node_flags(tags: Tags) -> NodeFlag:
    """What stands on a way and hinders some walkers."""
    raised = tags.get("kerb") in {"raised", "yes"} or (tags.get("barrier") == "kerb" and "kerb" not in tags)
    obstacle = tags.get("barrier") in _OBSTACLES
    return NodeFlag(NodeFlag.RAISED_KERB * raised + NodeFlag.OBSTACLE * obstacle)


def _incline_percent(text: str) -> float:
    """Steepness in percent, 0 when not given as a number; `10°` is 17.6 %, taken roughly as 1.75 per degree."""
    found = re.fullmatch(r"-?([0-9]+(?:\.[0-9]+)?) ?(%|°)", text.strip())
    return 0.0 if found is None else float(found[1]) * (1.0 if found[2] == "%" else 1.75)
