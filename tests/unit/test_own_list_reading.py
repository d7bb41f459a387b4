"""A planner's list is read: columns guessed, personal ones refused, every doubt told with its row."""

import io
import json
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_list_samples import RULES, codes, read, text_file, workbook
from samples import all_categories

from meetingplaces.model.errors import FormatError, MeetingPlacesError, PersonalColumnError, SchemaError
from meetingplaces.model.own_list import FATAL, MILD, PERSONAL, Address
from meetingplaces.sources.municipal.archives import FileLimits
from meetingplaces.sources.own_list.cells import address_in, house_number, postcode_of, web_address
from meetingplaces.sources.own_list.kinds import KindGuess
from meetingplaces.sources.own_list.personal import is_citizen_number, is_private_mail, is_private_phone
from meetingplaces.ui.catalogue import catalogue
from meetingplaces.ui.own_list.report import problem_text

CSV = """Naam;Soort;Straat;Huisnummer;Postcode;Plaats;Telefoon;Website;E-mail;Openingstijden
Buurthuis De Spil;wijkcentrum;Oudestraat;12;8261 ck;Kampen;038 331 12 34;www.despil.nl;info@despil.nl;Mo-Fr 09:00-17:00
Bibliotheek Oost;;Dorpsweg;3A;8274AG;Wilsum;;;;
"""


def test_columns_are_guessed_from_their_headings(tmp_path):
    found = read(text_file(tmp_path / "lijst.csv", CSV))
    assert found.mapping == {
        "name": "Naam", "kind": "Soort", "street": "Straat", "number": "Huisnummer", "postcode": "Postcode",
        "town": "Plaats", "phone": "Telefoon", "website": "Website", "email": "E-mail",
        "opening_hours": "Openingstijden",
    }  # fmt: skip
    spil, bieb = found.rows
    assert (spil.row, spil.name, spil.kind) == (2, "Buurthuis De Spil", "neighbourhood_centre")
    assert spil.address == Address("Oudestraat", "12", "8261CK", "Kampen")
    assert (spil.phone, spil.website, spil.email) == ("038 331 12 34", "https://www.despil.nl", "info@despil.nl")
    assert (bieb.row, bieb.kind, bieb.address.number) == (3, "library", "3A")
    assert found.problems == ()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_is_read_whatever_its_delimiter_and_letters(tmp_path, delimiter, encoding):
    text = CSV.replace(";", delimiter).replace("De Spil", "Café 't Hoekje")
    assert read(text_file(tmp_path / "lijst.csv", text, encoding)).rows[0].name == "Buurthuis Café 't Hoekje"


def test_a_workbook_says_the_same_as_the_csv(tmp_path):
    table = workbook(tmp_path / "lijst.xlsx", [line.split(";") for line in CSV.splitlines()])
    assert read(table).rows == read(text_file(tmp_path / "lijst.csv", CSV)).rows


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("lat;lon", "52,5559;5,9114"),
        ("latitude;longitude", "52.5559;5.9114"),
        ("lon;lat", "5.9114;52.5559"),
        ("X;Y", "190550,1;507715,7"),
        ("rd_x;rd_y", "190550.1;507715.7"),
    ],
)
def test_coordinates_are_read_in_degrees_and_in_metres_with_comma_or_point(tmp_path, heading, cells):
    found = read(text_file(tmp_path / "lijst.csv", f"naam;{heading}\nBuurthuis A;{cells}\n"))
    (row,) = found.rows
    assert (row.point.x, row.point.y) == pytest.approx((190_550.1, 507_715.7), abs=0.2)
    assert found.accepted == found.rows


