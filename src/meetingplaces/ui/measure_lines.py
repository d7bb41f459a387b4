"""The answers of `meetingplaces measure` for reading."""

from __future__ import annotations

from typing import Any

from meetingplaces.model.groups import GROUPS
from meetingplaces.ui.case import FARTHEST_M
from meetingplaces.ui.measure import report_rows


def measure_lines(report: dict[str, Any]) -> list[str]:
    """What was asked, and a line per area or place. What is only perhaps so stands behind what is sure."""
    asked = report["measure"]
    tell = {"gap": _gap, "distance": _distance, "minutes": _minutes, "places": _places, "space": _space, "mix": _mix}
    lines = [_head(report)]
    for row in report_rows(report):
        if asked == "mix":
            lines.append(f"{row['place_id']:20}  {(row['name'] or row['category'])[:34]:34}  {_mix(row)}")
            continue
        inside = row["extent_share"]
        partly = "" if inside == 1 else f"  [{100 * inside:.0f}% inside the data]"
        known = row["people" if report["group"] else "residents"]
        told = "unknown" if known is None else tell.get(asked, _share)(row)
        lines.append(f"{row['area_code']:10}  {row['area_name'][:34]:34}  {told}{partly}")
    return lines


def _head(report: dict[str, Any]) -> str:
    sure, perhaps = report["places_count"], report["perhaps_places_count"]
    count = f"{sure}" if sure == perhaps else f"{sure} to {perhaps}"
    whom = f" of {report['group']}" if report["group"] else ""
    kinds = f"{report['kinds']} kinds among " if report["kinds"] else ""
    how = f", within {report['budget_m']:g} m on foot of {kinds}" if report["budget_m"] else ", out of "
    walker = f", {report['walker']['name']['en'].lower()}" if report["budget_m"] else ""
    return (
        f"{report['measure']}{whom}{how}{count} places without a threshold ({report['restricted_count']} with one are "
        f"left out){walker}"
    )


def _band(row: dict[str, Any], name: str, form: str) -> str:
    """The sure number and, where it differs, that with all that may be."""
    sure, perhaps = (_number(row[key], form) for key in (name, f"perhaps_{name}"))
    return sure if sure == perhaps else f"{sure} to {perhaps}"


def _number(value: float | None, form: str) -> str:
    return "unknown" if value is None else f"{value:{form}}"


def _share(row: dict[str, Any]) -> str:
    reached = f"{row['reached']:,.0f} ({row['reached_low']:,.0f}-{row['reached_high']:,.0f})"
    return f"{_band(row, 'share', '.1%'):>7}  {reached} of {row['people']:,.0f}"


def _gap(row: dict[str, Any]) -> str:
    bounds = f"({row['gap_low']:,.0f}-{row['gap_high']:,.0f})"
    return f"{_band(row, 'gap', ',.0f'):>7}  {bounds} of {row['people']:,.0f} not reached"


def _distance(row: dict[str, Any]) -> str:
    return f"median {_far(row, 'median', 'm')}, 90% within {_far(row, 'p90', 'm')}"


def _minutes(row: dict[str, Any]) -> str:
    return f"median {_far(row, 'median', 'min')}, 90% within {_far(row, 'p90', 'min')}"


def _far(row: dict[str, Any], part: str, unit: str) -> str:
    def told(before: str) -> str:
        beyond = row[f"{before}{part}_beyond_search"]
        return f"over {FARTHEST_M:g} m" if beyond else f"{_number(row[f'{before}{part}_{unit}'], '.0f')} {unit}"

    sure, perhaps = told(""), told("perhaps_")
    return sure if sure == perhaps else f"{perhaps} to {sure}"


def _places(row: dict[str, Any]) -> str:
    return f"{_band(row, 'places_per_1000', '.1f')} per 1,000 residents ({_band(row, 'places_count', '.0f')})"


def _space(row: dict[str, Any]) -> str:
    return f"{_band(row, 'area_m2_per_1000', ',.0f')} m2 per 1,000 residents ({_band(row, 'area_m2', ',.0f')} m2)"


def _mix(row: dict[str, Any]) -> str:
    return ", ".join(f"{_band(row, group, ',.0f')} {group}" for group in GROUPS)
