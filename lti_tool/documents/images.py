"""Images that a document carries inside itself, as ``data:`` URIs: QR codes and signatures.

Nothing is read from a path or an address that content could choose.
"""

from __future__ import annotations

import base64
import io

import segno

from lti_tool.documents.errors import InvalidDocumentContent

_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_QR_PIXELS_PER_MODULE = 10
_QR_QUIET_MODULES = 2


def _data_uri(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def picture_uri(data: bytes) -> str:
    """Return a PNG or JPEG file as a ``data:`` URI.

    Raises:
        InvalidDocumentContent: the bytes are neither.
    """
    for magic, mime in _SIGNATURES:
        if data.startswith(magic):
            return _data_uri(mime, data)
    raise InvalidDocumentContent("picture is neither PNG nor JPEG")


def qr_uri(text: str, dark: str) -> str:
    """Return the QR code of ``text`` (error correction M or better) as a ``data:`` URI of a PNG.

    Args:
        text: what the code says, usually the address of the verification page.
        dark: colour of the modules, ``#rrggbb``, dark enough for a scanner.
    """
    picture = io.BytesIO()
    # A fixed mask skips the scoring of all eight, which costs more than the rest of the page's QR.
    segno.make_qr(text, error="m", mask=4).save(
        picture, kind="png", scale=_QR_PIXELS_PER_MODULE, border=_QR_QUIET_MODULES, dark=dark
    )
    return _data_uri("image/png", picture.getvalue())
