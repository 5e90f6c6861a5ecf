"""The blueprint that the view modules of this room share."""

from __future__ import annotations

from flask import Blueprint

from lti_tool.people.wording import PURPOSES, ROLES

blueprint = Blueprint("people", __name__)


@blueprint.app_context_processor
def words() -> dict[str, object]:
    """Give templates the words for roles and purposes."""
    return {"role_words": ROLES, "purpose_words": PURPOSES}
