"""Text of others on paper."""

from hypothesis import given
from hypothesis import strategies as st

from meetingplaces.export.printable import CUT, printable


def test_signs_that_cannot_be_shown_are_left_out_and_the_rest_stays():
    assert printable("a\x00b\n c\t\u202ed\u202c é 🏠 <b>") == "ab c d é 🏠 <b>"


def test_a_long_text_ends_in_an_ellipsis():
    assert printable("abcdef", 4) == "abc…"
    assert printable("abcd", 4) == "abcd"


@given(st.text(), st.integers(1, 50))
def test_no_text_is_longer_than_asked_or_has_a_control_character(text, longest):
    shown = printable(text, longest)
    assert len(shown) <= longest
    assert not any(ord(one) < 32 or 0x7F <= ord(one) < 0xA0 for one in shown)
    assert printable(shown, longest) == shown or CUT in shown
