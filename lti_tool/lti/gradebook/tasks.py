"""Background work of the gradebook."""

from __future__ import annotations

from lti_tool.jobs import JobContext, JobError, task
from lti_tool.lti.gradebook.publishing import Publication
from lti_tool.lti.gradebook.service import PUBLISH
from lti_tool.lti.services.errors import ServiceFailed


@task(PUBLISH)
def publish_scores(context: JobContext, line_item_id: int) -> dict[str, object]:
    """Send to a column of the platform's gradebook the scores that wait."""
    publication = Publication(context.sessions, line_item_id, progress=context.progress)
    try:
        done = publication.run()
    except ServiceFailed as error:
        raise JobError(error.code, error.detail, retryable=error.retryable) from error
    return {"sent": done.sent, "refused": done.refused}
