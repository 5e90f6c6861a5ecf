"""A deep linking request in the shape of Moodle 4.5, right or wrong in exactly one thing."""

from __future__ import annotations

from typing import Any

from lti_tool.lti.vocabulary import SETTINGS
from tests.security.forge import INSTRUCTOR

RETURN_URL = (
    "http://moodle.localhost:8081/mod/lti/contentitem_return.php?course=2&id=1&sesskey=ejq0"
)


def selection_claims(**settings: Any) -> dict[str, Any]:
    """What changes a right launch into a right request for content; None removes a setting."""
    asked = {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_multiple": True,
        "deep_link_return_url": RETURN_URL,
        "title": "Titre proposé",
        "text": "Texte proposé",
    } | settings
    return {
        "message_type": "LtiDeepLinkingRequest",
        "resource_link": None,
        "roles": [INSTRUCTOR],
        SETTINGS: {name: value for name, value in asked.items() if value is not None},
    }
