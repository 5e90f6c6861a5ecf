"""Background work: the ``job`` row is the truth, Huey is the bell that wakes a worker.

A service adds a job in its own transaction (``enqueue``); once that is committed the engine is
rung; a worker claims the row for a lease, runs its task, and writes the end. A sweep rings again
what a dead worker left. Tasks take identifiers, may run twice, and do no harm when they do.
"""

from lti_tool.jobs.models import Job, JobState
from lti_tool.jobs.service import enqueue, find_job
from lti_tool.jobs.tasks import JobContext, JobError, task

__all__ = ["Job", "JobContext", "JobError", "JobState", "enqueue", "find_job", "task"]
