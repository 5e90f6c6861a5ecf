"""The pages that a Moodle administrator sees in the frame of « Gérer les outils ».

They use no cookie and show nothing of whoever may be signed in here: the link and Moodle's token are
all that they go by. That is why a platform that is not registered yet may frame them, and why the post
needs no token against forged posts: whoever can forge it holds the invitation.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from lti_tool.lti.registration.service import consider, open_invitation
from lti_tool.lti.registration.service import register as make
from lti_tool.lti.targets import origin as readable_origin
from lti_tool.platforms.service.origins import origin_of
from lti_tool.web.access import public
from lti_tool.web.database import db
from lti_tool.web.headers import policy
from lti_tool.web.limits import limiter
from lti_tool.web.runtime import runtime

blueprint = Blueprint("registration", __name__, url_prefix="/lti/register")

FEW = "30 per minute"
ORIGIN = re.compile(r"https?://([0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


@blueprint.before_request
def forget_viewer() -> None:
    """Show these pages alike to everybody, whatever session the browser has."""
    g.viewer = None


@blueprint.after_request
def frame(response: Response) -> Response:
    """Let the platform that opened the page frame it: the one confirmed, else the one that asks.

    What the latter gets is a refusal or an explanation, which holds nothing and does nothing.
    """
    asking = readable_origin(request.values.get("openid_configuration", ""))
    origin = g.get("platform_origin") or asking
    response.headers["Content-Security-Policy"] = policy(origin if ORIGIN.fullmatch(origin) else "")
    # The address of this page holds the link and Moodle's token.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/<link>")
@limiter.limit(FEW)
@public
def begin(link: str) -> str:
    """Show what will be agreed, or what to do with a link opened outside Moodle."""
    asked = _asked()
    if not all(asked.values()):
        open_invitation(db(), link)
        address = runtime().settings.base_url + url_for("registration.begin", link=link)
        return render_template("lti/registration/paste.html", address=address)
    proposal = consider(db(), link, asked["openid_configuration"], asked["registration_token"])
    g.platform_origin = origin_of(proposal.platform.issuer)
    return render_template(
        "lti/registration/confirm.html", link=link, proposal=proposal, asked=asked
    )


@blueprint.post("/<link>")
@limiter.limit(FEW)
@public
def register(link: str) -> str:
    """Register the tool on the platform, then have its frame closed."""
    asked = _asked()
    outcome = make(
        db(),
        link,
        asked["openid_configuration"],
        asked["registration_token"],
        base_url=runtime().settings.base_url,
    )
    g.platform_origin = origin_of(outcome.platform.issuer)
    return render_template("lti/registration/done.html", outcome=outcome, origin=g.platform_origin)


def _asked() -> dict[str, str]:
    sent: Any = request.form if request.method == "POST" else request.args
    return {name: sent.get(name, "") for name in ("openid_configuration", "registration_token")}
