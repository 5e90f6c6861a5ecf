"""My courses, a course with the tool inside, and the pages around a launch."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool.demo.moodle.courses import Course
from lti_tool.demo.moodle.people import COURSE_VIEW, GRADE_EDIT, MANAGE_ACTIVITIES, Person
from lti_tool.demo.moodle.runtime import current_person, moodle
from lti_tool.demo.moodle.world import SITE_COURSE

blueprint = Blueprint("courses", __name__)


@blueprint.get("/my/courses.php")
def mine() -> str | Response:
    """List the courses of the person."""
    site, person = moodle(), current_person()
    if person is None:
        return redirect(url_for("home.front_page"))
    names = {category.id: category.name for category in site.world.categories}
    return render_template("demo/courses.html", courses=_open_to(person), categories=names)


@blueprint.get("/course/view.php")
def view() -> str | Response:
    """Show a course and the tool in it."""
    site = moodle()
    opened = open_course()
    if isinstance(opened, Response):
        return opened
    course, person = opened
    activities = [activity for activity in site.world.activities_of(course.id) if activity.visible]
    return render_template(
        "demo/course.html",
        course=course,
        activities=[one for one in activities if one.modname != "lti"],
        tools=[one for one in activities if one.modname == "lti"],
        teachers=site.world.teachers(course.id),
        **rights(person, course),
    )


@blueprint.get("/mod/lti/view.php")
def activity() -> str | Response:
    """Show one tool activity, embedded."""
    site = moodle()
    found = site.world.activity(request.args.get("id", 0, int))
    if found is None or found.modname != "lti":
        abort(404, "Cette activité n’existe pas.")
    opened = open_course(found.course)
    if isinstance(opened, Response):
        return opened
    course, person = opened
    return render_template(
        "demo/activity.html", course=course, tool=found, **rights(person, course)
    )


@blueprint.get("/course/modedit.php")
def add_activity() -> str | Response:
    """Choose an activity of the tool: its own page, in a frame (deep linking)."""
    opened = open_course(request.args.get("course", 0, int))
    if isinstance(opened, Response):
        return opened
    course, person = opened
    if MANAGE_ACTIVITIES not in moodle().capabilities(person, course.id):
        abort(404, "Sorry, but you do not currently have permissions to do that.")
    return render_template("demo/add_activity.html", course=course, **rights(person, course))


@blueprint.get("/enrol/index.php")
def enrol() -> str:
    """Say that the course is closed to this person."""
    course = moodle().world.courses.get(request.args.get("id", 0, int))
    if course is None:
        abort(404, "Ce cours n’existe pas.")
    return render_template("demo/enrol.html", course=course)


@blueprint.get("/mod/lti/return.php")
def back() -> str:
    """Leave the tool's frame for the course (LTI ``return_url``)."""
    course = moodle().world.courses.get(request.args.get("course", 0, int))
    if course is None:
        abort(404, "Ce cours n’existe pas.")
    message = request.args.get("lti_errormsg") or request.args.get("lti_msg") or ""
    return render_template("demo/return.html", course=course, message=message)


def open_course(number: int | None = None) -> tuple[Course, Person] | Response:
    """Return the course asked and who asks, or where to send them instead."""
    site, person = moodle(), current_person()
    if person is None:
        return redirect(url_for("home.front_page"))
    course = site.world.courses.get(number or request.args.get("id", 0, int))
    if course is None or course.id == SITE_COURSE:
        abort(404, "Ce cours n’existe pas.")
    if not site.world.may_enter(person, course, site.now):
        return redirect(url_for("courses.enrol", id=course.id), 303)
    return course, person


def rights(person: Person, course: Course) -> dict[str, bool]:
    """Return what the pages of a course may offer to someone."""
    held = moodle().capabilities(person, course.id)
    enrolment = moodle().world.enrolment(course.id, person.id)
    return {
        "may_grade": GRADE_EDIT in held,
        "may_add": MANAGE_ACTIVITIES in held,
        "has_grades": bool(enrolment and enrolment.role.gradable and course.showgrades),
    }


def _open_to(person: Person) -> list[Course]:
    site = moodle()
    if COURSE_VIEW in site.capabilities(person):
        return [one for one in site.world.courses_of_site() if one.id != SITE_COURSE]
    return [
        course
        for course in site.world.courses_of(person.id, site.now)
        if site.world.may_enter(person, course, site.now)
    ]
