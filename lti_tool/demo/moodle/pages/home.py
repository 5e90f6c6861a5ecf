"""The front page: what this is, and whom to enter as."""

from __future__ import annotations

from flask import Blueprint, render_template

from lti_tool.demo.moodle.pages import cast
from lti_tool.demo.moodle.runtime import moodle

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def front_page() -> str:
    """Show the people of the demonstration."""
    site = moodle()
    return render_template(
        "demo/front.html",
        groups=cast.groups(site.world),
        everyone=cast.everyone(site.world),
        verify_url=site.tool_verify_url,
    )
