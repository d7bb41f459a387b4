"""The field for an address on *Dichtbij* as a visitor handles it."""

from map_view import IDLE
from playwright.sync_api import expect


def field(page):
    return page.get_by_role("combobox", name="adres").or_(page.get_by_role("combobox", name="address"))


def status(page):
    return field(page).locator("xpath=../..").locator("[role=status]")


def options(page):
    return page.get_by_role("option")


def typed(page, text):
    """Type it and wait for the suggestions."""
    field(page).click()
    page.keyboard.type(text, delay=20)
    expect(options(page).first).to_be_visible()
    return page


def here(page):
    return page.locator(".here")


def ready(page):
    """Wait until nothing runs, and the list and the field are there."""
    expect(page.locator(IDLE)).to_be_attached(timeout=30_000)
    expect(page.locator("button.entry").first).to_be_visible()
    expect(field(page)).to_be_visible()
    return page
