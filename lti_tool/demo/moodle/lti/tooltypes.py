"""The external tools of the site beside the one it came with: registered by themselves.

A tool is pending until the administrator activates it; its number is its ``deployment_id``.
Source: the recordings ``dynreg-*.json``.
"""

from __future__ import annotations

import copy
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lti_tool.demo.moodle.keys import ToolKeys
from lti_tool.demo.moodle.site import DemoMoodle

ACTIVE, PENDING = 1, 2
FIRST = 4
"""Number of the first tool registered, as on the recorded site."""


@dataclass(slots=True)
class ToolType:
    """A tool as the site knows it."""

    id: int
    client_id: str
    name: str
    launch_url: str
    login_url: str
    keyset_url: str
    redirect_uris: list[str]
    domain: str
    description: str = ""
    logo_url: str = ""
    deep_linking_url: str = ""
    scopes: list[str] = field(default_factory=list)
    custom: dict[str, str] = field(default_factory=dict)
    claims: list[str] = field(default_factory=list)
    state: int = PENDING


def tool_types(site: DemoMoodle) -> list[ToolType]:
    """Return the tools registered by themselves, the oldest first."""
    return [ToolType(**stored) for stored in site.world.tool_types.values()]


def find_tool(site: DemoMoodle, number: int) -> ToolType | None:
    """Return the tool with this number."""
    stored = site.world.tool_types.get(number)
    return ToolType(**stored) if stored else None


def save_tool(site: DemoMoodle, tool: ToolType) -> None:
    """Keep a tool, new or changed."""
    site.changes.make(site.world, "save_tool", tool=asdict(tool))


def next_number(site: DemoMoodle) -> int:
    """Return the number of the next tool."""
    return max((FIRST - 1, *site.world.tool_types)) + 1


def new_client_id() -> str:
    """Return an identifier of Moodle's form: 15 letters and digits."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secrets.choice(letters) for _sign in range(15))


def seen_by(site: DemoMoodle, number: int) -> DemoMoodle:
    """Return the site as it is for one tool; 0 is the one it came with. World and sessions are shared."""
    tool = find_tool(site, number) if number else None
    if tool is None:
        return site
    own = copy.copy(site)
    own.client_id, own.deployment_id = tool.client_id, str(tool.id)
    own.tool_login_url, own.tool_launch_url = tool.login_url, tool.launch_url
    parts = urlsplit(tool.launch_url)
    own.tool_url = f"{parts.scheme}://{parts.netloc}"
    own.tool_keys = ToolKeys(tool.keyset_url)
    return own


def answer_of(tool: ToolType) -> dict[str, Any]:
    """Return a tool in the words of the registration endpoint, in the order of the recording."""
    configuration: dict[str, Any] = {
        "version": "1.3.0",
        "deployment_id": str(tool.id),
        "target_link_uri": tool.launch_url,
        "domain": tool.domain,
        "description": tool.description,
    }
    if tool.deep_linking_url:
        configuration["messages"] = [
            {"type": "LtiDeepLinkingRequest", "target_link_uri": tool.deep_linking_url}
        ]
    if tool.custom:
        configuration["custom_parameters"] = tool.custom
    configuration["claims"] = tool.claims
    return {
        "client_id": tool.client_id,
        "response_types": ["id_token"],
        "jwks_uri": tool.keyset_url,
        "initiate_login_uri": tool.login_url,
        "grant_types": ["client_credentials", "implicit"],
        "redirect_uris": tool.redirect_uris,
        "application_type": "web",
        "token_endpoint_auth_method": "private_key_jwt",
        "client_name": tool.name,
        "logo_uri": tool.logo_url,
        "scope": " ".join(tool.scopes),
        "https://purl.imsglobal.org/spec/lti-tool-configuration": configuration,
    }
