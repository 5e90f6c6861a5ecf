"""Pages of the coordination: links that invite a Moodle, and sites that wait for a decision."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.platforms import invitations
from lti_tool.platforms.errors import FieldMissing
from lti_tool.platforms.service import decide_waiting_registration, site_summaries
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db
from lti_tool.web.runtime import runtime

blueprint = Blueprint("invitations", __name__, url_prefix="/coordination/sites/invitations")


@blueprint.get("")
@coordinator
def index() -> str:
    """List the links and the sites that wait."""
    return _page()


@blueprint.post("")
@coordinator
def make() -> str | tuple[str, int]:
    """Make a link, shown this once."""
    site_id = request.form.get("site_id", type=int)
    try:
        token = invitations.make_invitation(
            db(),
            actor_id=viewer().person_id,
            note=request.form.get("note", ""),
            site_id=site_id,
        )
    except FieldMissing as refused:
        return _page({"note": refused.sentence()}), refused.status
    return render_template(
        "platforms/invitation.html",
        address=runtime().settings.base_url + url_for("registration.begin", link=token),
        days=invitations.LIFETIME.days,
        bound=site_id is not None,
    )


@blueprint.post("/<int:invitation_id>/annuler")
@coordinator
def revoke(invitation_id: int) -> Response:
    """Withdraw a link."""
    invitations.revoke_invitation(db(), actor_id=viewer().person_id, invitation_id=invitation_id)
    flash(_("Lien annulé : il ne sert plus."), "success")
    return redirect(url_for("invitations.index"), 303)


@blueprint.post("/enregistrements/<int:registration_id>")
@coordinator
def decide(registration_id: int) -> Response:
    """Accept or refuse a site that registered itself: field ``decision`` is ``accept`` or ``refuse``."""
    accept = request.form.get("decision") == "accept"
    decide_waiting_registration(
        db(), actor_id=viewer().person_id, registration_id=registration_id, accept=accept
    )
    flash(
        _("Site accepté : ses lancements sont ouverts.")
        if accept
        else _("Site refusé : ses lancements sont fermés."),
        "success",
    )
    return redirect(url_for("invitations.index"), 303)


def _page(errors: dict[str, str] | None = None) -> str:
    return render_template(
        "platforms/invitations.html",
        lines=invitations.invitation_lines(db()),
        waiting=invitations.waiting_registrations(db()),
        sites=[(site.id, f"{site.name} — {site.base_url}") for site in site_summaries(db())],
        values=request.form,
        errors=errors or {},
    )
