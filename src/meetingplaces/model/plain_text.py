"""Text without what does not matter when it is compared."""

from __future__ import annotations

import re
import unicodedata


def plain_words(text: str) -> list[str]:
    """The words of a text without accents, capitals and signs; `Café 't Hoekje` has cafe, t, hoekje."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(one for one in decomposed if not unicodedata.combining(one)))


def plain(text: str) -> str:
    """The words of a text after each other, with one space between them."""
    return " ".join(plain_words(text))
