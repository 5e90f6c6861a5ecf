"""The sites: list, adding one, its page, its token, its courses. The token goes in and never comes out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.platforms import service
from lti_tool.platforms.errors import (
    AddressRefused,
    FieldMissing,
    SiteAlreadyKnown,
    TokenMissing,
    TokenRefused,
)
from lti_tool.platforms.tool_addresses import manual_settings
from lti_tool.platforms.views.blueprint import blueprint
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db
from lti_tool.web.runtime import runtime


@blueprint.get("/sites")
@coordinator
def index() -> str:
    """List the Moodle sites."""
    return render_template("platforms/index.html", sites=service.site_summaries(db()))


@blueprint.get("/sites/ajouter")
@coordinator
def new() -> str:
    """Show what to paste in Moodle, then ask for what Moodle answers."""
    return _new_page({}, {})


@blueprint.post("/sites/ajouter")
@coordinator
def add() -> Response | tuple[str, int]:
    """Register a site."""
    fields = {
        name: request.form.get(name, "")
        for name in ("name", "base_url", "client_id", "deployment_id")
    }
    try:
        site = service.register_site(
            db(),
            actor_id=viewer().person_id,
            https_only=runtime().settings.environment == "production",
            **fields,
        )
    except (AddressRefused, SiteAlreadyKnown) as refused:
        return _new_page(fields, {"base_url": refused.sentence()}), refused.status
    except FieldMissing as refused:
        return _new_page(fields, {str(refused.values["field"]): refused.sentence()}), refused.status
    flash(_("Site enregistré. Donnez-lui maintenant le jeton du compte de service."), "success")
    return redirect(url_for("platforms.site", site_id=site.id), 303)


@blueprint.get("/sites/<int:site_id>")
@coordinator
def site(site_id: int) -> str:
    """Show one site: what it is, what is missing, what to do."""
    return site_page(site_id)


@blueprint.post("/sites/<int:site_id>/jeton")
@coordinator
def set_token(site_id: int) -> Response | tuple[str, int]:
    """Store the token of the service account."""
    try:
        service.set_token(
            db(),
            actor_id=viewer().person_id,
            site_id=site_id,
            token=request.form.get("token", ""),
        )
    except TokenRefused as refused:
        return site_page(site_id, {"token": refused.sentence()}), refused.status
    flash(_("Jeton enregistré, chiffré. Vérifiez maintenant ce qu’il permet."), "success")
    return back(site_id)


@blueprint.post("/sites/<int:site_id>/verifier")
@coordinator
def check(site_id: int) -> Response:
    """Try the token now and say what is missing."""
    found = service.find_site(db(), site_id)
    try:
        findings = service.check_site(db(), runtime().settings, found)
    except TokenMissing as refused:
        flash(refused.sentence(), "warning")
        return back(site_id)
    if findings:
        words = ngettext(
            "Vérification faite : un point est à corriger.",
            "Vérification faite : %(num)s points sont à corriger.",
            len(findings),
        )
        flash(words, "warning")
    else:
        flash(_("Vérification faite : l’outil peut lire tout ce dont il a besoin."), "success")
    return back(site_id, "acces")


@blueprint.post("/sites/<int:site_id>/cours")
@coordinator
def read_courses(site_id: int) -> Response:
    """Ask for a reading of the course list."""
    service.ask_for_sync(db(), service.find_site(db(), site_id), viewer().person_id)
    return back(site_id, "cours")


def back(site_id: int, anchor: str | None = None) -> Response:
    """Lead back to the page of a site."""
    return redirect(url_for("platforms.site", site_id=site_id, _anchor=anchor), 303)


def _new_page(values: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "platforms/new.html",
        settings=manual_settings(runtime().settings.base_url),
        values=values,
        errors=errors,
    )


def site_page(
    site_id: int, errors: dict[str, str] | None = None, values: dict[str, str] | None = None
) -> str:
    """Render the page of one site."""
    found = service.find_site(db(), site_id)
    summary = next(s for s in service.site_summaries(db()) if s.id == site_id)
    return render_template(
        "platforms/site.html",
        site=found,
        summary=summary,
        findings=service.describe_check(found),
        sync=service.latest_sync(db(), site_id),
        settings=manual_settings(runtime().settings.base_url),
        errors=errors or {},
        values=values or {},
    )
