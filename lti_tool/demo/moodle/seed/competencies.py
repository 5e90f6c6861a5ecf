"""The 15 competencies of the framework, each linked to its courses, and who was rated in two of them."""

from __future__ import annotations

import re

from lti_tool.demo.moodle.competencies import Competency, Rated
from lti_tool.demo.moodle.seed import catalogue
from lti_tool.demo.moodle.seed.standings import Standing, learner_id
from lti_tool.demo.moodle.world import World

RATED_IN = ("RMP-ADL-01", "RMP-ADL-04")
DAY = 86_400


def add_competencies(world: World) -> None:
    """Write the framework, and which course works on what."""
    book = world.competencies
    for rank, made in enumerate(catalogue.COURSES):
        found = re.match(r"RMP-ADL-(\d\d)", made.idnumber)
        if found is None:
            continue
        number = int(found[1])
        name = f"C{number:02} {made.fullname}"
        book.competencies.setdefault(number, Competency(number, name, f"RMP-ADL-C{number:02}"))
        book.of_course[catalogue.FIRST_COURSE + rank] = [number]


def rate(world: World, standing: Standing, trainer: int, today: int) -> None:
    """Rate a learner who has a grade in one of the courses where trainers rate."""
    if standing.course not in RATED_IN or standing.percent is None:
        return
    grade = 3 if standing.percent >= 60 else 2 if standing.percent >= 40 else 1
    for competency in world.competencies.of_course[standing.course_number]:
        key = (standing.course_number, learner_id(standing.learner), competency)
        days = standing.finished_days_ago or 5
        world.competencies.ratings[key] = Rated(grade, trainer, today - days * DAY)
