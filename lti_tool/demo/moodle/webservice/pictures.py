"""Addresses of pictures: nobody has one of their own, so all get the theme's."""

from __future__ import annotations

from lti_tool.demo.moodle.site import DemoMoodle

THEME_REVISION = 1795297357


def picture_url(site: DemoMoodle, size: str) -> str:
    """Return the address of a default portrait: ``f1`` (100 px) or ``f2`` (35 px)."""
    return f"{site.base_url}/theme/image.php/boost/core/{THEME_REVISION}/u/{size}"
