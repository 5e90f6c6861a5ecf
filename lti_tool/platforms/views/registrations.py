"""Accepting and closing what may open the tool on a site: registrations and their deployments."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.platforms import service
from lti_tool.platforms.errors import FieldMissing, SiteAlreadyKnown
from lti_tool.platforms.views.blueprint import blueprint
from lti_tool.platforms.views.sites import back, site_page
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db

ACCEPT = "accept"


@blueprint.post("/sites/<int:site_id>/enregistrements")
@coordinator
def add_registration(site_id: int) -> Response | tuple[str, int]:
    """Add another registration of the tool on the site."""
    fields = {name: request.form.get(name, "") for name in ("client_id", "deployment_id")}
    try:
        service.add_registration(db(), actor_id=viewer().person_id, site_id=site_id, **fields)
    except FieldMissing as refused:
        errors = {str(refused.values["field"]): refused.sentence()}
        return site_page(site_id, errors, fields), refused.status
    except SiteAlreadyKnown as refused:
        return site_page(site_id, {"client_id": refused.sentence()}, fields), refused.status
    flash(_("Enregistrement ajouté."), "success")
    return back(site_id, "lancement")


@blueprint.post("/sites/<int:site_id>/enregistrements/<int:registration_id>")
@coordinator
def decide_registration(site_id: int, registration_id: int) -> Response:
    """Open or close a registration: field ``decision`` is ``accept`` or ``refuse``."""
    accept = request.form.get("decision") == ACCEPT
    service.decide_registration(
        db(),
        actor_id=viewer().person_id,
        site_id=site_id,
        registration_id=registration_id,
        accept=accept,
    )
    flash(
        _("Enregistrement ouvert : ses lancements sont acceptés.")
        if accept
        else _("Enregistrement suspendu : ses lancements sont refusés, rien n’est effacé."),
        "success",
    )
    return back(site_id, "lancement")


@blueprint.post("/sites/<int:site_id>/deploiements/<int:deployment_pk>")
@coordinator
def decide_deployment(site_id: int, deployment_pk: int) -> Response:
    """Accept or refuse a deployment: field ``decision`` is ``accept`` or ``refuse``."""
    accept = request.form.get("decision") == ACCEPT
    service.decide_deployment(
        db(),
        actor_id=viewer().person_id,
        site_id=site_id,
        deployment_pk=deployment_pk,
        accept=accept,
    )
    flash(
        _("Déploiement accepté : ses lancements sont ouverts.")
        if accept
        else _("Déploiement refusé : ses lancements sont fermés."),
        "success",
    )
    return back(site_id, "lancement")
