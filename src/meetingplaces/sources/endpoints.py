"""Where the services are and who we say we are: defaults from their contracts, overridable by one YAML file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FilePath, ValidationError

from meetingplaces.model.settings_file import read_settings, settings_error

ENDPOINTS_VARIABLE = "MEETINGPLACES_ENDPOINTS"
CONTACT_VARIABLE = "MEETINGPLACES_CONTACT"


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not a web address that starts with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("may not hold a user name or password")
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OverpassEndpoints(_Strict):
    """The Overpass servers in the order in which they are tried."""

    mirrors: Annotated[tuple[WebAddress, ...], Field(min_length=1)] = (
        "https://overpass-api.de/api/interpreter",
        "https://overpass.private.coffee/api/interpreter",
    )


class GeofabrikEndpoints(_Strict):
    """Where the extracts of provinces are listed, with their outlines."""

    index: WebAddress = "https://download.geofabrik.de/index-v1.json"


def _web_address_or_file(text: str) -> str:
    return _web_address(text) if "://" in text else text


class CbsEndpoints(_Strict):
    """Where the neighbourhoods with their figures are.

    `areas` is one web address or a file on this machine; where it is not set, PDOK is asked for the `edition`: by its
    lists of downloads, tried in this order (from 2026 on PDOK names its folders in another way), else by the
    collections of its OGC API. `{year}` stands for the edition.
    """

    areas: Annotated[str, AfterValidator(_web_address_or_file)] | None = None
    edition: Annotated[int, Field(ge=2021, le=2199)] = 2024
    downloads: Annotated[tuple[WebAddress, ...], Field(min_length=1)] = (
        "https://service.pdok.nl/cbs/wijkenbuurten/{year}/atom/index.xml",
        "https://service.pdok.nl/cbs/wijken-en-buurten-{year}/atom/index.xml",
    )
    collections: WebAddress = "https://api.pdok.nl/cbs/wijken-en-buurten-{year}/ogc/v1/collections"


class StatlineEndpoints(_Strict):
    """Where StatLine is, and which table holds the key figures of which year; the last one is provisional."""

    api: WebAddress = "https://opendata.cbs.nl/ODataApi/odata"
    tables: dict[int, str] = {2022: "85318NED", 2023: "85618NED", 2024: "85984NED", 2025: "86165NED"}


class HealthEndpoints(_Strict):
    """Where the estimates of RIVM are; `areas_year` is the edition of the areas, whichever year a figure is about."""

    api: WebAddress = "https://dataderden.cbs.nl/ODataApi/odata"
    table: str = "50150NED"
    years: tuple[int, ...] = (2024, 2022)
    areas_year: int = 2024


class LocatieserverEndpoints(_Strict):
    """Where addresses are looked up. Without `suggest` (`null`), nothing that a visitor types is sent there."""

    free: WebAddress = "https://api.pdok.nl/bzk/locatieserver/search/v3_1/free"
    suggest: WebAddress | None = "https://api.pdok.nl/bzk/locatieserver/search/v3_1/suggest"
    lookup: WebAddress = "https://api.pdok.nl/bzk/locatieserver/search/v3_1/lookup"


class Endpoints(_Strict):
    """Everything on the network that we may talk to, and how a server can reach the one who runs this.

    `private_hosts` are the names, or name:port, that may lie inside our own network; any other name that turns out
    to point there is refused. All but these are asked through the `proxy` where one is set. `certificates` is a PEM
    file of the authorities to believe, instead of those that come with the program.
    """

    contact: Annotated[str, Field(pattern=r"^[\x20-\x7e]{0,200}$")] = ""
    private_hosts: frozenset[str] = frozenset()
    proxy: WebAddress | None = None
    certificates: FilePath | None = None
    overpass: OverpassEndpoints = OverpassEndpoints()
    geofabrik: GeofabrikEndpoints = GeofabrikEndpoints()
    cbs: CbsEndpoints = CbsEndpoints()
    statline: StatlineEndpoints = StatlineEndpoints()
    health: HealthEndpoints = HealthEndpoints()
    locatieserver: LocatieserverEndpoints = LocatieserverEndpoints()


def load_endpoints(environment: Mapping[str, str] = os.environ) -> Endpoints:
    """The defaults, overridden by the file that `MEETINGPLACES_ENDPOINTS` names and by `MEETINGPLACES_CONTACT`.

    Raises
    ------
    MissingFileError, FormatError, SchemaError
        The file is not there, is no YAML, or holds a key or value that is not allowed.
    """
    named = environment.get(ENDPOINTS_VARIABLE)
    path = Path(named) if named else Path(CONTACT_VARIABLE)
    content = (read_settings(path) or {}) if named else {}
    try:
        settings = Endpoints.model_validate(content)
        contact = environment.get(CONTACT_VARIABLE) or settings.contact
        return Endpoints.model_validate({**settings.model_dump(), "contact": contact})
    except ValidationError as error:
        raise settings_error(path, error) from error
