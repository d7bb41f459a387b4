import re

import pytest
from map_view import KAMPEN, TOWN_CENTRE, MapView
from playwright.sync_api import expect

HEADERS = {
    "content-security-policy": "default-src 'self'", "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "strict-origin-when-cross-origin", "permissions-policy": "geolocation=(self)",
}  # fmt: skip
TRACEBACK = re.compile(r"Traceback|File \"|site-packages|line \d+, in ")


@pytest.mark.parametrize("link", ["/", f"/kaart?gemeente={KAMPEN}&buurt={TOWN_CENTRE}", "/bronnen"])
def test_a_deep_link_works_as_the_first_request_of_a_fresh_server(serve, new_page, link):
    page = new_page()
    page.goto(serve().url + link)
    if link == "/bronnen":
        expect(page.get_by_role("heading", name="Bronnen", level=1)).to_be_visible(timeout=30_000)
        expect(page.get_by_text("OpenStreetMap").first).to_be_visible()
    else:
        view = MapView(page).drawn()
        expect(view.heading).to_contain_text("Binnenstad Kampen" if "buurt" in link else "in Kampen")
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_health_names_the_bundles_that_can_be_read(server):
    answer = server.get("/healthz")
    assert answer.status == 200
    assert KAMPEN in answer.text


@pytest.mark.parametrize("path", ["/", "/bronnen", "/healthz", "/_stcore/health", "/nergens"])
def test_every_answer_carries_the_security_headers(server, path):
    headers = server.get(path).headers
    assert {name: value for name, value in HEADERS.items() if not headers.get(name, "").startswith(value)} == {}


@pytest.mark.parametrize(
    "path",
    ["/%00", "/static/../app.py", "/media/x", "/component/x/../../../cli/__init__.py", "/component/x/..%2f..%2fapp.py"],
)  # fmt: skip
def test_an_odd_path_gives_no_file_and_no_traceback(server, path):
    answer = server.get(path)
    assert answer.status < 500 or answer.status == 501
    assert not TRACEBACK.search(answer.text)
    assert "schema_version" not in answer.text
    assert "argparse" not in answer.text


def test_of_a_bundle_only_the_drawings_can_be_fetched(new_page, server):
    page, asked = new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    MapView(page).goto(server.url)
    folder = next(url for url in asked if "/shapes-" in url).rpartition("/")[0].removeprefix(server.url)
    for name in (
        "bundle.json",
        "../bundle.json",
        "..%2fbundle.json",
        "%2e%2e/bundle.json",
        "../../categories.yaml",
        "",
    ):
        assert server.get(f"{folder}/{name}").status in {400, 403, 404}, name


def test_a_second_visit_fetches_no_component_file_again(contexts, server):
    context, asked = contexts(size=(1281, 800)), []
    for _ in range(2):
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        asked.clear()
        devtools.on("Network.responseReceived", lambda event: asked.append(event["response"]))
        MapView(page).goto(server.url)
        page.close()
    again = [one["url"] for one in asked if "/component/" in one["url"] and not one.get("fromDiskCache")]
    assert [url for url in again if ".html" not in url] == []


def test_an_absent_component_file_is_not_kept(server):
    answer = server.get("/component/meetingplaces.ui.served.assets/absent.js?0123abcd")
    assert answer.status == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_both_pages_ask_no_host_but_their_own(new_page, server):
    page, asked = new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    view = MapView(page).goto(f"{server.url}/?gemeente={KAMPEN}&buurt={TOWN_CENTRE}")
    view.entries.first.click()
    expect(view.popup).to_be_visible()
    view.choose_area("Brunnepe")
    page.get_by_role("button", name="Over de gegevens").click()
    page.get_by_role("menuitem", name="Bronnen").click()
    expect(page.get_by_role("heading", name="Bronnen", level=1)).to_be_visible()
    own = (server.url + "/", server.url.replace("http", "ws") + "/", f"blob:{server.url}", "data:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert any(url.startswith("ws") for url in asked), "the websocket has to be among what was seen"


def test_nothing_on_either_page_fails_to_load_or_logs_an_error(new_page, server):
    page, problems = new_page(), []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda answer: problems.append(answer.url) if answer.status >= 400 else None)
    MapView(page).goto(f"{server.url}/?gemeente={KAMPEN}&buurt={TOWN_CENTRE}").entries.first.click()
    page.get_by_role("button", name="Over de gegevens").click()
    page.get_by_role("menuitem", name="Bronnen").click()
    expect(page.get_by_role("heading", name="Bronnen", level=1)).to_be_visible()
    assert problems == []


def test_plain_streamlit_run_works_as_well(serve, new_page):
    view = MapView(new_page()).goto(serve(with_streamlit=True).url + f"/?gemeente={KAMPEN}&buurt={TOWN_CENTRE}")
    expect(view.heading).to_contain_text("Binnenstad Kampen")
    view.entries.first.click()
    expect(view.details).to_be_visible()
    expect(view.page.locator("html")).to_have_attribute("lang", "nl")


def test_the_log_is_one_json_object_per_line(server):
    server.get("/")
    assert not TRACEBACK.search(server.log())
