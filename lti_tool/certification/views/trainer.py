"""« Ce cours »: what the course counts for, how fresh its grades are, where each learner stands."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from lti_tool.certification.present.course import (
    LearnerFilter,
    LearnerTable,
    freshness_view,
    learner_row,
    matches,
    slice_of,
)
from lti_tool.certification.present.roster import roster_view
from lti_tool.certification.present.targets import target_view
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.service.awards import count_proposals
from lti_tool.certification.service.cohorts import cohort_choice
from lti_tool.certification.service.drift_reviews import count_open
from lti_tool.certification.service.evaluation import Target, targets_of_course
from lti_tool.certification.service.evidence import count_to_review
from lti_tool.certification.service.pulls import freshness, pull_job
from lti_tool.certification.service.roster import learners, standings
from lti_tool.certification.views.blueprint import blueprint, this_course, values_seen
from lti_tool.grades.competencies.ratings import ratings_of
from lti_tool.grades.groups import groups_of_people
from lti_tool.grades.watching.freshness import known_of_course
from lti_tool.jobs import Job
from lti_tool.lti.gradebook.service import is_offered, publishings
from lti_tool.web.access import trainer_of_course, viewer
from lti_tool.web.badges import word
from lti_tool.web.database import db


@blueprint.get("/formation")
@trainer_of_course
def course(course_id: int) -> str:
    """Show the course to its trainers."""
    here = this_course(course_id)
    targets = targets_of_course(db(), course_id)
    asked = LearnerFilter.read(request.args)
    cohorts = cohort_choice(db(), here, viewer().person_id, asked.group)
    return render_template(
        "certification/course.html",
        course=here,
        targets=[target_view(target) for target in targets],
        freshness=freshness_view(freshness(db(), here)),
        table=_table(course_id, targets, asked, cohorts.people),
        known=known_of_course(db(), course_id),
        asked=asked,
        cohorts=cohorts,
        status_options=[(status.value, word("status", status.value)) for status in Status],
        pages_url=_pages_url(course_id, asked),
        to_review=count_to_review(db(), course_id),
        to_decide=count_proposals(db(), course_id),
        to_examine=count_open(db(), course_id),
        roster=roster_view(db(), course_id, request.args.get("liste", ""), _may_follow),
        gradebook_offered=is_offered(db(), course_id),
        publishings=publishings(db(), course_id),
        **_job(course_id),
    )


def _table(
    course_id: int, targets: list[Target], asked: LearnerFilter, within: frozenset[int] | None
) -> LearnerTable:
    found = learners(db(), course_id, asked.words)
    if within is not None:
        found = [one for one in found if one.person_id in within]
    sees = values_seen()
    if asked.status is not None:
        known = standings(db(), targets, [one.person_id for one in found])
        found = [one for one in found if matches(known[one.person_id], asked.status)]
    shown, page, pages = slice_of(found, asked.page)
    if asked.status is None:
        known = standings(db(), targets, [one.person_id for one in shown])
    people = [one.person_id for one in shown]
    groups = groups_of_people(db(), [course_id], people)
    ratings = ratings_of(db(), course_id, people)
    rows = tuple(
        learner_row(
            one,
            known[one.person_id],
            sees,
            groups.get((course_id, one.person_id), ()),
            ratings.get(one.person_id, ()),
        )
        for one in shown
    )
    return LearnerTable(rows, len(found), page, pages)


def _pages_url(course_id: int, asked: LearnerFilter) -> str:
    return url_for(
        "certification.course",
        course_id=course_id,
        nom=asked.words or None,
        statut=asked.status,
        groupe=asked.group or None,
        page="PAGE",
        _anchor="apprenants",
    )


def _job(course_id: int) -> dict[str, Any]:
    """Return the reading to show, and where its progress is told to whoever asked for it."""
    job = pull_job(db(), course_id, request.args.get("job", ""))
    return {"job": job, "job_url": _may_follow(job)}


def _may_follow(job: Job | None) -> str:
    """Return where the progress of a job is told, for whoever asked for it; else an empty text."""
    own = job is not None and (job.asked_by == viewer().person_id or viewer().is_coordinator)
    return url_for("jobs.progress", public_id=job.public_id) if job and own else ""
