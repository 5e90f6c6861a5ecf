"""Background work of the certification."""

from __future__ import annotations

from lti_tool.certification.service.drift import note_drift
from lti_tool.certification.service.evaluation import propose_in_course
from lti_tool.jobs import JobContext, task
from lti_tool.lti.gradebook.service import ask_for_publication


@task("certification.evaluate_course")
def evaluate_course(context: JobContext, course_id: int) -> dict[str, object]:
    """Evaluate the learners of a course, propose those who satisfy its rules, note what drifted."""
    with context.sessions() as session:
        proposed = propose_in_course(session, course_id)
        reviews = note_drift(session, course_id)
        ask_for_publication(session, [course_id])
        session.commit()
    return {"proposed": proposed, "reviews": reviews}
