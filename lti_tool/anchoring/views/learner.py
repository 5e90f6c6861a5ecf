"""The learner's follow-up: where each wave stands, and the form that answers one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.anchoring import wording
from lti_tool.anchoring.errors import AnswerOutOfRange, FollowUpRefused
from lti_tool.anchoring.models import Wave
from lti_tool.anchoring.service.answers import ReportForm, answer_wave
from lti_tool.anchoring.service.cases import own_wave
from lti_tool.anchoring.service.following import followed_cases, followed_wave
from lti_tool.anchoring.views.blueprint import blueprint
from lti_tool.people.models import Purpose
from lti_tool.people.service.consents import consent_given
from lti_tool.platforms.models import Course
from lti_tool.web.access import learner_of_course, viewer
from lti_tool.web.database import db


@blueprint.get("/cours/<int:course_id>/ancrage")
@learner_of_course
def my_cases(course_id: int) -> str:
    """Show the learner's cases, wave by wave, with their level over time."""
    person_id = viewer().person_id
    cases = followed_cases(db(), person_id)
    waiting = [(one, one.to_answer) for one in cases if one.to_answer is not None]
    return render_template(
        "anchoring/my_cases.html",
        course=db().get_one(Course, course_id),
        cases=cases,
        waiting=min(waiting, key=lambda pair: pair[1].wave.closes_on, default=None),
        consent=consent_given(db(), person_id, Purpose.ANCHORING),
        tips=wording.TIPS,
    )


@blueprint.get("/cours/<int:course_id>/ancrage/<public_id>")
@learner_of_course
def report(course_id: int, public_id: str) -> str:
    """Show the questions of one wave, or the answers given."""
    wave = own_wave(db(), public_id, viewer().person_id)
    return _report_page(course_id, wave)


@blueprint.post("/cours/<int:course_id>/ancrage/<public_id>")
@learner_of_course
def send_report(course_id: int, public_id: str) -> Response | tuple[str, int]:
    """Record the answers; with a problem, show them again with what to correct."""
    wave = own_wave(db(), public_id, viewer().person_id)
    form = _read_form()
    try:
        answer = answer_wave(db(), wave, person_id=viewer().person_id, form=form)
    except AnswerOutOfRange as refused:
        errors = {name: wording.PROBLEMS[name] for name in form.problems()}
        return _report_page(course_id, wave, form, errors), refused.status
    except FollowUpRefused as refused:
        # The page itself says why, and where to change it.
        return _report_page(course_id, wave, form), refused.status
    if answer.late:
        flash(_("Votre réponse est conservée. Arrivée hors délai, elle n’est pas comptée."), "info")
    else:
        flash(_("Merci : votre réponse est enregistrée."), "success")
    return redirect(url_for("anchoring.my_cases", course_id=course_id), 303)


def _report_page(
    course_id: int,
    wave: Wave,
    form: ReportForm | None = None,
    errors: dict[str, Any] | None = None,
) -> str:
    return render_template(
        "anchoring/report.html",
        course=db().get_one(Course, course_id),
        wave=wave,
        followed=followed_wave(db(), wave),
        since=wording.asked_since(wave),
        consent=consent_given(db(), wave.case.person_id, Purpose.ANCHORING),
        values=form or ReportForm(None, None, None, None),
        errors=errors or {},
        uses=wording.USES,
        autonomy=wording.AUTONOMY,
        transmission=wording.TRANSMISSION,
    )


def _read_form() -> ReportForm:
    def number(name: str) -> int | None:
        return request.form.get(name, type=int)

    return ReportForm(
        uses=number("uses"),
        distinct_actions=number("distinct_actions"),
        autonomy=number("autonomy"),
        transmission=number("transmission"),
        obstacles=_typed("obstacles"),
    )


def _typed(name: str) -> str:
    """Return a text field as people meant it: one sign a line break, no null character."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()
