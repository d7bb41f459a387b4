"""Where the services are and who we say we are: defaults from their contracts, overridable by one YAML file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

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
    """Where the neighbourhoods with their figures are: a web address, or a file on this machine."""

    areas: Annotated[str, AfterValidator(_web_address_or_file)] = (
        "https://service.pdok.nl/cbs/wijkenbuurten/2024/atom/downloads/wijkenbuurten_2024.gpkg"
    )


class Endpoints(_Strict):
    """Everything on the network that we may talk to, and how a server can reach the one who runs this.

    `private_hosts` are the names, or name:port, that may lie inside our own network; any other name that turns out
    to point there is refused.
    """

    contact: Annotated[str, Field(pattern=r"^[\x20-\x7e]{0,200}$")] = ""
    private_hosts: frozenset[str] = frozenset()
    overpass: OverpassEndpoints = OverpassEndpoints()
    geofabrik: GeofabrikEndpoints = GeofabrikEndpoints()
    cbs: CbsEndpoints = CbsEndpoints()


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
