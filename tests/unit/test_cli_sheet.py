"""The command `meetingplaces sheet`: the files it writes, and what it says when it cannot."""

import io
import logging
import re

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from samples import MUNICIPALITY, WEST

from meetingplaces.cli import main
from meetingplaces.ui.settings import SITE_VARIABLE

SITE = "https://kaart.example.org"


@pytest.fixture
def sheet(capsys, built_bundle, tmp_path, monkeypatch):
    """Run `meetingplaces sheet GM9999 --output NAME …`: exit code, standard output, standard error, the file."""
    monkeypatch.delenv(SITE_VARIABLE, raising=False)

    def command(name, *arguments, municipality=MUNICIPALITY):
        output = tmp_path / name
        written = ("sheet", municipality, "--output", output, "--data", built_bundle.folder.parent, *arguments)
        try:
            code = main([str(one) for one in written])
        except SystemExit as ended:
            code = ended.code
        told = capsys.readouterr()
        return code, told.out, told.err, output

    return command


@pytest.mark.parametrize(("kind", "pages"), [("sheet", 1), ("booklet", 8)])
def test_it_writes_a_pdf(sheet, kind, pages):
    code, out, err, output = sheet("kit.pdf", "--kind", kind, "--neighbourhood", WEST)
    assert (code, out) == (0, "")
    assert SITE_VARIABLE in err
    assert len(pypdfium2.PdfDocument(output.read_bytes())) == pages


def test_it_writes_a_page_in_the_language_asked_for(sheet, monkeypatch):
    monkeypatch.setenv(SITE_VARIABLE, SITE)
    code, out, err, output = sheet("kit.html", "--kind", "html", "--neighbourhood", WEST.lower(), "--language", "en")
    assert (code, out, err) == (0, "", "")
    page = output.read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "Dorp West" in page
    assert f"{SITE}/?v=1&amp;gemeente=GM9999&amp;buurt={WEST}&amp;taal=en" in page


def test_the_qr_code_leads_back_to_the_link(sheet, monkeypatch):
    monkeypatch.setenv(SITE_VARIABLE, SITE)
    code, _, err, output = sheet("kit.PNG", "--kind", "qr", "--neighbourhood", WEST)
    assert (code, err) == (0, "")
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(output.read_bytes())).convert("RGB"))
    assert found.text == f"{SITE}/?v=1&gemeente=GM9999&buurt={WEST}"


def test_the_qr_code_as_svg_is_vectors_only(sheet, monkeypatch):
    monkeypatch.setenv(SITE_VARIABLE, SITE)
    assert sheet("kit.svg", "--kind", "qr")[0] == 0
    svg = sheet("kit.svg", "--kind", "qr")[3].read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert "<path" in svg
    assert "data:image/png" not in svg


def test_a_qr_code_without_an_address_of_the_site_says_which_setting_to_set(sheet):
    code, _, err, output = sheet("kit.svg", "--kind", "qr")
    assert code == 1
    assert SITE_VARIABLE in err
    assert not output.exists()


def test_an_unknown_neighbourhood_is_named(sheet):
    code, _, err, output = sheet("kit.pdf", "--neighbourhood", "BU00000000")
    assert code == 1
    assert "BU00000000" in err
    assert not output.exists()


def test_a_file_that_cannot_be_written_is_named(sheet, tmp_path):
    code, _, err, _ = sheet("nowhere/kit.pdf")
    assert code == 1
    assert str(tmp_path / "nowhere" / "kit.pdf") in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--kind", "poster"),
        ("--kind", "qr"),
        ("--language", "fr"),
        ("--from", "5.9,52.5"),
        ("--kind", "booklet", "--from", "kampen"),
        ("--kind", "booklet", "--from", "5.9"),
        ("--kind", "booklet", "--from", "5.9,52.5,1"),
        ("--kind", "booklet", "--from", "nan,52.5"),
    ],
)
def test_wrong_usage_is_exit_code_2(sheet, arguments):
    code, out, err, output = sheet("kit.pdf", *arguments)
    assert (code, out) == (2, "")
    assert "usage: meetingplaces sheet" in err
    assert not output.exists()


@pytest.mark.parametrize("position", ["5.123456,51.654321", "52.498765,5.891234"])
def test_a_start_outside_the_data_is_refused_without_repeating_it(sheet, caplog, position):
    caplog.set_level(logging.DEBUG)
    code, out, err, output = sheet("kit.pdf", "--kind", "booklet", "--from", position)
    assert (code, out) == (1, "")
    assert "Driedorp" in err
    assert not re.search("123456|654321|498765|891234", err + caplog.text)
    assert not output.exists()


def test_a_malformed_start_is_refused_without_repeating_it(sheet):
    assert "Geheimstraat" not in sheet("kit.pdf", "--kind", "booklet", "--from", "Geheimstraat 1")[2]


def test_the_start_leaves_no_trace_but_distances(sheet, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    code, out, err, output = sheet("kit.pdf", "--kind", "booklet", "--from", "5.891532,52.496217")
    assert code == 0
    pdf = pypdfium2.PdfDocument(output.read_bytes())
    text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    assert "ongeveer" in text
    written = out + err + caplog.text + text + str(pdf.get_metadata_dict())
    assert not re.search(r"5[.,]8915|52[.,]4962|891532|496217", written)
    assert b"5.8915" not in output.read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["kit.pdf"]
