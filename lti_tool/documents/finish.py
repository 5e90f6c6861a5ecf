"""What is done to a rendered file before it is handed over: drawing beneath, unused font, Arabic.

Owns the object-level work on the PDF, one pass. ReportLab opens every page with a font that is not
embedded, and writes Arabic as joined forms that no search finds: both are mended here.
See ``spec/credentials.md`` §2.
"""

from __future__ import annotations

import io
import re
import unicodedata
from functools import lru_cache
from typing import cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    StreamObject,
)
from reportlab.graphics import renderPDF
from reportlab.pdfgen.canvas import Canvas
from svglib.svglib import svg2rlg

from lti_tool.documents.errors import RenderFailed

_SET_FONT = re.compile(rb"BT (/\S+) [\d.]+ Tf [\d.]+ TL ET\s")
_ONE_CODE = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]{4})>")
_JOINED_FORMS = range(0xFB50, 0xFF00)
_DRAWING = NameObject("/Drawing")


@lru_cache(maxsize=16)
def _drawing(svg: str) -> bytes:
    """``svg`` as a PDF page of its own, kept: reading an SVG costs more than a whole render."""
    drawing = svg2rlg(io.BytesIO(svg.encode()))
    if drawing is None:
        raise RenderFailed("the drawing under the page is not SVG")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(drawing.width, drawing.height))
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.save()
    return out.getvalue()


def _dictionary(owner: DictionaryObject, key: str) -> DictionaryObject:
    """The dictionary that ``owner`` holds under ``key``, made empty when there is none."""
    if key not in owner:
        owner[NameObject(key)] = DictionaryObject()
    return cast("DictionaryObject", owner[key].get_object())


def _added(writer: PdfWriter, stream: StreamObject) -> IndirectObject:
    """``stream`` compressed and made an object of the file."""
    return writer._add_object(stream.flate_encode())  # noqa: SLF001  # pypdf offers no other way


def _lay_under(writer: PdfWriter, page: PageObject, svg: str) -> bytes:
    """Add ``svg`` to the page's resources; return the operators that draw it."""
    source = PdfReader(io.BytesIO(_drawing(svg))).pages[0]
    content = source.get_contents()
    if content is None:
        raise RenderFailed("the drawing under the page is empty")
    form = StreamObject()
    form.set_data(_without_unused_font(source, content.get_data()))
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([FloatObject(side) for side in source.mediabox]),
            NameObject("/Resources"): DictionaryObject(),
        }
    )
    _dictionary(_dictionary(page, "/Resources"), "/XObject")[_DRAWING] = _added(writer, form)
    return b"q /Drawing Do Q\n"


def _without_unused_font(page: PageObject, content: bytes) -> bytes:
    """``content`` without the selections of a font that shows no text; the font goes too."""
    stripped = _SET_FONT.sub(b"", content)
    fonts = _dictionary(_dictionary(page, "/Resources"), "/Font")
    for name in [name for name in fonts if name.encode() + b" " not in stripped]:
        del fonts[name]
    return stripped


def _readable(match: re.Match[bytes]) -> bytes:
    code, point = match[1], int(match[2], 16)
    letters = unicodedata.normalize("NFKC", chr(point))
    # A ligature stays one character: readers do not agree on the order of two letters in one glyph.
    if point not in _JOINED_FORMS or len(letters) > 1:
        return match[0]
    return b"<%b> <%04X>" % (code, ord(letters))


def _make_arabic_readable(page: PageObject) -> None:
    """Let joined forms be copied, searched and read aloud as the letters that they stand for."""
    fonts = _dictionary(_dictionary(page, "/Resources"), "/Font")
    for font in (reference.get_object() for reference in fonts.values()):
        if "/ToUnicode" not in font:
            continue
        table = font["/ToUnicode"].get_object()
        before = table.get_data()
        after = _ONE_CODE.sub(_readable, before)
        if after != before:
            table.set_data(after)


def finish(data: bytes, *, pages: int | None, under: str | None) -> bytes:
    """Return the file ``data`` finished.

    Args:
        data: a PDF file as ReportLab wrote it.
        pages: how many pages it must have, ``None`` for any.
        under: an SVG drawing of the page's size, drawn beneath the text of every page.

    Raises:
        RenderFailed: another number of pages, or a drawing that cannot be read.
    """
    writer = PdfWriter(clone_from=io.BytesIO(data))
    if pages is not None and len(writer.pages) != pages:
        raise RenderFailed(f"{len(writer.pages)} pages instead of {pages}")
    for page in writer.pages:
        content = page.get_contents()
        if content is None:
            continue
        operators = _without_unused_font(page, content.get_data())
        if under is not None:
            operators = _lay_under(writer, page, under) + operators
        stream = StreamObject()
        stream.set_data(operators)
        page[NameObject("/Contents")] = _added(writer, stream)
        _make_arabic_readable(page)
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
