"""The review list: pairs of records that may be one place, and what people decided about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from meetingplaces.model.decisions import Decision, Standing, standing
from meetingplaces.model.errors import UnknownRecordError
from meetingplaces.storage.bundle import Bundle
from meetingplaces.ui.catalogue import Catalogue

_WEIGHTS = ("core", "secondary", "amenity")


def review_report(bundle: Bundle, decisions: Iterable[Decision]) -> dict[str, Any]:
    """What waits for a person, core places first and the surest first, and all decisions.

    Keys: `municipality_code`; `doubtful` and `merged`, lists of pairs with `place_id`, `place_name`, `record_id`,
    `record_name`, `category`, `weight`, `score` (0 to 1), `distance_m` and `reasons`; and `decisions`. A pair
    that was decided since the bundle was made is in neither list: the next build or refresh follows the decision.
    """
    known = tuple(decisions)
    content, places = bundle.municipal(), bundle.places().set_index("place_id")
    names = content.records.set_index("record_id")["name"]
    pairs = {"doubtful": list[dict[str, Any]](), "merged": list[dict[str, Any]]()}
    decided = standing(known)
    rows: list[dict[str, Any]] = content.pairs.to_dict("records")  # type: ignore[assignment]
    for pair in rows:
        if pair["place_id"] not in places.index or _is_decided(pair, decided, places["records"][pair["place_id"]]):
            continue
        place = places.loc[pair["place_id"]]
        told = {"place_name": _text(place["name"]), "record_name": _text(names.get(pair["record_id"]))}
        kind = {"category": place["category"], "weight": place["weight"]}
        pairs[pair.pop("verdict")].append({**pair, "reasons": list(pair["reasons"]), **told, **kind})
    for found in pairs.values():
        found.sort(key=lambda pair: (_WEIGHTS.index(pair["weight"]), -pair["score"], pair["record_id"]))
    told_decisions = [one.model_dump(mode="json") for one in known]
    return {"municipality_code": bundle.manifest.municipality_code, **pairs, "decisions": told_decisions}


def known_records(bundle: Bundle, records: Iterable[str]) -> None:
    """Find that the bundle holds all these records, on the map or doubtful.

    Raises
    ------
    UnknownRecordError
        One is in no place and in no municipal source.
    """
    present = {one for own in bundle.places()["records"] for one in own} | set(bundle.municipal().records["record_id"])
    for record in records:
        if record not in present:
            raise UnknownRecordError(record, bundle.manifest.municipality_code)


def pair_line(pair: dict[str, Any], texts: Catalogue) -> str:
    """One pair as a line of text."""
    reasons = ", ".join(texts(f"review_{reason}") for reason in pair["reasons"])
    names = [pair[name] or texts("review_nameless") for name in ("place_name", "record_name")]
    return f"{pair['place_id']} {pair['record_id']}: {names[0]} | {names[1]} ({pair['distance_m']:g} m; {reasons})"


def _is_decided(pair: dict[str, Any], decided: Standing, own: Iterable[str]) -> bool:
    """Whether a person has spoken about a doubtful pair already, be it about another record of the same place."""
    record = pair["record_id"]
    apart = any(frozenset({one, record}) in decided.apart for one in own)
    accepted = any((min(one, record), max(one, record)) in decided.accepted for one in own)
    hidden = record in decided.hidden or not decided.hidden.isdisjoint(own)
    return apart or hidden or (accepted and pair["verdict"] == "doubtful")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
