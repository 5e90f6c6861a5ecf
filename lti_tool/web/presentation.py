"""Everything the templates need before they can be rendered, installed in one call.

Static addresses, filters, words of the statuses, geometry of the charts. No access, no language.
"""

from __future__ import annotations

from flask import Flask

from lti_tool.web import assets, badges, charts, formatting


def register(app: Flask) -> None:
    """Install the filters and globals that layout, components and pages use."""
    assets.register(app)
    formatting.register(app)
    badges.register(app)
    charts.register(app)
