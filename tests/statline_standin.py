"""StatLine and the tables of RIVM on a local server: padded codes, numbered columns, filters that really filter."""

import json
import re
from collections.abc import Callable
from typing import Any

from fault_server import Asked, FaultServer, Reply

from meetingplaces.sources.endpoints import HealthEndpoints, StatlineEndpoints

KEY_FIGURES = (
    "Gemeentenaam_1", "SoortRegio_2", "Codering_3", "IndelingswijzigingWijkenEnBuurten_4", "AantalInwoners_5",
    "k_0Tot15Jaar_8", "k_15Tot25Jaar_9", "k_65JaarOfOuder_12", "Nederland_17", "EuropaExclusiefNederland_18",
    "BuitenEuropa_19", "HuishoudensTotaal_29", "Eenpersoonshuishoudens_30", "GemiddeldInkomenPerInwoner_78",
    "WmoClienten_93", "WmoClientenRelatief_94",
)  # fmt: skip
HEALTH = ("Eenzaam_25", "SterkEenzaam_26", "EmotioneelEenzaam_27", "SociaalEenzaam_28", "Mantelzorger_30",
          "Vrijwilligerswerk_31")  # fmt: skip


def key_figures(code: str, **figures: Any) -> dict[str, Any]:
    """A row as the service gives it; what is not given is kept secret (null), figures by the start of their column."""
    row: dict[str, Any] = {"ID": 0, "WijkenEnBuurten": f"{code:<10}", **dict.fromkeys(KEY_FIGURES)}
    row |= {"Codering_3": f"{code:<10}", "IndelingswijzigingWijkenEnBuurten_4": "1"}
    return row | {_column(KEY_FIGURES, name): value for name, value in figures.items()}


def health(
    code: str, year: int = 2024, age: str = "20300", **estimates: tuple[float, float, float] | None
) -> list[dict]:
    """Three rows: the estimates as (value, lowest, highest)."""
    rows = []
    for place, margin in enumerate(("MW00000", "MOG0095", "MBG0095")):
        row: dict[str, Any] = {"WijkenEnBuurten": f"{code:<10}", "Leeftijd": age, "Marges": margin}
        row |= {"Perioden": f"{year}JJ00", **dict.fromkeys(HEALTH)}
        told = {_column(HEALTH, name): each[place] for name, each in estimates.items() if each}
        rows.append(row | told)
    return rows


def _column(columns: tuple[str, ...], start: str) -> str:
    (found,) = [name for name in columns if re.fullmatch(rf"{start}_\d+", name)]
    return found


class StatlineStandIn:
    """Tables on a server: `serve` one, and hand `endpoints` to whoever asks."""

    def __init__(self, server: FaultServer) -> None:
        self.server = server
        self.years: dict[int, str] = {}

    def serve(self, table: str, rows: list[dict[str, Any]], columns: tuple[str, ...] | None = None) -> None:
        keys = columns if columns is not None else tuple(rows[0])
        properties = {"value": [{"ID": number, "Key": key} for number, key in enumerate(keys)]}
        self.server.on(f"/odata/{table}/DataProperties", Reply(body=json.dumps(properties).encode()))
        self.server.on(f"/odata/{table}/TypedDataSet", lambda asked: _answer(asked, rows))

    def serve_year(self, year: int, *rows: dict[str, Any]) -> None:
        self.years[year] = f"{year}NED"
        self.serve(self.years[year], list(rows))

    @property
    def endpoints(self) -> dict[str, Any]:
        """Settings for `Endpoints`."""
        api = f"{self.server.url}/odata"
        return {
            "statline": StatlineEndpoints(api=api, tables=self.years),
            "health": HealthEndpoints(api=api, table="50150NED"),
        }


def _answer(asked: Asked, rows: list[dict[str, Any]]) -> Reply:
    holds = _condition(asked.query.get("$filter", ["True"])[0])
    select = asked.query.get("$select", [",".join(rows[0])])[0].split(",")
    found = [{name: row[name] for name in select} for row in rows if holds(row)]
    return Reply(body=json.dumps({"odata.metadata": "x", "value": found}).encode())


def _condition(written: str) -> Callable[[dict[str, Any]], bool]:
    """The filter as a test of a row; `eq` compares with the padding, as the service does."""
    code = re.sub(r"startswith\((\w+),'([^']*)'\)", r"row['\1'].startswith('\2')", written)
    code = re.sub(r"(\w+) eq '([^']*)'", r"row['\1'] == '\2'", code)
    assert re.fullmatch(r"[\w\s'\[\].=()]*", code), code
    return eval(f"lambda row: {code}")
