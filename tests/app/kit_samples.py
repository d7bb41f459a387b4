"""Bundles and readers for the tests of sheet, booklet, offline page and QR code."""

import ctypes
import io
import math
import re
from dataclasses import replace
from datetime import date

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image

from meetingplaces.model.categories import Categories
from meetingplaces.ui.kit.making import KitOrder, kit_file
from meetingplaces.ui.loaded import LoadedBundle
from meetingplaces.ui.view_state import ViewState

SITE = "https://kaart.example.org"
MADE_ON = date(2026, 11, 22)


def made(loaded: LoadedBundle, categories: Categories, kind: str, **options) -> bytes:
    """The file of a kind; `options` are fields of `ViewState` or of `KitOrder`."""
    of_order = {name: options.pop(name) for name in ("site", "start", "image", "rows") if name in options}
    state = ViewState(loaded.bundle.manifest.municipality_code, **options)
    return kit_file(loaded, KitOrder(kind, state, MADE_ON, **of_order), categories)


def with_places(loaded: LoadedBundle, **columns) -> LoadedBundle:
    """The same bundle with other values in these columns of every place."""
    return replace(loaded, places=loaded.places.assign(**columns))


def repeated(loaded: LoadedBundle, count: int) -> LoadedBundle:
    """The same bundle with every place so many times over."""
    places = loaded.places.iloc[[row for row in range(len(loaded.places)) for _ in range(count)]].reset_index(drop=True)
    return replace(loaded, places=places.assign(place_id=[f"osm/n{number}" for number in range(len(places))]))


class Pdf:
    """A PDF as a reader has it."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.document = pypdfium2.PdfDocument(content)

    @property
    def pages(self) -> int:
        return len(self.document)

    @property
    def text(self) -> str:
        """All text, on one line; breaks inside long words undone."""
        return flat(" ".join(page.get_textpage().get_text_range() for page in self.document))

    @property
    def characters(self) -> str:
        """All text without white space, for texts that may be broken anywhere."""
        return re.sub(r"\s", "", self.text)

    def image(self, page: int = 0, scale: float = 2.0) -> Image.Image:
        return self.document[page].render(scale=scale).to_pil()

    @property
    def millimetres(self) -> tuple[int, int]:
        width, height = self.document[0].get_size()
        return round(width / 72 * 25.4), round(height / 72 * 25.4)

    def letter_heights(self) -> set[float]:
        """Sizes in points of all text, that on maps and symbols too."""
        found = set()
        for page in self.document:
            for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=5):
                size = ctypes.c_float()
                pdfium.FPDFTextObj_GetFontSize(one, size)
                matrix = one.get_matrix()
                found.add(round(size.value * math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c)), 1))
        return found

    def fonts(self) -> dict[str, bool]:
        """Names of the fonts in use, and whether each is embedded."""
        found = {}
        for page in self.document:
            for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=5):
                font = pdfium.FPDFTextObj_GetFont(one)
                name = ctypes.create_string_buffer(200)
                pdfium.FPDFFont_GetBaseFontName(font, name, 200)
                found[name.value.decode()] = pdfium.FPDFFont_GetIsEmbedded(font) == 1
        return found

    def structure(self) -> list[str]:
        """The kinds of the elements that a screen reader meets, page by page."""
        found = []

        def walk(element) -> None:
            name = ctypes.create_string_buffer(200)
            pdfium.FPDF_StructElement_GetType(element, name, 200)
            found.append(name.raw.decode("utf-16-le").split("\0")[0])
            for child in range(pdfium.FPDF_StructElement_CountChildren(element)):
                if below := pdfium.FPDF_StructElement_GetChildAtIndex(element, child):
                    walk(below)

        for page in self.document:
            tree = pdfium.FPDF_StructTree_GetForPage(page)
            for child in range(pdfium.FPDF_StructTree_CountChildren(tree)):
                walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, child))
            pdfium.FPDF_StructTree_Close(tree)
        return found


def flat(text: str) -> str:
    """Text on one line without the marks that let long words break."""
    return " ".join(text.replace("\u200b", "").replace("\ufffe", "").split())


def links_in(image: Image.Image) -> list[str]:
    """What a phone reads from the QR codes in a picture."""
    return [code.text for code in zxingcpp.read_barcodes(image)]


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")