def test_geojson_keeps_its_shapes(tmp_path):
    ring = [[5.9, 52.5], [5.901, 52.5], [5.901, 52.501], [5.9, 52.5]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"naam": "Wijkpark"}, "geometry": shape}
    path = text_file(tmp_path / "lijst.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (row,) = read(path).accepted
    assert (row.kind, row.point.geom_type) == ("park", "Polygon")


def test_a_person_may_map_columns_and_choose_the_kind(tmp_path):
    path = text_file(tmp_path / "lijst.csv", "kolom a;naam;lat;lon\nDe Spil;oud;52,5;5,9\n")
    found = read(path, kind="village_hall", name="kolom a", latitude="lat")
    assert (found.rows[0].name, found.rows[0].kind) == ("De Spil", "village_hall")
    assert "name" not in read(path, kind="village_hall", name="").mapping


@pytest.mark.parametrize("chosen", [{"name": "bestaat niet"}, {"kind": "spaceport"}])
def test_a_choice_that_does_not_exist_names_what_does(tmp_path, chosen):
    path = text_file(tmp_path / "lijst.csv", "naam\nDe Spil\n")
    with pytest.raises(SchemaError) as caught:
        read(path, **chosen)
    assert caught.value.found in chosen.values()


# --- what is wrong with a row -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (";buurthuis;Oudestraat;1;8261CK;;;", "name_missing"),
        ("=HYPERLINK(1);buurthuis;Oudestraat;1;8261CK;;;", "name_is_formula"),
        ("Iets;raadselachtig;Oudestraat;1;8261CK;;;", "kind_unknown"),
        ("De Spil;buurthuis;Oudestraat;;;Kampen;;", "no_position"),
        ("De Spil;buurthuis;Oudestraat;1;;;;", "no_position"),
        ("De Spil;buurthuis;Oudestraat;1;8261CK;;noord;oost", "coordinates_unreadable"),
        ("De Spil;buurthuis;Oudestraat;1;8261CK;;52,5;", "coordinates_unreadable"),
        ("De Spil;buurthuis;Oudestraat;1;8261CK;;0;0", "outside_netherlands"),
        ("Goed;buurthuis;;;;;52,5;5,9", "row_repeated"),
    ],
)
def test_a_row_that_cannot_be_placed_says_why_with_its_number(tmp_path, line, code):
    head = "naam;soort;straat;huisnummer;postcode;plaats;lat;lon"
    good = "Goed;buurthuis;;;;;52,5;5,9\nOok goed;buurthuis;;;;;52,51;5,9"
    found = read(text_file(tmp_path / "lijst.csv", f"{head}\n{good}\n\n{line}\n"))
    assert codes(found) == {5: [code]}
    assert code in FATAL
    assert [row.row for row in found.accepted] == [2, 3]


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (";;;8261", "postcode_odd", None),
        ("06-12345678;;;", "phone_private", "phone"),
        ("+31 (0)6 1234 5678;;;", "phone_private", "phone"),
        (";javascript:alert(1);;", "website_odd", "website"),
        (";;jan.jansen@gmail.com;", "email_private", "email"),
        (";;j.de.vries@despil.nl;", "email_private", "email"),
    ],
)
def test_a_value_that_will_not_do_is_left_out_and_told_and_the_row_stays(tmp_path, line, code, field):
    head = "naam;lat;lon;telefoon;website;email;postcode"
    found = read(text_file(tmp_path / "lijst.csv", f"{head}\nBuurthuis A;52,5;5,9;{line}\n"))
    assert codes(found) == {2: [code]}
    assert code in MILD
    (row,) = found.accepted
    assert field is None or getattr(row, field) is None


def test_a_formula_is_never_computed_and_its_row_is_told(tmp_path):
    rows = [["naam", "telefoon", "lat", "lon"], ['=HYPERLINK("http://kwaad.example","Buurthuis")', "", 52.5, 5.9],
            ["Buurthuis B", "=1+1", 52.5, 5.91]]  # fmt: skip
    found = read(workbook(tmp_path / "lijst.xlsx", rows))
    assert codes(found) == {2: ["name_is_formula", "kind_unknown"], 3: ["formula"]}
    assert [row.name for row in found.accepted] == ["Buurthuis B"]


