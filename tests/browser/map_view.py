"""The map page as a visitor handles it. Every wait is for something on screen, never for a number of seconds."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

DESKTOP, PHONE = (1280, 800), (390, 844)
KAMPEN, TOWN_CENTRE = "GM0166", "BU01660000"
LINK = f"/?gemeente={KAMPEN}&buurt={TOWN_CENTRE}"
MAP_FRAME = 'iframe[src*="st_folium"]'
# No script runs, and every part of the page whose code the browser still had to fetch is there.
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]:not(:has([data-testid="stSkeleton"]))'


@dataclass
class MapView:
    """The page in one browser tab."""

    page: Page

    def goto(self, url: str) -> "MapView":
        self.page.goto(url)
        return self.drawn()

    def drawn(self) -> "MapView":
        """Wait until nothing runs, the map is drawn and the list is there (or says that there is none)."""
        expect(self.page.locator(IDLE)).to_be_attached(timeout=30_000)
        expect(self.map.locator("html")).to_have_attribute("data-drawn", re.compile(r"^\d+$"), timeout=30_000)
        expect(self.page.locator("ul[data-count]").or_(self.page.get_by_test_id("stAlert")).first).to_be_visible()
        return self

    @property
    def map(self) -> FrameLocator:
        return self.page.frame_locator(MAP_FRAME)

    @property
    def frame(self) -> Frame:
        handle = self.page.locator(MAP_FRAME).element_handle()
        found = handle.content_frame()
        assert found is not None
        return found

    def in_map(self, script: str) -> Any:
        """The value of a JavaScript expression inside the map's frame."""
        return self.frame.evaluate(script)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query, keep_blank_values=True))

    def expect_query(self, **parameters: str) -> None:
        """The address bar holds exactly these parameters; it is written at the end of a run."""
        wanted = re.escape(urlencode(parameters))
        expect(self.page).to_have_url(re.compile(rf"/\?{wanted}$" if wanted else "/$"))

    # What is on screen

    @property
    def heading(self) -> Locator:
        return self.page.locator("h2.summary")

    @property
    def entries(self) -> Locator:
        return self.page.locator("button.entry")

    def entry(self, place_id: str) -> Locator:
        return self.page.locator(f'button.entry[data-place="{place_id}"]')

    @property
    def markers(self) -> Locator:
        return self.map.locator(".place")

    @property
    def details(self) -> Locator:
        return self.page.locator("section.details")

    @property
    def popup(self) -> Locator:
        return self.map.locator(".leaflet-popup-content")

    def expect_count(self, count: int) -> None:
        """Heading, list and map all hold `count` places (amenities included where they are shown)."""
        if count:
            expect(self.page.locator("ul[data-count]")).to_have_attribute("data-count", str(count))
        expect(self.map.locator("html")).to_have_attribute("data-drawn", str(count))
        told = [int(number.replace(".", "")) for number in re.findall(r"\d[\d.]*", self.heading_numbers())]
        assert sum(told) == count, self.heading.inner_text()
        more = self.page.locator("button.more")
        if count and more.is_visible():
            more.click()
        expect(self.entries).to_have_count(count)
        assert self.in_map("window.meetingMap.cluster.getLayers().length") == count

    def expect_popup(self, title: str) -> None:
        """One popup is open, with this title; the one before it fades away."""
        expect(self.popup.locator("h2")).to_have_text([title])

    def heading_numbers(self) -> str:
        """The heading without the name of the area, which may hold a number too."""
        return self.heading.inner_text().rsplit(" in ", 1)[0]

    # What a visitor does

    def choose_area(self, name: str) -> None:
        self.choose("Buurt", name)

    def choose(self, label: str, option: str) -> None:
        box = self.page.get_by_role("combobox", name=label)
        box.click()
        box.fill(option)
        self.page.get_by_role("option", name=option, exact=True).click()
        self.idle()

    def pill(self, name: str) -> Locator:
        return self.page.get_by_role("toolbar", name="Waar").get_by_role("button", name=name)

    def toggle_setting(self, name: str) -> None:
        self.pill(name).click()
        self.idle()

    def open_more_filters(self) -> None:
        self.page.get_by_text(re.compile(r"Meer filters|More filters")).click()
        expect(self.page.get_by_role("combobox", name=re.compile("Soort plek|Kind of place"))).to_be_visible()

    def choose_kind(self, name: str) -> None:
        box = self.page.get_by_role("combobox", name="Soort plek")
        box.click()
        box.fill(name)
        self.page.get_by_role("option", name=re.compile(rf"^{re.escape(name)} \(")).click()
        self.page.keyboard.press("Escape")
        self.idle()

    def choose_level(self, name: str) -> None:
        self.page.get_by_role("radio", name=name).click()
        self.idle()

    def toggle_restricted(self) -> None:
        self.page.get_by_text("Ook plekken met een drempel").click()
        self.idle()

    def idle(self) -> None:
        """Wait until the page has run for what was done; the run may not have begun yet."""
        self.page.wait_for_timeout(120)
        expect(self.page.locator(IDLE)).to_be_attached()

    def look_at(self, number: int = 0, zoom: int = 18) -> dict[str, Any]:
        """Put place `number` of the list in the middle, so near that nothing is grouped: its `id`, `row`, `label`.

        Markers that come out of a group slide to their place; that is waited for.
        """
        return self.in_map(
            f"""async () => {{
              const it = window.meetingMap, row = it.view.rows[{number}], marker = it.markers.get(row);
              it.map.setView(marker.getLatLng(), {zoom}, {{ animate: false }});
              const at = () => marker._icon ? JSON.stringify(marker._icon.getBoundingClientRect()) : "";
              for (let before = null; before === null || before !== at() || it.cluster._inZoomAnimation;) {{
                before = at();
                await new Promise((done) => setTimeout(done, 60));
              }}
              return {{ row, id: it.places[row].place_id, label: it.title(it.places[row]) }};
            }}"""
        )

    def marker(self, place: dict[str, Any]) -> Locator:
        """The marker of what `look_at` gave."""
        return self.map.get_by_role("button", name=place["label"], exact=True)
