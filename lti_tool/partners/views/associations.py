"""The list of the associations; registering and correcting one; its framework agreements."""

from __future__ import annotations

from datetime import date

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool import clock
from lti_tool.errors import InvalidInput
from lti_tool.partners import service, wording
from lti_tool.partners.errors import (
    AlreadySigned,
    NameRefused,
    NameTaken,
    PlaceRefused,
    SignatureDateRefused,
)
from lti_tool.partners.models import AgreementScope
from lti_tool.partners.proposals import count_waiting
from lti_tool.partners.views.blueprint import blueprint
from lti_tool.partners.views.page import partner_page, to_partner
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db
from lti_tool.web.formatting import format_day


@blueprint.get("")
@coordinator
def index() -> str:
    """List the associations."""
    return render_template(
        "partners/index.html",
        partners=service.list_partners(db(), clock.now().date()),
        waiting=count_waiting(db()),
    )


@blueprint.get("/ajouter")
@coordinator
def new() -> str:
    """Ask for what is known of an association."""
    return _new_page({})


@blueprint.post("/ajouter")
@coordinator
def register() -> Response | tuple[str, int]:
    """Record an association."""
    try:
        partner = service.register_partner(db(), actor_id=viewer().person_id, **_identity())
    except (NameRefused, NameTaken) as refused:
        return _new_page({"name": refused.sentence()}), refused.status
    except PlaceRefused as refused:
        return _new_page({"city": refused.sentence()}), refused.status
    flash(_("Association enregistrée."), "success")
    return to_partner(partner)


@blueprint.get("/<partner_id>")
@coordinator
def show(partner_id: str) -> str:
    """Show one association: agreement, cohorts, members, leads."""
    return partner_page(service.find_partner(db(), partner_id))


@blueprint.post("/<partner_id>")
@coordinator
def edit(partner_id: str) -> Response | tuple[str, int]:
    """Correct what is known of an association."""
    partner = service.find_partner(db(), partner_id)
    try:
        service.edit_partner(db(), actor_id=viewer().person_id, partner=partner, **_identity())
    except (NameRefused, NameTaken) as refused:
        return partner_page(partner, {"name": refused.sentence()}), refused.status
    except PlaceRefused as refused:
        return partner_page(partner, {"city": refused.sentence()}), refused.status
    flash(_("Modifications enregistrées."), "success")
    return to_partner(partner)


@blueprint.post("/<partner_id>/cadres")
@coordinator
def sign(partner_id: str) -> Response | tuple[str, int]:
    """Record a framework agreement that was signed."""
    partner = service.find_partner(db(), partner_id)
    try:
        agreement = service.sign_agreement(
            db(),
            actor_id=viewer().person_id,
            partner=partner,
            signed_on=_signed_on(),
            scope=_scope(),
        )
    except (SignatureDateRefused, AlreadySigned) as refused:
        return partner_page(partner, {"signed_on": refused.sentence()}), refused.status
    last_day = format_day(agreement.ends_on)
    flash(_("Cadre enregistré. Dernier jour en vigueur : %(day)s.", day=last_day), "success")
    return to_partner(partner, "cadre")


def _new_page(errors: dict[str, str]) -> str:
    return render_template(
        "partners/new.html", countries=wording.countries(), values=request.form, errors=errors
    )


def _identity() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("name", "city", "country")}


def _signed_on() -> date:
    try:
        return date.fromisoformat(request.form.get("signed_on", ""))
    except ValueError:
        raise SignatureDateRefused from None


def _scope() -> AgreementScope:
    try:
        return AgreementScope(request.form.get("scope", ""))
    except ValueError:
        raise InvalidInput("unknown scope of agreement") from None
