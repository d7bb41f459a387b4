from map_view import KAMPEN, LINK, TOWN_CENTRE
from playwright.sync_api import expect


def test_a_changed_view_has_a_short_readable_link_that_restores_it(visit, server):
    view = visit("/")
    view.choose_area("Brunnepe")
    view.toggle_setting("Overdekt")
    view.open_more_filters()
    view.choose_level("Alleen kern")
    view.toggle_restricted()
    view.choose_kind("Speelplek")
    view.drawn().entries.first.click()
    expect(view.details).to_be_visible()
    place = view.page.locator('button.entry[aria-pressed="true"]').get_attribute("data-place")
    view.expect_query(
        gemeente=KAMPEN, buurt="BU01660001", waar="binnen.buiten", soort="playground", niveau="kern", drempel="ja",
        plek=place.replace("/", "-"),
    )  # fmt: skip

    link = view.page.url.removeprefix(server.url)
    again = visit(link)
    assert again.page.url == view.page.url
    assert again.heading.inner_text() == view.heading.inner_text()
    assert again.entries.all_inner_texts() == view.entries.all_inner_texts()
    expect(again.entry(place)).to_have_attribute("aria-pressed", "true")
    expect(again.map.locator(".place.selected")).to_have_count(1)
    expect(again.pill("Overdekt")).to_have_attribute("aria-pressed", "false")
    expect(again.page.get_by_role("combobox", name="Buurt")).to_have_value("Brunnepe")
    again.open_more_filters()
    expect(again.page.get_by_role("radio", name="Alleen kern")).to_be_checked()
    expect(again.page.get_by_role("switch")).to_be_checked()


def test_the_map_of_a_shared_place_shows_that_place(visit):
    place = visit(LINK).entries.nth(3).get_attribute("data-place")
    view = visit(f"{LINK}&plek={place.replace('/', '-')}")
    expect(view.details).to_be_visible()
    expect(view.popup).to_be_visible()
    assert view.in_map("() => { const it = window.meetingMap, marker = it.markers.get(it.view.selected);"
                       " return it.map.getBounds().contains(marker.getLatLng()); }")  # fmt: skip


def test_the_first_view_leaves_the_address_as_it_is(visit, server):
    view = visit("/")
    assert view.page.url == f"{server.url}/"


def test_defaults_leave_the_link(visit, server):
    view = visit(f"{LINK}&waar=buiten&drempel=ja&niveau=kern")
    view.toggle_setting("Binnen")
    view.toggle_setting("Overdekt")
    view.open_more_filters()
    view.choose_level("Ook bijkomend")
    view.toggle_restricted()
    view.choose_area("Hele gemeente")
    view.page.wait_for_url(f"{server.url}/")
    assert view.query == {}


def test_a_link_that_spells_out_defaults_is_understood(visit):
    view = visit(f"/?gemeente={KAMPEN}&niveau=bijkomend&drempel=nee&waar=binnen.buiten.overdekt")
    expect(view.page.get_by_text("Een deel van de link")).to_have_count(0)
    view.expect_query()


def test_junk_in_a_link_falls_back_with_a_notice_and_runs_nothing(visit):
    view = visit(
        "/?gemeente=XX&buurt=<script>window.hacked=1</script>&waar=foo&soort=<img src=x onerror=window.hacked=2>"
        "&plek=osm-n1&niveau=%00&drempel=misschien&zzz=1&**vet**=1"
    )
    notice = view.page.get_by_text("Een deel van de link begrepen we niet")
    expect(notice).to_be_visible()
    expect(notice.locator("strong")).to_have_count(0)
    assert view.page.evaluate("window.hacked") is None
    expect(view.heading).to_contain_text("in Kampen")
    expect(view.page.get_by_role("combobox", name="Buurt")).to_have_value("Hele gemeente")
    expect(view.details).to_have_count(0)


def test_what_was_understood_of_a_half_broken_link_is_kept(visit):
    view = visit(f"{LINK}&waar=foo&niveau=kern")
    expect(view.page.get_by_text("Een deel van de link begrepen we niet")).to_contain_text("waar")
    expect(view.heading).to_contain_text("Binnenstad Kampen")
    view.open_more_filters()
    expect(view.page.get_by_role("radio", name="Alleen kern")).to_be_checked()


def test_back_restores_the_view_before_the_last_change(visit):
    view = visit(LINK)
    before = view.heading.inner_text()
    view.toggle_setting("Buiten")
    expect(view.heading).not_to_have_text(before)
    view.expect_query(gemeente=KAMPEN, buurt=TOWN_CENTRE, waar="binnen.overdekt")
    view.page.go_back()
    expect(view.heading).to_have_text(before)
    expect(view.pill("Buiten")).to_have_attribute("aria-pressed", "true")
    view.page.go_forward()
    expect(view.heading).not_to_have_text(before)
    expect(view.pill("Buiten")).to_have_attribute("aria-pressed", "false")


def test_the_view_is_kept_when_visiting_the_sources_and_returning(visit):
    view = visit(f"{LINK}&waar=buiten")
    before = view.heading.inner_text()
    view.page.get_by_role("button", name="Over de gegevens").click()
    view.page.get_by_role("menuitem", name="Bronnen").click()
    expect(view.page.get_by_role("heading", name="Bronnen", level=1)).to_be_visible()
    view.page.get_by_role("link", name="Kaart").click()
    view.drawn()
    expect(view.heading).to_have_text(before)
    expect(view.pill("Binnen")).to_have_attribute("aria-pressed", "false")


def test_an_address_that_is_no_page_leads_to_the_map_and_says_so_in_dutch(new_page, server):
    page = new_page()
    page.goto(f"{server.url}/onzin?gemeente={KAMPEN}")
    expect(page.get_by_role("dialog", name="Deze pagina is er niet")).to_contain_text("U ziet nu de kaart")
    page.get_by_role("button", name="Sluiten").click()
    expect(page.get_by_role("heading", name="Ontmoetingskaart")).to_be_visible()
