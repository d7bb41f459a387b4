"""The page on which a planner adds a list of her own: what she sees of it, and what became of each row."""

import io
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from app_view import button, html_of
from fault_server import Reply
from own_list_samples import CENTRES, HEADINGS, KNOWN, AddressServer
from samples import MUNICIPALITY, municipality_files

from meetingplaces.pipeline.build import build
from meetingplaces.sources.endpoints import ENDPOINTS_VARIABLE
from meetingplaces.storage.decisions import decisions_path
from meetingplaces.storage.locations import DATA_VARIABLE
from meetingplaces.storage.own_lists import own_lists
from meetingplaces.ui.settings import REFRESH_VARIABLE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOSTILE = "<img src=x onerror=alert(1)> **vet** :red[x]"


@pytest.fixture
def data(built_bundle, tmp_path) -> Path:
    return shutil.copytree(built_bundle.folder.parent, tmp_path / "data")


@pytest.fixture
def addresses(monkeypatch, tmp_path):
    """The stand-in for PDOK, known to the app as such."""
    with AddressServer(*KNOWN) as server:
        settings = {"private_hosts": [server.url.removeprefix("http://")],
                    "locatieserver": {"free": f"{server.url}/free"}}  # fmt: skip
        endpoints = tmp_path / "endpoints.yaml"
        endpoints.write_text(json.dumps(settings), encoding="utf-8")
        monkeypatch.setenv(ENDPOINTS_VARIABLE, str(endpoints))
        yield server


@pytest.fixture
def page(opened, data, addresses, monkeypatch):
    """The page where changes are allowed: `page("lijst.csv", text)` has a file uploaded."""
    session = opened()
    monkeypatch.setenv(DATA_VARIABLE, str(data))
    monkeypatch.setenv(REFRESH_VARIABLE, "on")
    session.switch_page("pages/own_list.py").run()

    def upload(name, content, mime="text/csv"):
        session.file_uploader[0].set_value((name, content.encode() if isinstance(content, str) else content, mime))
        return session.run()

    upload.session = session
    return upload


def centres() -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in [HEADINGS, *CENTRES]:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def table(session, caption: str) -> dict[str, list[str]]:
    """The rows of the table with this caption: cells as text by the first of each row."""
    found = re.search(rf"<caption>{caption}.*?</table>", html_of(session))
    assert found, f"there is no table {caption}"
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", found[0])[1:]]
    return {first: [re.sub("<[^>]+>", "", cell) for cell in rest] for first, *rest in rows}


def test_a_public_server_says_that_the_administrator_can_do_it(opened, monkeypatch):
    monkeypatch.delenv(REFRESH_VARIABLE, raising=False)
    session = opened().switch_page("pages/own_list.py").run()
    assert "alleen de beheerder" in session.info[0].value
    assert (list(session.file_uploader), list(session.button)) == ([], [])


def test_of_ten_centres_it_is_told_what_became_of_each(page, data):
    session = page("centra.xlsx", centres(), XLSX)
    assert not session.exception
    assert [one.value for one in (*session.error, *session.caption)] == []
    assert "Contactpersoon" in html_of(session)
    assert "Jansen" not in html_of(session)
    assert "adres nog opzoeken" in table(session, "Alle rijen")["5"][-1]
    button(session, "Adressen opzoeken").click().run()
    placed = {row: cells[-1] for row, cells in table(session, "Alle rijen").items()}
    assert all(placed[row].startswith("past") for row in "2345678")
    assert "bestaat niet precies zo" in placed["9"]
    assert "bestaat niet precies zo" in placed["10"]
    assert "formule" in placed["11"]
    button(session, "Aannemen").click().run()
    became = {row: cells[-1] for row, cells in table(session, "Wat er van elke rij wordt").items()}
    assert became["2"] == "Samengevoegd met Bibliotheek West"
    assert became["3"] == "Samengevoegd met Buurthuis &lt;b&gt;De Spil&lt;/b&gt; &amp; Co"
    assert became["4"].startswith("Samengevoegd met")
    assert [became[row] for row in "5678"] == ["Nieuw op de kaart"] * 4
    assert all(became[row].startswith("Doet niet mee. Rij") for row in ("9", "10", "11"))
    (own,) = own_lists(data, MUNICIPALITY)
    assert (own.provenance.title, own.provenance.publisher, len(own.records)) == ("centra", "Driedorp", 7)
    assert not any("Jansen" in path.read_text(encoding="utf-8") for path in (data / "local").rglob("*.geojson"))


