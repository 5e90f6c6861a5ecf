"""The page that says what to create in Moodle for the token, and the role ready to import."""

from __future__ import annotations

from flask import Response, render_template

from lti_tool.platforms import service_account as account
from lti_tool.platforms.views.blueprint import blueprint
from lti_tool.web.access import coordinator


@blueprint.get("/sites/compte-de-service")
@coordinator
def service_account() -> str:
    """Say which role, capabilities and functions the service account needs, ready to copy."""
    return render_template(
        "platforms/service_account.html",
        role=account.NAME,
        role_short=account.SHORT_NAME,
        service=account.SERVICE_NAME,
        service_short=account.SERVICE_SHORT_NAME,
        capabilities=account.needed_capabilities(),
        functions=account.needed_functions(),
    )


@blueprint.get(f"/sites/{account.PRESET_FILE}")
@coordinator
def role_preset() -> Response:
    """Give the role as Moodle imports it."""
    response = Response(account.role_preset(), mimetype="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{account.PRESET_FILE}"'
    return response
