"""The names that 1EdTech gives to claims, services and scopes; written once."""

from __future__ import annotations

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SETTINGS = DEEP_LINKING + "deep_linking_settings"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
ENDPOINT = AGS + "claim/endpoint"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
AGS_SCOPES = tuple(
    f"{AGS}scope/{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")
)
