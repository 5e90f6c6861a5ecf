"""The present visit: the language of the screens, and leaving."""

from __future__ import annotations

from datetime import timedelta

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool.errors import InvalidInput
from lti_tool.people.addresses import local_path
from lti_tool.people.service import leave as end_visit
from lti_tool.people.service import leaving_ticket
from lti_tool.people.service import set_locale as keep_locale
from lti_tool.people.views.blueprint import blueprint
from lti_tool.people.views.new_tab import signing_keys
from lti_tool.web.access import public, viewer_or_none
from lti_tool.web.database import db
from lti_tool.web.i18n import COOKIE, LOCALES
from lti_tool.web.runtime import runtime


@blueprint.post("/langue")
@public
def set_locale() -> Response:
    """Keep the language, for the person when there is one and for this browser."""
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        raise InvalidInput("unknown locale")
    person = viewer_or_none()
    if person is not None:
        keep_locale(db(), person_id=person.person_id, locale=locale, known=LOCALES)
    answer = redirect(local_path(request.form.get("next"), url_for("web.index")), 303)
    cross_site = runtime().settings.cross_site_cookies
    answer.set_cookie(
        COOKIE,
        locale,
        max_age=timedelta(days=365),
        secure=cross_site,
        httponly=True,
        samesite="None" if cross_site else "Lax",
        partitioned=cross_site,
    )
    return answer


@blueprint.post("/quitter")
@public
def leave() -> Response | str:
    """End what the form's ticket names and lead back to the course."""
    # Not protected by the form's usual token, which lives in the frame's cookie: the ticket is.
    address = end_visit(db(), request.form.get("ticket", ""), signing_keys())
    g.pop("viewer", None)
    return redirect(address, 303) if address else render_template("people/left.html")


@blueprint.app_context_processor
def ticket_to_leave() -> dict[str, object]:
    """Give templates the way to make a ticket to leave."""
    return {"leaving_ticket": _leaving_ticket}


def _leaving_ticket(course_id: int | None = None) -> str:
    person = viewer_or_none()
    return "" if person is None else leaving_ticket(person.visit, course_id, signing_keys())
