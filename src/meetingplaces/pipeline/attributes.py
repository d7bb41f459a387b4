"""What the tags of one OpenStreetMap feature say about access, cost, accessibility, address and age."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from meetingplaces.model.categories import Category, Provision, Tags, tag_values
from meetingplaces.model.places import Access, Dogs, Fee, Wheelchair

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
    "toilets:wheelchair": "toilet",
    "drinking_water": "water",
    "lit": "light",
}
# https://wiki.openstreetmap.org/wiki/Key:dog; a value nobody agreed on is unknown.
_DOGS: Mapping[str, Dogs] = {
    "yes": "yes",
    "designated": "yes",
    "permissive": "yes",
    "unleashed": "yes",
    "leashed": "leashed",
    "outside": "outside",
    "no": "no",
}
_YES = frozenset({"yes", "designated", "24/7", "automatic", "limited"})

# In a list of values (`yes;customers`) the one that keeps most people out decides.
_STRICTEST_FIRST = ("private", "members", "referral", "customers", "unknown", "public")
_NOTHING = re.compile(r"(€ ?)?0([.,]0+)?( ?(eur|euro|€))?|no|free")


def access_of(tags: Tags, category: Category) -> Access | Literal["private"]:
    """Who may come: what the feature's own `access` tag says, else the category's default.

    A value nobody agreed on (`access=hotel`) is unknown rather than public. `access=yes` on a café says that everyone
    may come in, not that one may stay without buying, so it stays for customers.
    """
    if "access" not in tags:
        return category.access
    said = {_ACCESS.get(value, "unknown") for value in tag_values(tags["access"].lower())}
    own = min(said, key=_STRICTEST_FIRST.index)
    return "customers" if own == "public" and category.access == "customers" else own


def says_public(tags: Tags) -> bool:
    """Whether the feature itself is tagged as open to everyone."""
    return {_ACCESS.get(value) for value in tag_values(tags.get("access", "").lower())} == {"public"}


def fee_of(tags: Tags, category: Category) -> Fee:
    """Whether one pays to be there. A missing tag is unknown, but outdoor core places and seats are assumed free.

    Not so for what is for customers or members, nor for other amenities: many public toilets cost money.
    """
    fee, charge = tags.get("fee", "").strip().lower(), tags.get("charge", "").strip().lower()
    if fee == "no" or _NOTHING.fullmatch(fee) or _NOTHING.fullmatch(charge):
        return "no"
    if fee or charge:
        return "unknown" if fee in {"unknown", "donation"} and not charge else "yes"
    free_kind = category.weight == "core" or (category.weight == "amenity" and "seat" in category.provides)
    free = free_kind and category.setting == "outdoor" and access_of(tags, category) in {"public", "assumed_public"}
    return "assumed_no" if free else "unknown"


def wheelchair_of(tags: Tags) -> Wheelchair:
    """Four states: yes, limited, no, and no data. A toilet may say it with `toilets:wheelchair`."""
    own_toilet = tags.get("toilets:wheelchair", "") if tags.get("amenity") == "toilets" else ""
    value = tags.get("wheelchair", own_toilet)
    known: Mapping[str, Wheelchair] = {"yes": "yes", "designated": "yes", "limited": "limited", "no": "no"}
    return known.get(value, "unknown")


def dogs_of(tags: Tags, category: Category) -> Dogs:
    """Whether a dog may come along; a place made for dogs needs no tag that says so.

    Of a list of values (`leashed;outside`) we do not know which holds where, so that is unknown. Where all of the place
    is outdoors, dogs that are welcome `outside` are welcome.
    """
    if "dog" not in tags:
        return "yes" if tags.get("leisure") == "dog_park" else "unknown"
    said = _DOGS.get(tags["dog"].strip().lower(), "unknown")
    return "yes" if said == "outside" and setting_of(tags, category) == "outdoor" else said


def provided_by(tags: Tags, category: Category) -> set[Provision]:
    """What the feature offers by its kind and by its own tags."""
    return set(category.provides) | {
        provision for key, provision in _PROVIDED_BY_TAG.items() if tags.get(key, "").lower() in _YES
    }


def setting_of(tags: Tags, category: Category) -> str:
    """Indoor, outdoor or sheltered: what is tagged as indoors is, and an outdoor place with a roof is sheltered."""
    if tags.get("indoor") == "yes":
        return "indoor"
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
    """For whom the place says it is, e.g. `senior`, `0-12` or `12+`; never a verdict."""
    written = tags.get("community_centre:for") or tags.get("social_facility:for")
    youngest, oldest = tags.get("min_age"), tags.get("max_age")
    ages = f"{youngest or 0}-{oldest}" if oldest else f"{youngest}+" if youngest else None
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
        "name": (tags.get("name") or tags.get("name:nl") or "").strip() or None,
        "setting": setting_of(tags, category),
        "fee": fee_of(tags, category),
        "wheelchair": wheelchair_of(tags),
        "dogs": dogs_of(tags, category),
        "opening_hours": tags.get("opening_hours"),
        "address": address_of(tags),
        "website": website_of(tags),
        "phone": tags.get("phone") or tags.get("contact:phone"),
        "audience": audience_of(tags),
        "provides": sorted(provided_by(tags, category)),
        "checked_on": checked_on(tags),
        "inferred": category.inferred,
    }
