"""What the tool asks of a platform: the registration document, and what the platform makes of it.

Moodle's traps: ``domain`` is host AND port of ``target_link_uri``; without the claims of the name it
shares no name; a custom value is cut at a second ``=``; the scopes of its answer are not reliable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.lti.activities import HISTORY
from lti_tool.lti.registration.errors import PlatformRefused, RegistrationReason
from lti_tool.lti.services.names import LINE_ITEMS, MEMBERS, RESULTS, SCORES
from lti_tool.lti.targets import launch_url

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SCOPES = (LINE_ITEMS, RESULTS, SCORES, MEMBERS)
CLAIMS = ("iss", "sub", "name", "given_name", "family_name")
"""The names, and no e-mail: the tool never joins people by it."""
CUSTOM = {HISTORY: "$Context.id.history"}
"""Tells a copied course from its original, also for activities that were not chosen through us."""
LONGEST_CLIENT, LONGEST_DEPLOYMENT = 200, 255


@dataclass(frozen=True, slots=True)
class Accepted:
    """How the platform calls the tool from now on."""

    client_id: str
    deployment_id: str


def registration_document(base_url: str) -> dict[str, Any]:
    """Return what is posted to the registration endpoint (1EdTech: tool registration)."""
    launch = launch_url(base_url)
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{base_url}/lti/login",
        "redirect_uris": [launch],
        "client_name": "Ancrage — RMP-ADL",
        "client_name#fr": "Ancrage — RMP-ADL",
        "jwks_uri": f"{base_url}/.well-known/jwks.json",
        "logo_uri": f"{base_url}/static/mark.svg",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(SCOPES),
        TOOL: {
            "domain": urlsplit(launch).netloc,
            "description": "Compétences de plaidoyer : parcours, certification, ancrage.",
            "target_link_uri": launch,
            "custom_parameters": dict(CUSTOM),
            "claims": list(CLAIMS),
            "messages": [
                {"type": "LtiResourceLinkRequest"},
                {
                    "type": "LtiDeepLinkingRequest",
                    "target_link_uri": launch,
                    "label": "Ajouter une activité Ancrage",
                    "placements": ["ContentArea"],
                },
            ],
        },
    }


def read_acceptance(answer: object) -> Accepted:
    """Return what the platform stored.

    Raises:
        PlatformRefused: the answer does not name client and deployment.
    """
    answer = answer if isinstance(answer, dict) else {}
    tool = answer.get(TOOL)
    tool = tool if isinstance(tool, dict) else {}
    return Accepted(
        client_id=_name(answer, "client_id", LONGEST_CLIENT),
        deployment_id=_name(tool, "deployment_id", LONGEST_DEPLOYMENT),
    )


def _name(holder: dict[str, Any], member: str, longest: int) -> str:
    value = holder.get(member)
    if not isinstance(value, str) or not 0 < len(value.strip()) <= longest:
        raise PlatformRefused(RegistrationReason.ANSWER, member)
    return value.strip()
