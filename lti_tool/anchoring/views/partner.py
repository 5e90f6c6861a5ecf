"""The lead's page: levels to confirm blind, several at once; then what members share."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool import clock
from lti_tool.anchoring import wording
from lti_tool.anchoring.rules.levels import Level
from lti_tool.anchoring.rules.waves import WAVES
from lti_tool.anchoring.service.answers import COMMENT_LENGTH
from lti_tool.anchoring.service.confirming import (
    Answer,
    confirm_together,
    member_cases,
    waves_of_members,
)
from lti_tool.anchoring.service.reading import waves_by_domain, waves_to_confirm
from lti_tool.anchoring.views.blueprint import blueprint
from lti_tool.errors import InvalidInput, LtiToolError
from lti_tool.partners.service import find_partner
from lti_tool.web.access import partner_lead, viewer
from lti_tool.web.database import db

LEVEL, COMMENT = "level-", "comment-"
"""Fields of the form are named by these and the wave's public identifier."""
UNKNOWN = "unknown"
"""The answer « je ne sais pas »."""


@blueprint.get("/association/<partner_id>/ancrage")
@partner_lead
def to_confirm(partner_id: str) -> str:
    """Show the waves to confirm, then the levels that members share."""
    return _page(partner_id, {}, {})


@blueprint.post("/association/<partner_id>/ancrage")
@partner_lead
def confirm(partner_id: str) -> Response | tuple[str, int]:
    """Record the answers of the form; a wave of another association and nothing is recorded."""
    levels, comments = _typed(LEVEL), _typed(COMMENT)
    waves = waves_of_members(db(), viewer().partners[partner_id], sorted({*levels, *comments}))
    errors = _problems(levels, comments)
    if errors:
        return _page(partner_id, errors, {**request.form}), 422
    answers = [
        Answer(wave, _level(levels[wave.public_id]), comments.get(wave.public_id, ""))
        for wave in waves
        if wave.public_id in levels
    ]
    done, refusals = confirm_together(db(), answers, lead_id=viewer().person_id)
    _say(done, refusals)
    return redirect(url_for("anchoring.to_confirm", partner_id=partner_id), 303)


def _page(partner_id: str, errors: dict[str, Any], values: dict[str, str]) -> str:
    partner = find_partner(db(), partner_id)
    today = clock.now().date()
    return render_template(
        "anchoring/to_confirm.html",
        partner=partner,
        waves=waves_to_confirm(db(), partner.id, today, viewer().person_id),
        members=member_cases(db(), partner.id, today),
        domains=waves_by_domain(db(), partner.id, today),
        wave_months=WAVES,
        meanings=wording.MEANINGS,
        integrated=Level.INTEGRATED,
        errors=errors,
        values=values,
    )


def _typed(prefix: str) -> dict[str, str]:
    """Return public identifier of the wave → what was answered; blank fields are left out."""
    return {
        name.removeprefix(prefix): text
        for name, value in request.form.items()
        if name.startswith(prefix)
        and (text := value.replace("\r\n", "\n").replace("\x00", "").strip())
    }


def _problems(levels: dict[str, str], comments: dict[str, str]) -> dict[str, Any]:
    """Return field → sentence, in the order of the form."""
    found: dict[str, Any] = {}
    for wave, comment in comments.items():
        if wave not in levels:
            found[LEVEL + wave] = _("Choisissez un niveau pour enregistrer ce commentaire.")
        if len(comment) > COMMENT_LENGTH:
            found[COMMENT + wave] = _("Ce commentaire dépasse 1 000 caractères.")
    return found


def _level(answer: str) -> int | None:
    if answer == UNKNOWN:
        return None
    if answer not in {str(level.value) for level in Level}:
        raise InvalidInput("unknown level")
    return int(answer)


def _say(done: int, refusals: list[LtiToolError]) -> None:
    if done:
        flash(
            ngettext("Réponse enregistrée.", "%(num)s réponses enregistrées.", done),
            "success",
        )
    for sentence in dict.fromkeys(refusal.sentence() for refusal in refusals):
        flash(sentence, "warning")
    if not done and not refusals:
        flash(_("Aucun niveau n’était choisi : rien n’a été enregistré."), "info")
