"""The addresses of this tool that a platform asks for; the pages behind them are in ``lti.views``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolAddresses:
    """What is pasted in the platform when the tool is added there by hand."""

    tool: str
    login: str
    redirect: str
    key_set: str
    icon: str


def tool_addresses(base_url: str) -> ToolAddresses:
    """Return the addresses of the tool at ``base_url`` (without final slash)."""
    return ToolAddresses(
        tool=f"{base_url}/lti/launch",
        login=f"{base_url}/lti/login",
        redirect=f"{base_url}/lti/launch",
        key_set=f"{base_url}/lti/jwks",
        icon=f"{base_url}/static/mark.svg",
    )
