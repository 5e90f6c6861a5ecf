"""What reading a course whole costs Moodle, as far as it is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from statistics import fmean

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.grades.models import EnrolledAs, Enrolment, EnrolmentState, ReadingCost
from lti_tool.grades.rules.plan import Costs, Measure

LEARNER_SECONDS = Costs().whole
"""Of a whole gradebook, for each learner (measured on Moodle 4.5)."""
ALONE_SECONDS = Costs().single
"""Of one learner read alone."""
COURSE_SECONDS = 0.5
"""What a reading costs whoever is in the course."""


def whole_reading_seconds(session: Session, course_ids: Collection[int]) -> Mapping[int, float]:
    """Return what a whole reading of each course costs Moodle, in seconds: as measured there, else on
    the others, else as on any Moodle."""
    counted = session.execute(
        select(Enrolment.course_id, func.count())
        .where(
            Enrolment.course_id.in_(course_ids),
            Enrolment.role == EnrolledAs.LEARNER,
            Enrolment.state == EnrolmentState.ACTIVE,
        )
        .group_by(Enrolment.course_id)
    )
    learners = {row[0]: row[1] for row in counted}
    measured = session.execute(
        select(ReadingCost.course_id, ReadingCost.seconds).where(
            ReadingCost.course_id.in_(course_ids), ReadingCost.measure == Measure.WHOLE
        )
    )
    own = {row[0]: row[1] for row in measured}
    usual = fmean(own.values()) if own else LEARNER_SECONDS
    return {
        course_id: COURSE_SECONDS + own.get(course_id, usual) * learners.get(course_id, 0)
        for course_id in course_ids
    }
