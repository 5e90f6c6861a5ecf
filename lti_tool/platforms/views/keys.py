"""The tool's own keys, as the coordination sees them: never a private part."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.platforms.key_turns import (
    PUBLISHED_AFTER,
    PUBLISHED_BEFORE,
    SIGNS_FOR,
    due_turn,
    list_keys,
    revoke_keys,
    rotate_keys,
)
from lti_tool.platforms.models import KeyState
from lti_tool.platforms.views.blueprint import blueprint
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db


@blueprint.get("/cles")
@coordinator
def keys() -> str:
    """Show the tool's keys, their turns, and what replacing one does."""
    found = list_keys(db())
    return render_template(
        "platforms/keys.html",
        keys=[(key, due_turn(key)) for key in found],
        active=next((key for key in found if key.state == KeyState.ACTIVE), None),
        waiting=next((key for key in found if key.state == KeyState.NEXT), None),
        days={
            "before": PUBLISHED_BEFORE.days,
            "signs": SIGNS_FOR.days,
            "after": PUBLISHED_AFTER.days,
        },
    )


@blueprint.post("/cles/remplacer")
@coordinator
def rotate() -> Response:
    """Replace the key ``replacing``; with ``stolen``, end every former one at once."""
    stolen = request.form.get("stolen") == "1"
    turn = revoke_keys if stolen else rotate_keys
    turn(db(), actor_id=viewer().person_id, replacing=request.form.get("replacing", ""))
    flash(
        _("Une nouvelle clé signe ; les anciennes sont effacées et ne vérifient plus rien.")
        if stolen
        else _("La clé suivante signe désormais ; l’ancienne reste publiée le temps prévu."),
        "success",
    )
    return redirect(url_for("platforms.keys"), 303)
