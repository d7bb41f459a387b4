"""A bundle whose every text from a source tries to break out of the page it is shown on."""

import json
from pathlib import Path

from meetingplaces.model.categories import load_categories
from meetingplaces.pipeline.build import build
from meetingplaces.storage.locations import categories_path

CODE = "GM0166"
IMAGE = "<img src=x onerror=window.top.hacked=1>"
MARKDOWN = "**vet** [link](javascript:window.hacked=2) $x$ :red[rood]"
SCRIPT = "</script><script>window.top.hacked=3</script>"
QUOTES = "\"' onmouseover='window.hacked=4' {texts} {{ 7*7 }}"
NAMES = (IMAGE, MARKDOWN, SCRIPT, QUOTES)
AREA = "<b>Buurt</b> & **Zo**"
MUNICIPALITY = "Gemeente :blue[Kampen] <i>zee</i>"
HOURS = "<svg onload=window.top.hacked=5>"
STREET = "=2+3|<img src=x onerror=window.top.hacked=7> **straat**"
_ALONG = [5.906 + 0.004 * number for number in range(6)]


def _opl_text(text: str) -> str:
    return "".join(c if c.isalnum() else f"%{ord(c):x}%" for c in text)


def _streets() -> list[str]:
    """A street past all places with twenty homes along it; it and their addresses have a hostile name too."""
    day, street = "v1 dV t2024-05-01T00:00:00Z", _opl_text(STREET)
    nodes = [f"n{20 + number} {day} T x{east:.4f} y52.5598" for number, east in enumerate(_ALONG)]
    homes = [
        f"n{39 + number} {day} Taddr:housenumber={number},addr:street={street} x{5.906 + 0.001 * number:.4f} y52.5596"
        for number in range(1, 21)
    ]
    ends = ",".join(f"n{20 + number}" for number in range(len(_ALONG)))
    return [*nodes, *homes, f"w1 {day} Thighway=residential,name={street} N{ends}"]


def _opl(on_foot: bool) -> str:
    lines = []
    for number, name in enumerate(NAMES, start=1):
        tags = {
            "amenity": "community_centre", "name": name, "opening_hours": HOURS,
            "website": "javascript:window.hacked=6", "phone": IMAGE,
            "addr:street": IMAGE, "addr:housenumber": "1", "addr:city": SCRIPT,
        }  # fmt: skip
        written = ",".join(f"{_opl_text(key)}={_opl_text(value)}" for key, value in tags.items())
        lines.append(f"n{number} v1 dV t2024-05-01T00:00:00Z T{written} x{5.911 + number * 0.003:.4f} y52.5600")
    lines += ["n8 v1 dV t2024-05-01T00:00:00Z T x5.90 y52.54", "n9 v1 dV t2024-05-01T00:00:00Z T x5.94 y52.58"]
    lines += _streets() if on_foot else []
    return "\n".join(lines) + "\n"


def _areas() -> str:
    ring = [[5.905, 52.555], [5.93, 52.555], [5.93, 52.565], [5.905, 52.565], [5.905, 52.555]]
    facts = {
        "buurtcode": "BU01660000", "buurtnaam": AREA, "wijkcode": "WK016600", "wijknaam": IMAGE, "gemeentecode": CODE,
        "gemeentenaam": MUNICIPALITY, "aantal_inwoners": 100, "water": "NEE", "jaar": 2024,
    }  # fmt: skip
    feature = {"type": "Feature", "properties": facts, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def build_hostile(folder: Path, *, on_foot: bool = True) -> Path:
    """Build it below `folder`, with homes and a street unless not `on_foot`; the data folder to serve."""
    extract, areas, into = folder / "hostile.opl", folder / "areas.geojson", folder / "data"
    extract.write_text(_opl(on_foot), encoding="utf-8")
    areas.write_text(_areas(), encoding="utf-8")
    build(CODE, extract, areas, into, load_categories(categories_path()))
    return into
