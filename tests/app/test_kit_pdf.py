"""The sheet and the booklet, read back as a reader and a screen reader have them."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from kit_samples import MADE_ON, SITE, Pdf, links_in, made, repeated, with_places
from samples import EAST, FAR, MUNICIPALITY, WEST

from meetingplaces.export.typeset import sheet_pdf
from meetingplaces.metrics.supply import OUTSIDE
from meetingplaces.model.errors import OutsideDataError, UnknownNeighbourhoodError
from meetingplaces.model.places import TEXT_COLUMNS
from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import app_folder
from meetingplaces.ui.catalogue import catalogue
from meetingplaces.ui.kit.making import KitOrder, kit_content
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.view_state import Position, ViewState

START = (5.8915, 52.4962)  # beside the library of Dorp West
HOSTILE = [
    "#set page(width: 1cm) #panic()",
    "*vet* _schuin_ `code` $x^2$ @ref <label>",
    r"\ \u{41} \" // weg /* weg */",
    "<script>alert(1)</script> & &amp; ]]>",
    "= Kop - lijst + nummer",
    "{count} {title} %s ${x}",
    "tekst \u202eomgedraaid\u202c hier",
    "bel\x07 nul\x00 tab\t regel\nbreuk",
    "שלום العربية Ελλάδα Кампен",
    "vlag \U0001f3f3\ufe0f\u200d\U0001f308 huis \U0001f3e0 汉字",
]


@pytest.fixture(scope="module")
def driedorp(built_bundle):
    return LoadedBundle.of(built_bundle)


@pytest.fixture(scope="module")
def kampen():
    return LoadedBundle.of(open_bundle(app_folder() / "mapdata", "GM0166"))


def shown_in(loaded, area):
    """The places of an area as the default view shows them."""
    rows = loaded.places[loaded.members[area]]
    return rows[rows["weight"].isin(["core", "secondary"]) & ~rows["access"].isin(["customers", "members", "referral"])]


def names_in(loaded, area):
    return sorted(shown_in(loaded, area)["name"].dropna())


# --- the sheet --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("area", [WEST, EAST, None])
def test_the_sheet_lists_the_places_of_the_view_and_no_others(driedorp, categories, area):
    text = Pdf(made(driedorp, categories, "sheet", neighbourhood=area)).text
    inside = names_in(driedorp, area)
    assert [name for name in inside if name not in text] == []
    others = set(driedorp.places["name"].dropna()) - set(inside)
    assert others
    assert [name for name in others if name in text] == []


def test_numbers_of_the_list_are_the_numbers_on_the_map(driedorp, categories):
    pdf = Pdf(made(driedorp, categories, "sheet", neighbourhood=WEST))
    count = len(shown_in(driedorp, WEST))
    found = Counter(re.findall(r"(?<![\d.:-])\d+(?![\d.:/-])", pdf.text))
    assert all(found[str(number)] >= 2 for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", ["Niet bekend: ", "Bibliotheek · binnen", "22-11-2026", "Pagina 1 / 1", "peildatum"]),
     ("en", ["Not known: ", "Library · indoor", "22/11/2026", "Page 1 / 1", "data of"])],
)  # fmt: skip
def test_the_sheet_speaks_the_language_of_the_visitor(driedorp, categories, language, words):
    pdf = Pdf(made(driedorp, categories, "sheet", neighbourhood=WEST, language=language))
    assert [word for word in words if word not in pdf.text] == []
    assert b"/Lang" in pdf.content


def test_the_sheet_tells_address_hours_wheelchair_and_cost(driedorp, categories):
    text = Pdf(made(driedorp, categories, "sheet", neighbourhood=WEST)).text
    assert "Open: ma t/m vr 10:00-17:00" in text
    assert "rolstoel: ja" in text
    assert "gratis, rolstoel: beperkt" in text
    assert "© OpenStreetMap contributors" in text


def test_the_sheet_is_a4_tagged_titled_and_carries_its_fonts(driedorp, categories):
    pdf = Pdf(made(driedorp, categories, "sheet", neighbourhood=WEST))
    assert pdf.millimetres == (210, 297)
    assert pdf.document.get_metadata_dict()["Title"] == "Dorp West"
    assert pdf.fonts()
    assert all(pdf.fonts().values())
    assert {"H1", "H2", "Figure", "P"} <= set(pdf.structure())
    assert b"pdfuaid" in pdf.content


@pytest.mark.parametrize("kind", ["sheet", "booklet"])
def test_the_qr_code_on_paper_leads_back_to_the_view(driedorp, categories, kind):
    pdf = Pdf(made(driedorp, categories, kind, neighbourhood=WEST, language="en", site=SITE))
    page = pdf.image(0 if kind == "sheet" else pdf.pages - 1, scale=3)
    assert links_in(page) == [f"{SITE}/?v=1&gemeente=GM9999&buurt={WEST}&taal=en"]


def test_the_qr_code_on_paper_does_not_tell_where_she_is(driedorp, categories):
    at = ViewState("GM9999", neighbourhood=WEST, here=Position(*START))
    assert KitOrder("booklet", at, MADE_ON, SITE).link == f"{SITE}/?v=1&gemeente=GM9999&buurt={WEST}"


@pytest.mark.parametrize("kind", ["sheet", "booklet"])
def test_without_an_address_of_the_site_there_is_no_qr_code(driedorp, categories, kind):
    pdf = Pdf(made(driedorp, categories, kind, neighbourhood=WEST))
    assert [links_in(pdf.image(page)) for page in range(pdf.pages)] == [[]] * pdf.pages


def test_sixty_six_places_of_the_town_centre_stay_on_two_pages(kampen, categories):
    pdf = Pdf(made(kampen, categories, "sheet", neighbourhood="BU01660000", restricted=True))
    assert pdf.pages == 2
    rows = kampen.places[kampen.members["BU01660000"] & (kampen.places["weight"] != "amenity")]
    assert [name for name in rows["name"].dropna() if name.replace(" ", "") not in pdf.characters] == []
    assert len(rows) > 60


def test_what_does_not_fit_on_two_pages_is_counted_and_left_off_the_map(driedorp, categories):
    many = repeated(driedorp, 60)
    pdf = Pdf(made(many, categories, "sheet", neighbourhood=WEST))
    assert pdf.pages == 2
    left_out = int(re.search(r"En nog (\d+) plekken", pdf.text)[1])
    total = 60 * len(shown_in(driedorp, WEST))
    last = total - left_out
    assert 50 < last < total
    assert re.search(rf"(?<!\d){last}(?!\d)", pdf.text)
    assert not re.search(rf"(?<![\d.]){last + 1}(?!\d)", pdf.text)


@pytest.mark.parametrize("kind", ["sheet", "booklet"])
@pytest.mark.parametrize("area", [FAR, OUTSIDE])
def test_no_place_or_only_places_outside_is_fine(driedorp, categories, kind, area):
    none = with_places(driedorp, access="customers")
    pdf = Pdf(made(none, categories, kind, neighbourhood=area))
    assert "We kennen hier geen plek" in pdf.text


def test_where_our_data_ends_is_said(driedorp, categories):
    assert "We hebben gegevens van" in Pdf(made(driedorp, categories, "sheet", neighbourhood=FAR)).text
    assert "We hebben gegevens van" not in Pdf(made(driedorp, categories, "sheet", neighbourhood=WEST)).text


def test_in_black_and_white_numbers_still_stand_out_from_the_map(kampen, categories):
    grey = Pdf(made(kampen, categories, "sheet", neighbourhood="BU01660000")).image(scale=3).convert("L")
    colours = [(0, 0x60, 0xA8), (0, 0x73, 0x5C), (0xB3, 0x47, 0)]
    luma = [round(0.299 * red + 0.587 * green + 0.114 * blue) for red, green, blue in colours]
    found = np.bincount(np.asarray(grey).ravel(), minlength=256)
    assert max(luma) < 110
    assert sum(found[value - 1 : value + 2].sum() for value in luma[:2]) > 2000
    assert found[180:].sum() > 0.85 * found.sum()  # the ground is light, so that dark symbols stand out


def test_an_unknown_neighbourhood_is_an_error(driedorp, categories):
    with pytest.raises(UnknownNeighbourhoodError):
        made(driedorp, categories, "sheet", neighbourhood="BU00000000")


# --- the booklet ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"start": START}, {"neighbourhood": WEST}, {"language": "en", "start": START}])
def test_the_booklet_can_be_folded(driedorp, categories, options):
    pdf = Pdf(made(driedorp, categories, "booklet", **options))
    assert pdf.millimetres == (148, 210)
    assert pdf.pages % 4 == 0
    assert all(pdf.fonts().values())
    assert {"H1", "H2", "Figure"} <= set(pdf.structure())


def test_letters_in_the_booklet_are_at_least_14_points(kampen, categories):
    pdf = Pdf(made(kampen, categories, "booklet", neighbourhood="BU01660000", start=(5.917, 52.557), site=SITE))
    assert min(pdf.letter_heights()) >= 14


def test_the_booklet_has_the_nearest_place_first_with_distances_along_the_streets(driedorp, categories):
    text = Pdf(made(driedorp, categories, "booklet", neighbourhood=WEST, start=START)).text
    assert "Lopen: ongeveer" in text
    assert "Hemelsbreed" not in text
    metres = [int(one.replace(".", "")) for one in re.findall(r"Lopen: ongeveer ([\d.]+) meter", text)]
    assert metres == sorted(metres)
    assert all(one % 50 == 0 and one > 0 for one in metres)


def test_without_streets_the_booklet_says_that_distances_are_in_a_straight_line(driedorp, categories):
    tables = {name: file for name, file in driedorp.bundle.manifest.tables.items()
              if name in {"places", "neighbourhoods", "supply"}}  # fmt: skip
    manifest = driedorp.bundle.manifest.model_copy(update={"tables": tables})
    bare = replace(driedorp, bundle=replace(driedorp.bundle, manifest=manifest))
    text = Pdf(made(bare, categories, "booklet", start=START)).text
    assert "Lopen: " not in text
    assert "Hemelsbreed: ongeveer" in text
    assert "in een rechte lijn" in text
    assert text.index("Bibliotheek West") < text.index("Grenspark")


def test_the_booklet_crosses_the_border_of_the_neighbourhood_for_what_is_near(driedorp, categories):
    text = Pdf(made(driedorp, categories, "booklet", neighbourhood=EAST, start=START)).text
    assert "Bibliotheek West" in text


def test_the_booklet_names_the_stop_of_a_place_or_says_nothing_of_it(kampen, categories):
    library = kampen.places.loc[kampen.places["name"] == "Openbare Bibliotheek Kampen", "place_id"].item()
    name, _ = kampen.stops[library]
    assert f"Halte: {name}, ongeveer" in Pdf(made(kampen, categories, "booklet", neighbourhood="BU01660000")).text
    tables = {name: file for name, file in kampen.bundle.manifest.tables.items() if name != "stops"}
    manifest = kampen.bundle.manifest.model_copy(update={"tables": tables})
    bare = replace(kampen, bundle=replace(kampen.bundle, manifest=manifest))
    assert "Halte:" not in Pdf(made(bare, categories, "booklet", neighbourhood="BU01660000")).text


def test_the_booklet_chooses_from_the_rows_it_is_given(kampen, categories):
    rows = np.flatnonzero(kampen.places["category"] == "library")
    text = Pdf(made(kampen, categories, "booklet", start=(5.917, 52.557), rows=rows)).text
    assert text.count("Lopen: ongeveer") == len(rows)
    assert text.count("Bibliotheek") >= len(rows)


def test_a_start_where_we_have_no_data_is_an_error_that_does_not_repeat_it(driedorp, categories):
    with pytest.raises(OutsideDataError) as raised:
        made(driedorp, categories, "booklet", start=(4.123456, 51.654321))
    assert "4.12" not in str(raised.value)
    assert "51.65" not in str(raised.value)


def test_the_start_is_in_the_booklet_as_distances_only(driedorp, categories):
    one, other = (made(driedorp, categories, "booklet", neighbourhood=WEST, start=(5.891500 + shift, 52.4962))
                  for shift in (0.0, 0.000001))  # fmt: skip
    written = Pdf(one).text + " ".join(Pdf(one).document.get_metadata_dict().values())
    assert not re.search(r"5[.,]89|52[.,]49", written)
    assert Pdf(one).text == Pdf(other).text
    assert not re.search(rb"5\.8915|52\.4962", one)


# --- hostile text -----------------------------------------------------------------------------------------------------


def bare(text):
    """What must come through: the text without signs that cannot be shown and without white space."""
    return re.sub(r"[\s\x00-\x1f\u202a-\u202e\u200d\ufe0f]", "", text)


@pytest.mark.parametrize("kind", ["sheet", "booklet"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_is_shown_as_it_is(driedorp, categories, kind, text):
    columns = {name: pd.Series([text] * len(driedorp.places), dtype="str") for name in TEXT_COLUMNS}
    attacked = with_places(driedorp, **columns)
    attacked = replace(attacked, neighbourhoods=attacked.neighbourhoods.assign(neighbourhood_name=text))
    pdf = Pdf(made(attacked, categories, kind, neighbourhood=WEST))
    assert pdf.pages <= (2 if kind == "sheet" else 12)
    if text.isascii():
        assert bare(text) in bare(pdf.text)
    for word in re.findall(r"[a-zA-Z]{3,}|[а-яА-Я]{3,}|[Α-ώ]{3,}", text):
        assert word in bare(pdf.text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_street_name_is_drawn_as_it_is(driedorp, categories, text):
    order = KitOrder("sheet", ViewState(MUNICIPALITY, WEST), MADE_ON)
    kit = kit_content(driedorp, order, categories, catalogue("nl"))
    long_street = np.array([[[189000.0, 501000.0], [190500.0, 501000.0]]])
    attacked = replace(kit, ground=replace(kit.ground, names={text: long_street}))
    letters = Pdf(sheet_pdf(attacked)).characters
    assert all(word in letters for word in re.findall(r"[a-zA-Z]{3,}", text))


@pytest.mark.parametrize("kind", ["sheet", "booklet"])
@pytest.mark.parametrize("text", ["woord " * 833, "W" * 5000, "🏠" * 5000])
def test_a_text_of_five_thousand_characters_is_cut_and_breaks_nothing(driedorp, categories, kind, text):
    columns = {name: pd.Series([text] * len(driedorp.places), dtype="str") for name in TEXT_COLUMNS}
    pdf = Pdf(made(with_places(driedorp, **columns), categories, kind, neighbourhood=WEST))
    assert "…" in pdf.text
    assert pdf.pages <= 2 if kind == "sheet" else pdf.pages % 4 == 0
    edge = np.asarray(pdf.image(0, scale=1).convert("L"))[:, -8:]
    assert edge.min() > 240  # nothing runs off the page
