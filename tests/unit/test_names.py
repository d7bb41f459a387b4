"""How alike Dutch names are."""

import math

import pytest

from meetingplaces.model.conflation import load_conflation
from meetingplaces.pipeline.matching import address_code
from meetingplaces.pipeline.names import likeness, name_of
from meetingplaces.storage.locations import conflation_path

RULES = load_conflation(conflation_path())


def alike(one: object, two: object) -> float:
    return float(likeness([name_of(one, RULES.names)], [name_of(two, RULES.names)])[0])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Wijkcentrum De Spil", "Buurthuis de Spil"),
        ("Café 't Hoekje", "Cafe t Hoekje"),
        ("MFC De Schakel", "Multifunctioneel Centrum 'de Schakel'"),
        ("St. Josephkerk", "Sint Josephkerk"),
        ("Hanzepark", "Park Hanze"),
        ("De Spil", "Dorpshuis De Spil IJsselmuiden"),
        ("wijkcentrum reyersdam", "Wijkcentrum Reijersdam"),
        ("Mosterdzaadje", "HET MOSTERDZAADJE"),
    ],
)
def test_one_place_under_two_spellings_has_the_same_name(one, two):
    assert alike(one, two) >= RULES.thresholds.same_name


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Wijkcentrum Noord", "Wijkcentrum Zuid"),
        ("Buurthuis 1", "Buurthuis 2"),
        ("Speeltuin Noord", "Speeltuin Noord-West"),
        ("Oude Kerk", "Nieuwe Kerk"),
        ("Stadsspeeltuin", "Waterspeeltuin"),
        ("De Bron", "De Brink"),
    ],
)
def test_two_places_that_sound_alike_do_not_have_the_same_name(one, two):
    assert alike(one, two) < RULES.thresholds.same_name


@pytest.mark.parametrize("text", ["Speeltuin", "Bankje", "", "  ", "!?", None, math.nan, "De Bibliotheek"])
def test_a_word_for_the_kind_is_no_name(text):
    assert math.isnan(alike(text, "De Spil"))


def test_likeness_does_not_depend_on_which_comes_first():
    names = ["De Spil", "Spil Oost", "Hanzepark 2", "Mariënborch", "=1+1", "😀", "MFA"]
    assert all(
        alike(one, two) == alike(two, one) or (math.isnan(alike(one, two)) and math.isnan(alike(two, one)))
        for one in names
        for two in names
    )


def test_no_names_at_all_give_no_likeness():
    assert likeness([], []).tolist() == []


@pytest.mark.parametrize(
    ("one", "two"),
    [("Oudestraat 12-A, 8261 CK Kampen", "oudestr. 12a"), ("Dorpsweg 3, 8274AG Wilsum", "DORPSWEG 3")],
)
def test_an_address_is_the_same_in_two_spellings(one, two):
    assert address_code(one) == address_code(two) != ""


@pytest.mark.parametrize("text", ["Oudestraat", None, "", math.nan])
def test_a_street_without_number_is_no_address(text):
    assert address_code(text) == ""
