import shutil

import pytest
from map_view import KAMPEN, LINK, MapView
from playwright.sync_api import expect
from samples import MUNICIPALITY, municipality_files

from meetingplaces.pipeline.build import build

PROBLEM = "stAlert"


def expect_a_sentence(page, sentence):
    alert = page.get_by_test_id(PROBLEM)
    expect(alert).to_contain_text(sentence, timeout=30_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    for trace in ("Traceback", "site-packages", ".py", "/tmp"):
        expect(page.get_by_test_id("stMain")).not_to_contain_text(trace)


@pytest.fixture
def own_data(built_bundle, tmp_path):
    """A copy of the small bundle, to be changed."""
    return shutil.copytree(built_bundle.folder.parent, tmp_path / "data")


def test_an_empty_data_folder_is_unhealthy_and_says_so_in_a_sentence(serve, new_page, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    server = serve(data=empty)
    assert server.get("/healthz").status == 503
    page = new_page()
    page.goto(server.url)
    expect_a_sentence(page, "Er zijn nog geen gegevens")
    page.goto(f"{server.url}/bronnen")
    expect_a_sentence(page, "Er zijn nog geen gegevens")


def test_a_damaged_bundle_is_unhealthy_and_says_so_in_a_sentence(serve, new_page, own_data):
    places = next((own_data / MUNICIPALITY).glob("places-*.parquet"))
    places.write_bytes(places.read_bytes()[:-100])
    server = serve(data=own_data)
    answer = server.get("/healthz")
    assert answer.status == 503
    assert "bundle_broken" in answer.text
    page = new_page()
    page.goto(server.url)
    expect_a_sentence(page, "beschadigd")


def test_a_manifest_that_is_not_json_is_unhealthy_and_says_so_in_a_sentence(serve, new_page, own_data):
    (own_data / MUNICIPALITY / "bundle.json").write_text("{")
    server = serve(data=own_data)
    assert server.get("/healthz").status == 503
    page = new_page()
    page.goto(server.url)
    expect_a_sentence(page, "gegevens")


def test_one_damaged_bundle_leaves_the_others_in_service(serve, new_page, own_data, hostile_data):
    shutil.copytree(hostile_data / KAMPEN, own_data / KAMPEN)
    (own_data / KAMPEN / "bundle.json").write_text("{")
    server = serve(data=own_data)
    assert server.get("/healthz").status == 200
    expect(MapView(new_page()).goto(server.url).heading).to_contain_text("Driedorp")


def test_a_bundle_replaced_while_serving_is_shown_at_the_next_interaction(
    serve, new_page, own_data, tmp_path, categories
):
    view = MapView(new_page()).goto(serve(data=own_data).url)
    before = int(view.page.locator("ul[data-count]").get_attribute("data-count"))
    osm, areas = municipality_files(tmp_path / "files")
    build(MUNICIPALITY, extended(osm), areas, own_data, categories)
    view.toggle_setting("Overdekt")
    view.toggle_setting("Overdekt")
    view.drawn().expect_count(before + 1)
    assert "Nieuw buurthuis" in " ".join(view.entries.all_inner_texts())


def test_a_page_opened_before_the_bundle_was_replaced_can_still_fetch_its_drawings(
    serve, own_data, tmp_path, categories
):
    server = serve(data=own_data)
    server.get(LINK)
    before = next((own_data / MUNICIPALITY / "drawings").glob("shapes-*.json")).name
    osm, areas = municipality_files(tmp_path / "files")
    build(MUNICIPALITY, extended(osm), areas, own_data, categories)
    assert (own_data / MUNICIPALITY / "drawings" / before).is_file()


def extended(osm):
    """The same extract with one more community centre."""
    text = osm.read_text()
    added = "n999999 x5.895 y52.5 Tamenity=community_centre,name=Nieuw%20%buurthuis\n"
    osm.write_text(
        "".join(
            sorted(
                (*text.splitlines(keepends=True), added),
                key=lambda line: ("nwr".find(line[0]), int(line.split()[0][1:])),
            )
        )
    )
    return osm
