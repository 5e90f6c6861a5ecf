"""« Mon parcours »: where the learner stands over the 15 domains, why, and what to do next."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool import clock
from lti_tool.certification.present.drift import told_view
from lti_tool.certification.present.path import (
    TO_GIVE,
    TO_MEND,
    DomainView,
    domain_view,
    first_open,
    wheel,
)
from lti_tool.certification.present.ratings import rating_views
from lti_tool.certification.service.certificates import certificates_of
from lti_tool.certification.service.drift_reviews import told_reviews
from lti_tool.certification.service.evaluation import targets_of_course
from lti_tool.certification.service.roster import awards_of_person, standings, targets_elsewhere
from lti_tool.certification.views.blueprint import blueprint, this_course
from lti_tool.grades.competencies.ratings import ratings_of
from lti_tool.grades.watching.freshness import known_of_person
from lti_tool.people.service import has_answered_notice
from lti_tool.referential.service import all_domains
from lti_tool.web.access import learner_of_course, viewer
from lti_tool.web.database import db


@blueprint.get("/parcours")
@learner_of_course
def path(course_id: int) -> str | Response:
    """Show the learner's path; a first opening leads to the notice and its choices."""
    person_id = viewer().person_id
    if not has_answered_notice(db(), person_id):
        back = url_for("certification.path", course_id=course_id)
        return redirect(url_for("people.welcome", next=back))
    return path_page(course_id)


def path_page(course_id: int, errors: dict[str, str] | None = None) -> str:
    """Return the page of the learner's path.

    Args:
        course_id: Course.id.
        errors: what is to be corrected in an answer to an « écart », by field.
    """
    person_id = viewer().person_id
    here = targets_of_course(db(), course_id)
    elsewhere = targets_elsewhere(db(), person_id, here, course_id)
    known = standings(db(), [*here, *elsewhere], [person_id])[person_id]
    awards = awards_of_person(db(), person_id)
    views = [domain_view(one) for one in known]
    urls = {view.number: f"#domaine-{view.number}" for view in views[: len(here)]}
    return render_template(
        "certification/path.html",
        course=this_course(course_id),
        domains=views[: len(here)],
        sectors=wheel(all_domains(db()), views, awards, urls),
        certificates=certificates_of(db(), person_id),
        ratings=rating_views(ratings_of(db(), course_id, [person_id]).get(person_id, ())),
        known=known_of_person(db(), this_course(course_id), person_id),
        next=_next(views[: len(here)], course_id),
        told=[told_view(one, clock.now()) for one in told_reviews(db(), person_id)],
        values=request.form,
        errors=errors or {},
    )


def _next(views: list[DomainView], course_id: int) -> tuple[str, str, str]:
    """Return what to do now: a sentence, the kind of page that helps (``give``, ``mend``), its address."""
    found = first_open(views)
    if found is None:
        return "", "", ""
    if found.why in TO_GIVE:
        return found.next, "give", url_for("certification.new_evidence", course_id=course_id)
    if found.why in TO_MEND:
        return found.next, "mend", url_for("certification.my_evidence", course_id=course_id)
    return found.next, "", ""
