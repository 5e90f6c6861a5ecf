"""The registration endpoint: a tool registers itself with the token that the administrator's page gave.

Refusals are plain text; a token that the site did not sign, and a body that is not JSON, are a page
with status 404. Source: the recordings ``dynreg-*.json``; 1EdTech Dynamic Registration 1.0.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import jwt
from flask import Blueprint, Response, abort, jsonify, request

from lti_tool.demo.moodle.lti.claims import AGS_SCOPES, NRPS_SCOPE
from lti_tool.demo.moodle.lti.tooltypes import (
    ToolType,
    answer_of,
    find_tool,
    new_client_id,
    next_number,
    save_tool,
)
from lti_tool.demo.moodle.runtime import moodle
from lti_tool.demo.moodle.site import DemoMoodle

blueprint = Blueprint("registering", __name__)

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
NEW, UPDATE = "reg", "reg-update"
TOKEN_SECONDS = 3600
REQUIRED = ("initiate_login_uri", "redirect_uris", "client_name", "jwks_uri", TOOL)
CLAIMS = ("sub", "iss", "name", "family_name", "given_name", "email")


class _RefusedError(Exception):
    """The request is refused: text and status are what Moodle answers."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def registration_token(site: DemoMoodle, number: int) -> str:
    """Return a registration token: for a new tool (0), or to change one."""
    return site.key.sign(
        {
            "sub": str(number) if number else new_client_id(),
            "scope": UPDATE if number else NEW,
            "iat": site.now,
            "exp": site.now + TOKEN_SECONDS,
        }
    )


@blueprint.route("/mod/lti/openid-registration.php", methods=["GET", "POST"])
def registration() -> Response:
    """Register a tool, change one, or tell what is held of one."""
    site = moodle()
    try:
        claims = _token(site)
        with site.lock:
            tool = _asked(site, claims)
            tool = _register(site, claims, tool) if request.method == "POST" else _held(tool)
    except _RefusedError as refused:
        return Response(str(refused), refused.status, content_type="text/html; charset=utf-8")
    answer = jsonify(answer_of(tool))
    answer.content_type = "application/json; charset=utf-8"
    return answer


def _held(tool: ToolType | None) -> ToolType:
    if tool is None:
        raise _RefusedError("missing_registration_token", 401)
    return tool


def _token(site: DemoMoodle) -> dict[str, Any]:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _RefusedError("missing_registration_token", 401)
    try:
        key = jwt.PyJWK(site.key.jwks()["keys"][0])
        options: Any = {"verify_exp": False, "verify_iat": False}
        claims = jwt.decode(token, key, algorithms=["RS256"], options=options)
    except jwt.InvalidTokenError:
        abort(404, "Exception - Signature verification failed")
    if claims.get("exp", 0) <= site.now:
        abort(404, "Exception - Expired token")
    if claims.get("scope") not in (NEW, UPDATE):
        raise _RefusedError("incorrect_token", 403)
    return claims


def _asked(site: DemoMoodle, claims: dict[str, Any]) -> ToolType | None:
    """Return the tool that an update token names; a token for a new tool works once."""
    if claims["scope"] == UPDATE:
        return find_tool(site, int(claims["sub"]))
    if any(one["client_id"] == claims["sub"] for one in site.world.tool_types.values()):
        raise _RefusedError("token_already_used", 401)
    return None


def _register(site: DemoMoodle, claims: dict[str, Any], present: ToolType | None) -> ToolType:
    document = request.get_json(force=True, silent=True)
    if not isinstance(document, dict):
        abort(404, "The registration request is not valid JSON.")
    tool = _read(document)
    if present is not None:
        tool.id, tool.client_id, tool.state = present.id, present.client_id, present.state
    else:
        tool.id, tool.client_id = next_number(site), claims["sub"]
    save_tool(site, tool)
    return tool


def _read(document: dict[str, Any]) -> ToolType:
    if "id_token" not in document.get("response_types", ()):
        raise _RefusedError("invalid_response_types")
    for name in REQUIRED:
        if not document.get(name):
            raise _RefusedError(f"missing required attribute {name}")
    if document.get("token_endpoint_auth_method") != "private_key_jwt":
        raise _RefusedError("invalid_token_endpoint_auth_method")
    tool = document[TOOL]
    if not tool.get("domain"):
        raise _RefusedError("missing_domain")
    if urlsplit(tool.get("target_link_uri", "")).netloc != tool["domain"]:
        raise _RefusedError("domain_targetlinkuri_mismatch")
    deep: dict[str, Any] = next(
        (one for one in tool.get("messages", ()) if one["type"] == "LtiDeepLinkingRequest"), {}
    )
    return ToolType(
        id=0,
        client_id="",
        name=document["client_name"],
        launch_url=tool["target_link_uri"],
        login_url=document["initiate_login_uri"],
        keyset_url=document["jwks_uri"],
        redirect_uris=document["redirect_uris"],
        domain=tool["domain"],
        description=tool.get("description", ""),
        logo_url=document.get("logo_uri", ""),
        deep_linking_url=deep.get("target_link_uri", tool["target_link_uri"]) if deep else "",
        scopes=_scopes(document.get("scope", "").split()),
        # Moodle keeps these as lines of text, and cuts a value at its second equals sign.
        custom={
            name: str(value).split("=")[0]
            for name, value in tool.get("custom_parameters", {}).items()
        },
        claims=[name for name in CLAIMS if name in tool.get("claims", ())],
    )


def _scopes(asked: list[str]) -> list[str]:
    """Return the scopes that the answer announces: more than was asked, as Moodle does."""
    lineitem, readonly, result, score = AGS_SCOPES
    announced: list[str] = []
    if {lineitem, readonly, result, score} & set(asked):
        announced = [score, result, readonly, lineitem]
    return announced + ([NRPS_SCOPE] if NRPS_SCOPE in asked else [])
