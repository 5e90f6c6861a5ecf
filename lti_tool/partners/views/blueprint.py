"""The blueprint of the partners room and the words that its pages share."""

from __future__ import annotations

from flask import Blueprint

from lti_tool.partners import wording

blueprint = Blueprint("partners", __name__, url_prefix="/coordination/partenaires")


@blueprint.context_processor
def words() -> dict[str, object]:
    """Give the pages of this room its words."""
    return {
        "agreement_states": wording.AGREEMENT_STATES,
        "agreement_tones": wording.AGREEMENT_TONES,
        "scopes": wording.SCOPES,
        "country_name": wording.country_name,
    }
