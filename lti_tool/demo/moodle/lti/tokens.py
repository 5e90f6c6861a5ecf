"""The access-token endpoint: a signed assertion of the tool for a bearer token of one hour.

Answers are JSON under ``Content-Type: text/html``, errors included, as recorded in ``token-*.json``.
"""

from __future__ import annotations

import json
from typing import Any

import jwt
from flask import Blueprint, Response, abort, request

from lti_tool.demo.moodle.keys import AssertionRefusedError, KeySetUnreachableError
from lti_tool.demo.moodle.lti.claims import AGS_SCOPES, NRPS_SCOPE
from lti_tool.demo.moodle.lti.tooltypes import seen_by, tool_types
from lti_tool.demo.moodle.runtime import moodle
from lti_tool.demo.moodle.site import AccessToken, DemoMoodle

blueprint = Blueprint("tokens", __name__)

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PERMITTED_SCOPES = (*AGS_SCOPES, NRPS_SCOPE)
TOKEN_SECONDS = 3600


class _TokenRefusedError(Exception):
    """The request is refused; the text is the ``error`` member."""


@blueprint.route("/mod/lti/token.php", methods=["GET", "POST"])
def issue() -> Response:
    """Give an access token for the scopes asked, those unknown left out."""
    site = moodle()
    if site.switches.maintenance == "web":
        return _answer('{"error":"invalid_request"}', 400)
    try:
        token = _exchange(site)
    except _TokenRefusedError as refused:
        return _answer(f'{{\r\n  "error" : "{refused}"\r\n}}', 400)
    except KeySetUnreachableError:
        abort(404, "The tool's key set could not be fetched.")
    body: dict[str, Any] = {
        "access_token": token.value,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": " ".join(scope for scope in PERMITTED_SCOPES if scope in token.scopes),
    }
    return _answer(json.dumps(body), 200)


def _exchange(site: DemoMoodle) -> AccessToken:
    form = request.form
    if not form.get("client_assertion") or not form.get("scope") or not form.get("grant_type"):
        raise _TokenRefusedError("invalid_request")
    if form["grant_type"] != "client_credentials":
        raise _TokenRefusedError("unsupported_grant_type")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise _TokenRefusedError("invalid_request")
    assertion = form["client_assertion"]
    try:
        subject = jwt.decode(assertion, options={"verify_signature": False}).get("sub")
    except jwt.InvalidTokenError:
        raise _TokenRefusedError("invalid_request") from None
    if not subject:
        raise _TokenRefusedError("invalid_request")
    number = next((tool.id for tool in tool_types(site) if tool.client_id == subject), 0)
    site = seen_by(site, number)
    if subject != site.client_id:
        raise _TokenRefusedError("invalid_client")
    try:
        site.tool_keys.verify(assertion, site.clock())
    except AssertionRefusedError as refused:
        raise _TokenRefusedError(str(refused)) from None
    scopes = frozenset(form["scope"].split()) & frozenset(PERMITTED_SCOPES)
    if not scopes:
        raise _TokenRefusedError("invalid_scope")
    token = AccessToken(scopes, site.now + TOKEN_SECONDS, number)
    site.access_tokens[token.value] = token
    return token


def _answer(body: str, status: int) -> Response:
    return Response(body, status, content_type="text/html; charset=utf-8")
