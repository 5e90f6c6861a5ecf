"""Background work of the gradebook."""

from __future__ import annotations

from lti_tool.jobs import JobContext, JobError, task
from lti_tool.lti.gradebook.publishing import Publication
from lti_tool.lti.gradebook.service import PUBLISH, hand_on
from lti_tool.lti.gradebook.weights import weigher
from lti_tool.lti.services.errors import ServiceFailed


@task(PUBLISH)
def publish_scores(context: JobContext, line_item_id: int) -> dict[str, object]:
    """Send to a column of the platform's gradebook the scores that wait, or hand them on in time."""
    publication = Publication(
        context.sessions,
        line_item_id,
        weigh=weigher(context.sessions, context.settings),
        progress=context.progress,
    )
    try:
        done = publication.run()
    except ServiceFailed as error:
        raise JobError(error.code, error.detail, retryable=error.retryable) from error
    if done.left:
        with context.sessions() as session:
            hand_on(session, line_item_id, context.job_id)
    told = {"sent": done.sent, "refused": done.refused, "left": done.left, "held": done.held}
    return {name: number for name, number in told.items() if number or name in ("sent", "refused")}
