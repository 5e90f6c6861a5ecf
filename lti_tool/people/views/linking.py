"""« Relier un autre compte »: the code, the request, and the answer from the other side."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.errors import Conflict, LtiToolError
from lti_tool.people.errors import LaunchAgain, LinkRefused
from lti_tool.people.service.linking import (
    ANSWER_LIFE,
    accept_link,
    give_back,
    give_code,
    open_code,
    refuse_link,
    waiting_links,
    withdraw_code,
)
from lti_tool.people.views.blueprint import blueprint
from lti_tool.web.access import signed_in, viewer
from lti_tool.web.database import db
from lti_tool.web.limits import limiter


@blueprint.get("/mes-donnees/relier")
@signed_in
def linking() -> str:
    """Show what waits, and both ways to begin."""
    return _page()


@blueprint.post("/mes-donnees/relier/code")
@limiter.limit("20 per hour")
@signed_in
def make_link_code() -> str | tuple[str, int]:
    """Make a code, in place of one that waits, and show it this once."""
    try:
        return _page(code=give_code(db(), session_id=viewer().session_id))
    except LaunchAgain as refused:
        return _page(refusal=refused), refused.status


@blueprint.post("/mes-donnees/relier/code/annuler")
@signed_in
def cancel_link_code() -> Response:
    """End the code that waits."""
    withdraw_code(db(), viewer().person_id)
    flash(_("Le code est annulé : il ne relie plus rien."), "success")
    return redirect(url_for("people.linking"), 303)


@blueprint.post("/mes-donnees/relier/demande")
@limiter.limit("10 per hour", key_func=lambda: f"link-{viewer().person_id}")
@signed_in
def ask_link() -> Response | tuple[str, int]:
    """Give a code back: the other account must then accept."""
    try:
        give_back(db(), request.form.get("code", ""), session_id=viewer().session_id)
    except (LinkRefused, Conflict) as refused:
        return _page(refusal=refused), refused.status
    flash(_("Votre demande est faite. Acceptez-la maintenant depuis l’autre compte."), "success")
    return redirect(url_for("people.linking"), 303)


@blueprint.post("/mes-donnees/relier/<int:link_id>/accepter")
@signed_in
def accept(link_id: int) -> Response | tuple[str, int]:
    """Accept what the other account asks: both become one person's."""
    person = viewer()
    try:
        linked = accept_link(
            db(), link_id, person_id=person.person_id, session_id=person.session_id
        )
    except Conflict as refused:
        return _page(refusal=refused), refused.status
    if not linked:
        flash(_("C’est noté. La coordination doit encore choisir une certification."), "success")
        return redirect(url_for("people.linking"), 303)
    flash(_("Vos deux comptes sont reliés : ils montrent désormais le même parcours."), "success")
    return redirect(url_for("people.my_data"), 303)


@blueprint.post("/mes-donnees/relier/<int:link_id>/refuser")
@signed_in
def refuse(link_id: int) -> Response:
    """Refuse what the other account asks, or take one's own request back."""
    refuse_link(db(), link_id, person_id=viewer().person_id)
    flash(_("La demande est annulée. Aucun compte n’a été relié."), "success")
    return redirect(url_for("people.linking"), 303)


def _page(code: str = "", refusal: LtiToolError | None = None) -> str:
    person_id = viewer().person_id
    db().rollback()
    typed_wrong = isinstance(refusal, LinkRefused)
    return render_template(
        "people/linking.html",
        waiting=waiting_links(db(), person_id),
        person_id=person_id,
        code=code,
        answer_life=ANSWER_LIFE,
        asked=open_code(db(), person_id),
        conflict=None if typed_wrong else refusal,
        typed=request.form.get("code", ""),
        errors={"code": refusal.sentence()} if refusal and typed_wrong else {},
    )
