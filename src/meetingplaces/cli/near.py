"""`near`: where somebody can go from where she is."""

from __future__ import annotations

import argparse
import re
from typing import Any

from meetingplaces.cli.arguments import add_data, data_of, municipality_code
from meetingplaces.cli.output import print_json
from meetingplaces.storage.locations import categories_path, norms_path

_POSITION = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]+)?),(-?[0-9]{1,2}(?:\.[0-9]+)?)")
# Those of `metrics.near.Wish`, which takes a second to import.
_WISHES = ("no_purchase", "toilet", "seat", "coffee", "play", "dog")


def add_near(commands: Any) -> None:
    """The options of `near`."""
    near = commands.add_parser("near", help="places near a position, nearest first, and whether they fit")
    near.add_argument("position", type=position, metavar="LON,LAT", help="in degrees, such as 5.9142,52.5581")
    near.add_argument(
        "--municipality", type=municipality_code, metavar="GM0166", help="default: the one the position lies in"
    )
    near.add_argument("--open-at", metavar="TIME", help="open then, such as 2026-11-22T15:00 (Dutch time)")
    near.add_argument("--profile", metavar="P", help="who walks, as in norms.yaml: adult, rollator, ...")
    near.add_argument("--setting", choices=("indoor", "outdoor", "sheltered"), help="only places of this setting")
    near.add_argument("--free", action="store_true", help="only places where one does not pay")
    near.add_argument("--wheelchair", action="store_true", help="only places that a wheelchair can enter")
    near.add_argument(
        "--wish", choices=_WISHES, action="append", default=[], help="what there should be; repeat for more"
    )
    near.add_argument("--json", action="store_true", help="as JSON")
    add_data(near)
    near.set_defaults(run=_near)


def position(text: str) -> tuple[float, float]:
    """Longitude and latitude in degrees."""
    found = _POSITION.fullmatch(text)
    if found is None or abs(float(found[1])) > 180 or abs(float(found[2])) > 90:
        raise argparse.ArgumentTypeError(f"{text!r} is not a longitude and latitude in degrees, such as 5.9142,52.5581")
    return float(found[1]), float(found[2])


def _near(options: argparse.Namespace) -> None:
    from meetingplaces.metrics.near import Asked  # noqa: PLC0415
    from meetingplaces.metrics.selection import ANY_SETTING  # noqa: PLC0415
    from meetingplaces.model.categories import load_categories  # noqa: PLC0415
    from meetingplaces.model.norms import load_norms  # noqa: PLC0415
    from meetingplaces.storage.bundle import open_bundle  # noqa: PLC0415
    from meetingplaces.ui.near.report import bundle_at, near_lines, near_report  # noqa: PLC0415
    from meetingplaces.ui.settings import dutch_moment  # noqa: PLC0415

    folder = data_of(options)
    moment = dutch_moment(options.open_at, "--open-at") if options.open_at else None
    bundle = open_bundle(folder, options.municipality) if options.municipality else bundle_at(folder, *options.position)
    asked = Asked(
        settings=frozenset([options.setting]) if options.setting else ANY_SETTING, free=options.free,
        wheelchair=options.wheelchair, wishes=frozenset(options.wish),
    )  # fmt: skip
    report = near_report(
        bundle, options.position, asked, load_categories(categories_path()), load_norms(norms_path()),
        moment=moment, profile=options.profile,
    )  # fmt: skip
    if options.json:
        print_json(report)
    else:
        print("\n".join(near_lines(report)))
