"""A planner's page as a visitor handles it. Every wait is for something on screen."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from map_view import IDLE, MAP_FRAME
from playwright.sync_api import FrameLocator, Locator, Page, expect

WITH_MAP = ("dekking", "witte-vlekken", "wie-treft-wie", "wat-als", "crisis-en-weer")
PAGES = (*WITH_MAP, "open-en-dicht", "vergelijken", "waar-eerst")
BEST = "5.929190_52.534535_library"
"""Where one more indoor place helps most people of Kampen."""


@dataclass
class PlannerView:
    """The page in one browser tab; `name` is its address."""

    page: Page
    url: str

    def goto(self, name: str, query: str = "") -> "PlannerView":
        self.page.goto(f"{self.url}/{name}?{query}")
        return self.settled(has_map=name in WITH_MAP)

    def settled(self, *, has_map: bool = False) -> "PlannerView":
        """Wait until nothing runs and the map, if there is one, is drawn."""
        self.page.wait_for_timeout(150)
        expect(self.page.locator(IDLE)).to_be_attached(timeout=30_000)
        expect(self.page.locator(".sources").first).to_be_visible(timeout=30_000)
        if has_map or self.page.locator(MAP_FRAME).count():
            expect(self.map.locator("html")).to_have_attribute("data-drawn", re.compile(r"^\d+$"), timeout=30_000)
        return self

    @property
    def map(self) -> FrameLocator:
        return self.page.frame_locator(MAP_FRAME)

    def in_map(self, script: str) -> Any:
        """The value of a JavaScript expression inside the map's frame."""
        frame = self.page.locator(MAP_FRAME).element_handle().content_frame()
        assert frame is not None
        return frame.evaluate(script)

    @property
    def answer(self) -> Locator:
        return self.page.locator(".answer")

    def rows(self, table: int = 0) -> list[list[str]]:
        """The cells of a table as they read, its head first."""
        return self.page.locator("table.figures").nth(table).locator("tr").evaluate_all(
            "rows => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim()))"
        )  # fmt: skip

    def areas_drawn(self) -> list[tuple[str, str]]:
        """The fill of every neighbourhood on the map, and what is told of it when it is pointed at."""
        return self.in_map(
            "window.meetingMap.planning.areas.getLayers()"
            ".map((one) => [one.options.fillColor, one.getTooltip()._content(one).textContent])"
        )

    def point_of(self, longitude: float, latitude: float) -> dict[str, float]:
        """Where a spot is inside the map's frame, in pixels."""
        return self.in_map(f"window.meetingMap.map.latLngToContainerPoint([{latitude}, {longitude}])")

    def legend(self) -> list[tuple[str, str]]:
        """Colours and labels of the first legend."""
        return self.page.locator("ul.legend").first.locator("li").evaluate_all(
            "all => all.map((one) => [getComputedStyle(one.querySelector('.classes')).backgroundColor, one.innerText])"
        )  # fmt: skip

    def choose(self, label: str, option: str) -> None:
        box = self.page.get_by_role("combobox", name=label)
        box.click()
        box.fill(option)
        self.page.get_by_role("option", name=option, exact=True).first.click()
        self.settled()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()
        self.settled()

    def download(self, name: str, into: Path, number: int = 0) -> Path:
        """What the download button with this name gives, kept under its own name."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("button", name=name, exact=True).nth(number).click()
        path = into / coming.value.suggested_filename
        coming.value.save_as(path)
        return path
