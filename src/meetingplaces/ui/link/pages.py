"""What each page makes of the state, and so what a link to it holds."""

from __future__ import annotations

from collections.abc import Mapping

_EVERYWHERE = frozenset({"municipality", "language"})
_DRAWN = _EVERYWHERE | {"edition"}
_FILTERED = _DRAWN | {"neighbourhood", "settings", "categories", "level", "restricted"}
_MAP = _FILTERED | {"place", "place_at", "camera", "notes"}
_ASKED = _DRAWN | {
    "neighbourhood", "settings", "categories", "level", "restricted", "needs", "group", "budget_m", "profile", "moment",
}  # fmt: skip
_NEAR = _DRAWN | {
    "place", "place_at", "settings", "restricted", "needs", "profile", "when", "wishes", "audience", "here", "with_map",
}  # fmt: skip

PAGE_FIELDS: Mapping[str, frozenset[str]] = {
    "map": _MAP | {"fixed"},
    "near": _NEAR,
    "stories": _DRAWN | {"neighbourhood"},
    "notes": _FILTERED | {"place", "place_at", "notes"},
    "present": _MAP,
    "embed": _FILTERED | {"fixed", "notes"},
    "coverage": _ASKED | {"measure", "classing", "class_count"},
    "hours": _ASKED,
    "compare": _ASKED | {"compared"},
    "priorities": _ASKED | {"weights"},
    "gaps": _ASKED | {"classing", "class_count"},
    "mixing": _ASKED | {"classing", "class_count"},
    "whatif": _ASKED | {"added", "closed", "hours", "best_count"},
    "circumstances": _ASKED | {"circumstances", "classing", "class_count"},
    "over_time": _ASKED | {"earlier"},
    "data": _EVERYWHERE,
    "own_list": _EVERYWHERE,
    "review": _EVERYWHERE,
    "sources": _EVERYWHERE,
}
"""Per page the fields of the state that change what it shows. Pages without `edition` are always about the newest."""
