"""The offline page as a file: what is in it, that nothing in it can run or call out, and how large it is."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from kit_samples import SITE, links_in, made, opened, repeated, with_places
from samples import WEST

from meetingplaces.export.offline import MOST_BYTES
from meetingplaces.model.errors import FileTooLargeError, NoSiteError
from meetingplaces.model.places import TEXT_COLUMNS
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import app_folder
from meetingplaces.ui.loaded import LoadedBundle


class Elements(HTMLParser):
    """Every tag with its attributes, and all text outside of style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self._inside = "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside not in {"style", "script"}:
            self.text += data


@pytest.fixture(scope="module")
def driedorp(built_bundle):
    return LoadedBundle.of(built_bundle)


def page_of(loaded, categories, **options):
    return made(loaded, categories, "html", **options).decode()


def test_the_page_has_every_place_with_its_facts_and_sources(driedorp, categories):
    page = Elements(page_of(driedorp, categories, neighbourhood=WEST, restricted=True))
    rows = driedorp.places[driedorp.members[WEST] & (driedorp.places["weight"] != "amenity")]
    assert [name for name in rows["name"].dropna() if name not in page.text] == []
    assert "ma t/m vr 10:00-17:00" in page.text
    assert "© OpenStreetMap contributors" in page.text
    assert sum(tag == "li" and "data-kind" in of for tag, of in page.tags) == len(rows)


def test_the_page_asks_for_nothing_and_runs_only_its_own_script(driedorp, categories):
    page = Elements(page_of(driedorp, categories, neighbourhood=WEST, site=SITE))
    (policy,) = (of["content"] for tag, of in page.tags if tag == "meta" and "http-equiv" in of)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    loading = [of for tag, of in page.tags if tag in {"script", "img", "link", "iframe", "image"}]
    loaded = [address for of in loading if (address := of.get("src") or of.get("href"))]
    assert loaded == ["data:,"]
    assert not [of for _, of in page.tags if any(name.startswith("on") or name == "style" for name in of)]


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "</script><script>alert(1)", "javascript:alert(1)",
     "{{ 7*7 }} {% raw %}", "' onmouseover='alert(1)", "a\x00b\x07c \u202edef", "W" * 5000],
)  # fmt: skip
def test_hostile_text_stays_text(driedorp, categories, text):
    columns = {name: pd.Series([text] * len(driedorp.places), dtype="str") for name in TEXT_COLUMNS}
    attacked = with_places(driedorp, **columns)
    attacked = replace(attacked, neighbourhoods=attacked.neighbourhoods.assign(neighbourhood_name=text))
    clean = Elements(page_of(driedorp, categories, neighbourhood=WEST))
    page = Elements(page_of(attacked, categories, neighbourhood=WEST))
    kinds = {tag for tag, _ in page.tags}
    assert kinds == {tag for tag, _ in clean.tags}
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not [of for _, of in page.tags if any(name.startswith("on") for name in of)]
    assert not [of for _, of in page.tags if (of.get("href") or "").lower().startswith("javascript")]
    assert re.sub(r"[\x00-\x1f\u202e]", "", text) in page.text


def test_the_whole_of_kampen_stays_below_two_megabytes(categories):
    kampen = LoadedBundle.of(open_bundle(app_folder() / "mapdata", "GM0166"))
    everything = made(kampen, categories, "html", restricted=True, level="amenity")
    assert len(everything) < MOST_BYTES


def test_a_page_that_would_be_too_large_is_refused_with_advice(driedorp, categories):
    with pytest.raises(FileTooLargeError) as raised:
        made(repeated(driedorp, 300), categories, "html")
    assert raised.value.found_kb > raised.value.most_kb == 2000


def test_no_place_is_said_and_there_is_nothing_to_choose(driedorp, categories):
    page = Elements(page_of(with_places(driedorp, access="customers"), categories, neighbourhood=WEST))
    assert "We kennen hier geen plek" in page.text
    assert not [of for tag, of in page.tags if tag == "li" and "data-kind" in of]


@pytest.mark.parametrize("image", ["png", "svg"])
def test_the_qr_code_has_a_caption_in_both_forms(driedorp, categories, image):
    content = made(driedorp, categories, "qr", neighbourhood=WEST, site=SITE, image=image)
    if image == "png":
        picture = opened(content)
        assert links_in(picture) == [f"{SITE}/?v=1&gemeente=GM9999&buurt={WEST}"]
        below = picture.crop((0, round(picture.height * 0.8), picture.width, picture.height)).convert("L")
        assert below.getextrema()[0] < 60
    else:
        assert content.decode().count("<use") > 20  # the letters of the caption, as shapes


def test_there_is_no_qr_code_without_a_site(driedorp, categories):
    with pytest.raises(NoSiteError):
        made(driedorp, categories, "qr")
