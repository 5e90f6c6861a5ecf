"""The blueprint that the view modules of this room share."""

from __future__ import annotations

from flask import Blueprint

from lti_tool.anchoring import wording
from lti_tool.anchoring.rules.indicators import Rate

blueprint = Blueprint("anchoring", __name__)
blueprint.add_app_template_filter(wording.wave_name, "wave_name")
blueprint.add_app_template_filter(wording.months_name, "months_name")


@blueprint.app_template_filter("share")
def share(rate: Rate) -> float | None:
    """Return the share of a rate, for the filter ``percent``; None when there is nobody."""
    return None if rate.value is None else float(rate.value)
