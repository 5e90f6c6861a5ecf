"""Taking a role with a code; and, for coordinators, giving and withdrawing roles."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.errors import InvalidInput, LtiToolError
from lti_tool.people import service
from lti_tool.people.errors import ClaimRefused, PartnerNeeded, ReasonNeeded
from lti_tool.people.models import Role
from lti_tool.people.views.blueprint import blueprint
from lti_tool.people.wording import ROLES
from lti_tool.web.access import coordinator, signed_in, viewer
from lti_tool.web.database import db
from lti_tool.web.limits import limiter

DAYS = (1, 7, 30)
"""How long an access code may be used; the coordinator chooses."""


@blueprint.get("/acces")
@signed_in
def claim() -> str:
    """Ask for an access code."""
    return render_template("people/claim.html", errors={}, code="")


@blueprint.post("/acces")
@signed_in
@limiter.limit("10 per minute; 40 per hour")
def take_role() -> Response | tuple[str, int]:
    """Take the role of a code."""
    code = request.form.get("code", "")
    try:
        grant = service.claim(db(), viewer().person_id, code)
    except ClaimRefused as refused:
        errors = {"code": refused.sentence()}
        return render_template("people/claim.html", errors=errors, code=code), refused.status
    flash(_("Votre accès est ouvert : %(role)s.", role=ROLES[Role(grant.role)]), "success")
    return redirect(url_for("web.index"), 303)


@blueprint.get("/coordination/acces")
@coordinator
def grants() -> str:
    """List who may do what, and the people found by name."""
    return _grants_page()


@blueprint.post("/coordination/acces")
@coordinator
def give() -> Response | tuple[str, int]:
    """Give a role to a person who was found."""
    person = service.find_person(db(), request.form.get("person", ""))
    try:
        role, partner_id = _role_and_partner()
        service.grant_role(
            db(),
            actor_id=viewer().person_id,
            person_id=person.id,
            role=role,
            partner_id=partner_id,
        )
    except PartnerNeeded as refused:
        return _grants_page(errors={"partner": refused.sentence()}), refused.status
    flash(_("Accès donné à %(name)s.", name=person.full_name), "success")
    return redirect(url_for("people.grants"), 303)


@blueprint.post("/coordination/acces/<int:grant_id>/retirer")
@coordinator
def revoke(grant_id: int) -> Response | tuple[str, int]:
    """Withdraw a role, with a reason."""
    reason = request.form.get("reason", "")
    try:
        service.revoke_grant(db(), actor_id=viewer().person_id, grant_id=grant_id, reason=reason)
    except ReasonNeeded as refused:
        return _grants_page(refused_grant=grant_id, refusal=refused), refused.status
    flash(_("Accès retiré. Il se ferme dès la prochaine page de la personne."), "success")
    return redirect(url_for("people.grants"), 303)


@blueprint.post("/coordination/acces/codes")
@coordinator
def create_code() -> str | tuple[str, int]:
    """Make an access code and show it, this once."""
    days = request.form.get("days", type=int)
    if days not in DAYS:
        raise InvalidInput("days of a claim link")
    try:
        role, partner_id = _role_and_partner()
        code = service.create_claim_link(
            db(),
            actor_id=viewer().person_id,
            role=role,
            partner_id=partner_id,
            ttl=timedelta(days=days),
        )
    except PartnerNeeded as refused:
        return _grants_page(errors={"code_partner": refused.sentence()}), refused.status
    return render_template("people/code.html", code=code, role=role, days=days)


@blueprint.post("/coordination/acces/codes/<int:link_id>/annuler")
@coordinator
def withdraw_code(link_id: int) -> Response:
    """End an access code that nobody has used."""
    service.withdraw_claim_link(db(), actor_id=viewer().person_id, link_id=link_id)
    flash(_("Code annulé : il n’ouvre plus rien."), "success")
    return redirect(url_for("people.grants"), 303)


def _grants_page(
    errors: dict[str, str] | None = None,
    refused_grant: int | None = None,
    refusal: LtiToolError | None = None,
) -> str:
    words = request.values.get("q", "").strip()
    return render_template(
        "people/grants.html",
        grants=service.current_grants(db()),
        claims=service.open_claims(db()),
        partners=service.associations(db()),
        words=words,
        found=service.search_people(db(), words) if words else None,
        days=DAYS,
        errors=errors or {},
        refused_grant=refused_grant,
        refusal=refusal.sentence() if refusal else "",
    )


def _role_and_partner() -> tuple[Role, int | None]:
    """Read the fields ``role`` and ``partner`` (Partner.public_id, empty for none)."""
    try:
        role = Role(request.form.get("role", ""))
    except ValueError:
        raise InvalidInput("unknown role") from None
    public_id = request.form.get("partner", "")
    if not public_id:
        return role, None
    known = {partner.public_id: partner.id for partner in service.associations(db())}
    if public_id not in known:
        raise PartnerNeeded("no such association")
    return role, known[public_id]
