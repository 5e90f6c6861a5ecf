"""The blueprint that the pages of the certification hang on, and what every page needs first."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lti_tool.certification.present.criteria import Sees
from lti_tool.certification.service.readings import course_key
from lti_tool.errors import NotFound
from lti_tool.platforms.models import Course
from lti_tool.web.access import viewer
from lti_tool.web.database import db

blueprint = Blueprint("certification", __name__, url_prefix="/cours/<int:course_id>")


def this_course(course_id: int) -> Course:
    """Return the course of the address.

    Raises:
        NotFound: there is none.
    """
    course = db().get(Course, course_id)
    if course is None:
        raise NotFound("course")
    return course


def values_seen() -> Sees:
    """Return which courses' values the viewer may see: those they teach; every one for coordinators.

    A course is named by its site and its key, since two sites may use the same key (N3). A key that
    a course taught by others bears too, as when Moodle gave an idnumber to another course since, is
    nobody's.
    """
    person = viewer()
    taught = [number for number, role in person.courses.items() if role == "trainer"]
    rows = db().scalars(
        select(Course).where(Course.id.in_(taught)).options(joinedload(Course.site))
    )
    mine = {(course.site.base_url, course_key(course)): course for course in rows}
    same = select(Course).where(
        Course.idnumber.in_({course.idnumber for course in mine.values() if course.idnumber}),
        Course.id.not_in(taught),
    )
    others = {(course.site.base_url, course_key(course)) for course in db().scalars(same)}
    known = mine.keys() - others
    keys = {key for _site, key in known}
    return lambda site, course: (
        person.is_coordinator or (course in keys if site is None else (site, course) in known)
    )
