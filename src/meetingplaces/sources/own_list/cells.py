"""What is in the cells of a row: text, postcodes, house numbers, addresses and links, or what is wrong with them."""

from __future__ import annotations

import re
from typing import Any

from meetingplaces.model.own_list import Address

_LONGEST_TEXT = 300
_POSTCODE = re.compile(r"\b([1-9]\d{3})\s?([A-Za-z]{2})\b")
_NUMBER = r"\d{1,5}(?:\s?-\s?[A-Za-z0-9]{1,4}|\s?[A-Za-z]{1,4})?"
_STREET_AND_NUMBER = re.compile(rf"^(?P<street>.*?[^\d\s,].*?)[\s,]+(?P<number>{_NUMBER})$")


def cell_text(value: Any) -> str | None:
    """One line of at most 300 letters without signs that cannot be printed; `None` when nothing is left.

    A whole number has no decimals: spreadsheets keep house number 12 as 12.0.
    """
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  (NaN)
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    printed = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return " ".join(printed.split())[:_LONGEST_TEXT].strip() or None


def postcode_of(text: str | None) -> str | None:
    """`8261 ck` as `8261CK`; `None` when it is no postcode."""
    match = _POSTCODE.fullmatch(text or "")
    return f"{match[1]}{match[2].upper()}" if match else None


def house_number(number: str | None, addition: str | None) -> str | None:
    """Number and addition as one, `12` and `a` as `12a`; `None` without a number in it."""
    if number is None or not re.match(r"\d", number):
        return None
    return re.sub(r"\s*-\s*|\s+(?=\d)", "-", f"{number} {addition}" if addition else number).replace(" ", "")


def address_in(text: str | None) -> Address:
    """The address in one line: `Oudestraat 133-a, 8261 CK Kampen` or `8261 CK 133-a`; what is not in it is unknown."""
    if text is None:
        return Address(None, None, None, None)
    found = _POSTCODE.search(text)
    before, after = (text[: found.start()], text[found.end() :]) if found else text.partition(",")[::2]
    start, rest = before.strip(" ,"), after.strip(" ,")
    postcode = f"{found[1]}{found[2].upper()}" if found else None
    if found and not start and re.fullmatch(_NUMBER, rest):
        return Address(None, house_number(rest, None), postcode, None)
    street = _STREET_AND_NUMBER.match(start)
    return Address(
        street=street["street"].strip(" ,") if street else None,
        number=house_number(street["number"], None) if street else None,
        postcode=postcode,
        town=rest or None,
    )


def web_address(text: str) -> str | None:
    """An http(s) address; `www.despil.nl` becomes one; `None` for anything else (`javascript:`, a bare word)."""
    written = text if "://" in text else f"https://{text}"
    return written if re.fullmatch(r"https?://[\w-]+(\.[\w-]+)+([/?#][^\s<>\"']*)?", written, re.IGNORECASE) else None


def mail_address(text: str) -> str | None:
    """A mail address without more around it, `None` for anything else."""
    return text if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", text) else None
