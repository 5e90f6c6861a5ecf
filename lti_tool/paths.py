"""Finds the files that travel with the code: templates, translations, static files.

``templates/`` stands at the top of the repository and inside the package once in a wheel.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def templates_dir() -> Path:
    """Return the folder of the Jinja templates.

    Raises:
        FileNotFoundError: neither the wheel's nor the checkout's folder is there.
    """
    for candidate in (PACKAGE / "templates", PACKAGE.parent / "templates"):
        if (candidate / "layout.html").is_file():
            return candidate
    raise FileNotFoundError(
        "templates/ not found beside lti_tool/: reinstall the package or run from a whole checkout"
    )


def translations_dir() -> Path:
    """Return the folder of the message catalogues."""
    return PACKAGE / "translations"


def static_dir() -> Path:
    """Return the folder of the static files (style sheet, vendored Bootstrap and htmx)."""
    return PACKAGE / "web" / "static"
