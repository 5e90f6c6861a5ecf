"""Background work of the certification."""

from __future__ import annotations

from dataclasses import asdict

from lti_tool.certification.service import rounds
from lti_tool.jobs import JobContext, task


@task("certification.evaluate_course")
def evaluate_course(context: JobContext, course_id: int) -> dict[str, object]:
    """Evaluate the learners of a course, propose those who satisfy its rules, note what drifted."""
    with context.sessions() as session:
        return asdict(rounds.evaluate_course(session, course_id))
