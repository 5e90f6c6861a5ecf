"""« Ouvrir dans un nouvel onglet »: the form's post, from a page of ours."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request
from flask import session as cookie

from lti_tool.people.addresses import local_path
from lti_tool.people.new_tab import TicketRefused, new_ticket, redeem_ticket
from lti_tool.people.views.blueprint import blueprint
from lti_tool.web.access import public, viewer_or_none
from lti_tool.web.database import db
from lti_tool.web.runtime import runtime


@blueprint.app_context_processor
def ticket() -> dict[str, object]:
    """Give templates the way to make a ticket for the present session."""
    return {"new_tab_ticket": _ticket}


@blueprint.post("/onglet")
@public
def open_new_tab() -> Any:
    """Begin the session of the new tab and lead to the page that was shown in the frame."""
    settings = runtime().settings
    # Not protected by the form's usual token, which lives in the frame's cookie: instead the post
    # must come from a page of ours, and carry a signed ticket used once.
    if request.headers.get("Origin") != settings.origin:
        raise TicketRefused("posted from elsewhere")
    token = redeem_ticket(db(), request.form.get("ticket", ""), signing_keys())
    cookie.clear()
    cookie["sid"] = token
    return redirect(local_path(request.form.get("next"), "/"), 303)


def _ticket() -> str:
    person = viewer_or_none()
    return "" if person is None else new_ticket(person.session_id, signing_keys())


def signing_keys() -> list[str]:
    """Return the signing keys, oldest first as the serializer wants them."""
    config = current_app.config
    return [*reversed(config["SECRET_KEY_FALLBACKS"] or []), config["SECRET_KEY"]]
