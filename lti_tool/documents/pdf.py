"""Turns an HTML page into a PDF file with xhtml2pdf, reading nothing but our own fonts.

Owns the closed resource policy (no network, no file but the fonts), the metadata and the errors of
the renderer. What the page says is the caller's. See ``spec/credentials.md`` §2.
"""

from __future__ import annotations

import io
import logging

from reportlab import rl_config
from reportlab.platypus.doctemplate import LayoutError
from xhtml2pdf.config.resources import (
    RenderLimitError,
    ResourceAccessError,
    ResourceAccessPolicy,
)
from xhtml2pdf.document import pisaDocument

from lti_tool.documents.errors import RenderFailed
from lti_tool.documents.finish import finish
from lti_tool.documents.fonts import FONTS_DIR

# The renderer repeats the document's own text in its warnings: a name must not reach a log.
logging.getLogger("xhtml2pdf").setLevel(logging.CRITICAL)

# Streams as bytes rather than as printable text: a quarter smaller and quicker.
rl_config.useA85 = 0


def closed_policy() -> ResourceAccessPolicy:
    """Return the policy of every render: the fonts' folder, ``data:`` URIs and nothing else."""
    return ResourceAccessPolicy.server(None, allow_remote=False, extra_roots=(FONTS_DIR,))


def render_pdf(
    html: str, *, title: str, author: str, pages: int | None = None, under: str | None = None
) -> bytes:
    """Render ``html`` to a PDF file. One render at a time in a process: the renderer holds a lock.

    Args:
        html: the whole page, already escaped; ``<html lang>`` becomes the file's language.
        title: metadata, shown by readers in the window's title.
        author: metadata.
        pages: how many pages the file must have, ``None`` for any.
        under: an SVG drawing of the page's size, drawn beneath the text.

    Raises:
        RenderFailed: the renderer raised, warned or was refused a resource, or the number of
            pages is another one.
    """
    out = io.BytesIO()
    try:
        context = pisaDocument(
            html,
            out,
            encoding="utf-8",
            context_meta={"title": title, "author": author, "subject": "", "keywords": ""},
            resource_policy=closed_policy(),
        )
    except (
        LayoutError,
        LookupError,
        OSError,
        RenderLimitError,
        ResourceAccessError,
        ValueError,
    ) as error:
        # Not chained: the renderer's messages quote the page, and a name must not reach a log.
        raise RenderFailed(f"renderer raised {type(error).__name__}") from None
    # A warning is a picture, a font or a rule left out: a document is whole or it is not made.
    if context.err or context.warn:
        raise RenderFailed(f"renderer reported {context.err} errors, {context.warn} warnings")
    return finish(out.getvalue(), pages=pages, under=under)