def test_row_numbers_are_those_of_the_spreadsheet_also_after_empty_rows(tmp_path):
    rows = [["naam", "lat", "lon"], [], [], ["Buurthuis A", 52.5, 5.9]]
    assert [row.row for row in read(workbook(tmp_path / "lijst.xlsx", rows)).rows] == [4]


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "cells", "reason"),
    [
        ("Geboortedatum", ["x"], "birth_date"),
        ("kolom", ["12-03-1956", "01-01-1971", "1948-05-05"], "birth_date"),
        ("BSN", ["x"], "bsn"),
        ("nummer", ["111222333", "123456782"], "bsn"),
        ("Contactpersoon", ["De Spil"], "person_name"),
        ("naam", ["Jan Jansen", "mevr. P. de Vries", "Fatima El Amrani"], "person_name"),
        ("mobiel", ["06-12345678"], "private_phone"),
        ("IBAN", ["NL91ABNA0417164300"], "bank_account"),
    ],
)
def test_columns_about_people_are_refused_and_nothing_of_them_is_kept(tmp_path, heading, cells, reason):
    lines = "\n".join(f"{cell};52,5;5,9{number}" for number, cell in enumerate(cells))
    path = text_file(tmp_path / "lijst.csv", f"{heading};lat;lon\n{lines}\n")
    found = read(path, kind="village_hall")
    assert found.refused == {heading: reason}
    assert heading not in found.mapping.values()
    with pytest.raises(PersonalColumnError) as caught:
        read(path, kind="village_hall", name=heading)
    assert (caught.value.column, caught.value.reason) == (heading, reason)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("naam", ["Jan Tooropstraat 5", "Willem van Oranjehuis 2"]),
        ("naam", ["Buurthuis De Spil", "Petrakerk", "Annahuis", "Mariakapel"]),
        ("telefoon", ["0383311234", "0383312345"]),
        ("peildatum", ["2026-01-01", "2025-01-01"]),
        ("nummer", ["12", "14"]),
    ],
)
def test_columns_about_places_are_not_refused(tmp_path, heading, cells):
    path = text_file(tmp_path / "lijst.csv", "\n".join([heading, *cells]) + "\n")
    assert read(path, kind="village_hall").refused == {}


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("111222333", True),
        ("12345672", True),
        ("12345673", False),
        ("123456782", True),
        ("111222334", False),
        ("0", False),
        ("000000000", False),
        ("abc", False),
    ],
)
def test_the_eleven_test_knows_a_citizen_number(text, known):
    assert is_citizen_number(text) is known


def test_public_numbers_and_mailboxes_are_not_private():
    assert not any(map(is_private_phone, ["038 331 12 34", "0900-1234", "14 038", "088 1234567"]))
    assert not is_private_mail("info@gmail.com", RULES)
    assert not is_private_mail("despil@despil-kampen.nl", RULES)
    assert is_private_mail("despil@gmail.com", RULES)


# --- cells and kinds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Oudestraat 133-a, 8261 CK Kampen", Address("Oudestraat", "133-a", "8261CK", "Kampen")),
        ("Oudestraat 12 8261CK KAMPEN", Address("Oudestraat", "12", "8261CK", "KAMPEN")),
        ("Plein 1940 5, Kampen", Address("Plein 1940", "5", None, "Kampen")),
        ("2e Kruisstraat 12 bis", Address("2e Kruisstraat", "12bis", None, None)),
        ("8261 CK 133-a", Address(None, "133-a", "8261CK", None)),
        ("8261ck, 12", Address(None, "12", "8261CK", None)),
        ("8261CK Kampen", Address(None, None, "8261CK", "Kampen")),
        ("Kampen", Address(None, None, None, None)),
        ("", Address(None, None, None, None)),
    ],
)
def test_an_address_in_one_cell_is_taken_apart(text, address):
    assert address_in(text) == address


