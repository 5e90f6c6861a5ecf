"""What cohorts propose for one association: read, accepted, dismissed with a reason, taken up again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.errors import InvalidInput, LtiToolError
from lti_tool.partners import deciding, wording
from lti_tool.partners.errors import DismissalReasonNeeded, NothingChosen
from lti_tool.partners.models import Partner
from lti_tool.partners.proposals import waiting_lists
from lti_tool.partners.proposing import ProposalKind
from lti_tool.partners.service import find_partner
from lti_tool.partners.views.blueprint import blueprint
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db


@blueprint.get("/<partner_id>/propositions")
@coordinator
def proposals(partner_id: str) -> str:
    """List what cohorts propose for the association, by cohort."""
    return _page(find_partner(db(), partner_id))


@blueprint.post("/<partner_id>/propositions")
@coordinator
def accept(partner_id: str) -> Response | tuple[str, int]:
    """Accept the people ticked (``proposal``), or the whole list as it was seen (``whole``)."""
    partner = find_partner(db(), partner_id)
    try:
        done = deciding.accept_proposals(
            db(),
            actor_id=viewer().person_id,
            partner=partner,
            ids=_chosen(partner),
            keep_former="keep" in request.form,
        )
    except NothingChosen as refused:
        return _page(partner, refused), refused.status
    flash(_outcome(done), "success")
    return _to_proposals(partner)


@blueprint.post("/<partner_id>/propositions/ecarter")
@coordinator
def dismiss(partner_id: str) -> Response | tuple[str, int]:
    """Set the people ticked aside (``proposal``), with a ``reason``."""
    partner = find_partner(db(), partner_id)
    try:
        count = deciding.dismiss_proposals(
            db(),
            actor_id=viewer().person_id,
            partner=partner,
            ids=_chosen(partner),
            reason=request.form.get("reason", ""),
        )
    except (NothingChosen, DismissalReasonNeeded) as refused:
        return _page(partner, refused), refused.status
    flash(
        ngettext("%(num)s proposition écartée.", "%(num)s propositions écartées.", count), "success"
    )
    return _to_proposals(partner)


@blueprint.post("/<partner_id>/propositions/reprendre")
@coordinator
def reopen(partner_id: str) -> Response | tuple[str, int]:
    """Take up again what had been set aside (``proposal``)."""
    partner = find_partner(db(), partner_id)
    try:
        deciding.reopen_proposals(
            db(), actor_id=viewer().person_id, partner=partner, ids=_chosen(partner)
        )
    except NothingChosen as refused:
        return _page(partner, refused), refused.status
    return _to_proposals(partner)


def _page(partner: Partner, refused: LtiToolError | None = None) -> str:
    return render_template(
        "partners/proposals.html",
        partner=partner,
        lists=waiting_lists(db(), partner.id),
        dismissed=waiting_lists(db(), partner.id, dismissed=True),
        titles=wording.PROPOSALS,
        effects=wording.EFFECTS,
        ticked=set(request.form.getlist("proposal", type=int)),
        of_list=(request.form.get("link", 0, type=int), request.form.get("kind", "")),
        reason=request.form.get("reason", ""),
        refusal=refused.sentence() if refused else "",
    )


def _to_proposals(partner: Partner) -> Response:
    return redirect(url_for("partners.proposals", partner_id=partner.public_id), 303)


def _chosen(partner: Partner) -> list[int]:
    """Return the proposals that the form names.

    Raises:
        NothingChosen: it names none.
    """
    if "whole" not in request.form:
        ids = request.form.getlist("proposal", type=int)
        if not ids:
            raise NothingChosen
        return ids
    try:
        kind = ProposalKind(request.form.get("kind", ""))
    except ValueError:
        raise InvalidInput("unknown kind of proposal") from None
    return deciding.proposals_seen(
        db(),
        partner_id=partner.id,
        link_id=request.form.get("link", 0, type=int),
        kind=kind,
        seen=request.form.get("seen", 0, type=int),
    )


def _outcome(done: deciding.Decided) -> str:
    told = []
    if done.begun:
        told.append(
            ngettext(
                "%(num)s personne appartient désormais à l’association.",
                "%(num)s personnes appartiennent désormais à l’association.",
                done.begun,
            )
        )
    if done.ended:
        told.append(
            ngettext(
                "%(num)s affiliation prend fin aujourd’hui.",
                "%(num)s affiliations prennent fin aujourd’hui.",
                done.ended,
            )
        )
    if done.overtaken or not told:
        told.append(_("Ce qui avait déjà été décidé, ou n’était plus vrai, a été laissé tel quel."))
    return " ".join(told)
