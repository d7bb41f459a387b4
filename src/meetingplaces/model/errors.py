"""The one tree of errors. Each carries facts; `ui` and `cli` choose the sentence from the text catalogue."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(eq=False)
class MeetingPlacesError(Exception):
    """Root of every error of ours.

    `code` names the sentence in the text catalogue (`error_<code>`); the dataclass fields are its placeholders.
    `retryable` tells whether trying the same thing again makes sense.
    """

    code: ClassVar[str] = "unexpected"
    retryable: ClassVar[bool] = False

    def facts(self) -> dict[str, str]:
        """The facts by name, as text, ready to fill a sentence."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(f"{name}={value}" for name, value in self.facts().items())


@dataclass(eq=False)
class InputError(MeetingPlacesError):
    """A file holds something else than it should: which file, where in it, what was expected, what was found."""

    code: ClassVar[str] = "input"

    file: str
    where: str
    expected: str
    found: str


class MissingFileError(InputError):
    """The file or folder is not there, or may not be read."""

    code: ClassVar[str] = "missing_file"


class FormatError(InputError):
    """The file is not of the kind it should be, or breaks off."""

    code: ClassVar[str] = "format"


class SchemaError(InputError):
    """A table or a setting misses something or holds a value that is not allowed."""

    code: ClassVar[str] = "schema"


class CrsError(InputError):
    """The coordinates are not in a reference system we know."""

    code: ClassVar[str] = "crs"


@dataclass(eq=False)
class UnknownMunicipalityError(MeetingPlacesError):
    """The areas file holds no neighbourhood of the municipality asked for."""

    code: ClassVar[str] = "unknown_municipality"

    municipality_code: str
    file: str
    present: str


@dataclass(eq=False)
class UnknownNeighbourhoodError(MeetingPlacesError):
    """The bundle holds no such neighbourhood."""

    code: ClassVar[str] = "unknown_neighbourhood"

    neighbourhood_code: str
    municipality_code: str


@dataclass(eq=False)
class ExtentMismatchError(MeetingPlacesError):
    """The extract holds no data where the municipality lies."""

    code: ClassVar[str] = "extent_mismatch"

    municipality: str
    municipality_bounds: str
    extract: str
    extract_bounds: str


@dataclass(eq=False)
class BundleMissingError(MeetingPlacesError):
    """There is no bundle for this municipality in the data folder."""

    code: ClassVar[str] = "bundle_missing"

    municipality_code: str
    folder: str


@dataclass(eq=False)
class NoWalkingError(MeetingPlacesError):
    """The bundle knows of no homes and no streets, so nothing about walking can be said."""

    code: ClassVar[str] = "no_walking"

    municipality_code: str
    folder: str


@dataclass(eq=False)
class UnknownCategoryError(MeetingPlacesError):
    """What was given is not the key of a kind of place that one can walk to."""

    code: ClassVar[str] = "unknown_category"

    category: str
    known: str


@dataclass(eq=False)
class UnknownProfileError(MeetingPlacesError):
    """The norms know of nobody who walks like that."""

    code: ClassVar[str] = "unknown_profile"

    profile: str
    known: str


@dataclass(eq=False)
class UnknownSourceError(MeetingPlacesError):
    """The registry of municipal datasets has no such source."""

    code: ClassVar[str] = "unknown_source"

    source_id: str
    known: str


@dataclass(eq=False)
class OutsideDataError(MeetingPlacesError):
    """A position lies where the bundle holds no data. It does not say which: a position is nobody else's business."""

    code: ClassVar[str] = "outside_data"

    municipality: str
    bounds: str


@dataclass(eq=False)
class NoSiteError(MeetingPlacesError):
    """The address of the site is not set, so no link to it can be made."""

    code: ClassVar[str] = "no_site"

    setting: str


@dataclass(eq=False)
class FileTooLargeError(MeetingPlacesError):
    """The file would be larger than what is promised."""

    code: ClassVar[str] = "file_too_large"

    found_kb: int
    most_kb: int


@dataclass(eq=False)
class DecisionMissingError(MeetingPlacesError):
    """There is no decision with this number that still holds."""

    code: ClassVar[str] = "decision_missing"

    number: int
    file: str
    present: str


@dataclass(eq=False)
class PersonalColumnError(MeetingPlacesError):
    """A column that looks personal was asked for; `reason` is one of `model.own_list.PERSONAL`."""

    code: ClassVar[str] = "personal_column"

    file: str
    column: str
    reason: str


@dataclass(eq=False)
class UnknownRecordError(MeetingPlacesError):
    """The bundle holds no record with this name, of OpenStreetMap or of a municipality."""

    code: ClassVar[str] = "unknown_record"

    record_id: str
    municipality_code: str


@dataclass(eq=False)
class UnknownOwnListError(MeetingPlacesError):
    """The municipality has no own list with this name."""

    code: ClassVar[str] = "unknown_own_list"

    source_id: str
    municipality_code: str
    present: str


class BundleBrokenError(InputError):
    """A bundle is there but does not say what its manifest promises."""

    code: ClassVar[str] = "bundle_broken"


@dataclass(eq=False)
class BundleBusyError(MeetingPlacesError):
    """Another process is writing this bundle."""

    code: ClassVar[str] = "bundle_busy"
    retryable: ClassVar[bool] = True

    municipality_code: str
    folder: str


@dataclass(eq=False)
class EarlierKeptError(MeetingPlacesError):
    """Another bundle of the same date was kept before, or what was kept is broken; it is not overwritten."""

    code: ClassVar[str] = "earlier_kept"

    municipality_code: str
    date: str
    folder: str


@dataclass(eq=False)
class FrozenFullError(MeetingPlacesError):
    """As many editions of a municipality are kept for links as the server is set to; none is dropped for another."""

    code: ClassVar[str] = "frozen_full"

    municipality_code: str
    most: int
    folder: str


@dataclass(eq=False)
class ScreenError(MeetingPlacesError):
    """What is to be exported does not hang together: which part of it, what was expected, what was found."""

    code: ClassVar[str] = "screen"

    part: str
    expected: str
    found: str


@dataclass(eq=False)
class UnknownPlaceError(MeetingPlacesError):
    """The bundle holds no such place, or it is an amenity."""

    code: ClassVar[str] = "unknown_place"

    place_id: str


@dataclass(eq=False)
class PlaceInWaterError(MeetingPlacesError):
    """A place that might come lies in water; degrees, EPSG:4326."""

    code: ClassVar[str] = "place_in_water"

    category: str
    longitude: float
    latitude: float


@dataclass(eq=False)
class NoStreetNearError(MeetingPlacesError):
    """No street comes within `limit_m` of a place that might come, or only across water or a railway.

    `nearest_m` is how far the nearest street is as the crow flies; degrees, EPSG:4326.
    """

    code: ClassVar[str] = "no_street_near"

    category: str
    longitude: float
    latitude: float
    limit_m: int
    nearest_m: str


@dataclass(eq=False)
class NoMunicipalityHereError(MeetingPlacesError):
    """A position asked on the command line lies in none of the municipalities there are bundles of."""

    code: ClassVar[str] = "no_municipality_here"

    longitude: float
    latitude: float
    folder: str