def test_house_numbers_and_postcodes_have_one_spelling():
    assert [house_number("12", "a"), house_number("12", "2"), house_number("12 - 2", None)] == ["12a", "12-2", "12-2"]
    assert house_number("geen", None) is None
    assert [postcode_of("8261ck"), postcode_of("8261"), postcode_of("0123 AB")] == ["8261CK", None, None]
    assert web_address("data:text/html,x") is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Stadsbibliotheek", "library"), ("village_hall", "village_hall"), ("Dorpshuis of MFC", "village_hall"),
        ("Rabobank", None), ("Voedselbank IJssel", "food_support"), ("bankje", "bench"),
        ("Dorpskerk", "place_of_worship"),
        ("Parkeerplaats", None), ("Gemeentehuis", None), ("Kinderboerderij Cantecleer", "petting_zoo"), (None, None),
    ],
)  # fmt: skip
def test_the_kind_is_guessed_from_words_and_unknown_words_are_asked_about(text, kind):
    assert KindGuess(all_categories(), RULES).of(text) == kind


def test_every_kind_with_words_is_one_that_can_be_shown():
    assert set(RULES.kinds) <= KindGuess(all_categories(), RULES).keys


# --- hostile files ----------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (60 << 20))
    return stream.getvalue()


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\x01", b"%PDF-1.7", b"<html>", b"{}", b'{"features": 3}', b"[" * 100_000, bomb(), b"PK\x03\x04 broken",
     b"naam\n", b"\xd0\xcf\x11\xe0 old excel with macros"],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_whole(tmp_path, body):
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(body)
    with pytest.raises(FormatError) as caught:
        read(path)
    assert caught.value.file == "lijst.xlsx"


def test_a_list_with_too_many_rows_or_columns_is_refused(tmp_path):
    long = text_file(tmp_path / "lang.csv", "naam\n" + "Buurthuis\n" * 11)
    with pytest.raises(FormatError, match="10 rows"):
        read(long, FileLimits(rows=10))
    head = ";".join(f"k{number}" for number in range(101))
    wide = text_file(tmp_path / "breed.csv", f"{head}\n{'x;' * 100}x\n")
    with pytest.raises(FormatError, match="101 columns"):
        read(wide)


def test_external_links_and_markup_are_text_and_nothing_more(tmp_path):
    name = "<img src=x onerror=alert(1)> Buurthuis\u202e\x07 ](javascript:x)"
    book = openpyxl.Workbook()
    book.active.append(["naam", "lat", "lon"])
    book.active.append([name.replace("\x07", ""), 52.5, 5.9])
    book.active["A2"].hyperlink = "file:///etc/passwd"
    book.save(tmp_path / "lijst.xlsx")
    (row,) = read(tmp_path / "lijst.xlsx").accepted
    assert row.name == "<img src=x onerror=alert(1)> Buurthuis ](javascript:x)"


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_or_refused_with_an_error_of_ours(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "lijst.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = read(path)
    except MeetingPlacesError:
        return
    assert len(found.accepted) <= len(found.rows)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_problem_and_every_reason_has_a_sentence(language):
    texts = catalogue(language)
    assert [one for one in (*FATAL, *MILD) if f"ownlist_{one}" not in texts.texts] == []
    assert [one for one in PERSONAL if f"personal_{one}" not in texts.texts] == []
    assert all("{row}" in texts.texts[f"ownlist_{one}"] for one in (*FATAL, *MILD))


def test_a_problem_is_told_with_row_column_and_what_was_found(tmp_path):
    found = read(text_file(tmp_path / "lijst.csv", "naam;soort\nIets;raadsel\n"))
    told = [problem_text(problem, catalogue("en")) for problem in found.problems]
    assert told[0] == "Row 2 (soort): we do not know what kind of place this is; found: raadsel. Choose a kind."
