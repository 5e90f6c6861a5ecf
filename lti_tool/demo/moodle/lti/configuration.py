"""The platform's public documents: its key set and its OpenID configuration."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from lti_tool.demo.moodle.lti.claims import AGS_SCOPES, NRPS_SCOPE
from lti_tool.demo.moodle.runtime import moodle

blueprint = Blueprint("configuration", __name__)

RELEASE = "4.5.6 (Build: 20250811)"

_VARIABLES = (
    "basic-lti-launch-request",
    "ContentItemSelectionRequest",
    "ToolProxyRegistrationRequest",
    "Context.id",
    "Context.title",
    "Context.label",
    "Context.id.history",
    "Context.sourcedId",
    "Context.longDescription",
    "Context.timeFrame.begin",
    "CourseSection.title",
    "CourseSection.label",
    "CourseSection.sourcedId",
    "CourseSection.longDescription",
    "CourseSection.timeFrame.begin",
    "CourseSection.timeFrame.end",
    "ResourceLink.id",
    "ResourceLink.title",
    "ResourceLink.description",
    "User.id",
    "User.username",
    "Person.name.full",
    "Person.name.given",
    "Person.name.family",
    "Person.email.primary",
    "Person.sourcedId",
    "Person.name.middle",
    "Person.address.street1",
    "Person.address.locality",
    "Person.address.country",
    "Person.address.timezone",
    "Person.phone.primary",
    "Person.phone.mobile",
    "Person.webaddress",
    "Membership.role",
    "Result.sourcedId",
    "Result.autocreate",
    "BasicOutcome.sourcedId",
    "BasicOutcome.url",
    "Moodle.Person.userGroupIds",
)


@blueprint.get("/mod/lti/certs.php")
def certs() -> Response:
    """Return the key set that verifies id_tokens."""
    return _utf8(jsonify(moodle().key.jwks()))


@blueprint.get("/mod/lti/openid-configuration.php")
def openid_configuration() -> Response:
    """Return the configuration document."""
    site = moodle()
    lti = f"{site.base_url}/mod/lti"
    readonly, result, score, lineitem = (
        AGS_SCOPES[1],
        AGS_SCOPES[2],
        AGS_SCOPES[3],
        AGS_SCOPES[0],
    )
    document = {
        "issuer": site.base_url,
        "token_endpoint": f"{lti}/token.php",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": f"{lti}/certs.php",
        "authorization_endpoint": f"{lti}/auth.php",
        "registration_endpoint": f"{lti}/openid-registration.php",
        "scopes_supported": [
            "https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome",
            readonly,
            result,
            score,
            lineitem,
            NRPS_SCOPE,
            "https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting",
            "openid",
        ],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "moodle",
            "version": RELEASE,
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
            "variables": _VARIABLES,
        },
    }
    return _utf8(jsonify(document))


def _utf8(response: Response) -> Response:
    response.content_type = "application/json; charset=utf-8"
    return response
