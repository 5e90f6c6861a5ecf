"""Geometry of the charts that ``components/charts.html`` draws: pure functions, no I/O, no colour.

The wheel is drawn in its own units and scales as a whole. Bars and lines place things across in
percent of the width and down in pixels, so that text keeps its size from 320 px to wide.
"""

from __future__ import annotations

from flask import Flask

from lti_tool.web.charts.bars import bar_rows
from lti_tool.web.charts.levels import level_rows
from lti_tool.web.charts.line import level_points
from lti_tool.web.charts.wheel import wheel_sectors

__all__ = ["bar_rows", "level_points", "level_rows", "register", "wheel_sectors"]


def register(app: Flask) -> None:
    """Give the chart macros their geometry."""
    app.jinja_env.globals.update(
        bar_rows=bar_rows,
        level_points=level_points,
        level_rows=level_rows,
        wheel_sectors=wheel_sectors,
    )
