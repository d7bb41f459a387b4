"""What is about people: columns that are refused, and telephone numbers and mail addresses that are left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from meetingplaces.model.own_list import OwnListRules, Personal
from meetingplaces.model.plain_text import plain, plain_words

# So many of the filled cells of a column must look personal for the column to be so, and at least so many cells.
_MOST = 0.8
_NAMES = 0.5
_ENOUGH = 2
# A day so long ago can be a birthday; the date of a record or of an opening seldom is.
_GROWN_UP_YEARS = 10
_MOBILE = re.compile(r"^(0031|31|0)?6\d{8}$")
_PHONE = re.compile(r"\+?\d[\d ()./-]{6,}\d")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DAY = re.compile(r"^(\d{4})-\d{2}-\d{2}(T.*)?$|^\d{1,2}[-/.]\d{1,2}[-/.](\d{4})$")


def personal_columns(cells: Mapping[str, Sequence[Any]], rules: OwnListRules, today: date) -> dict[str, Personal]:
    """The headings of columns that look personal, by their heading or by what is in them, and why.

    Parameters
    ----------
    cells
        The filled cells of each column.
    """
    found: dict[str, Personal] = {}
    for heading, values in cells.items():
        reason = _by_heading(heading, rules) or _by_content([str(value).strip() for value in values], rules, today)
        if reason is not None:
            found[heading] = reason
    return found


def is_citizen_number(text: str) -> bool:
    """Whether it can be a citizen service number (BSN): eight or nine digits that pass the eleven-test."""
    digits = re.sub(r"[ .]", "", text)
    if not re.fullmatch(r"\d{8,9}", digits) or not int(digits):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits.zfill(9), strict=True)) % 11 == 0


def is_private_phone(text: str) -> bool:
    """Whether it is a mobile number; one that an organisation answers cannot be told from one that a person does."""
    return _MOBILE.match(re.sub(r"\(0\)|[^0-9]", "", text)) is not None


def is_private_mail(text: str, rules: OwnListRules) -> bool:
    """Whether a mail address may be that of a person: not a public mailbox, and not that of the organisation itself."""
    mailbox, _, host = text.casefold().partition("@")
    words = rules.personal_words
    site = host.split(".")[0]
    if mailbox in words.public_mailboxes:
        return False
    return site in words.private_mail_hosts or plain(mailbox).replace(" ", "") not in site.replace("-", "")


def personal_in(text: str, rules: OwnListRules) -> Personal | None:
    """What in a line of text may be somebody's own: a mobile number, or a mail address as in `is_private_mail`."""
    if any(is_private_phone(one) for one in _PHONE.findall(text)):
        return "private_phone"
    return "private_email" if any(is_private_mail(one, rules) for one in _MAIL.findall(text)) else None


def _by_heading(heading: str, rules: OwnListRules) -> Personal | None:
    written = plain(heading)
    return next((reason for reason, headings in rules.personal_headings.items() if written in headings), None)


def _by_content(cells: list[str], rules: OwnListRules, today: date) -> Personal | None:
    if len(cells) < _ENOUGH:
        return None
    if _share(map(is_citizen_number, cells), cells) >= _MOST:
        return "bsn"
    if _share((_is_birthday(cell, today) for cell in cells), cells) >= _MOST:
        return "birth_date"
    return "person_name" if _share((_is_person(cell, rules) for cell in cells), cells) >= _NAMES else None


def _share(hits: Any, cells: list[str]) -> float:
    return sum(hits) / len(cells)


def _is_birthday(cell: str, today: date) -> bool:
    match = _DAY.match(cell)
    year = int(match.group(1) or match.group(3)) if match else 0
    return 1900 <= year <= today.year - _GROWN_UP_YEARS


def _is_person(cell: str, rules: OwnListRules) -> bool:
    """Whether it begins with a title or a given name and has a name after it; `Jan van Galenpark 12` is a street."""
    words, known = plain_words(cell), rules.personal_words
    if not 2 <= len(words) <= 5 or any(character.isdigit() for character in cell):
        return False
    return words[0] in known.titles or " ".join(words[:2]) in known.titles or words[0] in known.given_names
