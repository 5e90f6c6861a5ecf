"""What reading each course was measured to cost, kept between readings; nothing is guessed twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.grades.models import ReadingCost
from lti_tool.grades.rules.plan import Costs, Measure, averaged
from lti_tool.platforms.models import Course

LIMIT_KEPT = timedelta(days=30)
"""How long a site is taken to give up where it once did: its administrator may mend that."""


def known_costs(session: Session, course: Course, limit: float, now: datetime) -> Costs:
    """Return what reading a course costs: as measured there, else on its site, else elsewhere.

    Args:
        session: reads alone.
        course: the course.
        limit: seconds that we wait for an answer.
        now: the present moment.
    """
    rows = session.execute(
        select(
            ReadingCost.course_id,
            ReadingCost.measure,
            ReadingCost.seconds,
            ReadingCost.measured_at,
        )
        .join(Course, Course.id == ReadingCost.course_id)
        .where(Course.site_id == course.site_id)
    ).all()
    site: dict[str, list[float]] = defaultdict(list)
    own: dict[str, float] = {}
    for row in rows:
        if row.measure == Measure.LIMIT:
            if row.measured_at >= now - LIMIT_KEPT:
                limit = min(limit, row.seconds)
            continue
        site[row.measure].append(row.seconds)
        if row.course_id == course.id:
            own[row.measure] = row.seconds
    usual = Costs()

    def cost(measure: Measure, otherwise: float) -> float:
        if measure in own:
            return own[measure]
        return fmean(site[measure]) if measure in site else otherwise

    return Costs(
        whole=cost(Measure.WHOLE, usual.whole),
        single=cost(Measure.SINGLE, usual.single),
        limit=limit,
    )


def note_costs(
    session: Session, course_id: int, measures: Iterable[tuple[Measure, float]], at: datetime
) -> None:
    """Keep what a reading was measured to cost. The caller commits."""
    found: dict[Measure, list[float]] = defaultdict(list)
    for measure, seconds in measures:
        found[measure].append(seconds)
    for measure, values in found.items():
        row = session.get(ReadingCost, (course_id, measure))
        if row is None:
            row = ReadingCost(course_id=course_id, measure=measure, seconds=0.0, measured_at=at)
            session.add(row)
            known = None
        else:
            known = row.seconds
        # A limit is where the site last gave up; the rest drifts with its load.
        row.seconds = min(values) if measure is Measure.LIMIT else averaged(known, fmean(values))
        row.measured_at = at
