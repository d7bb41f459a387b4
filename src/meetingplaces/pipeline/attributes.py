"""What the tags of one OpenStreetMap feature say about access, cost, accessibility, address and age."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from meetingplaces.model.categories import Category, Provision, Tags
from meetingplaces.model.places import Access, Fee, Wheelchair

_ACCESS: Mapping[str, Access | Literal["private"]] = {
    "yes": "public",
    "public": "public",
    "permissive": "public",
    "designated": "public",
    "customers": "customers",
    "permit": "members",
    "members": "members",
    "private": "private",
    "no": "private",
    "residents": "private",
    "employees": "private",
    "students": "private",
    "delivery": "private",
    "unknown": "unknown",
}

_PROVIDED_BY_TAG: Mapping[str, Provision] = {
    "bench": "seat",
    "picnic_table": "table",
    "covered": "shelter",
    "shelter": "shelter",
    "toilets": "toilet",
    "drinking_water": "water",
    "lit": "light",
}
_YES = frozenset({"yes", "designated", "24/7", "automatic", "limited"})

# Outdoor core places are free unless a fee is tagged: `design/categories.md`, row `fee, charge`.
_FREE_BY_NATURE = frozenset({"core", "amenity"})


def access_of(tags: Tags, category: Category) -> Access | Literal["private"]:
    """Who may come: what the feature's own `access` tag says, else the category's default.

    A value nobody agreed on (`access=hotel`) is unknown rather than public.
    """
    own = tags.get("access")
    return _ACCESS.get(own, "unknown") if own is not None else category.access


def says_public(tags: Tags) -> bool:
    """Whether the feature itself is tagged as open to everyone."""
    return _ACCESS.get(tags.get("access", "")) == "public"


def fee_of(tags: Tags, category: Category) -> Fee:
    """Whether one pays to be there. A missing tag is unknown, except for outdoor core places: assumed free."""
    fee, charge = tags.get("fee", "").lower(), tags.get("charge", "").lower()
    if fee in {"no", "0", "free"} or re.fullmatch(r"0([.,]0+)?( ?(eur|€))?|no|free", charge):
        return "no"
    if fee or charge:
        return "unknown" if fee == "unknown" else "yes"
    return "assumed_no" if category.setting != "indoor" and category.weight in _FREE_BY_NATURE else "unknown"


def wheelchair_of(tags: Tags) -> Wheelchair:
    """Four states: yes, limited, no, and no data."""
    value = tags.get("wheelchair", "")
    known: Mapping[str, Wheelchair] = {"yes": "yes", "designated": "yes", "limited": "limited", "no": "no"}
    return known.get(value, "unknown")


def provided_by(tags: Tags, category: Category) -> set[Provision]:
    """What the feature offers by its kind and by its own tags."""
    return set(category.provides) | {
        provision for key, provision in _PROVIDED_BY_TAG.items() if tags.get(key, "").lower() in _YES
    }


def setting_of(tags: Tags, category: Category) -> str:
    """Indoor, outdoor or sheltered: an outdoor place with a roof of its own is sheltered."""
    covered = tags.get("covered") == "yes" and category.setting == "outdoor"
    return "sheltered" if covered else category.setting


def address_of(tags: Tags) -> str | None:
    """Street and number, postcode and town, as far as tagged; `None` when there is no street and number."""
    street = tags.get("addr:street") or tags.get("addr:place")
    number = tags.get("addr:housenumber")
    if not street or not number:
        return None
    town = " ".join(part for part in (tags.get("addr:postcode"), tags.get("addr:city")) if part)
    return ", ".join(part for part in (f"{street} {number}", town) if part)


def audience_of(tags: Tags) -> str | None:
    """For whom the place says it is, e.g. `senior` or `0-12`; never a verdict."""
    written = tags.get("community_centre:for") or tags.get("social_facility:for")
    ages = "-".join(part for part in (tags.get("min_age"), tags.get("max_age")) if part)
    return "; ".join(part for part in (written, ages) if part) or None


def checked_on(tags: Tags) -> date | None:
    """The day of the last survey, when it is tagged as a full date."""
    for key in ("check_date", "survey:date", "lastcheck"):
        try:
            return date.fromisoformat(tags[key])
        except (KeyError, ValueError):
            continue
    return None


def website_of(tags: Tags) -> str | None:
    """An http(s) address; anything else (`javascript:`, a bare word) is not offered as a link."""
    for key in ("website", "contact:website", "url"):
        value = tags.get(key, "").strip()
        if re.match(r"https?://[^\s<>\"']+$", value, re.IGNORECASE):
            return value
    return None


def attributes_of(tags: Tags, category: Category) -> dict[str, Any]:
    """Every column of the place table that the tags alone decide, except access."""
    return {
        "name": tags.get("name") or tags.get("name:nl"),
        "setting": setting_of(tags, category),
        "fee": fee_of(tags, category),
        "wheelchair": wheelchair_of(tags),
        "opening_hours": tags.get("opening_hours"),
        "address": address_of(tags),
        "website": website_of(tags),
        "phone": tags.get("phone") or tags.get("contact:phone"),
        "audience": audience_of(tags),
        "provides": sorted(provided_by(tags, category)),
        "checked_on": checked_on(tags),
        "inferred": category.inferred,
    }
