"""What goes with the numbers into every file: what was chosen, what columns mean, where data comes from."""

from __future__ import annotations

from collections.abc import Iterable

from meetingplaces.export.clean import clean
from meetingplaces.export.screen import Screen
from meetingplaces.model.provenance import Provenance


def credit(sources: Iterable[Provenance]) -> str:
    """The attribution of the sources with their licences, as one line."""
    return "; ".join(clean(f"{source.attribution}, {source.licence}") for source in sources)


def about_rows(screen: Screen) -> list[tuple[str, str]]:
    """Title, moment and address of the view, then what was chosen, as label and value."""
    words = screen.words
    rows = [(words.title, screen.title), (words.made_at, screen.made_at_written), (words.link, screen.link)]
    return [(clean(label), clean(value)) for label, value in (*rows, *screen.facts)]


def method_rows(screen: Screen) -> list[tuple[str, str]]:
    """How the numbers are made, as label and text."""
    return [(clean(label), clean(text)) for label, text in screen.method]


def definition_rows(screen: Screen) -> list[tuple[str, str, str]]:
    """Label, key and meaning of each column."""
    return [(clean(column.label), column.key, clean(column.definition)) for column in screen.columns]


def source_head(screen: Screen) -> tuple[str, ...]:
    """The head of `source_rows`."""
    words = screen.words
    return words.source, words.attribution, words.licence, words.data_as_of, words.retrieved_at, words.checksum


def source_rows(screen: Screen) -> list[tuple[str, ...]]:
    """Title, attribution, licence with its address, day of the data, day of retrieval and SHA-256 of each source."""
    return [
        tuple(
            clean(text)
            for text in (
                source.title,
                source.attribution,
                f"{source.licence}, {source.licence_url}",
                screen.day(source.data_as_of),
                screen.day(source.retrieved_at.isoformat()),
                source.sha256,
            )
        )
        for source in screen.sources
    ]


def source_line(screen: Screen) -> str:
    """The sources with licence and day of the data, as one line to stand under a drawing."""
    told = (
        f"{source.attribution} ({source.licence}; {screen.words.data_as_of.lower()} {screen.day(source.data_as_of)})"
        for source in screen.sources
    )
    return clean(f"{screen.words.sources}: {'; '.join(told)}")
