"""« Comptes à réunir »: two accounts of one person, each with a certification of one domain."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.certification.errors import AwardNotChosen, ReasonMissing, ReasonTooLong
from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.present.targets import target_label
from lti_tool.certification.service.settling import decline, links_to_settle, settle
from lti_tool.people.models import Account
from lti_tool.reports.views.blueprint import blueprint
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db
from lti_tool.web.formatting import format_day


@blueprint.get("/coordination/comptes")
@coordinator
def accounts_to_settle() -> str:
    """List the accounts that wait for the coordination to say which certification stays."""
    return _page()


@blueprint.post("/coordination/comptes/<int:link_id>/reunir")
@coordinator
def settle_accounts(link_id: int) -> Response | tuple[str, int]:
    """Keep the chosen certifications and link the accounts."""
    try:
        settle(
            db(),
            link_id,
            actor_id=viewer().person_id,
            kept={value for name, value in request.form.items() if name.startswith("garder-")},
            reason=request.form.get("reason", ""),
        )
    except AwardNotChosen as refused:
        return _page(link_id, {"choice": refused.sentence()}), refused.status
    except (ReasonMissing, ReasonTooLong) as refused:
        return _page(link_id, {"reason": refused.sentence()}), refused.status
    flash(_("Les deux comptes sont réunis. Rien n’a été effacé."), "success")
    return redirect(url_for("reports.accounts_to_settle"), 303)


@blueprint.post("/coordination/comptes/<int:link_id>/laisser")
@coordinator
def leave_accounts_apart(link_id: int) -> Response | tuple[str, int]:
    """Leave the two accounts apart."""
    reason = request.form.get("reason", "")
    try:
        decline(db(), link_id, actor_id=viewer().person_id, reason=reason)
    except (ReasonMissing, ReasonTooLong) as refused:
        return _page(link_id, {"apart": refused.sentence()}), refused.status
    flash(_("La demande est close : les deux comptes restent séparés."), "success")
    return redirect(url_for("reports.accounts_to_settle"), 303)


def _page(refused_link: int | None = None, errors: dict[str, str] | None = None) -> str:
    db().rollback()
    return render_template(
        "reports/accounts_to_settle.html",
        held=links_to_settle(db()),
        target_label=target_label,
        option=_option,
        refused_link=refused_link,
        errors=errors or {},
        values=request.form,
    )


def _option(award: Award, account: Account) -> tuple[str, str, str]:
    """Return the choice of one award: value, label, note."""
    place = f"{account.full_name} · {account.site.name}"
    if award.state == AwardState.PROPOSED:
        return award.public_id, _("Proposée le %(day)s", day=format_day(award.proposed_at)), place
    day = format_day(award.issued_on)
    if award.state == AwardState.SUSPENDED:
        return award.public_id, _("Délivrée le %(day)s, en cours de vérification", day=day), place
    return award.public_id, _("Délivrée le %(day)s", day=day), place