def test_what_the_page_foretold_is_what_the_next_build_makes(page, data, categories, tmp_path):
    session = page("centra.xlsx", centres(), XLSX)
    button(session, "Adressen opzoeken").click().run()
    button(session, "Aannemen").click().run()
    became = [cells[-1] for cells in table(session, "Wat er van elke rij wordt").values()]
    counts = build(MUNICIPALITY, *municipality_files(tmp_path / "files"), data, categories).manifest.counts
    told = (sum("Samengevoegd" in one for one in became), sum("Nieuw" in one for one in became))
    assert (counts["municipal_merged"], counts["municipal_added"]) == told == (3, 4)


def test_nothing_is_kept_before_the_list_is_accepted(page, data):
    page("centra.xlsx", centres(), XLSX)
    assert not (data / "local").exists()


def test_without_the_service_for_addresses_rows_with_coordinates_can_still_be_accepted(page, addresses, data):
    addresses.on("/free", Reply(status=403, body=b"no"))
    session = page("centra.xlsx", centres(), XLSX)
    button(session, "Adressen opzoeken").click().run()
    assert "PDOK" in session.warning[0].value
    button(session, "Aannemen").click().run()
    assert len(own_lists(data, MUNICIPALITY)[0].records) == 4


def test_addresses_are_not_asked_again_while_the_page_is_drawn_again(page, addresses):
    session = page("centra.xlsx", centres(), XLSX)
    button(session, "Adressen opzoeken").click().run()
    asked = len(addresses.asked("/free"))
    next(one for one in session.text_input if one.label == "Naam van de lijst").set_value("Centra 2026").run()
    assert len(addresses.asked("/free")) == asked == 5


def test_a_column_can_be_chosen_where_the_guess_is_wrong(page):
    session = page("lijst.csv", "naam;hoe heet het;lat;lon\nx;Buurthuis Oost;52,5;5,895\n")
    assert table(session, "Alle rijen")["2"][0] == "x"
    next(one for one in session.selectbox if one.label == "Naam").select("hoe heet het").run()
    assert table(session, "Alle rijen")["2"][0] == "Buurthuis Oost"


def test_a_kind_that_cannot_be_guessed_is_asked_for_each_word(page):
    session = page("lijst.csv", "naam;soort;lat;lon\nOns Plekje;honk;52,5;5,895\nDe Kom;hoek;52,501;5,896\n")
    assert all("doet niet mee" in cells[-1] for cells in table(session, "Alle rijen").values())
    next(one for one in session.selectbox if one.label == "honk").select("youth_centre").run()
    rows = table(session, "Alle rijen")
    assert rows["2"][-1].startswith("past")
    assert "doet niet mee" in rows["3"][-1]


def test_a_hostile_list_is_shown_as_text(page):
    text = f'naam;"{HOSTILE}";lat;lon\nBuurthuis {HOSTILE};"=1+1";52,5;5,895\n@SUM(A1);{HOSTILE};52,5;5,896\n'
    session = page(f"{HOSTILE[:20]}.csv", text)
    assert not session.exception
    assert "<img" not in html_of(session)
    assert "&lt;img src=x" in html_of(session)
    asked = [one.label for one in session.selectbox if "SUM" in one.label]
    assert asked == [r"\@SUM\(A1\)"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("leeg.csv", ""), ("plaatje.csv", b"\x89PNG\r\n\x1a\n"), ("kapot.xlsx", b"PK\x03\x04 no zip"),
     ("kapot.geojson", '{"type": "FeatureCollection", "features": [')],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_by_its_own_name(page, name, content):
    session = page(name, content)
    assert not session.exception
    assert name.split(".")[0] in session.error[0].value
    assert "upload" not in session.caption[0].value
    assert "tmp" not in session.caption[0].value


def test_a_list_that_was_accepted_can_be_removed(page, data):
    session = page("lijst.csv", "naam;soort;lat;lon\nOns Huis;buurthuis;52,5;5,895\n")
    button(session, "Aannemen").click().run()
    assert any("lijst (plekken: 1)" in one.value.replace("\\", "") for one in session.markdown)
    button(session, "Ja, haal").click().run()
    assert own_lists(data, MUNICIPALITY) == ()
    assert any("nog geen lijsten" in one.value for one in session.markdown)


def test_a_broken_file_of_decisions_keeps_the_list_out_and_says_so(page, data):
    session = page("lijst.csv", "naam;soort;lat;lon\nOns Huis;buurthuis;52,5;5,895\n")
    path = decisions_path(data, MUNICIPALITY)
    path.parent.mkdir(parents=True)
    path.write_text("- {oops\n", encoding="utf-8")
    button(session, "Aannemen").click().run()
    assert "niet worden bewaard" in session.error[0].value
    assert own_lists(data, MUNICIPALITY) == ()
