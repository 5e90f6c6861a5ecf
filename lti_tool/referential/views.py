"""Pages of the coordination about the mapping: the grid, the suggestions, one course."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool import clock
from lti_tool.errors import InvalidInput, LtiToolError
from lti_tool.referential import wording
from lti_tool.referential.course_file import course_file
from lti_tool.referential.coverage import coverage
from lti_tool.referential.errors import MappingReasonNeeded, TargetRefused
from lti_tool.referential.models import MappingKind
from lti_tool.referential.proposing import confirm_proposals, open_proposals
from lti_tool.referential.service import all_domains, end_mapping, find_target, map_course
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db

blueprint = Blueprint("referential", __name__, url_prefix="/coordination/cartographie")


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {
        "domain_name": wording.domain_name,
        "reason_words": wording.reason_words,
        "kinds": wording.KINDS,
        "kind_hints": wording.KIND_HINTS,
        "kind_letters": wording.KIND_LETTERS,
    }


@blueprint.get("")
@coordinator
def grid() -> str:
    """Show the 15 domains against the courses, and the holes."""
    return render_template(
        "referential/grid.html",
        grid=coverage(db(), clock.now()),
        proposals=len(open_proposals(db())),
    )


@blueprint.get("/suggestions")
@coordinator
def suggestions() -> str:
    """List what the tool suggests, with its reasons."""
    return render_template("referential/suggestions.html", proposals=open_proposals(db()))


@blueprint.post("/suggestions")
@coordinator
def confirm() -> Response:
    """Confirm one suggestion (field ``only``) or those that are ticked (fields ``pick``)."""
    only = request.form.get("only")
    keys = [only] if only else request.form.getlist("pick")
    if not keys:
        flash(_("Cochez au moins une suggestion, puis confirmez. Rien n’a été modifié."), "warning")
        return redirect(url_for("referential.suggestions"), 303)
    lines = confirm_proposals(
        db(),
        actor_id=viewer().person_id,
        keys=keys,
        word=wording.confirmed_reason,
        kind=_kind(MappingKind.REQUIRED),
    )
    flash(
        ngettext("Une correspondance ajoutée.", "%(num)s correspondances ajoutées.", len(lines)),
        "success",
    )
    if request.form.get("back") == "course":
        return _to_course(lines[0].course_id)
    return redirect(url_for("referential.suggestions"), 303)


@blueprint.get("/cours/<int:number>")
@coordinator
def course(number: int) -> str:
    """Show what one course counts for, and counted for."""
    return _course_page(number)


@blueprint.post("/cours/<int:number>")
@coordinator
def add(number: int) -> Response | tuple[str, int]:
    """Make the course count for a domain."""
    found = course_file(db(), number).course
    try:
        domain, subtheme = find_target(db(), request.form.get("target", ""))
    except TargetRefused as refused:
        return _course_page(number, errors={"target": refused.sentence()}), refused.status
    map_course(
        db(),
        actor_id=viewer().person_id,
        course=found,
        domain=domain,
        subtheme=subtheme,
        kind=_kind(),
        reason=request.form.get("reason", ""),
    )
    flash(_("Correspondance enregistrée ; elle compte à partir de maintenant."), "success")
    return _to_course(number)


@blueprint.post("/cours/<int:number>/lignes/<int:line_id>/terminer")
@coordinator
def end(number: int, line_id: int) -> Response | tuple[str, int]:
    """Make the course no longer count, with a reason."""
    reason = request.form.get("reason", "")
    try:
        end_mapping(
            db(),
            actor_id=viewer().person_id,
            mapping_id=line_id,
            reason=reason,
            course_id=number,
        )
    except MappingReasonNeeded as refused:
        return _course_page(number, refused_line=line_id, refusal=refused), refused.status
    flash(_("Correspondance terminée ; l’historique la conserve."), "success")
    return _to_course(number)


def _course_page(
    number: int,
    errors: dict[str, str] | None = None,
    refused_line: int | None = None,
    refusal: LtiToolError | None = None,
) -> str:
    return render_template(
        "referential/course.html",
        file=course_file(db(), number),
        proposals=open_proposals(db(), number),
        targets=[
            (target, wording.domain_name(domain, subtheme))
            for domain in all_domains(db())
            for target, subtheme in (
                (domain.code, None),
                *((f"{domain.code}:{one.code}", one) for one in domain.subthemes),
            )
        ],
        kind_options=[
            (kind, word, wording.KIND_HINTS[kind]) for kind, word in wording.KINDS.items()
        ],
        values=request.form,
        errors=errors or {},
        refused_line=refused_line,
        refusal=refusal.sentence() if refusal else "",
    )


def _to_course(number: int) -> Response:
    return redirect(url_for("referential.course", number=number), 303)


def _kind(default: MappingKind | None = None) -> MappingKind:
    """Read the field ``kind``."""
    try:
        return MappingKind(request.form.get("kind", default or ""))
    except ValueError:
        raise InvalidInput("unknown kind of mapping") from None
